#include "collective/gatherings/atom.hpp"

#include "base/clock.hpp"
#include "platform/pages/escaped.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include <fmt/format.h>
#include <sodium/crypto_generichash.h>

namespace allot::gatherings {

namespace {

/// RFC 3339; the hour is midnight for all.
[[nodiscard]] std::string date_of(std::chrono::sys_days day) {
    return format_date(day) + "T00:00:00Z";
}

void append(std::string& out, std::string_view name, std::string_view text) {
    out += fmt::format("<{}>{}</{}>\n", name, escape_xml(text), name);
}

/// Paragraphs of HTML, which Atom holds escaped once more.
[[nodiscard]] std::string html_of(const std::vector<std::string>& lines) {
    std::string html;
    for (const std::string& line : lines) {
        html += "<p>";
        for (const char c : escape_xml(line)) {
            html += c == '\n' ? std::string("<br>") : std::string(1, c);
        }
        html += "</p>";
    }
    return html;
}

void append(std::string& out, const NewsEntry& entry) {
    out += "<entry>\n";
    append(out, "id", entry.id);
    append(out, "title", entry.title);
    append(out, "updated", date_of(entry.changed));
    out += fmt::format("<link rel=\"alternate\" type=\"text/html\" href=\"{}\"/>\n",
                       escape_xml(entry.page));
    out += fmt::format("<content type=\"html\">{}</content>\n", escape_xml(html_of(entry.lines)));
    out += "</entry>\n";
}

} // namespace

std::string escape_xml(std::string_view text) {
    std::string kept;
    kept.reserve(text.size());
    std::ranges::copy_if(text, std::back_inserter(kept), [](char c) {
        return static_cast<unsigned char>(c) >= ' ' || c == '\n' || c == '\t';
    });
    return pages::escaped(kept);
}

std::string write_atom(const News& news) {
    std::vector<const NewsEntry*> entries;
    for (const NewsEntry& entry : news.entries) {
        entries.push_back(&entry);
    }
    std::ranges::sort(entries, [](const NewsEntry* a, const NewsEntry* b) {
        return std::pair(b->changed, std::string_view(a->id)) <
               std::pair(a->changed, std::string_view(b->id));
    });
    std::string out = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
                      "<feed xmlns=\"http://www.w3.org/2005/Atom\">\n";
    append(out, "id", news.id);
    append(out, "title", news.title);
    append(out, "updated", date_of(entries.empty() ? news.changed : entries.front()->changed));
    out += fmt::format("<author><name>{}</name></author>\n", escape_xml(news.author));
    out += fmt::format("<link rel=\"self\" type=\"application/atom+xml\" href=\"{}\"/>\n",
                       escape_xml(news.self));
    out += fmt::format("<link rel=\"alternate\" type=\"text/html\" href=\"{}\"/>\n",
                       escape_xml(news.page));
    for (const NewsEntry* const entry : entries) {
        append(out, *entry);
    }
    out += "</feed>\n";
    return out;
}

std::string urn_of(std::string_view words) {
    std::array<unsigned char, 16> hash{};
    const void* const begin = words.data();
    crypto_generichash(hash.data(), hash.size(), static_cast<const unsigned char*>(begin),
                       words.size(), nullptr, 0);
    constexpr unsigned version = 0x80U;
    constexpr unsigned variant = 0x80U;
    hash[6] = static_cast<unsigned char>((hash[6] & 0x0fU) | version);
    hash[8] = static_cast<unsigned char>((hash[8] & 0x3fU) | variant);
    std::string urn = "urn:uuid:";
    for (std::size_t k = 0; k < hash.size(); ++k) {
        urn += fmt::format("{}{:02x}", k == 4 || k == 6 || k == 8 || k == 10 ? "-" : "", hash[k]);
    }
    return urn;
}

} // namespace allot::gatherings
