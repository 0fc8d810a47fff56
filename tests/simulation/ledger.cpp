#include "tests/simulation/ledger.hpp"

#include "platform/mail/kinds.hpp"
#include "platform/mail/outbox.hpp"
#include "platform/mail/wishes.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace allot::simulation {

namespace {

using std::chrono::days;

/// What nobody could send is dropped after a month.
constexpr days longest_time{31};
constexpr std::int64_t refusal_days = 31;

[[nodiscard]] bool is_open(std::string_view state) {
    return state == "waiting" || state == "sending";
}

[[nodiscard]] std::int64_t day_of(Moment now) {
    return std::chrono::floor<days>(now).time_since_epoch().count();
}

/// The address of the gathering that a mail is about.
[[nodiscard]] std::string gathering_in(std::string_view body) {
    const std::size_t begin = body.find("/series/");
    return begin == std::string_view::npos
               ? std::string()
               : std::string(body.substr(begin, body.find_first_of(" \r\n", begin) - begin));
}

[[nodiscard]] const mail::KindRule& rule_for(const Entry& entry) {
    const auto kind = mail::kind_named(entry.kind);
    ALLOT_CHECK(kind.has_value(), "a kind of mail that there is");
    return mail::rule_of(*kind);
}

} // namespace

void Ledger::note(std::string_view what, const std::string& key, const Entry& entry) {
    wrong.push_back(fmt::format("{}: {} to {}, {} ({})", what, entry.kind, entry.recipient,
                                entry.subject, key));
}

const Entry* Ledger::entry_of(const std::string& message_id) const {
    const std::size_t end = message_id.find('@');
    const auto found = entries_.find(message_id.substr(1, end - 1));
    return found == entries_.end() ? nullptr : &found->second;
}

/// No occasion is written about twice: a reminder once for a gathering, others once at a moment.
void Ledger::begin(const std::string& key, const Entry& entry) {
    entries_.emplace(key, entry);
    if (entry.kind == "sign_in" || !is_open(entry.state)) {
        return;
    }
    const std::string occasion =
        fmt::format("{}\n{}\n{}\n{}", entry.recipient, entry.written.time_since_epoch().count(),
                    entry.subject, entry.body);
    if (!written_.insert(occasion).second) {
        note("the same mail twice at one moment", key, entry);
    }
    // What waits in a thread is another occasion: it may come again, on another day.
    const bool is_of_words = entry.subject.starts_with("Words of guests wait");
    const std::string of_what = is_of_words ? fmt::format(" words, day {}", day_of(entry.written))
                                            : gathering_in(entry.body);
    if (entry.kind == "reminder" && !reminded_.insert(entry.recipient + of_what).second) {
        note("reminded twice of one gathering, or of words on one day", key, entry);
    }
    if (reader(entry.recipient).erased) {
        note("written to somebody who was erased", key, entry);
    }
}

void Ledger::change(const std::string& key, Entry& entry, const std::string& state, Moment now) {
    if (entry.state == state) {
        return;
    }
    if (!is_open(entry.state)) {
        note("it has ended, and goes on", key, entry);
    }
    entry.state = state;
    if (state == "sent" && entry.fate != mail::Fate::accepted) {
        note("nobody took it, and it is called sent", key, entry);
    }
    if (state == "unsure" && entry.arrived == 0 && !entry.fate) {
        // A process ended between the mark and the postman: that is what the word says.
        entry.fate = mail::Fate::unsure;
    }
    if (state != "refused") {
        return;
    }
    if (entry.fate != mail::Fate::rejected && entry.fate != mail::Fate::no_such_address) {
        note("nobody refused it, and it is called refused", key, entry);
    }
    if (entry.fate == mail::Fate::no_such_address) {
        Refusals& one = refusals_[entry.recipient];
        const bool counts =
            one.times >= mail::refusals_to_pause || one.last_day >= day_of(now) - refusal_days;
        one.times = (counts ? one.times : 0) + 1;
        one.last_day = day_of(now);
    }
}

void Ledger::check_gone(const std::set<std::string>& seen, Moment now) {
    for (auto it = entries_.begin(); it != entries_.end();) {
        const Entry& entry = it->second;
        if (seen.contains(it->first)) {
            ++it;
            continue;
        }
        const bool is_excused = !is_open(entry.state) || reader(entry.recipient).erased ||
                                entry.written + longest_time <= now;
        if (!is_excused) {
            note("accepted, and lost", it->first, entry);
        }
        it = entries_.erase(it);
    }
}

/// Who was refused twice within a month is paused until she shows that mail arrives.
void Ledger::check_refusals(const store::Rows& rows) {
    std::map<std::string, std::pair<Refusals, bool>> kept;
    for (const store::Row& row : rows) {
        kept[row.text(0)] = {{row.integer(1), row.integer(2)}, !row.is_null(3)};
    }
    for (const std::string& mail : uncertain_) {
        const auto found = kept.find(mail);
        if (found == kept.end()) {
            refusals_.erase(mail);
        } else {
            refusals_[mail] = found->second.first;
        }
    }
    uncertain_.clear();
    std::erase_if(refusals_, [&](const auto& one) { return reader(one.first).erased; });
    for (const auto& [mail, ours] : refusals_) {
        const auto found = kept.find(mail);
        const bool is_paused = found != kept.end() && found->second.second;
        if (is_paused != (ours.times >= mail::refusals_to_pause)) {
            wrong.push_back(fmt::format("{} was refused {} times, and is {}paused", mail,
                                        ours.times, is_paused ? "" : "not "));
        }
    }
}

void Ledger::look(const store::Rows& mails, const store::Rows& refusals, Moment now) {
    std::set<std::string> seen;
    for (const store::Row& row : mails) {
        const std::string key = row.text(1);
        seen.insert(key);
        const auto found = entries_.find(key);
        if (found != entries_.end()) {
            change(key, found->second, row.text(6), now);
            continue;
        }
        begin(key, {.kind = row.text(2),
                    .recipient = row.text(3),
                    .subject = row.text(4),
                    .body = row.text(5),
                    .topic = row.text(7),
                    .state = row.text(6),
                    .written = row.moment(8),
                    .arrived = 0,
                    .fate = std::nullopt});
    }
    check_gone(seen, now);
    check_refusals(refusals);
}

bool Ledger::wants(const Entry& entry) {
    const Reader& who = reader(entry.recipient);
    const mail::KindRule& rule = rule_for(entry);
    if (!entry.topic.empty()) {
        return who.followed.contains(entry.topic);
    }
    if (!rule.can_end) {
        return true;
    }
    return rule.stream == mail::Stream::digest ? who.weekly : who.reminders;
}

void Ledger::carried(const std::string& to, const std::string& message_id, mail::Fate fate) {
    const std::size_t end = message_id.find('@');
    const std::string key = message_id.substr(1, end - 1);
    const auto found = entries_.find(key);
    if (found == entries_.end()) {
        wrong.push_back(fmt::format("a letter to {} that nobody wrote ({})", to, message_id));
        return;
    }
    Entry& entry = found->second;
    entry.fate = fate;
    entry.arrived += fate == mail::Fate::accepted || fate == mail::Fate::unsure ? 1 : 0;
    if (to != entry.recipient) {
        note("carried to somebody else", key, entry);
    }
    if (reader(to).erased) {
        note("sent to somebody who was erased", key, entry);
    }
    if (!wants(entry)) {
        note("sent to somebody who asked for none", key, entry);
    }
    if (entry.arrived > 1 && !rule_for(entry).again) {
        note("sent twice", key, entry);
    }
    const auto refused = refusals_.find(to);
    const bool is_paused = refused != refusals_.end() && !uncertain_.contains(to) &&
                           refused->second.times >= mail::refusals_to_pause;
    if (is_paused && entry.kind != "sign_in") {
        note("sent to an address that is paused", key, entry);
    }
}

} // namespace allot::simulation
