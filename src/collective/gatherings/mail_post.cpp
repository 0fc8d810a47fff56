#include "collective/gatherings/mail_post.hpp"

#include "collective/gatherings/series_calls.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace allot::gatherings {

using auth::Role;
using pages::Catalogue;

const Catalogue& Post::words_for(std::string_view language) const {
    ALLOT_CHECK(!words.empty(), "mail is written in some language");
    auto found = std::ranges::find(words, language, &Catalogue::language);
    if (found == words.end()) {
        found = std::ranges::find(words, "en", &Catalogue::language);
    }
    return found == words.end() ? words.front() : *found;
}

std::string Post::address(std::string_view rest) const {
    return fmt::format("{}/c/{}{}", origin, collective.slug, rest);
}

std::string Post::address(const Series& series) const {
    return address("/series/" + series.slug);
}

std::string Post::address(const Series& series, Wall original) const {
    return address("/series/" + series.slug + "/" + name_of_when(original));
}

Post post_of(const pages::Call& call) {
    return {.house = call.house,
            .collective = call.collective(),
            .words = call.all_words,
            .origin = call.address("")};
}

Post post_outside(const pages::House& house, const auth::Collective& collective,
                  std::span<const Catalogue> words, std::string origin) {
    return {.house = house, .collective = collective, .words = words, .origin = std::move(origin)};
}

Result<Standing> standing_of(Transaction& transaction, const Post& post, const Series& series,
                             std::string_view mail) {
    const CollectiveId& collective = post.collective.id;
    TRY(const auto member, post.house.directory.member_with_mail(transaction, collective, mail));
    const Role role = member ? member->role : Role::anyone;
    Standing standing{.sees = series.about.audience == Audience::everyone,
                      .belongs = role >= Role::member};
    if (member) {
        standing.zone = member->zone;
        standing.language = member->language;
    }
    if (series.about.audience == Audience::members) {
        standing.sees = role >= Role::member;
    } else if (series.about.audience == Audience::circle && member) {
        TRY(const Role in_series,
            role_in_series(transaction, collective, series.slug, member->person));
        standing.sees = role == Role::steward || in_series >= Role::member;
    }
    return standing;
}

Result<std::string> say_when(const Catalogue& words, ZoneBook& zones, std::string_view zone,
                             Instant at) {
    TRY(const calendar::Zone* const clock, zones.zone(zone));
    // A mail knows no browser: of the ways to write a time in English, the one without "PM".
    const std::string_view locale = words.language() == "en" ? "en-GB" : "";
    return fmt::format(
        "{} ({})",
        words.say_time(wall_text(clock->to_local(at)), Catalogue::Time::day_and_hour, locale),
        city_of(zone));
}

Result<void> write(Transaction& transaction, const Post& post, const mail::Mail& mail) {
    return mail::write_mail(transaction, post.collective.id.text(), mail, post.now(),
                            post.house.entropy);
}

} // namespace allot::gatherings
