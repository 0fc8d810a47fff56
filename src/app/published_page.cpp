#include "app/published_page.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>

namespace allot::app {

namespace {

constexpr std::string_view index_name = "index.html";

/// Elements that need the server or a script, with all that is in them; `live-only` is what may go
/// at any moment, such as a recording to which somebody no longer agrees.
constexpr std::array<std::string_view, 4> left_out = {"form", "script", "command-palette",
                                                      "live-only"};

/// Attributes that hold an address.
constexpr std::array<std::string_view, 2> addresses = {" href=\"", " src=\""};

[[nodiscard]] bool is_ascii_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// Of a tag that begins at `at`: "form" for "<form method...", "" for an end or a comment.
[[nodiscard]] std::string_view name_of_tag(std::string_view html, std::size_t at) {
    std::size_t end = at + 1;
    while (end < html.size() && (is_ascii_letter(html[end]) || html[end] == '-')) {
        ++end;
    }
    return html.substr(at + 1, end - at - 1);
}

/// Behind the end of that element; the end of the page where it is not closed. Ours do not stand
/// inside each other.
[[nodiscard]] std::size_t behind_element(std::string_view html, std::size_t at,
                                         std::string_view name) {
    const std::string closing = "</" + std::string(name) + ">";
    const std::size_t end = html.find(closing, at);
    return end == std::string_view::npos ? html.size() : end + closing.size();
}

/// Behind a tag. A ">" inside of quotes is written "&gt;" by our templates.
[[nodiscard]] std::size_t behind_tag(std::string_view html, std::size_t at) {
    const std::size_t end = html.find('>', at);
    return end == std::string_view::npos ? html.size() : end + 1;
}

/// Calls `take(address)` for each address in a tag, and returns the tag with what it returns.
template <class Take>
[[nodiscard]] std::string with_addresses(std::string_view tag, Take take) {
    std::string out;
    std::size_t at = 0;
    while (at < tag.size()) {
        std::size_t begin = std::string_view::npos;
        for (const std::string_view attribute : addresses) {
            const std::size_t found = tag.find(attribute, at);
            begin =
                found == std::string_view::npos ? begin : std::min(begin, found + attribute.size());
        }
        if (begin == std::string_view::npos) {
            break;
        }
        const std::size_t end = std::min(tag.find('"', begin), tag.size());
        out += tag.substr(at, begin - at);
        out += take(tag.substr(begin, end - begin));
        at = end;
    }
    return out += tag.substr(at);
}

/// Addresses in a style: url(/assets/...).
template <class Take>
[[nodiscard]] std::string with_style_addresses(std::string_view style, Take take) {
    constexpr std::string_view opening = "url(";
    std::string out;
    std::size_t at = 0;
    for (;;) {
        const std::size_t found = style.find(opening, at);
        if (found == std::string_view::npos) {
            return out += style.substr(at);
        }
        const std::size_t begin = found + opening.size();
        const std::size_t end = std::min(style.find(')', begin), style.size());
        out += style.substr(at, begin - at);
        out += take(style.substr(begin, end - begin));
        at = end;
    }
}

/// Walks over a page: what is left out is left out, `take` sees each address, `behind_main` comes
/// in after the tag that begins what the page says.
template <class Take>
[[nodiscard]] std::string walked(std::string_view html, Take take, std::string_view behind_main) {
    std::string out;
    std::size_t at = 0;
    while (at < html.size()) {
        const std::size_t open = std::min(html.find('<', at), html.size());
        out += html.substr(at, open - at);
        if (open == html.size()) {
            break;
        }
        const std::string_view name = name_of_tag(html, open);
        if (std::ranges::find(left_out, name) != left_out.end()) {
            at = behind_element(html, open, name);
            continue;
        }
        at = name == "style" ? behind_element(html, open, name) : behind_tag(html, open);
        const std::string_view whole = html.substr(open, at - open);
        out += name == "style" ? with_style_addresses(whole, take) : with_addresses(whole, take);
        if (name == "main") {
            out += behind_main;
        }
    }
    return out;
}

/// The path of an address of this server, with its query and fragment.
[[nodiscard]] std::optional<std::string_view> local_target(std::string_view address,
                                                           const LivePlace& live) {
    const std::string_view origin = live.origin;
    const std::string_view host = origin.substr(origin.find("://"));
    for (const std::string_view scheme :
         {origin.substr(0, origin.find("://")), std::string_view("webcal")}) {
        const std::size_t size = scheme.size() + host.size();
        if (address.starts_with(scheme) && address.substr(scheme.size()).starts_with(host) &&
            address.substr(size).starts_with('/')) {
            return address.substr(size);
        }
    }
    return address.starts_with('/') && !address.starts_with("//") ? std::optional(address)
                                                                  : std::nullopt;
}

[[nodiscard]] std::string_view path_of(std::string_view target) {
    return target.substr(0, target.find_first_of("?#"));
}

} // namespace

std::vector<std::string> paths_in(std::string_view html, const LivePlace& live) {
    std::vector<std::string> paths;
    const auto note = [&](std::string_view address) {
        if (const auto target = local_target(address, live)) {
            paths.emplace_back(path_of(*target));
        }
        return std::string(address);
    };
    [[maybe_unused]] const std::string same = walked(html, note, "");
    return paths;
}

std::string file_name_of(std::string_view path, std::string_view base) {
    std::string_view rest = path.starts_with("/assets/") ? path : path.substr(base.size());
    if (rest.starts_with('/')) {
        rest.remove_prefix(1);
    }
    if (rest.substr(rest.rfind('/') + 1).find('.') != std::string_view::npos) {
        return std::string(rest);
    }
    return rest.empty() ? std::string(index_name)
                        : std::string(rest) + "/" + std::string(index_name);
}

std::string relative_name(std::string_view from_file, std::string_view to_file) {
    while (from_file.find('/') != std::string_view::npos) {
        const std::string_view folder = from_file.substr(0, from_file.find('/') + 1);
        if (!to_file.starts_with(folder)) {
            break;
        }
        from_file.remove_prefix(folder.size());
        to_file.remove_prefix(folder.size());
    }
    std::string name;
    for (auto left = std::ranges::count(from_file, '/'); left > 0; --left) {
        name += "../";
    }
    return name += to_file;
}

std::string published_page(std::string_view html, std::string_view path, const LivePlace& live,
                           const FileOfPath& file_of, std::string_view note_html) {
    const std::string here = file_of(path);
    const auto lead = [&](std::string_view address) -> std::string {
        if (address.starts_with('?')) { // the same page in another language
            return live.origin + std::string(path) + std::string(address);
        }
        const auto target = local_target(address, live);
        if (!target) {
            return std::string(address);
        }
        const std::string file = file_of(path_of(*target));
        if (file.empty()) {
            return live.origin + std::string(*target);
        }
        const std::size_t fragment = std::min(target->find('#'), target->size());
        return relative_name(here, file) + std::string(target->substr(fragment));
    };
    return walked(html, lead, note_html);
}

} // namespace allot::app
