/// How far long work has come, for a person who watches.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace allot::app {

/// One line on a terminal that is rewritten and, at the end of its life, erased. Where `descriptor`
/// is no terminal nothing is ever written. One thread.
class ProgressLine {
  public:
    explicit ProgressLine(int descriptor);
    ~ProgressLine();
    ProgressLine(const ProgressLine&) = delete;
    ProgressLine& operator=(const ProgressLine&) = delete;
    ProgressLine(ProgressLine&&) = delete;
    ProgressLine& operator=(ProgressLine&&) = delete;

    /// "reading scores.csv".
    void show(std::string_view doing);
    /// "allotting: 1200 of 15000 asks"; the first at once, then at most ten a second.
    void show(std::string_view doing, std::int64_t done, std::int64_t total, std::string_view what);
    /// Before other words are written to the terminal.
    void erase();

  private:
    using Clock = std::chrono::steady_clock;

    void write_line(const std::string& line);

    int descriptor_;
    bool is_terminal_;
    bool is_shown_ = false;
    std::string doing_;
    Clock::time_point next_;
};

} // namespace allot::app
