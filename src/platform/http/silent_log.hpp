/// A log for tests, which keeps what was written.
#pragma once

#include "platform/log.hpp"

#include <mutex>
#include <string>
#include <string_view>

namespace allot::http {

class EpochClock : public Clock {
  public:
    [[nodiscard]] Moment now() const override { return {}; }
};

struct SilentLog : private EpochClock, public Log {
    SilentLog()
        : Log(static_cast<const EpochClock&>(*this),
              [this](std::string_view line) { keep(line); }) {}

    std::string written; ///< read it when nobody writes any more

  private:
    void keep(std::string_view line) { written += line; }
};

} // namespace allot::http
