#include "collective/gatherings/announcements.hpp"

#include "collective/gatherings/answer_tags.hpp"
#include "collective/gatherings/invitations.hpp"
#include "collective/gatherings/late.hpp"
#include "collective/gatherings/rhythm.hpp"
#include "collective/gatherings/subscribers.hpp"
#include "collective/people/person_store.hpp"
#include "platform/auth/secrets.hpp"

#include <algorithm>
#include <array>
#include <map>

#include <fmt/format.h>

namespace allot::gatherings {

namespace {

using std::chrono::days;
using std::chrono::floor;

constexpr std::array<std::string_view, 7> news_names = {"moved",  "cancelled", "restored", "notes",
                                                        "rhythm", "ended",     "elsewhere"};

/// The series, and the gathering that the news are about.
struct Matter {
    const Plan& plan;
    SeriesNews news;
    std::optional<Occurrence> one;
};

/// When it begins, or was to begin: somebody may get up for either.
[[nodiscard]] Instant first_moment(const Matter& told) {
    return std::min(told.one->begin, told.news.was.value_or(told.one->begin));
}

[[nodiscard]] Result<mail::Kind> kind_for(const Matter& told, ZoneBook& zones,
                                          std::string_view zone, Instant now) {
    switch (told.news.kind) {
    case NewsKind::notes:
        return mail::Kind::news;
    case NewsKind::ended:
        return mail::Kind::cancellation;
    case NewsKind::cancelled: {
        TRY(const calendar::Zone* const clock, zones.zone(zone));
        return is_late(*clock, now, first_moment(told)) ? mail::Kind::late_cancellation
                                                        : mail::Kind::cancellation;
    }
    case NewsKind::moved:
    case NewsKind::elsewhere:
    case NewsKind::restored: {
        TRY(const calendar::Zone* const clock, zones.zone(zone));
        return is_late(*clock, now, first_moment(told)) ? mail::Kind::late_change
                                                        : mail::Kind::change;
    }
    case NewsKind::rhythm:
        break;
    }
    return mail::Kind::change;
}

/// Both clocks where they differ: "Thursday 14 January at 20:00 (Nairobi), ... (London)".
[[nodiscard]] Result<std::string> both_clocks(const pages::Catalogue& words, ZoneBook& zones,
                                              std::string_view zone, const Occurrence& one) {
    TRY(const std::string own, say_when(words, zones, zone, one.begin));
    if (zone == one.zone) {
        return own;
    }
    TRY(const std::string there, say_when(words, zones, one.zone, one.begin));
    return own + "\n" + there;
}

/// What was written after a gathering; notes are longer, and on its page.
[[nodiscard]] std::string written_about(const pages::Catalogue& words, const Gathering& one) {
    std::string text = one.learned;
    if (!one.decided.empty()) {
        text += (text.empty() ? "" : "\n\n") + words.say("told.decided") + "\n" + one.decided;
    }
    return text.empty() ? words.say("told.notes_there") : text;
}

/// From when on a series meets at its newest times: "The first time:" with both clocks, or nothing
/// where none of them is ahead.
[[nodiscard]] Result<std::string> first_of_rhythm(const pages::Catalogue& words, ZoneBook& zones,
                                                  std::string_view zone, const Plan& plan,
                                                  Instant now) {
    const std::size_t newest = plan.rhythms.size() - 1;
    const auto begin_at = [&](const Occurrence& one) {
        return one.rhythm == newest && !one.cancelled;
    };
    constexpr days looked_ahead{400};
    TRY(const auto all, occurrences(plan, zones, now, now + looked_ahead));
    const auto first = std::ranges::find_if(all, begin_at);
    if (first == all.end()) {
        return std::string();
    }
    TRY(const std::string when, both_clocks(words, zones, zone, *first));
    return words.say("told.rhythm_first") + "\n" + when + "\n\n";
}

/// "On moths (Journal club)": a gathering with a title of its own is one of its series.
[[nodiscard]] std::string full_title(const Series& series, const Gathering* one) {
    const std::string title = title_of(series, one);
    return title == series.about.title ? title : fmt::format("{} ({})", title, series.about.title);
}

[[nodiscard]] Result<mail::Mail> mail_to(const Teller& teller, const Matter& told, ZoneBook& zones,
                                         const std::string& mail, const std::string& language,
                                         const std::string& reader_zone) {
    const Series& series = told.plan.series;
    const pages::Catalogue& words = teller.words_for(language);
    const std::string& zone = clock_of(zones, reader_zone, told.plan.rhythms.back().zone);
    const Gathering* const one = told.one ? told.one->gathering : nullptr;
    const std::string title = full_title(series, one);
    const std::string why = one == nullptr || one->why.empty() ? "" : one->why + "\n\n";
    std::string when = say_rhythm(told.plan.rhythms.back(), teller.house.zones.names());
    std::string day;
    std::string first;
    if (told.one) {
        TRY(when, both_clocks(words, zones, zone, *told.one));
        TRY(day, say_when(words, zones, zone, told.one->begin));
    } else if (told.news.kind == NewsKind::rhythm) {
        TRY(first, first_of_rhythm(words, zones, zone, told.plan, teller.second()));
    }
    const std::string notes = one == nullptr ? "" : written_about(words, *one);
    const std::string address =
        told.one ? teller.address_of(series, told.one->original) : teller.address_of(series);
    const std::initializer_list<pages::Argument> given = {
        {"series", std::string_view(title)},
        {"collective", std::string_view(teller.collective.name)},
        {"time", std::string_view(when)},
        {"day", std::string_view(day)},
        {"first", std::string_view(first)},
        {"why", std::string_view(why)},
        {"notes", std::string_view(notes)},
        {"address", std::string_view(address)}};
    const std::string name(news_names[static_cast<std::size_t>(told.news.kind)]);
    mail::Mail all{.recipient = mail,
                   .subject = words.say("told." + name + "_subject", given),
                   .body = words.say("told." + name + "_body", given)};
    TRY(all.kind, kind_for(told, zones, zone, teller.second()));
    if (told.one && told.news.kind != NewsKind::notes) {
        all.good_until = Moment(told.one->begin);
    }
    if (told.one && series.about.guests != Guests::none) {
        all.body += "\n" + words.say("told.answer") + "\n";
    }
    all.topic = series.id.text();
    return all;
}

/// Answers to it become words in the thread of the gathering.
[[nodiscard]] Result<void> add_tag(Transaction& transaction, const Teller& teller,
                                   const Matter& told, mail::Mail& mail) {
    if (told.one && told.plan.series.about.guests != Guests::none) {
        TRY(mail.answer_tag, tag_for(transaction, teller,
                                     {.kind = Answered::thread,
                                      .about = told.plan.series.id.text(),
                                      .original = told.one->original,
                                      .mail_hash = auth::hash_of(mail.recipient)}));
    }
    return {};
}

/// To a calendar. Whether the person needs no mail of her own beside it.
[[nodiscard]] Result<bool> tell_calendar(Transaction& transaction, const Teller& teller,
                                         const Matter& told, ZoneBook& zones, const Invitee& whom) {
    if (!told.one || told.news.kind == NewsKind::elsewhere) {
        TRY(const bool wrote, invite(transaction, teller, told.plan, zones, whom));
        return wrote || !whom.asks;
    }
    if (told.news.kind == NewsKind::notes) {
        return !whom.asks; // a group's calendar reads no notes
    }
    TRY(auto part, part_about(transaction, teller, told.plan, zones, whom, *told.one));
    if (!part) {
        TRY_DO(
            invite(transaction, teller, told.plan, zones, whom)); // all of it, for the first time
        return !whom.asks;
    }
    TRY(mail::Mail mail, mail_to(teller, told, zones, whom.mail, whom.language, whom.zone));
    TRY_DO(add_tag(transaction, teller, told, mail));
    mail.calendar = *std::move(part);
    TRY_DO(write(transaction, teller, mail));
    return true;
}

} // namespace

Result<void> tell_subscribers(Transaction& transaction, const Teller& teller, const Plan& plan,
                              ZoneBook& zones, const SeriesNews& news,
                              std::span<const std::string> knows) {
    Matter told{.plan = plan, .news = news, .one = std::nullopt};
    if (news.original) {
        TRY(told.one, occurrence_of(plan, zones, *news.original));
        if (!told.one) {
            return fail(ErrorKind::missing, "gatherings.none_then");
        }
    }
    std::vector<std::string> done;
    TRY(const auto calendars, invitees(transaction, teller, plan.series));
    for (const Invitee& whom : calendars) {
        TRY(const bool enough, tell_calendar(transaction, teller, told, zones, whom));
        if (enough) {
            done.push_back(whom.hash);
        }
    }
    TRY(const auto subscribers, subscribers_of(transaction, teller.collective.id, plan.series.id));
    for (const Subscriber& who : subscribers) {
        TRY(const Standing standing, standing_of(transaction, teller, plan.series, who.mail));
        const bool enough = std::ranges::find(done, who.hash) != done.end() ||
                            std::ranges::find(knows, who.hash) != knows.end();
        if (!standing.sees || enough) {
            continue;
        }
        TRY(mail::Mail mail, mail_to(teller, told, zones, who.mail, who.language, who.zone));
        TRY_DO(add_tag(transaction, teller, told, mail));
        TRY_DO(write(transaction, teller, mail));
    }
    return {};
}

namespace {

/// People who hear of all these because they have a turn or plan to come, by their addresses.
[[nodiscard]] Result<std::vector<std::string>> who_know(Transaction& transaction,
                                                        const Teller& teller,
                                                        const Announcement& announcement,
                                                        std::span<const Change* const> changes) {
    const bool of_all = announcement.news == Occasion::elsewhere; // one line says it of all
    if (announcement.news != Occasion::changed && announcement.news != Occasion::cancelled &&
        !of_all) {
        return std::vector<std::string>();
    }
    const CollectiveId& collective = teller.collective.id;
    std::map<PersonId, std::size_t> heard;
    for (const Change* const change : changes) {
        TRY(const auto people, told_themselves(transaction, teller, announcement, *change));
        for (const PersonId& person : people) {
            ++heard[person];
        }
    }
    std::vector<std::string> hashes;
    for (const auto& [person, times] : heard) {
        TRY(const auto who, people::find_person(transaction, collective, person));
        if ((of_all || times == changes.size()) && who && !who->mail.empty()) {
            hashes.push_back(auth::hash_of(who->mail));
        }
    }
    return hashes;
}

[[nodiscard]] SeriesNews news_of(Occasion news, const Change& change) {
    const bool restored = change.before && change.before->cancelled && !change.now.cancelled;
    const NewsKind kind = news == Occasion::notes       ? NewsKind::notes
                          : news == Occasion::cancelled ? NewsKind::cancelled
                          : restored                    ? NewsKind::restored
                                                        : NewsKind::moved;
    return {.kind = kind,
            .original = change.now.original,
            .was = change.before ? std::optional(change.before->begin) : std::nullopt};
}

/// Whether its time comes from the times of its series, and not from what was done to it alone.
[[nodiscard]] bool is_of_series(const Announcement& announcement, const Change& change,
                                const std::optional<Occurrence>& one) {
    if (!one) {
        return true; // the series meets at other times now
    }
    const bool restored = change.before && change.before->cancelled && !change.now.cancelled;
    const Gathering* const gathering = one->gathering;
    const bool of_its_own = gathering != nullptr && (gathering->moved || gathering->minutes);
    return announcement.news == Occasion::changed && announcement.changes.size() > 1 && !restored &&
           !of_its_own;
}

} // namespace

Result<void> tell_by_mail(Transaction& transaction, const Teller& teller,
                          const Announcement& announcement) {
    const bool concerns =
        announcement.news == Occasion::changed || announcement.news == Occasion::cancelled ||
        announcement.news == Occasion::notes || announcement.news == Occasion::elsewhere;
    if (!concerns || announcement.changes.empty()) {
        return {};
    }
    TRY(const Plan plan, plan_of(transaction, teller.collective.id, *announcement.series));
    const bool over = is_over(plan.series, floor<days>(teller.now));
    if (over && announcement.news == Occasion::notes) {
        return {};
    }
    ZoneBook zones(teller.house.zones);
    if (over || announcement.news == Occasion::elsewhere) {
        std::vector<const Change*> all;
        for (const Change& change : announcement.changes) {
            all.push_back(&change);
        }
        TRY(const auto knows, who_know(transaction, teller, announcement, all));
        const SeriesNews news =
            over ? SeriesNews{.kind = NewsKind::ended}
                 : SeriesNews{.kind = NewsKind::elsewhere, .original = all.front()->now.original};
        return tell_subscribers(transaction, teller, plan, zones, news, knows);
    }
    std::vector<const Change*> of_series;
    for (const Change& change : announcement.changes) {
        TRY(const auto one, occurrence_of(plan, zones, change.now.original));
        if (is_of_series(announcement, change, one)) {
            of_series.push_back(&change);
            continue;
        }
        const std::array alone{&change};
        TRY(const auto knows, who_know(transaction, teller, announcement, alone));
        TRY_DO(tell_subscribers(transaction, teller, plan, zones,
                                news_of(announcement.news, change), knows));
    }
    if (of_series.empty()) {
        return {};
    }
    TRY(const auto knows, who_know(transaction, teller, announcement, of_series));
    return tell_subscribers(transaction, teller, plan, zones, {.kind = NewsKind::rhythm}, knows);
}

} // namespace allot::gatherings
