/// The kinds of mail that there are, and what each may do: one table.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace allot::mail {

enum class Kind : std::uint8_t {
    sign_in,
    invitation,
    change,
    cancellation,
    late_cancellation, ///< of what begins before the next morning
    late_change,       ///< of what begins before the next morning
    turn,              ///< asks somebody whether she is there for a turn that she has, or keeps
    round_letter,
    circle_answer,
    reminder,
    digest,
    confirm, ///< asks an address whether it wants mail
    news,    ///< of a series that somebody follows
};
inline constexpr int kind_count = 13;

/// What mail is about, as people switch it on and off.
enum class Stream : std::uint8_t { account, appointment, digest };

/// A line of the table.
struct KindRule {
    Kind kind;
    std::string_view name; ///< in the database: "sign_in"
    Stream stream;
    /// Whether it is sent again, with the same Message-ID, where nobody knows whether it was sent:
    /// better twice than never. The others: better never than twice.
    bool again = false;
    bool at_night = false;      ///< urgent: before all others, and also at night
    bool can_end = false;       ///< sent only while its stream is on; says how to end it
    std::chrono::minutes lasts; ///< of no use when so old
};

[[nodiscard]] std::span<const KindRule> kind_rules();
[[nodiscard]] const KindRule& rule_of(Kind kind);
/// nullopt: a name that the table does not have.
[[nodiscard]] std::optional<Kind> kind_named(std::string_view name);

[[nodiscard]] std::string_view name_of(Stream stream);
[[nodiscard]] std::optional<Stream> stream_named(std::string_view name);

} // namespace allot::mail
