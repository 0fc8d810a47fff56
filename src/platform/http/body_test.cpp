#include "platform/http/body.hpp"

#include <array>
#include <brotli/decode.h>
#include <string>
#include <zlib.h>

#include <doctest/doctest.h>

using namespace allot::http;

namespace {

[[nodiscard]] std::string gunzipped(std::string coded, std::size_t size) {
    std::string plain(size + 1, '\0');
    z_stream stream{};
    REQUIRE(inflateInit2(&stream, 15 + 16) == Z_OK);
    stream.next_in = reinterpret_cast<Bytef*>(coded.data());
    stream.avail_in = static_cast<uInt>(coded.size());
    stream.next_out = reinterpret_cast<Bytef*>(plain.data());
    stream.avail_out = static_cast<uInt>(plain.size());
    CHECK(inflate(&stream, Z_FINISH) == Z_STREAM_END);
    plain.resize(stream.total_out);
    inflateEnd(&stream);
    return plain;
}

[[nodiscard]] std::string unbrotlied(const std::string& coded, std::size_t size) {
    std::string plain(size + 1, '\0');
    std::size_t written = plain.size();
    CHECK(BrotliDecoderDecompress(coded.size(), reinterpret_cast<const std::uint8_t*>(coded.data()),
                                  &written, reinterpret_cast<std::uint8_t*>(plain.data())) ==
          BROTLI_DECODER_RESULT_SUCCESS);
    plain.resize(written);
    return plain;
}

} // namespace

TEST_CASE("a body that was made ahead can be read in each coding") {
    std::string text;
    for (int k = 0; k < 500; ++k) {
        text += "bees and " + std::to_string(k) + '\n';
    }
    const auto body = make_body(text);
    CHECK(body->plain == text);
    CHECK(body->gzip.size() < text.size());
    CHECK(body->brotli.size() < body->gzip.size());
    CHECK(gunzipped(body->gzip, text.size()) == text);
    CHECK(unbrotlied(body->brotli, text.size()) == text);
    CHECK(gunzipped(gzip_quickly(text), text.size()) == text);
    CHECK(body->etag == etag_of(text));
}

TEST_CASE("what does not get smaller is not compressed") {
    CHECK(make_body("ab")->gzip.empty());
    CHECK(make_body("ab")->brotli.empty());
    CHECK(make_body("")->plain.empty());
}

TEST_CASE("an etag is quoted, short and that of the content") {
    const std::string etag = etag_of("a");
    CHECK(etag.size() == 26);
    CHECK(etag.front() == '"');
    CHECK(etag.back() == '"');
    CHECK(etag.find('"', 1) == 25);
    CHECK(etag != etag_of("b"));
    CHECK(etag == etag_of("a"));
}
