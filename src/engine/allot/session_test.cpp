// A kept allotment is after every change what solving from nothing would give.
#include "engine/allot/random_instance.hpp"
#include "engine/allot/session.hpp"

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
