/// WebP (RFC 9649): chunks in a RIFF file, of which one holds the picture.
#include "collective/gatherings/picture_bytes.hpp"

namespace allot::gatherings {

namespace {

struct Dots {
    std::uint64_t width = 0;
    std::uint64_t height = 0;
};

/// RFC 6386, section 9.1: the head of a picture that needs no other.
[[nodiscard]] std::optional<Dots> dots_of_lossy(std::string_view content) {
    constexpr std::size_t head = 10;
    constexpr std::uint64_t side = 0x3fff;
    const bool fits = content.size() >= head &&
                      (static_cast<unsigned char>(content[0]) & 1U) == 0 &&
                      content.substr(3, 3) == "\x9d\x01\x2a";
    if (!fits) {
        return std::nullopt;
    }
    return Dots{little_endian(content.substr(6, 2)) & side,
                little_endian(content.substr(8, 2)) & side};
}

/// RFC 9649, section 3.4.
[[nodiscard]] std::optional<Dots> dots_of_lossless(std::string_view content) {
    constexpr std::size_t head = 5;
    constexpr std::uint64_t side = 0x3fff;
    if (content.size() < head || content[0] != '\x2f') {
        return std::nullopt;
    }
    const std::uint64_t bits = little_endian(content.substr(1, 4));
    if ((bits >> 29U) != 0) {
        return std::nullopt; // a version that nobody has written down yet
    }
    return Dots{(bits & side) + 1, ((bits >> 14U) & side) + 1};
}

[[nodiscard]] std::string chunk(std::string_view name, std::string_view content) {
    std::string text(name);
    text += little_endian_text(content.size(), 4);
    text += content;
    if (content.size() % 2 != 0) {
        text += '\0';
    }
    return text;
}

struct Parts {
    std::string_view alpha;
    std::string_view dots;
    std::string_view name; ///< of the chunk with the dots
    Dots size;
};

[[nodiscard]] Result<void> keep(std::string_view name, std::string_view content, Parts& parts) {
    if (name == "ANIM" || name == "ANMF") {
        return fail(ErrorKind::invalid, "thread.picture_moves");
    }
    if (name == "ALPH" && parts.dots.empty() && parts.alpha.empty()) {
        parts.alpha = content;
    }
    if ((name != "VP8 " && name != "VP8L") || !parts.dots.empty()) {
        return {};
    }
    const auto size = name == "VP8 " ? dots_of_lossy(content) : dots_of_lossless(content);
    if (!size) {
        return broken_picture();
    }
    TRY_DO(check_dots(size->width, size->height));
    parts.name = name;
    parts.dots = content;
    parts.size = *size;
    return {};
}

/// Says that there is transparency beside a picture that loses some detail.
[[nodiscard]] std::string extended(const Dots& size) {
    constexpr char has_alpha = 0x10;
    std::string content = {has_alpha, 0, 0, 0};
    content += little_endian_text(size.width - 1, 3);
    content += little_endian_text(size.height - 1, 3);
    return chunk("VP8X", content);
}

} // namespace

Result<Picture> read_webp(std::string_view bytes) {
    ByteReader whole(bytes.substr(4));
    const auto length = whole.take(4);
    const auto body = length ? whole.take(little_endian(*length)) : std::nullopt;
    if (!body || !body->starts_with("WEBP")) {
        return fail(ErrorKind::invalid, "thread.picture_kind");
    }
    ByteReader reader(body->substr(4));
    Parts parts;
    while (!reader.rest().empty()) {
        const auto name = reader.take(4);
        const auto size = name ? reader.take(4) : std::nullopt;
        const auto content = size ? reader.take(little_endian(*size)) : std::nullopt;
        if (!content || (content->size() % 2 != 0 && !reader.take(1))) {
            return broken_picture();
        }
        TRY_DO(keep(*name, *content, parts));
    }
    if (parts.dots.empty()) {
        return broken_picture();
    }
    std::string inside = "WEBP";
    if (!parts.alpha.empty() && parts.name == "VP8 ") {
        inside += extended(parts.size) + chunk("ALPH", parts.alpha);
    }
    inside += chunk(parts.name, parts.dots);
    return Picture{.kind = PictureKind::webp,
                   .width = static_cast<std::int64_t>(parts.size.width),
                   .height = static_cast<std::int64_t>(parts.size.height),
                   .bytes = "RIFF" + little_endian_text(inside.size(), 4) + inside};
}

} // namespace allot::gatherings
