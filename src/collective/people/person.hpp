/// A person of a collective: what she says of herself, and the rules about it. Nothing here counts
/// or compares people, and nobody has to name a degree, a title or an institution.
#pragma once

#include "base/result.hpp"
#include "engine/calendar/weekly.hpp"
#include "platform/auth/viewer.hpp"

#include <array>
#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace allot::people {

using auth::CollectiveId;
using auth::PersonId;
using auth::Role;

/// What somebody may be here for, in the words of the catalogue ("here_for.breakthrough"). Several,
/// or none; private.
inline constexpr std::array<std::string_view, 7> reasons_to_be_here = {
    "learn", "breakthrough", "connections", "publication", "game", "validation", "sign"};

inline constexpr std::size_t longest_name = 100;
inline constexpr std::size_t longest_line = 200;
inline constexpr std::size_t longest_words = 2000;

/// How long a steward keeps the role until the server asks: still?
inline constexpr std::chrono::days steward_time{180};

/// What a person writes about herself; everything but the name may stay empty.
struct Profile {
    std::string name; ///< as written by its owner
    std::string said; ///< how it is said
    std::string own_words;
    std::string how_i_work;
    std::string languages; ///< as she names them, apart by commas
    std::string access_needs;
    bool shows_access = false;         ///< to members; else only she sees them
    std::vector<std::string> here_for; ///< of `reasons_to_be_here`; never shown to others
    std::string here_for_words;        ///< as `here_for`
    std::string zone;                  ///< IANA name
    std::string page_language;         ///< "en"; empty: as the browser says

    friend bool operator==(const Profile&, const Profile&) = default;
};

/// When she is usually free, on the clock of her zone; never shown to others as it is.
struct UsualHours {
    std::string free;  ///< as `format_weekly` writes it, or empty
    std::string maybe; ///< if needed

    friend bool operator==(const UsualHours&, const UsualHours&) = default;
};

struct Person {
    PersonId id;
    std::string mail; ///< empty once erased
    Profile profile;
    UsualHours hours;
    Role role = Role::guest; ///< guest, member or steward; hosts are named by their circles
    std::chrono::sys_days role_asked;
    bool resting = false;
    bool has_calendar_link = false;
    std::chrono::sys_days joined;
    bool erased = false;
};

/// Reads hours as people write them: lines, or parts joined by "|" or ";", of `parse_weekly`.
/// Empty text is no hours. Errors: the first part that cannot be read, by name.
[[nodiscard]] Result<std::string> parse_hours(std::string_view typed);

/// The same with a line for each window.
[[nodiscard]] std::string hours_in_lines(std::string_view hours);

} // namespace allot::people
