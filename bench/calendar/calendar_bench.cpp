/// Recurrence: ours and libical side by side, in one process, on one thread.
#include "engine/calendar/recurrence.hpp"
#include "engine/calendar/zone_files.hpp"
#include "engine/calendar/zone_table.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <libical/ical.h>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

namespace {

using namespace allot;
using namespace allot::calendar;
using std::chrono::local_days;
using std::chrono::local_seconds;

/// How much less work libical gets: it would take minutes.
constexpr std::int64_t peer_share = 100;
constexpr std::int64_t series_count = 1'000'000;
constexpr int years = 5;
constexpr std::size_t most_weeks = 265; ///< in so many years

const std::array<const char*, 8> zone_names = {
    "Europe/London",  "America/New_York", "America/Los_Angeles", "Asia/Kolkata",
    "Africa/Nairobi", "Australia/Sydney", "America/Sao_Paulo",   "Europe/Berlin"};

/// What people write, from every week to the last working day.
const std::array<const char*, 12> mix = {"FREQ=WEEKLY;BYDAY=TH",
                                         "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU",
                                         "FREQ=WEEKLY;BYDAY=MO,WE,FR",
                                         "FREQ=DAILY",
                                         "FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR",
                                         "FREQ=MONTHLY;BYDAY=1WE",
                                         "FREQ=MONTHLY;BYDAY=-1FR",
                                         "FREQ=MONTHLY;BYMONTHDAY=15",
                                         "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
                                         "FREQ=YEARLY;BYMONTH=3,9;BYDAY=2TU",
                                         "FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO",
                                         "FREQ=HOURLY;INTERVAL=3;BYHOUR=9,12,15;BYDAY=MO,FR"};
constexpr std::int64_t mix_occurrences = 2000; ///< of each rule, or until 9999
constexpr int mix_rounds = 200;

const local_days epoch{std::chrono::year(2026) / 1 / 1};

double seconds_since(std::chrono::steady_clock::time_point began) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
}

/// Some work and how long it took; the sum keeps the compiler from leaving it out, and both sides
/// must agree on it where they did the same.
struct Measured {
    double seconds = 0;
    std::int64_t occurrences = 0;
    std::int64_t sum = 0;
};

Rule rule_of(std::string_view text) {
    auto rule = parse_rule(text);
    ALLOT_CHECK(rule, rule.error().message.c_str());
    return *std::move(rule);
}

/// When the n-th weekly series first meets.
local_seconds start_of(std::int64_t n) {
    return epoch + std::chrono::days(n % 7) + std::chrono::minutes(15 * (n % 96));
}

Measured weekly_ours(std::int64_t count) {
    const Instant from{std::chrono::sys_days(std::chrono::year(2026) / 1 / 1)};
    const Instant to{std::chrono::sys_days(std::chrono::year(2026 + years) / 1 / 1)};
    std::vector<ZoneTable> zones;
    for (const char* name : zone_names) {
        zones.emplace_back(testing::zone(name), from, to);
    }
    const Rule rule = rule_of("FREQ=WEEKLY");
    std::vector<local_seconds> local(most_weeks);
    std::vector<Instant> utc(local.size());
    const local_seconds last{local_days(std::chrono::year(2026 + years) / 1 / 1)};
    Measured measured;
    const auto began = std::chrono::steady_clock::now();
    for (std::int64_t n = 0; n < count; ++n) {
        auto series = Recurrence::make(rule, {.time = start_of(n)}, last);
        ALLOT_CHECK(series, "a weekly rule");
        const auto read = series->read(local);
        ALLOT_CHECK(read, "a weekly rule is never too complex");
        const auto size = static_cast<std::ptrdiff_t>(*read);
        zones[static_cast<std::size_t>(n) % zones.size()].to_utc(std::span(local).first(*read),
                                                                 std::span(utc).first(*read));
        measured.occurrences += size;
        measured.sum +=
            utc[0].time_since_epoch().count() + utc[*read - 1].time_since_epoch().count();
    }
    measured.seconds = seconds_since(began);
    return measured;
}

icaltimetype ical_time(local_seconds t, const icaltimezone* zone) {
    icaltimetype time = icaltime_from_timet_with_zone(
        static_cast<time_t>(t.time_since_epoch().count()), 0, icaltimezone_get_utc_timezone());
    time.zone = zone;
    return time;
}

using IcalIterator = std::unique_ptr<icalrecur_iterator, decltype(&icalrecur_iterator_free)>;

Measured weekly_libical(std::int64_t count) {
    const auto to = static_cast<time_t>(
        local_days(std::chrono::year(2026 + years) / 1 / 1).time_since_epoch().count() * 86400);
    const icalrecurrencetype rule = icalrecurrencetype_from_string("FREQ=WEEKLY");
    Measured measured;
    const auto began = std::chrono::steady_clock::now();
    for (std::int64_t n = 0; n < count; ++n) {
        icaltimezone* const zone = icaltimezone_get_builtin_timezone(
            zone_names[static_cast<std::size_t>(n) % zone_names.size()]);
        const IcalIterator all(icalrecur_iterator_new(rule, ical_time(start_of(n), zone)),
                               icalrecur_iterator_free);
        std::int64_t first = 0;
        std::int64_t last = 0;
        while (true) {
            const icaltimetype time = icalrecur_iterator_next(all.get());
            if (icaltime_is_null_time(time) || icaltime_as_timet(time) > to) {
                break;
            }
            last = icaltime_as_timet_with_zone(time, zone);
            first = first == 0 ? last : first;
            ++measured.occurrences;
        }
        measured.sum += first + last;
    }
    measured.seconds = seconds_since(began);
    return measured;
}

Measured mix_ours(int rounds) {
    std::vector<Rule> rules;
    for (const char* text : mix) {
        rules.push_back(rule_of(text));
    }
    std::vector<local_seconds> times(mix_occurrences);
    Measured measured;
    const auto began = std::chrono::steady_clock::now();
    for (int round = 0; round < rounds; ++round) {
        for (const Rule& rule : rules) {
            auto all = Recurrence::make(rule, {.time = epoch + std::chrono::hours(9)});
            ALLOT_CHECK(all, "a rule of the mix");
            const auto read = all->read(times);
            ALLOT_CHECK(read, "a rule of the mix is not too complex");
            measured.occurrences += static_cast<std::int64_t>(*read);
            measured.sum += times[*read - 1].time_since_epoch().count();
        }
    }
    measured.seconds = seconds_since(began);
    return measured;
}

Measured mix_libical(int rounds) {
    Measured measured;
    const auto began = std::chrono::steady_clock::now();
    for (int round = 0; round < rounds; ++round) {
        for (const char* text : mix) {
            const IcalIterator all(
                icalrecur_iterator_new(icalrecurrencetype_from_string(text),
                                       ical_time(epoch + std::chrono::hours(9), nullptr)),
                icalrecur_iterator_free);
            std::int64_t last = 0;
            for (std::int64_t n = 0; n < mix_occurrences; ++n) {
                const icaltimetype time = icalrecur_iterator_next(all.get());
                if (icaltime_is_null_time(time)) {
                    break;
                }
                last = icaltime_as_timet(time);
                ++measured.occurrences;
            }
            measured.sum += last;
        }
    }
    measured.seconds = seconds_since(began);
    return measured;
}

void print_row(std::string_view what, const Measured& ours, const Measured& peer,
               std::int64_t share) {
    const double scaled = peer.seconds * static_cast<double>(share);
    fmt::print("| {:<34} | {:>11} | {:>7.3f} | {:>12.1f} | {:>9.1f} | {:>7.0f} |\n", what,
               ours.occurrences, ours.seconds,
               static_cast<double>(ours.occurrences) / ours.seconds / 1e6, scaled,
               scaled / ours.seconds);
}

} // namespace

int main() {
    fmt::print(
        "One thread. libical did one hundredth of the work; its seconds are scaled by {}.\n\n",
        peer_share);
    fmt::print("| {:<34} | {:>11} | {:>7} | {:>12} | {:>9} | {:>7} |\n", "work", "occurrences",
               "seconds", "million a s", "libical s", "ratio");
    fmt::print("|{0:-<36}|{0:-<13}|{0:-<9}|{0:-<14}|{0:-<11}|{0:-<9}|\n", "");

    // The same work first, to see that both mean the same.
    const auto few = series_count / peer_share;
    const Measured check = weekly_ours(few);
    const Measured peer = weekly_libical(few);
    if (check.sum != peer.sum || check.occurrences != peer.occurrences) {
        fmt::print(stderr, "libical tells other moments: {} of {} against {} of {}\n", peer.sum,
                   peer.occurrences, check.sum, check.occurrences);
    }
    print_row("1 M weekly series x 5 years to UTC", weekly_ours(series_count), peer, peer_share);
    print_row("a mix of twelve rules", mix_ours(mix_rounds),
              mix_libical(mix_rounds / static_cast<int>(peer_share)), peer_share);
}
