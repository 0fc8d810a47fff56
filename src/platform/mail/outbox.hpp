/// Mail that is to be sent, written in the same transaction as what it tells of; and what became of
/// it.
#pragma once

#include "platform/mail/calendar_part.hpp"
#include "platform/mail/kinds.hpp"
#include "platform/store/store.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace allot::mail {

/// The scope of mail that belongs to no collective, such as a link to sign in.
inline constexpr std::string_view server_scope = "-";
/// The kind of its jobs.
inline constexpr std::string_view job_kind = "mail";

struct Mail {
    Kind kind = Kind::sign_in;
    std::string recipient; ///< as `normal_mail` writes it
    std::string subject;   ///< one line
    std::string body;      ///< plain text
    /// Not sent after that, such as when it has begun; in any case not after `KindRule::lasts`.
    std::optional<Moment> good_until = std::nullopt;
    /// Of what it is, where its reader asked for mail about just that: it can be ended by itself,
    /// whatever its kind, and is sent whatever else she wishes. One word; empty: of nothing.
    std::string topic;
    /// Answers go to the address of the server with this tag (`address_with_tag`), where
    /// `read_inbound` finds it again; empty: to the address of the server.
    std::string answer_tag;
    std::optional<CalendarPart> calendar = std::nullopt;
};

/// Writes it, and asks for the job that sends it.
[[nodiscard]] Result<void> write_mail(store::Transaction& transaction, std::string_view scope,
                                      const Mail& mail, Moment now, Entropy& entropy);

/// Drops all that is kept about an address in a scope: mail to it, sent or not, and wishes; in
/// `server_scope` also whether it takes mail. As when a person is erased.
[[nodiscard]] Result<void> drop_mail_to(store::Transaction& transaction, std::string_view scope,
                                        std::string_view recipient);

/// Where a mail is on its way.
enum class State : std::uint8_t {
    waiting,
    sending,   ///< a process has begun: nobody knows whether it was sent until that process says so
    sent,      ///< the mail server has taken it
    unsure,    ///< a process ended over it, and its kind is not sent twice
    refused,   ///< by the mail server, for good
    held_back, ///< its reader has ended its stream, or her address does not take mail
    over,      ///< too late to be of use
};
[[nodiscard]] std::string_view name_of(State state);

/// A mail as it is kept. Of one that has ended no words are left.
struct Kept {
    std::string id;
    Mail mail;
    State state = State::waiting;
    std::string message_id; ///< "<...@...>"; empty until it is first sent
    Moment written;
    std::optional<std::chrono::sys_days> ended;
};

/// nullopt: nothing of that id, or of a kind that this program does not know.
[[nodiscard]] Result<std::optional<Kept>> find_mail(store::Transaction& transaction,
                                                    std::string_view scope, std::string_view id);
/// The scope and the row of a mail that was sent, while that is known.
struct Sent {
    std::string scope;
    Kept kept;
};
[[nodiscard]] Result<std::optional<Sent>> mail_with_message_id(store::Transaction& transaction,
                                                               std::string_view message_id);
/// To an address, the newest first, at most 100.
[[nodiscard]] Result<std::vector<Kept>> mail_to(store::Transaction& transaction,
                                                std::string_view scope, std::string_view recipient);
/// The newest first, at most 100.
[[nodiscard]] Result<std::vector<Kept>> recent_mail(store::Transaction& transaction,
                                                    std::string_view scope);

/// When the longest waiting of those was written that are not sent; nothing where none waits.
[[nodiscard]] Result<std::optional<Moment>> oldest_waiting(store::Transaction& transaction,
                                                           std::string_view scope);

/// Marks it as on its way, under a Message-ID that stays from then on.
[[nodiscard]] Result<void> mark_sending(store::Transaction& transaction, std::string_view scope,
                                        std::string_view id, std::string_view message_id);
/// It was surely not sent, and may be later.
[[nodiscard]] Result<void> mark_waiting(store::Transaction& transaction, std::string_view scope,
                                        std::string_view id);
/// Its way has ended: its words are dropped.
[[nodiscard]] Result<void> mark_ended(store::Transaction& transaction, std::string_view scope,
                                      std::string_view id, State state, Moment now);

/// Drops words of links that are over, addresses and names of mail that ended a week ago, and what
/// nobody sent within a month.
[[nodiscard]] Result<void> drop_old_mail(store::Transaction& transaction, Moment now);

} // namespace allot::mail
