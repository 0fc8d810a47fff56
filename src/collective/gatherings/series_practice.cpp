#include "collective/gatherings/series_practice.hpp"

#include "collective/gatherings/rhythm.hpp"
#include "collective/gatherings/series_import.hpp"
#include "engine/calendar/rule.hpp"
#include "engine/calendar/spoken.hpp"
#include "platform/pages/clean_text.hpp"

#include <algorithm>

namespace allot::gatherings {

namespace {

/// Empty where there are no short words.
[[nodiscard]] std::string words_of(const Rhythm& rhythm) {
    auto rule = calendar::parse_rule(rhythm.rule);
    if (!rule) {
        return {};
    }
    rule->until.reset(); // where it ended is no practice
    rule->count.reset();
    const auto day = std::chrono::floor<std::chrono::days>(rhythm.start);
    const calendar::Spoken said{
        .rule = with_its_day(*rule, rhythm.start),
        .time = std::chrono::duration_cast<std::chrono::minutes>(rhythm.start - day)};
    return calendar::format_spoken(said).value_or("");
}

[[nodiscard]] SeriesPractice practice_of(const Plan& plan) {
    const About& about = plan.series.about;
    const Rhythm& rhythm = plan.rhythms.back();
    const Audience audience =
        about.audience == Audience::circle ? Audience::members : about.audience;
    return {.title = pages::in_one_line(about.title),
            .about = pages::in_lines(about.about),
            .audience = std::string(name_of(audience)),
            .rhythm = words_of(rhythm),
            .minutes = rhythm.minutes,
            .agenda = pages::in_lines(about.agenda),
            .lighter = std::string(name_of(about.lighter)),
            .turns = turns_text(about.turns),
            .guests = std::string(name_of(about.guests)),
            .access = pages::in_lines(about.access)};
}

[[nodiscard]] Result<About> about_of(const SeriesPractice& practice) {
    if (practice.title.empty() || !is_audience(practice.audience) ||
        audience_named(practice.audience) == Audience::circle || !is_lighter(practice.lighter) ||
        !is_turns(practice.turns) || !is_guests(practice.guests)) {
        return fail(ErrorKind::invalid,
                    "a series needs a title, and an audience, a lighter format, turns and a way "
                    "with guests that there are");
    }
    return About{.title = practice.title,
                 .about = practice.about,
                 .audience = audience_named(practice.audience),
                 .agenda = practice.agenda,
                 .lighter = lighter_named(practice.lighter),
                 .access = practice.access,
                 .turns = turns_in(practice.turns),
                 .guests = guests_named(practice.guests)};
}

} // namespace

Result<std::vector<SeriesPractice>> series_practices(Transaction& transaction,
                                                     const CollectiveId& collective) {
    TRY(const auto plans, all_plans(transaction, collective));
    std::vector<SeriesPractice> practices;
    for (const Plan& plan : plans) {
        TRY(const auto hosts, hosts_of(transaction, collective, plan.series.id));
        SeriesPractice practice = practice_of(plan);
        const bool ended = plan.series.state == State::ended && !hosts.empty();
        if (!ended && !practice.rhythm.empty()) {
            practices.push_back(std::move(practice));
        }
    }
    std::ranges::sort(practices);
    return practices;
}

Result<Rhythm> rhythm_of(const SeriesPractice& practice, const pages::Zones& zones,
                         const std::string& zone, Moment now) {
    if (practice.minutes < shortest_minutes || practice.minutes > longest_minutes) {
        return fail(ErrorKind::invalid, "a gathering lasts from 5 minutes to a day");
    }
    ZoneBook book(zones);
    TRY(const HeardRhythm heard,
        hear_rhythm({.words = practice.rhythm, .zone = zone, .minutes = practice.minutes},
                    zones.names(), book, std::chrono::floor<std::chrono::seconds>(now)));
    return heard.rhythm;
}

Result<Series> plant_series(Transaction& transaction, const CollectiveId& collective,
                            const SeriesPractice& practice, const Rhythm& rhythm, Moment now,
                            Entropy& entropy) {
    TRY(const About about, about_of(practice));
    TRY(Series series,
        add_series(transaction, collective, std::nullopt, about, rhythm, now, entropy));
    TRY_DO(
        end_series(transaction, collective, series.id, std::chrono::floor<std::chrono::days>(now)));
    series.state = State::ended;
    return series;
}

} // namespace allot::gatherings
