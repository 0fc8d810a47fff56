#include "collective/gatherings/own_key.hpp"

#include "platform/auth/secrets.hpp"
#include "platform/auth/signed_link.hpp"
#include "platform/pages/site.hpp"

#include <algorithm>

namespace allot::gatherings {

namespace {

using pages::Call;

constexpr std::string_view purpose = "own words";
/// Between the keys of a cookie; base64url has none.
constexpr char between = '~';

} // namespace

bool OwnKeys::open(std::string_view hash, const CollectiveId& collective,
                   const AdditionId& addition) const {
    if (hash.empty()) {
        return false;
    }
    const auto opens = [&](const std::string& secret) {
        return !secret.empty() &&
               auth::same_secret(guest_hash_of(secret, collective, addition), hash);
    };
    return opens(own) || std::ranges::any_of(others, opens);
}

OwnKeys own_keys(const Call& call) {
    std::string_view cookie = call.request.cookie(own_cookie);
    const std::size_t end = std::min(cookie.find(between), cookie.size());
    OwnKeys keys{.own = std::string(cookie.substr(0, end)), .others = {}};
    cookie.remove_prefix(std::min(end + 1, cookie.size()));
    while (!cookie.empty() && keys.others.size() < most_other_keys) {
        const std::size_t next = std::min(cookie.find(between), cookie.size());
        keys.others.emplace_back(cookie.substr(0, next));
        cookie.remove_prefix(std::min(next + 1, cookie.size()));
    }
    return keys;
}

std::string key_to_write(const Call& call) {
    if (const OwnKeys keys = own_keys(call); !keys.own.empty()) {
        return keys.own;
    }
    const std::string_view browser = call.request.cookie(pages::browser_cookie);
    if (browser.empty()) {
        return auth::new_secret(call.house.entropy);
    }
    return auth::mac_of(call.house.signing_key, "own key of " + std::string(browser));
}

std::string cookie_of_keys(const OwnKeys& keys) {
    std::string text = keys.own;
    for (const std::string& other : keys.others) {
        text += between + other;
    }
    return pages::cookie_of(own_cookie, text, own_key_lasts);
}

void keep_key(const Call& call, const std::string& own, pages::Done& done) {
    OwnKeys keys = own_keys(call);
    keys.own = own;
    done.cookies.push_back(cookie_of_keys(keys));
}

std::string own_link(const Call& call, std::string_view own) {
    return "/own/" + auth::signed_text(call.house.signing_key, purpose, own);
}

std::optional<std::string> key_of_link(const Call& call) {
    return auth::payload_of(call.house.signing_key, purpose, call.part("signed"));
}

std::string who_plans(const Call& call, const GatheringKey& key) {
    if (call.viewer.member) {
        return call.viewer.member->person.text();
    }
    const std::string own = own_keys(call).own;
    return own.empty() ? std::string() : guest_hash_of(own, key);
}

} // namespace allot::gatherings
