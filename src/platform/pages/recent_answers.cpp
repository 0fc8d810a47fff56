#include "platform/pages/recent_answers.hpp"

#include <utility>

namespace allot::pages {

namespace {

/// All that such an answer depends on: links in it begin with how the server was asked for. "" for
/// requests whose answers are not kept.
[[nodiscard]] std::string name_of(const http::HttpRequest& request) {
    if (request.method != http::Method::get || !request.query.empty()) {
        return {};
    }
    return (request.secure ? "https://" : "http://") + request.host + request.path();
}

[[nodiscard]] bool is_fresh(const RecentAnswers::Look& asked, const RecentAnswers::Look& now) {
    using std::chrono::days;
    using std::chrono::floor;
    return asked.changes == now.changes && asked.at <= now.at &&
           now.at - asked.at < RecentAnswers::lasts && floor<days>(asked.at) == floor<days>(now.at);
}

} // namespace

std::optional<http::HttpResponse> RecentAnswers::find(const http::HttpRequest& request,
                                                      const Look& now) {
    const std::string name = name_of(request);
    const std::scoped_lock lock(mutex_);
    const auto found = kept_.find(name);
    if (found == kept_.end() || !is_fresh(found->second.asked, now)) {
        return std::nullopt;
    }
    auto body = found->second.body.lock();
    if (!body) {
        return std::nullopt;
    }
    std::optional<http::HttpResponse> response = found->second.response;
    response->shared = std::move(body);
    return response;
}

void RecentAnswers::keep(const http::HttpRequest& request, const http::HttpResponse& response,
                         const Look& asked) {
    std::string name = name_of(request);
    if (name.empty()) {
        return;
    }
    Kept kept{.response = response, .body = response.shared, .asked = asked};
    kept.response.shared = nullptr;
    const std::scoped_lock lock(mutex_);
    if (kept_.size() >= most && !kept_.contains(name)) {
        kept_.clear();
    }
    kept_.insert_or_assign(std::move(name), std::move(kept));
}

} // namespace allot::pages
