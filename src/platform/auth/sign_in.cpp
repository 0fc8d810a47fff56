#include "platform/auth/sign_in.hpp"

#include "platform/auth/secrets.hpp"

#include <algorithm>
#include <array>

namespace allot::auth {

namespace {

using store::Row;
using store::Statement;

constexpr Statement insert_link = "INSERT INTO sign_in (link_hash, mail, browser_hash, next, "
                                  "ends_at) VALUES ($1, $2, $3, $4, $5)";
constexpr Statement find_link =
    "SELECT mail, browser_hash, next FROM sign_in WHERE link_hash = $1 AND ends_at > $2";
constexpr Statement drop_links_to = "DELETE FROM sign_in WHERE mail = $1";
constexpr Statement drop_link = "DELETE FROM sign_in WHERE link_hash = $1";

constexpr Statement insert_session =
    "INSERT INTO session (id, secret_hash, mail, browser, began_day, ends_at) "
    "VALUES ($1, $2, $3, $4, $5, $6)";
constexpr Statement find_session = "SELECT id, mail, browser, began_day, ends_at FROM session "
                                   "WHERE secret_hash = $1 AND ends_at > $2";
constexpr Statement list_sessions = "SELECT id, mail, browser, began_day, ends_at FROM session "
                                    "WHERE mail = $1 AND ends_at > $2 ORDER BY began_day DESC, id";
constexpr Statement set_session_end = "UPDATE session SET ends_at = $2 WHERE id = $1";
constexpr Statement drop_session = "DELETE FROM session WHERE id = $1 AND mail = $2";
constexpr Statement drop_sessions = "DELETE FROM session WHERE mail = $1";

[[nodiscard]] std::string hash_of_browser(std::string_view browser) {
    return browser.empty() ? std::string() : hash_of(browser);
}

[[nodiscard]] Session session_from(const Row& row) {
    return {.id = row.id<SessionId>(0),
            .mail = row.text(1),
            .browser = row.text(2),
            .began = row.day(3),
            .ends = row.moment(4)};
}

/// The first of these names that the text has.
template <std::size_t n>
[[nodiscard]] std::string_view
first_named(std::string_view text,
            const std::array<std::pair<std::string_view, std::string_view>, n>& names) {
    const auto* const found = std::ranges::find_if(
        names, [&](const auto& name) { return text.find(name.first) != std::string_view::npos; });
    return found == names.end() ? std::string_view() : found->second;
}

} // namespace

Result<std::string> make_link(store::Transaction& transaction, const SignInLink& link, Moment now,
                              Entropy& entropy) {
    const std::string secret = new_secret(entropy);
    TRY_DO(transaction.run(insert_link, {hash_of(secret), link.mail, hash_of_browser(link.browser),
                                         link.next, now + link_time}));
    return secret;
}

Result<SignInLink> see_link(store::Transaction& transaction, std::string_view secret,
                            std::string_view browser, Moment now) {
    TRY(const auto row, transaction.row(find_link, {hash_of(secret), now}));
    if (!row) {
        return fail(ErrorKind::missing, "this link was used already, or its ten minutes are over");
    }
    const std::string& asked_by = row->text(1);
    if (!asked_by.empty() && !same_secret(asked_by, hash_of_browser(browser))) {
        return fail(ErrorKind::forbidden, "sign_in.other_browser");
    }
    return SignInLink{.mail = row->text(0), .browser = std::string(browser), .next = row->text(2)};
}

Result<SignInLink> use_link(store::Transaction& transaction, std::string_view secret,
                            std::string_view browser, Moment now) {
    TRY(SignInLink link, see_link(transaction, secret, browser, now));
    TRY_DO(transaction.run(drop_link, {hash_of(secret)}));
    return link;
}

Result<std::string> begin_session(store::Transaction& transaction, std::string_view mail,
                                  std::string_view user_agent, Moment now, Entropy& entropy) {
    const std::string secret = new_secret(entropy);
    const auto today = std::chrono::floor<std::chrono::days>(now);
    TRY_DO(transaction.run(insert_session, {new_id<SessionId>(now, entropy), hash_of(secret), mail,
                                            browser_words(user_agent), today, now + session_time}));
    return secret;
}

bool Session::wants_renewal(Moment now) const {
    return ends - now < session_time - std::chrono::days(7);
}

Result<std::optional<Session>> session_of(store::Transaction& transaction, std::string_view secret,
                                          Moment now) {
    TRY(const auto row, transaction.row(find_session, {hash_of(secret), now}));
    return row ? std::optional(session_from(*row)) : std::nullopt;
}

Result<void> renew_session(store::Transaction& transaction, const SessionId& session, Moment now) {
    TRY_DO(transaction.run(set_session_end, {session, now + session_time}));
    return {};
}

Result<std::vector<Session>> sessions_of(store::Transaction& transaction, std::string_view mail,
                                         Moment now) {
    TRY(const auto rows, transaction.rows(list_sessions, {mail, now}));
    std::vector<Session> sessions;
    std::ranges::transform(rows, std::back_inserter(sessions), session_from);
    return sessions;
}

Result<void> end_session(store::Transaction& transaction, std::string_view mail,
                         const SessionId& session) {
    TRY(const auto dropped, transaction.run(drop_session, {session, mail}));
    if (dropped == 0) {
        return fail(ErrorKind::missing, "there is no such session");
    }
    return {};
}

Result<void> end_sessions(store::Transaction& transaction, std::string_view mail) {
    TRY_DO(transaction.run(drop_sessions, {mail}));
    TRY_DO(transaction.run(drop_links_to, {mail}));
    return {};
}

std::string browser_words(std::string_view user_agent) {
    using Name = std::pair<std::string_view, std::string_view>;
    // The order matters: Edge and Opera call themselves Chrome, and Chrome calls itself Safari.
    static constexpr std::array<Name, 6> browsers = {
        Name{"Firefox/", "Firefox"}, {"Edg/", "Edge"},      {"OPR/", "Opera"},
        {"Chrome/", "Chrome"},       {"Safari/", "Safari"}, {"curl/", "curl"}};
    static constexpr std::array<Name, 6> systems = {
        Name{"Android", "Android"}, {"iPhone", "iPhone"},  {"iPad", "iPad"},
        {"Windows", "Windows"},     {"Mac OS X", "macOS"}, {"Linux", "Linux"}};
    const std::string_view browser = first_named(user_agent, browsers);
    const std::string_view system = first_named(user_agent, systems);
    std::string words(browser.empty() ? "a browser" : browser);
    if (!system.empty()) {
        words += " on ";
        words += system;
    }
    return words;
}

bool is_local_path(std::string_view path) {
    const auto odd = [](unsigned char c) { return c <= ' ' || c == 0x7f || c == '\\'; };
    return path.starts_with('/') && !path.starts_with("//") && std::ranges::none_of(path, odd);
}

} // namespace allot::auth
