/// The words of pages and mails in the languages that there are: ICU MessageFormat patterns under
/// keys, read from JSON that stands beside the templates which use them.
#pragma once

#include "base/result.hpp"

#include <algorithm>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace allot::pages {

/// Some words of one language: a flat JSON object of strings. Rooms bring theirs.
struct WordList {
    std::string_view language; ///< BCP 47: "en", "pl", "ar"
    std::string_view json;
};

/// What a pattern is filled with: `{name}` with a text, `{n, plural, ...}` with a number.
using Argument = std::pair<std::string_view, std::variant<std::int64_t, std::string_view>>;

/// The words of one language, those of English where it has none. Immutable, any thread.
class Catalogue {
  public:
    /// Errors: JSON that is none, a key that stands twice, a pattern that ICU refuses (names
    /// language, key and position), a key that English lacks.
    [[nodiscard]] static Result<std::vector<Catalogue>> read_all(std::span<const WordList> lists);

    Catalogue(Catalogue&&) noexcept;
    Catalogue& operator=(Catalogue&&) noexcept;
    Catalogue(const Catalogue&) = delete;
    Catalogue& operator=(const Catalogue&) = delete;
    ~Catalogue();

    [[nodiscard]] const std::string& language() const;
    [[nodiscard]] bool right_to_left() const;
    /// The language in its own words: "English".
    [[nodiscard]] const std::string& own_name() const;

    [[nodiscard]] bool has(std::string_view key) const;
    /// Text for a person, not escaped. A key that nobody has is shown as it is: better than a page
    /// that fails.
    [[nodiscard]] std::string say(std::string_view key, std::span<const Argument> given = {}) const;
    [[nodiscard]] std::string say(std::string_view key,
                                  std::initializer_list<Argument> given) const {
        return say(key, std::span(given.begin(), given.size()));
    }
    /// "14 January 2027" for "2027-01-14", in the order and words of `locale` ("en-GB"), which has
    /// this language, or else of this language. A text that is no date is given back.
    [[nodiscard]] std::string say_day(std::string_view date, std::string_view locale = {}) const;

    /// How much of a time is said.
    enum class Time : std::uint8_t {
        day_and_hour, ///< "Thursday 14 January at 17:00"
        hour,         ///< "17:00"
        weekday,      ///< "Thursday 14 January"
    };
    /// In words for "2027-01-14T17:00", what some clock shows; `locale` as for `say_day`. A text
    /// that is no such time is given back.
    [[nodiscard]] std::string say_time(std::string_view wall, Time how,
                                       std::string_view locale = {}) const;

    /// Bytes whose order is that of the texts in a list of this language: "Łucja" after "Lena" in
    /// Polish, not at the end. Collation of CLDR, as ICU has it.
    [[nodiscard]] std::string sort_key(std::string_view text) const;
    /// Sorts things by a name that `name_of` gives; equal names stay as they were.
    template <class Thing, class NameOf>
    void sort_by_name(std::vector<Thing>& things, NameOf name_of) const {
        std::vector<std::pair<std::string, std::size_t>> order;
        order.reserve(things.size());
        for (const Thing& thing : things) {
            order.emplace_back(sort_key(std::invoke(name_of, thing)), order.size());
        }
        std::ranges::sort(order);
        std::vector<Thing> sorted;
        sorted.reserve(things.size());
        for (const auto& [key, at] : order) {
            sorted.push_back(std::move(things[at]));
        }
        things = std::move(sorted);
    }

  private:
    struct Inner;
    explicit Catalogue(std::unique_ptr<Inner> inner);
    std::unique_ptr<Inner> inner_;
};

} // namespace allot::pages
