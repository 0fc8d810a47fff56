/// What is wrong with one file, all at once and in the words of the person who wrote it.
#pragma once

#include "base/result.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace allot::formats {

/// Where in a text file. Physical lines and fields count from 1; 0 means "the file" and "the whole
/// line". `name` is the name of the column, empty when it has none.
struct Place {
    std::int64_t line = 0;
    std::size_t column = 0;
    std::string_view name;
};

/// One thing that is wrong: a `Place` that owns its name, what was found and what was expected.
struct Finding {
    std::int64_t line = 0;
    std::size_t column = 0;
    std::string name;
    std::string found;
    std::string expected;

    friend bool operator==(const Finding&, const Finding&) = default;
};

/// Collects the findings of one file. Keeps the first `limits::max_errors_shown`, counts the rest.
class Findings {
  public:
    /// `file_name` is what messages call the file; nothing is opened.
    explicit Findings(std::string file_name);

    /// `found` and `expected` complete the sentence "found ..., expected ...".
    void add(const Place& place, std::string_view found, std::string_view expected);

    /// The same for the text of a field: shown in quotes, or as "nothing" when it is empty.
    void add_value(const Place& place, std::string_view value, std::string_view expected);

    [[nodiscard]] bool empty() const { return count_ == 0; }
    [[nodiscard]] std::size_t count() const { return count_; }
    /// The findings that are shown, in the order of their lines.
    [[nodiscard]] const std::vector<Finding>& kept() const { return kept_; }
    [[nodiscard]] const std::string& file_name() const { return file_name_; }

    /// `ErrorKind::invalid`; one finding a line in the order of `kept`, then "and N more":
    /// `asks.csv:12:4: column "minutes": found "abc", expected a whole number`.
    [[nodiscard]] Error error() const;

  private:
    void keep(const Place& place, std::string found, std::string_view expected);

    std::string file_name_;
    std::vector<Finding> kept_;
    std::size_t count_ = 0;
};

} // namespace allot::formats
