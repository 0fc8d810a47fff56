#include "formats/groups.hpp"

#include <doctest/doctest.h>

using namespace allot;
using formats::parse_groups;

namespace {

std::string refusal(std::string_view rows) {
    const auto groups =
        parse_groups("scope,side,group,member,min,max\n" + std::string(rows), "g.csv");
    return groups ? "" : groups.error().message;
}

} // namespace

TEST_CASE("groups come back by scope, side and name, with the bounds of any row") {
    const auto groups = parse_groups("member,max,min,group,side,scope\n"
                                     "y,,,team,helper,round\n"
                                     "x,4,1,team,helper,round\n"
                                     "a,,2,team,ask,round\n"
                                     "x,1,,team,helper,ask\n",
                                     "g.csv");
    REQUIRE(groups);
    REQUIRE(groups->size() == 3);
    CHECK((*groups)[0].each_ask);
    CHECK((*groups)[0].most == 1);
    CHECK((*groups)[0].least == 0);
    CHECK((*groups)[1].of_asks);
    CHECK((*groups)[1].least == 2);
    CHECK_FALSE((*groups)[1].most);
    CHECK((*groups)[2].members.size() == 2);
    CHECK((*groups)[2].members[0].id == "y");
    CHECK((*groups)[2].members[1].place.line == 3);
    CHECK((*groups)[2].least == 1);
    CHECK((*groups)[2].most == 4);
}

TEST_CASE("what is wrong with a file of groups, with its place") {
    CHECK(refusal("week,helper,t,x,,\n") ==
          R"(g.csv:2:1: column "scope": found "week", expected ask or round)");
    CHECK(refusal("round,team,t,x,,\n").contains(R"(found "team", expected ask or helper)"));
    CHECK(refusal("ask,ask,t,x,,\n").contains("expected helper where the scope is ask"));
    CHECK(refusal("ask,helper,,x,,\n").contains("expected the name of a group"));
    CHECK(refusal("ask,helper,t,,,\n").contains(R"(column "member": found nothing)"));
    CHECK(refusal("ask,helper,t,x,-1,\n").contains("expected a whole number from 0"));
    CHECK(refusal("ask,helper,t,x,1,2\nask,helper,t,y,2,2\n") ==
          R"(g.csv:3:5: column "min": found 2 for the group "t", expected 1 as in line 2, or )"
          "nothing");
    CHECK(refusal("ask,helper,t,x,3,2\n") ==
          R"(g.csv:2:5: column "min": found a min of 3 for the group "t", expected at most its )"
          "max of 2");
    CHECK(refusal("ask,helper,t,x,,2\nask,helper,t,y,3,\n").contains("a min of 3"));
    CHECK(refusal("ask,helper,t,x,,\nask,helper,t,x,,\n") ==
          R"(g.csv:3:4: column "member": found "x" of line 2 again, expected each member of a )"
          "group once");
    CHECK_FALSE(parse_groups("scope,side,group\n", "g.csv"));
}
