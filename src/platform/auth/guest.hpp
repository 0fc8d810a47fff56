/// Guests: people without an account, whom a link lets into one place until a day.
#pragma once

#include "platform/auth/viewer.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace allot::auth {

inline constexpr std::chrono::days guest_time{14};
/// A browser keeps so many passes; the oldest gives way.
inline constexpr std::size_t most_passes = 4;

/// What a link says. Whoever has it may read one place and what lies below it, and nothing else;
/// nobody learns who that is.
struct GuestPass {
    std::string place; ///< a path: "/c/lab/circles/plants-at-night"
    Moment ends;

    /// Whether that path is the place, or below it.
    [[nodiscard]] bool lets_into(std::string_view path) const;
};

/// The pass as text for a path or a cookie, signed with `signing_key`.
[[nodiscard]] std::string pass_text(std::string_view signing_key, const GuestPass& pass);
/// Nothing where it was not made by this server, or is over.
[[nodiscard]] std::optional<GuestPass> read_pass(std::string_view signing_key,
                                                 std::string_view text, Moment now);

/// A cookie's passes that still hold, and what the cookie becomes with one more.
[[nodiscard]] std::vector<GuestPass> read_passes(std::string_view signing_key,
                                                 std::string_view cookie, Moment now);
[[nodiscard]] std::string cookie_with(std::string_view signing_key, std::string_view cookie,
                                      const GuestPass& pass, Moment now);

} // namespace allot::auth
