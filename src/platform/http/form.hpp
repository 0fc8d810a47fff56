/// What a form sent, whichever of three ways it came: from a page, from a page with files, or as
/// JSON from a program. Rooms read the same fields.
#pragma once

#include "base/result.hpp"
#include "platform/http/message.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace allot::http {

struct Upload {
    std::string field;
    std::string filename; ///< without folders; may be ""
    std::string type;     ///< what the client says it is, lower case; "" where it says nothing
    std::string bytes;
};

/// Everything in it but the bytes of files is valid UTF-8 without NUL.
struct Form {
    std::vector<Field> fields; ///< in the order they came; names may repeat
    std::vector<Upload> uploads;

    /// The first field of that name.
    [[nodiscard]] std::optional<std::string_view> value(std::string_view name) const;
    /// All fields of that name, as check boxes send them.
    [[nodiscard]] std::vector<std::string_view> values(std::string_view name) const;
    [[nodiscard]] const Upload* upload(std::string_view field) const; ///< null: none
};

/// Reads the body of `request` by its content-type:
/// - application/x-www-form-urlencoded (URL Standard, section 5);
/// - multipart/form-data (RFC 7578): strict, nothing before the first boundary, no nesting, no
///   transfer encodings, no folded headers. A file input that was left empty is left out;
/// - application/json: one flat object of strings, numbers, true and false (kept as they were
///   written) and arrays of strings, which are several fields of one name. Duplicates, null and
///   nesting are refused by name.
/// A request without content-type and body is an empty form. Errors: another type or charset, what
/// is not well formed, and what is over a limit; the message says what was found and where.
[[nodiscard]] Result<Form> read_form(const HttpRequest& request);

} // namespace allot::http
