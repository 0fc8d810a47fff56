#include "collective/gatherings/own_next.hpp"

#include "collective/gatherings/gathering_views.hpp"
#include "collective/gatherings/presence.hpp"
#include "collective/gatherings/turn_store.hpp"

#include <map>

namespace allot::gatherings {

namespace {

using pages::Call;
using std::chrono::floor;
using std::chrono::seconds;

/// What she counts on, by series and original, with her turns in it.
using Counted = std::map<SeriesId, std::map<Wall, std::vector<NextTurn>>>;

[[nodiscard]] Result<Counted> counted_by(Transaction& transaction, const Call& call) {
    constexpr std::chrono::days longest_move{60};
    const CollectiveId& collective = call.collective().id;
    const PersonId& me = call.member().person;
    Counted counted;
    TRY(const auto plans, plans_by(transaction, collective, me));
    for (const OwnPlan& plan : plans) {
        if (plan.plan == plan_names.front()) {
            counted[plan.series][plan.original];
        }
    }
    const Wall from = Wall(floor<seconds>(call.now()).time_since_epoch()) - longest_move;
    TRY(const auto turns, turns_by(transaction, collective, me, from));
    for (const SeriesTurn& one : turns) {
        if (one.turn.person == me) {
            counted[one.series][one.turn.original].push_back({std::string(name_of(one.turn.kind))});
        }
    }
    return counted;
}

struct Found {
    Instant begin;
    OwnNext next;
};

/// Keeps what is earlier than what was found before.
[[nodiscard]] Result<void> look_in(std::optional<Found>& found, const Call& call, const Plan& plan,
                                   const std::map<Wall, std::vector<NextTurn>>& counted,
                                   ZoneBook& zones) {
    const Instant now = floor<seconds>(call.now());
    for (const auto& [original, turns] : counted) {
        TRY(const auto one, occurrence_of(plan, zones, original));
        if (!one || one->cancelled || one->end <= now ||
            is_behind_end(plan.series, *one, floor<std::chrono::days>(now)) ||
            (found && found->begin <= one->begin)) {
            continue;
        }
        TRY(Times times, times_of(*one, zones, zone_of_reader(call)));
        found = Found{.begin = one->begin,
                      .next = {.path = path_of(call, plan.series, original),
                               .title = title_of(plan.series, one->gathering),
                               .times = std::move(times),
                               .turns = turns}};
    }
    return {};
}

} // namespace

Result<std::optional<OwnNext>> own_next(Transaction& transaction, const Call& call) {
    TRY(const Counted counted, counted_by(transaction, call));
    TRY(const Sight sight, sight_of(transaction, call));
    ZoneBook zones(call.house.zones);
    std::optional<Found> found;
    for (const auto& [id, gatherings] : counted) {
        TRY(const auto series, find_series(transaction, call.collective().id, id));
        if (!series || !sees(call, sight, *series)) {
            continue;
        }
        TRY(const Plan plan, plan_of(transaction, call.collective().id, *series));
        const auto looked = look_in(found, call, plan, gatherings, zones);
        if (!looked && looked.error().kind == ErrorKind::unavailable) {
            return std::unexpected(looked.error());
        }
    }
    return found ? std::optional(std::move(found->next)) : std::nullopt;
}

} // namespace allot::gatherings
