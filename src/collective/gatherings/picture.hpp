/// Pictures that people hand in: what kind one is, how large, and the same picture without anything
/// that says where, when, with what or by whom it was made.
///
/// Nothing is decoded here. Decoders of three formats would bring the largest surface for hostile
/// bytes into the server, and decoded pictures its largest use of memory. Instead what a picture is
/// made of is copied piece by piece, by a list of what may stay; all else stays behind.
#pragma once

#include "base/result.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace allot::gatherings {

enum class PictureKind : std::uint8_t { png, jpeg, webp };
inline constexpr std::array<std::string_view, 3> picture_kind_names = {"png", "jpeg", "webp"};

inline constexpr std::size_t largest_picture = 2'000'000; ///< bytes as they come
/// What a browser has to make room for when it shows one.
inline constexpr std::int64_t longest_side = 10'000;
inline constexpr std::int64_t most_dots = 40'000'000;

struct Picture {
    PictureKind kind = PictureKind::png;
    std::int64_t width = 0; ///< as it is shown: turned, where it says so
    std::int64_t height = 0;
    std::string bytes;

    friend bool operator==(const Picture&, const Picture&) = default;
};

/// Reads PNG (only the first picture of one that moves), JPEG (baseline or progressive) or WebP.
/// What stays is what shows the picture; of a photo also which way is up. What was read is read
/// again as the same. Errors (`invalid`), each a key of the catalogue: too many bytes, none of the
/// three kinds, not whole, one that moves, too many dots. O(bytes).
[[nodiscard]] Result<Picture> read_picture(std::string_view bytes);

[[nodiscard]] std::string_view name_of(PictureKind kind);
[[nodiscard]] bool is_picture_kind(std::string_view name);
[[nodiscard]] PictureKind picture_kind_named(std::string_view name);
/// "image/png".
[[nodiscard]] std::string type_of(PictureKind kind);

} // namespace allot::gatherings
