#include "platform/http/body.hpp"

#include "base/result.hpp"

#include <array>
#include <brotli/encode.h>
#include <limits>
#include <zlib.h>

#include <sodium/crypto_generichash.h>
#include <sodium/utils.h>

namespace allot::http {

namespace {

constexpr int gzip_window = 15 + 16; // 32 KiB, and the head of gzip instead of zlib's
constexpr int quick_level = 5;
constexpr int small_level = 9;
constexpr int memory_level = 8;

[[nodiscard]] const std::uint8_t* bytes_of(std::string_view text) {
    const void* begin = text.data();
    return static_cast<const std::uint8_t*>(begin);
}

[[nodiscard]] std::uint8_t* bytes_of(std::string& text) {
    void* begin = text.data();
    return static_cast<std::uint8_t*>(begin);
}

[[nodiscard]] std::string gzipped(std::string_view text, int level) {
    ALLOT_CHECK(text.size() <= std::numeric_limits<uInt>::max() / 2, "a body fits into memory");
    z_stream stream{};
    int state =
        deflateInit2(&stream, level, Z_DEFLATED, gzip_window, memory_level, Z_DEFAULT_STRATEGY);
    ALLOT_CHECK(state == Z_OK, "zlib has memory");
    std::string out(deflateBound(&stream, text.size()), '\0');
    stream.next_in = const_cast<Bytef*>(bytes_of(text)); // zlib only reads it
    stream.avail_in = static_cast<uInt>(text.size());
    stream.next_out = bytes_of(out);
    stream.avail_out = static_cast<uInt>(out.size());
    state = deflate(&stream, Z_FINISH);
    ALLOT_CHECK(state == Z_STREAM_END, "what deflateBound allows is enough");
    out.resize(stream.total_out);
    deflateEnd(&stream);
    return out;
}

[[nodiscard]] std::string brotlied(std::string_view text) {
    std::size_t size = BrotliEncoderMaxCompressedSize(text.size());
    std::string out(size, '\0');
    const int done =
        BrotliEncoderCompress(BROTLI_MAX_QUALITY, BROTLI_DEFAULT_WINDOW, BROTLI_MODE_TEXT,
                              text.size(), bytes_of(text), &size, bytes_of(out));
    out.resize(done == BROTLI_TRUE ? size : 0);
    return out;
}

[[nodiscard]] std::string if_smaller(std::string coded, std::string_view text) {
    return coded.size() < text.size() ? std::move(coded) : std::string();
}

} // namespace

std::shared_ptr<const Body> make_body(std::string text) {
    auto body = std::make_shared<Body>();
    body->gzip = if_smaller(gzipped(text, small_level), text);
    body->brotli = if_smaller(brotlied(text), text);
    body->etag = etag_of(text);
    body->plain = std::move(text);
    return body;
}

std::shared_ptr<const Body> make_body_quickly(std::string text) {
    auto body = std::make_shared<Body>();
    body->gzip = if_smaller(gzip_quickly(text), text);
    body->etag = etag_of(text);
    body->plain = std::move(text);
    return body;
}

std::string gzip_quickly(std::string_view text) {
    return gzipped(text, quick_level);
}

std::string etag_of(std::string_view text) {
    constexpr std::size_t hash_bytes = 18; // a whole number of base64's groups: no padding
    std::array<unsigned char, hash_bytes> hash{};
    crypto_generichash(hash.data(), hash.size(), bytes_of(text), text.size(), nullptr, 0);
    std::array<char, hash_bytes / 3 * 4 + 1> coded{};
    sodium_bin2base64(coded.data(), coded.size(), hash.data(), hash.size(),
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    return '"' + std::string(coded.data()) + '"';
}

} // namespace allot::http
