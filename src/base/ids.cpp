#include "base/ids.hpp"

#include "base/text.hpp"

#include <array>

namespace allot {

namespace {

constexpr std::size_t uuid_bytes = 16;
constexpr std::string_view hex_digits = "0123456789abcdef";

[[nodiscard]] constexpr bool dash_before(std::size_t byte) {
    return byte == 4 || byte == 6 || byte == 8 || byte == 10;
}

} // namespace

std::string new_uuid(Moment now, Entropy& entropy) {
    std::array<std::uint8_t, uuid_bytes> bytes{};
    entropy.fill(bytes);
    const auto day = std::chrono::floor<std::chrono::days>(now);
    const std::chrono::milliseconds since = day.time_since_epoch();
    auto milliseconds = static_cast<std::uint64_t>(since.count());
    for (std::size_t k = 6; k-- > 0; milliseconds >>= 8U) {
        bytes[k] = static_cast<std::uint8_t>(milliseconds & 0xffU);
    }
    bytes[6] = static_cast<std::uint8_t>((bytes[6] & 0x0fU) | 0x70U);
    bytes[8] = static_cast<std::uint8_t>((bytes[8] & 0x3fU) | 0x80U);
    std::string text;
    text.reserve(36);
    for (std::size_t k = 0; k < uuid_bytes; ++k) {
        if (dash_before(k)) {
            text += '-';
        }
        text += hex_digits[bytes[k] >> 4U];
        text += hex_digits[bytes[k] & 0x0fU];
    }
    return text;
}

Result<std::string> parse_uuid(std::string_view s) {
    std::string lower = text::lower_ascii(s);
    bool good = lower.size() == 36;
    for (std::size_t k = 0; good && k < lower.size(); ++k) {
        const bool dash = k == 8 || k == 13 || k == 18 || k == 23;
        good = dash ? lower[k] == '-' : hex_digits.find(lower[k]) != std::string_view::npos;
    }
    if (!good) {
        return fail(ErrorKind::invalid, "\"" + text::shown(s) + "\" is no id");
    }
    return lower;
}

} // namespace allot
