/// What comes from outside and is passed in, so that a test can decide it: the time and chance.
#pragma once

#include <chrono>
#include <cstdint>
#include <span>

namespace allot {

/// A moment in UTC, to the microsecond: how the store keeps times.
using Moment = std::chrono::sys_time<std::chrono::microseconds>;

/// The time of day. Any thread may ask.
class Clock {
  public:
    Clock() = default;
    Clock(const Clock&) = delete;
    Clock& operator=(const Clock&) = delete;
    virtual ~Clock() = default;
    [[nodiscard]] virtual Moment now() const = 0;
};

/// Bytes that nobody can foresee: ids, keys of sign-in links. Any thread may ask.
class Entropy {
  public:
    Entropy() = default;
    Entropy(const Entropy&) = delete;
    Entropy& operator=(const Entropy&) = delete;
    virtual ~Entropy() = default;
    virtual void fill(std::span<std::uint8_t> bytes) = 0;
};

} // namespace allot
