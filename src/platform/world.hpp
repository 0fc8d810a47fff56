/// The time and chance of this machine. Only the program's commands make them; everybody else is
/// given a `Clock` and an `Entropy`.
#pragma once

#include "base/world.hpp"

namespace allot {

class SystemClock final : public Clock {
  public:
    [[nodiscard]] Moment now() const override;
};

/// From the kernel, through libsodium.
class SystemEntropy final : public Entropy {
  public:
    SystemEntropy();
    void fill(std::span<std::uint8_t> bytes) override;
};

} // namespace allot
