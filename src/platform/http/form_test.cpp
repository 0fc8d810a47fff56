#include "base/limits.hpp"
#include "platform/http/form.hpp"

#include <string>

#include <doctest/doctest.h>

using namespace allot;
using namespace allot::http;

namespace {

[[nodiscard]] Result<Form> read(std::string_view type, std::string body) {
    return read_form(HttpRequest{.method = Method::post,
                                 .headers = {{"content-type", std::string(type)}},
                                 .body = std::move(body)});
}

[[nodiscard]] std::string why_not(std::string_view type, std::string body) {
    const auto form = read(type, std::move(body));
    return form ? "it was read" : form.error().message;
}

constexpr std::string_view simple = "application/x-www-form-urlencoded";
constexpr std::string_view json = "application/json";
constexpr std::string_view parts = "multipart/form-data; boundary=XX";

[[nodiscard]] std::string part(std::string_view head, std::string_view content) {
    return "--XX\r\nContent-Disposition: form-data; " + std::string(head) + "\r\n\r\n" +
           std::string(content) + "\r\n";
}

} // namespace

TEST_CASE("the three ways of a form bring the same fields") {
    const std::vector<Field> fields{
        {"what", "bees & wax"}, {"day", "mo"}, {"day", "tu"}, {"n", "7"}};
    const auto first = read(simple, "what=bees+%26+wax&day=mo&day=tu&n=7");
    const auto second =
        read(parts, part("name=\"what\"", "bees & wax") + part("name=\"day\"", "mo") +
                        part("name=\"day\"", "tu") + part("name=\"n\"", "7") + "--XX--\r\n");
    const auto third = read(json, R"({"what": "bees \u0026 wax", "day": ["mo", "tu"], "n": 7})");
    REQUIRE(first);
    REQUIRE(second);
    REQUIRE(third);
    CHECK(first->fields == fields);
    CHECK(second->fields == fields);
    CHECK(third->fields == fields);
    CHECK(first->value("day") == "mo");
    CHECK(first->values("day") == std::vector<std::string_view>{"mo", "tu"});
    CHECK_FALSE(first->value("none"));
}

TEST_CASE("nothing sent is an empty form") {
    const auto form = read_form(HttpRequest{.method = Method::post});
    REQUIRE(form);
    CHECK(form->fields.empty());
    CHECK(read(simple, ""));
    CHECK(read(json, "{}"));
    CHECK(read(parts, "--XX--"));
}

TEST_CASE("other types and charsets are refused by name") {
    CHECK(why_not("text/xml", "<a/>").find("not \"text/xml\"") != std::string::npos);
    CHECK_FALSE(read("", "a=1"));
    CHECK_FALSE(read("application/json; charset=latin1", "{}"));
    CHECK(read("application/json; charset=UTF-8", "{}"));
    CHECK_FALSE(read("application/json; charset=utf-8; charset=utf-7", "{}"));
    CHECK_FALSE(read("application/json;", "{}"));
}

TEST_CASE("files keep their bytes and lose their folders") {
    const std::string bytes("\x89PNG\r\n\0\xFF--XX", 12);
    const auto form = read(parts, "--XX\r\nContent-Disposition: form-data; name=\"f\"; "
                                  "filename=\"C:\\dir\\\xC3\xA9 \\\"1\\\".png\"\r\n"
                                  "Content-Type: image/PNG\r\n\r\n" +
                                      bytes + "\r\n--XX--\r\n");
    REQUIRE(form);
    REQUIRE(form->upload("f") != nullptr);
    CHECK(form->upload("f")->filename == "\xC3\xA9 \"1\".png");
    CHECK(form->upload("f")->type == "image/png");
    CHECK(form->upload("f")->bytes == bytes);
    CHECK(form->upload("g") == nullptr);
    CHECK(form->fields.empty());
}

TEST_CASE("a file that nobody chose is none") {
    const auto form = read(parts, part("name=\"f\"; filename=\"\"", "") + "--XX--\r\n");
    REQUIRE(form);
    CHECK(form->uploads.empty());
}

TEST_CASE("multipart that is not well formed is refused") {
    const std::string good = part("name=\"a\"", "1");
    CHECK(read(parts, good + "--XX--"));
    for (const std::string& body : std::vector<std::string>{
             "", good, good + "--XX", "preamble\r\n" + good + "--XX--", good + "--XX--\r\nepilogue",
             good + "--XXX--", "--XX\r\n\r\n1\r\n--XX--", part("filename=\"x\"", "1") + "--XX--",
             part("name=\"a\"; name=\"b\"", "1") + "--XX--", part("name=\"a", "1") + "--XX--",
             "--XX\r\nContent-Disposition: attachment; name=\"a\"\r\n\r\n1\r\n--XX--",
             "--XX\r\nContent-Disposition: form-data; name=\"a\"\r\nContent-Transfer-Encoding: "
             "base64\r\n\r\nMQ==\r\n--XX--",
             "--XX\r\nContent-Disposition: form-data;\r\n name=\"a\"\r\n\r\n1\r\n--XX--",
             "--XX\nContent-Disposition: form-data; name=\"a\"\n\n1\n--XX--",
             part("name=\"a\x01\"", "1") + "--XX--",
             part("name=\"a\"; filename=\"\xFF\"", "1") + "--XX--"}) {
        CAPTURE(body);
        CHECK_FALSE(read(parts, body));
    }
    CHECK_FALSE(read("multipart/form-data", good + "--XX--"));
    CHECK(read("multipart/form-data; boundary=\"XX\"", good + "--XX--"));
    CHECK(why_not(parts, good + part("filename=\"x\"", "") + "--XX--") ==
          "part 2 of the form does not say which field it is");
}

TEST_CASE("JSON that is no flat form is refused by name") {
    CHECK(why_not(json, R"({"a":1,"a":2})") == "\"a\" is there twice");
    CHECK(why_not(json, R"({"a":{"b":1}})") ==
          "\"a\" holds more than a text, a number, true, false or a list of texts");
    CHECK(why_not(json, R"({"a":null})").starts_with("\"a\" holds more"));
    CHECK(why_not(json, R"({"a":[1]})").starts_with("\"a\" holds more"));
    CHECK(why_not(json, R"({"a":[["x"]]})").starts_with("\"a\" holds more"));
    CHECK(why_not(json, R"(["a"])") == "a form is one object of JSON");
    CHECK(why_not(json, "7") == "a form is one object of JSON");
    CHECK(why_not(json, R"({"a":"\u0000"})") == "\"a\" holds a NUL");
    CHECK(why_not(json, R"({"a\u0000":"b"})") == "the name of a field holds a NUL");
    for (const char* body :
         {"", "{", R"({"a":1}x)", R"({"a":1} {"b":2})", R"({'a':1})", R"({"a":1,})",
          "{\"a\":\"\xFF\"}", R"({"a":"\ud800"})", R"({"a":NaN})", "// x\n{}"}) {
        CAPTURE(body);
        CHECK_FALSE(read(json, body));
    }
}

TEST_CASE("numbers and truths of JSON are kept as they were written") {
    const auto form =
        read(json, R"({"a":1.50,"b":-0,"c":123456789012345678901234,"d":true,"e":1E3})");
    REQUIRE(form);
    CHECK(form->fields == std::vector<Field>{{"a", "1.50"},
                                             {"b", "-0"},
                                             {"c", "123456789012345678901234"},
                                             {"d", "true"},
                                             {"e", "1E3"}});
}

TEST_CASE("a form has limits") {
    CHECK_FALSE(read(simple, std::string(limits::max_form_name_bytes + 1, 'n') + "=1"));
    CHECK_FALSE(read(simple, "a=" + std::string(limits::max_form_value_bytes + 1, 'v')));
    std::string files;
    for (std::size_t k = 0; k < limits::max_uploads; ++k) {
        files += part("name=\"f\"; filename=\"x\"", "1");
    }
    CHECK(read(parts, files + "--XX--"));
    CHECK_FALSE(read(parts, files + part("name=\"f\"; filename=\"x\"", "1") + "--XX--"));
    std::string many = "{\"a\":[\"0\"";
    for (std::size_t k = 1; k < limits::max_form_fields; ++k) {
        many += ",\"1\"";
    }
    CHECK(read(json, many + "]}"));
    CHECK_FALSE(read(json, many + ",\"1\"]}"));
}
