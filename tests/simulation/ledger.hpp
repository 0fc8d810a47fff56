/// A second book about the mail of a year, kept beside the outbox from what people did and from
/// what the postman saw.
#pragma once

#include "base/world.hpp"
#include "platform/mail/carrier.hpp"
#include "platform/store/statement.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace allot::simulation {

/// What somebody has said about her mail, as far as it may have been heard.
struct Reader {
    bool erased = false;
    bool reminders = true;
    bool weekly = false;
    std::set<std::string> followed; ///< ids of series about which she may get mail
};

/// A mail as it was last seen.
struct Entry {
    std::string kind;
    std::string recipient;
    std::string subject;
    std::string body; ///< of one that has ended: as it was
    std::string topic;
    std::string state;
    Moment written;
    int arrived = 0; ///< how often it may have come to its reader
    std::optional<mail::Fate> fate;
};

/// What does not hold is written into `wrong`.
class Ledger {
  public:
    /// Columns of `all_mail` and `all_refusals`, in their order.
    static constexpr store::Statement all_mail =
        "SELECT collective_id, id, kind, recipient, subject, body, state, topic, written_at "
        "FROM mail ORDER BY collective_id, id";
    static constexpr store::Statement all_refusals =
        "SELECT mail, times, last_day, paused_day FROM mail_refusal ORDER BY mail";

    void look(const store::Rows& mails, const store::Rows& refusals, Moment now);
    void carried(const std::string& to, const std::string& message_id, mail::Fate fate);
    /// She has used a link that came by mail, or tried to: what is known of her box may be dropped.
    void may_work_again(const std::string& mail) { uncertain_.insert(mail); }

    [[nodiscard]] Reader& reader(const std::string& mail) { return readers_[mail]; }
    [[nodiscard]] const std::map<std::string, Entry>& entries() const { return entries_; }
    /// The kind, the topic and the reader of a letter; null: nobody wrote it.
    [[nodiscard]] const Entry* entry_of(const std::string& message_id) const;

    std::vector<std::string> wrong;

  private:
    struct Refusals {
        std::int64_t times = 0;
        std::int64_t last_day = 0;
    };
    void begin(const std::string& key, const Entry& entry);
    void change(const std::string& key, Entry& entry, const std::string& state, Moment now);
    void check_gone(const std::set<std::string>& seen, Moment now);
    void check_refusals(const store::Rows& rows);
    [[nodiscard]] bool wants(const Entry& entry);
    void note(std::string_view what, const std::string& key, const Entry& entry);

    std::map<std::string, Entry> entries_; ///< by the id of the mail
    std::map<std::string, Reader> readers_;
    std::map<std::string, Refusals> refusals_;
    std::set<std::string> uncertain_;
    std::set<std::string> written_; ///< recipient, moment and words of each
    std::set<std::string> reminded_;
};

} // namespace allot::simulation
