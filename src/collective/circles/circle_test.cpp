#include "collective/circles/circle.hpp"

#include <doctest/doctest.h>

using namespace allot;
using namespace allot::circles;

namespace {

constexpr std::chrono::sys_days some_day = std::chrono::year(2027) / 1 / 14;

[[nodiscard]] Part part(const char* person, PartName name = PartName::member,
                        bool resting = false) {
    return {.person = PersonId(person),
            .name = name,
            .resting = resting,
            .ask_again = some_day + host_time};
}

[[nodiscard]] Circle circle(State state = State::open) {
    Circle one;
    one.about.name = "Plants at night";
    one.about.ways[1] = "Read one paper.";
    one.state = state;
    return one;
}

const PersonId ada("ada");
const PersonId bo("bo");
const PersonId cy("cy");

} // namespace

TEST_CASE("a circle without a way in is a draft") {
    About about;
    CHECK(is_draft(about));
    about.ways[2] = "Keep the list of plants.";
    CHECK(!is_draft(about));
    CHECK(first_way(about) == 2);
    about.ways[0] = "Look at one leaf.";
    CHECK(first_way(about) == 0);
}

TEST_CASE("two hosts who do not rest keep a circle, one does not") {
    CHECK(at_risk({}));
    CHECK(at_risk(std::vector{part("ada", PartName::host)}));
    CHECK(at_risk(std::vector{part("ada", PartName::host), part("bo")}));
    CHECK(!at_risk(std::vector{part("ada", PartName::host), part("bo", PartName::host)}));
    CHECK(at_risk(std::vector{part("ada", PartName::host), part("bo", PartName::host, true)}));
}

TEST_CASE("who rests altogether keeps no circle either") {
    Part away = part("bo", PartName::host);
    away.away = true;
    CHECK(at_risk(std::vector{part("ada", PartName::host), away}));
}

TEST_CASE("the last host stays, everybody else may leave") {
    const std::vector parts = {part("ada", PartName::host), part("bo")};
    const auto last = may_leave(circle(), parts, ada);
    REQUIRE(!last);
    CHECK(last.error() == Error{ErrorKind::conflict, "circles.last_host"});
    CHECK(may_leave(circle(), parts, bo));
    CHECK(may_leave(circle(), std::vector{part("ada", PartName::host), part("bo", PartName::host)},
                    ada));
    CHECK(may_leave(circle(), parts, cy).error().kind == ErrorKind::missing);
}

TEST_CASE("the last host of a circle that has ended may leave") {
    CHECK(may_leave(circle(State::ended), std::vector{part("ada", PartName::host)}, ada));
}

TEST_CASE("a host part is given by a host to somebody else of the circle") {
    const std::vector parts = {part("ada", PartName::host), part("bo")};
    CHECK(may_hand_over(parts, ada, bo));
    CHECK(may_hand_over(parts, bo, ada).error().message == "circles.no_host_part");
    CHECK(may_hand_over(parts, ada, ada).error().message == "circles.to_herself");
    CHECK(may_hand_over(parts, ada, cy).error().message == "circles.not_in_circle");
}

TEST_CASE("a circle is as large as wanted once it has grown to the size that hosts set") {
    About about;
    const std::vector parts = {part("ada", PartName::host), part("bo"), part("cy")};
    CHECK(!as_large_as_wanted(about, parts));
    about.split_size = 4;
    CHECK(!as_large_as_wanted(about, parts));
    about.split_size = 3;
    CHECK(as_large_as_wanted(about, parts));
}

TEST_CASE("hosts are asked on their day, members and those who rest are not") {
    CHECK(!asks_still(part("ada", PartName::host, true), some_day + host_time));
    CHECK(!asks_still(part("ada", PartName::host), some_day + host_time - std::chrono::days(1)));
    CHECK(asks_still(part("ada", PartName::host), some_day + host_time));
    CHECK(!asks_still(part("ada"), some_day + host_time));
}

TEST_CASE("nothing changes in a circle that has ended") {
    CHECK(must_be_open(circle()));
    CHECK(must_be_open(circle(State::ended)).error().message == "circles.has_ended");
}

TEST_CASE("a second circle is named after the first") {
    CHECK(next_name("Garden") == "Garden 2");
    CHECK(next_name("Garden 2") == "Garden 3");
    CHECK(next_name("Summer of 2027") == "Summer of 2027 2");
    CHECK(next_name("2") == "2 2");
}

TEST_CASE("names of kinds and parts come back as they went") {
    for (const auto name : kind_names) {
        CHECK(name_of(kind_named(name)) == name);
    }
    for (const auto name : joining_names) {
        CHECK(name_of(joining_named(name)) == name);
    }
    CHECK(part_named(name_of(PartName::host)) == PartName::host);
    CHECK(state_named(name_of(State::ended)) == State::ended);
}
