/// A content-type in the first line, and any body: what is read is text within its limits, and is
/// read again from the simplest of the three ways in which a form may come.
#include "base/limits.hpp"
#include "platform/http/form.hpp"
#include "platform/http/target.hpp"
#include "platform/utf8.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

using namespace allot;
using namespace allot::http;

namespace {

[[nodiscard]] bool is_text(const std::string& s) {
    return is_utf8(s) && s.find('\0') == std::string::npos;
}

[[nodiscard]] Result<Form> read(std::string type, std::string body) {
    return read_form({.method = Method::post,
                      .headers = {{"content-type", std::move(type)}},
                      .body = std::move(body)});
}

void check_form(const Form& form) {
    ALLOT_CHECK(form.fields.size() <= limits::max_form_fields, "not too many fields");
    ALLOT_CHECK(form.uploads.size() <= limits::max_uploads, "not too many files");
    std::string written;
    for (const auto& [name, value] : form.fields) {
        ALLOT_CHECK(is_text(name) && is_text(value), "a field is text");
        ALLOT_CHECK(name.size() <= limits::max_form_name_bytes, "a name within its limit");
        written += percent_encoded(name) + '=' + percent_encoded(value) + '&';
    }
    for (const Upload& upload : form.uploads) {
        ALLOT_CHECK(is_text(upload.field) && is_text(upload.filename) && is_text(upload.type),
                    "names of a file are text");
        ALLOT_CHECK(upload.filename.find_first_of("/\\") == std::string::npos, "no folders");
    }
    const auto again = read("application/x-www-form-urlencoded", written);
    ALLOT_CHECK(again && again->fields == form.fields, "fields survive writing and reading");
}

} // namespace

// NOLINTNEXTLINE(readability-identifier-naming): the name that libFuzzer calls
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(data, data + size);
    const std::size_t end = std::min(text.find('\n'), text.size());
    const auto form = read(text.substr(0, end), text.substr(std::min(end + 1, text.size())));
    if (form) {
        check_form(*form);
    } else {
        const std::string& why = form.error().message;
        ALLOT_CHECK(is_utf8(why) && why.find_first_of("\r\n") == std::string::npos,
                    "it can be shown");
    }
    return 0;
}
