#include "collective/gatherings/kept_words.hpp"

namespace allot::gatherings {

namespace {

/// Of a refusal that its writer can do something about; 0: it is none.
[[nodiscard]] unsigned status_of(ErrorKind kind) {
    switch (kind) {
    case ErrorKind::invalid:
        return 422;
    case ErrorKind::missing:
        return 404;
    case ErrorKind::conflict:
        return 409;
    case ErrorKind::too_many:
        return 429;
    case ErrorKind::forbidden:
    case ErrorKind::unavailable:
    case ErrorKind::infeasible:
    case ErrorKind::io:
    case ErrorKind::interrupted:
        break;
    }
    return 0;
}

} // namespace

Result<pages::Answer> or_page_again(const pages::Call& call, Result<pages::Answer> answer,
                                    std::string_view field,
                                    const std::function<Result<pages::Page>()>& again) {
    const unsigned status = answer ? 0 : status_of(answer.error().kind);
    if (status == 0) {
        return answer;
    }
    auto page = again();
    if (!page) {
        return answer;
    }
    page->status = status;
    const std::string why = call.words->say(answer.error().message);
    return pages::Refusal{{{std::string(field), "gatherings.refused", {{"what", why}}}},
                          *std::move(page)};
}

} // namespace allot::gatherings
