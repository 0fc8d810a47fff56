/// The site against docs/openapi.yaml: each route and each field is documented, and nothing is that
/// is not there.
#include "app/test_house.hpp"
#include "collective/gatherings/turn_link.hpp"
#include "collective/people/person_store.hpp"
#include "collective/people/welcome_routes.hpp"
#include "platform/auth/secrets.hpp"
#include "platform/jobs/job_store.hpp"
#include "platform/mail/sender.hpp"
#include "platform/mail/wishes.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <regex>
#include <set>
#include <yaml-cpp/yaml.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <doctest/doctest.h>

using namespace allot;
using auth::Role;
using test::Browser;

namespace {

namespace json = boost::json;
using Names = std::set<std::string>;

constexpr const char* json_type = "application/json";
const test::Fields as_json = {{"accept", json_type}};

// -- The document --------------------------------------------------------------------------------

/// YAML as JSON, whose scalars are all texts.
json::value json_of(const YAML::Node& node) {
    if (node.IsMap()) {
        json::object object;
        for (const auto& member : node) {
            object[member.first.Scalar()] = json_of(member.second);
        }
        return object;
    }
    if (node.IsSequence()) {
        json::array array;
        for (const YAML::Node& item : node) {
            array.push_back(json_of(item));
        }
        return array;
    }
    return json::string(node.Scalar());
}

/// Each test runs in the root of the project.
const json::value& document() {
    static const json::value all = json_of(YAML::LoadFile("docs/openapi.yaml"));
    return all;
}

std::string text_of(const json::value* value) {
    const json::string* const text = value == nullptr ? nullptr : value->if_string();
    return text == nullptr ? std::string() : std::string(text->begin(), text->end());
}

/// What stands there, or where its "$ref" points.
const json::value& resolved(const json::value& value) {
    const json::value* at = &value;
    while (at->is_object() && at->as_object().contains("$ref")) {
        const std::string way = text_of(&at->at("$ref"));
        REQUIRE_MESSAGE(way.starts_with("#/"), way);
        boost::system::error_code error;
        const json::value* const to = document().find_pointer(way.substr(1), error);
        REQUIRE_MESSAGE(to != nullptr, way);
        at = to;
    }
    return *at;
}

/// Of an object, under `name`; null: it is not there.
const json::value* member(const json::value& object, std::string_view name) {
    const json::object* const members = object.if_object();
    const json::value* const found = members == nullptr ? nullptr : members->if_contains(name);
    return found == nullptr ? nullptr : &resolved(*found);
}

Names keys_of(const json::value* object) {
    Names names;
    if (object != nullptr && object->is_object()) {
        for (const auto& member : object->as_object()) {
            names.emplace(member.key());
        }
    }
    return names;
}

Names texts_in(const json::value* array) {
    Names names;
    if (array != nullptr && array->is_array()) {
        for (const json::value& one : array->as_array()) {
            names.insert(text_of(&one));
        }
    }
    return names;
}

std::string joined(const Names& names) {
    std::string all;
    for (const std::string& name : names) {
        all += (all.empty() ? "" : ", ") + name;
    }
    return all;
}

Names without(Names names, const Names& others) {
    std::erase_if(names, [&](const std::string& name) { return others.contains(name); });
    return names;
}

/// One operation of the document.
struct Operation {
    std::string method; ///< "get"
    std::string pattern;
    const json::value* path = nullptr; ///< the item, which holds the parts of the path
    const json::value* at = nullptr;

    [[nodiscard]] std::string name() const { return method + " " + pattern; }
    /// What is documented for a status; null: that status is not.
    [[nodiscard]] const json::value* response(unsigned status) const {
        return member(*member(*at, "responses"), std::to_string(status));
    }
    /// Of the body that is sent; null: there is none.
    [[nodiscard]] const json::value* form() const {
        const json::value* found = member(*at, "requestBody");
        for (const char* const step : {"content", json_type, "schema"}) {
            found = found == nullptr ? nullptr : member(*found, step);
        }
        return found;
    }
    [[nodiscard]] Names fields() const {
        return form() == nullptr ? Names() : keys_of(member(*form(), "properties"));
    }
    [[nodiscard]] Names required_fields() const {
        return form() == nullptr ? Names() : texts_in(member(*form(), "required"));
    }
};

std::vector<Operation> operations() {
    std::vector<Operation> all;
    for (const auto& path : document().at("paths").as_object()) {
        for (const auto& one : path.value().as_object()) {
            if (one.key() != "parameters") {
                all.push_back(
                    {std::string(one.key()), std::string(path.key()), &path.value(), &one.value()});
            }
        }
    }
    return all;
}

std::string method_of(const pages::Route& route) {
    return route.method == http::Method::get ? "get" : "post";
}

const Operation& operation_for(std::string_view method, std::string_view pattern) {
    static const std::vector<Operation> all = operations();
    const auto found = std::ranges::find_if(
        all, [&](const Operation& one) { return one.method == method && one.pattern == pattern; });
    if (found == all.end()) {
        FAIL("not documented: ", method, " ", pattern);
    }
    return *found;
}

// -- Values against schemas ----------------------------------------------------------------------

/// Schemas by the names under which components has them, once a value had their form.
class Seen {
  public:
    /// What is wrong with `value`, as lines that say where; empty: nothing.
    std::vector<std::string> compare(const json::value& schema, const json::value& value,
                                     const std::string& where) {
        std::vector<std::string> wrong;
        if (const json::value* const choices = member(resolved(schema), "oneOf")) {
            for (const json::value& choice : choices->as_array()) {
                wrong = compare(choice, value, where);
                if (wrong.empty()) {
                    return {};
                }
                if (value.is_object() && choices->as_array().size() == 2 &&
                    text_of(member(choices->as_array().back(), "type")) == "null") {
                    return wrong; // an object that is no null: what is wrong with it is of interest
                }
            }
            return {where + " has the form of nothing that is documented there; " +
                    (wrong.empty() ? "" : wrong.front())};
        }
        compare_one(resolved(schema), value, where, wrong);
        if (wrong.empty() && schema.is_object() && schema.as_object().contains("$ref")) {
            names_.insert(text_of(&schema.at("$ref")));
        }
        return wrong;
    }

    /// Objects of components of which no value was seen: a field more in them would go unnoticed.
    [[nodiscard]] Names unseen() const {
        Names all;
        for (const auto& one : document().at("components").at("schemas").as_object()) {
            if (text_of(member(one.value(), "type")) == "object") {
                all.insert("#/components/schemas/" + std::string(one.key()));
            }
        }
        return without(all, names_);
    }

  private:
    static bool has_type(const json::value& value, const std::string& type) {
        return (type == "string" && value.is_string()) || (type == "boolean" && value.is_bool()) ||
               (type == "integer" && value.is_int64()) || (type == "null" && value.is_null()) ||
               (type == "array" && value.is_array()) || (type == "object" && value.is_object());
    }

    void compare_one(const json::value& schema, const json::value& value, const std::string& where,
                     std::vector<std::string>& wrong) {
        const std::string type = text_of(member(schema, "type"));
        if (!has_type(value, type)) {
            wrong.push_back(where + " is no " + type + ": " + json::serialize(value));
            return;
        }
        if (type == "string") {
            compare_text(schema, text_of(&value), where, wrong);
        } else if (type == "array") {
            for (const json::value& item : value.as_array()) {
                const auto more = compare(schema.at("items"), item, where + "[]");
                wrong.insert(wrong.end(), more.begin(), more.end());
            }
        } else if (type == "object") {
            compare_object(schema, value, where, wrong);
        }
    }

    static void compare_text(const json::value& schema, const std::string& text,
                             const std::string& where, std::vector<std::string>& wrong) {
        static const std::map<std::string, std::regex> formats = {
            {"date", std::regex(R"(\d{4}-\d{2}-\d{2})")},
            {"uuid", std::regex("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")},
            {"uri", std::regex("https?://.+")}};
        const json::value* const allowed = member(schema, "enum");
        if (allowed != nullptr && !texts_in(allowed).contains(text)) {
            wrong.push_back(where + " is not one of those documented: " + text);
        }
        const auto format = formats.find(text_of(member(schema, "format")));
        if (format != formats.end() && !std::regex_match(text, format->second)) {
            wrong.push_back(where + " is no " + format->first + ": " + text);
        }
    }

    void compare_object(const json::value& schema, const json::value& value,
                        const std::string& where, std::vector<std::string>& wrong) {
        if (member(schema, "additionalProperties") != nullptr) {
            return; // a file with a document of its own
        }
        const json::value* const properties = member(schema, "properties");
        const Names documented = keys_of(properties);
        const Names there = without(keys_of(&value), {"form_key"});
        for (const std::string& name : without(there, documented)) {
            wrong.push_back(where + "." + name + " is not documented");
        }
        for (const std::string& name : without(documented, there)) {
            wrong.push_back(where + "." + name + " is documented and not there");
        }
        for (const std::string& name : documented) {
            if (there.contains(name)) {
                const auto more = compare(properties->at(name), value.at(name), where + "." + name);
                wrong.insert(wrong.end(), more.begin(), more.end());
            }
        }
    }

    Names names_;
};

// -- A house with something of everything in it --------------------------------------------------

/// "/c/lab/people/{person}" as a regular expression.
std::regex address_pattern(const std::string& pattern) {
    static const std::regex part(R"(\{[a-z]+\})");
    return std::regex(std::regex_replace(pattern, part, "[^/]+"));
}

struct Walker {
    std::string name;
    Browser browser;
};

class Walk {
  public:
    Seen seen;
    Names read;                            ///< operations that answered 200
    std::map<std::string, Names> sent;     ///< by operation, what its forms in pages send
    std::map<std::string, std::string> at; ///< by part of a path; keys by what stands before

    /// Asks and compares with the document.
    http::HttpResponse get(Browser& browser, const std::string& pattern) {
        const auto answer = browser.get(address_of(pattern), as_json);
        compare(operation_for("get", pattern), answer);
        return answer;
    }
    http::HttpResponse post(Browser& browser, const std::string& pattern, const std::string& body) {
        const auto answer = browser.post_json(address_of(pattern), body);
        compare(operation_for("post", pattern), answer);
        return answer;
    }
    json::value done(Browser& browser, const std::string& pattern, const std::string& body) {
        const auto answer = post(browser, pattern, body);
        CAPTURE(pattern);
        CAPTURE(answer.text);
        REQUIRE(answer.status == 200);
        return json::parse(answer.text);
    }

    /// Notes which fields the forms of a page send, and where to.
    void read_forms(Browser& browser, const std::string& pattern) {
        const std::string page = browser.get(address_of(pattern)).text;
        static const std::regex form(R"re(<form[^>]*action="([^"]*)"([\s\S]*?)</form>)re");
        static const std::regex field(
            R"re(<(?:input|select|textarea|button)[^>]* name="([^"]*)")re");
        for (std::sregex_iterator one(page.begin(), page.end(), form), end; one != end; ++one) {
            const Operation& operation = operation_at((*one)[1].str());
            Names& fields = sent[operation.name()];
            const std::string inside = (*one)[2].str();
            for (std::sregex_iterator name(inside.begin(), inside.end(), field); name != end;
                 ++name) {
                fields.insert((*name)[1].str());
            }
            fields.erase("form_key");
        }
    }

  private:
    [[nodiscard]] std::string address_of(const std::string& pattern) const {
        std::string address = pattern;
        for (const auto& [part, value] : at) {
            if (!part.starts_with('{')) {
                for (const std::string_view name : {"{key}", "{signed}"}) {
                    const std::size_t found = address.find(name);
                    if (pattern.starts_with(part) && found != std::string::npos) {
                        address.replace(found, name.size(), value);
                    }
                }
            } else if (const std::size_t found = address.find(part); found != std::string::npos) {
                address.replace(found, part.size(), value);
            }
        }
        REQUIRE_MESSAGE(address.find('{') == std::string::npos, "nothing to put into ", address);
        return address;
    }

    static const Operation& operation_at(const std::string& address) {
        static const std::vector<Operation> all = operations();
        const auto found = std::ranges::find_if(all, [&](const Operation& one) {
            return one.method == "post" && std::regex_match(address, address_pattern(one.pattern));
        });
        if (found == all.end()) {
            FAIL("a form goes to an address that is not documented: ", address);
        }
        return *found;
    }

    void compare(const Operation& operation, const http::HttpResponse& answer) {
        const std::string name = operation.name();
        CAPTURE(name);
        CAPTURE(answer.status);
        CAPTURE(answer.text);
        const json::value* const documented = operation.response(answer.status);
        CHECK_MESSAGE(documented != nullptr, "this status is not documented");
        if (documented == nullptr) {
            return;
        }
        const std::string type = test::header_of(answer, "content-type");
        const json::value* const content = member(*documented, "content");
        const json::value* const body =
            content == nullptr ? nullptr : member(*content, type.substr(0, type.find(';')));
        CHECK_MESSAGE(body != nullptr, "this type is not documented: ", type);
        if (body != nullptr && type.find("json") != std::string::npos) {
            const auto wrong = seen.compare(body->at("schema"), json::parse(answer.text), name);
            for (const std::string& line : wrong) {
                FAIL_CHECK(line);
            }
        }
        if (answer.status == 200) {
            read.insert(name);
        }
    }
};

/// Signs in who belongs to no collective.
Browser stranger(test::House& house, std::string_view mail) {
    Browser browser(house);
    browser.send("/sign-in", "/sign-in", {{"mail", std::string(mail)}});
    const std::string link = house.link_mailed_to(mail);
    REQUIRE(browser.send(link, link, {}).status == 303);
    return browser;
}

std::string last_part(const json::value& address) {
    const std::string text = text_of(&address);
    return text.substr(text.rfind('/') + 1);
}

constexpr const char* circles = "/c/{collective}/circles";
const std::string circle = "/c/{collective}/circles/{circle}";
/// A PNG of 4 by 3 dots.
constexpr std::string_view plot = "iVBORw0KGgoAAAANSUhEUgAAAAQAAAADCAAAAACRn_"
                                  "EaAAAAFXRFWHRDb21tZW50AHRha2VuIGF0IGhvbWV2YxoJAAAAE0lEQVR4nGNgSD"
                                  "7BzMAFIkSABAAanwOpljyDVAAAAABJRU5ErkJggg";
constexpr const char* weekly = R"({"title": "Moth nights", "audience": "public",
    "rhythm": "every Thursday at 21:00 London time"})";

/// "moth-nights" of "moth-nights?begun".
[[nodiscard]] std::string path_part(const std::string& address) {
    return address.substr(0, address.find('?'));
}

/// A thread in which a steward drew a plot, a guest asked, and a member answered; one gathering
/// that came to something.
void write_a_thread(test::House& house, Walk& walk, Browser& ada, Browser& reader) {
    const std::string page = "/c/lab/series/" + walk.at["{series}"] + "/" + walk.at["{when}"];
    walk.done(ada, "/c/{collective}/series/{series}/settings",
              R"({"title": "Moth nights", "link_for": "all", "lighter": "quiet",
                  "guests": "looked_at", "audience": "public", "seats": "12"})");
    const test::Fields fields = {{"kind", "plot"}, {"words", "Wings"}, {"picture_words", "Rows"}};
    const auto bytes = auth::text_of_base64url(plot);
    REQUIRE(bytes.has_value());
    CHECK(ada.send_file(page, page + "/thread", fields, "picture", *bytes).status == 303);
    const std::string gathering = "/c/{collective}/series/{series}/{when}";
    const auto seen = json::parse(walk.get(ada, gathering).text);
    const json::value& drawn = seen.at("thread").at("additions").at(0);
    walk.at["{addition}"] = last_part(drawn.at("path"));
    walk.at["{picture}"] = last_part(drawn.at("picture").at("path"));
    CHECK(reader
              .send(page, page + "/thread",
                    {{"kind", "question"}, {"words", "Why?"}, {"name", "Gita"}})
              .status == 303);
    walk.done(ada, gathering + "/thread",
              R"({"kind": "answer", "words": "So.", "answers": ")" + walk.at["{addition}"] +
                  R"("})");
    const auto own = json::parse(walk.get(reader, gathering).text);
    walk.at["/c/{collective}/series/"] = last_part(own.at("thread").at("own_address"));
    walk.done(ada, gathering + "/guest-link", "{}");
    walk.done(ada, gathering + "/presence", R"({"plan": "plan"})");
    const std::string until = format_date(std::chrono::year_month_day(
        std::chrono::floor<std::chrono::days>(house.clock.now()) + std::chrono::days(30)));
    house.clock.advance(std::chrono::days(8)); // it has ended, and nobody wrote three lines
    walk.get(ada, gathering);
    house.clock.advance(-std::chrono::days(8));
    walk.done(ada, gathering + "/after",
              R"({"learned": "They wait.", "first_plot": ")" + walk.at["{addition}"] +
                  R"(", "recording_link": "https://video.example/1", "recording_agreed": "yes",
                      "recording_until": ")" +
                  until + "\"}");
    house.clock.advance(std::chrono::days(8)); // it is one of the last, for a moment
    const auto later = json::parse(walk.get(ada, "/c/{collective}/series/{series}").text);
    const std::string first = walk.at["{when}"];
    walk.at["{when}"] = last_part(later.at("next").at(0).at("path"));
    walk.get(ada, gathering); // which remembers it
    walk.at["{when}"] = first;
    house.clock.advance(-std::chrono::days(8));
}

/// The id of the collective of the walk; in it some work was given up, and the address of its
/// steward refused mail.
std::string scope_of_lab(test::House& house) {
    const auto made =
        house.fresh.store->write([&](store::Transaction& transaction) -> Result<std::string> {
            TRY(const auto lab, people::collective_named(transaction, "lab"));
            TRY_DO(jobs::ask_for(transaction, lab->id.text(), "j", "k", "", house.clock.now()));
            const jobs::Job job{
                .scope = lab->id.text(), .id = "j", .about = "", .first_due = Moment()};
            TRY_DO(jobs::give_up(transaction, job, "", "no answer", house.clock.now()));
            for (std::int64_t k = 0; k < mail::refusals_to_pause; ++k) {
                TRY_DO(mail::note_refusal(transaction, "ada@example.org", house.clock.now()));
            }
            return lab->id.text();
        });
    REQUIRE(made.has_value());
    return *made;
}

/// Mia presents at the gathering of the walk, the steward at a later one, and asks to swap; a link
/// of a mail about Mia's turn.
void take_turns(test::House& house, Walk& walk, Browser& ada, Browser& mia,
                const std::string& later) {
    const std::string turns = "/c/{collective}/series/{series}/{when}/turns";
    gatherings::TurnLink link{.kind = gatherings::TurnKind::presenter};
    const auto made =
        house.fresh.store->write([&](store::Transaction& transaction) -> Result<void> {
            TRY(const auto lab, people::collective_named(transaction, "lab"));
            TRY(const auto series,
                gatherings::series_named(transaction, lab->id, walk.at["{series}"]));
            TRY(const auto person,
                people::person_with_mail(transaction, lab->id, "mia@example.org"));
            TRY(link.original, gatherings::when_named(walk.at["{when}"]));
            link.series = series->id;
            link.person = person->id;
            gatherings::About about = series->about;
            about.turns = gatherings::turns_in("host,presenter");
            return gatherings::save_about(transaction, lab->id, series->id, about);
        });
    REQUIRE(made.has_value());
    walk.done(mia, turns, R"({"turn": "presenter", "act": "take"})");
    const std::string first = walk.at["{when}"];
    walk.at["{when}"] = later;
    walk.done(ada, turns, R"({"turn": "presenter", "act": "take"})");
    walk.done(ada, turns,
              R"({"turn": "presenter", "act": "ask_to_swap", "other": ")" + first + R"("})");
    walk.at["{when}"] = first;
    for (Browser* const reader : {&ada, &mia}) { // before it is over
        walk.get(*reader, "/c/{collective}/series/{series}/{when}");
    }
    walk.at["{turn}"] = "host";
    walk.get(ada, turns + "/{turn}/ask");
    walk.at["/c/{collective}/turn/"] = gatherings::link_text(house.parts.signing_key, link);
}

/// A series from a starter, its next gathering, and a link for a second host.
void begin_series(Browser& host, Walk& walk) {
    const auto done = walk.done(host, "/c/{collective}/start", R"({"starter": "reading_group"})");
    const std::string begun = text_of(&done.at("next"));
    constexpr std::string_view before = "/series/";
    const std::size_t slug = begun.find(before) + before.size();
    walk.at["{series}"] = begun.substr(slug, begun.find('/', slug) - slug);
    const auto page = json::parse(walk.get(host, "/c/{collective}/series/{series}").text);
    walk.at["{when}"] = last_part(page.at("next").at(0).at("path"));
    walk.at["{day}"] = text_of(&page.at("next").at(0).at("times").at("there")).substr(0, 10);
    const auto link = walk.done(host, "/c/{collective}/series/{series}/host-link", "{}");
    walk.at["/c/{collective}/host/"] = last_part(link.at("address"));
    const json::object calendar = {
        {"text",
         "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20270301T100000Z\nEND:VEVENT\nEND:VCALENDAR\n"},
        {"zone", "Europe/London"}};
    walk.post(host, "/c/{collective}/import", json::serialize(calendar));
}

/// A series, and a letter to the hosts of a circle, which both send mail.
void begin_mail(test::House& house, Walk& walk, Browser& ada) {
    Browser guest(house);
    walk.done(guest, "/c/{collective}/series/{series}/subscribe",
              R"({"mail": "gus@example.org", "zone": "Europe/London"})");
    const auto mails = house.fresh.store->read(
        [](store::Transaction& transaction) -> Result<std::vector<mail::Kept>> {
            TRY(const auto lab, people::collective_named(transaction, "lab"));
            return mail::mail_to(transaction, lab->id.text(), "gus@example.org");
        });
    REQUIRE((mails.has_value() && mails->size() == 1));
    const std::string& body = mails->front().mail.body;
    const std::size_t link = body.find("/subscribe/");
    walk.at["/c/{collective}/subscribe/"] =
        last_part(json::value(body.substr(link, body.find('\n', link) - link)));
    walk.done(guest, circle + "/letter", R"({"mail": "gus@example.org", "words": "Hello"})");
    const auto letters = json::parse(walk.get(ada, circle + "/letters").text);
    walk.at["{letter}"] = text_of(&letters.at("letters").at(0).at("id"));
}

/// A steward at the machine of the server, a member, a guest who has asked, somebody new, and
/// somebody who asked for a link to sign in; two circles, of which one has ended; a link into the
/// other one.
std::vector<Walker> begin_everything(test::House& house, Walk& walk) {
    walk.at = {{"{collective}", "lab"}};
    Browser ada = house.begin("lab", "ada@example.org");
    ada.peer = "127.0.0.1";
    walk.get(ada, "/");
    Browser mia = house.person("lab", "mia@example.org", Role::member);
    Browser gus = house.person("lab", "gus@example.org", Role::guest);
    Browser eve = house.begin("garden", "eve@example.org");

    const char* const moths =
        R"({"name": "Moths", "kind": "lab", "issue": "Light", "way_quarter": "Look up"})";
    walk.at["{circle}"] = last_part(walk.done(ada, circles, moths).at("next"));
    walk.done(ada, circle + "/end", "{}");
    walk.at["{circle}"] = last_part(walk.done(ada, circles, moths).at("next"));
    walk.done(ada, circle + "/settings",
              R"({"name": "Moths", "kind": "lab", "issue": "Light", "way_year": "Count",
                  "charter_purpose": "To know", "joining": "ask", "split_size": 12})");
    begin_series(ada, walk);
    const auto begun = walk.done(ada, "/c/{collective}/series", weekly);
    walk.at["{series}"] = path_part(last_part(begun.at("next")));
    walk.post(mia, "/c/{collective}/series",
              R"({"title": "Tea", "rhythm": "every Monday at 17:00 London time", "minutes": "60",
                  "audience": "public", "preview": "yes"})"); // her clock is another one
    const auto series = json::parse(walk.get(ada, "/c/{collective}/series/{series}").text);
    walk.at["{when}"] = last_part(series.at("next").at(5).at("path"));
    walk.done(ada, "/c/{collective}/series/{series}/{when}/rhythm",
              R"({"rhythm": "every Monday at 21:00 London time"})");
    walk.at["{when}"] = last_part(series.at("next").at(0).at("path"));
    walk.post(ada, "/c/{collective}/series/{series}/{when}/rhythm",
              R"({"rhythm": "every Friday at 21:00 London time", "preview": "yes"})");
    take_turns(house, walk, ada, mia, last_part(series.at("next").at(1).at("path")));
    const auto link = walk.done(ada, circle + "/invitation", "{}");
    walk.at["/c/{collective}/join/"] = last_part(link.at("address"));
    walk.done(mia, "/c/{collective}/join/{key}", "{}");
    const auto pass = walk.done(ada, circle + "/guest-link", "{}");
    walk.at["{signed}"] = last_part(pass.at("address"));
    walk.done(gus, circle + "/request", R"({"words": "May I?"})");
    const auto calendar = walk.done(ada, "/c/{collective}/settings/calendar-link", "{}");
    walk.at["{key_ics}"] = last_part(calendar.at("address"));

    walk.done(ada, "/c/{collective}/settings/hooks",
              R"({"kind": "json", "name": "Ours", "address": "https://ours.example/in"})");
    const auto hook =
        walk.done(ada, circle + "/hooks",
                  R"({"kind": "slack", "name": "Chat", "address": "https://chat.example/T/B/x"})");
    walk.at["{hook}"] = last_part(hook.at("next"));

    const auto people = json::parse(walk.get(ada, "/c/{collective}/people").text);
    walk.at["{person}"] = text_of(&people.at("people").at(0).at("id"));
    const auto page = json::parse(walk.get(ada, circle).text);
    walk.at["{request}"] = text_of(&page.at("keeping").at("requests").at(0).at("id"));

    walk.post(ada, "/c/{collective}/starter",
              R"({"starter": "{\"allotment_starter\": 1, \"unheard\": []}"})");

    begin_mail(house, walk, ada);
    walk.at["/mail/end/"] =
        mail::end_text(house.parts.signing_key, scope_of_lab(house), "hash", mail::Stream::digest);

    Browser reader(house);
    write_a_thread(house, walk, ada, reader);
    walk.get(reader, "/sign-in");
    walk.done(reader, "/sign-in", R"({"mail": "ray@example.org"})");
    walk.at["/sign-in/"] = last_part(json::value(house.link_mailed_to("ray@example.org")));
    const auto welcome = people::new_welcome_path(*house.fresh.store, house.entropy);
    REQUIRE(welcome.has_value());
    walk.at["/welcome/"] = last_part(json::value(*welcome));

    return {{"steward", std::move(ada)},
            {"member", std::move(mia)},
            {"guest", std::move(gus)},
            {"somebody new", stranger(house, "sol@example.org")},
            {"of another collective", std::move(eve)},
            {"reader", std::move(reader)}};
}

} // namespace

// -- Without asking ------------------------------------------------------------------------------

TEST_CASE("the document has each route, and no other") {
    const test::House house(test::EngineKind::sqlite);
    Names there;
    for (const pages::Route& route : house.site->routes()) {
        there.insert(method_of(route) + " " + std::string(route.pattern));
    }
    Names documented;
    for (const Operation& one : operations()) {
        documented.insert(one.name());
    }
    CHECK_MESSAGE(without(there, documented).empty(),
                  "not documented: ", joined(without(there, documented)));
    CHECK_MESSAGE(without(documented, there).empty(),
                  "documented and not there: ", joined(without(documented, there)));
}

TEST_CASE("the document says who may, as the table of permissions does") {
    const test::House house(test::EngineKind::sqlite);
    for (const pages::Route& route : house.site->routes()) {
        const Operation& one = operation_for(method_of(route), route.pattern);
        const std::string name = one.name();
        CAPTURE(name);
        const auth::Permission& needed = auth::permission_for(route.action);
        CHECK(text_of(member(*one.at, "x-action")) == needed.name);
        const bool with_session = needed.signed_in || needed.least > Role::anyone;
        CHECK((member(*one.at, "security") != nullptr) == with_session);
        CHECK((one.response(401) != nullptr) == with_session);
        const bool refuses = needed.least > Role::anyone || route.method == http::Method::post;
        CHECK((!refuses || one.response(403) != nullptr));
        CHECK((route.method == http::Method::get || one.response(422) != nullptr));
        CHECK((route.pattern.find('{') == std::string_view::npos || one.response(404) != nullptr));
    }
}

TEST_CASE("each operation of the document has a name of its own and a short sentence") {
    Names ids;
    for (const Operation& one : operations()) {
        const std::string name = one.name();
        CAPTURE(name);
        const std::string id = text_of(member(*one.at, "operationId"));
        CHECK(!id.empty());
        CHECK_MESSAGE(ids.insert(id).second, "there twice: ", id);
        const std::string summary = text_of(member(*one.at, "summary"));
        CHECK(summary.ends_with('.'));
        CHECK(std::ranges::count(summary, ' ') < 18);
    }
}

TEST_CASE("the document names the parts of each path, and every field of an answer is required") {
    for (const Operation& one : operations()) {
        CAPTURE(one.pattern);
        Names parts;
        static const std::regex part(R"(\{([a-z_]+)\})");
        for (std::sregex_iterator at(one.pattern.begin(), one.pattern.end(), part), end; at != end;
             ++at) {
            parts.insert((*at)[1].str());
        }
        Names documented;
        if (const json::value* const all = member(*one.path, "parameters")) {
            for (const json::value& parameter : all->as_array()) {
                CHECK(text_of(member(resolved(parameter), "in")) == "path");
                documented.insert(text_of(member(resolved(parameter), "name")));
            }
        }
        CHECK(documented == parts);
        CHECK(without(one.required_fields(), one.fields()).empty());
    }
    for (const auto& schema : document().at("components").at("schemas").as_object()) {
        const std::string name(schema.key());
        CAPTURE(name);
        CHECK(texts_in(member(schema.value(), "required")) ==
              keys_of(member(schema.value(), "properties")));
    }
}

// -- Asking --------------------------------------------------------------------------------------

TEST_CASE("what pages answer as JSON has the fields that the document says, and no others") {
    test::House house(test::EngineKind::sqlite);
    Walk walk;
    for (Walker& walker : begin_everything(house, walk)) {
        CAPTURE(walker.name);
        for (const pages::Route& route : house.site->routes()) {
            if (route.method == http::Method::get) {
                walk.get(walker.browser, std::string(route.pattern));
            }
        }
        // What is wrong with an empty form is told by the names of its fields.
        for (const Operation& one : operations()) {
            if (!one.required_fields().empty()) {
                walk.post(walker.browser, one.pattern, "{}");
            }
        }
    }
    for (const Operation& one : operations()) {
        const std::string name = one.name();
        CHECK_MESSAGE((one.method == "post" || walk.read.contains(name)),
                      "nobody was answered with 200: ", name);
    }
    CHECK_MESSAGE(walk.seen.unseen().empty(), "no value seen of ", joined(walk.seen.unseen()));
}

TEST_CASE("commands miss the fields that the document says are required") {
    test::House house(test::EngineKind::sqlite);
    Walk walk;
    auto walkers = begin_everything(house, walk);
    Browser& steward = walkers.front().browser;
    for (const Operation& one : operations()) {
        if (one.required_fields().empty()) {
            continue;
        }
        const std::string name = one.name();
        CAPTURE(name);
        const auto answer = walk.post(steward, one.pattern, "{}");
        CHECK(answer.status == 422);
        const json::value told = json::parse(answer.text);
        Names fields;
        if (const json::value* const errors = member(told, "errors")) {
            for (const json::value& error : errors->as_array()) {
                fields.insert(text_of(member(error, "field")));
            }
            CHECK(joined(fields) == joined(one.required_fields()));
        }
    }
}

TEST_CASE("forms of pages send the fields that the document says, and no others") {
    test::House house(test::EngineKind::sqlite);
    Walk walk;
    for (Walker& walker : begin_everything(house, walk)) {
        for (const pages::Route& route : house.site->routes()) {
            if (route.method == http::Method::get) {
                walk.read_forms(walker.browser, std::string(route.pattern));
            }
        }
    }
    CHECK(walk.sent.size() > 15);
    for (const Operation& one : operations()) {
        const auto found = walk.sent.find(one.name());
        if (found != walk.sent.end()) {
            const std::string name = one.name();
            CAPTURE(name);
            CHECK(joined(found->second) == joined(one.fields()));
        }
    }
}
