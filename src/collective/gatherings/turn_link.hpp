/// Links in mails about turns: whoever has one answers without signing in, for one person, one turn
/// and one question.
#pragma once

#include "collective/gatherings/announcement.hpp"

#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace allot::gatherings {

/// What a mail asks: are you there; will you come in, as you stand by; can you run it, as a host.
enum class TurnQuestion : std::uint8_t { confirm, standby, run };
inline constexpr std::array<std::string_view, 3> turn_question_names = {"confirm", "standby",
                                                                        "run"};
[[nodiscard]] std::string_view name_of(TurnQuestion question);

struct TurnLink {
    SeriesId series;
    Wall original;
    TurnKind kind = TurnKind::host;
    PersonId person;
    TurnQuestion question = TurnQuestion::confirm;
    std::int64_t change = 0; ///< of `changes_so_far`, as it was made: `original` is as of then

    friend bool operator==(const TurnLink&, const TurnLink&) = default;
};

/// As text for a path, signed with `signing_key`.
[[nodiscard]] std::string link_text(std::string_view signing_key, const TurnLink& link);
/// Nothing where this server has not made it.
[[nodiscard]] std::optional<TurnLink> turn_link_in(std::string_view signing_key,
                                                   std::string_view text);

/// Writes the mail that asks. `occurrence` is that of the link, in `series`; the link follows it
/// through changes of the series from now on.
[[nodiscard]] Result<void> ask_by_mail(Transaction& transaction, const Teller& teller,
                                       const Series& series, const Occurrence& occurrence,
                                       TurnLink link);

} // namespace allot::gatherings
