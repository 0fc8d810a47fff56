#include "platform/pages/starter.hpp"

#include <array>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <doctest/doctest.h>

using namespace allot;
using pages::Need;
using pages::StarterNotes;
using pages::StarterReader;

namespace {

constexpr std::array<std::string_view, 2> colours = {"red", "green"};

/// Reads one object with `read`, and gives the notes.
template <class Read>
StarterNotes notes_of(std::string_view text, Read read) {
    const boost::json::value value = boost::json::parse({text.data(), text.size()});
    StarterNotes notes;
    StarterReader reader(value.as_object(), "", notes);
    read(reader);
    reader.leave_out_the_rest();
    return notes;
}

} // namespace

TEST_CASE("texts of a starter are cleaned as those of forms are") {
    const auto notes = notes_of(R"({"a": " Ada \u0001\n of  the lab ", "b": "one\r\ntwo\r"})",
                                [](StarterReader& reader) {
                                    CHECK(reader.line("a", 100) == "Ada of the lab");
                                    CHECK(reader.prose("b", 100) == "one\ntwo");
                                    CHECK(reader.line("not there", 100).empty());
                                });
    CHECK(notes.problems.empty());
    CHECK(notes.left_out.empty());
}

TEST_CASE("all that is wrong is told at once, with its place counted from 1") {
    const auto notes = notes_of(
        R"({"list": [{"name": "x", "colour": "blue"}, 7, {"name": "long", "inner": {"n": 1.5}}]})",
        [](StarterReader& reader) {
            reader.each("list", 10, [](StarterReader& one) {
                CHECK(one.line("name", 3, Need::required).size() > 0);
                CHECK(one.choice("colour", colours, "green") == "green");
                one.inside("inner", [](StarterReader& inner) {
                    CHECK(inner.number("n", 1, 9) == 1);
                    CHECK(inner.line("m", 9, Need::required).empty());
                });
            });
            CHECK(!reader.good());
        });
    CHECK(notes.problems ==
          std::vector<std::string>{"list[1].colour: expected one of red and green",
                                   "list[2]: expected an object",
                                   "list[3].name: it has 4 characters; at most 3 are possible",
                                   "list[3].inner.n: expected a whole number from 1 to 9",
                                   "list[3].inner.m: it is missing or empty"});
}

TEST_CASE("what nobody asks for is left out by name, and does no harm") {
    const auto notes = notes_of(R"({"a": "x", "new": 1, "in": {"b": 2, "c": null}, "in2": 4})",
                                [](StarterReader& reader) {
                                    reader.know("a");
                                    reader.inside("in", [](StarterReader& inner) {
                                        CHECK(inner.number("b", 0, 5) == 2);
                                        inner.leave_out("", "it is here");
                                    });
                                });
    CHECK(notes.problems.empty());
    CHECK(notes.left_out == std::vector<std::string>{"in: it is here",
                                                     "in.c: this program does not know it",
                                                     "new: this program does not know it",
                                                     "in2: this program does not know it"});
}

TEST_CASE("a list that is longer than allowed is not read") {
    int calls = 0;
    const auto notes = notes_of(R"({"list": [{}, {}, {}]})", [&](StarterReader& reader) {
        reader.each("list", 2, [&](StarterReader&) { ++calls; });
    });
    CHECK(calls == 0);
    CHECK(notes.problems ==
          std::vector<std::string>{"list: it has 3 entries; at most 2 are possible"});
}
