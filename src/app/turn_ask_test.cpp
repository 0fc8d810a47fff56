/// The page on which a host asks somebody for a turn.
#include "app/test_turns.hpp"

using namespace allot;
using namespace allot::test::turns;
using test::Browser;

namespace {

std::string asking(std::string_view turn = "presenter") {
    return page_of(second) + "/turns/" + std::string(turn) + "/ask";
}

http::HttpResponse ask(Lab& lab, const std::string& person) {
    return lab.ada.send(page_of(second), page_of(second) + "/turns/host",
                        {{"turn", "presenter"}, {"act", "ask"}, {"person", person}});
}

std::string option_of(Lab& lab, std::string_view mail) {
    return "<option value=\"" + lab.id_of(mail).text() + "\">";
}

} // namespace

TEST_CASE("whom a host can ask stands on a page of its own, for hosts alone") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        Lab lab(engine);
        const auto page = lab.ada.get(page_of(second));
        CHECK(says(page, "href=\"" + asking("host") + "\""));
        CHECK(says(page, "href=\"" + asking() + "\""));
        CHECK_FALSE(says(page, "<option"));
        CHECK_FALSE(says(lab.mia.get(page_of(second)), "/ask\""));

        const auto form = lab.ada.get(asking());
        CHECK(form.status == 200);
        CHECK(says(form, option_of(lab, mia_mail)));
        CHECK(says(form, option_of(lab, kim_mail)));
        CHECK_FALSE(says(form, option_of(lab, ada_mail)));
        CHECK(says(form, "href=\"" + page_of(second) + "#turns\""));
        CHECK(lab.mia.get(asking()).status == 403);
        Browser nobody(lab.house);
        CHECK(nobody.get(asking()).status == 303);
        CHECK(nobody.get(asking(), {{"accept", "application/json"}}).status == 401);
        for (const char* const none : {"scribe", "opener", "king", "Host"}) {
            CAPTURE(none);
            CHECK(lab.ada.get(asking(none)).status == 404);
        }
        REQUIRE(
            lab.ada
                .send(
                    asking(), page_of(second) + "/turns/host",
                    {{"turn", "presenter"}, {"act", "ask"}, {"person", lab.id_of(mia_mail).text()}})
                .status == 303);
        CHECK(says(lab.ada.get(asking()), "Ask somebody else"));
        // The list does not tell who that is.
        CHECK(says(lab.ada.get(asking()), option_of(lab, mia_mail)));
    }
}

TEST_CASE("where nobody can be asked the page says why, and where somebody can, it comes again") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        Lab lab(engine);
        const auto unknown = ask(lab, "01a3117e-8000-7000-8000-000000000000");
        CHECK(unknown.status == 404);
        CHECK(says(unknown, "There is nobody here under this address."));
        CHECK(says(unknown, option_of(lab, mia_mail)));
        const auto none = ask(lab, "");
        CHECK(none.status == 422);
        CHECK(says(none, "aria-invalid=\"true\""));
        CHECK(says(none, option_of(lab, mia_mail)));
        const auto id = lab.id_of(mia_mail).text();
        CHECK(ask(lab, id + std::string(gatherings::longest_line, 'a')).status == 422);

        REQUIRE(act(lab.kim, second, "presenter", "take") == 303);
        CHECK(lab.ada.get(asking()).status == 409);
        const auto taken = ask(lab, id);
        CHECK(taken.status == 409);
        CHECK(says(taken, "Somebody else has taken this."));
        CHECK(says(taken, "Nobody can be asked for this now."));
        CHECK_FALSE(says(taken, "<option"));
        CHECK_FALSE(says(lab.ada.get(page_of(second)), "href=\"" + asking() + "\""));

        lab.house.clock.set(utc(1, 21, 17));
        lab.ada = lab.house.sign_in(ada_mail);
        CHECK(lab.ada.get(asking("host")).status == 409);
        const auto late = lab.ada.send(page_of(third), page_of(second) + "/turns/host",
                                       {{"turn", "host"}, {"act", "ask"}, {"person", id}});
        CHECK(late.status == 409);
        CHECK(says(late, "This gathering has begun, or is cancelled."));
        CHECK(lab.mails(mia_mail, mail::Kind::invitation).empty());
    }
}
