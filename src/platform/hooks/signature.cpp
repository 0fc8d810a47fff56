#include "platform/hooks/signature.hpp"

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include <sodium/crypto_auth_hmacsha256.h>
#include <sodium/utils.h>

namespace allot::hooks {

namespace {

constexpr std::string_view prefix = "whsec_";
constexpr std::size_t key_bytes = 32;

[[nodiscard]] std::span<const std::uint8_t> bytes_of(std::string_view s) {
    const void* const begin = s.data();
    return {static_cast<const std::uint8_t*>(begin), s.size()};
}

[[nodiscard]] std::string base64_of(std::span<const std::uint8_t> bytes) {
    std::string text(sodium_base64_ENCODED_LEN(bytes.size(), sodium_base64_VARIANT_ORIGINAL), '\0');
    sodium_bin2base64(text.data(), text.size(), bytes.data(), bytes.size(),
                      sodium_base64_VARIANT_ORIGINAL);
    text.pop_back(); // the NUL that it writes
    return text;
}

[[nodiscard]] std::vector<std::uint8_t> key_in(std::string_view key) {
    if (key.starts_with(prefix)) {
        const std::string_view encoded = key.substr(prefix.size());
        std::vector<std::uint8_t> bytes(encoded.size() + 1);
        std::size_t size = 0;
        if (sodium_base642bin(bytes.data(), bytes.size(), encoded.data(), encoded.size(), nullptr,
                              &size, nullptr, sodium_base64_VARIANT_ORIGINAL) == 0) {
            bytes.resize(size);
            return bytes;
        }
    }
    const auto raw = bytes_of(key);
    return {raw.begin(), raw.end()};
}

} // namespace

std::string new_signing_key(Entropy& entropy) {
    std::array<std::uint8_t, key_bytes> bytes{};
    entropy.fill(bytes);
    return std::string(prefix) + base64_of(bytes);
}

std::string signature_of(std::string_view key, std::string_view id, std::string_view timestamp,
                         std::string_view body) {
    const auto secret = key_in(key);
    crypto_auth_hmacsha256_state state;
    crypto_auth_hmacsha256_init(&state, secret.data(), secret.size());
    for (const std::string_view part :
         {id, std::string_view("."), timestamp, std::string_view("."), body}) {
        const auto bytes = bytes_of(part);
        crypto_auth_hmacsha256_update(&state, bytes.data(), bytes.size());
    }
    std::array<std::uint8_t, crypto_auth_hmacsha256_BYTES> mac{};
    crypto_auth_hmacsha256_final(&state, mac.data());
    return "v1," + base64_of(mac);
}

std::string base64(std::string_view bytes) {
    return base64_of(bytes_of(bytes));
}

} // namespace allot::hooks
