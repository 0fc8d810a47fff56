/// "multipart/form-data; boundary=x": a value with parameters (RFC 9110, section 5.6.6).
#pragma once

#include "platform/http/message.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace allot::http {

struct HeaderValue {
    std::string value;             ///< lower case
    std::vector<Field> parameters; ///< names in lower case

    /// The parameter of that name, or nothing.
    [[nodiscard]] std::optional<std::string_view> parameter(std::string_view name) const;
};

/// Nothing: it is not well formed, or says a parameter twice. A backslash in quotes escapes a quote
/// and nothing else, as browsers write file names.
[[nodiscard]] std::optional<HeaderValue> read_header_value(std::string_view s);

} // namespace allot::http
