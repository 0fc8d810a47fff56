#include "platform/pages/free_slug.hpp"

#include <array>
#include <set>

#include <doctest/doctest.h>

using namespace allot;

namespace {

constexpr std::array<std::string_view, 2> reserved = {"new", "dates"};

Result<std::string> add(std::set<std::string>& taken, std::string_view name) {
    auto slug = pages::free_slug(
        name, "series", reserved, "full",
        [&](const std::string& one) -> Result<bool> { return taken.contains(one); });
    if (slug) {
        taken.insert(*slug);
    }
    return slug;
}

} // namespace

TEST_CASE("each name has an address of its own, which is none of the pages there") {
    std::set<std::string> taken;
    std::size_t added = 0;
    for (int times = 0; times < 20; ++times) {
        for (const char* const name :
             {"Plants at night", "plants-at-night", "New", "dates", "", "??", "نور",
              "A name that is much longer than any address can be, and goes on for a while"}) {
            CAPTURE(name);
            const auto slug = add(taken, name);
            REQUIRE(slug.has_value());
            CHECK(taken.size() == ++added);
            CHECK(slug->size() <= 40);
            CHECK_FALSE(slug->empty());
            CHECK_FALSE(slug->ends_with('-'));
            CHECK(*slug != "new");
            CHECK(*slug != "dates");
        }
    }
    CHECK(taken.contains("plants-at-night-2"));
    CHECK(taken.contains("new-2"));
    CHECK(taken.contains("series"));
}

TEST_CASE("a thousand of one name are enough, and what the store says goes on") {
    std::set<std::string> taken;
    Result<std::string> last = std::string();
    for (int times = 0; last && times < 2000; ++times) {
        last = add(taken, "Moths");
    }
    REQUIRE_FALSE(last.has_value());
    CHECK(last.error().kind == ErrorKind::conflict);
    CHECK(last.error().message == "full");
    CHECK(taken.size() == 999);
    const auto broken =
        pages::free_slug("Moths", "series", {}, "full", [](const std::string&) -> Result<bool> {
            return fail(ErrorKind::unavailable, "no answer");
        });
    REQUIRE_FALSE(broken.has_value());
    CHECK(broken.error().message == "no answer");
}
