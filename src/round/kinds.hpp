/// The kinds of help that a round knows, and whether two people must be free at the same time for
/// it.
#pragma once

#include "base/result.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace allot::round {

/// How help of some kind is given.
enum class Meeting : std::uint8_t {
    hours,   ///< together: both need a shared stretch of time
    written, ///< in writing: no hour is needed
};

/// Kinds by name. Begins with the built-in ones of docs/fit.md; a file can add to them.
class Kinds {
  public:
    Kinds();

    /// Adds the rows of a CSV `kind,how`, `how` being `hours` or `written`; a known name changes.
    /// Errors: all that is wrong with the file at once.
    [[nodiscard]] Result<void> extend(std::string_view csv, std::string file_name);

    [[nodiscard]] std::optional<Meeting> find(std::string_view kind) const;
    /// All names, sorted.
    [[nodiscard]] std::vector<std::string> names() const;

  private:
    std::map<std::string, Meeting, std::less<>> meeting_of_;
};

} // namespace allot::round
