#include "collective/gatherings/digest.hpp"

#include "collective/gatherings/rhythm.hpp"
#include "collective/gatherings/series_calls.hpp"
#include "collective/people/person_store.hpp"
#include "platform/auth/secrets.hpp"
#include "platform/mail/wishes.hpp"

#include <algorithm>

namespace allot::gatherings {

namespace {

using pages::Catalogue;
using std::chrono::days;
using std::chrono::floor;
using std::chrono::hours;
using store::Statement;

constexpr days week{7};
constexpr hours morning{8};
constexpr hours evening{20};

constexpr Statement find_done =
    "SELECT monday FROM digest_done WHERE collective_id = $1 AND person_id = $2";
constexpr Statement put_done =
    "INSERT INTO digest_done (collective_id, person_id, monday) VALUES ($1, $2, $3) "
    "ON CONFLICT (collective_id, person_id) DO UPDATE SET monday = $3";

/// The last Monday on the clock of that zone.
[[nodiscard]] std::chrono::sys_days monday_of(const calendar::Zone& zone, Instant now) {
    const auto day = floor<days>(zone.to_local(now));
    const auto since = std::chrono::weekday(day) - std::chrono::Monday;
    return std::chrono::sys_days((day - since).time_since_epoch());
}

[[nodiscard]] Result<bool> was_done(Transaction& transaction, const Teller& teller,
                                    const PersonId& person, std::chrono::sys_days monday) {
    TRY(const auto row, transaction.row(find_done, {teller.collective.id, person}));
    return row && row->day(0) >= monday;
}

/// What a letter is made from: pieces that are sorted by time and then joined.
struct Piece {
    Instant at;
    std::string words;
    friend auto operator<=>(const Piece&, const Piece&) = default;
};

struct Pieces {
    std::vector<Piece> next, hours, learned;
};

/// Of one letter.
struct Reader {
    const Teller& teller;
    ZoneBook& zones;
    const Catalogue& words;
    const std::string& zone;
};

[[nodiscard]] std::string say(const Reader& reader, std::string_view key, const std::string& series,
                              const std::string& time, const std::string& address) {
    return reader.words.say(key, {{"series", std::string_view(series)},
                                  {"time", std::string_view(time)},
                                  {"address", std::string_view(address)}});
}

[[nodiscard]] Result<void> add_gatherings(Pieces& pieces, const Reader& reader, const Plan& plan) {
    const Instant now = reader.teller.second();
    const bool over = is_over(plan.series, floor<days>(reader.teller.now));
    TRY(const auto all, occurrences(plan, reader.zones, now - week, now + week));
    for (const Occurrence& one : all) {
        const std::string& title = title_of(plan.series, one.gathering);
        const std::string address = reader.teller.address_of(plan.series, one.original);
        if (one.cancelled) {
            continue;
        }
        if (one.end > now && !over) {
            TRY(const std::string time,
                say_when(reader.words, reader.zones, reader.zone, one.begin));
            pieces.next.push_back({one.begin, say(reader, "digest.next", title, time, address)});
        } else if (one.end <= now && one.gathering != nullptr && !one.gathering->learned.empty()) {
            pieces.learned.push_back(
                {one.begin, title + "\n" + one.gathering->learned + "\n" + address + "\n"});
        }
    }
    return {};
}

/// Of next week, so that there is time to say that it does not suit.
[[nodiscard]] Result<void> add_hours(Pieces& pieces, const Reader& reader, const Plan& plan) {
    const Instant now = reader.teller.second();
    if (is_over(plan.series, floor<days>(reader.teller.now))) {
        return {};
    }
    TRY(const auto changes,
        hour_changes(plan, reader.zones, reader.zone, now - 2 * week, now + 2 * week));
    TRY(const calendar::Zone* const zone, reader.zones.zone(reader.zone));
    for (std::size_t k = 1; k < changes.size(); ++k) {
        const Instant from = zone->to_utc(changes[k].from);
        if (from >= now + week) {
            TRY(const std::string time, say_when(reader.words, reader.zones, reader.zone, from));
            pieces.hours.push_back({from, say(reader, "digest.hour", plan.series.about.title, time,
                                              reader.teller.address_of(plan.series))});
        }
    }
    return {};
}

/// All of a series or nothing: one whose zone or rule cannot be read takes nobody's letter away.
[[nodiscard]] Result<void> add_series(Pieces& pieces, const Reader& reader, const Plan& plan) {
    Pieces more = pieces;
    const auto gatherings = add_gatherings(more, reader, plan);
    const auto added = gatherings ? add_hours(more, reader, plan) : gatherings;
    if (added) {
        pieces = std::move(more);
    }
    return is_of_one(added) ? Result<void>() : added;
}

[[nodiscard]] std::string joined(std::vector<Piece> pieces, const std::string& head) {
    std::ranges::sort(pieces);
    std::string text = pieces.empty() ? "" : head + "\n\n";
    for (const Piece& piece : pieces) {
        text += piece.words + "\n";
    }
    return text.empty() ? text : text + "\n";
}

[[nodiscard]] std::string body_of(const Pieces& pieces, const Reader& reader) {
    const Catalogue& words = reader.words;
    const std::string body = joined(pieces.hours, words.say("digest.hours_head")) +
                             joined(pieces.next, words.say("digest.next_head")) +
                             joined(pieces.learned, words.say("digest.learned_head"));
    return body.empty() ? body : body + words.say("digest.all");
}

} // namespace

Result<bool> is_digest_time(ZoneBook& zones, std::string_view zone, Instant now) {
    TRY(const calendar::Zone* const clock, zones.zone(zone));
    const Wall here = clock->to_local(now);
    const auto day = floor<days>(here);
    return std::chrono::weekday(day) == std::chrono::Monday && here - day >= morning &&
           here - day < evening;
}

Result<std::vector<people::Person>> due_for_digest(Transaction& transaction, const Teller& teller,
                                                   ZoneBook& zones) {
    TRY(auto all, people::all_people(transaction, teller.collective.id));
    std::vector<people::Person> due;
    for (people::Person& person : all) {
        const auto now_is_time = is_digest_time(zones, person.profile.zone, teller.second());
        if (!now_is_time || !*now_is_time || person.mail.empty()) {
            continue;
        }
        TRY(const auto wishes,
            mail::wishes_of(transaction, teller.collective.id.text(), auth::hash_of(person.mail)));
        TRY(const calendar::Zone* const zone, zones.zone(person.profile.zone));
        TRY(const bool done,
            was_done(transaction, teller, person.id, monday_of(*zone, teller.second())));
        if (wishes.digest == "weekly" && !done) {
            due.push_back(std::move(person));
        }
    }
    return due;
}

Result<void> write_digest(Transaction& transaction, const Teller& teller,
                          std::span<const Plan> plans, ZoneBook& zones,
                          const people::Person& person) {
    TRY(const calendar::Zone* const zone, zones.zone(person.profile.zone));
    const auto monday = monday_of(*zone, teller.second());
    TRY(const bool done, was_done(transaction, teller, person.id, monday));
    if (done) {
        return {};
    }
    TRY_DO(transaction.run(put_done, {teller.collective.id, person.id, monday}));
    const Reader reader{.teller = teller,
                        .zones = zones,
                        .words = teller.words_for(person.profile.page_language),
                        .zone = person.profile.zone};
    Pieces pieces;
    for (const Plan& plan : plans) {
        TRY(const bool seen,
            sees_series(transaction, teller.collective.id, plan.series, person.id, person.role));
        if (seen) {
            TRY_DO(add_series(pieces, reader, plan));
        }
    }
    const std::string body = body_of(pieces, reader);
    if (body.empty()) {
        return {};
    }
    const mail::Mail mail{
        .kind = mail::Kind::digest,
        .recipient = person.mail,
        .subject = reader.words.say("digest.subject",
                                    {{"collective", std::string_view(teller.collective.name)}}),
        .body = body};
    return write(transaction, teller, mail);
}

} // namespace allot::gatherings
