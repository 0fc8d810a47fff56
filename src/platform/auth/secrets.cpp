#include "platform/auth/secrets.hpp"

#include <array>
#include <vector>

#include <sodium/crypto_generichash.h>
#include <sodium/utils.h>

namespace allot::auth {

namespace {

constexpr std::size_t secret_bytes = 32;
constexpr std::size_t form_key_bytes = 16;

using Hash = std::array<std::uint8_t, crypto_generichash_BYTES>;

[[nodiscard]] const std::uint8_t* bytes_of(std::string_view s) {
    const void* const begin = s.data();
    return static_cast<const std::uint8_t*>(begin);
}

[[nodiscard]] std::string hashed(std::string_view text, std::span<const std::uint8_t> key) {
    Hash hash{};
    crypto_generichash(hash.data(), hash.size(), bytes_of(text), text.size(), key.data(),
                       key.size());
    return base64url(hash);
}

} // namespace

std::string base64url(std::span<const std::uint8_t> bytes) {
    std::string text(
        sodium_base64_ENCODED_LEN(bytes.size(), sodium_base64_VARIANT_URLSAFE_NO_PADDING), '\0');
    sodium_bin2base64(text.data(), text.size(), bytes.data(), bytes.size(),
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    text.pop_back(); // the NUL that it writes
    return text;
}

std::string base64url_of(std::string_view text) {
    return base64url({bytes_of(text), text.size()});
}

std::optional<std::string> text_of_base64url(std::string_view encoded) {
    if (encoded.empty()) {
        return std::string(); // a pointer to nothing is none that sodium takes
    }
    std::vector<std::uint8_t> bytes(encoded.size());
    std::size_t size = 0;
    // Without a place for the end it refuses what has something behind it.
    if (sodium_base642bin(bytes.data(), bytes.size(), encoded.data(), encoded.size(), nullptr,
                          &size, nullptr, sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0) {
        return std::nullopt;
    }
    return std::string(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size));
}

std::string new_secret(Entropy& entropy) {
    std::array<std::uint8_t, secret_bytes> bytes{};
    entropy.fill(bytes);
    return base64url(bytes);
}

std::string hash_of(std::string_view secret) {
    return hashed(secret, {});
}

std::string mac_of(std::string_view key, std::string_view text) {
    // Keys of any length become one that BLAKE2b takes.
    Hash short_key{};
    crypto_generichash(short_key.data(), short_key.size(), bytes_of(key), key.size(), nullptr, 0);
    return hashed(text, short_key);
}

bool same_secret(std::string_view a, std::string_view b) {
    return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::string new_form_key(std::string_view browser_secret, Entropy& entropy) {
    std::array<std::uint8_t, form_key_bytes> bytes{};
    entropy.fill(bytes);
    const std::string random = base64url(bytes);
    return random + "." + mac_of(browser_secret, random);
}

bool is_form_key(std::string_view form_key, std::string_view browser_secret) {
    const std::size_t dot = form_key.find('.');
    return dot != std::string_view::npos && !browser_secret.empty() &&
           same_secret(form_key.substr(dot + 1), mac_of(browser_secret, form_key.substr(0, dot)));
}

} // namespace allot::auth
