/// The parts of multipart/form-data (RFC 7578). Of GMime, which reads mail, it would need to be
/// taken away what a form must not have: folding, comments, nesting, transfer encodings, lenient
/// boundaries.
#pragma once

#include "base/result.hpp"
#include "platform/http/form.hpp"

#include <string_view>

namespace allot::http {

/// Reads a whole body. Errors: see `read_form`.
[[nodiscard]] Result<Form> read_multipart(std::string_view body, std::string_view boundary);

} // namespace allot::http
