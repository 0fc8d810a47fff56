/// Where and when one gathering can go, and what is history.
#include "app/test_turns.hpp"

using namespace allot;
using namespace allot::test::turns;

namespace {

http::HttpResponse move(Lab& lab, std::string_view when, std::string_view date,
                        std::string_view time) {
    return lab.ada.send(page_of(third) + "/change", page_of(when) + "/move",
                        {{"date", std::string(date)},
                         {"time", std::string(time)},
                         {"minutes", "60"},
                         {"why", "The hall burnt"}});
}

http::HttpResponse skip(Lab& lab, std::string_view when) {
    return lab.ada.send(page_of(third) + "/change", page_of(when) + "/skip",
                        {{"why", "The hall burnt"}});
}

/// Said beside the day, with what was typed.
bool is_refused(const http::HttpResponse& answer, std::string_view words) {
    return answer.status == 422 && says(answer, words) && says(answer, "date-wrong") &&
           says(answer, "The hall burnt");
}

} // namespace

TEST_CASE("a gathering moves neither to the past nor behind the end of its series") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        Lab lab(engine);
        for (const char* const day : {"0001-01-01", "2020-02-02"}) {
            CAPTURE(day);
            CHECK(is_refused(move(lab, second, day, "17:00"), "That time is over."));
        }
        for (const char* const day : {"2027-12-30", "9999-12-30"}) {
            CAPTURE(day);
            CHECK(is_refused(move(lab, second, day, "17:00"), "The series ends before that day."));
        }
        CHECK(says(lab.ada.get(page_of(second)), "2027-01-21T17:00:00Z"));
        CHECK(move(lab, second, "2027-01-22", "17:00").status == 303);
    }
}

TEST_CASE("two gatherings of one series that take place never begin together by a move") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        Lab lab(engine);
        CHECK(is_refused(move(lab, second, "2027-01-28", "17:00"), "Another one of this series"));
        CHECK(move(lab, second, "2027-01-28", "17:30").status == 303);
        CHECK(move(lab, second, "2027-01-28", "17:30").status == 303); // it may stay as it is

        // Where the other one does not take place there is room; then it cannot come back there.
        REQUIRE(skip(lab, third).status == 303);
        CHECK(move(lab, second, "2027-01-28", "17:00").status == 303);
        CHECK(is_refused(move(lab, third, "2027-01-28", "17:00"), "Another one of this series"));
    }
}

TEST_CASE("a gathering that was moved does not go back to a time that is over") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        Lab lab(engine);
        REQUIRE(move(lab, second, "2027-01-25", "17:00").status == 303);
        lab.house.clock.set(utc(1, 22, 12));
        lab.ada = lab.house.sign_in(ada_mail);
        const auto refused = lab.ada.send(page_of(second), page_of(second) + "/restore", {});
        CHECK(refused.status == 422);
        CHECK(says(refused, "That time is over."));
        CHECK(says(lab.ada.get(page_of(second)), "2027-01-25T17:00:00Z"));
    }
}

TEST_CASE("what has ended is neither moved nor skipped; what is on still is") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        Lab lab(engine);
        lab.house.clock.set(utc(1, 21, 17) + minutes(30));
        lab.ada = lab.house.sign_in(ada_mail);
        CHECK(says(lab.ada.get(page_of(second)), "Change the date"));
        CHECK(says(lab.ada.get(page_of(second) + "/change"), "Skip this one"));
        CHECK(skip(lab, second).status == 303);
        CHECK(move(lab, second, "2027-01-21", "17:00").status == 303); // after all, as it is

        lab.house.clock.set(utc(1, 21, 18));
        for (const auto& answer : {move(lab, second, "2027-02-01", "17:00"), skip(lab, second)}) {
            CHECK(answer.status == 409);
            CHECK(says(answer, "This one is over."));
            CHECK(says(answer, "The hall burnt")); // no words are lost
        }
        const auto page = lab.ada.get(page_of(second) + "/change");
        CHECK(says(page, "This one is over."));
        CHECK_FALSE(says(page, "/move\""));
        CHECK_FALSE(says(page, "/skip\""));
        CHECK_FALSE(says(lab.ada.get(page_of(second)), "Change the date"));
        CHECK(says(lab.ada.get(page_of(second)), "2027-01-21T17:00:00Z"));
        CHECK(says(lab.ada.get(page_of(third)), "Change the date"));
    }
}
