/// When a gathering comes again, in the words of people: read from what a host types, and said back
/// in plain English. Pure: no files, no clock; the names of zones are passed in.
#pragma once

#include "base/result.hpp"
#include "engine/calendar/rule.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace allot::calendar {

/// A rule with what stands around it. What nobody said is empty.
struct Spoken {
    Rule rule; ///< with COUNT or UNTIL (a date, that day included) only where an end was said
    std::optional<std::chrono::minutes> time; ///< after midnight, on the wall; below 24 hours
    std::optional<std::string> zone;          ///< an IANA name
    /// No meeting is before this day. It need not be one of the rule's days; where the rule names
    /// none, it decides them, as DTSTART does (RFC 5545, section 3.3.10).
    std::optional<std::chrono::year_month_day> starting;

    friend bool operator==(const Spoken&, const Spoken&) = default;
};

/// What a form still has to ask for.
enum class Unsaid : std::uint8_t {
    day,   ///< which day of the week, month or year
    time,  ///< at what time
    zone,  ///< on whose clock
    start, ///< which of the weeks, months or years, where some are passed over
};

/// In the order of the enum. "biweekly at 17:00" leaves day, zone and start unsaid; "every Thursday
/// at 17:00 UTC" nothing.
[[nodiscard]] std::vector<Unsaid> unsaid(const Spoken& spoken);

/// What was understood of a text.
struct Heard {
    Spoken said;
    /// How words were read that could be read in another way, for a preview: `"biweekly" is read as
    /// every two weeks`. Without a full stop, as errors are.
    std::vector<std::string> notes;
    /// Text that was set aside as it says nothing about when, as it was written: `you must be
    /// signed in to join`. A preview shows it, so that nobody believes it was understood.
    std::vector<std::string> remarks;

    friend bool operator==(const Heard&, const Heard&) = default;
};

/// Reads what a host types, capitals or not, its parts in any order:
/// - how often: `weekly`, `biweekly`, `fortnightly`, `every other Friday`, `every four weeks`,
/// `every
///   weekday`, `first Wednesday of the month`, `the 1st and 15th of every month`, `last weekday of
///   the month`, `quarterly`, `every year on 5 March`;
/// - days: `Mon and Thu`, `Tuesdays`, `Mon-Fri`; days alone mean every week, and a note says so;
/// - time: `17:00`, `9am`, `at 2:30 PM`, `noon`;
/// - zone: `UTC`, `PT (Pacific Time)`, `London time`, `Europe/London`, `Poland`: the words of the
///   table in spoken_zones.cpp, and of `zones` any name or the city at its end;
/// - start: `starting Thursday June 25th, 2020`, `from 2026-09-01`, `2019 start date: Jan. 11th`;
/// - end: `until 30 June 2027`, `6 times`, `for 6 weeks` (a COUNT, where that is exact).
///
/// "every second Thursday" is every two weeks; "biweekly" too, as in all of the meetings of
/// tests/data/kubernetes_meetings.csv; both leave a note.
/// A remark (in brackets, or at least three words after a comma or a dash) is set aside if none of
/// its words says when.
///
/// `zones` are the IANA names there are. Without them only the table is known, and a name such as
/// `Europe/Oslo` is taken as it is written, whether there is such a zone or not.
///
/// Errors, each with the place, what was found and an example: a word that is not understood, with
/// the nearest one that is; parts that contradict each other ("starting Monday 3 March 2026" was a
/// Tuesday); what has two readings, naming both: `every third Wednesday` (of the month, or every
/// three weeks), `bimonthly`, `twice a month`, `monthly on Thursdays` (which one?), `at 9`,
/// `midnight`, 03/04/2027, `IST` (India, Israel, Ireland) unless other words decide; a date without
/// its year; offsets (`UTC+2`), as they are no zones; more than `limits::max_spoken_bytes`.
/// O(bytes + zones) for each word.
[[nodiscard]] Result<Heard> parse_spoken(std::string_view text,
                                         std::span<const std::string> zones = {});

/// Says it in plain English: `every second Thursday at 17:00 London time`, `on the first Wednesday
/// of every month`, `every weekday at 08:30`, `every year on 5 March`, and behind it `from 1 March
/// 2026`, `until 30 June 2027`, `6 times`. A zone is said by its city where `parse_spoken` with the
/// same `zones` finds it again by that, else by its name.
/// nullopt where there are no short words, so that callers show the RRULE: times of the day in the
/// rule, HOURLY and shorter, BYYEARDAY, BYWEEKNO, most of BYSETPOS, a day twice, UNTIL with a time
/// (whoever knows the zone makes it a date), a WKST that matters.
/// What is printed, `parse_spoken` reads back as it was; only a WKST that changes nothing is Monday
/// then.
[[nodiscard]] std::optional<std::string> format_spoken(const Spoken& spoken,
                                                       std::span<const std::string> zones = {});

} // namespace allot::calendar
