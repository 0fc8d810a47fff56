/// What the server says about itself: one JSON object a line. Never bodies, keys of links or
/// sessions, values bound to a statement, or paths of private pages.
#pragma once

#include "base/world.hpp"

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace allot {

enum class LogLevel : std::uint8_t { info, warning, error };

/// Writes whole lines, from any thread. Lines of one process do not mix.
class Log {
  public:
    using Value = std::variant<std::string_view, std::int64_t>;
    using Field = std::pair<std::string_view, Value>;
    using Sink = std::function<void(std::string_view line)>; ///< a line with its line end

    Log(const Clock& clock, Sink sink) : clock_(clock), sink_(std::move(sink)) {}

    /// `{"at":"2027-01-14T17:00:00Z","level":"info","event":"request","ms":3}`
    void write(LogLevel level, std::string_view event, std::initializer_list<Field> fields = {});

  private:
    const Clock& clock_;
    Sink sink_;
    std::mutex mutex_;
};

} // namespace allot
