/// Fingerprints of inputs.
#pragma once

#include <string>
#include <string_view>

namespace allot::app {

/// SHA-256 (FIPS 180-4) as 64 lower-case hexadecimal digits. O(bytes).
[[nodiscard]] std::string sha256_hex(std::string_view bytes);

} // namespace allot::app
