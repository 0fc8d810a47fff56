#include "round/decide.hpp"

#include "base/text.hpp"
#include "engine/allot/groups.hpp"
#include "round/words.hpp"

#include <algorithm>
#include <functional>
#include <numeric>

#include <fmt/format.h>

namespace allot::round {

namespace {

using matching::Allotment;
using matching::Chance;
using matching::Group;
using matching::Index;
using matching::Objective;
using matching::Pair;
using matching::Rule;
using matching::Sides;

bool has_several(const Sides& sides) {
    return std::ranges::any_of(sides.demand, [](auto n) { return n > 1; });
}

/// Sums of fits by ask.
std::map<Index, matching::Micro> sums_by_ask(std::span<const Pair> pairs) {
    std::map<Index, matching::Micro> sums;
    for (const Pair& pair : pairs) {
        sums[pair.ask] += pair.score;
    }
    return sums;
}

class Decider {
  public:
    Decider(const Possible& possible, const Settings& settings, const matching::Options& options)
        : possible_(&possible), settings_(&settings), options_(options), fair_(possible.sides),
          rows_(matching::SparseRows(fair_.asks(), fair_.helpers(),
                                     {possible.instance.begin(), possible.instance.end()})) {}

    Result<Decided> run() {
        TRY_DO(check_bounds());
        sum_ = with_people();
        const bool is_lottery = settings_->pair_cap.has_value();
        const bool is_sum = settings_->objective.rule == Rule::sum;
        TRY(auto sum, solve({.rule = Rule::sum}));
        TRY_DO(check_shortages(sum, sum_));
        if (sum_.groups.empty() && !sum_.has_least()) { // others are bounds on the worth only
            decided_.worth = sum.prices;
        }
        add_line("sum", sum_, sum.pairs, is_sum && !is_lottery);
        if (is_lottery) {
            TRY_DO(draw(*settings_->pair_cap));
        } else if (is_sum) {
            decided_.allotment = std::move(sum);
        } else {
            TRY(decided_.allotment, solve(settings_->objective));
            TRY_DO(check_shortages(decided_.allotment, fair_));
            TRY_DO(check_floor());
        }
        TRY_DO(compare());
        decided_.sides = is_sum ? sum_ : fair_;
        return std::move(decided_);
    }

  private:
    [[nodiscard]] matching::Names names() const {
        return {.asks = possible_->asks, .helpers = possible_->offers};
    }

    [[nodiscard]] Result<void> check_bounds() {
        for (const Group& group : fair_.groups) {
            if (group.members.empty() && group.least > 0) {
                return fail(ErrorKind::infeasible,
                            fmt::format("the group \"{}\" must be used {}, and no member of it is "
                                        "in this round",
                                        group.name, text::count_of(group.least, "time", "times")));
            }
        }
        std::erase_if(fair_.groups, [](const Group& group) { return group.members.empty(); });
        TRY_DO(matching::check_groups(fair_, names()));
        return check_rule();
    }

    /// Is the rule one that keeps these bounds?
    [[nodiscard]] Result<void> check_rule() const {
        const Objective& objective = settings_->objective;
        if (can_solve(objective)) {
            return {};
        }
        const bool leximin_could = !has_several(fair_);
        return fail(ErrorKind::invalid,
                    fmt::format("found {} with the objective {}{}; expected --objective sum{}",
                                fair_.groups.empty() ? "minimum loads" : "groups",
                                name_of(objective),
                                leximin_could ? "" : " and an ask of several places",
                                leximin_could ? " or leximin" : ""));
    }

    [[nodiscard]] bool can_solve(const Objective& objective) const {
        if (objective.rule == Rule::sum || (fair_.groups.empty() && !fair_.has_least())) {
            return true;
        }
        return !has_several(fair_) && (fair_.groups.empty() || objective.rule == Rule::leximin);
    }

    [[nodiscard]] Sides with_people() const {
        Sides sides = fair_;
        if (!has_several(fair_)) {
            return sides;
        }
        sides.groups.insert(sides.groups.end(), possible_->people.begin(), possible_->people.end());
        sort_groups(sides.groups);
        return matching::check_groups(sides) ? sides : fair_;
    }

    [[nodiscard]] Result<Allotment> solve(const Objective& objective) const {
        matching::Options options = options_;
        options.objective = objective;
        return matching::allot(rows_, objective.rule == Rule::sum ? sum_ : fair_, options);
    }

    [[nodiscard]] Result<void> check_shortages(const Allotment& allotment,
                                               const Sides& sides) const {
        if (allotment.shortages.empty()) {
            return {};
        }
        if (settings_->objective.rule == Rule::floor &&
            allotment.shortages.front().kind == matching::Shortage::Kind::demands) {
            return below_floor(allotment.shortages.front().asks);
        }
        return fail(ErrorKind::infeasible,
                    "not every minimum can be met: " +
                        matching::words_of(allotment.shortages.front(), Chance{}, sides, names()));
    }

    [[nodiscard]] Result<void> check_floor() const {
        const auto& fairness = decided_.allotment.fairness;
        if (!fairness || fairness->floor == matching::FloorOutcome::met) {
            return {};
        }
        std::vector<Index> below;
        for (const auto& [ask, sum] : sums_by_ask(decided_.allotment.pairs)) {
            if (sum < settings_->objective.floor) {
                below.push_back(ask);
            }
        }
        return below_floor(below);
    }

    /// `asks` may hold some who have no possible pair at all: they are not served by any rule.
    [[nodiscard]] Result<void> below_floor(const std::vector<Index>& asks) const {
        std::vector<std::string> ids;
        std::vector<std::string> out_of_reach;
        for (const Index ask : asks) {
            const auto best = best_sum_of(ask);
            if (!best) {
                continue;
            }
            const std::string& id = possible_->asks[static_cast<std::size_t>(ask)];
            ids.push_back(id);
            if (*best < settings_->objective.floor) {
                out_of_reach.push_back(
                    fmt::format("the best possible for {} is {}", id, decimal(*best)));
            }
        }
        std::ranges::sort(ids);
        std::ranges::sort(out_of_reach);
        const auto& fairness = decided_.allotment.fairness;
        const bool is_open = fairness && fairness->floor == matching::FloorOutcome::not_found;
        const auto highest = highest_floor();
        return fail(
            ErrorKind::infeasible,
            fmt::format("{} where everybody who is served gets a fit of {} or more: that fails for "
                        "{} ({}){}{}; expected {}",
                        is_open ? "no round was found" : "no round is possible",
                        decimal(settings_->objective.floor),
                        text::count_of(std::ssize(ids), "ask", "asks"), text::join_words(ids, 10),
                        out_of_reach.empty() ? "" : "; ", text::join_words(out_of_reach, 10),
                        highest ? fmt::format("floor:{} or lower", decimal(*highest))
                                : "a lower floor"));
    }

    /// The largest sum of fits that an ask could have, if nobody else asked.
    [[nodiscard]] std::optional<matching::Micro> best_sum_of(Index ask) const {
        std::vector<matching::Micro> scores;
        for (const Pair& pair : possible_->instance) {
            if (pair.ask == ask) {
                scores.push_back(pair.score);
            }
        }
        if (scores.empty()) {
            return std::nullopt;
        }
        std::ranges::sort(scores, std::greater<>());
        scores.resize(std::min(
            scores.size(), static_cast<std::size_t>(fair_.demand[static_cast<std::size_t>(ask)])));
        return std::accumulate(scores.begin(), scores.end(), matching::Micro{0});
    }

    /// What the least well served can have: the highest floor that can be kept. Only where it is
    /// exact and takes no long time.
    [[nodiscard]] std::optional<matching::Micro> highest_floor() const {
        if (has_several(fair_) || fair_.asks() > most_compared) {
            return std::nullopt;
        }
        const auto best = solve({.rule = Rule::maxmin});
        return best && best->fairness && best->fairness->proved
                   ? std::optional(best->fairness->worst)
                   : std::nullopt;
    }

    [[nodiscard]] Result<void> draw(Chance cap) {
        TRY(auto lottery, matching::draw_lottery(rows_, sum_, cap, settings_->seed, options_));
        if (!lottery.odds.shortages.empty()) {
            return fail(ErrorKind::infeasible,
                        "not every minimum can be met: " +
                            matching::words_of(lottery.odds.shortages.front(), lottery.odds.cap,
                                               sum_, names()));
        }
        decided_.allotment.pairs = std::move(lottery.pairs);
        decided_.allotment.certificate = {.objective = lottery.objective,
                                          .bound = lottery.objective};
        decided_.odds = std::move(lottery.odds);
        return {};
    }

    void add_line(std::string rule, const Sides& sides, std::span<const Pair> pairs, bool chosen) {
        std::vector<matching::Count> missing = sides.demand;
        TradeLine line{.rule = std::move(rule), .objective = {}, .chosen = chosen};
        for (const Pair& pair : pairs) {
            --missing[static_cast<std::size_t>(pair.ask)];
            ++line.objective.places.at(matching::waiting_classes - 1 - sides.waiting_of(pair.ask));
            line.objective.micro += pair.score;
            line.low += pair.score < half_fit ? 1 : 0;
        }
        const auto sums = sums_of(pairs);
        line.worst = sums.empty() ? 0 : sums.front();
        line.unfilled =
            static_cast<std::size_t>(std::ranges::count_if(missing, [](auto n) { return n > 0; }));
        decided_.trade.push_back(std::move(line));
    }

    /// The other rules, where that takes no long time.
    [[nodiscard]] Result<void> compare() {
        const Index most = has_several(fair_) ? most_compared_several : most_compared;
        const bool is_slow =
            !fair_.groups.empty() && possible_->instance.size() > most_compared_in_groups;
        decided_.trade_left_out = fair_.asks() > most || is_slow;
        for (const Rule rule : {Rule::leximin, Rule::maxmin, Rule::floor}) {
            const bool is_chosen = settings_->objective.rule == rule;
            const Objective objective{.rule = rule,
                                      .floor = is_chosen ? settings_->objective.floor : 0};
            if (is_chosen) {
                add_line(name_of(objective), fair_, decided_.allotment.pairs, true);
            } else if (rule != Rule::floor && !decided_.trade_left_out && can_solve(objective)) {
                TRY(const auto other, solve(objective));
                add_line(name_of(objective), fair_, other.pairs, false);
            }
        }
        if (decided_.odds) {
            add_line("lottery", sum_, decided_.allotment.pairs, true);
        }
        return {};
    }

    const Possible* possible_;
    const Settings* settings_;
    matching::Options options_;
    Sides fair_; ///< for every rule but the sum
    Sides sum_;
    matching::ScoreRows rows_;
    Decided decided_;
};

/// What is left of an instance once one pair is made.
struct Remainder {
    std::vector<Pair> instance;
    Sides sides;
};

bool holds(const Group& group, Index member) {
    return std::ranges::find(group.members, member) != group.members.end();
}

/// Is there a group that may serve an ask once, and has both?
bool exclude_each_other(const Sides& sides, Index one, Index other) {
    return std::ranges::any_of(sides.groups, [&](const Group& group) {
        return group.scope == Group::Scope::ask && group.most <= 1 && holds(group, one) &&
               holds(group, other);
    });
}

std::optional<Remainder> without(std::span<const Pair> instance, Sides sides, const Pair& pair) {
    const auto i = static_cast<std::size_t>(pair.ask);
    const auto j = static_cast<std::size_t>(pair.helper);
    if (sides.demand[i] == 0 || sides.places[j] == 0) {
        return std::nullopt;
    }
    --sides.demand[i];
    --sides.places[j];
    if (!sides.least.empty() && sides.least[j] > 0) {
        --sides.least[j];
    }
    for (Group& group : sides.groups) {
        if (!holds(group, group.of == Group::Of::asks ? pair.ask : pair.helper)) {
            continue;
        }
        if (group.most == 0) {
            return std::nullopt;
        }
        if (group.scope == Group::Scope::round) {
            --group.most;
            group.least = std::max(0, group.least - 1);
        }
    }
    Remainder rest{.instance = {}, .sides = std::move(sides)};
    std::ranges::copy_if(instance, std::back_inserter(rest.instance), [&](const Pair& other) {
        return other.ask != pair.ask ||
               (other.helper != pair.helper && rest.sides.demand[i] > 0 &&
                !exclude_each_other(rest.sides, pair.helper, other.helper));
    });
    return rest;
}

Result<Allotment> solve_rest(const Remainder& rest, const Objective& objective) {
    const matching::SparseRows rows(rest.sides.asks(), rest.sides.helpers(), rest.instance);
    return matching::allot(rows, rest.sides, {.objective = objective, .order = {}});
}

} // namespace

std::string name_of(const Objective& objective) {
    switch (objective.rule) {
    case Rule::sum:
        return "sum";
    case Rule::leximin:
        return "leximin";
    case Rule::maxmin:
        return "maxmin";
    case Rule::floor:
        break;
    }
    return "floor:" + decimal(objective.floor);
}

std::vector<matching::Micro> sums_of(std::span<const Pair> pairs) {
    std::vector<matching::Micro> sums;
    for (const auto& [ask, sum] : sums_by_ask(pairs)) {
        sums.push_back(sum);
    }
    std::ranges::sort(sums);
    return sums;
}

Result<std::optional<std::vector<Pair>>> decide_with(std::span<const Pair> instance,
                                                     const Sides& sides, const Objective& objective,
                                                     Index ask, Index offer) {
    const auto pair = std::ranges::find_if(
        instance, [&](const Pair& p) { return p.ask == ask && p.helper == offer; });
    const auto rest = pair == instance.end() ? std::nullopt : without(instance, sides, *pair);
    if (!rest) {
        return std::nullopt;
    }
    auto others = solve_rest(*rest, objective);
    // The worst off may be this pair: then the others need not be better than it.
    if (others && objective.rule == Rule::maxmin && !others->pairs.empty() &&
        sums_of(others->pairs).front() > pair->score) {
        others = solve_rest(*rest, {.rule = Rule::floor, .floor = pair->score});
    }
    if (!others && others.error().kind != ErrorKind::infeasible) {
        return std::unexpected(others.error());
    }
    if (!others || !others->shortages.empty()) {
        return std::nullopt;
    }
    others->pairs.push_back(*pair);
    std::ranges::sort(others->pairs);
    const bool keeps_bounds = !broken_bound(sides, others->pairs, {});
    return keeps_bounds ? std::optional(std::move(others->pairs)) : std::nullopt;
}

Result<Decided> decide(const Possible& possible, const Settings& settings,
                       const matching::Options& options) {
    return Decider(possible, settings, options).run();
}

} // namespace allot::round
