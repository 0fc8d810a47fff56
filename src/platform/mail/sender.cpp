#include "platform/mail/sender.hpp"

#include "base/text.hpp"
#include "platform/auth/secrets.hpp"
#include "platform/auth/signed_link.hpp"
#include "platform/mail/wishes.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace allot::mail {

namespace {

using jobs::Held;
using jobs::Outcome;
using store::Transaction;

constexpr std::string_view end_purpose = "end_mail";

[[nodiscard]] bool is_over(const Kept& kept, Moment now) {
    return now >= kept.written + rule_of(kept.mail.kind).lasts ||
           (kept.mail.good_until && now >= *kept.mail.good_until);
}

} // namespace

std::string end_path(std::string_view text) {
    return "/mail/end/" + std::string(text);
}

std::string end_text(std::string_view signing_key, std::string_view scope,
                     std::string_view mail_hash, Stream stream, std::string_view topic) {
    return auth::signed_text(signing_key, end_purpose,
                             fmt::format("{} {} {}{}{}", scope, name_of(stream), mail_hash,
                                         topic.empty() ? "" : " ", topic));
}

Result<void> carry_out(Transaction& transaction, const EndOf& end) {
    return end.topic.empty() ? end_stream(transaction, end.scope, end.mail_hash, end.stream)
                             : end_topic(transaction, end.scope, end.mail_hash, end.topic);
}

std::optional<EndOf> end_of(std::string_view signing_key, std::string_view text) {
    const auto payload = auth::payload_of(signing_key, end_purpose, text);
    const auto parts = text::split_list(payload.value_or(""), ' ');
    const bool fits = parts.size() == 3 || parts.size() == 4;
    const auto stream = fits ? stream_named(parts[1]) : std::nullopt;
    return stream ? std::optional(EndOf{.scope = parts[0],
                                        .stream = *stream,
                                        .mail_hash = parts[2],
                                        .topic = parts.size() == 4 ? parts[3] : std::string()})
                  : std::nullopt;
}

Result<Outcome> Sender::send(Held& held) {
    TRY(auto next,
        store_.write([&](Transaction& transaction) { return begin(transaction, held); }));
    if (auto* const outcome = std::get_if<Outcome>(&next)) {
        return std::move(*outcome);
    }
    const auto& letter = std::get<Letter>(next);
    const Delivery delivery = carrier_.carry(letter.from, letter.to, written(letter), [&] {
        // Where the work is lost, what the server says is noted for nobody: see `Held`.
        [[maybe_unused]] const auto kept = held.keep_alive();
    });
    if (delivery.fate == Fate::failed || delivery.fate == Fate::unsure) {
        return note_failed(held, delivery);
    }
    return note(held, letter, delivery);
}

/// What is to be done with it now; the letter, once it is marked.
Result<Sender::Next> Sender::begin(Transaction& transaction, Held& held) {
    const std::string& scope = held.job().scope;
    TRY(const auto kept, find_mail(transaction, scope, held.job().about));
    const bool open = kept && (kept->state == State::waiting || kept->state == State::sending);
    if (!open) {
        return Outcome{}; // dropped meanwhile, as when a person was erased; or sent
    }
    const bool was_begun = kept->state == State::sending;
    if (was_begun && !rule_of(kept->mail.kind).again) {
        return end(transaction, held, State::unsure);
    }
    TRY(const auto never, why_not(transaction, scope, *kept));
    if (never) { // of one that was begun nobody knows whether it came
        return end(transaction, held, was_begun ? State::unsure : *never);
    }
    TRY(const auto later, morning(transaction, scope, *kept));
    if (later) {
        return Outcome{.again = later, .given_up = ""};
    }
    return mark(transaction, held, *kept);
}

/// From here on it may have been sent. Only whoever still has the work may begin.
Result<Sender::Next> Sender::mark(Transaction& transaction, Held& held, const Kept& kept) {
    Kept marked = kept;
    if (marked.message_id.empty()) {
        marked.message_id = fmt::format("<{}@{}>", kept.id, domain_of(options_.from));
    }
    const std::string& scope = held.job().scope;
    TRY_DO(held.keep(transaction));
    TRY_DO(mark_sending(transaction, scope, kept.id, marked.message_id));
    TRY(auto letter, letter_of(transaction, scope, marked));
    return letter;
}

/// Why it is not sent at all, if so.
Result<std::optional<State>> Sender::why_not(Transaction& transaction, std::string_view scope,
                                             const Kept& kept) {
    const KindRule& rule = rule_of(kept.mail.kind);
    if (is_over(kept, clock_.now())) {
        return State::over;
    }
    const std::string hash = auth::hash_of(kept.mail.recipient);
    TRY(const Wishes wishes, wishes_of(transaction, scope, hash));
    TRY(const bool ended, has_ended(transaction, scope, hash, kept.mail.topic));
    const bool wanted = kept.mail.topic.empty() ? wishes.wants(rule) : !ended;
    // Who asks for a link has a reason to; perhaps the address works again.
    TRY(const bool paused, is_paused(transaction, kept.mail.recipient));
    if (!wanted || (paused && kept.mail.kind != Kind::sign_in)) {
        return State::held_back;
    }
    return std::nullopt;
}

/// When her night ends, if it is night where she is.
Result<std::optional<Moment>> Sender::morning(Transaction& transaction, std::string_view scope,
                                              const Kept& kept) {
    if (rule_of(kept.mail.kind).at_night || scope == server_scope) {
        return std::nullopt;
    }
    TRY(const auto member,
        directory_.member_with_mail(transaction, auth::CollectiveId(std::string(scope)),
                                    kept.mail.recipient));
    const Moment now = clock_.now();
    const Moment day = member ? nights_.morning_after(member->zone, now) : now;
    return day > now ? std::optional(day) : std::nullopt;
}

Result<Letter> Sender::letter_of(Transaction& transaction, std::string_view scope,
                                 const Kept& kept) {
    const KindRule& rule = rule_of(kept.mail.kind);
    Letter letter{.from = options_.from,
                  .from_name = "",
                  .to = kept.mail.recipient,
                  .subject = kept.mail.subject,
                  .text = kept.mail.body,
                  .date = clock_.now(),
                  .message_id = kept.message_id,
                  .ways_to_end = {}};
    TRY(const auto all, directory_.collectives(transaction));
    const auto from = std::ranges::find_if(
        all, [&](const auth::Collective& one) { return one.id.text() == scope; });
    if (from != all.end()) {
        letter.from_name = from->name;
    }
    if (!kept.mail.answer_tag.empty()) {
        letter.answers_to = address_with_tag(letter.from, kept.mail.answer_tag);
    }
    letter.calendar = kept.mail.calendar;
    if (rule.can_end || !kept.mail.topic.empty()) {
        const std::string text = end_text(options_.signing_key, scope, auth::hash_of(letter.to),
                                          rule.stream, kept.mail.topic);
        if (!options_.origin.empty()) {
            letter.ways_to_end.push_back(options_.origin + end_path(text));
        }
        letter.ways_to_end.push_back(fmt::format("mailto:{}?subject=end%20{}", letter.from, text));
        letter.one_click = options_.origin.starts_with("https://");
    }
    return letter;
}

Result<Outcome> Sender::end(Transaction& transaction, Held& held, State state) {
    TRY_DO(held.finish(transaction));
    TRY_DO(mark_ended(transaction, held.job().scope, held.job().about, state, clock_.now()));
    return Outcome{};
}

/// The server has taken it, or never will.
Result<Outcome> Sender::note(Held& held, const Letter& letter, const Delivery& delivery) {
    return store_.write([&](Transaction& transaction) -> Result<Outcome> {
        if (delivery.fate == Fate::accepted) {
            return end(transaction, held, State::sent);
        }
        if (delivery.fate == Fate::no_such_address) {
            TRY_DO(note_refusal(transaction, letter.to, clock_.now()));
            return end(transaction, held, State::refused);
        }
        TRY_DO(held.keep(transaction));
        TRY_DO(mark_ended(transaction, held.job().scope, held.job().about, State::refused,
                          clock_.now()));
        return Outcome{.again = std::nullopt, .given_up = delivery.words};
    });
}

/// Surely not sent: it waits again. Perhaps sent: the mark stays, and the next try decides by it.
Result<Outcome> Sender::note_failed(Held& held, const Delivery& delivery) {
    if (delivery.fate == Fate::failed) {
        const auto waits = store_.write([&](Transaction& transaction) -> Result<void> {
            TRY_DO(held.keep(transaction));
            return mark_waiting(transaction, held.job().scope, held.job().about);
        });
        TRY_DO(waits);
    }
    return fail(ErrorKind::unavailable, delivery.words);
}

} // namespace allot::mail
