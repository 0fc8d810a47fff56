#include "platform/pages/router.hpp"

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

namespace allot::pages {

namespace {

constexpr std::size_t longest_slug = 40;
constexpr std::size_t longest_key = 600;

[[nodiscard]] std::vector<std::string_view> pieces(std::string_view pattern) {
    std::vector<std::string_view> parts;
    while (!pattern.empty()) {
        pattern.remove_prefix(1); // the slash
        const std::size_t end = std::min(pattern.find('/'), pattern.size());
        parts.push_back(pattern.substr(0, end));
        pattern.remove_prefix(end);
    }
    return parts;
}

[[nodiscard]] bool is_key(std::string_view s) {
    const auto fits = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '-' || c == '_';
    };
    return !s.empty() && s.size() <= longest_key && std::ranges::all_of(s, fits);
}

/// "20270114T170000"; whether there is such a day, the room knows.
[[nodiscard]] bool is_when(std::string_view s) {
    constexpr std::string_view form = "00000000T000000";
    return std::ranges::equal(s, form, [](char c, char model) {
        return model == '0' ? c >= '0' && c <= '9' : c == model;
    });
}

/// What stands for {name} in the pattern, if this part may.
[[nodiscard]] std::optional<std::string> typed_part(std::string_view name, std::string_view part) {
    if (name == "collective" || name == "circle" || name == "series" || name == "turn") {
        return is_slug(part) ? std::optional(std::string(part)) : std::nullopt;
    }
    if (name == "key") {
        return is_key(part) ? std::optional(std::string(part)) : std::nullopt;
    }
    if (name == "key_ics") {
        const std::string_view key =
            part.substr(0, part.size() - std::min<std::size_t>(part.size(), 4));
        return part.ends_with(".ics") && is_key(key) ? std::optional(std::string(key))
                                                     : std::nullopt;
    }
    if (name == "when") {
        return is_when(part) ? std::optional(std::string(part)) : std::nullopt;
    }
    if (name == "day") {
        return parse_date(part) ? std::optional(std::string(part)) : std::nullopt;
    }
    if (name == "signed") {
        const std::size_t dot = part.find('.');
        const bool fits = dot != std::string_view::npos && is_key(part.substr(0, dot)) &&
                          is_key(part.substr(dot + 1));
        return fits ? std::optional(std::string(part)) : std::nullopt;
    }
    const auto id = parse_uuid(part);
    return id ? std::optional(*id) : std::nullopt;
}

} // namespace

bool is_slug(std::string_view s) {
    const auto fits = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
    };
    return !s.empty() && s.size() <= longest_slug && std::ranges::all_of(s, fits) &&
           s.front() != '-' && s.back() != '-' && s.find("--") == std::string_view::npos;
}

std::string slug_of(std::string_view name) {
    std::string slug;
    for (const char c : text::lower_ascii(name)) {
        const bool fits = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (fits) {
            slug += c;
        } else if (!slug.empty() && slug.back() != '-') {
            slug += '-';
        }
    }
    slug.resize(std::min(slug.size(), longest_slug));
    while (slug.ends_with('-')) {
        slug.pop_back();
    }
    return slug;
}

Result<Router> Router::of(std::span<const Route> routes) {
    Router router;
    router.routes_ = routes;
    router.nodes_.emplace_back();
    for (const Route& route : routes) {
        if (!route.pattern.starts_with('/')) {
            return fail(ErrorKind::invalid, fmt::format("\"{}\" is no pattern", route.pattern));
        }
        std::size_t at = 0;
        for (const std::string_view piece : pieces(route.pattern)) {
            const bool typed = piece.starts_with('{') && piece.ends_with('}');
            const std::string name(typed ? piece.substr(1, piece.size() - 2) : piece);
            auto& from = typed ? router.nodes_[at].typed : router.nodes_[at].literal;
            const auto [next, is_new] = from.emplace(name, router.nodes_.size());
            at = next->second;
            if (is_new) {
                router.nodes_.emplace_back();
            }
        }
        const Route*& answers =
            route.method == http::Method::get ? router.nodes_[at].get : router.nodes_[at].post;
        if (answers != nullptr) {
            return fail(ErrorKind::invalid, fmt::format("two routes for {}", route.pattern));
        }
        answers = &route;
    }
    return router;
}

const Router::Node* Router::walk(std::size_t node, std::span<const std::string> parts,
                                 Match& match) const {
    const Node& here = nodes_[node];
    if (parts.empty() || (parts.size() == 1 && parts.front().empty() && node != 0)) {
        return here.get != nullptr || here.post != nullptr ? &here : nullptr;
    }
    if (const auto next = here.literal.find(parts.front()); next != here.literal.end()) {
        if (const Node* const found = walk(next->second, parts.subspan(1), match)) {
            return found;
        }
    }
    for (const auto& [name, next] : here.typed) {
        const auto part = typed_part(name, parts.front());
        if (const Node* const found = part ? walk(next, parts.subspan(1), match) : nullptr) {
            match.parts.insert_or_assign(name, *part);
            return found;
        }
    }
    return nullptr;
}

Match Router::find(http::Method method, std::span<const std::string> parts) const {
    Match match;
    const Node* const found = walk(0, parts, match);
    if (found != nullptr) {
        match.route = method == http::Method::get ? found->get : found->post;
        match.other_method = match.route == nullptr;
    }
    return match;
}

} // namespace allot::pages
