#include "platform/mail/quotes.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <optional>
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

// -- Heads of quoted mail ------------------------------------------------------------------------

/// The longest block or group of lines that is looked at.
constexpr std::size_t head_lines = 20;

[[nodiscard]] bool is_letter(unsigned char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c >= 0x80;
}

/// Also as programs write it that make text of bold print, and as they write it in Chinese.
[[nodiscard]] std::size_t colon_in(std::string_view line) {
    return std::min(line.find(':'), line.find("\uff1a"));
}

[[nodiscard]] bool ends_in_colon(std::string_view line) {
    const std::string_view trimmed = text::trim(line);
    return trimmed.ends_with(':') || trimmed.ends_with("\uff1a");
}

/// "Label: value", the label of one to three words of letters: what stands after the colon.
[[nodiscard]] std::optional<std::string_view> labelled(std::string_view line) {
    constexpr std::size_t longest_label = 60;
    constexpr std::size_t most_words = 3;
    const std::size_t colon = colon_in(line);
    if (colon == std::string_view::npos || colon > longest_label) {
        return std::nullopt;
    }
    std::size_t words = 0;
    bool inside = false;
    for (const char c : line.substr(0, colon)) {
        const bool in_word = is_letter(static_cast<unsigned char>(c)) || (inside && c == '-');
        if (!in_word && c != ' ' && c != '*' && c != '.' && c != '\'') {
            return std::nullopt;
        }
        words += in_word && !inside ? std::size_t{1} : 0;
        inside = in_word;
    }
    const std::string_view rest = line.substr(colon + (line[colon] == ':' ? 1 : 3));
    const bool is_link = rest.starts_with("//");
    return words >= 1 && words <= most_words && !is_link ? std::optional(text::trim(rest))
                                                         : std::nullopt;
}

[[nodiscard]] bool names_address(std::string_view line) {
    const std::size_t at = line.find('@');
    return at != std::string_view::npos && at > 0 && at + 1 < line.size() && line[at - 1] != ' ' &&
           line[at + 1] != ' ';
}

/// "Re: Moths" of "Moths".
[[nodiscard]] bool is_subject(std::string_view value, std::string_view subject) {
    constexpr std::size_t shortest = 4;
    return value.size() >= shortest && subject.ends_with(value);
}

/// Where nothing but two English labels says it.
[[nodiscard]] bool is_english_head(const Lines& lines, std::size_t at) {
    constexpr std::size_t english_lines = 4;
    if (!lines[at].starts_with("From:") && !lines[at].starts_with("*From:*")) {
        return false;
    }
    const std::size_t end = std::min(lines.size(), at + english_lines);
    for (std::size_t k = at + 1; k < end; ++k) {
        for (const std::string_view name : {"Sent:", "Date:", "*Sent:*", "*Date:*"}) {
            if (lines[k].starts_with(name)) {
                return true;
            }
        }
    }
    return false;
}

/// The head of another mail, as Outlook puts it above what it quotes: the labels are in the
/// language of its reader. A long value may go on in the next line.
[[nodiscard]] bool is_head(const Lines& lines, std::size_t at, const Correspondence& between) {
    constexpr std::size_t fewest_labels = 3;
    std::size_t labels = 0;
    bool names = false;
    const std::size_t end = std::min(lines.size(), at + head_lines);
    for (std::size_t k = at; k < end; ++k) {
        const auto value = labelled(lines[k]);
        const bool goes_on = labels > 0 && !is_blank(lines[k]) &&
                             (lines[k].starts_with(' ') || names_address(lines[k]));
        if (!value && !goes_on) {
            break;
        }
        labels += value ? std::size_t{1} : 0;
        names = names || names_address(lines[k]) || (value && is_subject(*value, between.subject));
        if (labels >= fewest_labels && names) {
            return true;
        }
    }
    return is_english_head(lines, at);
}

void drop_blank_end(Lines& lines) {
    while (!lines.empty() && is_blank(lines.back())) {
        lines.pop_back();
    }
}

/// A line of dashes or the like above a head.
void drop_rule(Lines& lines) {
    constexpr std::size_t shortest = 3;
    drop_blank_end(lines);
    const std::string_view last = lines.empty() ? std::string_view() : text::trim(lines.back());
    if (last.size() >= shortest && last.find_first_not_of("-_=*") == last.npos) {
        lines.pop_back();
    }
}

// -- Announcements -------------------------------------------------------------------------------

/// What an announcement holds besides the verb of some language.
struct Announces {
    bool address = false;
    bool date = false;
};

[[nodiscard]] Announces announces_in(std::string_view line) {
    Announces found;
    bool in_brackets = line.find('>') < line.find('<'); // they began in the line before
    for (const char c : line) {
        in_brackets = c == '<' || (in_brackets && c != '>');
        found.address = found.address || c == '@';
        found.date = found.date || (!in_brackets && c >= '0' && c <= '9');
    }
    return found;
}

/// How many lines before `end`, the last of which ends in ":", announce what follows: mail programs
/// wrap "On Thursday Lab <post@lab.example> wrote:" over up to three. As few as hold a date and an
/// address; else as few as hold an address; else one.
[[nodiscard]] std::size_t announcing_lines(const Lines& lines, std::size_t end) {
    constexpr std::size_t most = 3;
    Announces all;
    std::size_t with_address = 0;
    for (std::size_t n = 1; n <= std::min(most, end) && !is_blank(lines[end - n]); ++n) {
        const Announces one = announces_in(lines[end - n]);
        all = {.address = all.address || one.address, .date = all.date || one.date};
        with_address = with_address == 0 && all.address ? n : with_address;
        if (all.address && all.date) {
            return n;
        }
    }
    return std::max(with_address, std::size_t{1});
}

void drop_announcement(Lines& lines) {
    drop_blank_end(lines);
    if (!lines.empty() && ends_in_colon(lines.back())) {
        lines.resize(lines.size() - announcing_lines(lines, lines.size()));
    }
}

/// Of an address "post@lab.example" what stands before and after a tag.
struct Sides {
    std::string local;
    std::string at_domain;
};

[[nodiscard]] std::optional<Sides> sides_of(std::string_view address) {
    const std::size_t at = address.rfind('@');
    if (at == std::string_view::npos || at == 0) {
        return std::nullopt;
    }
    return Sides{.local = text::lower_ascii(address.substr(0, at)),
                 .at_domain = text::lower_ascii(address.substr(at))};
}

/// Whether `line`, in small letters, has that address, with or without a tag. `before`: what has to
/// stand before it, one of these; empty: anything.
[[nodiscard]] bool has_address(std::string_view line, std::string_view address,
                               std::string_view before) {
    const auto sides = sides_of(address);
    if (!sides) {
        return false;
    }
    for (std::size_t at = line.find(sides->local); at != std::string_view::npos;
         at = line.find(sides->local, at + 1)) {
        constexpr std::size_t longest_tag = 64; // a long line of "+" must not cost its square
        std::string_view rest = line.substr(at + sides->local.size());
        if (rest.starts_with('+')) {
            rest.remove_prefix(std::min(rest.substr(0, longest_tag).find('@'), rest.size()));
        }
        const bool begins = before.empty() || (at > 0 && before.contains(line[at - 1]));
        if (begins && rest.starts_with(sides->at_domain)) {
            return true;
        }
    }
    return false;
}

[[nodiscard]] bool has_either(std::string_view line, const Correspondence& between,
                              std::string_view before = {}) {
    return has_address(line, between.writer, before) || has_address(line, between.ours, before);
}

/// Whether the lines before `end` announce a mail of one of the two, and there can be no doubt.
[[nodiscard]] bool announces_theirs(const Lines& lines, const Correspondence& between) {
    if (lines.empty() || !ends_in_colon(lines.back())) {
        return false;
    }
    const std::size_t count = announcing_lines(lines, lines.size());
    std::string joined;
    for (std::size_t k = lines.size() - count; k < lines.size(); ++k) {
        // Some break the line inside of the angle brackets.
        joined += text::lower_ascii(text::trim(lines[k]));
    }
    return has_either(joined, between, "<:");
}

/// Whether the next line that is not blank is a quoted one.
[[nodiscard]] bool quotes_next(const Lines& lines, std::size_t at) {
    while (at < lines.size() && is_blank(lines[at])) {
        ++at;
    }
    return at < lines.size() && lines[at].starts_with('>');
}

/// Where what follows is quoted whole, without a ">" before its lines.
[[nodiscard]] bool is_end(const Lines& lines, std::size_t at, const Correspondence& between) {
    return text::trim(lines[at]) == "--" || is_divider(lines[at]) || is_rule(lines[at]) ||
           is_head(lines, at, between);
}

} // namespace

std::string without_quotes(std::string_view text, const Correspondence& between) {
    const Lines all = lines_of(text);
    Lines own;
    bool in_quote = false;
    for (std::size_t k = 0; k < all.size(); ++k) {
        if (is_end(all, k, between)) {
            drop_rule(own);
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
        if (!quoted && announces_theirs(own, between) && !quotes_next(all, k + 1)) {
            drop_announcement(own);
            break;
        }
    }
    std::erase_if(
        own, [&](std::string_view line) { return has_either(text::lower_ascii(line), between); });
    drop_blank_end(own);
    own.erase(own.begin(), std::ranges::find_if_not(own, is_blank));
    std::string words;
    for (const std::string_view line : own) {
        words += words.empty() ? "" : "\n";
        words += line;
    }
    return words;
}

} // namespace allot::mail
