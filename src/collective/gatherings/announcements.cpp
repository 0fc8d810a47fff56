#include "collective/gatherings/announcements.hpp"

#include "collective/gatherings/answer_tags.hpp"
#include "collective/gatherings/invitations.hpp"
#include "collective/gatherings/rhythm.hpp"
#include "collective/gatherings/subscribers.hpp"
#include "platform/auth/secrets.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace allot::gatherings {

namespace {

using std::chrono::days;
using std::chrono::floor;
using std::chrono::hours;

constexpr std::array<std::string_view, 6> news_names = {"moved", "cancelled", "restored",
                                                        "notes", "rhythm",    "ended"};

/// The series, and the gathering that the news are about.
struct Told {
    const Plan& plan;
    News news;
    std::optional<Occurrence> one;
};

/// Whether it begins before the end of the night that comes, where the reader is.
[[nodiscard]] bool is_late(const calendar::Zone& clock, Instant now, Instant begin) {
    constexpr hours morning{8};
    const Wall here = clock.to_local(now);
    const auto day = floor<days>(here);
    const Wall next = (here - day < morning ? day : day + days(1)) + morning;
    return begin < clock.to_utc(next) + morning / 2;
}

[[nodiscard]] Result<mail::Kind> kind_for(const Told& told, ZoneBook& zones, std::string_view zone,
                                          Instant now) {
    switch (told.news.kind) {
    case NewsKind::notes:
        return mail::Kind::news;
    case NewsKind::ended:
        return mail::Kind::cancellation;
    case NewsKind::cancelled: {
        TRY(const calendar::Zone* const clock, zones.zone(zone));
        return is_late(*clock, now, told.one->begin) ? mail::Kind::late_cancellation
                                                     : mail::Kind::cancellation;
    }
    case NewsKind::moved:
    case NewsKind::restored:
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

/// Without a subscriber's zone the clock of the series.
[[nodiscard]] const std::string& zone_for(const Told& told, const std::string& zone) {
    return zone.empty() ? told.plan.rhythms.back().zone : zone;
}

[[nodiscard]] Result<mail::Mail> mail_to(const Post& post, const Told& told, ZoneBook& zones,
                                         const std::string& mail, const std::string& language,
                                         const std::string& reader_zone) {
    const Series& series = told.plan.series;
    const pages::Catalogue& words = post.words_for(language);
    const std::string& zone = zone_for(told, reader_zone);
    const Gathering* const one = told.one ? told.one->gathering : nullptr;
    const std::string title = title_of(series, one);
    const std::string why = one == nullptr || one->why.empty() ? "" : one->why + "\n\n";
    std::string when = say_rhythm(told.plan.rhythms.back(), post.house.zones.names());
    if (told.one) {
        TRY(when, both_clocks(words, zones, zone, *told.one));
    }
    const std::string notes = one == nullptr ? "" : one->learned;
    const std::string address =
        told.one ? post.address(series, told.one->original) : post.address(series);
    const std::initializer_list<pages::Argument> given = {
        {"series", std::string_view(title)}, {"collective", std::string_view(post.collective.name)},
        {"time", std::string_view(when)},    {"why", std::string_view(why)},
        {"notes", std::string_view(notes)},  {"address", std::string_view(address)}};
    const std::string name(news_names[static_cast<std::size_t>(told.news.kind)]);
    mail::Mail all{.recipient = mail,
                   .subject = words.say("told." + name + "_subject", given),
                   .body = words.say("told." + name + "_body", given)};
    TRY(all.kind, kind_for(told, zones, zone, post.second()));
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
[[nodiscard]] Result<void> add_tag(Transaction& transaction, const Post& post, const Told& told,
                                   mail::Mail& mail) {
    if (told.one && told.plan.series.about.guests != Guests::none) {
        TRY(mail.answer_tag, tag_for(transaction, post,
                                     {.kind = Answered::thread,
                                      .about = told.plan.series.id.text(),
                                      .original = told.one->original,
                                      .mail_hash = auth::hash_of(mail.recipient)}));
    }
    return {};
}

/// To a calendar. Whether the person needs no mail of her own beside it.
[[nodiscard]] Result<bool> tell_calendar(Transaction& transaction, const Post& post,
                                         const Told& told, ZoneBook& zones, const Invitee& whom) {
    if (!told.one) {
        TRY_DO(invite(transaction, post, told.plan, zones, whom));
        return true;
    }
    if (told.news.kind == NewsKind::notes) {
        return !whom.asks; // a group's calendar reads no notes
    }
    TRY(auto part, part_about(transaction, post, told.plan, zones, whom, *told.one));
    if (!part) {
        TRY_DO(invite(transaction, post, told.plan, zones, whom));
        return !whom.asks;
    }
    TRY(mail::Mail mail, mail_to(post, told, zones, whom.mail, whom.language, whom.zone));
    TRY_DO(add_tag(transaction, post, told, mail));
    mail.calendar = *std::move(part);
    TRY_DO(write(transaction, post, mail));
    return true;
}

} // namespace

Result<void> tell_subscribers(Transaction& transaction, const Post& post, const Plan& plan,
                              ZoneBook& zones, const News& news) {
    Told told{.plan = plan, .news = news, .one = std::nullopt};
    if (news.original) {
        TRY(told.one, occurrence_of(plan, zones, *news.original));
        if (!told.one) {
            return fail(ErrorKind::missing, "gatherings.none_then");
        }
    }
    std::vector<std::string> done;
    TRY(const auto calendars, invitees(transaction, post, plan.series));
    for (const Invitee& whom : calendars) {
        TRY(const bool enough, tell_calendar(transaction, post, told, zones, whom));
        if (enough) {
            done.push_back(whom.hash);
        }
    }
    TRY(const auto subscribers, subscribers_of(transaction, post.collective.id, plan.series.id));
    for (const Subscriber& who : subscribers) {
        TRY(const Standing standing, standing_of(transaction, post, plan.series, who.mail));
        if (!standing.sees || std::ranges::find(done, who.hash) != done.end()) {
            continue;
        }
        TRY(mail::Mail mail, mail_to(post, told, zones, who.mail, who.language, who.zone));
        TRY_DO(add_tag(transaction, post, told, mail));
        TRY_DO(write(transaction, post, mail));
    }
    return {};
}

} // namespace allot::gatherings
