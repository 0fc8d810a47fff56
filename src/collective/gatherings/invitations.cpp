#include "collective/gatherings/invitations.hpp"

#include "collective/gatherings/answer_tags.hpp"
#include "collective/gatherings/rhythm.hpp"
#include "platform/auth/secrets.hpp"
#include "platform/mail/letter.hpp"

#include <algorithm>

namespace allot::gatherings {

namespace {

using calendar::Method;
using std::chrono::days;

/// A rhythm that meets no more within that time is over.
constexpr days looks_ahead{400};

[[nodiscard]] std::string location_of(const About& about, const Invitee& whom) {
    const bool shown = about.link_for == LinkFor::all || whom.belongs;
    return shown && !about.link.empty() ? about.link : about.place;
}

[[nodiscard]] calendar::EventWords words_of(const Teller& teller, const Series& series,
                                            const Invitee& whom) {
    return {.title = series.about.title,
            .description = series.about.about,
            .location = location_of(series.about, whom),
            .url = teller.address_of(series)};
}

/// What differs in words: its own title, why it was moved, its own page.
[[nodiscard]] std::optional<calendar::EventWords> own_words(const Teller& teller,
                                                            const Series& series,
                                                            const Gathering& one,
                                                            const calendar::EventWords& all) {
    if (one.title.empty() && one.why.empty() && one.agenda.empty()) {
        return std::nullopt;
    }
    calendar::EventWords words = all;
    words.title = title_of(series, &one);
    words.description = one.why.empty() ? one.agenda : one.why;
    words.url = teller.address_of(series, one.original);
    return words;
}

[[nodiscard]] Result<calendar::FeedEvent> event_of(const Teller& teller, const Plan& plan,
                                                   std::size_t rhythm, ZoneBook& zones,
                                                   const Invitee& whom) {
    const Rhythm& when = plan.rhythms[rhythm];
    calendar::FeedEvent event{
        .uid = when.uid, .words = words_of(teller, plan.series, whom), .revision = when.revision};
    TRY(event.zone, zones.zone(when.zone));
    TRY(event.series, calendar_series(plan, rhythm));
    for (const Gathering& one : plan.gatherings) {
        const bool here =
            one.original >= when.start &&
            (rhythm + 1 == plan.rhythms.size() || one.original < plan.rhythms[rhythm + 1].start);
        const auto words = own_words(teller, plan.series, one, event.words);
        if (here && words && !one.cancelled) {
            event.instance_words.push_back({.original = one.original, .words = *words});
        }
    }
    return event;
}

[[nodiscard]] Result<calendar::Invitation> invitation_to(Transaction& transaction,
                                                         const Teller& teller, const Plan& plan,
                                                         std::size_t rhythm, ZoneBook& zones,
                                                         const Invitee& whom) {
    TRY(auto event, event_of(teller, plan, rhythm, zones, whom));
    TRY(const std::string tag, tag_for(transaction, teller,
                                       {.kind = Answered::invitation,
                                        .about = plan.series.id.text(),
                                        .mail_hash = whom.hash}));
    return calendar::Invitation{
        .event = std::move(event),
        .organizer = {.address = mail::address_with_tag(teller.house.mail_from, tag),
                      .name = teller.collective.name},
        .attendee = {.address = whom.mail, .name = ""},
        .asks = whom.asks};
}

[[nodiscard]] mail::CalendarPart part_of(const calendar::Invitation& invitation) {
    return {.method = std::string(calendar::name_of(invitation.method)),
            .text = calendar::write_invitation(invitation)};
}

/// What the mail around the calendar part says.
enum class Letter : std::uint8_t { first, again, cancel };
constexpr std::array<std::string_view, 3> letter_keys = {"invite.", "invite.again_",
                                                         "invite.cancel_"};

/// All of a rhythm, as a mail.
[[nodiscard]] Result<void> send(Transaction& transaction, const Teller& teller, const Plan& plan,
                                std::size_t rhythm, ZoneBook& zones, const Invitee& whom,
                                Letter letter) {
    TRY(auto invitation, invitation_to(transaction, teller, plan, rhythm, zones, whom));
    const bool ends = letter == Letter::cancel;
    invitation.method = ends ? Method::cancel : Method::request;
    const pages::Catalogue& words = teller.words_for(whom.language);
    const std::string address = teller.address_of(plan.series);
    const std::string says = say_rhythm(plan.rhythms[rhythm], teller.house.zones.names());
    const std::initializer_list<pages::Argument> given = {
        {"series", std::string_view(plan.series.about.title)},
        {"collective", std::string_view(teller.collective.name)},
        {"rhythm", std::string_view(says)},
        {"address", std::string_view(address)}};
    const std::string key(letter_keys[static_cast<std::size_t>(letter)]);
    mail::Mail mail{.kind = ends ? mail::Kind::cancellation : mail::Kind::invitation,
                    .recipient = whom.mail,
                    .subject = words.say(key + "subject", given),
                    .body = words.say(key + "body", given)};
    mail.topic = plan.series.id.text();
    mail.calendar = part_of(invitation);
    TRY(mail.answer_tag, tag_for(transaction, teller,
                                 {.kind = Answered::invitation,
                                  .about = plan.series.id.text(),
                                  .mail_hash = whom.hash}));
    return write(transaction, teller, mail);
}

[[nodiscard]] Result<std::vector<bool>> still_meet(const Plan& plan, ZoneBook& zones, Instant now) {
    std::vector<bool> ahead(plan.rhythms.size(), false);
    TRY(const auto all, occurrences(plan, zones, now, now + looks_ahead));
    for (const Occurrence& one : all) {
        ahead[one.rhythm] = ahead[one.rhythm] || !one.cancelled;
    }
    return ahead;
}

/// Whether the series meets by a later rhythm already.
[[nodiscard]] Result<bool> is_past(const Plan& plan, std::size_t rhythm, ZoneBook& zones,
                                   Instant now) {
    if (rhythm + 1 == plan.rhythms.size()) {
        return false;
    }
    const Rhythm& next = plan.rhythms[rhythm + 1];
    TRY(const calendar::Zone* const zone, zones.zone(next.zone));
    return zone->to_utc(next.start) <= now;
}

} // namespace

Result<std::vector<Invitee>> invitees(Transaction& transaction, const Teller& teller,
                                      const Series& series) {
    std::vector<Invitee> all;
    if (teller.house.mail_from.empty()) {
        return all;
    }
    TRY(const auto subscribers, subscribers_of(transaction, teller.collective.id, series.id));
    for (const Subscriber& who : subscribers) {
        TRY(const Standing standing, standing_of(transaction, teller, series, who.mail));
        if (who.invited && standing.sees) {
            all.push_back({.hash = who.hash,
                           .mail = who.mail,
                           .language = who.language,
                           .zone = who.zone,
                           .belongs = standing.belongs});
        }
    }
    if (const std::string& group = series.about.calendar_mail; !group.empty()) {
        const std::string hash = auth::hash_of(group);
        if (std::ranges::find(all, hash, &Invitee::hash) == all.end()) {
            all.push_back({.hash = hash, .mail = group, .asks = false});
        }
    }
    return all;
}

Result<bool> invite(Transaction& transaction, const Teller& teller, const Plan& plan,
                    ZoneBook& zones, const Invitee& whom) {
    const CollectiveId& collective = teller.collective.id;
    const Series& series = plan.series;
    const bool over = is_over(series, std::chrono::floor<days>(teller.now));
    TRY(const auto ahead, still_meet(plan, zones, teller.second()));
    bool wrote = false;
    for (std::size_t k = 0; k < plan.rhythms.size(); ++k) {
        const Rhythm& rhythm = plan.rhythms[k];
        const auto sequence = static_cast<std::int64_t>(rhythm.revision.sequence);
        TRY(const auto told,
            find_invited(transaction, collective, series.id, whom.hash, rhythm.number));
        if (over ? !told || told->cancelled : !told && !ahead[k]) {
            continue;
        }
        // A calendar that knows when the rhythm ended keeps what was: nothing of it is ahead.
        TRY(const bool past, is_past(plan, k, zones, teller.second()));
        if ((!over || past) && told && !told->cancelled && told->sequence >= sequence) {
            continue;
        }
        const bool knows_it = told && !told->cancelled;
        TRY_DO(send(transaction, teller, plan, k, zones, whom,
                    over       ? Letter::cancel
                    : knows_it ? Letter::again
                               : Letter::first));
        TRY_DO(save_invited(transaction, collective, series.id, whom.hash, rhythm.number,
                            {.sequence = sequence, .cancelled = over, .whole = sequence}));
        wrote = true;
    }
    return wrote;
}

Result<std::optional<mail::CalendarPart>> part_about(Transaction& transaction, const Teller& teller,
                                                     const Plan& plan, ZoneBook& zones,
                                                     const Invitee& whom, const Occurrence& one) {
    const Rhythm& rhythm = plan.rhythms[one.rhythm];
    TRY(const auto told,
        find_invited(transaction, teller.collective.id, plan.series.id, whom.hash, rhythm.number));
    if (!told || told->cancelled) {
        return std::nullopt;
    }
    TRY(auto invitation, invitation_to(transaction, teller, plan, one.rhythm, zones, whom));
    invitation.method = one.cancelled ? Method::cancel : Method::request;
    invitation.only = rhythm.rule.empty() ? std::nullopt : std::optional(one.original);
    const CollectiveId& collective = teller.collective.id;
    const auto sequence = static_cast<std::int64_t>(rhythm.revision.sequence);
    Invited now_told = *told;
    // Where more has changed since than this one, the whole is still to be sent.
    now_told.sequence = told->sequence + 1 >= sequence ? sequence : told->sequence;
    if (invitation.only) {
        const InvitedOne which{
            .hash = whom.hash, .rhythm = rhythm.number, .original = one.original};
        TRY(Exchanged exchanged, exchanged_about(transaction, collective, plan.series.id, which));
        exchanged.sequence = sequence;
        TRY_DO(save_exchanged(transaction, collective, plan.series.id, which, exchanged));
    } else {
        now_told.whole = sequence;
    }
    TRY_DO(
        save_invited(transaction, collective, plan.series.id, whom.hash, rhythm.number, now_told));
    return part_of(invitation);
}

} // namespace allot::gatherings
