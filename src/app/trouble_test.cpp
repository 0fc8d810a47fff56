/// Commands of many at once, through the whole site, on a database in trouble: a fifth of all
/// transactions meets another change (40001, SQLITE_BUSY), some lose their connection, also just
/// after their commit. Whoever got no answer sends the same again, as browsers do.
#include "app/test_house.hpp"

#include <latch>
#include <thread>

#include <doctest/doctest.h>

using namespace allot;
using test::Browser;

namespace {

constexpr test::Trouble much = {.seed = 20270114, .again = 20, .lost = 5};
constexpr std::size_t members = 6;
constexpr std::string_view circles = "/c/lab/circles";
constexpr std::string_view plants = "/c/lab/circles/plants";

/// Until it is answered with something else than "later". What it became.
[[nodiscard]] unsigned insist(Browser& who, std::string_view to, std::string_view body,
                              std::string_view key) {
    constexpr int patience = 100;
    unsigned status = 503;
    for (int k = 0; k < patience && status == 503; ++k) {
        status =
            who.post_json(to, std::string(body), {{"idempotency-key", std::string(key)}}).status;
    }
    return status;
}

/// Runs them at the same moment.
void all_at_once(const std::vector<std::function<void()>>& works) {
    std::latch start(std::ssize(works));
    std::vector<std::jthread> threads;
    threads.reserve(works.size());
    for (const auto& work : works) {
        threads.emplace_back([&] {
            start.arrive_and_wait();
            work();
        });
    }
}

struct Lab {
    explicit Lab(test::EngineKind engine)
        : house(engine, much), ada(house.begin("lab", "ada@example.org")),
          mia(house.person("lab", "mia@example.org", auth::Role::member)) {
        for (std::size_t k = 0; k < members; ++k) {
            const std::string mail = "m" + std::to_string(k) + "@example.org";
            others.push_back(house.person("lab", mail, auth::Role::member));
        }
        REQUIRE(insist(mia, circles, opening("Plants"), "first") == 200);
        *house.fresh.in_trouble = true;
    }
    [[nodiscard]] static std::string opening(std::string_view name) {
        return R"({"kind":"lab","issue":"What do they do?","way_quarter":"Look.","name":")" +
               std::string(name) + "\"}";
    }
    [[nodiscard]] store::Rows rows(store::Statement statement) {
        auto found = house.fresh.store->read(
            [&](store::Transaction& transaction) { return transaction.rows(statement); });
        REQUIRE(found);
        return *std::move(found);
    }
    [[nodiscard]] std::int64_t number(store::Statement statement) {
        return rows(statement).front().integer(0);
    }

    test::House house;
    Browser ada;
    Browser mia;
    std::vector<Browser> others;
};

using Works = std::vector<std::function<void()>>;

/// Each of them asks to join twice at the same time, and opens a circle of the same name.
void ask_and_open(Lab& lab) {
    std::vector<Browser> again = lab.others;
    std::vector<Browser> opening = lab.others;
    std::vector<unsigned> asked(2 * members);
    std::vector<unsigned> opened(members);
    Works works;
    for (std::size_t k = 0; k < members; ++k) {
        const std::string name = std::to_string(k);
        const std::string to = std::string(plants) + "/request";
        works.emplace_back([&, k, name, to] {
            asked[k] = insist(lab.others[k], to, R"({"words":"May I?"})", "ask" + name);
        });
        works.emplace_back([&, k, name, to] {
            asked[members + k] = insist(again[k], to, R"({"words":"Please"})", "again" + name);
        });
        works.emplace_back([&, k, name] {
            opened[k] = insist(opening[k], circles, Lab::opening("Same"), "open" + name);
        });
    }
    all_at_once(works);
    CHECK(asked == std::vector<unsigned>(2 * members, 200));
    CHECK(opened == std::vector<unsigned>(members, 200));
    CHECK(lab.number("SELECT COUNT(*) FROM circle_request") == members);
    CHECK(lab.number("SELECT COUNT(DISTINCT person_id) FROM circle_request") == members);
    CHECK(lab.number("SELECT COUNT(*) FROM circle WHERE name = 'Same'") == members);
    CHECK(lab.number("SELECT COUNT(*) FROM circle WHERE NOT EXISTS (SELECT 1 FROM circle_part p "
                     "WHERE p.circle_id = circle.id AND p.part = 'host')") == 0);
    CHECK(lab.number("SELECT COUNT(*) FROM circle_part") == members + 1);
    CHECK(lab.number("SELECT COUNT(*) FROM audit WHERE what = 'circle_opened'") == members + 1);
}

/// Each request is answered from two browsers of the host at the same time.
void welcome_all(Lab& lab) {
    const store::Rows requests = lab.rows("SELECT id FROM circle_request");
    std::vector<Browser> hands(2 * requests.size(), lab.mia);
    std::vector<unsigned> answered(hands.size());
    Works works;
    for (std::size_t k = 0; k < hands.size(); ++k) {
        const std::string to =
            std::string(plants) + "/requests/" + requests[k % requests.size()].text(0) + "/answer";
        works.emplace_back([&, k, to] {
            answered[k] =
                insist(hands[k], to, R"({"answer":"welcome"})", "answer" + std::to_string(k));
        });
    }
    all_at_once(works);
    CHECK(std::ranges::count(answered, 200U) == members);
    CHECK(std::ranges::count(answered, 404U) == members); // by the other hand already
    CHECK(lab.number("SELECT COUNT(*) FROM circle_request") == 0);
    CHECK(lab.number("SELECT COUNT(*) FROM circle_part WHERE part = 'member'") == members);
    CHECK(lab.number("SELECT COUNT(*) FROM audit WHERE what = 'circle_welcomed'") == members);
    CHECK(lab.number("SELECT COUNT(*) FROM mail WHERE kind <> 'sign_in'") == members);
}

/// All become hosts, and all leave at the same time: one has to stay.
void leave_together(Lab& lab) {
    for (const store::Row& row : lab.rows("SELECT person_id FROM circle_part WHERE part = "
                                          "'member'")) {
        CHECK(insist(lab.mia, std::string(plants) + "/hosts",
                     "{\"person\":\"" + row.text(0) + "\"}", "host" + row.text(0)) == 200);
    }
    std::vector<Browser> all = lab.others;
    all.push_back(lab.mia);
    std::vector<unsigned> left(all.size());
    Works works;
    for (std::size_t k = 0; k < all.size(); ++k) {
        works.emplace_back([&, k] {
            left[k] =
                insist(all[k], std::string(plants) + "/leave", "{}", "leave" + std::to_string(k));
        });
    }
    all_at_once(works);
    CHECK(std::ranges::count(left, 200U) == members);
    CHECK(std::ranges::count(left, 409U) == 1);
    CHECK(lab.number("SELECT COUNT(*) FROM circle_part p JOIN circle c ON c.id = p.circle_id WHERE "
                     "c.slug = 'plants' AND p.part = 'host'") == 1);
}

} // namespace

TEST_CASE("commands of many at once happen once each while the database is in trouble") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        Lab lab(engine);
        ask_and_open(lab);
        welcome_all(lab);
        leave_together(lab);
    }
}
