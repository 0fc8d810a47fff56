#include "collective/gatherings/series_starter.hpp"

#include "base/text.hpp"
#include "collective/gatherings/rhythm.hpp"
#include "collective/gatherings/series_practice.hpp"
#include "collective/people/person_store.hpp"
#include "platform/pages/view.hpp"

#include <algorithm>
#include <array>
#include <set>

namespace allot::gatherings {

namespace {

using pages::Need;
using pages::Planting;
using pages::StarterReader;

constexpr std::size_t most_series = 500;
constexpr std::size_t longest_rhythm = 200;
constexpr std::array<std::string_view, 2> audiences = {audience_names[0], audience_names[1]};

struct Members {
    std::vector<SeriesPractice> series;
};
BOOST_DESCRIBE_STRUCT(Members, (), (series))

[[nodiscard]] Result<pages::View> write(Transaction& transaction, const CollectiveId& collective) {
    TRY(auto practices, series_practices(transaction, collective));
    return pages::view_of(Members{.series = std::move(practices)});
}

[[nodiscard]] SeriesPractice read_practice(StarterReader& reader) {
    SeriesPractice practice{.title = reader.line("title", longest_title, Need::required),
                            .about = reader.prose("about", longest_words),
                            .audience =
                                std::string(reader.choice("audience", audiences, audiences.back())),
                            .rhythm = reader.line("rhythm", longest_rhythm, Need::required),
                            .minutes = reader.number("minutes", shortest_minutes, longest_minutes),
                            .agenda = reader.prose("agenda", longest_words)};
    practice.lighter = reader.choice("lighter", lighter_names, lighter_names.front());
    practice.turns = reader.line("turns", longest_line);
    practice.guests = reader.choice("guests", guests_names, guests_names.front());
    practice.access = reader.prose("access", longest_words);
    if (!is_turns(practice.turns)) {
        reader.note("turns", "expected host, presenter, scribe, opener, with commas between");
    }
    return practice;
}

[[nodiscard]] Result<std::string> zone_of(Transaction& transaction,
                                          const CollectiveId& collective) {
    TRY(const auto all, people::collectives(transaction));
    const auto found = std::ranges::find(all, collective, &auth::Collective::id);
    return found == all.end() ? std::string("UTC") : found->zone;
}

[[nodiscard]] Result<std::set<std::string>> titles_here(Transaction& transaction,
                                                        const CollectiveId& collective) {
    TRY(const auto plans, all_plans(transaction, collective));
    std::set<std::string> titles;
    for (const Plan& plan : plans) {
        titles.insert(plan.series.about.title);
    }
    return titles;
}

[[nodiscard]] Result<void> plant(Planting& planting, StarterReader& reader) {
    TRY(const auto here, titles_here(planting.transaction, planting.collective));
    TRY(const std::string own_zone, zone_of(planting.transaction, planting.collective));
    // Whoever plants hears that a zone lacks; until then the words are looked at all the same.
    const std::string zone = own_zone.empty() ? "UTC" : own_zone;
    std::vector<std::pair<SeriesPractice, Rhythm>> practices;
    reader.each("series", most_series, [&](StarterReader& one) {
        const SeriesPractice practice = read_practice(one);
        if (here.contains(practice.title)) {
            one.leave_out("", "a series of that name is here already");
            return;
        }
        auto rhythm = rhythm_of(practice, planting.zones, zone, planting.now);
        if (rhythm) {
            practices.emplace_back(practice, *std::move(rhythm));
        } else if (!practice.rhythm.empty()) { // that it lacks is noted already
            one.note("rhythm", rhythm.error().message);
        }
    });
    if (!reader.good() || own_zone.empty()) {
        return {};
    }
    for (const auto& [practice, rhythm] : practices) {
        TRY_DO(plant_series(planting.transaction, planting.collective, practice, rhythm,
                            planting.now, planting.entropy));
    }
    return {};
}

} // namespace

pages::StarterPart starter_part() {
    return {.write = write, .plant = plant};
}

} // namespace allot::gatherings
