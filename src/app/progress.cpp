#include "app/progress.hpp"

#include <unistd.h>

#include <fmt/format.h>

namespace allot::app {

namespace {

constexpr std::chrono::milliseconds between_lines{100};

/// To the front of the line, and empty from there.
constexpr std::string_view empty_line = "\r\033[K";

/// Progress is a courtesy: if the terminal is gone, nobody misses it.
void write_or_ignore(int descriptor, std::string_view text) {
    [[maybe_unused]] const auto written = ::write(descriptor, text.data(), text.size());
}

} // namespace

ProgressLine::ProgressLine(int descriptor)
    : descriptor_(descriptor), is_terminal_(::isatty(descriptor) == 1) {}

ProgressLine::~ProgressLine() {
    erase();
}

void ProgressLine::show(std::string_view doing) {
    if (is_terminal_) {
        doing_ = doing;
        write_line(doing_);
    }
}

void ProgressLine::show(std::string_view doing, std::int64_t done, std::int64_t total,
                        std::string_view what) {
    if (is_terminal_ && (doing != doing_ || Clock::now() >= next_)) {
        doing_ = doing;
        write_line(fmt::format("{}: {} of {} {}", doing, done, total, what));
    }
}

void ProgressLine::erase() {
    if (is_shown_) {
        write_or_ignore(descriptor_, empty_line);
        is_shown_ = false;
    }
}

void ProgressLine::write_line(const std::string& line) {
    write_or_ignore(descriptor_, fmt::format("{}{}", empty_line, line));
    is_shown_ = true;
    next_ = Clock::now() + between_lines;
}

} // namespace allot::app
