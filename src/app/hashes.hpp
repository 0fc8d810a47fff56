/// Fingerprints of inputs.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace allot::app {

/// SHA-256 (FIPS 180-4) as 64 lower-case hexadecimal digits. O(bytes).
[[nodiscard]] std::string sha256_hex(std::string_view bytes);

/// The same of bytes that come part by part.
class Sha256 {
  public:
    Sha256();
    void add(std::string_view bytes);
    /// Of all that was added; to be asked once, at the end.
    [[nodiscard]] std::string hex();

  private:
    /// The state of libsodium, whose header stays in the source.
    alignas(std::max_align_t) std::array<unsigned char, 128> state_{};
};

} // namespace allot::app
