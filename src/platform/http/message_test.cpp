#include "platform/http/message.hpp"

#include <doctest/doctest.h>

using namespace allot::http;

TEST_CASE("headers, query and cookies are found by name") {
    const HttpRequest request{
        .query = {{"q", "1"}, {"q", "2"}},
        .headers = {{"a", "1"}, {"cookie", "s=abc; t=d=e;u"}, {"cookie", "v=f"}, {"a", "2"}}};
    CHECK(request.header("a") == "1");
    CHECK(request.header("b").empty());
    CHECK(request.query_value("q") == "1");
    CHECK_FALSE(request.query_value("r"));
    CHECK(request.cookie("s") == "abc");
    CHECK(request.cookie("t") == "d=e");
    CHECK(request.cookie("v") == "f");
    CHECK(request.cookie("u").empty());
    CHECK(request.cookie("").empty());
}

TEST_CASE("setting a header replaces it, adding keeps what is there") {
    HttpResponse response;
    response.add("set-cookie", "a=1");
    response.add("set-cookie", "b=2");
    response.set("vary", "cookie");
    response.set("vary", "accept");
    CHECK(response.headers ==
          std::vector<Field>{{"set-cookie", "a=1"}, {"set-cookie", "b=2"}, {"vary", "accept"}});
}
