#include "collective/gatherings/announcement.hpp"

#include "collective/gatherings/announcements.hpp"
#include "collective/gatherings/chat_news.hpp"
#include "collective/gatherings/invitations.hpp"
#include "collective/gatherings/late.hpp"
#include "collective/gatherings/series_calls.hpp"
#include "collective/gatherings/telling.hpp"
#include "collective/people/person_store.hpp"
#include "platform/auth/secrets.hpp"
#include "platform/mail/wishes.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>

namespace allot::gatherings {

namespace {

using pages::Argument;
using pages::Catalogue;
using store::Statement;

/// People alone: the hash that stands for a guest is the id of nobody.
constexpr Statement list_coming =
    "SELECT p.id FROM presence x JOIN person p ON p.collective_id = x.collective_id "
    "AND p.id = x.who WHERE x.collective_id = $1 AND x.series_id = $2 AND x.original = $3 "
    "AND x.answer = 'plan'";

/// When it begins, or was to begin: somebody may get up for either.
[[nodiscard]] Instant first_moment(const Change& change) {
    return change.before ? std::min(change.before->begin, change.now.begin) : change.now.begin;
}

[[nodiscard]] mail::Kind kind_of(Occasion news, bool late_news) {
    if (news == Occasion::cancelled) {
        return late_news ? mail::Kind::late_cancellation : mail::Kind::cancellation;
    }
    return late_news ? mail::Kind::late_change : mail::Kind::change;
}

[[nodiscard]] std::string_view line_key(Occasion news, const Change& change) {
    const Told& now = change.now;
    const Told& was = change.before ? *change.before : now;
    switch (news) {
    case Occasion::begun:
        return "tell.line_begun";
    case Occasion::cancelled:
        return "tell.line_cancelled";
    case Occasion::lighter:
        return change.lighter ? "tell.line_lighter" : "tell.line_planned";
    case Occasion::soon:
        return "tell.line_soon";
    case Occasion::notes:
        return "tell.line_notes";
    case Occasion::elsewhere:
        return "tell.line_elsewhere";
    case Occasion::changed:
        break;
    }
    if (was.cancelled) {
        return "tell.line_after_all";
    }
    return was.begin == now.begin ? "tell.line_until" : "tell.line_moved";
}

[[nodiscard]] std::string_view subject_of(Occasion news, const Change& first) {
    return news == Occasion::cancelled ? "tell.cancelled_subject"
           : news == Occasion::lighter
               ? first.lighter ? "tell.lighter_subject" : "tell.planned_subject"
           : news == Occasion::elsewhere ? "tell.elsewhere_subject"
                                         : "tell.changed_subject";
}

/// One mail for all that has changed for one person.
[[nodiscard]] Result<void> tell_one(Transaction& transaction, const Teller& teller,
                                    const Announcement& news, const PersonId& person,
                                    const std::vector<const Change*>& changes) {
    TRY(const auto who, people::find_person(transaction, teller.collective.id, person));
    if (!who) {
        return {};
    }
    const Catalogue& words = teller.words_for(who->profile.page_language);
    ZoneBook zones(teller.house.zones);
    std::string lines;
    const Instant now = std::chrono::floor<std::chrono::seconds>(teller.now);
    bool late_news = false;
    Instant last_begin = changes.front()->now.begin;
    for (const Change* const change : changes) {
        const std::string& zone = clock_of(zones, who->profile.zone, change->zone);
        lines += say_change(teller, words, zone, news.news, *change) + "\n";
        const auto clock = zones.zone(zone); // whose hour nobody knows is not let wait
        late_news = late_news || !clock || is_late(**clock, now, first_moment(*change));
        last_begin = std::max(last_begin, change->now.begin);
    }
    const Change& first = *changes.front();
    return write_to(transaction, teller, person,
                    {.kind = kind_of(news.news, late_news),
                     .subject = subject_of(news.news, first),
                     .body = "tell.body",
                     .title = first.title,
                     .begin = first.before ? first.before->begin : first.now.begin,
                     .address = teller.address_of(*news.series, first.now.original),
                     .turn = {},
                     .more = lines,
                     .good_until = Moment(last_begin)},
                    first.zone);
}

/// Who has a turn of a gathering, or stands by.
[[nodiscard]] Result<std::set<PersonId>> holders_of(Transaction& transaction,
                                                    const CollectiveId& collective,
                                                    const SeriesId& series, Wall original) {
    std::set<PersonId> people;
    TRY(const auto turns, turns_between(transaction, collective, series, original,
                                        original + std::chrono::seconds(1)));
    for (const Turn& turn : turns) {
        for (const auto& person : {turn.person, turn.standby}) {
            if (person) {
                people.insert(*person);
            }
        }
    }
    return people;
}

/// That it is lighter matters to who prepares it; others read it in their reminder.
[[nodiscard]] Result<std::set<PersonId>> told_about(Transaction& transaction, const Teller& teller,
                                                    const Announcement& news,
                                                    const Change& change) {
    const CollectiveId& collective = teller.collective.id;
    const SeriesId& series = news.series->id;
    if (news.news != Occasion::lighter) {
        TRY(const auto all, told_themselves(transaction, teller, news, change));
        return std::set(all.begin(), all.end());
    }
    TRY(auto people, holders_of(transaction, collective, series, change.now.original));
    TRY(const auto hosts, hosts_of(transaction, collective, series));
    for (const Host& host : hosts) {
        if (!host.rests) {
            people.insert(host.person);
        }
    }
    return people;
}

/// Those who made an appointment learn what becomes of it; that needs no wish.
[[nodiscard]] Result<void> tell_those_concerned(Transaction& transaction, const Teller& teller,
                                                const Announcement& news) {
    if (news.news != Occasion::changed && news.news != Occasion::cancelled &&
        news.news != Occasion::lighter && news.news != Occasion::elsewhere) {
        return {};
    }
    std::map<PersonId, std::vector<const Change*>> concerned;
    for (const Change& change : news.changes) {
        TRY(const auto people, told_about(transaction, teller, news, change));
        for (const PersonId& person : people) {
            concerned[person].push_back(&change);
        }
    }
    for (const auto& [person, changes] : concerned) {
        TRY_DO(tell_one(transaction, teller, news, person, changes));
    }
    return {};
}

[[nodiscard]] Result<void> remind_one(Transaction& transaction, const Teller& teller,
                                      const Series& series, const Change& change,
                                      const PersonId& person) {
    const CollectiveId& collective = teller.collective.id;
    TRY(const auto who, people::find_person(transaction, collective, person));
    if (!who || who->mail.empty()) {
        return {};
    }
    TRY(const auto wishes,
        mail::wishes_of(transaction, collective.text(), auth::hash_of(who->mail)));
    const Step step{series.id, change.now.original, "remind", person.text()};
    TRY(const bool first, take_step(transaction, collective, step, teller.now));
    if (!first || !wishes.wants(mail::rule_of(mail::Kind::reminder))) {
        return {};
    }
    const Catalogue& words = teller.words_for(who->profile.page_language);
    return write_to(transaction, teller, person,
                    {.kind = mail::Kind::reminder,
                     .subject = "tell.soon_subject",
                     .body = "tell.soon",
                     .title = change.title,
                     .begin = change.now.begin,
                     .address = teller.address_of(series, change.now.original),
                     .turn = {},
                     .more = change.lighter ? words.say("tell.soon_lighter") : std::string(),
                     .good_until = Moment(change.now.begin)},
                    change.zone);
}

/// Those who plan to come, where they want reminders; for each gathering once, whatever is moved.
[[nodiscard]] Result<void> remind_those_coming(Transaction& transaction, const Teller& teller,
                                               const Announcement& news) {
    if (news.news != Occasion::soon) {
        return {};
    }
    for (const Change& change : news.changes) {
        TRY(const auto people,
            audience_of(transaction, teller.collective.id, *news.series, change.now.original));
        for (const PersonId& person : people) {
            TRY_DO(remind_one(transaction, teller, *news.series, change, person));
        }
    }
    return {};
}

using Listener = Result<void> (*)(Transaction&, const Teller&, const Announcement&);
/// Each is told each announcement, and picks what it passes on.
constexpr std::array<Listener, 4> listeners = {tell_those_concerned, remind_those_coming,
                                               post_to_hooks, tell_by_mail};

} // namespace

Result<void> announce(Transaction& transaction, const Teller& teller,
                      const Announcement& announcement) {
    for (const Listener listener : listeners) {
        TRY_DO(listener(transaction, teller, announcement));
    }
    return {};
}

Change change_of(const Series& series, const Occurrence& one) {
    return {.before = std::nullopt,
            .now = {.original = one.original,
                    .begin = one.begin,
                    .end = one.end,
                    .cancelled = one.cancelled,
                    .differs_since = std::nullopt},
            .title = title_of(series, one.gathering),
            .zone = one.zone,
            .why = {},
            .lighter = one.gathering != nullptr && one.gathering->lighter};
}

Result<void> announce_begun(Transaction& transaction, const Teller& teller, const Series& series) {
    TRY(const Plan plan, plan_of(transaction, teller.collective.id, series));
    ZoneBook zones(teller.house.zones);
    const auto now = std::chrono::floor<std::chrono::seconds>(teller.now);
    TRY(const auto first, next_occurrence(plan, zones, now));
    if (!first) {
        return {};
    }
    return announce(transaction, teller,
                    {.news = Occasion::begun,
                     .series = &plan.series,
                     .changes = {change_of(plan.series, *first)}});
}

Result<void> announce_elsewhere(Transaction& transaction, const Teller& teller,
                                const Series& series) {
    TRY(const Plan plan, plan_of(transaction, teller.collective.id, series));
    ZoneBook zones(teller.house.zones);
    const auto now = std::chrono::floor<std::chrono::seconds>(teller.now);
    const Instant until = std::min<Instant>(now + told_ahead, plan.series.renew);
    TRY(const auto ahead, occurrences(plan, zones, now, until));
    Announcement news{.news = Occasion::elsewhere, .series = &plan.series, .changes = {}};
    for (const Occurrence& one : ahead) {
        if (!one.cancelled) {
            news.changes.push_back(change_of(plan.series, one));
        }
    }
    return news.changes.empty() ? Result<void>() : announce(transaction, teller, news);
}

Result<std::vector<PersonId>> audience_of(Transaction& transaction, const CollectiveId& collective,
                                          const Series& series, Wall original) {
    TRY(auto people, holders_of(transaction, collective, series.id, original));
    TRY(const auto coming,
        transaction.rows(list_coming, {collective, series.id, count_of(original)}));
    for (const store::Row& row : coming) {
        people.insert(row.id<PersonId>(0));
    }
    std::vector<PersonId> audience;
    for (const PersonId& person : people) {
        TRY(const auto who, people::find_person(transaction, collective, person));
        TRY(const bool sees, who ? sees_series(transaction, collective, series, person, who->role)
                                 : Result<bool>(false));
        if (sees) {
            audience.push_back(person);
        }
    }
    return audience;
}

Result<std::vector<PersonId>> told_themselves(Transaction& transaction, const Teller& teller,
                                              const Announcement& news, const Change& change) {
    const CollectiveId& collective = teller.collective.id;
    TRY(auto people, audience_of(transaction, collective, *news.series, change.now.original));
    TRY(const auto calendars, invitees(transaction, teller, *news.series));
    std::vector<PersonId> told;
    for (const PersonId& person : people) {
        TRY(const auto who, people::find_person(transaction, collective, person));
        const std::string hash = who ? auth::hash_of(who->mail) : std::string();
        if (std::ranges::none_of(
                calendars, [&](const Invitee& one) { return one.asks && one.hash == hash; })) {
            told.push_back(person);
        }
    }
    return told;
}

std::string say_moment(const Teller& teller, const Catalogue& words, std::string_view zone,
                       Instant at) {
    ZoneBook zones(teller.house.zones);
    const auto clock = zones.zone(zone);
    const Wall wall = clock ? (*clock)->to_local(at) : Wall(at.time_since_epoch());
    return say_wall(words, wall_text(wall));
}

std::string say_change(const Teller& teller, const Catalogue& words, std::string_view zone,
                       Occasion news, const Change& change) {
    const Told& was = change.before ? *change.before : change.now;
    const std::string before = say_moment(teller, words, zone, was.begin);
    const std::string now = say_moment(teller, words, zone, change.now.begin);
    const std::string until = say_moment(teller, words, zone, change.now.end);
    std::string line =
        words.say(line_key(news, change), {Argument{"title", std::string_view(change.title)},
                                           Argument{"before", std::string_view(before)},
                                           Argument{"now", std::string_view(now)},
                                           Argument{"until", std::string_view(until)}});
    if (!change.why.empty()) {
        line += "\n  " + change.why;
    }
    return line;
}

Result<void> write_to(Transaction& transaction, const Teller& teller, const PersonId& person,
                      const PersonalMail& mail, std::string_view zone) {
    TRY(const auto who, people::find_person(transaction, teller.collective.id, person));
    if (!who || who->erased || who->mail.empty()) {
        return {};
    }
    const Catalogue& words = teller.words_for(who->profile.page_language);
    ZoneBook zones(teller.house.zones);
    const std::string series_zone(zone);
    const std::string time =
        say_moment(teller, words, clock_of(zones, who->profile.zone, series_zone), mail.begin);
    const std::string turn =
        mail.turn.empty() ? std::string() : words.say("turns.kind." + mail.turn);
    const std::initializer_list<Argument> given = {{"title", std::string_view(mail.title)},
                                                   {"time", std::string_view(time)},
                                                   {"turn", std::string_view(turn)},
                                                   {"more", std::string_view(mail.more)},
                                                   {"address", std::string_view(mail.address)}};
    return mail::write_mail(transaction, teller.collective.id.text(),
                            {.kind = mail.kind,
                             .recipient = who->mail,
                             .subject = words.say(mail.subject, given),
                             .body = words.say(mail.body, given),
                             .good_until = mail.good_until},
                            teller.now, teller.house.entropy);
}

} // namespace allot::gatherings
