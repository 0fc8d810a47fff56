/// Practices without people: written, planted elsewhere, and written again.
#include "app/demo.hpp"
#include "app/keeping/temporary_folder.hpp"
#include "app/starter.hpp"
#include "app/starter_commands.hpp"
#include "app/test_house.hpp"
#include "app/zone_source.hpp"
#include "collective/circles/circle_store.hpp"
#include "collective/people/person_store.hpp"

#include <array>
#include <fstream>

#include <doctest/doctest.h>

using namespace allot;
using store::Transaction;

namespace {

const std::string sample = R"({
  "allotment_starter": 1,
  "collective": {
    "about": "Plants that open at night",
    "zone": "Africa/Nairobi"
  },
  "circles": [
    {
      "name": "Ferns",
      "kind": "plain",
      "issue": "Shade",
      "ways": {
        "year": "Keep one"
      },
      "joining": "ask"
    },
    {
      "name": "Moths",
      "kind": "lab",
      "issue": "Light at \"night\"",
      "framework": "Look.\nWrite it down.",
      "ways": {
        "quarter": "Look up",
        "evening": "Count with us"
      },
      "charter": {
        "purpose": "To know",
        "ending": "When nobody looks"
      },
      "joining": "link"
    },
    {
      "name": "Moths",
      "kind": "plain",
      "issue": "The same name",
      "ways": {
        "evening": "Come"
      },
      "joining": "ask"
    }
  ]
}
)";

Result<std::string> written(test::House& house, std::string_view slug) {
    return house.fresh.store->read([&](Transaction& transaction) -> Result<std::string> {
        TRY(const auto collective, people::collective_named(transaction, slug));
        if (!collective) {
            return fail(ErrorKind::missing, "no such collective");
        }
        return app::write_starter(transaction, collective->id);
    });
}

Result<auth::CollectiveId> begin_empty(test::House& house, const std::string& slug) {
    return house.fresh.store->write([&](Transaction& transaction) {
        return people::begin_collective(transaction,
                                        {.slug = slug, .name = slug, .about = "", .zone = ""},
                                        house.clock.now(), house.entropy);
    });
}

/// Of the invented collective it is one that tests else do not know.
class EveryZone final : public pages::Zones {
  public:
    [[nodiscard]] bool has(std::string_view /*name*/) const override { return true; }
    [[nodiscard]] Result<std::string> bytes(std::string_view name) const override {
        return app::zone_bytes(name);
    }
    [[nodiscard]] const std::vector<std::string>& names() const override { return none_; }

  private:
    std::vector<std::string> none_;
};

Result<std::vector<std::string>> planted(test::House& house, const auth::CollectiveId& collective,
                                         std::string_view bytes, const pages::Zones& zones) {
    return house.fresh.store->write([&](Transaction& transaction) {
        pages::Planting planting{.transaction = transaction,
                                 .collective = collective,
                                 .zones = zones,
                                 .now = house.clock.now(),
                                 .entropy = house.entropy};
        return app::plant_starter(bytes, planting);
    });
}

Result<std::vector<std::string>> planted(test::House& house, const auth::CollectiveId& collective,
                                         std::string_view bytes) {
    return planted(house, collective, bytes, house.zones);
}

/// `text` with some bytes changed, moved or taken away.
std::string spoiled(std::string text, Entropy& entropy) {
    const auto any = [&](std::size_t below) {
        std::array<std::uint8_t, 4> bytes{};
        entropy.fill(bytes);
        const std::size_t n =
            bytes[0] | (std::size_t{bytes[1]} << 8U) | (std::size_t{bytes[2]} << 16U);
        return n % below;
    };
    for (std::size_t k = 0; k < 1 + any(4); ++k) {
        const std::size_t at = any(text.size());
        switch (any(4)) {
        case 0:
            text[at] = static_cast<char>(any(256));
            break;
        case 1:
            text.erase(at, any(20));
            break;
        case 2:
            text.insert(at, text.substr(any(text.size()), any(30)));
            break;
        default:
            text.insert(at, 1, "{}[]\",:\\0-"[any(10)]);
        }
        if (text.empty()) {
            return text;
        }
    }
    return text;
}

} // namespace

TEST_CASE("a starter planted and written again is the same bytes") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        test::House house(engine);
        const auto there = begin_empty(house, "there");
        REQUIRE(there);
        const auto left_out = planted(house, *there, sample);
        REQUIRE_MESSAGE(left_out, (left_out ? "" : left_out.error().message));
        CHECK(left_out->empty());
        const auto again = written(house, "there");
        REQUIRE(again);
        CHECK(*again == sample);
    }
}

TEST_CASE("the invented people go along with nothing; their practices are the same elsewhere") {
    test::House house(test::EngineKind::sqlite);
    REQUIRE(app::make_demo(*house.fresh.store, house.clock.now(), house.entropy));
    const auto first = written(house, app::demo_slug);
    REQUIRE(first);
    for (const std::string_view never : {"@", "-7", "_day", "\"id\"", "Wies", "split"}) {
        CAPTURE(never);
        CHECK(first->find(never) == std::string::npos);
    }
    const auto there = begin_empty(house, "there");
    REQUIRE(there);
    const auto left_out = planted(house, *there, *first, EveryZone());
    REQUIRE_MESSAGE(left_out, (left_out ? "" : left_out.error().message));
    CHECK(written(house, "there") == *first);
}

TEST_CASE("what is there stays: its own words, its zone, and circles of the same name") {
    test::House house(test::EngineKind::sqlite);
    const auto there = begin_empty(house, "there");
    REQUIRE(there);
    REQUIRE(planted(house, *there, sample));
    const auto again = planted(house, *there, sample);
    REQUIRE(again);
    CHECK(*again ==
          std::vector<std::string>{"collective.about: this collective has words of its own",
                                   "collective.zone: this collective has one of its own",
                                   "circles[1]: a circle of that name is here already",
                                   "circles[2]: a circle of that name is here already",
                                   "circles[3]: a circle of that name is here already"});
    CHECK(written(house, "there") == sample);
}

TEST_CASE("drafts and circles that have ended are no practice to pass on") {
    test::House house(test::EngineKind::sqlite);
    const auto there = begin_empty(house, "there");
    REQUIRE(there);
    REQUIRE(planted(house, *there,
                    R"({"allotment_starter": 1, "circles": [{"name": "Draft", "issue": "x"},
                        {"name": "Ended", "issue": "x", "ways": {"year": "y"}}]})"));
    REQUIRE(house.fresh.store->write([&](Transaction& transaction) -> Result<void> {
        TRY(const auto ended, circles::circle_named(transaction, *there, "ended"));
        return circles::end_circle(transaction, *there, ended->id);
    }));
    CHECK(written(house, "there") == "{\n  \"allotment_starter\": 1\n}\n");
}

TEST_CASE("what cannot be read is told with line and column, and nothing is planted") {
    test::House house(test::EngineKind::sqlite);
    const auto there = begin_empty(house, "there");
    REQUIRE(there);
    const std::vector<std::pair<std::string, std::string>> wrong = {
        {"", "line 1, column 1: the text ends too early"},
        {"{\n  \"allotment_starter\": 1,\n  oops\n}", "line 3, column 3: this is no JSON"},
        {R"({"allotment_starter": 1} x)", "line 1, column 26: there is something after the end"},
        {"[1]", "this is no starter: expected one object of JSON"},
        {"{}", "this is no starter: it has no \"allotment_starter\""},
        {R"({"allotment_starter": 2})",
         "\"allotment_starter\" is 2, and this program reads 1; use a newer program"},
        {R"({"allotment_starter": 1, "collective": {"zone": "Mars/Base"}})",
         "collective.zone: this machine knows no such time zone"},
        {std::string(app::max_starter_bytes + 1, ' '),
         "it has 1048577 bytes; a starter has at most 1048576"},
    };
    for (const auto& [text, why] : wrong) {
        const auto refused = planted(house, *there, text);
        REQUIRE(!refused);
        CHECK(refused.error().kind == ErrorKind::invalid);
        CHECK(refused.error().message == why);
    }
    CHECK(written(house, "there") == "{\n  \"allotment_starter\": 1\n}\n");
}

TEST_CASE("arbitrary bytes are planted as a whole or change nothing") {
    test::House house(test::EngineKind::sqlite);
    test::SeededEntropy entropy;
    int whole = 0;
    for (int k = 0; k < 400; ++k) {
        const std::string bytes = spoiled(sample, entropy);
        CAPTURE(bytes);
        const std::string slug = "there-" + std::to_string(k);
        const auto there = begin_empty(house, slug);
        REQUIRE(there);
        const auto done = planted(house, *there, bytes);
        const auto first = written(house, slug);
        REQUIRE(first);
        if (!done) {
            CHECK(done.error().kind == ErrorKind::invalid);
            CHECK(*first == "{\n  \"allotment_starter\": 1\n}\n");
            continue;
        }
        ++whole;
        const auto other = begin_empty(house, slug + "-again");
        REQUIRE(other);
        REQUIRE(planted(house, *other, *first));
        CHECK(written(house, slug + "-again") == *first);
    }
    CHECK(whole > 20);
}

TEST_CASE("a new collective begins with a starter and its first steward") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        test::House house(engine);
        const auto folder = app::keeping::TemporaryFolder::make();
        REQUIRE(folder);
        const std::string file = (folder->path() / "lab.json").string();
        std::ofstream(file) << sample;
        app::StarterPlantOptions options{
            .from = file,
            .into = "",
            .name = "Night lab",
            .slug = "",
            .zone = "",
            .your_name = "Ada",
            .mail = "ada@example.org",
            .place = {.data = folder->path().string(), .store = house.fresh.database.url()}};
        const auto done = app::run_starter_plant(options, house.zones, house.clock, house.entropy);
        REQUIRE_MESSAGE(done, (done ? "" : done.error().message));
        const std::size_t at = done->words.find("/sign-in/");
        REQUIRE(at != std::string::npos);
        const std::string link = done->words.substr(at, done->words.find('\n', at) - at);
        test::Browser ada(house);
        CHECK(ada.send(link, link, {}).status == 303);
        CHECK(ada.get("/c/night-lab/today").text.find("Moths") != std::string::npos);
        CHECK(written(house, "night-lab") == sample);

        const auto twice = app::run_starter_plant(options, house.zones, house.clock, house.entropy);
        REQUIRE(!twice);
        CHECK(twice.error().message.find("--into night-lab") != std::string::npos);

        options.into = "night-lab";
        CHECK(!app::run_starter_plant(options, house.zones, house.clock, house.entropy));
        const std::string out = (folder->path() / "out.json").string();
        REQUIRE(app::run_starter_export(
            {.collective = "night-lab", .to = out, .place = options.place}));
        std::ifstream in(out);
        CHECK(std::string(std::istreambuf_iterator<char>(in), {}) == sample);
    }
}
