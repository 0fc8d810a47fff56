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

/// What a rhythm comes to, before anything is kept.
struct Preview {
    std::string said; ///< "every Thursday at 17:00 London time"
    std::vector<std::string> notes;
    std::vector<std::string> remarks;
    std::vector<DateLine> dates;
};
BOOST_DESCRIBE_STRUCT(Preview, (), (said, notes, remarks, dates))

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

/// The next dates of a rhythm. Errors as `occurrences`.
[[nodiscard]] Result<Preview> preview_of(const pages::Call& call, const HeardRhythm& heard,
                                         ZoneBook& zones);

/// Where people meet, from one line: a link, or a place.
void set_where(About& about, const std::string& where);
/// And back to the line.
[[nodiscard]] std::string where_of(const About& about);
/// Reads a number of minutes; notes what is none. 60 where nothing is typed.
[[nodiscard]] std::int64_t read_minutes(pages::FormReader& form, const std::string& typed);

} // namespace allot::gatherings
