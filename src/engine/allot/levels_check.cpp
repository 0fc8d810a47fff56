#include "engine/allot/levels_check.hpp"

#include <algorithm>
#include <bit>
#include <functional>
#include <tuple>

namespace allot::matching {

namespace {

constexpr std::size_t none = ~std::size_t{0};

/// The first k in [begin, end) with `word(k / 64)` at k % 64 set; `none` when there is none.
template <class Word>
std::size_t first_set(std::size_t begin, std::size_t end, const Word& word) {
    for (std::size_t k = begin; k < end; k = (k / 64 + 1) * 64) {
        const std::uint64_t bits = word(k / 64) >> (k % 64);
        if (bits != 0) {
            const std::size_t found = k + static_cast<std::size_t>(std::countr_zero(bits));
            return found < end ? found : none;
        }
    }
    return none;
}

/// Numbers below `bound`, ascending, each once.
bool is_set_of(const std::vector<Index>& members, std::size_t bound) {
    return members.empty() ||
           (std::ranges::adjacent_find(members, std::greater_equal{}) == members.end() &&
            members.front() >= 0 && static_cast<std::size_t>(members.back()) < bound);
}

/// Calls `visit(helper, score)` for every allowed pair of a row.
template <class Visit>
void for_each_pair(const ScoreRows& rows, Index ask, const Prices<Micro>& none_set,
                   const Visit& visit) {
    std::visit(
        [&](const auto& r) {
            r.scan(ask, none_set, Micro{0}, [&](Index helper, Micro score, Micro) {
                visit(helper, score);
                return Micro{0};
            });
        },
        rows);
}

} // namespace

LevelReplay::LevelReplay(const ScoreRows& rows, const Sides& sides, std::span<const Level> levels)
    : rows_(&rows), sides_(&sides), levels_(levels), group_of_(levels.size()),
      asks_(sides.demand.size(), Words((levels.size() + 63) / 64)),
      helpers_(sides.places.size(), Words((levels.size() + 63) / 64)),
      outside_((levels.size() + 63) / 64) {
    for (std::size_t j = 0; j < sides.places.size(); ++j) {
        fewest_.push_back(sides.least_of(static_cast<Index>(j)));
        most_.push_back(sides.places[j]);
    }
    taking_part_ = std::ranges::count_if(sides.demand, [](Count n) { return n > 0; });
    sound_ = read_levels() && group_counts() && all_pairs_agree();
}

/// Sets are sets, in range, and levels in order.
bool LevelReplay::read_levels() {
    for (std::size_t k = 0; k < levels_.size(); ++k) {
        const Level& level = levels_[k];
        const std::uint64_t bit = std::uint64_t{1} << (k % 64);
        for (const auto* members : {&level.asks, &level.rivals}) {
            if (!is_set_of(*members, asks_.size())) {
                return false;
            }
            for (const Index ask : *members) {
                std::uint64_t& word = asks_[static_cast<std::size_t>(ask)][k / 64];
                if ((word & bit) != 0 || sides_->demand[static_cast<std::size_t>(ask)] != 1) {
                    return false;
                }
                word |= bit;
            }
        }
        if (!is_set_of(level.cut, helpers_.size())) {
            return false;
        }
        for (const Index helper : level.cut) {
            helpers_[static_cast<std::size_t>(helper)][k / 64] |= bit;
        }
        outside_[k / 64] |= level.outside ? bit : 0;
    }
    find_groups();
    return in_order();
}

bool LevelReplay::in_order() const {
    const auto key = [](const Level& level) {
        const int turn = level.unserved ? static_cast<int>(waiting_classes) - *level.unserved : 9;
        return std::tuple(turn, level.unserved ? Micro{0} : level.value);
    };
    return std::ranges::is_sorted(levels_, {}, key) &&
           std::ranges::none_of(levels_, [&](const Level& level) {
               return level.unserved &&
                      (sides_->service == Service::full || *level.unserved >= waiting_classes);
           });
}

void LevelReplay::find_groups() {
    first_score_ = levels_.size();
    for (std::size_t k = 0; k < levels_.size(); ++k) {
        const bool again = k > 0 && levels_[k - 1].unserved == levels_[k].unserved &&
                           levels_[k - 1].value == levels_[k].value;
        if (!again) {
            groups_.push_back({.begin = k, .end = k, .least = 0});
        }
        groups_.back().end = k + 1;
        group_of_[k] = groups_.size() - 1;
        if (!levels_[k].unserved) {
            first_score_ = std::min(first_score_, k);
        }
    }
}

/// How many asks each group of levels leaves with its value at least, and what is left of the
/// bounds on places after it.
bool LevelReplay::group_counts() {
    return std::ranges::all_of(groups_, [&](Group& group) {
        for (std::size_t k = group.begin; k < group.end; ++k) {
            group.least += least_of(levels_[k]);
        }
        return tighten(group);
    });
}

std::int64_t LevelReplay::least_of(const Level& level) const {
    const auto members = static_cast<std::int64_t>(level.asks.size() + level.rivals.size());
    std::int64_t places = 0;
    if (!level.outside) {
        for (const Index helper : level.cut) {
            places += most_[static_cast<std::size_t>(helper)];
        }
        return members - places;
    }
    for (const std::int64_t fewest : fewest_) {
        places += fewest;
    }
    for (const Index helper : level.cut) {
        places -= fewest_[static_cast<std::size_t>(helper)];
    }
    return places - (taking_part_ - members);
}

/// What meets all bounds of the group fills each cut, and leaves the others their fewest asks where
/// the outside is in it.
bool LevelReplay::tighten(const Group& group) {
    std::vector<char> full(helpers_.size());
    std::vector<char> least(helpers_.size());
    for (std::size_t k = group.begin; k < group.end; ++k) {
        const Level& level = levels_[k];
        if (!level.outside) {
            for (const Index helper : level.cut) {
                full[static_cast<std::size_t>(helper)] = 1;
            }
            continue;
        }
        for (std::size_t j = 0; j < helpers_.size(); ++j) {
            if ((helpers_[j][k / 64] >> (k % 64) & 1U) == 0) {
                least[j] = 1;
            }
        }
    }
    for (std::size_t j = 0; j < helpers_.size(); ++j) {
        if (full[j] != 0 && least[j] != 0 && fewest_[j] != most_[j]) {
            return false;
        }
        fewest_[j] = full[j] != 0 ? most_[j] : fewest_[j];
        most_[j] = least[j] != 0 ? fewest_[j] : most_[j];
    }
    return true;
}

std::pair<std::size_t, std::size_t> LevelReplay::levels_of_score(Micro score) const {
    const auto scores = levels_.subspan(first_score_);
    const auto found = std::ranges::equal_range(scores, score, {}, &Level::value);
    const auto begin = first_score_ + static_cast<std::size_t>(found.begin() - scores.begin());
    return {begin, begin + found.size()};
}

std::pair<std::size_t, std::size_t> LevelReplay::levels_of_class(std::uint8_t waiting) const {
    std::size_t begin = 0;
    while (begin < first_score_ && *levels_[begin].unserved > waiting) {
        ++begin;
    }
    std::size_t end = begin;
    while (end < first_score_ && *levels_[end].unserved == waiting) {
        ++end;
    }
    return {begin, end};
}

/// Before its own levels, and after them, a pair costs nothing: it must not lead out of any set,
/// and one that leads into a cut from outside of the set is used by no optimum. In its own levels
/// it counts, and may lead out of one set. `unused`: no optimum uses what has no level of its own.
LevelReplay::Fate LevelReplay::fate(const Words& ask, const Words& other,
                                    std::pair<std::size_t, std::size_t> counted,
                                    bool unused) const {
    const auto leads_out = [&](std::size_t w) { return ask[w] & ~other[w]; };
    const auto leads_in = [&](std::size_t w) { return other[w] & ~ask[w]; };
    const auto free_fate = [&](std::size_t begin, std::size_t end) {
        const std::size_t out = first_set(begin, end, leads_out);
        const std::size_t in = first_set(begin, end, leads_in);
        if (out != none && (in == none || group_of_[out] <= group_of_[in])) {
            return Fate::contradicts;
        }
        return in != none ? Fate::goes : Fate::stays;
    };
    const auto [begin, end] = counted;
    if (const Fate before = free_fate(0, begin); before != Fate::stays) {
        return before;
    }
    if (begin == end) {
        return unused ? Fate::goes : Fate::stays;
    }
    const std::size_t out = first_set(begin, end, leads_out);
    if (out != none && first_set(out + 1, end, leads_out) != none) {
        return Fate::contradicts;
    }
    if (out == none || first_set(begin, end, leads_in) != none) {
        return Fate::goes;
    }
    return free_fate(end, levels_.size());
}

LevelReplay::Fate LevelReplay::fate_of_pair(Index ask, Index helper, Micro score) const {
    const auto counted = levels_of_score(score);
    return fate(asks_[static_cast<std::size_t>(ask)], helpers_[static_cast<std::size_t>(helper)],
                counted, counted.second < levels_.size());
}

LevelReplay::Fate LevelReplay::fate_of_empty(Index ask) const {
    return fate(asks_[static_cast<std::size_t>(ask)], outside_,
                levels_of_class(sides_->waiting_of(ask)), true);
}

bool LevelReplay::all_pairs_agree() const {
    const Prices<Micro> none_set(sides_->helpers());
    bool agree = true;
    for (Index ask = 0; agree && ask < sides_->asks(); ++ask) {
        if (sides_->demand[static_cast<std::size_t>(ask)] == 0) {
            continue;
        }
        if (sides_->service == Service::partial) {
            agree = fate_of_empty(ask) != Fate::contradicts;
        }
        for_each_pair(*rows_, ask, none_set, [&](Index helper, Micro score) {
            agree = agree && fate_of_pair(ask, helper, score) != Fate::contradicts;
        });
    }
    return agree;
}

bool LevelReplay::is_allotment(std::span<const Pair> pairs) const {
    std::vector<std::int64_t> got(asks_.size());
    std::vector<std::int64_t> load(helpers_.size());
    for (const Pair& pair : pairs) {
        const bool inside = pair.ask >= 0 && pair.ask < sides_->asks() && pair.helper >= 0 &&
                            pair.helper < sides_->helpers();
        if (!inside || std::visit([&](const auto& r) { return r.score(pair.ask, pair.helper); },
                                  *rows_) != pair.score) {
            return false;
        }
        ++got[static_cast<std::size_t>(pair.ask)];
        ++load[static_cast<std::size_t>(pair.helper)];
    }
    for (std::size_t i = 0; i < got.size(); ++i) {
        if (got[i] > sides_->demand[i] ||
            (sides_->service == Service::full && got[i] < sides_->demand[i])) {
            return false;
        }
    }
    for (std::size_t j = 0; j < load.size(); ++j) {
        if (load[j] < sides_->least_of(static_cast<Index>(j)) || load[j] > sides_->places[j]) {
            return false;
        }
    }
    return true;
}

/// Does the allotment have as few of each value as its levels allow, and the asks that they name?
bool LevelReplay::counts_agree(std::span<const Pair> pairs, LevelClaim claim,
                               std::int64_t covered) const {
    std::vector<Micro> score_of(asks_.size(), -1);
    std::vector<std::int64_t> unserved(waiting_classes);
    std::vector<Micro> scores;
    for (const Pair& pair : pairs) {
        score_of[static_cast<std::size_t>(pair.ask)] = pair.score;
        scores.push_back(pair.score);
    }
    std::ranges::sort(scores);
    for (Index ask = 0; ask < sides_->asks(); ++ask) {
        const auto i = static_cast<std::size_t>(ask);
        unserved[sides_->waiting_of(ask)] += sides_->demand[i] > 0 && score_of[i] < 0 ? 1 : 0;
    }
    std::size_t counted = 0; // scores that the groups have accounted for
    for (const Group& group : groups_) {
        const Level& level = levels_[group.begin];
        std::int64_t named = 0;
        for (std::size_t k = group.begin; k < group.end; ++k) {
            named += static_cast<std::int64_t>(levels_[k].asks.size());
            for (const Index ask : levels_[k].asks) {
                const Micro score = score_of[static_cast<std::size_t>(ask)];
                if (level.unserved ? score >= 0 || sides_->waiting_of(ask) != level.unserved
                                   : score != level.value) {
                    return false;
                }
            }
        }
        if (level.unserved) {
            if (named != group.least || std::exchange(unserved[*level.unserved], 0) != named) {
                return false;
            }
        } else if (claim == LevelClaim::worst) {
            return &group == &groups_.back() && group.least > 0 &&
                   (scores.empty() || scores.front() <= level.value) &&
                   std::ranges::count(unserved, 0) == std::ssize(unserved);
        } else {
            const auto same = static_cast<std::int64_t>(
                std::ranges::equal_range(std::span(scores).subspan(counted), level.value).size());
            const bool next = counted < scores.size() && scores[counted] == level.value;
            if (named != group.least || same != named || (same > 0 && !next)) {
                return false;
            }
            counted += static_cast<std::size_t>(same);
        }
    }
    return claim != LevelClaim::worst && std::ranges::count(unserved, 0) == std::ssize(unserved) &&
           (claim == LevelClaim::served || static_cast<std::int64_t>(counted) == covered);
}

bool LevelReplay::holds(std::span<const Pair> pairs, LevelClaim claim, std::int64_t covered) const {
    return sound_ && is_allotment(pairs) && counts_agree(pairs, claim, covered);
}

Micro128 LevelReplay::bound(Micro least, std::span<const Micro128> prices) const {
    const Prices<Micro> none_set(sides_->helpers());
    Micro128 sum = 0;
    for (Index ask = 0; ask < sides_->asks(); ++ask) {
        if (sides_->demand[static_cast<std::size_t>(ask)] == 0) {
            continue;
        }
        std::optional<Micro128> best;
        if (sides_->service == Service::partial && fate_of_empty(ask) == Fate::stays) {
            best = 0;
        }
        for_each_pair(*rows_, ask, none_set, [&](Index helper, Micro score) {
            const Micro128 net = score - prices[static_cast<std::size_t>(helper)];
            if (score >= least && (!best || net > *best) &&
                fate_of_pair(ask, helper, score) == Fate::stays) {
                best = net;
            }
        });
        sum += best.value_or(0);
    }
    for (std::size_t j = 0; j < prices.size(); ++j) {
        sum += prices[j] * (prices[j] > 0 ? most_[j] : fewest_[j]);
    }
    return sum;
}

Value bound_of_prices(const ScoreRows& rows, const Sides& sides, Micro least,
                      std::span<const Value> prices) {
    const Prices<Micro> none_set(sides.helpers());
    Micro128 micro = 0;
    Value bound;
    const auto add = [&](std::int64_t times, const Value& value) {
        micro += Micro128{times} * value.micro;
        for (std::size_t c = 0; c < waiting_classes; ++c) {
            bound.places[c] += times * value.places[c];
        }
    };
    for (Index ask = 0; ask < sides.asks(); ++ask) {
        std::optional<Value> best;
        if (sides.service == Service::partial) {
            best = Value{};
        }
        for_each_pair(rows, ask, none_set, [&](Index helper, Micro score) {
            Value net;
            const Value& price = prices[static_cast<std::size_t>(helper)];
            for (std::size_t c = 0; c < waiting_classes; ++c) {
                net.places[c] = -price.places[c];
            }
            if (sides.service == Service::partial) {
                ++net.places[waiting_classes - 1 - sides.waiting_of(ask)];
            }
            net.micro = score - price.micro;
            if (score >= least && (!best || net > *best)) {
                best = net;
            }
        });
        add(sides.demand[static_cast<std::size_t>(ask)], best.value_or(Value{}));
    }
    for (std::size_t j = 0; j < prices.size(); ++j) {
        ALLOT_CHECK(prices[j] >= Value{}, "a price without minimum loads is negative");
        add(std::min(sides.places[j], sides.asks()), prices[j]);
    }
    bound.micro = static_cast<Micro>(micro);
    return bound;
}

} // namespace allot::matching
