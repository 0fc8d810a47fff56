/// The form with which a series is begun: what is typed, read, and shown again.
#pragma once

#include "collective/gatherings/rhythm.hpp"
#include "collective/gatherings/series_calls.hpp"
#include "platform/pages/form_reader.hpp"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace allot::gatherings {

/// One of several, for a template.
struct Option {
    std::string value;
    std::string words; ///< as people wrote them; empty where the catalogue has them
    bool chosen = false;
};
BOOST_DESCRIBE_STRUCT(Option, (), (value, words, chosen))

/// One for each name, in their order; the catalogue has their words.
[[nodiscard]] std::vector<Option> options_of(std::span<const std::string_view> names,
                                             std::string_view chosen);

/// A date of a preview.
struct DateLine {
    Times times;
};
BOOST_DESCRIBE_STRUCT(DateLine, (), (times))

/// From when on a clock shows a series at another hour.
struct HourLine {
    std::string from; ///< "2027-03-14T13:00", on that clock
};
BOOST_DESCRIBE_STRUCT(HourLine, (), (from))

/// A city in which the hour changes within the year, by its own clock or by that of the series.
struct ClockLine {
    std::string city;
    std::string begins; ///< the first gathering on that clock, "2027-01-14T20:00"
    std::vector<HourLine> changes;
};
BOOST_DESCRIBE_STRUCT(ClockLine, (), (city, begins, changes))

/// What a rhythm comes to, before anything is kept.
struct Preview {
    std::string said; ///< "every Thursday at 17:00 London time"
    std::vector<std::string> notes;
    std::vector<std::string> remarks;
    std::vector<DateLine> dates;
    std::vector<ClockLine> clocks; ///< at most eight: hers, then by city
    bool more_clocks = false;      ///< there are others
    bool stays = false;            ///< it meets again, and the hour of no such clock changes
};
BOOST_DESCRIBE_STRUCT(Preview, (), (said, notes, remarks, dates, clocks, more_clocks, stays))

/// As it was typed; `circle` is the address of one of hers.
struct TypedSeries {
    std::string title;
    std::string rhythm;
    std::string minutes;
    std::string where;
    std::string audience;
    std::string circle;
    std::string starter; ///< whose agenda, turns and lighter format it has; empty: none
};

struct NewSeriesView {
    std::string title;
    std::string rhythm;
    std::string minutes;
    std::string where;
    std::vector<Option> audiences;
    std::vector<Option> circles;
    std::string starter;
    std::optional<Preview> preview;
};
BOOST_DESCRIBE_STRUCT(NewSeriesView, (),
                      (title, rhythm, minutes, where, audiences, circles, starter, preview))

/// What a good form says.
struct ReadSeries {
    TypedSeries typed;
    About about;
    std::optional<HeardRhythm> rhythm; ///< nothing where it could not be read: noted in the form
};

/// Reads it, and notes what is wrong.
[[nodiscard]] ReadSeries read_series(pages::FormReader& form, const pages::Call& call,
                                     ZoneBook& zones);

/// The next dates of a rhythm, and whose hour changes when: on the clock of the reader, and on
/// those that two members or more share. Errors: the database; as `occurrences`.
[[nodiscard]] Result<Preview> preview_of(const pages::Call& call, const HeardRhythm& heard,
                                         ZoneBook& zones);

/// Where people meet, from one line: a link, or a place.
void set_where(About& about, const std::string& where);
/// And back to the line.
[[nodiscard]] std::string where_of(const About& about);
/// Reads a number of minutes; notes what is none. 60 where nothing is typed.
[[nodiscard]] std::int64_t read_minutes(pages::FormReader& form, const std::string& typed);

} // namespace allot::gatherings
