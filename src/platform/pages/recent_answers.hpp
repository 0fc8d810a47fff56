/// Answers of a moment ago that are the same for whoever asks, such as public calendars: many
/// clients ask for the same one at the same minute. Nothing depends on them.
///
/// One is given again while this process has changed nothing and for at most `lasts`, which bounds
/// how long a change of another process stays unseen here. Bodies are held by whoever made them:
/// an answer whose body is gone is gone.
#pragma once

#include "base/world.hpp"
#include "platform/http/message.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace allot::pages {

/// Any thread; nobody waits long.
class RecentAnswers {
  public:
    static constexpr std::chrono::seconds lasts{1};
    static constexpr std::size_t most = 1000; ///< with one more, all are forgotten

    /// When something was looked at, and how many changes this process had made (`Store::changes`).
    struct Look {
        Moment at;
        std::int64_t changes = 0;
    };

    /// The answer to `request`, if one like it was answered and `now` is not too late. O(log n).
    [[nodiscard]] std::optional<http::HttpResponse> find(const http::HttpRequest& request,
                                                         const Look& now);
    /// `asked` is from before anything was read for this response, which has a body that is shared.
    void keep(const http::HttpRequest& request, const http::HttpResponse& response,
              const Look& asked);

  private:
    struct Kept {
        http::HttpResponse response; ///< without its body
        std::weak_ptr<const http::Body> body;
        Look asked;
    };

    std::mutex mutex_;
    std::map<std::string, Kept, std::less<>> kept_;
};

} // namespace allot::pages
