#include "engine/allot/pair_lists.hpp"

#include "engine/allot/solution.hpp"

namespace allot::matching {

namespace {

/// The pairs of a state with their scores. Held pairs stand near the head of a row, as a rule.
template <class Done>
std::vector<Pair> scored_pairs(const PairLists& lists, const Done& state) {
    std::vector<Pair> pairs;
    for (Index ask = 0; ask < lists.asks(); ++ask) {
        auto wanted = state.held(ask).size();
        for (const auto& [helper, score] : lists.row(ask)) {
            if (wanted == 0) {
                break;
            }
            if (state.holds(ask, helper)) {
                pairs.push_back({ask, helper, score});
                --wanted;
            }
        }
    }
    std::ranges::sort(pairs);
    return pairs;
}

template <class Scale>
Result<Valued> solve(const PairLists& lists, const ValuedRows& rows, const Sides& sides,
                     const Value& places, const Options& options) {
    TRY(const Scale scale, Scale::of(sides, rows.largest_score()));
    Solution<ValuedRows, Scale> solution(rows, sides, scale, options.threads);
    const State<ValuedRows, Scale>& state = solution.state;
    TRY_DO(serve_all(solution.state, solution.lists, options));
    Valued found;
    for (Index ask = 0; ask < rows.asks(); ++ask) {
        found.whole = found.whole && state.missing(ask) <= 0;
    }
    found.pairs = scored_pairs(lists, state);
    const auto bound = bound_of(rows, sides, scale, state.prices, options.threads);
    found.bound = static_cast<Micro>(bound - scale.cost({.places = places.places, .micro = 0}));
    return found;
}

} // namespace

PairLists::PairLists(const ScoreRows& rows) : helpers_(helpers_of(rows)) {
    const Index asks = asks_of(rows);
    const Prices<std::int64_t> free(helpers_);
    begin_.reserve(static_cast<std::size_t>(asks) + 1);
    begin_.push_back(0);
    const auto helpers = static_cast<std::size_t>(helpers_);
    for (Index ask = 0; ask < asks; ++ask) {
        std::visit(
            [&](const auto& r) {
                r.scan(ask, free, std::int64_t{0}, [&](Index helper, Micro score, std::int64_t) {
                    items_.push_back({helper, score});
                    return std::int64_t{0};
                });
            },
            rows);
        const std::size_t start = row_start(ask, helpers);
        const auto turned = [&](Index helper) {
            const auto j = static_cast<std::size_t>(helper);
            return j >= start ? j - start : j + helpers - start;
        };
        std::ranges::sort(items_.begin() + static_cast<std::ptrdiff_t>(begin_.back()), items_.end(),
                          [&](const Item& a, const Item& b) {
                              return a.score != b.score ? a.score > b.score
                                                        : turned(a.helper) < turned(b.helper);
                          });
        begin_.push_back(items_.size());
    }
}

Micro PairLists::best_sum(Index ask, Count n) const {
    Micro sum = 0;
    for (const Item& item : row(ask)) {
        if (n-- <= 0) {
            break;
        }
        sum += item.score;
    }
    return sum;
}

std::size_t PairLists::count_from(Index ask, Micro score) const {
    const auto all = row(ask);
    const auto end =
        std::ranges::partition_point(all, [&](const Item& item) { return item.score >= score; });
    return static_cast<std::size_t>(end - all.begin());
}

ValuedRows::ValuedRows(const PairLists& lists, std::vector<Micro> values)
    : lists_(&lists), values_(std::move(values)) {
    for (Index ask = 0; ask < lists.asks(); ++ask) {
        Micro last = -1;
        for (std::size_t k = lists.first(ask); k < lists.first(ask + 1); ++k) {
            const Micro value = values_[k];
            falling_ = falling_ && (value < 0 || last < 0 || value <= last);
            last = value < 0 ? last : value;
            largest_ = std::max(largest_, value);
        }
    }
}

Result<Valued> allot_values(const PairLists& lists, std::vector<Micro> values, const Sides& sides,
                            const Value& places, const Options& options) {
    const ValuedRows rows(lists, std::move(values));
    return sides.service == Service::full
               ? solve<PlainScale>(lists, rows, sides, places, options)
               : solve<WaitingScale>(lists, rows, sides, places, options);
}

} // namespace allot::matching
