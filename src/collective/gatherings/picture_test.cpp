#include "collective/gatherings/picture.hpp"
#include "collective/gatherings/picture_bytes.hpp"

#include <array>
#include <random>

#include <doctest/doctest.h>

using namespace allot;
using namespace allot::gatherings;

namespace {

/// Bit by bit, as annex D of the specification of PNG says it: not how the reader does it.
std::uint64_t slow_crc(std::string_view bytes) {
    std::uint64_t crc = 0xffffffffU;
    for (const char c : bytes) {
        crc ^= static_cast<unsigned char>(c);
        for (int bit = 0; bit < 8; ++bit) {
            crc = (crc & 1U) != 0 ? (crc >> 1U) ^ 0xedb88320U : crc >> 1U;
        }
    }
    return crc ^ 0xffffffffU;
}

std::string chunk(std::string_view name, std::string_view content) {
    const std::string named = std::string(name) + std::string(content);
    return big_endian_text(content.size(), 4) + named + big_endian_text(slow_crc(named), 4);
}

std::string png_head(std::uint64_t width, std::uint64_t height) {
    return chunk("IHDR", big_endian_text(width, 4) + big_endian_text(height, 4) +
                             std::string("\x08\x02\0\0\0", 5));
}

std::string png(std::string_view between = "", std::string_view after = "", std::uint64_t width = 3,
                std::uint64_t height = 2) {
    return std::string(png_signature) + png_head(width, height) + std::string(between) +
           chunk("IDAT", "dots") + chunk("IEND", "") + std::string(after);
}

std::string segment(unsigned char marker, std::string_view content) {
    return std::string("\xff") + static_cast<char>(marker) +
           big_endian_text(content.size() + 2, 2) + std::string(content);
}

std::string frame(std::uint64_t width, std::uint64_t height) {
    return segment(0xc0, "\x08" + big_endian_text(height, 2) + big_endian_text(width, 2) +
                             std::string("\x01\x01\x11\0", 4));
}

/// A JPEG of 30 by 20 with a scan in which there is a stuffed byte and a restart.
std::string jpeg(std::string_view before = "", std::string_view after = "") {
    return std::string(jpeg_signature) + std::string(before) + frame(30, 20) +
           segment(0xda, "head") + std::string("ab\xff\0cd\xff\xd0gh", 10) + "\xff\xd9" +
           std::string(after);
}

/// Exif as a telephone writes it: which way is up, and where.
std::string exif(bool is_big, std::uint64_t orientation) {
    const auto number = is_big ? big_endian_text : little_endian_text;
    std::string tiff = is_big ? "MM" : "II";
    tiff += number(42, 2) + number(8, 4) + number(2, 2);
    tiff += number(0x0112, 2) + number(3, 2) + number(1, 4) + number(orientation, 2) + number(0, 2);
    tiff += number(0x8825, 2) + number(4, 2) + number(1, 4) + number(38, 4);
    tiff += number(0, 4) + "GPS 51.5 -0.1";
    return segment(0xe1, std::string("Exif\0\0", 6) + tiff);
}

std::string webp_chunk(std::string_view name, std::string_view content) {
    std::string text = std::string(name) + little_endian_text(content.size(), 4);
    text += content;
    return content.size() % 2 == 0 ? text : text + '\0';
}

std::string webp(std::string_view chunks) {
    return "RIFF" + little_endian_text(chunks.size() + 4, 4) + "WEBP" + std::string(chunks);
}

std::string lossy(std::uint64_t width, std::uint64_t height) {
    return webp_chunk("VP8 ", std::string("\0\0\0\x9d\x01\x2a", 6) + little_endian_text(width, 2) +
                                  little_endian_text(height, 2) + "dots");
}

std::string lossless(std::uint64_t width, std::uint64_t height) {
    return webp_chunk("VP8L",
                      "\x2f" + little_endian_text((width - 1) | ((height - 1) << 14U), 4) + "d");
}

std::string refused(std::string_view bytes) {
    const auto picture = read_picture(bytes);
    return picture ? "read" : picture.error().message;
}

Picture read(std::string_view bytes) {
    const auto picture = read_picture(bytes);
    REQUIRE_MESSAGE(picture.has_value(), refused(bytes));
    return *picture;
}

} // namespace

TEST_CASE("words, places and times of a PNG stay behind, and so does what follows it") {
    const std::string plain = png();
    const std::string words = chunk("tEXt", "Author\0Ada") + chunk("eXIf", "MM GPS") +
                              chunk("tIME", "1234567") + chunk("iCCP", "her screen") +
                              chunk("acTL", "00000000") + chunk("prVt", "anything");
    const Picture picture = read(png(words, "a film"));
    CHECK(picture.bytes == plain);
    CHECK(picture.kind == PictureKind::png);
    CHECK(picture.width == 3);
    CHECK(picture.height == 2);
}

TEST_CASE("colours of a PNG stay") {
    const std::string colours = chunk("gAMA", "1234") + chunk("sRGB", "1") + chunk("tRNS", "12");
    CHECK(read(png(colours)).bytes == png(colours));
}

TEST_CASE("where and when a photo was taken stays behind; which way is up stays") {
    const std::string jfif =
        segment(0xe0, std::string("JFIF\0\x01\x02\0\0\x48\0\x48\x01\x01rgb", 17));
    const std::string others = segment(0xe1, "http://ns.adobe.com/xap/1.0/ Ada") +
                               segment(0xe2, "ICC_PROFILE her screen") +
                               segment(0xed, "Photoshop") + segment(0xfe, "a comment");
    for (const bool is_big : {false, true}) {
        CAPTURE(is_big);
        const Picture turned = read(jpeg(jfif + exif(is_big, 6) + others, "\xff\xd8 a film"));
        CHECK(turned.width == 20);
        CHECK(turned.height == 30);
        for (const std::string_view gone :
             {"GPS", "Ada", "ICC", "Photoshop", "comment", "film", "rgb"}) {
            CAPTURE(gone);
            CHECK(turned.bytes.find(gone) == std::string::npos);
        }
        CHECK(turned.bytes.find("Exif") != std::string::npos);
        CHECK(read(turned.bytes) == turned);
        const Picture upright = read(jpeg(jfif + exif(is_big, 1) + others));
        CHECK(upright.width == 30);
        CHECK(upright.bytes.find("Exif") == std::string::npos);
    }
    CHECK(read(jpeg()).bytes == jpeg());
}

TEST_CASE("a WebP keeps its dots and what is transparent") {
    const std::string alpha = webp_chunk("ALPH", "clear") + lossy(5, 4);
    const std::string head = webp_chunk(
        "VP8X", std::string("\x2c\0\0\0", 4) + little_endian_text(4, 3) + little_endian_text(3, 3));
    const std::string words = webp_chunk("EXIF", "GPS") + webp_chunk("XMP ", "Ada");
    const Picture picture = read(webp(head + webp_chunk("ICCP", "screen") + alpha + words));
    CHECK(picture.width == 5);
    CHECK(picture.height == 4);
    CHECK(picture.bytes.find("GPS") == std::string::npos);
    CHECK(picture.bytes.find("clear") != std::string::npos);
    CHECK(read(picture.bytes) == picture);
    CHECK(read(webp(lossless(7, 9) + words)).bytes == webp(lossless(7, 9)));
    CHECK(read(webp(lossless(7, 9))).height == 9);
    CHECK(refused(webp(head + webp_chunk("ANIM", "loop") + lossy(5, 4))) == "thread.picture_moves");
}

TEST_CASE("what is no picture, too large or cut off is refused in words") {
    CHECK(refused("") == "thread.picture_kind");
    CHECK(refused("<svg onload=alert(1)>") == "thread.picture_kind");
    CHECK(refused("GIF89a") == "thread.picture_kind");
    CHECK(refused(std::string(largest_picture + 1, 'x')) == "thread.picture_heavy");
    CHECK(refused(png("", "", 10'001, 1)) == "thread.picture_size");
    CHECK(refused(png("", "", 9'000, 9'000)) == "thread.picture_size");
    CHECK(refused(png("", "", 0, 1)) == "thread.picture_broken");
    CHECK(refused(png(chunk("HIde", "x"))) == "thread.picture_broken");
    CHECK(refused(png(png_head(3, 2))) == "thread.picture_broken");
    std::string wrong_sum = png();
    wrong_sum[wrong_sum.size() - 20] ^= 1;
    CHECK(refused(wrong_sum) == "thread.picture_broken");
    for (const std::string& whole : {png(), jpeg(exif(true, 6)), webp(lossy(5, 4))}) {
        for (std::size_t size = 12; size < whole.size(); ++size) {
            CAPTURE(size);
            CHECK(refused(std::string_view(whole).substr(0, size)) != "read");
        }
    }
}

TEST_CASE("whatever is read is read again as the same, however it was damaged") {
    std::mt19937 draw(17);
    const std::array<std::string, 3> wholes = {png(chunk("tEXt", "Ada")), jpeg(exif(false, 5)),
                                               webp(webp_chunk("ALPH", "clear") + lossy(5, 4))};
    int good = 0;
    for (int k = 0; k < 30'000; ++k) {
        std::string bytes = wholes[static_cast<std::size_t>(k) % wholes.size()];
        for (unsigned changes = draw() % 4; changes > 0; --changes) {
            bytes[draw() % bytes.size()] = static_cast<char>(draw());
        }
        if (const auto picture = read_picture(bytes)) {
            ++good;
            CHECK(read_picture(picture->bytes) == picture);
        }
    }
    CHECK(good > 5'000);
}
