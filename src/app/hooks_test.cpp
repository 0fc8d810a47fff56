/// Hooks through their pages, as stewards and hosts see them.
#include "app/test_house.hpp"
#include "platform/hooks/announce.hpp"
#include "platform/hooks/hook_store.hpp"

#include <algorithm>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <doctest/doctest.h>

using namespace allot;
using auth::Role;
using test::Browser;

namespace {

constexpr std::string_view all_hooks = "/c/lab/settings/hooks";
constexpr std::string_view of_moths = "/c/lab/circles/moths/hooks";
const std::string secret = "https://hooks.slack.com/services/T0/B0/veryveryverysecretXYZ7";

/// Moths, which Mia hosts, and Soil, which she does not.
struct Scene {
    explicit Scene(test::EngineKind engine)
        : house(engine), ada(house.begin("lab", "ada@example.org")),
          mia(house.person("lab", "mia@example.org", Role::member)),
          eve(house.person("lab", "eve@example.org", Role::member)) {
        open(mia, "Moths");
        open(ada, "Soil");
    }
    static void open(Browser& browser, const std::string& name) {
        const auto done = browser.send(
            "/c/lab/circles/new", "/c/lab/circles",
            {{"name", name}, {"kind", "plain"}, {"issue", "Light"}, {"way_quarter", "Look up"}});
        REQUIRE(done.status == 303);
    }
    /// The page of the new hook.
    std::string add(Browser& browser, std::string_view home, test::Fields fields) {
        const auto done = browser.send(std::string(home) + "?kind=slack", home, fields);
        CAPTURE(done.text);
        REQUIRE(done.status == 303);
        return test::header_of(done, "location");
    }
    static test::Fields slack(const std::string& circle = "") {
        return {
            {"kind", "slack"}, {"name", "Garden chat"}, {"address", secret}, {"circle", circle}};
    }
    std::vector<hooks::Hook> kept() {
        return *house.fresh.store->read(
            [&](store::Transaction& transaction) -> Result<std::vector<hooks::Hook>> {
                TRY(const auto lab, house.directory.collective_named(transaction, "lab"));
                return hooks::all_hooks(transaction, lab->id.text());
            });
    }
    std::vector<std::string> audit() {
        const auto rows = house.fresh.store->read([](store::Transaction& transaction) {
            return transaction.rows("SELECT what FROM audit ORDER BY id");
        });
        std::vector<std::string> all;
        for (const auto& row : *rows) {
            all.push_back(row.text(0));
        }
        return all;
    }

    test::House house;
    Browser ada; ///< steward
    Browser mia; ///< hosts Moths
    Browser eve; ///< a member
};

bool has(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

} // namespace

TEST_CASE("stewards add a place for all, hosts for their circle, and nobody else") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        Scene scene(engine);
        scene.add(scene.ada, all_hooks, Scene::slack());
        scene.add(scene.ada, all_hooks, Scene::slack("soil"));
        const std::string mine = scene.add(scene.mia, of_moths, Scene::slack("soil"));
        CHECK(scene.mia.get(mine).status == 200);
        CHECK(has(scene.mia.get(mine).text, "Moths")); // what a host sends as a circle is not read
        CHECK(scene.mia.get(all_hooks).status == 403);
        CHECK(scene.mia.get("/c/lab/circles/soil/hooks").status == 403);
        CHECK(scene.eve.get(of_moths).status == 403);
        CHECK(scene.eve.get(mine).status == 403);
        const std::string id = mine.substr(mine.rfind('/'));
        CHECK(scene.ada.get(std::string(all_hooks) + id).status == 200);
        CHECK(scene.ada.get("/c/lab/circles/soil/hooks" + id).status == 404);
        CHECK(scene.kept().size() == 3);
    }
}

TEST_CASE("an address and a key are never shown again but for their last characters") {
    Scene scene(test::EngineKind::sqlite);
    const std::string slack = scene.add(scene.ada, all_hooks, Scene::slack());
    const std::string matrix = scene.add(scene.ada, all_hooks,
                                         {{"kind", "matrix"},
                                          {"name", "Room"},
                                          {"address", "https://matrix.example"},
                                          {"place", "!abc:matrix.example"},
                                          {"key", "syt_a_very_long_secret_Q9z8"}});
    for (const auto& accept : {"text/html", "application/json"}) {
        for (const std::string& page : {std::string(all_hooks), slack, matrix}) {
            const std::string text = scene.ada.get(page, {{"accept", accept}}).text;
            CHECK(!has(text, "veryverysecret"));
            CHECK(!has(text, "syt_a_very_long"));
        }
        CHECK(has(scene.ada.get(slack, {{"accept", accept}}).text, "XYZ7"));
        CHECK(has(scene.ada.get(matrix, {{"accept", accept}}).text, "Q9z8"));
    }
    CHECK(test::header_of(scene.ada.get(slack), "cache-control") == "no-store");
}

TEST_CASE("the key of a program is shown once, to whoever adds it") {
    Scene scene(test::EngineKind::sqlite);
    const auto added = scene.ada.send(
        std::string(all_hooks) + "?kind=json", all_hooks,
        {{"kind", "json"}, {"name", "Ours"}, {"address", "https://ours.example/in"}});
    REQUIRE(added.status == 200);
    const std::string key = scene.kept().front().about.key;
    CHECK(has(added.text, key.substr(6, 20)));
    const std::string page = std::string(all_hooks) + "/" + scene.kept().front().id.text();
    CHECK(!has(scene.ada.get(page).text, key.substr(6, 20)));
}

TEST_CASE("what is wrong with a form is said beside its fields, and a private address is refused") {
    Scene scene(test::EngineKind::sqlite);
    const auto errors = [&](const std::string& body) {
        const auto answer = scene.ada.post_json(all_hooks, body);
        CHECK(answer.status == 422);
        std::string fields;
        const auto told = boost::json::parse(answer.text);
        for (const auto& error : told.at("errors").as_array()) {
            fields += std::string(error.at("field").as_string()) + " ";
        }
        return fields;
    };
    CHECK(errors(R"({"kind": "zulip", "name": "a"})") == "address place topic bot key ");
    CHECK(errors(R"({"kind": "slack", "name": "a", "address": "http://x.example/"})") ==
          "address ");
    CHECK(errors(R"({"kind": "json", "name": "a", "address": "https://10.1.2.3/"})") == "address ");
    CHECK(errors(R"({"kind": "matrix", "name": "a", "address": "https://x.example",
                     "place": "#alias:x", "key": "a b"})") == "place key ");
    CHECK(scene.ada
              .post_json(all_hooks, R"({"kind": "slack", "name": "a", "circle": "none",
                                             "address": "https://x.example/"})")
              .status == 404);
    CHECK(scene.kept().empty());
}

TEST_CASE("a host pauses, goes on, tests and removes, and the audit says that somebody did") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        Scene scene(engine);
        const std::string page = scene.add(scene.mia, of_moths, Scene::slack());
        const auto act = [&](std::string_view deed) {
            const auto done = scene.mia.send(page, page, {{"do", std::string(deed)}});
            CHECK(done.status == 303);
            return test::header_of(done, "location");
        };
        CHECK(act("pause") == page);
        CHECK(scene.kept().front().paused);
        CHECK(has(scene.mia.get(page).text, "Somebody here has paused it"));
        CHECK(act("resume") == page);
        CHECK(!scene.kept().front().paused);
        CHECK(act("test") == page);
        CHECK(has(scene.mia.get(page).text, "on its way"));
        CHECK(scene.mia.send(page, page, {{"do", "dance"}}).status == 422);
        CHECK(act("remove") == std::string(of_moths) + "?removed");
        CHECK(scene.kept().empty());
        CHECK(scene.mia.get(page).status == 404);
        std::vector<std::string> lines = scene.audit();
        std::erase_if(lines, [](const std::string& line) { return !line.starts_with("hook_"); });
        std::ranges::sort(lines);
        CHECK(lines == std::vector<std::string>{"hook_added", "hook_paused", "hook_removed",
                                                "hook_resumed", "hook_tested"});
    }
}
