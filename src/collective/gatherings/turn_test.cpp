/// Laws of turns, whatever people do and in whatever order.
#include "base/random.hpp"
#include "collective/gatherings/turn.hpp"

#include <array>

#include <doctest/doctest.h>

using namespace allot;
using namespace allot::gatherings;

namespace {

const std::array people = {PersonId("a"), PersonId("b"), PersonId("c")};

/// One thing that somebody does, by chance; what is refused changes nothing.
Turn after_some_act(const Turn& turn, Random& random) {
    const PersonId& who = people[random.below(people.size())];
    switch (random.below(5)) {
    case 0:
        return taken(turn, who, random.below(2) == 0).value_or(turn);
    case 1:
        return passed(turn, who);
    case 2:
        return stood_by(turn, who).value_or(turn);
    case 3:
        return asked(turn, who).value_or(turn);
    default:
        return run_by(turn, who);
    }
}

} // namespace

TEST_CASE("nobody confirms a turn that nobody has, or stands by for herself, or is asked for one "
          "that is taken") {
    Random random(11);
    for (int round = 0; round < 300; ++round) {
        Turn turn;
        for (int n = 0; n < 12; ++n) {
            turn = after_some_act(turn, random);
            CHECK((turn.person || !turn.confirmed));
            CHECK((!turn.person || turn.standby != turn.person));
            CHECK(!(turn.person && turn.asked));
        }
    }
}

TEST_CASE("whoever passes is nowhere in the turn, and others keep their part") {
    Random random(12);
    for (int round = 0; round < 300; ++round) {
        Turn turn;
        for (int n = 0; n < 6; ++n) {
            turn = after_some_act(turn, random);
        }
        for (const PersonId& who : people) {
            const Turn left = passed(turn, who);
            CHECK(left.person != who);
            CHECK(left.asked != who);
            CHECK(left.standby != who);
            CHECK((turn.person == who || left.person == turn.person));
            CHECK((turn.standby == who || left.standby == turn.standby));
            CHECK(passed(left, who) == left);
        }
    }
}

TEST_CASE(
    "as a gathering comes nearer its phase never goes back, and a settled turn asks nothing") {
    const Instant begin{std::chrono::seconds(1'800'000'000)};
    Phase last = Phase::far;
    for (std::chrono::minutes before = std::chrono::days(10); before >= std::chrono::minutes(-60);
         before -= std::chrono::minutes(30)) {
        const Phase phase = phase_at(begin, begin - before);
        CHECK(phase >= last);
        last = phase;
        const Turn settled{.person = people[0], .confirmed = true};
        CHECK(turn_step(settled, phase) == TurnStep::none);
        const Turn open;
        CHECK(turn_step(open, phase) == TurnStep::none);
    }
    CHECK(last == Phase::begun);
}
