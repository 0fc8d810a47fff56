/// A clock that stands and chance that can be foreseen, for tests.
#pragma once

#include "base/random.hpp"
#include "base/world.hpp"

#include <algorithm>
#include <mutex>

namespace allot::test {

/// Shows what it was set to. Any thread may look; one sets it.
class SetClock final : public Clock {
  public:
    explicit SetClock(Moment at) : at_(at) {}
    [[nodiscard]] Moment now() const override { return at_; }
    void set(Moment at) { at_ = at; }
    void advance(std::chrono::microseconds by) { at_ += by; }

  private:
    Moment at_;
};

/// The same bytes in each run.
class SeededEntropy final : public Entropy {
  public:
    explicit SeededEntropy(std::uint64_t seed = 7) : random_(seed) {}
    void fill(std::span<std::uint8_t> bytes) override {
        const std::lock_guard lock(mutex_);
        std::ranges::generate(bytes, [&] { return static_cast<std::uint8_t>(random_.below(256)); });
    }

  private:
    std::mutex mutex_;
    Random random_;
};

/// Thursday 14 January 2027, 12:00 UTC.
inline constexpr Moment some_noon =
    std::chrono::sys_days(std::chrono::year(2027) / 1 / 14) + std::chrono::hours(12);

} // namespace allot::test
