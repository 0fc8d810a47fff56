#include "platform/world.hpp"

#include "base/result.hpp"

#include <sodium/core.h>
#include <sodium/randombytes.h>

namespace allot {

Moment SystemClock::now() const {
    return std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
}

SystemEntropy::SystemEntropy() {
    ALLOT_CHECK(sodium_init() >= 0, "libsodium does not start");
}

void SystemEntropy::fill(std::span<std::uint8_t> bytes) {
    randombytes_buf(bytes.data(), bytes.size());
}

} // namespace allot
