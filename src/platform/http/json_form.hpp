/// A form as one flat JSON object.
#pragma once

#include "base/result.hpp"
#include "platform/http/form.hpp"

#include <string_view>

namespace allot::http {

/// Reads a whole body. Errors: see `read_form`.
[[nodiscard]] Result<Form> read_json_form(std::string_view body);

} // namespace allot::http
