/// The target of a request: a path and a query, decoded once and never again.
#pragma once

#include "base/result.hpp"
#include "platform/http/message.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace allot::http {

struct Target {
    std::vector<std::string> parts; ///< as in HttpRequest
    std::vector<Field> query;       ///< as in HttpRequest
};

/// Reads a target in origin form (RFC 9112, section 3.2.1): "/c/lab?q=bees". Browsers leave some
/// characters unencoded that RFC 3986 would not, such as "|": they are taken. Errors: another form;
/// parts that are "." or "..", are empty before the last, or hold "/", "\" or control characters
/// after decoding; anything that is no UTF-8; a "%" that encodes nothing.
[[nodiscard]] Result<Target> read_target(std::string_view target);

/// Reads "a=1&b=x+y", the form that queries and simple forms have (URL Standard, section 5.1);
/// "a" alone is a field without value, "" holds no field. Errors: a "%" that encodes nothing; names
/// or values that are no UTF-8 or hold NUL; more than `limits::max_form_fields`.
[[nodiscard]] Result<std::vector<Field>> read_urlencoded(std::string_view s);

/// Every byte but letters, digits and "-._~" as "%XX".
[[nodiscard]] std::string percent_encoded(std::string_view s);

} // namespace allot::http
