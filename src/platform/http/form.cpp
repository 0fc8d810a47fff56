#include "platform/http/form.hpp"

#include "base/limits.hpp"
#include "base/text.hpp"
#include "platform/http/header_value.hpp"
#include "platform/http/json_form.hpp"
#include "platform/http/multipart.hpp"
#include "platform/http/target.hpp"
#include "platform/utf8.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace allot::http {

namespace {

/// What holds for fields whichever way they came.
[[nodiscard]] Result<Form> checked(Form form) {
    for (const auto& [name, value] : form.fields) {
        if (name.size() > limits::max_form_name_bytes) {
            return fail(ErrorKind::invalid,
                        fmt::format("the name \"{}\" has more than {} bytes", shown_utf8(name),
                                    limits::max_form_name_bytes));
        }
        if (value.size() > limits::max_form_value_bytes) {
            return fail(ErrorKind::invalid,
                        fmt::format("\"{}\" has more than {} bytes", shown_utf8(name),
                                    limits::max_form_value_bytes));
        }
        if (!is_utf8(value) || value.find('\0') != std::string::npos) {
            return fail(ErrorKind::invalid,
                        fmt::format("\"{}\" is no text in UTF-8", shown_utf8(name)));
        }
    }
    return form;
}

[[nodiscard]] Result<Form> read_simple(std::string_view body) {
    TRY(auto fields, read_urlencoded(body));
    return Form{.fields = std::move(fields), .uploads = {}};
}

} // namespace

std::optional<std::string_view> Form::value(std::string_view name) const {
    const auto found = std::ranges::find(fields, name, &Field::first);
    return found == fields.end() ? std::nullopt : std::optional<std::string_view>(found->second);
}

std::vector<std::string_view> Form::values(std::string_view name) const {
    std::vector<std::string_view> all;
    for (const auto& [field, value] : fields) {
        if (field == name) {
            all.emplace_back(value);
        }
    }
    return all;
}

const Upload* Form::upload(std::string_view field) const {
    const auto found = std::ranges::find(uploads, field, &Upload::field);
    return found == uploads.end() ? nullptr : &*found;
}

Result<Form> read_form(const HttpRequest& request) {
    const std::string_view header = request.header("content-type");
    if (header.empty() && request.body.empty()) {
        return Form{};
    }
    const auto type = read_header_value(header);
    const std::string charset =
        text::lower_ascii(type ? type->parameter("charset").value_or("utf-8") : "");
    Result<Form> form =
        fail(ErrorKind::invalid,
             fmt::format("a form is application/x-www-form-urlencoded, multipart/form-data or "
                         "application/json in UTF-8, not \"{}\"",
                         shown_utf8(header)));
    if (!type || (charset != "utf-8" && charset != "utf8")) {
        return form;
    }
    if (type->value == "application/x-www-form-urlencoded") {
        form = read_simple(request.body);
    } else if (type->value == "multipart/form-data") {
        form = read_multipart(request.body, type->parameter("boundary").value_or(""));
    } else if (type->value == "application/json") {
        form = read_json_form(request.body);
    }
    if (!form) {
        return form;
    }
    return checked(*std::move(form));
}

} // namespace allot::http
