/// Two asks, two helpers with a place each: the best pairing crosses them. And the name of a zone.
#include "engine/allot/groups.hpp"
#include "engine/allot/leximin_network.hpp"
#include "engine/allot/lottery.hpp"
#include "engine/allot/network_allot.hpp"
#include "engine/allot/solver.hpp"
#include "engine/allot/verify.hpp"
#include "engine/calendar/zone.hpp"

#include <cstdio>

using namespace allot;

namespace {

bool expect(bool condition, const char* what) {
    if (!condition) {
        std::fprintf(stderr, "does not hold: %s\n", what);
    }
    return condition;
}

bool allots() {
    const std::vector<matching::Pair> pairs{{0, 0, 900'000}, {0, 1, 800'000}, {1, 0, 700'000}};
    const matching::Sides sides{.demand = {1, 1}, .places = {1, 1}};
    const auto found = matching::allot(matching::SparseRows(2, 2, pairs), sides);
    const std::vector<matching::Pair> best{{0, 1, 800'000}, {1, 0, 700'000}};
    return expect(found.has_value(), "an instance is solved") &&
           expect(found->pairs == best, "the best pairs are found") &&
           expect(found->certificate.proved(), "they are proved") &&
           expect(found->certificate.objective.micro == 1'500'000, "their sum is 1.5") &&
           expect(matching::verify(pairs, sides, found->pairs).holds, "the proof is checked");
}

bool names_zones() {
    return expect(calendar::is_zone_name("Africa/Nairobi"), "a zone has a name") &&
           expect(!calendar::is_zone_name("../etc/passwd"), "a path is no zone");
}

} // namespace

int main() {
    return allots() && names_zones() ? 0 : 1;
}
