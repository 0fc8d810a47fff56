#include "platform/http/accept.hpp"

#include <doctest/doctest.h>

using namespace allot::http;

TEST_CASE("browsers get pages and programs get JSON") {
    CHECK(choose_media_type("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8") ==
          MediaType::html);
    CHECK(choose_media_type("application/json") == MediaType::json);
    CHECK(choose_media_type("application/json, text/plain, */*") == MediaType::json);
    CHECK(choose_media_type("Application/JSON;q=1.0") == MediaType::json);
    CHECK(choose_media_type("*/*") == MediaType::html);
    CHECK(choose_media_type("") == MediaType::html);
    CHECK(choose_media_type("application/json;q=0.5, text/html;q=0.9") == MediaType::html);
    CHECK(choose_media_type("application/json;q=0.9, text/html;q=0.5") == MediaType::json);
    CHECK(choose_media_type("text/html, application/json") == MediaType::html);
}

TEST_CASE("where nothing fits, a page says more than an error") {
    CHECK(choose_media_type("image/png") == MediaType::html);
    CHECK(choose_media_type("application/json;q=0") == MediaType::html);
}

TEST_CASE("weights that cannot be read are left out") {
    CHECK(choose_media_type("application/json;q=7, text/html;q=0.1") == MediaType::html);
    CHECK(choose_media_type("application/json;q=1.001") == MediaType::html);
    CHECK(choose_media_type(";;;,,;q=,application/json") == MediaType::json);
}

TEST_CASE("the best coding that exists and is accepted is chosen") {
    CHECK(choose_coding("gzip, deflate, br", true, true) == Coding::brotli);
    CHECK(choose_coding("gzip, deflate, br", true, false) == Coding::gzip);
    CHECK(choose_coding("gzip, deflate, br", false, false) == Coding::identity);
    CHECK(choose_coding("gzip;q=1.0, br;q=0.5", true, true) == Coding::gzip);
    CHECK(choose_coding("br;q=0, gzip", true, true) == Coding::gzip);
    CHECK(choose_coding("", true, true) == Coding::identity);
    CHECK(choose_coding("*", true, true) == Coding::brotli);
    CHECK(choose_coding("*;q=0", true, true) == Coding::identity);
    CHECK(choose_coding("identity;q=1, gzip;q=0.5", true, true) == Coding::identity);
}

TEST_CASE("languages come in the order in which they are wanted") {
    CHECK(accepted_languages("de;q=0.5, en-GB, ar;q=0.7, *;q=0.1, fr;q=0") ==
          std::vector<std::string>{"en-gb", "ar", "de"});
    CHECK(accepted_languages("").empty());
    CHECK(accepted_languages("a,b,c,d,e,f,g,h,i,j,k,l,m,n,o,p,q,r,s,t,u,v,w").size() == 20);
}
