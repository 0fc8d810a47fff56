#include "platform/log.hpp"

#include <string>
#include <thread>
#include <vector>

#include <doctest/doctest.h>

using namespace allot;

namespace {

class FixedClock : public Clock {
  public:
    [[nodiscard]] Moment now() const override {
        return std::chrono::sys_days(std::chrono::year(2027) / 1 / 14) + std::chrono::hours(17);
    }
};

} // namespace

TEST_CASE("a log line is one JSON object") {
    const FixedClock clock;
    std::string written;
    Log log(clock, [&](std::string_view line) { written += line; });
    log.write(LogLevel::info, "request", {{"id", "ab"}, {"ms", 3}});
    CHECK(written == "{\"at\":\"2027-01-14T17:00:00Z\",\"level\":\"info\",\"event\":\"request\","
                     "\"id\":\"ab\",\"ms\":3}\n");
}

TEST_CASE("nothing that is logged leaves its line or its string") {
    const FixedClock clock;
    std::string written;
    Log log(clock, [&](std::string_view line) { written = line; });
    log.write(LogLevel::error, "e", {{"v", "a\n\"b\"\\\x01\x7F\xFF\u2028"}});
    CHECK(written.ends_with("\"v\":\"a\\u000a\\\"b\\\"\\\\\\u0001\\u007f\xEF\xBF\xBD\\u2028\"}\n"));
}

TEST_CASE("lines of several threads do not mix") {
    const FixedClock clock;
    std::vector<std::string> lines;
    Log log(clock, [&](std::string_view line) { lines.emplace_back(line); });
    {
        std::vector<std::jthread> threads;
        for (int k = 0; k < 4; ++k) {
            threads.emplace_back([&] {
                for (int line = 0; line < 100; ++line) {
                    log.write(LogLevel::warning, "w");
                }
            });
        }
    }
    CHECK(lines.size() == 400);
    CHECK(lines == std::vector<std::string>(400, lines.front()));
}
