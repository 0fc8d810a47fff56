/// Any bytes as a small instance: the solver on sparse rows and on matrices, `verify`, and a plain
/// solver written here agree in objective, prices, shortages and the loss of a wished pair.
#include "engine/allot/solver.hpp"
#include "engine/allot/verify.hpp"
#include "engine/allot/why_not.hpp"
#include "fuzz/bytes.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>
#include <span>
#include <utility>

namespace {

using namespace allot::matching;
using allot::fuzz::Bytes;

std::size_t at(Index index) {
    return static_cast<std::size_t>(index);
}

// An instance.

/// The pairs that are allowed, and the same as matrices with everything that is not.
struct Instance {
    Sides sides;
    std::vector<Pair> pairs;
    std::vector<double> doubles;
    std::vector<float> floats; ///< empty where a float would not be the same score
    std::vector<Pair> conflicts;
};

/// One way to draw scores an instance: few levels with many ties, a byte, thousandths, or up to
/// the largest that there is.
Micro draw_score(Bytes& bytes, int style) {
    switch (style) {
    case 0:
        return bytes.upto(3);
    case 1:
        return bytes.next();
    case 2:
        return Micro{1000} * bytes.next() + bytes.upto(3);
    default:
        return std::min(max_micro / 255 * bytes.next() + bytes.upto(4), max_micro);
    }
}

/// What stands in a matrix where a pair is not allowed; a conflict keeps a score.
double draw_absence(Bytes& bytes, Instance& in, Index ask, Index helper) {
    switch (bytes.upto(2)) {
    case 0:
        return -1.0;
    case 1:
        return std::numeric_limits<double>::quiet_NaN();
    default:
        in.conflicts.push_back({ask, helper, 0});
        return 1e3;
    }
}

Sides draw_sides(Bytes& bytes) {
    Sides sides;
    const int kind = bytes.next();
    sides.service = kind % 2 == 0 ? Service::full : Service::partial;
    const bool waiting = kind / 2 % 2 == 1;
    const Index asks = 1 + bytes.upto(7);
    const Index helpers = 1 + bytes.upto(7);
    for (Index i = 0; i < asks; ++i) {
        sides.demand.push_back(bytes.upto(3));
        if (waiting) {
            sides.waiting.push_back(static_cast<std::uint8_t>(bytes.upto(3)));
        }
    }
    for (Index j = 0; j < helpers; ++j) {
        sides.places.push_back(bytes.upto(4));
    }
    return sides;
}

Instance draw(Bytes& bytes) {
    Instance in{
        .sides = draw_sides(bytes), .pairs = {}, .doubles = {}, .floats = {}, .conflicts = {}};
    const int style = bytes.upto(3);
    const bool single = bytes.flag();
    const int density = 1 + bytes.upto(7);
    for (Index i = 0; i < in.sides.asks(); ++i) {
        for (Index j = 0; j < in.sides.helpers(); ++j) {
            double value = 0;
            if (bytes.upto(7) >= density) {
                value = draw_absence(bytes, in, i, j);
            } else {
                Micro score = draw_score(bytes, style);
                value = static_cast<double>(score) / 1e6;
                if (single) {
                    value = double{static_cast<float>(value)};
                    score = micro_of_score(value);
                }
                in.pairs.push_back({i, j, score});
            }
            in.doubles.push_back(value);
            if (single) {
                in.floats.push_back(static_cast<float>(value));
            }
        }
    }
    return in;
}

// The plain solver.

Value operator+(Value a, const Value& b) {
    for (std::size_t k = 0; k < waiting_classes; ++k) {
        a.places[k] += b.places[k];
    }
    a.micro += b.micro;
    return a;
}

Value operator-(const Value& a) {
    Value negative = a;
    for (std::int64_t& places : negative.places) {
        places = -places;
    }
    negative.micro = -negative.micro;
    return negative;
}

Value operator-(const Value& a, const Value& b) {
    return a + -b;
}

Value worth(const Sides& sides, const Pair& pair) {
    Value value{.places = {}, .micro = pair.score};
    if (sides.service == Service::partial) {
        value.places[waiting_classes - 1 - sides.waiting_of(pair.ask)] = 1;
    }
    return value;
}

/// Longest augmenting paths by Bellman and Ford (Ahuja, Magnanti, Orlin 1993, section 9.7), in
/// vectors of (places by class, micro): slow, short, and nothing shared with the solver.
class PlainFlow {
  public:
    PlainFlow(const Sides& sides, std::span<const Pair> pairs)
        : sink_(at(sides.asks() + sides.helpers()) + 1), nodes_(sink_ + 1) {
        for (Index i = 0; i < sides.asks(); ++i) {
            add_arc(0, 1 + at(i), sides.demand[at(i)], {});
        }
        for (const Pair& pair : pairs) {
            add_arc(1 + at(pair.ask), 1 + at(sides.asks() + pair.helper), 1, worth(sides, pair));
        }
        for (Index j = 0; j < sides.helpers(); ++j) {
            add_arc(1 + at(sides.asks() + j), sink_, sides.places[at(j)], {});
        }
    }

    /// The best objective; nullopt where demands must be met in full and cannot be.
    std::optional<Value> best(const Sides& sides) {
        Value total;
        std::int64_t flow = 0;
        for (auto gain = find_path(); gain && (sides.service == Service::full || *gain > Value{});
             gain = find_path()) {
            total = total + *gain;
            ++flow;
            push_along_path();
        }
        const auto needed =
            std::accumulate(sides.demand.begin(), sides.demand.end(), std::int64_t{0});
        return sides.service == Service::full && flow < needed ? std::nullopt
                                                               : std::optional(total);
    }

  private:
    struct Arc {
        std::size_t from;
        std::size_t to;
        Count room;
        Value gain;
    };
    /// The best known path to a node: what it adds, and its last arc.
    struct Node {
        bool reached = false;
        Value gain;
        std::size_t by = 0;
    };

    /// With its reverse, which stands beside it.
    void add_arc(std::size_t from, std::size_t to, Count room, const Value& gain) {
        arcs_.push_back({from, to, room, gain});
        arcs_.push_back({to, from, 0, -gain});
    }

    /// What one more place adds along the best path; nullopt where there is none.
    std::optional<Value> find_path() {
        std::ranges::fill(nodes_, Node{});
        nodes_.front().reached = true;
        for (bool changed = true; changed;) {
            changed = false;
            for (std::size_t k = 0; k < arcs_.size(); ++k) {
                changed = follow(k) || changed;
            }
        }
        return nodes_[sink_].reached ? std::optional(nodes_[sink_].gain) : std::nullopt;
    }

    bool follow(std::size_t k) {
        const Arc& arc = arcs_[k];
        const Node& from = nodes_[arc.from];
        Node& to = nodes_[arc.to];
        if (arc.room == 0 || !from.reached || (to.reached && from.gain + arc.gain <= to.gain)) {
            return false;
        }
        to = {.reached = true, .gain = from.gain + arc.gain, .by = k};
        return true;
    }

    void push_along_path() {
        for (std::size_t node = sink_; node != 0; node = arcs_[nodes_[node].by].from) {
            const std::size_t k = nodes_[node].by;
            --arcs_[k].room;
            ++arcs_[k ^ 1U].room;
        }
    }

    std::size_t sink_;
    std::vector<Arc> arcs_;
    std::vector<Node> nodes_;
};

std::optional<Value> plain_best(const Sides& sides, std::span<const Pair> pairs) {
    return PlainFlow(sides, pairs).best(sides);
}

// What must agree.

void check_shortages(const Instance& in, const Allotment& found) {
    ALLOT_CHECK(!found.shortages.empty(), "what cannot be served is explained");
    for (const Shortage& cut : found.shortages) {
        const auto has_ask = [&](Index i) { return std::ranges::binary_search(cut.asks, i); };
        const auto has_helper = [&](Index j) { return std::ranges::binary_search(cut.helpers, j); };
        std::int64_t needed = 0;
        std::int64_t places = 0;
        for (const Index i : cut.asks) {
            needed += in.sides.demand[at(i)];
        }
        for (const Index j : cut.helpers) {
            places += in.sides.places[at(j)];
        }
        const auto single = std::ranges::count_if(in.pairs, [&](const Pair& pair) {
            return has_ask(pair.ask) && !has_helper(pair.helper);
        });
        ALLOT_CHECK(cut.needed == needed && cut.places == places && cut.single == single,
                    "a shortage counts what it names");
        ALLOT_CHECK(needed > places + single, "a shortage is one");
    }
}

void check_optimum(const Instance& in, const Allotment& found, const Value& best) {
    ALLOT_CHECK(found.shortages.empty(), "what can be served is served");
    ALLOT_CHECK(found.certificate.proved(), "the allotment is proved");
    ALLOT_CHECK(found.certificate.objective == best, "the objective is the plain solver's");
    const Verdict verdict = verify(in.pairs, in.sides, found.pairs);
    ALLOT_CHECK(verdict.holds, verdict.reason.c_str());
    ALLOT_CHECK(verdict.objective == best, "the pairs are worth the objective");
    ALLOT_CHECK(verdict.prices == found.prices, "the prices are the smallest optimal ones");
}

void check_price(const Instance& in, const Allotment& found, const Value& best, Index helper) {
    Sides more = in.sides;
    ++more.places[at(helper)];
    const auto after = plain_best(more, in.pairs);
    ALLOT_CHECK(after && *after - best == found.prices[at(helper)],
                "a price is what one more place of that helper adds");
}

/// The best that there is with the pair: it is set aside with one place of each side.
std::optional<Value> best_with(const Instance& in, const Pair& wish) {
    Sides rest = in.sides;
    if (rest.demand[at(wish.ask)]-- == 0 || rest.places[at(wish.helper)]-- == 0) {
        return std::nullopt;
    }
    std::vector<Pair> others = in.pairs;
    std::erase(others, wish);
    const auto best = plain_best(rest, others);
    return best ? std::optional(*best + worth(in.sides, wish)) : std::nullopt;
}

void check_wish(const Instance& in, const ScoreRows& rows, const Allotment& found,
                const Value& best, const Pair& wish) {
    const auto answer = why_not(rows, in.sides, found, wish.ask, wish.helper);
    const auto with = best_with(in, wish);
    if (std::ranges::binary_search(found.pairs, wish) || !with) {
        ALLOT_CHECK(!answer, "a pair that is made, or cannot be, has no loss");
        return;
    }
    ALLOT_CHECK(answer && answer->loss == best - *with, "the loss of a wish is that of forcing it");
    std::vector<Pair> changed = found.pairs;
    for (const Pair& pair : answer->ended) {
        ALLOT_CHECK(std::erase(changed, pair) == 1, "only what was made can end");
    }
    changed.insert(changed.end(), answer->begun.begin(), answer->begun.end());
    ALLOT_CHECK(std::ranges::count(changed, wish) == 1, "the wish begins");
    ALLOT_CHECK(verify(in.pairs, in.sides, changed).objective == *with,
                "the exchange leads to an allotment of that loss");
}

Allotment solve(const Instance& in, const ScoreRows& rows, bool last_ask_first) {
    Options options;
    if (last_ask_first) {
        for (Index ask = in.sides.asks(); ask-- > 0;) {
            options.order.push_back(ask);
        }
    }
    auto found = allot::matching::allot(rows, in.sides, options);
    ALLOT_CHECK(found, "a small instance is solved");
    return *std::move(found);
}

std::vector<ScoreRows> all_rows(const Instance& in) {
    const Index asks = in.sides.asks();
    const Index helpers = in.sides.helpers();
    std::vector<ScoreRows> rows;
    rows.emplace_back(SparseRows(asks, helpers, in.pairs));
    rows.emplace_back(DenseRows<double>(asks, helpers, in.doubles, in.conflicts));
    if (!in.floats.empty()) {
        rows.emplace_back(DenseRows<float>(asks, helpers, in.floats, in.conflicts));
    }
    return rows;
}

} // namespace

// NOLINTNEXTLINE(readability-identifier-naming): the name that libFuzzer calls
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    Bytes bytes({data, size});
    const Instance in = draw(bytes);
    const bool last_ask_first = bytes.flag();
    const Index helper = bytes.upto(in.sides.helpers() - 1);
    const std::size_t wish = bytes.next();
    const auto best = plain_best(in.sides, in.pairs);
    for (const ScoreRows& rows : all_rows(in)) {
        const Allotment found = solve(in, rows, last_ask_first);
        if (!best) {
            check_shortages(in, found);
            continue;
        }
        check_optimum(in, found, *best);
        check_price(in, found, *best, helper);
        if (!in.pairs.empty()) {
            check_wish(in, rows, found, *best, in.pairs[wish % in.pairs.size()]);
        }
    }
    return 0;
}
