/// What people were last told about when a series meets, against what is true now.
#pragma once

#include "collective/gatherings/announcement.hpp"

#include <vector>

namespace allot::gatherings {

/// How far ahead changes are told.
inline constexpr std::chrono::days told_ahead{60};
/// What is undone within this time is told to nobody.
inline constexpr std::chrono::minutes grace{2};

/// What follows from looking.
struct Compared {
    std::vector<Told> to_keep;     ///< rows that are to be written
    std::vector<Change> changed;   ///< to be told now; by original
    std::vector<Change> cancelled; ///< to be told now; by original

    [[nodiscard]] bool is_nothing() const { return to_keep.empty(); }
};

/// Compares the gatherings that have not begun, those of a zone whose rules have changed too. What
/// is seen for the first time is kept and told to nobody; a difference is told once it has lasted
/// for `grace`. A gathering that the series no longer has does not take place. Errors as
/// `occurrences`.
[[nodiscard]] Result<Compared> compare(const Plan& plan, ZoneBook& zones,
                                       const std::vector<Told>& told, Moment now);

/// Whether people know of each of these as it is: nothing is to be told, and nothing waits for
/// `grace` to pass. Errors as `occurrences`.
[[nodiscard]] Result<bool> is_settled(const Plan& plan, ZoneBook& zones,
                                      const std::vector<Told>& told, Moment now);

/// Does it for one series: keeps what was seen, and announces. Errors: the same, and the database.
[[nodiscard]] Result<void> tell_changes(Transaction& transaction, const Teller& teller,
                                        const SeriesId& series);

} // namespace allot::gatherings
