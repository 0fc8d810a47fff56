#include "collective/gatherings/replies.hpp"

#include "collective/gatherings/answer_tags.hpp"
#include "collective/gatherings/given_names.hpp"
#include "collective/gatherings/letterbox.hpp"
#include "collective/gatherings/reply_effects.hpp"
#include "collective/gatherings/series_calls.hpp"
#include "collective/gatherings/subscribers.hpp"
#include "collective/people/person_store.hpp"
#include "engine/calendar/reply.hpp"
#include "platform/auth/limits.hpp"
#include "platform/auth/secrets.hpp"
#include "platform/pages/clean_text.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace allot::gatherings {

namespace {

using calendar::Attends;
using std::chrono::days;
using store::Statement;

constexpr std::size_t longest_words = 2000;
constexpr std::size_t longest_name = 80;
constexpr auth::Allowance words_of_one_mail{"reply_mail", 12, std::chrono::hours(24)};

/// All that one answer is taken with.
struct Reading {
    Transaction& transaction;
    ZoneBook& zones;
    const FoundTag& found;
    const mail::Reply& reply;
    const std::string& words; ///< of the reply, cleaned as those of forms
    Moment now;
    Entropy& entropy;
};

/// The text up to `most` code points.
[[nodiscard]] std::string cut(std::string_view text, std::size_t most) {
    std::size_t at = 0;
    for (std::size_t n = 0; n < most && at < text.size(); ++n) {
        ++at;
        while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xc0U) == 0x80U) {
            ++at;
        }
    }
    return std::string(text.substr(0, at));
}

/// Who wrote, and whether she may see the series: she may have left since the mail was sent.
[[nodiscard]] Result<std::optional<Writer>> writer_of(const Reading& in, const Series& series) {
    const CollectiveId& collective = in.found.collective;
    TRY(const auto person, people::person_with_mail(in.transaction, collective, in.reply.from));
    Writer writer{.name = cut(pages::in_one_line(in.reply.name), longest_name),
                  .mail_hash = in.found.tag.mail_hash};
    if (person && person->role >= auth::Role::member) {
        writer.person = person->id;
        TRY(const bool sees,
            sees_series(in.transaction, collective, series, person->id, person->role));
        return sees ? std::optional(std::move(writer)) : std::nullopt;
    }
    const bool sees = series.about.audience == Audience::everyone;
    return sees ? std::optional(std::move(writer)) : std::nullopt;
}

// -- Invitations ---------------------------------------------------------------------------------

/// The gathering that a RECURRENCE-ID names, on the clock of the rhythm. A calendar that has not
/// heard yet of a change "from here on" names what took its place.
[[nodiscard]] Result<std::optional<Occurrence>> gathering_named(const Reading& in, const Plan& plan,
                                                                const Rhythm& rhythm,
                                                                const calendar::Reply& said) {
    const calendar::WallTime& when = *said.instance;
    Wall wall = when.time;
    if (when.form == calendar::TimeForm::date) {
        const auto time_of_day = rhythm.start - std::chrono::floor<days>(rhythm.start);
        wall = std::chrono::floor<days>(wall) + time_of_day;
    } else if (when.form == calendar::TimeForm::utc) {
        TRY(const calendar::Zone* const zone, in.zones.zone(rhythm.zone));
        wall = zone->to_local(Instant(when.time.time_since_epoch()));
    } else if (!said.zone.empty() && said.zone != rhythm.zone) {
        // A name that this machine does not know is taken for another name of the same zone.
        const auto theirs = in.zones.zone(said.zone);
        TRY(const calendar::Zone* const zone, in.zones.zone(rhythm.zone));
        wall = theirs ? zone->to_local((*theirs)->to_utc(when.time)) : wall;
    }
    TRY(const auto one, occurrence_of(plan, in.zones, wall));
    if (one && &plan.rhythms[one->rhythm] == &rhythm) {
        return one;
    }
    TRY(const auto before, last_called(in.transaction, in.found.collective, plan.series.id, wall));
    if (!before) {
        return one;
    }
    return before->became ? occurrence_of(plan, in.zones, *before->became)
                          : Result<std::optional<Occurrence>>(std::nullopt);
}

[[nodiscard]] std::optional<bool> comes(Attends answer) {
    return answer == Attends::perhaps ? std::nullopt : std::optional(answer == Attends::yes);
}

/// An answer in the state of its series.
struct Answering {
    const Plan& plan;
    const Rhythm& rhythm;
    const calendar::Reply& said;
    const Writer& writer;
    std::int64_t sent = 0; ///< SEQUENCE of the invitation to all that her calendar has
    Instant stamp;         ///< when it was written
};

/// Takes it for one gathering where it is the newest: of what that calendar was last sent, and
/// written no earlier than the one that counts (RFC 5546, 2.1.5). Whether it was.
[[nodiscard]] Result<bool> take_for_one(const Reading& in, const Answering& answer,
                                        const Occurrence& gathering) {
    const CollectiveId& collective = in.found.collective;
    const SeriesId& series = answer.plan.series.id;
    const InvitedOne one{.hash = in.found.tag.mail_hash,
                         .rhythm = answer.plan.rhythms[gathering.rhythm].number,
                         .original = gathering.original};
    TRY(Exchanged exchanged, exchanged_about(in.transaction, collective, series, one));
    // What no calendar was sent, by a program that is wrong, must not outlast all that follows.
    const std::int64_t most = std::max(exchanged.sequence, answer.sent);
    const std::int64_t sequence = std::min<std::int64_t>(answer.said.sequence, most);
    const std::int64_t before = std::min(exchanged.answered_sequence, most);
    const bool is_newest = std::tie(sequence, answer.stamp) >= std::tie(before, exchanged.answered);
    if (sequence < exchanged.sequence || !is_newest) {
        return false;
    }
    exchanged.answered_sequence = sequence;
    exchanged.answered = answer.stamp;
    TRY_DO(save_exchanged(in.transaction, collective, series, one, exchanged));
    TRY_DO(note_presence(in.transaction, collective, answer.plan.series, one.original,
                         answer.writer, comes(answer.said.answer)));
    return true;
}

/// For each gathering that Events shows and that the answer to all of them is the newest for.
[[nodiscard]] Result<Taken> take_for_all(const Reading& in, const Answering& answer) {
    const auto second = std::chrono::floor<std::chrono::seconds>(in.now);
    TRY(const auto all, occurrences(answer.plan, in.zones, second, second + events_ahead));
    Taken taken = Taken::dropped;
    for (const Occurrence& one : all) {
        if (!one.cancelled && &answer.plan.rhythms[one.rhythm] == &answer.rhythm) {
            TRY(const bool counts, take_for_one(in, answer, one));
            taken = counts ? Taken::done : taken;
        }
    }
    return taken;
}

/// The SEQUENCE of the invitation to a whole rhythm that a calendar has. Another gathering of it
/// may have been moved since: that is no reason to drop an answer.
[[nodiscard]] Result<std::int64_t> sequence_sent(const Reading& in, const Series& series,
                                                 const Rhythm& rhythm) {
    TRY(const auto told, find_invited(in.transaction, in.found.collective, series.id,
                                      in.found.tag.mail_hash, rhythm.number));
    return told ? told->whole : static_cast<std::int64_t>(rhythm.revision.sequence);
}

[[nodiscard]] Result<Taken> take_answer(const Reading& in, const Plan& plan,
                                        const calendar::Reply& said, const Writer& writer) {
    const auto rhythm = std::ranges::find(plan.rhythms, said.uid, &Rhythm::uid);
    if (rhythm == plan.rhythms.end() || said.attendee != in.reply.from ||
        said.answer == Attends::unsaid) {
        return Taken::dropped;
    }
    TRY(const std::int64_t sent, sequence_sent(in, plan.series, *rhythm));
    if (said.sequence < sent) {
        return Taken::dropped;
    }
    // What is written in the future, by a clock that is wrong, must not outlast all that follows.
    const auto now = std::chrono::floor<std::chrono::seconds>(in.now);
    const Answering answer{.plan = plan,
                           .rhythm = *rhythm,
                           .said = said,
                           .writer = writer,
                           .sent = sent,
                           .stamp = std::min(said.stamp.value_or(now), now)};
    if (!said.instance) {
        return take_for_all(in, answer);
    }
    TRY(const auto one, gathering_named(in, plan, *rhythm, said));
    if (!one) {
        return Taken::dropped;
    }
    TRY(const bool counts, take_for_one(in, answer, *one));
    return counts ? Taken::done : Taken::dropped;
}

[[nodiscard]] Result<Taken> take_calendar(const Reading& in, const Series& series) {
    if (in.reply.calendar.empty()) {
        return in.reply.by_program ? Taken::dropped : Taken::calendar_only;
    }
    const auto answers = calendar::read_replies(in.reply.calendar);
    TRY(const auto writer, writer_of(in, series));
    if (!answers || !writer) {
        return Taken::dropped;
    }
    TRY(const Plan plan, plan_of(in.transaction, in.found.collective, series));
    Taken taken = Taken::dropped;
    for (const calendar::Reply& said : *answers) {
        TRY(const Taken one, take_answer(in, plan, said, *writer));
        taken = one == Taken::done ? one : taken;
    }
    return taken;
}

// -- Once ----------------------------------------------------------------------------------------

// Mail systems deliver again what they are not sure of: words are taken once, as those of a form
// are, and remembered as long.
constexpr Statement find_taken =
    "SELECT next FROM command WHERE collective_id = $1 AND form_key = $2";
constexpr Statement insert_taken =
    "INSERT INTO command (collective_id, form_key, next, done_day) VALUES ($1, $2, $3, $4)";

/// The same for the same mail: not one that a browser could send.
[[nodiscard]] std::string key_of(const mail::Reply& reply) {
    return "mail " + auth::hash_of(reply.tag + "\n" + reply.message_id + "\n" + reply.words);
}

[[nodiscard]] Result<bool> was_taken(const Reading& in) {
    TRY(const auto row, in.transaction.row(find_taken, {in.found.collective, key_of(in.reply)}));
    return row.has_value();
}

[[nodiscard]] Result<Taken> taken_now(const Reading& in) {
    TRY_DO(in.transaction.run(insert_taken, {in.found.collective, key_of(in.reply), "",
                                             std::chrono::floor<days>(in.now)}));
    return Taken::done;
}

// -- Words ---------------------------------------------------------------------------------------

[[nodiscard]] Result<Taken> taken_as(const Reading& in, Noted noted) {
    switch (noted) {
    case Noted::kept:
        return taken_now(in);
    case Noted::nowhere:
        return Taken::dropped;
    case Noted::closed:
        return Taken::not_wanted;
    case Noted::full:
        return Taken::no_room;
    }
    std::unreachable();
}

[[nodiscard]] Result<Taken> take_words(const Reading& in, const Series& series) {
    if (in.reply.by_program) {
        return Taken::dropped;
    }
    if (in.words.empty()) {
        return Taken::no_words;
    }
    TRY(const auto writer, writer_of(in, series));
    if (!writer) {
        return Taken::dropped;
    }
    if (!writer->person && series.about.guests == Guests::none) {
        return Taken::not_wanted;
    }
    TRY(const bool again, was_taken(in));
    if (again) {
        return Taken::done;
    }
    if (!auth::count_try(in.transaction, words_of_one_mail, in.reply.from, in.now)) {
        return Taken::no_room;
    }
    TRY(const Noted noted,
        note_words(in.transaction, in.found.collective, series, in.found.tag.original, *writer,
                   cut(in.words, longest_words), in.zones, in.now, in.entropy));
    return taken_as(in, noted);
}

[[nodiscard]] Result<Taken> take_letter(const Reading& in) {
    if (in.reply.by_program) {
        return Taken::dropped;
    }
    if (in.words.empty()) {
        return Taken::no_words;
    }
    TRY(const bool again, was_taken(in));
    if (again) {
        return Taken::done;
    }
    if (!auth::count_try(in.transaction, words_of_one_mail, in.reply.from, in.now)) {
        return Taken::no_room;
    }
    const auto kept =
        continue_letter(in.transaction, in.found.collective, LetterId(in.found.tag.about),
                        in.reply.from, cut(in.words, longest_letter), in.now, in.entropy);
    if (!kept && kept.error().kind == ErrorKind::too_many) {
        return Taken::no_room;
    }
    TRY(const bool is_there, kept);
    return is_there ? taken_now(in) : Taken::dropped;
}

} // namespace

Result<Taken> take_reply(Transaction& transaction, const pages::Zones& zones,
                         const mail::Reply& reply, Moment now, Entropy& entropy) {
    TRY(const auto found, find_tag(transaction, reply.tag, std::chrono::floor<days>(now)));
    if (!found || reply.from.empty() ||
        !auth::same_secret(auth::hash_of(reply.from), found->tag.mail_hash)) {
        return Taken::dropped;
    }
    ZoneBook book(zones);
    const std::string words = pages::in_lines(reply.words);
    const Reading in{.transaction = transaction,
                     .zones = book,
                     .found = *found,
                     .reply = reply,
                     .words = words,
                     .now = now,
                     .entropy = entropy};
    if (found->tag.kind == Answered::letter) {
        return take_letter(in);
    }
    TRY(const auto series, find_series(transaction, found->collective, SeriesId(found->tag.about)));
    if (!series) {
        return Taken::dropped;
    }
    return found->tag.kind == Answered::invitation ? take_calendar(in, *series)
                                                   : take_words(in, *series);
}

} // namespace allot::gatherings
