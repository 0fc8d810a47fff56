/// Bodies that were made once for many requests, such as the calendar of a collective. Nothing
/// depends on them: what is not kept is made again.
#pragma once

#include "base/limits.hpp"
#include "platform/http/message.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

namespace allot::pages {

/// Any thread. Where it would hold more than its limits, what nobody asked for longest goes first.
class KeptBodies {
  public:
    explicit KeptBodies(std::size_t most_bytes = limits::max_kept_bytes,
                        std::size_t most_bodies = limits::max_kept_bodies)
        : most_bytes_(most_bytes), most_bodies_(most_bodies) {}

    /// What was kept under `name`, if it was made from `version`; else null. O(log n).
    [[nodiscard]] std::shared_ptr<const http::Body> find(std::string_view name,
                                                         std::string_view version);
    /// In place of what was kept under `name`. One that is larger than all may be is not kept.
    void keep(const std::string& name, const std::string& version,
              std::shared_ptr<const http::Body> body);

  private:
    struct Kept {
        std::string version;
        std::shared_ptr<const http::Body> body;
        std::size_t bytes = 0;
        std::uint64_t asked = 0; ///< when it was last asked for, in requests
    };
    using ByName = std::map<std::string, Kept, std::less<>>;
    void drop(ByName::iterator one);

    std::size_t most_bytes_;
    std::size_t most_bodies_;
    std::mutex mutex_;
    ByName kept_;
    std::map<std::uint64_t, ByName::iterator> by_age_; ///< by `asked`
    std::size_t bytes_ = 0;
    std::uint64_t now_ = 0;
};

} // namespace allot::pages
