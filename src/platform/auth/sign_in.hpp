/// Signing in by mail, and the sessions that come of it. No passwords: a link is used once, within
/// ten minutes, in the browser that asked for it.
#pragma once

#include "platform/auth/viewer.hpp"
#include "platform/store/store.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace allot::auth {

inline constexpr std::chrono::minutes link_time{10};
/// A session ends when it was not used for so long; using it pushes the end on.
inline constexpr std::chrono::days session_time{90};

/// A link that was asked for.
struct SignInLink {
    std::string mail;    ///< as `normal_mail` writes it
    std::string browser; ///< the secret of the browser that asked; empty: any browser may use it
    std::string next;    ///< where to go then: a path of this server
};

/// Keeps a link and returns its secret, which goes into the mail and nowhere else.
[[nodiscard]] Result<std::string> make_link(store::Transaction& transaction, const SignInLink& link,
                                            Moment now, Entropy& entropy);

/// What a link is for, without using it. Errors: `missing` for a link that is wrong, used or over;
/// `forbidden` for one that another browser asked for.
[[nodiscard]] Result<SignInLink> see_link(store::Transaction& transaction, std::string_view secret,
                                          std::string_view browser, Moment now);

/// Uses it up. Errors as `see_link`.
[[nodiscard]] Result<SignInLink> use_link(store::Transaction& transaction, std::string_view secret,
                                          std::string_view browser, Moment now);

/// Begins a session of whoever reads that mail; returns the secret for the cookie. `user_agent` is
/// kept as two words ("Firefox on Linux"), so that its owner knows which is which.
[[nodiscard]] Result<std::string> begin_session(store::Transaction& transaction,
                                                std::string_view mail, std::string_view user_agent,
                                                Moment now, Entropy& entropy);

struct Session {
    SessionId id;
    std::string mail;
    std::string browser;
    std::chrono::sys_days began;
    Moment ends;

    /// Whether its end should be pushed on: not at every request, which would write each time.
    [[nodiscard]] bool wants_renewal(Moment now) const;
};

[[nodiscard]] Result<std::optional<Session>> session_of(store::Transaction& transaction,
                                                        std::string_view secret, Moment now);
[[nodiscard]] Result<void> renew_session(store::Transaction& transaction, const SessionId& session,
                                         Moment now);
/// Those of one owner, the newest first.
[[nodiscard]] Result<std::vector<Session>> sessions_of(store::Transaction& transaction,
                                                       std::string_view mail, Moment now);
/// Ends one of its owner's. Errors: `missing` where it is none of hers.
[[nodiscard]] Result<void> end_session(store::Transaction& transaction, std::string_view mail,
                                       const SessionId& session);
/// Ends all of them, and links that were not used yet, as when an address changes or a person is
/// erased.
[[nodiscard]] Result<void> end_sessions(store::Transaction& transaction, std::string_view mail);

/// "Firefox on Linux", "a browser" where nothing is known.
[[nodiscard]] std::string browser_words(std::string_view user_agent);

/// Whether it is a path of this server: "/c/lab?x=1", not "//elsewhere" or "https://elsewhere".
[[nodiscard]] bool is_local_path(std::string_view path);

} // namespace allot::auth
