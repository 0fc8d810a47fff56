#include "collective/gatherings/turn_cards.hpp"

#include "collective/gatherings/alive.hpp"
#include "collective/gatherings/thread_views.hpp"
#include "collective/gatherings/turn_acts.hpp"
#include "collective/gatherings/turn_store.hpp"
#include "collective/people/person_store.hpp"

#include <algorithm>
#include <set>

namespace allot::gatherings {

namespace {

using pages::Call;
using std::chrono::days;
using std::chrono::floor;
using std::chrono::seconds;

/// What one turn asks of who has it, or was asked for it; empty: nothing now.
[[nodiscard]] Result<std::string_view> asks_for(Transaction& transaction, const Call& call,
                                                const SeriesTurn& one, Instant begin) {
    const PersonId& me = call.member().person;
    if (one.turn.asked == me) {
        return "turn_asked";
    }
    if (one.turn.person != me) {
        return "";
    }
    TRY(const auto swaps,
        swaps_of(transaction, call.collective().id, one.series, one.turn.original));
    const auto wants_mine = [&](const Swap& swap) {
        return swap.kind == one.turn.kind && swap.other == one.turn.original;
    };
    if (std::ranges::any_of(swaps, wants_mine)) {
        return "turn_swap";
    }
    const bool in_last_week = phase_at(begin, floor<seconds>(call.now())) != Phase::far;
    return in_last_week && !one.turn.confirmed ? "turn_confirm" : "";
}

[[nodiscard]] Result<void> add_turn_card(std::vector<Card>& cards, Transaction& transaction,
                                         const Call& call, ZoneBook& zones, const SeriesTurn& one) {
    const Instant now = floor<seconds>(call.now());
    TRY(const auto series, find_series(transaction, call.collective().id, one.series));
    if (!series || is_over(*series, floor<days>(now))) {
        return {};
    }
    TRY(const Plan plan, plan_of(transaction, call.collective().id, *series));
    TRY(const auto occurrence, occurrence_of(plan, zones, one.turn.original));
    if (!occurrence || occurrence->cancelled || occurrence->begin <= now) {
        return {};
    }
    TRY(const std::string_view kind, asks_for(transaction, call, one, occurrence->begin));
    if (!kind.empty()) {
        cards.push_back({.kind = std::string(kind),
                         .name = title_of(*series, occurrence->gathering),
                         .page = path_of(call, *series, one.turn.original, "#turns")});
    }
    return {};
}

/// At most one for each series: what is most pressing.
[[nodiscard]] Result<void> add_host_card(std::vector<Card>& cards, Transaction& transaction,
                                         const Call& call, ZoneBook& zones, const SeriesId& id) {
    const Instant now = floor<seconds>(call.now());
    TRY(const auto series, find_series(transaction, call.collective().id, id));
    if (!series || is_over(*series, floor<days>(now))) {
        return {};
    }
    TRY(const Plan plan, plan_of(transaction, call.collective().id, *series));
    TRY(const bool dying, is_hint_due(transaction, call.collective().id, plan, zones, now));
    TRY(const auto hosts, hosts_of(transaction, call.collective().id, id));
    const std::string_view kind = dying                                      ? "series_dying"
                                  : asks_to_renew(*series, floor<days>(now)) ? "series_renew"
                                  : at_risk(hosts)                           ? "series_at_risk"
                                                                             : "";
    if (!kind.empty()) {
        cards.push_back({.kind = std::string(kind),
                         .name = series->about.title,
                         .page = path_of(call, *series)});
    }
    return {};
}

/// The last gathering of a series, where its three lines are asked of the viewer: for a week, of
/// the scribe where it had one who still sees it, else of its hosts.
[[nodiscard]] Result<void> add_card_of_lines(std::vector<Card>& cards, Transaction& transaction,
                                             const Call& call, ZoneBook& zones, const SeriesId& id,
                                             bool is_host) {
    constexpr days asked_for{7};
    const Instant now = floor<seconds>(call.now());
    TRY(const auto series, find_series(transaction, call.collective().id, id));
    if (!series) {
        return {};
    }
    const auto may_write = [&](const PersonId& who) -> Result<bool> {
        TRY(const auto person, people::find_person(transaction, call.collective().id, who));
        return person ? may_have(transaction, call.collective().id, *series, *person)
                      : Result<bool>(false);
    };
    TRY(const Plan plan, plan_of(transaction, call.collective().id, *series));
    TRY(const auto last, last_occurrences(plan, zones, now, 1));
    if (last.empty() || last.front().end + asked_for <= now || !wants_lines(last.front(), now)) {
        return {};
    }
    const Wall original = last.front().original;
    TRY(const Turn scribe,
        turn_at(transaction, call.collective().id, id, original, TurnKind::scribe));
    TRY(const bool has_scribe, scribe.person ? may_write(*scribe.person) : Result<bool>(false));
    if (has_scribe ? *scribe.person == call.member().person : is_host) {
        cards.push_back({.kind = "write_up",
                         .name = title_of(*series, last.front().gathering),
                         .page = path_of(call, *series, original, "#lines")});
    }
    return {};
}

/// A series whose zone this machine does not know asks for nothing, and hides nothing of others.
[[nodiscard]] Result<void> unless_broken(Result<void> added) {
    if (!added && added.error().kind == ErrorKind::unavailable) {
        return added;
    }
    return {};
}

} // namespace

Result<std::vector<Card>> cards_of(Transaction& transaction, const Call& call) {
    constexpr days longest_move{60};
    const CollectiveId& collective = call.collective().id;
    const PersonId& me = call.member().person;
    const Wall from = Wall(floor<seconds>(call.now()).time_since_epoch()) - longest_move;
    ZoneBook zones(call.house.zones);
    std::vector<Card> cards;
    TRY(const auto turns, turns_by(transaction, collective, me, from));
    for (const SeriesTurn& one : turns) {
        TRY_DO(unless_broken(add_turn_card(cards, transaction, call, zones, one)));
    }
    TRY(const auto hosted, hosted_by(transaction, collective, me));
    std::set<SeriesId> written(hosted.begin(), hosted.end());
    for (const SeriesTurn& one : turns) {
        if (one.turn.kind == TurnKind::scribe && one.turn.person == me) {
            written.insert(one.series);
        }
    }
    for (const SeriesId& series : written) {
        const bool is_host = std::ranges::find(hosted, series) != hosted.end();
        TRY_DO(unless_broken(add_card_of_lines(cards, transaction, call, zones, series, is_host)));
    }
    for (const SeriesId& series : hosted) {
        TRY_DO(unless_broken(add_host_card(cards, transaction, call, zones, series)));
    }
    return cards;
}

} // namespace allot::gatherings
