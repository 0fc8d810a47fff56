#include "collective/gatherings/turn_views.hpp"

#include "collective/gatherings/alive.hpp"
#include "collective/gatherings/turn_acts.hpp"
#include "collective/gatherings/turn_sweep.hpp"
#include "collective/people/person_store.hpp"

#include <algorithm>
#include <map>

namespace allot::gatherings {

namespace {

using pages::Call;
using std::chrono::days;
using std::chrono::floor;
using std::chrono::seconds;

constexpr days swapped_ahead{70};

[[nodiscard]] Instant now_of(const Call& call) {
    return floor<seconds>(call.now());
}

/// Names of people, each read once.
class Names {
  public:
    Names(Transaction& transaction, const CollectiveId& collective)
        : transaction_(transaction), collective_(collective) {}
    [[nodiscard]] Result<std::string> of(const PersonId& person) {
        if (const auto known = names_.find(person); known != names_.end()) {
            return known->second;
        }
        TRY(const auto found, people::find_person(transaction_, collective_, person));
        return names_.emplace(person, found ? found->profile.name : std::string()).first->second;
    }

  private:
    Transaction& transaction_;
    const CollectiveId& collective_;
    std::map<PersonId, std::string> names_;
};

/// All that the lines of one gathering are made from.
struct Around {
    const Call& call;
    const At& at;
    ZoneBook& zones;
    Names& names;
    std::vector<Turn> turns; ///< of the gatherings ahead, this one too
    std::vector<Swap> swaps; ///< in which this one takes part
    std::map<Wall, Occurrence> ahead;
};

[[nodiscard]] Result<TurnDate> date_of(Around& around, const Occurrence& one,
                                       const std::optional<PersonId>& holder) {
    TurnDate date{.name = name_of_when(one.original),
                  .wall = wall_for_reader(around.call, one, around.zones),
                  .who = {}};
    if (holder) {
        TRY(date.who, around.names.of(*holder));
    }
    return date;
}

/// Turns of the same kind that others have, to swap with.
[[nodiscard]] Result<void> add_swaps(TurnLine& line, Around& around, const Turn& turn) {
    for (const Turn& other : around.turns) {
        const auto one = around.ahead.find(other.original);
        if (other.kind != turn.kind || !other.person || *other.person == *turn.person ||
            one == around.ahead.end()) {
            continue;
        }
        TRY(TurnDate date, date_of(around, one->second, other.person));
        line.swaps.push_back(std::move(date));
    }
    for (const Swap& swap : around.swaps) {
        const Wall other = swap.original == turn.original ? swap.other : swap.original;
        const auto one = around.ahead.find(other);
        if (swap.kind != turn.kind || one == around.ahead.end()) {
            continue;
        }
        const Turn theirs = turn_of(around.turns, other, turn.kind);
        TRY(TurnDate date, date_of(around, one->second, theirs.person));
        if (swap.original == turn.original) {
            line.swap_asked = date.wall;
        } else {
            line.wanted.push_back(std::move(date));
        }
    }
    return {};
}

/// While it takes place, only who does what now is left to say.
void leave_to_now(TurnLine& line) {
    line.asked_me = false;
    line.asked_somebody = false;
    line.stands_by_me = false;
    line.stands_by_somebody = false;
    line.may_stand_by = false;
    line.may_ask = false;
}

[[nodiscard]] Result<TurnLine> line_of(Around& around, TurnKind kind) {
    const PersonId& me = around.call.member().person;
    const bool keeping = keeps(around.call);
    const Turn turn = turn_of(around.turns, around.at.occurrence.original, kind);
    TurnLine line{.kind = std::string(name_of(kind)),
                  .holder = {},
                  .mine = turn.person == me,
                  .asked_me = turn.asked == me,
                  .asked_somebody = keeping && turn.asked.has_value(),
                  .stands_by_me = turn.standby == me,
                  .stands_by_somebody = turn.standby && (keeping || turn.person == me),
                  .may_take = !turn.person,
                  .may_stand_by = !turn.standby && turn.person != me,
                  .may_ask = keeping && !turn.person,
                  .may_run = keeping && kind == TurnKind::host && turn.person && turn.person != me,
                  .swap_asked = {},
                  .swaps = {},
                  .wanted = {}};
    if (turn.person) {
        TRY(line.holder, around.names.of(*turn.person));
    }
    const Phase phase = phase_at(around.at.occurrence.begin, now_of(around.call));
    if (phase == Phase::begun) {
        leave_to_now(line);
    } else if (line.mine) {
        line.to_confirm = !turn.confirmed && phase != Phase::far;
        TRY_DO(add_swaps(line, around, turn));
    }
    return line;
}

/// Those who could be asked, in the order of the reader's language.
[[nodiscard]] Result<std::vector<TurnPerson>>
people_to_ask(Transaction& transaction, const Call& call, const Series& series) {
    TRY(const auto all, people::all_people(transaction, call.collective().id));
    std::vector<TurnPerson> people;
    for (const people::Person& person : all) {
        TRY(const bool can, can_be_asked(transaction, call.collective().id, series, person));
        if (can && person.id != call.member().person) {
            people.push_back({person.id.text(), person.profile.name});
        }
    }
    call.words->sort_by_name(people, &TurnPerson::name);
    return people;
}

} // namespace

std::string wall_for_reader(const Call& call, const Occurrence& occurrence, ZoneBook& zones) {
    const std::string own = zone_of_reader(call);
    const auto zone = zones.zone(own.empty() ? occurrence.zone : own);
    return wall_text(zone ? (*zone)->to_local(occurrence.begin) : occurrence.start);
}

Result<std::optional<TurnsView>> turns_view(Transaction& transaction, const Call& call,
                                            const At& at, ZoneBook& zones) {
    const Series& series = at.plan.series;
    const Instant now = now_of(call);
    if (!call.viewer.member || !belongs(call) || series.about.turns.empty() ||
        at.occurrence.cancelled || at.occurrence.end <= now || is_over(series, floor<days>(now))) {
        return std::nullopt;
    }
    Names names(transaction, call.collective().id);
    Around around{.call = call,
                  .at = at,
                  .zones = zones,
                  .names = names,
                  .turns = {},
                  .swaps = {},
                  .ahead = {}};
    TRY(const auto ahead, occurrences(at.plan, zones, now, now + swapped_ahead));
    for (const Occurrence& one : ahead) {
        if (!one.cancelled) {
            around.ahead.emplace(one.original, one);
        }
    }
    const Wall first = around.ahead.empty()
                           ? at.occurrence.original
                           : std::min(around.ahead.begin()->first, at.occurrence.original);
    const Wall last = around.ahead.empty()
                          ? at.occurrence.original
                          : std::max(around.ahead.rbegin()->first, at.occurrence.original);
    TRY(around.turns,
        turns_between(transaction, call.collective().id, series.id, first, last + seconds(1)));
    TRY(around.swaps,
        swaps_of(transaction, call.collective().id, series.id, at.occurrence.original));
    TurnsView view;
    for (const TurnKind kind : series.about.turns) {
        TRY(TurnLine line, line_of(around, kind));
        view.lines.push_back(std::move(line));
    }
    return view;
}

Result<AskView> ask_view(Transaction& transaction, const Call& call, const At& at, ZoneBook& zones,
                         const Turn& turn) {
    const Series& series = at.plan.series;
    const Occurrence& occurrence = at.occurrence;
    AskView view{.path = path_of(call, series, occurrence.original),
                 .series_path = path_of(call, series),
                 .series = series.about.title,
                 .title = title_of(series, occurrence.gathering),
                 .times = {},
                 .turn = std::string(name_of(turn.kind)),
                 .asked_somebody = turn.asked.has_value(),
                 .people = {}};
    TRY(view.times, times_of(occurrence, zones, zone_of_reader(call)));
    if (!turn.person && !occurrence.cancelled && occurrence.begin > now_of(call)) {
        TRY(view.people, people_to_ask(transaction, call, series));
    }
    return view;
}

Result<std::map<Wall, std::vector<TurnHolder>>> turn_holders(Transaction& transaction,
                                                             const Call& call, const Series& series,
                                                             std::span<const Wall> originals) {
    std::map<Wall, std::vector<TurnHolder>> holders;
    if (!call.viewer.member || !belongs(call)) {
        return holders;
    }
    Names names(transaction, call.collective().id);
    for (const Wall original : originals) {
        TRY(const auto turns, turns_between(transaction, call.collective().id, series.id, original,
                                            original + seconds(1)));
        for (const TurnKind kind : series.about.turns) {
            const Turn turn = turn_of(turns, original, kind);
            TurnHolder holder{.kind = std::string(name_of(kind)), .holder = {}};
            if (turn.person) {
                TRY(holder.holder, names.of(*turn.person));
            }
            holders[original].push_back(std::move(holder));
        }
    }
    return holders;
}

Result<std::optional<SeriesAlive>> series_alive(Transaction& transaction, const Call& call,
                                                const Plan& plan, ZoneBook& zones) {
    if (!call.viewer.member || !keeps(call)) {
        return std::nullopt;
    }
    SeriesAlive view{.alive_path = path_of(call, plan.series, "/alive")};
    TRY(view.is_dying, is_hint_due(transaction, call.collective().id, plan, zones, now_of(call)));
    return view;
}

} // namespace allot::gatherings
