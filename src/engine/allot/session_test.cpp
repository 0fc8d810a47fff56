// A kept allotment is after every change what solving from nothing would give.
#include "engine/allot/random_instance.hpp"
#include "engine/allot/session.hpp"
#include "engine/allot/slackness.hpp"
#include "engine/allot/solution.hpp"

#include <doctest/doctest.h>

using namespace allot;
using namespace allot::matching;
using testing::Instance;

namespace {

enum class Kind : std::uint8_t { forbid, ask, helper };

/// The change, made to the instance itself.
void apply(Instance& in, Kind kind, Index ask, Index helper) {
    switch (kind) {
    case Kind::forbid:
        std::erase_if(in.pairs, [&](const Pair& p) { return p.ask == ask && p.helper == helper; });
        break;
    case Kind::ask:
        in.sides.demand[static_cast<std::size_t>(ask)] = 0;
        break;
    case Kind::helper:
        in.sides.places[static_cast<std::size_t>(helper)] = 0;
        break;
    }
}

Change apply(Session& session, Kind kind, Index ask, Index helper) {
    switch (kind) {
    case Kind::forbid:
        return session.forbid(ask, helper);
    case Kind::ask:
        return session.withdraw_ask(ask);
    case Kind::helper:
        return session.withdraw_helper(helper);
    }
    return {};
}

/// The pairs that a change says it made and ended are the difference.
void check_difference(std::vector<Pair> before, const std::vector<Pair>& after,
                      const Change& change) {
    for (const Pair& pair : change.ended) {
        CHECK(std::erase(before, pair) == 1);
    }
    before.insert(before.end(), change.begun.begin(), change.begun.end());
    std::ranges::sort(before);
    CHECK(before == after);
}

/// Changes an instance at random, `changes` times; returns how many were compared.
int change_and_compare(Instance in, Session session, Random& random, int changes) {
    int compared = 0;
    for (int k = 0; k < changes; ++k) {
        CAPTURE(k);
        const auto kind = static_cast<Kind>(random.below(8) == 0 ? 1 + random.below(2) : 0);
        const auto held = session.pairs();
        auto ask = static_cast<Index>(random.below(in.sides.demand.size()));
        auto helper = static_cast<Index>(random.below(in.sides.places.size()));
        if (!held.empty() && random.below(4) != 0) { // what is held matters most
            const Pair& pair = held[random.below(held.size())];
            ask = pair.ask;
            helper = pair.helper;
        }
        apply(in, kind, ask, helper);
        const Change change = apply(session, kind, ask, helper);
        check_difference(held, session.pairs(), change);
        const auto fresh = allot::matching::allot(in.sparse(), in.sides);
        REQUIRE(fresh);
        REQUIRE(change.shortages.empty() == fresh->shortages.empty());
        if (fresh->shortages.empty()) {
            ++compared;
            REQUIRE(change.proved);
            REQUIRE(session.objective() == fresh->certificate.objective);
            REQUIRE(session.check_all().proved());
        }
    }
    return compared;
}

} // namespace

namespace {

/// Vectors of which about half of the products are allowed, and the pairs that they stand for.
std::pair<FactorRows, Instance> draw_factors(Random& random) {
    Instance in = testing::draw(random, {.most_asks = 12, .most_helpers = 12});
    const std::size_t dimensions = 1 + random.below(6);
    const auto fill = [&](std::size_t n) {
        std::vector<double> numbers;
        for (std::size_t k = 0; k < n * dimensions; ++k) {
            numbers.push_back(4 * random.unit() - 2);
        }
        return numbers;
    };
    FactorRows rows(in.sides.asks(), in.sides.helpers(), fill(in.sides.demand.size()),
                    fill(in.sides.places.size()));
    in.pairs.clear();
    for (Index i = 0; i < in.sides.asks(); ++i) {
        for (Index j = 0; j < in.sides.helpers(); ++j) {
            if (const auto score = rows.score(i, j)) {
                in.pairs.push_back({i, j, *score});
            }
        }
    }
    return {std::move(rows), std::move(in)};
}

/// Pairs and prices of an instance, and what is said of them while they are changed at will.
template <class Scale>
class Changed {
  public:
    Changed(const Instance& in, const SparseRows& rows, const Sides& sides)
        : in_(&in), scale_(Scale::of(sides, rows.largest_score()).value()),
          solution_(rows, sides, scale_, 1) {
        solved_ = serve_all(solution_.state, solution_.lists, {}).has_value();
        for (Index ask = 0; ask < sides.asks(); ++ask) {
            solved_ = solved_ && (state().may_stay_empty() || state().missing(ask) == 0);
        }
    }

    [[nodiscard]] bool solved() const { return solved_; }
    [[nodiscard]] bool is_optimal() const { return certificate_of(solution_.state, 1).proved(); }
    [[nodiscard]] bool rows_hold() const {
        for (Index ask = 0; ask < in_->sides.asks(); ++ask) {
            if (!Slackness(solution_.state).row_holds(ask)) {
                return false;
            }
        }
        return true;
    }
    [[nodiscard]] bool columns_hold() const {
        for (Index helper = 0; helper < in_->sides.helpers(); ++helper) {
            if (!Slackness(solution_.state).column_holds(helper)) {
                return false;
            }
        }
        return true;
    }
    [[nodiscard]] bool places_hold() const {
        for (Index helper = 0; helper < in_->sides.helpers(); ++helper) {
            if (!Slackness(solution_.state).place_holds(helper)) {
                return false;
            }
        }
        return true;
    }

    void change(Random& random) {
        const auto& pair = in_->pairs[random.below(in_->pairs.size())];
        const auto& other = in_->pairs[random.below(in_->pairs.size())];
        switch (random.below(4)) {
        case 0:
            state().prices.set(pair.helper, other.score);
            break;
        case 1:
            state().prices.set(pair.helper, state().prices[other.helper]);
            break;
        case 2:
            move(pair);
            break;
        default:
            exchange(pair, other);
        }
    }

  private:
    using AState = State<SparseRows, Scale>;

    [[nodiscard]] AState& state() { return solution_.state; }

    /// An ask gives up somebody for the helper of this pair, who has a place; in a round it may
    /// just give up the pair.
    void move(const Pair& pair) {
        if (state().holds(pair.ask, pair.helper)) {
            if (state().may_stay_empty()) {
                state().drop(pair.ask, pair.helper);
            }
        } else if (!state().full(pair.helper) && !state().held(pair.ask).empty()) {
            state().drop(pair.ask, state().held(pair.ask).front().helper);
            state().take(pair.ask, pair.helper, pair.score);
        }
    }

    void exchange(const Pair& a, const Pair& b) {
        const auto& rows = state().rows();
        const auto ab = rows.score(a.ask, b.helper);
        const auto ba = rows.score(b.ask, a.helper);
        if (state().holds(a.ask, a.helper) && state().holds(b.ask, b.helper) && ab && ba &&
            !state().holds(a.ask, b.helper) && !state().holds(b.ask, a.helper)) {
            state().drop(a.ask, a.helper);
            state().drop(b.ask, b.helper);
            state().take(a.ask, b.helper, *ab);
            state().take(b.ask, a.helper, *ba);
        }
    }

    const Instance* in_;
    Scale scale_;
    Solution<SparseRows, Scale> solution_;
    bool solved_ = false;
};

/// The check of rows and places says what the bound over all pairs says; how often that is no.
template <class Scale>
int check_changed(const Instance& in, Random& random) {
    SparseRows rows(in.sides.asks(), in.sides.helpers(), in.pairs);
    rows.index_columns();
    const Sides sides = without_surplus(in.sides);
    Changed<Scale> changed(in, rows, sides);
    int refused = 0;
    for (int k = 0; k < 8 && changed.solved(); ++k) {
        CAPTURE(k);
        const bool is_optimal = changed.is_optimal();
        REQUIRE((k > 0 || is_optimal));
        CHECK((changed.rows_hold() && changed.places_hold()) == is_optimal);
        CHECK((!changed.rows_hold() || changed.columns_hold()));
        if (sides.service == Service::full) {
            CHECK(changed.columns_hold() == changed.rows_hold());
        }
        refused += is_optimal ? 0 : 1;
        changed.change(random);
    }
    return refused;
}

} // namespace

TEST_CASE("pairs and prices that were changed are proved only where they are still optimal") {
    Random random(71);
    int refused = 0;
    for (int k = 0; k < 4000; ++k) {
        CAPTURE(k);
        const Instance in = testing::draw(random, {.most_asks = 5, .most_helpers = 5});
        if (!in.pairs.empty()) {
            refused += in.sides.service == Service::full ? check_changed<PlainScale>(in, random)
                                                         : check_changed<WaitingScale>(in, random);
        }
    }
    CHECK(refused > 5000);
}

TEST_CASE("a kept allotment from factors equals one from nothing") {
    Random random(72);
    int compared = 0;
    for (int k = 0; k < 150; ++k) {
        CAPTURE(k);
        auto [rows, in] = draw_factors(random);
        auto session = Session::start(std::move(rows), in.sides);
        REQUIRE(session);
        compared += change_and_compare(in, *std::move(session), random, 8);
    }
    CHECK(compared > 300);
}

TEST_CASE("minimum loads of nothing are none") {
    const std::vector<Pair> pairs{{0, 0, 5}};
    const Sides sides{.demand = {1}, .places = {1}, .least = {0}};
    CHECK(Session::start(SparseRows(1, 1, pairs), sides));
    CHECK_FALSE(
        Session::start(SparseRows(1, 1, pairs), {.demand = {1}, .places = {1}, .least = {1}}));
}

TEST_CASE("a change is proved by a few rows and columns") {
    constexpr Index asks = 1000;
    constexpr Index helpers = 400;
    Random random(73);
    Instance in;
    in.sides.service = Service::partial;
    in.sides.demand.assign(asks, 1);
    in.sides.places.assign(helpers, 3);
    for (Index i = 0; i < asks; ++i) {
        for (Index j = 0; j < helpers; ++j) {
            if (random.below(20) == 0) {
                in.pairs.push_back({i, j, static_cast<Micro>(random.below(1'000'000))});
            }
        }
    }
    auto session = Session::start(in.sparse(), in.sides);
    REQUIRE(session);
    std::int64_t rows = 0;
    std::int64_t columns = 0;
    constexpr int changes = 100;
    for (int k = 0; k < changes; ++k) {
        const auto held = session->pairs();
        const Pair pair = held[random.below(held.size())];
        const Change change = session->forbid(pair.ask, pair.helper);
        CHECK(change.proved);
        rows += change.rows_checked;
        columns += change.columns_checked;
    }
    MESSAGE((rows / changes) << " rows and " << (columns / changes) << " columns a change");
    CHECK(rows > 0);
    CHECK(rows / changes < asks / 20);
    CHECK(columns / changes < helpers / 20);
    CHECK(session->check_all().proved());
}

TEST_CASE("after thousands of random changes a kept allotment equals one from nothing") {
    Random random(20270114);
    int compared = 0;
    for (int k = 0; k < 600; ++k) {
        CAPTURE(k);
        const Instance in = testing::draw(random);
        auto sparse = Session::start(in.sparse(), in.sides);
        REQUIRE(sparse);
        compared += change_and_compare(in, *std::move(sparse), random, 8);
        const auto matrix = in.matrix();
        auto dense = Session::start(DenseRows<double>(in.sides.asks(), in.sides.helpers(), matrix),
                                    in.sides);
        REQUIRE(dense);
        compared += change_and_compare(in, *std::move(dense), random, 8);
    }
    CHECK(compared > 5000);
}

TEST_CASE("a kept allotment of some size survives many changes") {
    Random random(3);
    for (int k = 0; k < 6; ++k) {
        CAPTURE(k);
        const Instance in =
            testing::draw(random, {.most_asks = 120, .most_helpers = 120, .most_places = 6});
        auto session = Session::start(in.sparse(), in.sides);
        REQUIRE(session);
        change_and_compare(in, *std::move(session), random, 40);
    }
}
