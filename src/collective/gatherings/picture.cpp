#include "collective/gatherings/picture.hpp"

#include "base/names.hpp"
#include "collective/gatherings/picture_bytes.hpp"

#include <algorithm>

namespace allot::gatherings {

std::string big_endian_text(std::uint64_t number, std::size_t bytes) {
    std::string text(bytes, '\0');
    for (std::size_t k = bytes; k > 0; --k) {
        text[k - 1] = static_cast<char>(number & 0xffU);
        number >>= 8U;
    }
    return text;
}

std::string little_endian_text(std::uint64_t number, std::size_t bytes) {
    std::string text = big_endian_text(number, bytes);
    std::ranges::reverse(text);
    return text;
}

Result<void> check_dots(std::uint64_t width, std::uint64_t height) {
    if (width == 0 || height == 0) {
        return broken_picture();
    }
    constexpr auto side = static_cast<std::uint64_t>(longest_side);
    if (width > side || height > side || width * height > std::uint64_t{most_dots}) {
        return fail(ErrorKind::invalid, "thread.picture_size");
    }
    return {};
}

Result<Picture> read_picture(std::string_view bytes) {
    if (bytes.size() > largest_picture) {
        return fail(ErrorKind::invalid, "thread.picture_heavy");
    }
    if (bytes.starts_with(png_signature)) {
        return read_png(bytes);
    }
    if (bytes.starts_with(jpeg_signature)) {
        return read_jpeg(bytes);
    }
    if (bytes.starts_with("RIFF")) {
        return read_webp(bytes);
    }
    return fail(ErrorKind::invalid, "thread.picture_kind");
}

std::string_view name_of(PictureKind kind) {
    return picture_kind_names.at(static_cast<std::size_t>(kind));
}

bool is_picture_kind(std::string_view name) {
    return is_name_in(picture_kind_names, name);
}

PictureKind picture_kind_named(std::string_view name) {
    return named_in<PictureKind>(picture_kind_names, name);
}

std::string type_of(PictureKind kind) {
    return "image/" + std::string(name_of(kind));
}

} // namespace allot::gatherings
