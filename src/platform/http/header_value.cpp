#include "platform/http/header_value.hpp"

#include "base/text.hpp"

#include <algorithm>

namespace allot::http {

namespace {

constexpr std::string_view blank = " \t";

void skip_blank(std::string_view& s) {
    s.remove_prefix(std::min(s.find_first_not_of(blank), s.size()));
}

/// The rest of a quoted string whose first quote was read.
[[nodiscard]] std::optional<std::string> take_quoted(std::string_view& s) {
    std::string value;
    while (!s.empty()) {
        const bool escaped = s.starts_with("\\\"");
        s.remove_prefix(escaped ? 1 : 0);
        const char c = s.front();
        s.remove_prefix(1);
        if (c == '"' && !escaped) {
            return value;
        }
        value += c;
    }
    return std::nullopt;
}

[[nodiscard]] std::optional<std::string> take_value(std::string_view& s) {
    if (s.starts_with('"')) {
        s.remove_prefix(1);
        return take_quoted(s);
    }
    const std::size_t end = std::min(s.find_first_of("; \t\""), s.size());
    std::string value(s.substr(0, end));
    s.remove_prefix(end);
    return value.empty() ? std::nullopt : std::optional(std::move(value));
}

} // namespace

std::optional<std::string_view> HeaderValue::parameter(std::string_view name) const {
    const auto found = std::ranges::find(parameters, name, &Field::first);
    return found == parameters.end() ? std::nullopt
                                     : std::optional<std::string_view>(found->second);
}

std::optional<HeaderValue> read_header_value(std::string_view s) {
    const std::size_t end = std::min(s.find(';'), s.size());
    HeaderValue result{.value = text::lower_ascii(text::trim(s.substr(0, end))), .parameters = {}};
    s.remove_prefix(end);
    while (s.starts_with(';')) {
        s.remove_prefix(1);
        skip_blank(s);
        const std::size_t equals = s.find('=');
        if (equals == std::string_view::npos) {
            return std::nullopt;
        }
        std::string name = text::lower_ascii(s.substr(0, equals));
        s.remove_prefix(equals + 1);
        auto value = take_value(s);
        const bool odd = name.empty() || name.find_first_of(" \t;\"") != std::string::npos;
        if (odd || !value || result.parameter(name)) {
            return std::nullopt;
        }
        result.parameters.emplace_back(std::move(name), *std::move(value));
        skip_blank(s);
    }
    return s.empty() && !result.value.empty() ? std::optional(std::move(result)) : std::nullopt;
}

} // namespace allot::http
