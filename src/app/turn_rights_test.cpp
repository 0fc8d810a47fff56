/// What the turns of presenter and scribe open to who has them, and what they do not.
#include "app/test_turns.hpp"

using namespace allot;
using namespace allot::test::turns;
using test::Browser;

namespace {

/// Something that is done about one gathering.
struct Deed {
    const char* from; ///< below its page
    const char* to;
    test::Fields fields;
};

const Deed prepare = {"/prepare", "/prepare", {{"title", "On moths"}, {"paper", ""}}};
const Deed write_up = {"/after", "/after", {{"learned", "Moths wait."}, {"held", "yes"}}};
/// For hosts alone, whoever has a turn.
const std::vector<Deed> of_hosts = {
    {"", "/skip", {{"why", "I would rather not"}}},
    {"", "/move", {{"date", "2027-01-22"}, {"time", "17:00"}, {"minutes", "60"}}},
    {"", "/rhythm", {{"rhythm", "every Friday at 17:00 London time"}}},
    {"", "/restore", {}},
    {"", "/guests", {{"closed", "yes"}}},
    {"", "/guest-link", {}},
    {"", "/turns/host", {{"turn", "host"}, {"act", "run"}, {"person", ""}}},
};

unsigned done(Browser& browser, const Deed& deed) {
    const std::string page = page_of(second);
    // Who may not see the form has a key of another one: the right is asked for all the same.
    const auto form = browser.get(page + deed.from);
    const std::string from = form.status == 200 ? page + deed.from : page;
    return browser.send(from, page + deed.to, deed.fields).status;
}

void give(Lab& lab, std::string_view mail, gatherings::TurnKind kind) {
    const auto person = lab.id_of(mail);
    lab.change([&](store::Transaction& transaction) {
        return gatherings::save_turn(transaction, lab.collective, lab.series,
                                     {.original = second_wall,
                                      .kind = kind,
                                      .person = person,
                                      .confirmed = true,
                                      .asked = std::nullopt,
                                      .standby = std::nullopt});
    });
}

} // namespace

TEST_CASE("who presents prepares, who writes writes up, and neither does what hosts do") {
    using gatherings::TurnKind;
    for (const auto engine : test::engines()) {
        for (const TurnKind kind :
             {TurnKind::host, TurnKind::presenter, TurnKind::scribe, TurnKind::opener}) {
            CAPTURE(test::name_of(engine));
            CAPTURE(std::string(gatherings::name_of(kind)));
            Lab lab(engine);
            CHECK(done(lab.mia, prepare) == 403);
            CHECK(done(lab.mia, write_up) == 403);
            give(lab, mia_mail, kind);
            CHECK(done(lab.mia, prepare) == (kind == TurnKind::presenter ? 303 : 403));
            CHECK(done(lab.mia, write_up) == (kind == TurnKind::scribe ? 303 : 403));
            for (const Deed& deed : of_hosts) {
                CAPTURE(deed.to);
                CHECK(done(lab.mia, deed) == 403);
            }
            // Others gain nothing by it, and hosts lose nothing.
            CHECK(done(lab.kim, prepare) == 403);
            CHECK(done(lab.kim, write_up) == 403);
            CHECK(done(lab.ada, prepare) == 303);
            CHECK(done(lab.ada, write_up) == 303);
        }
    }
}

TEST_CASE("a turn opens one gathering, as long as it is hers") {
    using gatherings::TurnKind;
    Lab lab(test::EngineKind::sqlite);
    give(lab, mia_mail, TurnKind::presenter);
    give(lab, kim_mail, TurnKind::scribe);
    CHECK(lab.mia.get(page_of(second) + "/prepare").status == 200);
    CHECK(lab.kim.get(page_of(second) + "/after").status == 200);
    CHECK(lab.mia.get(page_of(third) + "/prepare").status == 403);
    CHECK(lab.kim.get(page_of(third) + "/after").status == 403);
    CHECK(says(lab.mia.get(page_of(second)), "/prepare\""));
    CHECK_FALSE(says(lab.mia.get(page_of(second)), "/after\""));
    CHECK(says(lab.kim.get(page_of(second)), "/after\""));
    CHECK_FALSE(says(lab.kim.get(page_of(second)), "/prepare\""));
    give(lab, kim_mail, TurnKind::presenter);
    CHECK(lab.mia.get(page_of(second) + "/prepare").status == 403);
    CHECK(lab.kim.get(page_of(second) + "/prepare").status == 200);
}

TEST_CASE("words of a host are not put away by who has a turn") {
    Lab lab(test::EngineKind::sqlite);
    REQUIRE(lab.ada
                .send(page_of(second), page_of(second) + "/thread",
                      {{"kind", "idea"}, {"words", "Bring lamps"}})
                .status == 303);
    const auto page = lab.ada.get(page_of(second));
    const std::size_t at = page.text.find(page_of(second) + "/thread/");
    REQUIRE(at != std::string::npos);
    const std::string one =
        page.text.substr(at, page.text.find_first_of("\"/", at + page_of(second).size() + 8) - at);
    for (const auto kind : {gatherings::TurnKind::presenter, gatherings::TurnKind::scribe}) {
        give(lab, mia_mail, kind);
        CHECK(lab.mia.send(page_of(second), one + "/state", {{"state", "hidden"}}).status == 403);
        CHECK(lab.mia.send(page_of(second), one, {{"words", "Bring none"}}).status == 404);
    }
    CHECK(says(lab.kim.get(page_of(second)), "Bring lamps"));
}
