/// Any bytes as a picture: what is read holds no more than the picture, and is read again as the
/// same.
#include "collective/gatherings/picture.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

using namespace allot;
using namespace allot::gatherings;

namespace {

/// What is put in front where pieces are left out: which way is up, what is transparent.
constexpr std::size_t most_added = 64;

void check_picture(const Picture& picture, std::size_t came) {
    ALLOT_CHECK(picture.width > 0 && picture.width <= longest_side, "a width within its limit");
    ALLOT_CHECK(picture.height > 0 && picture.height <= longest_side, "a height within its limit");
    ALLOT_CHECK(picture.width * picture.height <= most_dots, "dots within their limit");
    ALLOT_CHECK(picture.bytes.size() <= came + most_added, "nothing of size is added");
    if (picture.bytes.size() <= largest_picture) {
        ALLOT_CHECK(read_picture(picture.bytes) == picture, "it is read again as the same");
    }
}

} // namespace

// NOLINTNEXTLINE(readability-identifier-naming): the name that libFuzzer calls
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string bytes(data, data + size);
    if (const auto picture = read_picture(bytes)) {
        check_picture(*picture, size);
    } else {
        ALLOT_CHECK(picture.error().message.starts_with("thread.picture_"), "it is told in words");
    }
    return 0;
}
