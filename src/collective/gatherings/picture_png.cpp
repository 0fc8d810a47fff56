/// PNG (W3C PNG, second edition): a signature, then chunks of length, name, content and checksum.
#include "collective/gatherings/picture_bytes.hpp"

#include <algorithm>
#include <array>

namespace allot::gatherings {

namespace {

/// Of the CRC of PNG, annex D of the specification.
constexpr std::array<std::uint32_t, 256> crc_table = [] {
    std::array<std::uint32_t, 256> table{};
    for (std::uint32_t n = 0; n < table.size(); ++n) {
        std::uint32_t c = n;
        for (int bit = 0; bit < 8; ++bit) {
            c = (c & 1U) != 0 ? 0xedb88320U ^ (c >> 1U) : c >> 1U;
        }
        table.at(n) = c;
    }
    return table;
}();

[[nodiscard]] std::uint32_t crc_of(std::string_view bytes) {
    std::uint32_t crc = 0xffffffffU;
    for (const char c : bytes) {
        crc = crc_table.at((crc ^ static_cast<unsigned char>(c)) & 0xffU) ^ (crc >> 8U);
    }
    return ~crc;
}

/// A chunk that says how the picture looks, and how long it may be: none of these holds words.
struct Kept {
    std::string_view name;
    std::size_t least;
    std::size_t most;
};
constexpr std::size_t any_length = largest_picture;
constexpr std::array<Kept, 9> kept_chunks = {{{"IHDR", 13, 13},
                                              {"PLTE", 3, 768},
                                              {"IDAT", 0, any_length},
                                              {"IEND", 0, 0},
                                              {"tRNS", 1, 256},
                                              {"gAMA", 4, 4},
                                              {"cHRM", 32, 32},
                                              {"sRGB", 1, 1},
                                              {"sBIT", 1, 4}}};

struct Chunk {
    std::string_view name;
    std::string_view content;
    std::string_view whole;
};

[[nodiscard]] Result<Chunk> take_chunk(ByteReader& reader) {
    const std::string_view from = reader.rest();
    const auto length_text = reader.take(4);
    const auto length = length_text ? big_endian(*length_text) : 0;
    const std::string_view named = reader.rest();
    const auto name = reader.take(4);
    const auto content = reader.take(length);
    const auto crc = reader.take(4);
    if (!length_text || !name || !content || !crc ||
        big_endian(*crc) != crc_of(named.substr(0, 4 + length))) {
        return broken_picture();
    }
    return Chunk{*name, *content, from.substr(0, 12 + length)};
}

/// Which depths each kind of colour has: table 11.1.
[[nodiscard]] bool is_colour(unsigned char depth, unsigned char colour) {
    switch (colour) {
    case 0:
        return depth == 1 || depth == 2 || depth == 4 || depth == 8 || depth == 16;
    case 3:
        return depth == 1 || depth == 2 || depth == 4 || depth == 8;
    case 2:
    case 4:
    case 6:
        return depth == 8 || depth == 16;
    default:
        return false;
    }
}

[[nodiscard]] Result<void> read_head(std::string_view content, Picture& picture) {
    const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(content[at]); };
    const std::uint64_t width = big_endian(content.substr(0, 4));
    const std::uint64_t height = big_endian(content.substr(4, 4));
    if (!is_colour(byte(8), byte(9)) || byte(10) != 0 || byte(11) != 0 || byte(12) > 1) {
        return broken_picture();
    }
    TRY_DO(check_dots(width, height));
    picture.width = static_cast<std::int64_t>(width);
    picture.height = static_cast<std::int64_t>(height);
    return {};
}

/// Whoever does not know a chunk whose name begins with a capital cannot show the picture.
[[nodiscard]] bool is_critical(std::string_view name) {
    return name.front() >= 'A' && name.front() <= 'Z';
}

} // namespace

Result<Picture> read_png(std::string_view bytes) {
    ByteReader reader(bytes.substr(png_signature.size()));
    Picture picture{.kind = PictureKind::png, .bytes = std::string(png_signature)};
    bool has_dots = false;
    while (true) {
        TRY(const Chunk chunk, take_chunk(reader));
        const bool is_head = chunk.name == "IHDR";
        if (is_head != (picture.width == 0)) {
            return broken_picture(); // it comes first, and once
        }
        const auto* const kept = std::ranges::find(kept_chunks, chunk.name, &Kept::name);
        if (kept == kept_chunks.end()) {
            if (is_critical(chunk.name)) {
                return broken_picture();
            }
            continue;
        }
        if (chunk.content.size() < kept->least || chunk.content.size() > kept->most) {
            return broken_picture();
        }
        if (is_head) {
            TRY_DO(read_head(chunk.content, picture));
        }
        has_dots = has_dots || chunk.name == "IDAT";
        picture.bytes += chunk.whole;
        if (chunk.name == "IEND") {
            break; // what stands behind it is no part of the picture
        }
    }
    return has_dots ? Result<Picture>(std::move(picture)) : broken_picture();
}

} // namespace allot::gatherings
