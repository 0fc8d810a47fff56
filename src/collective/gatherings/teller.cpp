#include "collective/gatherings/teller.hpp"

#include "collective/gatherings/series_calls.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace allot::gatherings {

using auth::Role;
using pages::Catalogue;

const Catalogue& Teller::words_for(std::string_view language) const {
    auto found = std::ranges::find(words, language, &Catalogue::language);
    if (found == words.end()) {
        found = std::ranges::find(words, "en", &Catalogue::language);
    }
    ALLOT_CHECK(found != words.end(), "there are English words");
    return *found;
}

std::string Teller::address(std::string_view rest) const {
    return fmt::format("{}/c/{}{}", origin, collective.slug, rest);
}

std::string Teller::address_of(const Series& series) const {
    return address("/series/" + series.slug);
}

std::string Teller::address_of(const Series& series, Wall original) const {
    return address("/series/" + series.slug + "/" + name_of_when(original));
}

Teller teller_of(const pages::Call& call) {
    return {.house = call.house,
            .words = call.all_words,
            .origin = call.address(""),
            .collective = call.collective(),
            .now = call.now()};
}

Result<Standing> standing_of(Transaction& transaction, const Teller& teller, const Series& series,
                             std::string_view mail) {
    const CollectiveId& collective = teller.collective.id;
    TRY(const auto member, teller.house.directory.member_with_mail(transaction, collective, mail));
    if (!member) {
        return Standing{.sees = series.about.audience == Audience::everyone};
    }
    TRY(const bool sees,
        sees_series(transaction, collective, series, member->person, member->role));
    return Standing{.sees = sees, .belongs = member->role >= Role::member};
}

bool is_of_one(const Result<void>& done) {
    return !done &&
           (done.error().kind == ErrorKind::missing || done.error().kind == ErrorKind::invalid);
}

const std::string& clock_of(ZoneBook& zones, const std::string& own, const std::string& other) {
    return !own.empty() && zones.zone(own) ? own : other;
}

std::string say_wall(const Catalogue& words, std::string_view wall) {
    const std::string_view locale = words.language() == "en" ? "en-GB" : "";
    return words.say_time(wall, Catalogue::Time::day_and_hour, locale);
}

Result<std::string> say_when(const Catalogue& words, ZoneBook& zones, std::string_view zone,
                             Instant at) {
    TRY(const calendar::Zone* const clock, zones.zone(zone));
    return fmt::format("{} ({})", say_wall(words, wall_text(clock->to_local(at))), city_of(zone));
}

Result<void> write(Transaction& transaction, const Teller& teller, const mail::Mail& mail) {
    return mail::write_mail(transaction, teller.collective.id.text(), mail, teller.now,
                            teller.house.entropy);
}

} // namespace allot::gatherings
