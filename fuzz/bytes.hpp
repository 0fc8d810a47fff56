/// The bytes of one fuzzing input, read as small numbers.
#pragma once

#include <cstdint>
#include <span>

namespace allot::fuzz {

/// Zeros after its end.
class Bytes {
  public:
    explicit Bytes(std::span<const std::uint8_t> bytes) : bytes_(bytes) {}

    std::uint8_t next() {
        if (bytes_.empty()) {
            return 0;
        }
        const std::uint8_t first = bytes_.front();
        bytes_ = bytes_.subspan(1);
        return first;
    }
    bool flag() { return next() % 2 == 1; }
    /// 0 to `most`.
    std::int32_t upto(std::int32_t most) { return next() % (most + 1); }
    /// What has not been read.
    [[nodiscard]] std::span<const std::uint8_t> rest() const { return bytes_; }

  private:
    std::span<const std::uint8_t> bytes_;
};

} // namespace allot::fuzz
