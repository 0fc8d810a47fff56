#include "platform/http/message.hpp"

#include "base/text.hpp"
#include "platform/http/target.hpp"

#include <algorithm>

namespace allot::http {

std::string_view HttpRequest::header(std::string_view name) const {
    const auto found = std::ranges::find(headers, name, &Field::first);
    return found == headers.end() ? std::string_view() : found->second;
}

std::optional<std::string_view> HttpRequest::query_value(std::string_view name) const {
    const auto found = std::ranges::find(query, name, &Field::first);
    return found == query.end() ? std::nullopt : std::optional<std::string_view>(found->second);
}

std::string_view HttpRequest::cookie(std::string_view name) const {
    for (const auto& [header_name, value] : headers) {
        if (header_name != "cookie") {
            continue;
        }
        for (std::string_view rest = value; !rest.empty();) {
            const std::size_t end = std::min(rest.find(';'), rest.size());
            const std::string_view pair = text::trim(rest.substr(0, end));
            rest.remove_prefix(std::min(end + 1, rest.size()));
            if (const std::size_t equals = pair.find('=');
                equals != std::string_view::npos && pair.substr(0, equals) == name) {
                return pair.substr(equals + 1);
            }
        }
    }
    return {};
}

std::string HttpRequest::path() const {
    std::string path;
    for (const std::string& part : parts) {
        path += '/';
        path += percent_encoded(part);
    }
    return path;
}

void HttpResponse::set(std::string_view name, std::string value) {
    std::erase_if(headers, [&](const Field& field) { return field.first == name; });
    add(name, std::move(value));
}

void HttpResponse::add(std::string_view name, std::string value) {
    headers.emplace_back(name, std::move(value));
}

} // namespace allot::http
