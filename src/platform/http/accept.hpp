/// What a client would rather have (RFC 9110, section 12.5). Pure functions over header values;
/// what cannot be read is left out, as if it had not been said.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace allot::http {

enum class MediaType : std::uint8_t { html, json };

/// By `accept`: the one of higher weight, then the one that was named more exactly, then HTML.
/// Where neither is accepted, HTML: a page says more than 406.
[[nodiscard]] MediaType choose_media_type(std::string_view accept);

enum class Coding : std::uint8_t { identity, gzip, brotli };

/// By `accept_encoding`, among those that there are: brotli before gzip before identity, unless the
/// client weighs them otherwise.
[[nodiscard]] Coding choose_coding(std::string_view accept_encoding, bool has_gzip,
                                   bool has_brotli);

/// Tags of languages by `accept_language`, dearest first, those of one weight as they came; "*" and
/// those of weight 0 are left out, and the rest after 20.
[[nodiscard]] std::vector<std::string> accepted_languages(std::string_view accept_language);

} // namespace allot::http
