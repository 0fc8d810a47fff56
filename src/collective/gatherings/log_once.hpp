/// Trouble that comes again with work that comes again: said in the log once.
#pragma once

#include "platform/log.hpp"

#include <set>
#include <string>
#include <string_view>

namespace allot::gatherings {

/// For one thread, as long as a process.
class LogOnce {
  public:
    explicit LogOnce(Log& log) : log_(log) {}

    /// `about` names no person: the id of a series, or the name of a zone.
    void warn(std::string_view event, std::string_view what, std::string_view about,
              std::string_view why) {
        const bool is_new =
            said_.insert(std::string(event) + "\n" + std::string(about) + "\n" + std::string(why))
                .second;
        if (is_new) {
            log_.write(LogLevel::warning, event, {{what, about}, {"why", why}});
        }
    }

  private:
    Log& log_;
    std::set<std::string> said_;
};

} // namespace allot::gatherings
