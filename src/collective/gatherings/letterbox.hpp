/// Letters to the hosts of a circle, from anyone, also without an account. They are no asks and
/// stand in no round. Hosts read the words and the name, and not the address.
#pragma once

#include "collective/gatherings/series.hpp"
#include "platform/store/store.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace allot::gatherings {

using store::Transaction;
using LetterId = Id<struct LetterTag>;

inline constexpr std::size_t longest_letter = 4000;
inline constexpr std::size_t longest_letter_name = 80;
/// A letter goes so long after it was answered or put away.
inline constexpr std::chrono::days letters_kept{90};
/// A box that holds more letters that wait takes none until hosts have read.
inline constexpr std::int64_t most_letters = 100;

struct Letter {
    LetterId id;
    CircleId circle;
    std::string name; ///< may be empty
    std::string mail; ///< shown to nobody
    std::string words;
    std::string answer; ///< empty: none yet, or it was put away
    bool open = true;
    std::chrono::sys_days written;
};

/// Errors: `too_many` where hosts have not read the others.
[[nodiscard]] Result<LetterId> write_letter(Transaction& transaction,
                                            const CollectiveId& collective, const Letter& letter,
                                            Moment now, Entropy& entropy);
/// What somebody writes back: another letter to the same hosts. Whether it was kept: the letter is
/// still there and of that address. Errors: as of `write_letter`.
[[nodiscard]] Result<bool> continue_letter(Transaction& transaction, const CollectiveId& collective,
                                           const LetterId& letter, std::string_view mail,
                                           std::string_view words, Moment now, Entropy& entropy);
/// Those that wait first, then the newest.
[[nodiscard]] Result<std::vector<Letter>>
letters_to(Transaction& transaction, const CollectiveId& collective, const CircleId& circle);
[[nodiscard]] Result<bool> has_open_letters(Transaction& transaction,
                                            const CollectiveId& collective, const CircleId& circle);
/// Nothing where that circle has none of that id.
[[nodiscard]] Result<std::optional<Letter>> find_letter(Transaction& transaction,
                                                        const CollectiveId& collective,
                                                        const CircleId& circle,
                                                        const LetterId& letter);
/// Answered, or put away with an empty answer. Errors: `conflict` where another host was faster.
[[nodiscard]] Result<void> close_letter(Transaction& transaction, const CollectiveId& collective,
                                        const LetterId& letter, std::string_view answer,
                                        std::chrono::sys_days today);
/// Of one address, for herself.
[[nodiscard]] Result<std::vector<Letter>>
letters_from(Transaction& transaction, const CollectiveId& collective, std::string_view mail);
[[nodiscard]] Result<void> forget_letters_from(Transaction& transaction,
                                               const CollectiveId& collective,
                                               std::string_view mail);
[[nodiscard]] Result<void> drop_old_letters(Transaction& transaction,
                                            const CollectiveId& collective,
                                            std::chrono::sys_days today);

} // namespace allot::gatherings
