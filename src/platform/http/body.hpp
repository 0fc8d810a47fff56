/// Bodies as they travel: compressed, and named by what they hold.
#pragma once

#include "platform/http/message.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace allot::http {

/// A `Body` of everything that a client may ask for: gzip and brotli as small as they get, where
/// that is smaller than the text at all, and a strong etag. Takes about a second for each megabyte.
[[nodiscard]] std::shared_ptr<const Body> make_body(std::string text);

/// A `Body` of a text that is asked for many times until it changes: gzip, quick rather than small.
[[nodiscard]] std::shared_ptr<const Body> make_body_quickly(std::string text);

/// For texts that are made for one request: quick rather than small.
[[nodiscard]] std::string gzip_quickly(std::string_view text);

/// "\"b3mK...\"": 144 bits of BLAKE2b of `text` in base64url, with the quotes of an etag.
[[nodiscard]] std::string etag_of(std::string_view text);

} // namespace allot::http
