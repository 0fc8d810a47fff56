#include "base/test_world.hpp"
#include "platform/auth/mail_address.hpp"
#include "platform/auth/permissions.hpp"
#include "platform/auth/secrets.hpp"
#include "platform/auth/sign_in.hpp"

#include <set>

#include <doctest/doctest.h>

using namespace allot;
using namespace allot::auth;

TEST_CASE("who may do something may do it in every higher role") {
    for (const Permission& permission : permissions()) {
        CAPTURE(permission.name);
        bool allowed = false;
        for (int k = 0; k < role_count; ++k) {
            const auto role = static_cast<Role>(k);
            const bool now = permission.of_circle ? may(permission.action, Role::member, role)
                                                  : may(permission.action, role);
            CHECK((now || !allowed));
            allowed = now;
        }
        CHECK(allowed);
        CHECK(permission_for(permission.action).name == permission.name);
    }
}

TEST_CASE("a host keeps her own circle, a steward all of them") {
    CHECK(!may(Action::keep_circle, Role::member, Role::member));
    CHECK(may(Action::keep_circle, Role::member, Role::host));
    CHECK(may(Action::keep_circle, Role::steward, Role::anyone));
}

TEST_CASE("roles are read by their names") {
    for (int k = 0; k < role_count; ++k) {
        const auto role = static_cast<Role>(k);
        CHECK(role_named(name_of(role)) == role);
    }
}

TEST_CASE("addresses of mail are compared without case and white space") {
    CHECK(normal_mail(" Ada@Example.ORG ") == "ada@example.org");
    CHECK(normal_mail("o'hara+x@mail.example.org") == "o'hara+x@mail.example.org");
    CHECK(normal_mail("józef@poczta.example") == "józef@poczta.example");
    for (const char* const bad :
         {"", "ada", "@example.org", "ada@", "ada@host", "ada@@example.org", "a b@example.org",
          "ada@example..org", "ada@.org", "ada@example.", "ada@example.org, eve@example.org",
          "<ada@example.org>", "ada@example.org\nbcc: eve@example.org"}) {
        CAPTURE(bad);
        CHECK(!normal_mail(bad));
    }
    CHECK(!normal_mail(std::string(65, 'a') + "@example.org"));
    CHECK(!normal_mail("a@" + std::string(260, 'b') + ".org"));
}

TEST_CASE("a form key holds for one browser, and nobody can make one") {
    test::SeededEntropy entropy;
    const std::string mine = new_secret(entropy);
    const std::string hers = new_secret(entropy);
    std::set<std::string> keys;
    for (int k = 0; k < 100; ++k) {
        const std::string key = new_form_key(mine, entropy);
        CHECK(is_form_key(key, mine));
        CHECK(!is_form_key(key, hers));
        CHECK(!is_form_key(key, ""));
        CHECK(!is_form_key("x" + key, mine));
        CHECK(!is_form_key(key + "x", mine));
        keys.insert(key);
    }
    CHECK(keys.size() == 100);
    for (const char* const bad : {"", ".", "a.", ".a", "a.b"}) {
        CHECK(!is_form_key(bad, mine));
    }
}

TEST_CASE("secrets are kept as hashes that do not lead back") {
    test::SeededEntropy entropy;
    const std::string secret = new_secret(entropy);
    CHECK(secret.size() == 43);
    CHECK(hash_of(secret) == hash_of(secret));
    CHECK(hash_of(secret).find(secret) == std::string::npos);
    CHECK(mac_of(secret, "a") != mac_of(secret, "b"));
    CHECK(same_secret("ab", "ab"));
    CHECK(!same_secret("ab", "ac"));
    CHECK(!same_secret("ab", "abc"));
}

TEST_CASE("a browser is named by two words") {
    CHECK(browser_words("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0") ==
          "Firefox on Linux");
    CHECK(browser_words("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like "
                        "Gecko) Chrome/120.0 Safari/537.36 Edg/120.0") == "Edge on Windows");
    CHECK(browser_words("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1 "
                        "Version/17.0 Mobile/15E148 Safari/604.1") == "Safari on iPhone");
    CHECK(browser_words("") == "a browser");
}

TEST_CASE("only paths of this server are followed") {
    for (const char* const good : {"/", "/c/lab", "/c/lab?x=1#y"}) {
        CHECK(is_local_path(good));
    }
    for (const char* const bad : {"", "c/lab", "//host", "/\\host", "https://host", "/a b", "/a\nb",
                                  "/\thost", "javascript:alert(1)"}) {
        CAPTURE(bad);
        CHECK(!is_local_path(bad));
    }
}
