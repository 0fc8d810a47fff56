/// What somebody typed about gatherings stays before her when it is refused, whatever the reason
/// is.
#include "app/test_house.hpp"
#include "base/clock.hpp"
#include "platform/auth/secrets.hpp"

#include <algorithm>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <doctest/doctest.h>

using namespace allot;
using auth::Role;
using test::Browser;

namespace {

namespace json = boost::json;

const test::Fields as_json = {{"accept", "application/json"}};
constexpr const char* series = "/c/lab/series/journal-club";
constexpr const char* first = "/c/lab/series/journal-club/20270114T170000";

bool says(const http::HttpResponse& answer, std::string_view words) {
    return answer.text.find(words) != std::string::npos;
}

std::string plot_bytes() {
    return auth::text_of_base64url("iVBORw0KGgoAAAANSUhEUgAAAAQAAAADCAAAAACRn_"
                                   "EaAAAAFXRFWHRDb21tZW50AHRha2VuIGF0IGhvbWV2YxoJAAAAE0lEQVR4nGNgS"
                                   "D7BzMAFIkSABAAanwOpljyDVAAAAABJRU5ErkJggg")
        .value_or("");
}

/// Ada keeps a journal club that meets each Thursday at 17:00 in London.
struct Club {
    explicit Club(test::EngineKind engine) : house(engine), ada(house.begin("lab", "ada@x.org")) {
        REQUIRE(ada.send("/c/lab/series/new", "/c/lab/series",
                         {{"title", "Journal club"},
                          {"rhythm", "every Thursday at 17:00 London time"},
                          {"audience", "public"}})
                    .status == 303);
    }

    /// The path of the first thing in the thread of the first gathering.
    std::string first_written() {
        const auto seen = json::parse(ada.get(first, as_json).text);
        return seen.at("thread").at("additions").at(0).at("path").as_string().c_str();
    }
    json::value thing(const std::string& path) {
        return json::parse(ada.get(path, as_json).text).at("additions").at(0);
    }
    void end() { REQUIRE(ada.send(series, std::string(series) + "/end", {}).status == 303); }

    test::House house;
    Browser ada;
};

/// One of the forms of the room, with something typed into it that somebody would miss.
struct Form {
    std::string from; ///< its page
    std::string to;
    test::Fields fields;
    std::vector<std::string> typed;
};

std::vector<Form> forms_of_hosts() {
    const std::string page = first;
    const std::string of_series = series;
    return {
        {page + "/prepare",
         page + "/prepare",
         {{"title", "On moths"}, {"paper", "Moths wait"}, {"agenda", "Look up together"}},
         {"On moths", "Moths wait", "Look up together"}},
        {page + "/change",
         page + "/move",
         {{"date", "2027-01-15"}, {"time", "18:30"}, {"minutes", "45"}, {"why", "The hall burnt"}},
         {"2027-01-15", "18:30", "45", "The hall burnt"}},
        {page + "/change", page + "/skip", {{"why", "A holiday for us"}}, {"A holiday for us"}},
        {page + "/change",
         page + "/rhythm",
         {{"rhythm", "every Friday at 16:00 London time"}},
         {"every Friday at 16:00 London time"}},
        {of_series + "/settings",
         of_series + "/settings",
         {{"title", "Night club"},
          {"about", "For those awake"},
          {"agenda", "Sit and see"},
          {"where", "The blue room"},
          {"link_for", "members"},
          {"access", "A ramp is there"},
          {"seats", "12"},
          {"lighter", "walk"},
          {"guests", "shown"},
          {"audience", "public"}},
         {"Night club", "For those awake", "Sit and see", "The blue room", "A ramp is there"}},
        {of_series + "/follow",
         of_series + "/follow",
         {{"url", "https://calendar.example/all.ics"}, {"which", "The second"}},
         {"https://calendar.example/all.ics", "The second"}},
    };
}

} // namespace

TEST_CASE("a series that ended meanwhile: each form of its hosts keeps what was typed") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        for (const Form& form : forms_of_hosts()) {
            CAPTURE(form.to);
            Club club(engine);
            test::Fields fields = form.fields;
            fields.emplace_back("form_key", test::form_key_in(club.ada.get(form.from).text));
            club.end();
            const auto refused = club.ada.post(form.to, fields);
            CHECK(refused.status == 409);
            CHECK(says(refused, "errors-title"));
            for (const std::string& words : form.typed) {
                CAPTURE(words);
                CHECK(says(refused, words));
            }
        }
    }
}

TEST_CASE("a word too many in one field of a form takes nothing from the others") {
    Club club(test::EngineKind::sqlite);
    const std::string too_long(6000, 'x');
    for (const Form& form : forms_of_hosts()) {
        CAPTURE(form.to);
        for (std::size_t k = 0; k < form.typed.size(); ++k) {
            test::Fields fields = form.fields;
            const auto field = std::ranges::find(fields, form.typed[k], &http::Field::second);
            REQUIRE(field != fields.end());
            CAPTURE(field->first);
            field->second = too_long;
            const auto refused = club.ada.send(form.from, form.to, fields);
            CHECK(refused.status == 422);
            // What is wrong is said at that field, which is there once.
            const std::string id = "id=\"" + field->first + "\"";
            CHECK(refused.text.find(id) != std::string::npos);
            CHECK(refused.text.find(id) == refused.text.rfind(id));
            if (field->first != "rhythm" && field->first != "date" && field->first != "time") {
                CHECK(says(refused, "id=\"" + field->first + "-wrong\""));
            }
            for (std::size_t other = 0; other < form.typed.size(); ++other) {
                CAPTURE(form.typed[other]);
                CHECK((other == k || says(refused, form.typed[other])));
            }
        }
    }
}

TEST_CASE("words for a thread that was closed meanwhile are shown to who wrote them, to keep") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        Club club(engine);
        Browser gita(club.house);
        const test::Fields typed = {{"kind", "idea"},
                                    {"words", "Ask the moths first"},
                                    {"name", "Gita"},
                                    {"form_key", test::form_key_in(gita.get(first).text)}};
        REQUIRE(club.ada.send(first, std::string(first) + "/guests", {{"closed", "yes"}}).status ==
                303);
        const auto refused = gita.post(std::string(first) + "/thread", typed);
        CHECK(refused.status == 409);
        CHECK(says(refused, "Ask the moths first"));
        CHECK(says(refused, "takes no words of guests any more"));

        // Programs hear why, and with what status, as of any other refusal.
        const auto to_program =
            gita.post(std::string(first) + "/thread", typed, {{"accept", "application/json"}});
        CHECK(to_program.status == 409);
        CHECK(says(to_program, "takes no words of guests any more"));
    }
}

TEST_CASE("who writes too often still has what she wrote last") {
    Club club(test::EngineKind::sqlite);
    Browser gita(club.house);
    http::HttpResponse last;
    last.status = 303;
    for (int k = 0; last.status == 303 && k < 100; ++k) {
        last = gita.send(first, std::string(first) + "/thread",
                         {{"kind", "idea"},
                          {"words", "Thought number " + std::to_string(k)},
                          {"name", "Gita of Pune"}});
        if (last.status != 303) {
            CHECK(says(last, "Thought number " + std::to_string(k) + "</textarea>"));
        }
    }
    CHECK(last.status == 429);
    CHECK(says(last, "value=\"Gita of Pune\""));
}

TEST_CASE("an answer to what was taken back meanwhile is shown again below its gathering") {
    Club club(test::EngineKind::sqlite);
    REQUIRE(club.ada
                .send(first, std::string(first) + "/thread",
                      {{"kind", "question"}, {"words", "Why at night?"}})
                .status == 303);
    const std::string one = club.first_written();
    Browser gita(club.house);
    const test::Fields typed = {{"kind", "answer"},
                                {"answers", one.substr(one.rfind('/') + 1)},
                                {"words", "Because it is cool"},
                                {"name", "Gita"},
                                {"form_key", test::form_key_in(gita.get(one).text)}};
    REQUIRE(club.ada.send(one, one, {{"take_back", "yes"}}).status == 303);
    const auto refused = gita.post(std::string(first) + "/thread", typed);
    CHECK(refused.status == 404);
    CHECK(says(refused, "Because it is cool</textarea>"));
}

TEST_CASE("a guest who names no zone that there is sees what she typed again") {
    Club club(test::EngineKind::sqlite);
    Browser gita(club.house);
    const auto refused = gita.send(
        first, std::string(first) + "/thread",
        {{"kind", "idea"}, {"words", "Look up"}, {"name", "Gita"}, {"zone", "Atlantis/Middle"}});
    CHECK(refused.status == 422);
    CHECK(says(refused, "value=\"Atlantis/Middle\""));
    CHECK(says(refused, "id=\"zone-wrong\""));
    CHECK(says(refused, "Look up</textarea>"));
}

TEST_CASE("one's own plot may have no words, and what it shows is said always") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        Club club(engine);
        REQUIRE(club.ada
                    .send_file(first, std::string(first) + "/thread",
                               {{"kind", "plot"}, {"words", ""}, {"picture_words", "Three rows"}},
                               "picture", plot_bytes())
                    .status == 303);
        const std::string one = club.first_written();
        CHECK(
            club.ada.send(one, one, {{"words", ""}, {"picture_words", "Three grey rows"}}).status ==
            303);
        CHECK(club.thing(one).at("picture").at("words").as_string() == "Three grey rows");
        const auto refused =
            club.ada.send(one, one, {{"words", "Look again"}, {"picture_words", ""}});
        CHECK(refused.status == 422);
        CHECK(says(refused, "Look again</textarea>"));
        CHECK(says(refused, "id=\"picture_words-wrong\""));
        // Words alone leave what it shows as it was said.
        CHECK(club.ada.send(one, one, {{"words", "Look"}}).status == 303);
        CHECK(club.thing(one).at("picture").at("words").as_string() == "Three grey rows");
    }
}

TEST_CASE("what is wrong with one's own words is said at them, and they stay") {
    Club club(test::EngineKind::sqlite);
    REQUIRE(club.ada
                .send(first, std::string(first) + "/thread",
                      {{"kind", "question"}, {"words", "Why at night?"}})
                .status == 303);
    const std::string one = club.first_written();
    for (const std::string& words : {std::string(), std::string(2001, 'y')}) {
        CAPTURE(words.size());
        const auto refused = club.ada.send(one, one, {{"words", words}});
        CHECK(refused.status == 422);
        CHECK(says(refused, "aria-invalid=\"true\">" + words + "</textarea>"));
        // The only field of that name: the form of an answer, which nobody sent, is not there.
        CHECK(refused.text.find("name=\"words\"") == refused.text.rfind("name=\"words\""));
        CHECK(refused.text.find("id=\"words-wrong\"") == refused.text.rfind("id=\"words-wrong\""));
    }
    const auto page = club.ada.get(one);
    CHECK(says(page, "id=\"own-words\""));
    CHECK(says(page, "id=\"words\""));
}

TEST_CASE("who writes up a gathering loses no line when somebody says no to the recording") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        Club club(engine);
        const std::string after = std::string(first) + "/after";
        const auto today = std::chrono::floor<std::chrono::days>(club.house.clock.now());
        test::Fields typed = {{"learned", "Moths wait."},
                              {"decided", "Look again in May."},
                              {"notes", "A long evening."},
                              {"recording_link", "https://video.example/1"},
                              {"recording_until", format_date(std::chrono::year_month_day(
                                                      today + std::chrono::days(9)))},
                              {"recording_agreed", "yes"}};
        REQUIRE(club.ada.send(after, after, typed).status == 303);
        test::Fields again = typed;
        again.emplace_back("form_key", test::form_key_in(club.ada.get(after).text));
        Browser nobody(club.house);
        REQUIRE(nobody.send(first, std::string(first) + "/recording/objection", {}).status == 303);
        again[2].second = "A long evening, and a short night.";
        const auto refused = club.ada.post(after, again);
        CHECK(refused.status == 409);
        CHECK(says(refused, "A long evening, and a short night."));
        CHECK(says(refused, "https://video.example/1"));
        CHECK_FALSE(says(refused, "value=\"yes\" checked")); // everyone is asked once more

        // A first plot that is not there any more is said at its field, and takes nothing along.
        typed[3].second.clear();
        typed.emplace_back("first_plot", "00000000-0000-7000-8000-000000000000");
        const auto no_plot = club.ada.send(after, after, typed);
        CHECK(no_plot.status == 404);
        CHECK(says(no_plot, "id=\"first_plot-wrong\""));
        CHECK(says(no_plot, "Moths wait.</textarea>"));
    }
}

TEST_CASE("a box that was ticked stays ticked where another field is wrong") {
    Club club(test::EngineKind::sqlite);
    const std::string after = std::string(first) + "/after";
    const auto refused = club.ada.send(after, after,
                                       {{"recording_link", "https://video.example/1"},
                                        {"recording_until", "1999-01-01"},
                                        {"recording_agreed", "yes"}});
    CHECK(refused.status == 422);
    CHECK(says(refused, "name=\"recording_agreed\" value=\"yes\" checked"));
}

TEST_CASE("a host opens a thread to guests only where its series takes any") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        Club club(engine);
        const auto offers = [&] {
            const auto page = club.ada.get(first);
            return says(page, "Open the thread to guests") ||
                   says(page, "Close the thread to guests");
        };
        for (const char* const guests : {"looked_at", "shown", "none"}) {
            CAPTURE(guests);
            const std::string settings = std::string(series) + "/settings";
            REQUIRE(club.ada
                        .send(settings, settings,
                              {{"title", "Journal club"},
                               {"link_for", "all"},
                               {"lighter", "quiet"},
                               {"guests", guests},
                               {"audience", "public"}})
                        .status == 303);
            CHECK(offers() == (std::string_view(guests) != "none"));
        }
    }
}

TEST_CASE("a zone that there is not is said and kept, and times stay as they are") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        Club club(engine);
        Browser gita(club.house);
        const std::string events = "/c/lab/events";
        REQUIRE(gita.send(events, "/c/lab/zone", {{"zone", "Africa/Nairobi"}, {"back", events}})
                    .status == 303);
        const auto before = gita.cookies;
        const auto refused =
            gita.send(events, "/c/lab/zone", {{"zone", "Atlantis/Middle"}, {"back", events}});
        CHECK(refused.status == 422);
        CHECK(says(refused, "value=\"Atlantis/Middle\""));
        CHECK(says(refused, "id=\"zone-wrong\""));
        CHECK(says(refused, "is not a time zone that this server knows"));
        CHECK(gita.cookies == before);
    }
}

TEST_CASE("what was taken back twice by one form was taken back, and others change nothing") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        Club club(engine);
        REQUIRE(club.ada
                    .send(first, std::string(first) + "/thread",
                          {{"kind", "question"}, {"words", "Why at night?"}})
                    .status == 303);
        const std::string one = club.first_written();
        Browser mia = club.house.person("lab", "mia@x.org", Role::member);
        const auto of_other = mia.send(one, one, {{"words", "Mine is better"}});
        CHECK(of_other.status == 404);
        CHECK_FALSE(says(of_other, "name=\"words\""));
        const test::Fields back = {{"take_back", "yes"},
                                   {"form_key", test::form_key_in(club.ada.get(one).text)}};
        CHECK(club.ada.post(one, back).status == 303);
        CHECK(club.ada.post(one, back).status == 303);
        CHECK(club.ada.get(one).status == 404);
    }
}
