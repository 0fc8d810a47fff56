#include "collective/gatherings/next_gatherings.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <ranges>
#include <string_view>
#include <tuple>

#include <fmt/format.h>

namespace allot::gatherings {

namespace {

using pages::Call;
using std::chrono::days;
using std::chrono::floor;
using std::chrono::seconds;

constexpr days longest{1}; ///< what began before has ended

// -- What is ahead in a collective, whoever asks: made once for many ------------------------------

/// A gathering that takes place, and what says who may see it.
struct Ahead {
    Instant begin;
    Instant end;
    Wall original;
    Series series; ///< its id, circle and audience alone
};

/// "1799946000 1799949600 1799946000 SERIES public CIRCLE": seconds, ids, and "-" for no circle.
[[nodiscard]] std::string line_for(const Plan& plan, const Occurrence& one) {
    const Series& series = plan.series;
    return fmt::format("{} {} {} {} {} {}\n", one.begin.time_since_epoch().count(),
                       one.end.time_since_epoch().count(), count_of(one.original), series.id.text(),
                       name_of(series.about.audience), series.circle ? series.circle->text() : "-");
}

[[nodiscard]] std::optional<Ahead> ahead_in(std::string_view line) {
    const auto parts = text::split_list(line, ' ');
    if (parts.size() != 6) {
        return std::nullopt;
    }
    const auto seconds_in = [&](std::size_t k) {
        return seconds(text::parse_int(parts[k]).value_or(0));
    };
    Ahead ahead{.begin = Instant(seconds_in(0)),
                .end = Instant(seconds_in(1)),
                .original = Wall(seconds_in(2)),
                .series = {.id = SeriesId(parts[3])}};
    ahead.series.about.audience = audience_named(parts[4]);
    if (parts[5] != "-") {
        ahead.series.circle = CircleId(parts[5]);
    }
    return ahead;
}

/// All of five weeks and of today, a line each, in the order of the list of events.
[[nodiscard]] Result<std::string> all_ahead(Transaction& transaction, const Call& call) {
    const Instant now = floor<seconds>(call.now());
    const auto today = floor<days>(now);
    TRY(const auto plans, all_plans(transaction, call.collective().id));
    ZoneBook zones(call.house.zones);
    std::vector<std::tuple<Instant, std::string_view, std::string>> lines;
    for (const Plan& plan : plans) {
        const Instant until = std::min<Instant>(today + events_ahead + days(1), plan.series.renew);
        const auto all = is_over(plan.series, today)
                             ? std::vector<Occurrence>()
                             : occurrences(plan, zones, today - longest, until)
                                   .value_or(std::vector<Occurrence>());
        for (const Occurrence& one : all) {
            if (!one.cancelled) {
                lines.emplace_back(one.begin, plan.series.slug, line_for(plan, one));
            }
        }
    }
    std::ranges::sort(lines);
    std::string text;
    for (const auto& one : lines) {
        text += std::get<std::string>(one);
    }
    return text;
}

/// Kept until something changes or the day is over.
[[nodiscard]] Result<std::shared_ptr<const http::Body>> kept_ahead(Transaction& transaction,
                                                                   const Call& call) {
    const std::string name = "ahead " + call.collective().id.text();
    TRY(const auto changes, changes_of(transaction, call.collective().id));
    const std::string version =
        fmt::format("{} {}", changes, floor<days>(call.now()).time_since_epoch().count());
    auto kept = call.house.kept->find(name, version);
    if (!kept) {
        TRY(std::string text, all_ahead(transaction, call));
        kept = std::make_shared<const http::Body>(http::Body{.plain = std::move(text)});
        call.house.kept->keep(name, version, kept);
    }
    return kept;
}

// -- What of it is for one reader -----------------------------------------------------------------

/// Plans that were read, each once.
using Plans = std::map<SeriesId, Plan>;

[[nodiscard]] Result<std::optional<GatheringLine>> read_line(Transaction& transaction,
                                                             const Call& call, Plans& plans,
                                                             const Ahead& ahead, ZoneBook& zones) {
    auto at = plans.find(ahead.series.id);
    if (at == plans.end()) {
        TRY(const auto series, find_series(transaction, call.collective().id, ahead.series.id));
        if (!series) {
            return std::nullopt;
        }
        TRY(Plan plan, plan_of(transaction, call.collective().id, *series));
        at = plans.emplace(series->id, std::move(plan)).first;
    }
    const auto one = occurrence_of(at->second, zones, ahead.original);
    if (!one || !*one) {
        return std::nullopt;
    }
    auto line = line_of(call, at->second, **one, zones);
    return line ? std::optional(*std::move(line)) : std::nullopt;
}

} // namespace

Result<std::vector<GatheringLine>> next_gatherings(Transaction& transaction, const Call& call,
                                                   std::size_t most) {
    const Instant now = floor<seconds>(call.now());
    TRY(const auto kept, kept_ahead(transaction, call));
    TRY(const Sight sight, sight_of(transaction, call));
    ZoneBook zones(call.house.zones);
    Plans plans;
    std::vector<GatheringLine> lines;
    for (const auto text : std::views::split(std::string_view(kept->plain), '\n')) {
        const auto ahead = ahead_in(std::string_view(text.begin(), text.end()));
        if (lines.size() == most || !ahead || ahead->begin >= now + events_ahead) {
            break;
        }
        if (ahead->end <= now || !sees(call, sight, ahead->series)) {
            continue;
        }
        TRY(auto line, read_line(transaction, call, plans, *ahead, zones));
        if (line) {
            lines.push_back(*std::move(line));
        }
    }
    return lines;
}

} // namespace allot::gatherings
