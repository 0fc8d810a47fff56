/// Bytes of pictures, read and written without running over an end. For the readers of the three
/// kinds; others use picture.hpp.
#pragma once

#include "collective/gatherings/picture.hpp"

#include <optional>

namespace allot::gatherings {

/// Goes through bytes; what is not there reads as nothing.
class ByteReader {
  public:
    explicit ByteReader(std::string_view bytes) : rest_(bytes) {}

    [[nodiscard]] std::string_view rest() const { return rest_; }
    [[nodiscard]] std::optional<std::string_view> take(std::size_t count) {
        if (count > rest_.size()) {
            return std::nullopt;
        }
        const std::string_view taken = rest_.substr(0, count);
        rest_.remove_prefix(count);
        return taken;
    }

  private:
    std::string_view rest_;
};

/// A whole number of all of `bytes`, at most eight of them.
[[nodiscard]] constexpr std::uint64_t big_endian(std::string_view bytes) {
    std::uint64_t number = 0;
    for (const char c : bytes) {
        number = (number << 8U) | static_cast<unsigned char>(c);
    }
    return number;
}
[[nodiscard]] constexpr std::uint64_t little_endian(std::string_view bytes) {
    std::uint64_t number = 0;
    for (std::size_t k = bytes.size(); k > 0; --k) {
        number = (number << 8U) | static_cast<unsigned char>(bytes[k - 1]);
    }
    return number;
}
[[nodiscard]] std::string big_endian_text(std::uint64_t number, std::size_t bytes);
[[nodiscard]] std::string little_endian_text(std::uint64_t number, std::size_t bytes);

[[nodiscard]] inline std::unexpected<Error> broken_picture() {
    return fail(ErrorKind::invalid, "thread.picture_broken");
}
/// Errors: no dots at all, or too many.
[[nodiscard]] Result<void> check_dots(std::uint64_t width, std::uint64_t height);

// One reader for each kind; the bytes begin as that kind does.
[[nodiscard]] Result<Picture> read_png(std::string_view bytes);
[[nodiscard]] Result<Picture> read_jpeg(std::string_view bytes);
[[nodiscard]] Result<Picture> read_webp(std::string_view bytes);

inline constexpr std::string_view png_signature("\x89PNG\r\n\x1a\n", 8);
inline constexpr std::string_view jpeg_signature("\xff\xd8", 2);

} // namespace allot::gatherings
