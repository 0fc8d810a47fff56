#include "platform/http/target.hpp"

#include "base/limits.hpp"
#include "platform/utf8.hpp"

#include <algorithm>

#include <boost/url/encode.hpp>
#include <boost/url/pct_string_view.hpp>
#include <boost/url/rfc/unreserved_chars.hpp>
#include <fmt/format.h>

namespace allot::http {

namespace {

namespace urls = boost::urls;

[[nodiscard]] std::unexpected<Error> refuse(std::string message) {
    return fail(ErrorKind::invalid, std::move(message));
}

[[nodiscard]] Result<std::string> decoded(std::string_view s, bool plus_is_space) {
    const auto view = urls::make_pct_string_view({s.data(), s.size()});
    if (!view) {
        return refuse(fmt::format("\"{}\" has a % that encodes nothing", shown_utf8(s)));
    }
    std::string plain;
    view->decode(urls::encoding_opts(plus_is_space), urls::string_token::assign_to(plain));
    if (!is_utf8(plain)) {
        return refuse(fmt::format("\"{}\" is no UTF-8", shown_utf8(s)));
    }
    return plain;
}

[[nodiscard]] Result<std::string> read_part(std::string_view s, bool last) {
    TRY(std::string part, decoded(s, false));
    // "." and "..", and what lies between two "/".
    const bool only_dots = part.size() <= 2 && part.find_first_not_of('.') == std::string::npos;
    if (only_dots && !(part.empty() && last)) {
        return refuse(fmt::format("a path has no part \"{}\" here", part));
    }
    if (part.find_first_of("/\\") != std::string::npos || has_control(part)) {
        return refuse(fmt::format("\"{}\" holds what no part of a path holds", shown_utf8(s)));
    }
    return part;
}

[[nodiscard]] Result<std::string> read_piece(std::string_view s) {
    TRY(std::string piece, decoded(s, true));
    if (piece.find('\0') != std::string::npos) {
        return refuse(fmt::format("\"{}\" holds a NUL", shown_utf8(s)));
    }
    return piece;
}

[[nodiscard]] bool is_visible(char c) {
    return c > ' ' && c != '\x7f';
}

} // namespace

Result<Target> read_target(std::string_view target) {
    if (!target.starts_with('/')) {
        return refuse("the target of a request begins with \"/\"");
    }
    // Bytes beyond ASCII are negative or at least 0x80: neither is visible.
    if (!std::ranges::all_of(target, [](char c) {
            return static_cast<unsigned char>(c) < 0x80 && is_visible(c) && c != '#';
        })) {
        return refuse("the target of a request holds a character that must be encoded");
    }
    const std::size_t question = std::min(target.find('?'), target.size());
    std::string_view path = target.substr(1, question - 1);
    Target result;
    for (bool last = false; !last;) {
        const std::size_t end = path.find('/');
        last = end == std::string_view::npos;
        TRY(std::string part, read_part(path.substr(0, end), last));
        result.parts.push_back(std::move(part));
        path.remove_prefix(last ? path.size() : end + 1);
    }
    if (question < target.size()) {
        TRY(result.query, read_urlencoded(target.substr(question + 1)));
    }
    return result;
}

Result<std::vector<Field>> read_urlencoded(std::string_view s) {
    std::vector<Field> fields;
    while (!s.empty()) {
        const std::size_t end = std::min(s.find('&'), s.size());
        const std::string_view pair = s.substr(0, end);
        s.remove_prefix(std::min(end + 1, s.size()));
        if (pair.empty()) {
            continue;
        }
        if (fields.size() == limits::max_form_fields) {
            return refuse(fmt::format("more than {} fields", limits::max_form_fields));
        }
        const std::size_t equals = std::min(pair.find('='), pair.size());
        TRY(std::string name, read_piece(pair.substr(0, equals)));
        TRY(std::string value, read_piece(pair.substr(std::min(equals + 1, pair.size()))));
        fields.emplace_back(std::move(name), std::move(value));
    }
    return fields;
}

std::string percent_encoded(std::string_view s) {
    return urls::encode({s.data(), s.size()}, urls::unreserved_chars);
}

} // namespace allot::http
