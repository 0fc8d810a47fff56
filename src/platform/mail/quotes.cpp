#include "platform/mail/quotes.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <vector>

namespace allot::mail {

namespace {

using Lines = std::vector<std::string_view>;

[[nodiscard]] Lines lines_of(std::string_view text) {
    Lines lines;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        std::string_view line = text.substr(0, end);
        if (line.ends_with('\r')) {
            line.remove_suffix(1);
        }
        lines.push_back(line);
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return lines;
}

[[nodiscard]] bool is_blank(std::string_view line) {
    return text::trim(line).empty();
}

[[nodiscard]] bool is_rule(std::string_view line) {
    constexpr std::size_t shortest_rule = 10;
    const std::string_view trimmed = text::trim(line);
    return trimmed.size() >= shortest_rule && trimmed.find_first_not_of('_') == trimmed.npos;
}

/// "-----Original Message-----" in whatever language.
[[nodiscard]] bool is_divider(std::string_view line) {
    constexpr std::string_view dashes = "-----";
    const std::string_view trimmed = text::trim(line);
    return trimmed.size() > 2 * dashes.size() && trimmed.starts_with(dashes) &&
           trimmed.ends_with(dashes);
}

/// The head of another mail, as Outlook puts it above what it quotes.
[[nodiscard]] bool is_head(const Lines& lines, std::size_t at) {
    constexpr std::size_t head_lines = 4;
    if (!lines[at].starts_with("From:") && !lines[at].starts_with("*From:*")) {
        return false;
    }
    const std::size_t end = std::min(lines.size(), at + head_lines);
    for (std::size_t k = at + 1; k < end; ++k) {
        for (const std::string_view name : {"Sent:", "Date:", "*Sent:*", "*Date:*"}) {
            if (lines[k].starts_with(name)) {
                return true;
            }
        }
    }
    return false;
}

void drop_blank_end(Lines& lines) {
    while (!lines.empty() && is_blank(lines.back())) {
        lines.pop_back();
    }
}

/// "On Thursday Lab <post@lab.example> wrote:", also over two lines.
void drop_announcement(Lines& lines) {
    drop_blank_end(lines);
    if (lines.empty() || !text::trim(lines.back()).ends_with(':')) {
        return;
    }
    const bool is_whole = lines.back().find('@') != std::string_view::npos ||
                          lines.back().find_first_of("0123456789") != std::string_view::npos;
    lines.pop_back();
    const bool goes_on = !is_whole && !lines.empty() && !is_blank(lines.back()) &&
                         lines.back().find('@') != std::string_view::npos;
    if (goes_on) {
        lines.pop_back();
    }
}

} // namespace

std::string without_quotes(std::string_view text) {
    const Lines all = lines_of(text);
    Lines own;
    bool in_quote = false;
    for (std::size_t k = 0; k < all.size(); ++k) {
        if (all[k] == "-- " || is_divider(all[k]) || is_rule(all[k]) || is_head(all, k)) {
            break;
        }
        const bool quoted = all[k].starts_with('>');
        if (quoted && !in_quote) {
            drop_announcement(own);
        }
        in_quote = quoted;
        if (!quoted && !(own.empty() && is_blank(all[k]))) {
            own.push_back(all[k]);
        }
    }
    drop_blank_end(own);
    std::string words;
    for (const std::string_view line : own) {
        words += words.empty() ? "" : "\n";
        words += line;
    }
    return words;
}

} // namespace allot::mail
