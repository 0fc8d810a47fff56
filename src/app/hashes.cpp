#include "app/hashes.hpp"

#include <cstring>
#include <new>

#include <sodium/crypto_hash_sha256.h>
#include <sodium/utils.h>

namespace allot::app {

namespace {

using State = crypto_hash_sha256_state;

[[nodiscard]] State* state_in(void* bytes) {
    return std::launder(static_cast<State*>(bytes));
}

} // namespace

std::string sha256_hex(std::string_view bytes) {
    Sha256 hash;
    hash.add(bytes);
    return hash.hex();
}

Sha256::Sha256() {
    static_assert(sizeof(State) <= sizeof(state_) && alignof(State) <= alignof(std::max_align_t));
    auto* const state = new (state_.data()) State;
    crypto_hash_sha256_init(state);
}

void Sha256::add(std::string_view bytes) {
    const void* const begin = bytes.data();
    crypto_hash_sha256_update(state_in(state_.data()), static_cast<const unsigned char*>(begin),
                              bytes.size());
}

std::string Sha256::hex() {
    std::array<unsigned char, crypto_hash_sha256_BYTES> hash{};
    crypto_hash_sha256_final(state_in(state_.data()), hash.data());
    std::array<char, 2 * crypto_hash_sha256_BYTES + 1> hex{};
    sodium_bin2hex(hex.data(), hex.size(), hash.data(), hash.size());
    return {hex.data(), hex.size() - 1};
}

} // namespace allot::app
