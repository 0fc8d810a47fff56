/// Any bytes as a small instance with a fair objective, minimum loads, groups, a lottery or
/// changes: what is claimed to be proved is proved again by code that shares nothing with the
/// solver, and limits are always kept.
#include "engine/allot/groups.hpp"
#include "engine/allot/lottery.hpp"
#include "engine/allot/session.hpp"
#include "engine/allot/shortage_check.hpp"
#include "engine/allot/verify_fair.hpp"
#include "fuzz/bytes.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace {

using namespace allot::matching;
using allot::fuzz::Bytes;

using allot::matching::testing::Instance;

Instance draw(Bytes& bytes, Count most_demand) {
    Instance in;
    in.sides.service = bytes.flag() ? Service::partial : Service::full;
    const Index asks = 1 + bytes.upto(6);
    const Index helpers = 1 + bytes.upto(6);
    for (Index i = 0; i < asks; ++i) {
        in.sides.demand.push_back(bytes.upto(most_demand));
        in.sides.waiting.push_back(static_cast<std::uint8_t>(bytes.upto(3)));
    }
    for (Index j = 0; j < helpers; ++j) {
        in.sides.places.push_back(bytes.upto(3));
    }
    const Micro step = bytes.flag() ? 1 : 100'000;
    for (Index i = 0; i < asks; ++i) {
        for (Index j = 0; j < helpers; ++j) {
            if (bytes.upto(3) != 0) {
                in.pairs.push_back({i, j, step * bytes.upto(9)});
            }
        }
    }
    return in;
}

void add_minimums(Bytes& bytes, Sides& sides) {
    for (const Count places : sides.places) {
        sides.least.push_back(bytes.flag() ? bytes.upto(places) : 0);
    }
}

void add_groups(Bytes& bytes, Sides& sides) {
    const int groups = bytes.upto(3);
    for (int k = 0; k < groups; ++k) {
        Group group{.name = std::to_string(k),
                    .scope = bytes.flag() ? Group::Scope::ask : Group::Scope::round,
                    .of = bytes.flag() ? Group::Of::asks : Group::Of::helpers,
                    .members = {},
                    .least = bytes.upto(1),
                    .most = 1 + bytes.upto(3)};
        const Index n = group.of == Group::Of::asks ? sides.asks() : sides.helpers();
        for (Index member = 0; member < n; ++member) {
            if (bytes.flag()) {
                group.members.push_back(member);
            }
        }
        sides.groups.push_back(std::move(group));
    }
    if (!check_groups(sides)) {
        sides.groups.clear(); // crossing, or of asks for each ask: refused, which is right
    }
}

Objective draw_objective(Bytes& bytes) {
    return {.rule = static_cast<Rule>(1 + bytes.upto(2)), .floor = Micro{100'000} * bytes.upto(9)};
}

/// Pairs are allowed, once each, and nobody has more than fits.
void check_limits(const Instance& in, const std::vector<Pair>& pairs) {
    std::vector<Count> got(in.sides.demand.size());
    std::vector<Count> gave(in.sides.places.size());
    for (const Pair& pair : pairs) {
        ALLOT_CHECK(std::ranges::binary_search(in.pairs, pair), "a pair is allowed");
        ++got[static_cast<std::size_t>(pair.ask)];
        ++gave[static_cast<std::size_t>(pair.helper)];
    }
    for (std::size_t i = 0; i < got.size(); ++i) {
        ALLOT_CHECK(got[i] <= in.sides.demand[i], "no ask has more than it wanted");
        ALLOT_CHECK(in.sides.service == Service::partial || got[i] == in.sides.demand[i],
                    "demands are met in full");
    }
    for (std::size_t j = 0; j < gave.size(); ++j) {
        ALLOT_CHECK(gave[j] <= in.sides.places[j], "no helper has more asks than places");
    }
}

/// Each set that is said to need more than there is does.
void check_shortages(const Instance& in, const std::vector<Shortage>& shortages, Chance cap = {}) {
    for (const Shortage& shortage : shortages) {
        ALLOT_CHECK(testing::is_shortage(in, shortage, cap), "a shortage is one");
    }
}

void fair_for_one_place(Bytes& bytes) {
    Instance in = draw(bytes, 1);
    if (bytes.flag()) {
        add_minimums(bytes, in.sides);
    }
    const Objective objective = draw_objective(bytes);
    const auto found = allot::matching::allot(in.sparse(), in.sides, {.objective = objective});
    if (!found || !found->shortages.empty()) {
        return;
    }
    check_limits(in, found->pairs);
    ALLOT_CHECK(found->fairness && found->fairness->proved, "what is exact is proved");
    const Verdict verdict = verify_fair(in.pairs, in.sides, objective, found->pairs);
    ALLOT_CHECK(verdict.holds, verdict.reason.c_str());
}

void fair_for_several_places(Bytes& bytes) {
    const Instance in = draw(bytes, 3);
    const Objective objective = draw_objective(bytes);
    const auto found = allot::matching::allot(in.sparse(), in.sides, {.objective = objective});
    ALLOT_CHECK(found, "a small instance is solved");
    if (!found->shortages.empty()) {
        check_shortages(in, found->shortages);
        return;
    }
    check_limits(in, found->pairs);
    ALLOT_CHECK(found->fairness && found->fairness->worst <= found->fairness->worst_bound,
                "nobody does better than the bound");
    ALLOT_CHECK(found->certificate.objective <= found->certificate.bound, "nor does the sum");
}

void sum_with_bounds(Bytes& bytes) {
    Instance in = draw(bytes, 3);
    add_minimums(bytes, in.sides);
    add_groups(bytes, in.sides);
    const auto found = allot::matching::allot(in.sparse(), in.sides);
    ALLOT_CHECK(found, "a small instance is solved");
    if (!found->shortages.empty()) {
        check_shortages(in, found->shortages);
        return;
    }
    check_limits(in, found->pairs);
    ALLOT_CHECK(found->certificate.proved(), "the allotment is proved");
    const Verdict verdict = verify(in.pairs, in.sides, found->pairs);
    ALLOT_CHECK(verdict.holds, verdict.reason.c_str());
}

void lottery(Bytes& bytes) {
    Instance in = draw(bytes, 3);
    if (bytes.flag()) {
        add_groups(bytes, in.sides);
    }
    const std::int32_t parts = 1 + bytes.upto(6);
    const Chance cap{.numerator = 1 + bytes.upto(parts - 1), .denominator = parts};
    const auto drawn = draw_lottery(in.sparse(), in.sides, cap, bytes.next());
    ALLOT_CHECK(drawn, "a small lottery is held");
    if (!drawn->odds.shortages.empty()) {
        check_shortages(in, drawn->odds.shortages, drawn->odds.cap);
        return;
    }
    ALLOT_CHECK(drawn->odds.scaled.proved(), "the probabilities are the best");
    check_limits(in, drawn->pairs);
}

void changes(Bytes& bytes) {
    Instance in = draw(bytes, 3);
    auto session = Session::start(in.sparse(), in.sides);
    ALLOT_CHECK(session, "a small instance is solved");
    for (int k = bytes.upto(7); k > 0; --k) {
        const Index ask = bytes.upto(in.sides.asks() - 1);
        const Index helper = bytes.upto(in.sides.helpers() - 1);
        Change change;
        switch (bytes.upto(4)) {
        case 0:
            in.sides.demand[static_cast<std::size_t>(ask)] = 0;
            change = session->withdraw_ask(ask);
            break;
        case 1:
            in.sides.places[static_cast<std::size_t>(helper)] = 0;
            change = session->withdraw_helper(helper);
            break;
        default:
            std::erase_if(in.pairs,
                          [&](const Pair& p) { return p.ask == ask && p.helper == helper; });
            change = session->forbid(ask, helper);
        }
        const auto fresh = allot::matching::allot(in.sparse(), in.sides);
        ALLOT_CHECK(fresh && fresh->shortages.empty() == change.shortages.empty(),
                    "both can be served, or neither");
        if (fresh->shortages.empty()) {
            ALLOT_CHECK(change.proved && session->check_all().proved(), "a change is proved");
            ALLOT_CHECK(session->objective() == fresh->certificate.objective,
                        "a kept allotment is as good as one from nothing");
        }
    }
}

} // namespace

// NOLINTNEXTLINE(readability-identifier-naming): the name that libFuzzer calls
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    Bytes bytes({data, size});
    switch (bytes.upto(4)) {
    case 0:
        fair_for_one_place(bytes);
        break;
    case 1:
        fair_for_several_places(bytes);
        break;
    case 2:
        sum_with_bounds(bytes);
        break;
    case 3:
        lottery(bytes);
        break;
    default:
        changes(bytes);
    }
    return 0;
}
