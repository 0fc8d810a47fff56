/// Any bytes as a rule and its start, drawn or read as text: `Recurrence` tells what brute force
/// tells, and libical where it has to agree; times ascend, a seek is an iteration, work is bounded,
/// and a rule is read back from its text as it was.
#include "base/limits.hpp"
#include "engine/calendar/brute_recurrence.hpp"
#include "engine/calendar/recurrence.hpp"
#include "fuzz/bytes.hpp"
#include "fuzz/ical_oracle.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace {

using namespace allot::calendar;
using allot::fuzz::Bytes;
using std::chrono::local_seconds;

/// As many starts are compared with libical, and after a seek.
constexpr std::size_t few = 300;

/// A rule from `start`, followed up to `to`.
struct Case {
    Rule rule;
    WallTime start;
    local_seconds to;
    std::string words; ///< to be shown with a finding
};

std::int64_t wide(Bytes& bytes, std::int64_t most) {
    std::int64_t value = 0;
    for (int i = 0; i < 3; ++i) {
        value = value * 256 + bytes.next();
    }
    return value % (most + 1);
}

WallTime draw_start(Bytes& bytes, bool with_time) {
    const auto day = std::chrono::local_days(std::chrono::year(1960) / 1 / 1) +
                     std::chrono::days(wide(bytes, 40'000));
    const auto time = std::chrono::seconds(wide(bytes, 86'399));
    return {.time = with_time ? day + time : local_seconds(day),
            .form = with_time ? TimeForm::local : TimeForm::date};
}

Rule draw_rule(Bytes& bytes, const WallTime& start) {
    const bool with_time = start.form != TimeForm::date;
    Rule rule = testing::draw_rule([&](int most) { return bytes.upto(most); }, with_time);
    if (!rule.count && bytes.upto(3) == 0) {
        rule.until =
            WallTime{.time = start.time + std::chrono::days(bytes.upto(200)), .form = start.form};
    }
    return rule;
}

std::optional<Rule> read_rule(Bytes& bytes) {
    const auto rest = bytes.rest();
    auto rule = parse_rule({reinterpret_cast<const char*>(rest.data()), rest.size()});
    return rule ? std::optional(*std::move(rule)) : std::nullopt;
}

std::optional<Case> draw(Bytes& bytes) {
    const bool as_text = bytes.flag();
    const WallTime start = draw_start(bytes, bytes.upto(5) != 0);
    const auto rule = as_text ? read_rule(bytes) : std::optional(draw_rule(bytes, start));
    if (!rule) {
        return std::nullopt;
    }
    return Case{.rule = *rule,
                .start = start,
                .to = start.time + testing::horizon_of(rule->frequency),
                .words = format_rule(*rule) + " from " + format_basic(start)};
}

// What Recurrence tells.

struct Heard {
    std::vector<local_seconds> times;
    bool too_complex = false;
};

Heard hear(Recurrence& from, local_seconds to, std::size_t most) {
    Heard heard;
    while (heard.times.size() < most) {
        const auto next = from.next();
        heard.too_complex = !next;
        if (!next || !*next || **next > to) {
            break;
        }
        heard.times.push_back(**next);
    }
    return heard;
}

// What must hold.

void check_text(const Rule& rule) {
    const std::string text = format_rule(rule);
    const auto again = parse_rule(text);
    ALLOT_CHECK(again && *again == rule, (text + ": is read back as it was").c_str());
}

void check_brute(const Case& in, const Heard& heard) {
    auto expected = testing::BruteRecurrence(in.rule, in.start).until(in.to);
    if (heard.too_complex) { // what was told before is still right
        expected.resize(std::min(expected.size(), heard.times.size()));
    }
    ALLOT_CHECK(heard.times == expected, (in.words + ": the starts of brute force").c_str());
}

void check_steps(const Case& in, const Recurrence& all, const Heard& heard) {
    // Between two looks at the budget the next day that fits is searched: months of 400 years.
    constexpr std::int64_t one_search = 4800;
    const std::int64_t times = std::ssize(heard.times) + 1; // and the one beyond the horizon
    ALLOT_CHECK(all.steps() <= allot::limits::max_rule_steps +
                                   times * allot::limits::rule_steps_a_time + one_search,
                (in.words + ": work is bounded").c_str());
}

void check_seek(const Case& in, Recurrence& all, const Heard& heard, local_seconds t) {
    all.seek(t);
    const auto from = std::ranges::lower_bound(heard.times, t);
    const auto left = std::min<std::ptrdiff_t>(heard.times.end() - from, few);
    const Heard rest = hear(all, in.to, few);
    ALLOT_CHECK(rest.too_complex || std::ranges::equal(rest.times, std::span(from, from + left)),
                (in.words + ": a seek is an iteration").c_str());
}

/// Where nothing starts after the horizon, COUNT and UNTIL aside, libical may search for ever.
bool ical_finds_an_end(const Case& in) {
    if (in.rule.frequency < Frequency::monthly) {
        return true;
    }
    Rule endless = in.rule;
    endless.count.reset();
    endless.until.reset();
    auto all = Recurrence::make(endless, in.start);
    ALLOT_CHECK(all, "a rule that was made is made again");
    all->seek(in.to + std::chrono::seconds(1));
    const auto next = all->next();
    return next && *next;
}

void check_ical(const Case& in, const Heard& heard) {
    if (heard.too_complex || allot::fuzz::ical_difference(in.rule, in.start) != nullptr ||
        !ical_finds_an_end(in)) {
        return;
    }
    const auto theirs = allot::fuzz::ical_starts(in.rule, in.start, in.to, few);
    const auto count = std::min(heard.times.size(), few);
    ALLOT_CHECK(!theirs || std::ranges::equal(*theirs, std::span(heard.times).first(count)),
                (in.words + ": the starts of libical").c_str());
}

} // namespace

// NOLINTNEXTLINE(readability-identifier-naming): the name that libFuzzer calls
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    Bytes bytes({data, size});
    const auto in = draw(bytes);
    if (!in) {
        return 0;
    }
    check_text(in->rule);
    auto all = Recurrence::make(in->rule, in->start);
    if (!all) {
        ALLOT_CHECK(in->start.form == TimeForm::date && in->rule.frequency < Frequency::daily,
                    (in->words + ": is made").c_str());
        return 0;
    }
    const Heard heard = hear(*all, in->to, 100'000);
    ALLOT_CHECK(std::ranges::adjacent_find(heard.times, std::greater_equal()) == heard.times.end(),
                (in->words + ": times ascend").c_str());
    check_steps(*in, *all, heard);
    check_brute(*in, heard);
    const auto horizon = (in->to - in->start.time).count();
    for (int i = 0; !heard.too_complex && i < 3; ++i) {
        const auto away = wide(bytes, horizon) - horizon / 16;
        check_seek(*in, *all, heard, in->start.time + std::chrono::seconds(away));
    }
    check_ical(*in, heard);
    return 0;
}
