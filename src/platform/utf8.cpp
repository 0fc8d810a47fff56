#include "platform/utf8.hpp"

#include "base/text.hpp"

#include <algorithm>

namespace allot {

namespace {

[[nodiscard]] unsigned byte_at(std::string_view s, std::size_t k) {
    return k < s.size() ? static_cast<unsigned char>(s[k]) : 0U;
}

/// The second byte alone decides about overlong forms, surrogates and what is beyond U+10FFFF.
[[nodiscard]] bool may_follow(unsigned first, unsigned second) {
    const unsigned low = first == 0xe0U ? 0xa0U : first == 0xf0U ? 0x90U : 0x80U;
    const unsigned high = first == 0xedU ? 0x9fU : first == 0xf4U ? 0x8fU : 0xbfU;
    return second >= low && second <= high;
}

} // namespace

std::size_t utf8_character(std::string_view s) {
    const unsigned first = byte_at(s, 0);
    if (first < 0x80U) {
        return s.empty() ? 0 : 1;
    }
    const std::size_t size = first >= 0xc2U && first <= 0xdfU   ? 2
                             : first >= 0xe0U && first <= 0xefU ? 3
                             : first >= 0xf0U && first <= 0xf4U ? 4
                                                                : 0;
    if (size == 0 || !may_follow(first, byte_at(s, 1))) {
        return 0;
    }
    for (std::size_t k = 2; k < size; ++k) {
        if ((byte_at(s, k) & 0xc0U) != 0x80U) {
            return 0;
        }
    }
    return size;
}

bool is_utf8(std::string_view s) {
    while (!s.empty()) {
        const std::size_t size = utf8_character(s);
        if (size == 0) {
            return false;
        }
        s.remove_prefix(size);
    }
    return true;
}

bool has_control(std::string_view s) {
    for (std::size_t k = 0; k < s.size(); ++k) {
        const unsigned byte = byte_at(s, k);
        const bool c1 = byte == 0xc2U && k + 1 < s.size() && byte_at(s, k + 1) < 0xa0U;
        if (byte < 0x20U || byte == 0x7fU || c1) {
            return true;
        }
    }
    return false;
}

std::string as_utf8(std::string_view s) {
    std::string result;
    result.reserve(s.size());
    while (!s.empty()) {
        const std::size_t size = utf8_character(s);
        result += size == 0 ? std::string_view("\xEF\xBF\xBD") : s.substr(0, size);
        s.remove_prefix(std::max<std::size_t>(size, 1));
    }
    return result;
}

std::string shown_utf8(std::string_view s) {
    return as_utf8(text::shown(s));
}

} // namespace allot
