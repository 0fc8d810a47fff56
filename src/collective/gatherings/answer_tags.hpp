/// Addresses to which people answer our mail: the address of the server with a tag that says what
/// is answered, and that only this server can have made.
#pragma once

#include "collective/gatherings/teller.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace allot::gatherings {

/// What an answer is to: the first letter of its tag.
enum class Answered : char {
    invitation = 'i', ///< of a calendar
    thread = 't',     ///< of a gathering
    letter = 'l',     ///< from the hosts of a circle
};

/// Of one address; its answers alone are taken.
struct AnswerTag {
    Answered kind = Answered::invitation;
    std::string about; ///< the id of the series, or of the letter
    Wall original;     ///< of the gathering, for `thread`; goes along with it (`change_rhythm`)
    std::string mail_hash;
};

/// Invitations are answered for as long as a series may run; words about one gathering or letter
/// for a season.
inline constexpr std::chrono::days invitations_answered{400};
inline constexpr std::chrono::days words_answered{90};

/// The tag, the same for the same, which works from now on for its time.
[[nodiscard]] Result<std::string> tag_for(Transaction& transaction, const Teller& teller,
                                          const AnswerTag& tag);
struct FoundTag {
    CollectiveId collective;
    AnswerTag tag;
};
/// Nothing where nobody made it here, or its time is over.
[[nodiscard]] Result<std::optional<FoundTag>>
find_tag(Transaction& transaction, std::string_view tag, std::chrono::sys_days today);

[[nodiscard]] Result<void> forget_tags_of(Transaction& transaction, const CollectiveId& collective,
                                          std::string_view mail_hash);
[[nodiscard]] Result<void> drop_old_tags(Transaction& transaction, const CollectiveId& collective,
                                         std::chrono::sys_days today);

} // namespace allot::gatherings
