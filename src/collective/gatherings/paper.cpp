#include "collective/gatherings/paper.hpp"

#include "base/text.hpp"
#include "collective/gatherings/series.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <vector>

namespace allot::gatherings {

namespace {

constexpr std::string_view blanks = " \t\r\n";

[[nodiscard]] bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

[[nodiscard]] bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// Words as they stand between blanks.
[[nodiscard]] std::vector<std::string_view> words_of(std::string_view text) {
    std::vector<std::string_view> words;
    while (true) {
        const std::size_t begin = text.find_first_not_of(blanks);
        if (begin == std::string_view::npos) {
            return words;
        }
        const std::size_t end = std::min(text.find_first_of(blanks, begin), text.size());
        words.push_back(text.substr(begin, end - begin));
        text.remove_prefix(end);
    }
}

/// What stands around a word in a sentence.
[[nodiscard]] std::string_view bare(std::string_view word) {
    constexpr std::string_view around = "()[]<>{}\"',;";
    while (!word.empty() && around.find(word.front()) != std::string_view::npos) {
        word.remove_prefix(1);
    }
    while (!word.empty() &&
           (around.find(word.back()) != std::string_view::npos || word.back() == '.')) {
        word.remove_suffix(1);
    }
    return word;
}

[[nodiscard]] std::optional<std::string_view> without(std::string_view begin,
                                                      std::string_view word) {
    if (text::lower_ascii(word.substr(0, begin.size())) != begin) {
        return std::nullopt;
    }
    return word.substr(begin.size());
}

/// `digits` many digits, which are taken off.
[[nodiscard]] bool take_digits(std::string_view& rest, std::size_t least, std::size_t most) {
    std::size_t count = 0;
    while (count < rest.size() && count < most && is_digit(rest[count])) {
        ++count;
    }
    if (count < least) {
        return false;
    }
    rest.remove_prefix(count);
    return true;
}

[[nodiscard]] bool is_version(std::string_view rest) {
    return rest.empty() || (rest.front() == 'v' && rest.size() > 1 &&
                            std::ranges::all_of(rest.substr(1), is_digit));
}

/// "2301.12345", "0704.0001v2", as since April 2007.
[[nodiscard]] bool is_new_arxiv(std::string_view rest) {
    constexpr std::size_t year_and_month = 4;
    if (!take_digits(rest, year_and_month, year_and_month) || !rest.starts_with('.')) {
        return false;
    }
    rest.remove_prefix(1);
    return take_digits(rest, 4, 5) && is_version(rest);
}

/// "hep-th/9901001", "math.GT/0309136v1", as before.
[[nodiscard]] bool is_old_arxiv(std::string_view rest) {
    const std::size_t slash = rest.find('/');
    if (slash == std::string_view::npos || slash == 0 || !is_letter(rest.front())) {
        return false;
    }
    const bool named = std::ranges::all_of(
        rest.substr(0, slash), [](char c) { return is_letter(c) || c == '-' || c == '.'; });
    rest.remove_prefix(slash + 1);
    constexpr std::size_t number = 7;
    return named && take_digits(rest, number, number) && is_version(rest);
}

/// The id in a word that names a paper of arXiv.
[[nodiscard]] std::optional<std::string_view> arxiv_in(std::string_view word) {
    for (const std::string_view begin :
         {"https://arxiv.org/abs/", "https://arxiv.org/pdf/", "http://arxiv.org/abs/",
          "http://arxiv.org/pdf/", "arxiv.org/abs/", "arxiv.org/pdf/", "arxiv:"}) {
        if (const auto rest = without(begin, word)) {
            word = *rest;
            break;
        }
    }
    if (word.ends_with(".pdf")) {
        word.remove_suffix(4);
    }
    return is_new_arxiv(word) || is_old_arxiv(word) ? std::optional(word) : std::nullopt;
}

[[nodiscard]] std::optional<std::string_view> doi_in(std::string_view word) {
    for (const std::string_view begin :
         {"https://doi.org/", "http://doi.org/", "https://dx.doi.org/", "http://dx.doi.org/",
          "doi.org/", "doi:"}) {
        if (const auto rest = without(begin, word)) {
            word = *rest;
            break;
        }
    }
    std::string_view rest = word;
    if (!rest.starts_with("10.")) {
        return std::nullopt;
    }
    rest.remove_prefix(3);
    const bool fits = take_digits(rest, 4, 9) && rest.starts_with('/') && rest.size() > 1;
    return fits ? std::optional(word) : std::nullopt;
}

/// For an address: a DOI may hold any character.
[[nodiscard]] std::string escaped(std::string_view doi) {
    constexpr std::string_view plain = "-._~/:;()";
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string out;
    for (const char c : doi) {
        const auto byte = static_cast<unsigned char>(c);
        if (is_digit(c) || is_letter(c) || plain.find(c) != std::string_view::npos) {
            out += c;
        } else {
            out += '%';
            out += digits[byte >> 4U];
            out += digits[byte & 0xfU];
        }
    }
    return out;
}

/// What a word is beside being a word of a title.
[[nodiscard]] Result<std::optional<Paper>> named_by(std::string_view word) {
    word = bare(word);
    if (const auto arxiv = arxiv_in(word)) {
        return Paper{"arXiv:" + std::string(*arxiv),
                     "https://arxiv.org/abs/" + std::string(*arxiv)};
    }
    if (const auto doi = doi_in(word)) {
        return Paper{"doi:" + std::string(*doi), "https://doi.org/" + escaped(*doi)};
    }
    if (word.find("://") == std::string_view::npos) {
        return std::nullopt;
    }
    if (!is_link(word)) {
        return fail(ErrorKind::invalid, "paper.link");
    }
    return Paper{std::string(word), std::string(word)};
}

/// "doi:" that stands alone before its id.
[[nodiscard]] bool is_label(std::string_view word) {
    const std::string lower = text::lower_ascii(word);
    return lower == "doi:" || lower == "arxiv:" || lower == "doi" || lower == "url:";
}

[[nodiscard]] std::string tidy_title(std::string title) {
    constexpr std::string_view ends = ",;:-";
    while (!title.empty() &&
           (ends.find(title.back()) != std::string_view::npos || title.back() == ' ')) {
        title.pop_back();
    }
    return title;
}

[[nodiscard]] Result<Paper> from_words(std::string_view pasted) {
    const auto words = words_of(pasted);
    Paper paper;
    std::string title;
    for (std::size_t k = 0; k < words.size(); ++k) {
        TRY(const auto named, named_by(words[k]));
        if (named && (paper.link.empty() || paper.link == named->link)) {
            paper = paper.link.empty() ? *named : paper;
            continue;
        }
        const bool labels = k + 1 < words.size() && paper.link.empty() && is_label(words[k]);
        if (labels) {
            TRY(const auto next, named_by(words[k + 1]));
            if (next) {
                continue;
            }
        }
        title += (title.empty() ? "" : " ") + std::string(words[k]);
    }
    title = tidy_title(std::move(title));
    if (!title.empty()) {
        paper.title = std::move(title);
    }
    return paper;
}

// -- BibTeX --------------------------------------------------------------------------------------

/// Without braces, and with the commonest commands taken off: `{\"o}` keeps its letter.
[[nodiscard]] std::string plain(std::string_view value) {
    std::string out;
    for (std::size_t k = 0; k < value.size(); ++k) {
        const char c = value[k];
        if (c == '{' || c == '}') {
            continue;
        }
        if (c == '\\' && k + 1 < value.size()) {
            if (!is_letter(value[k + 1])) {
                const bool stands =
                    std::string_view("&%$#_").find(value[k + 1]) != std::string_view::npos;
                out += stands ? std::string(1, value[k + 1]) : "";
                ++k;
            }
            continue;
        }
        out += c == '~' ? ' ' : c;
    }
    std::string joined;
    for (const std::string_view word : words_of(out)) {
        joined += (joined.empty() ? "" : " ") + std::string(word);
    }
    return joined;
}

class BibReader {
  public:
    explicit BibReader(std::string_view text) : rest_(text) {}

    /// The fields of the entry, by name in lower letters. Errors: it does not end.
    [[nodiscard]] Result<std::map<std::string, std::string, std::less<>>> read() {
        std::map<std::string, std::string, std::less<>> fields;
        skip_past('{');
        skip_past(',');
        while (true) {
            skip_blanks(", \t\r\n");
            if (rest_.empty()) {
                return fail(ErrorKind::invalid, "paper.bibtex_end");
            }
            if (rest_.front() == '}') {
                return fields;
            }
            const std::size_t equals = rest_.find('=');
            if (equals == std::string_view::npos) {
                return fail(ErrorKind::invalid, "paper.bibtex_end");
            }
            const std::string name = text::lower_ascii(text::trim(rest_.substr(0, equals)));
            rest_.remove_prefix(equals + 1);
            TRY(const std::string value, take_value());
            fields.try_emplace(name, plain(value));
        }
    }

  private:
    void skip_past(char c) { rest_.remove_prefix(std::min(rest_.find(c), rest_.size() - 1) + 1); }
    void skip_blanks(std::string_view what) {
        rest_.remove_prefix(std::min(rest_.find_first_not_of(what), rest_.size()));
    }

    [[nodiscard]] Result<std::string> take_value() {
        skip_blanks(blanks);
        const bool quoted = rest_.starts_with('"');
        const bool braced = rest_.starts_with('{');
        if (!quoted && !braced) {
            const std::size_t end = std::min(rest_.find_first_of(",}"), rest_.size());
            const std::string_view value = text::trim(rest_.substr(0, end));
            rest_.remove_prefix(end);
            return std::string(value);
        }
        int depth = 0;
        for (std::size_t k = 0; k < rest_.size(); ++k) {
            depth += rest_[k] == '{' ? 1 : 0;
            depth -= rest_[k] == '}' ? 1 : 0;
            const bool ends = braced ? depth == 0 : k > 0 && depth == 0 && rest_[k] == '"';
            if (ends) {
                std::string value(rest_.substr(1, k - 1));
                rest_.remove_prefix(k + 1);
                return value;
            }
        }
        return fail(ErrorKind::invalid, "paper.bibtex_end");
    }

    std::string_view rest_;
};

[[nodiscard]] Result<Paper> from_bibtex(std::string_view pasted) {
    TRY(const auto fields, BibReader(pasted).read());
    const auto field = [&](std::string_view name) {
        const auto found = fields.find(name);
        return found == fields.end() ? std::string() : found->second;
    };
    Paper paper{.title = tidy_title(field("title")), .link = {}};
    if (paper.title.empty()) {
        return fail(ErrorKind::invalid, "paper.bibtex_title");
    }
    const std::string arxiv = field("eprint");
    if (const std::string doi = field("doi"); doi_in(doi)) {
        paper.link = "https://doi.org/" + escaped(*doi_in(doi));
    } else if (arxiv_in(arxiv)) {
        paper.link = "https://arxiv.org/abs/" + std::string(*arxiv_in(arxiv));
    } else if (const std::string url = field("url"); !url.empty() && is_link(url)) {
        paper.link = url;
    }
    return paper;
}

} // namespace

Result<Paper> read_paper(std::string_view pasted) {
    const std::string_view text = text::trim(pasted);
    TRY(Paper paper, text.starts_with('@') ? from_bibtex(text) : from_words(text));
    // As characters, of which one has up to four bytes; forms count them more exactly.
    if (paper.title.size() > longest_line * 2) {
        return fail(ErrorKind::invalid, "paper.long");
    }
    if (paper.link.size() > longest_link) {
        return fail(ErrorKind::invalid, "paper.link");
    }
    return paper;
}

std::string paper_text(const Paper& paper) {
    if (paper.link.empty() || paper.link == paper.title) {
        return paper.title;
    }
    return paper.title + "\n" + paper.link;
}

} // namespace allot::gatherings
