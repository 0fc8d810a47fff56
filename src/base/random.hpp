/// Randomness that anybody can recompute: everything starts from a seed that is passed in.
#pragma once

#include <cstdint>
#include <string_view>

namespace allot {

/// Mixes 64 bits so that each input bit reaches each output bit (SplitMix64: Steele, Lea, Flood
/// 2014).
[[nodiscard]] constexpr std::uint64_t mix64(std::uint64_t x) {
    x += 0x9e3779b97f4a7c15U;
    x = (x ^ (x >> 30U)) * 0xbf58476d1ce4e5b9U;
    x = (x ^ (x >> 27U)) * 0x94d049bb133111ebU;
    return x ^ (x >> 31U);
}

/// Hash of an id under a seed (FNV-1a, then `mix64`). Orders ids in a way that nobody chose;
/// it is no protection against somebody who picks an id after the seed is known.
[[nodiscard]] constexpr std::uint64_t seeded_hash(std::uint64_t seed, std::string_view id) {
    std::uint64_t h = 0xcbf29ce484222325U ^ mix64(seed);
    for (const char c : id) {
        h = (h ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
    }
    return mix64(h);
}

/// SplitMix64 as a generator. The same seed gives the same numbers on every machine.
class Random {
  public:
    explicit constexpr Random(std::uint64_t seed) : state_(seed) {}

    [[nodiscard]] constexpr std::uint64_t next() {
        const std::uint64_t value = mix64(state_);
        state_ += 0x9e3779b97f4a7c15U;
        return value;
    }

    /// Uniform in [0, bound), bound >= 1, without bias (rejection).
    [[nodiscard]] constexpr std::uint64_t below(std::uint64_t bound) {
        const std::uint64_t unbiased = (~std::uint64_t{0} / bound) * bound;
        std::uint64_t value = next();
        while (value >= unbiased) {
            value = next();
        }
        return value % bound;
    }

    /// Uniform in [0, 1), 53 bits.
    [[nodiscard]] constexpr double unit() { return static_cast<double>(next() >> 11U) * 0x1.0p-53; }

  private:
    std::uint64_t state_;
};

} // namespace allot
