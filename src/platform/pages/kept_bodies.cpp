#include "platform/pages/kept_bodies.hpp"

#include <utility>

namespace allot::pages {

std::shared_ptr<const http::Body> KeptBodies::find(std::string_view name,
                                                   std::string_view version) {
    const std::scoped_lock lock(mutex_);
    const auto found = kept_.find(name);
    if (found == kept_.end() || found->second.version != version) {
        return nullptr;
    }
    by_age_.erase(found->second.asked);
    found->second.asked = ++now_;
    by_age_.emplace(now_, found);
    return found->second.body;
}

void KeptBodies::keep(const std::string& name, const std::string& version,
                      std::shared_ptr<const http::Body> body) {
    const std::size_t bytes =
        name.size() + version.size() + body->plain.size() + body->gzip.size() + body->brotli.size();
    const std::scoped_lock lock(mutex_);
    if (const auto before = kept_.find(name); before != kept_.end()) {
        drop(before);
    }
    if (bytes > most_bytes_) {
        return;
    }
    while (!by_age_.empty() && (bytes_ + bytes > most_bytes_ || kept_.size() >= most_bodies_)) {
        drop(by_age_.begin()->second);
    }
    const auto [at, is_new] = kept_.emplace(name, Kept{version, std::move(body), bytes, ++now_});
    by_age_.emplace(now_, at);
    bytes_ += bytes;
}

void KeptBodies::drop(ByName::iterator one) {
    bytes_ -= one->second.bytes;
    by_age_.erase(one->second.asked);
    kept_.erase(one);
}

} // namespace allot::pages
