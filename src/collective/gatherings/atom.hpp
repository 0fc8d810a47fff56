/// News in Atom (RFC 4287). Pure: what it says comes from whoever calls.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace allot::gatherings {

struct NewsEntry {
    std::string id; ///< an IRI that never changes
    std::string title;
    std::string page;               ///< address of the page about it
    std::chrono::sys_days changed;  ///< nobody is told an hour
    std::vector<std::string> lines; ///< plain text, a paragraph each
};

struct News {
    std::string id;
    std::string title;
    std::string author; ///< the collective, never a person
    std::string page;
    std::string self;              ///< address of the feed
    std::chrono::sys_days changed; ///< where there is no entry; else the newest entry says it
    std::vector<NewsEntry> entries;
};

/// Entries by day, the newest first, then by id, whatever their order. The same content is the same
/// bytes. Control characters, which XML cannot hold, are left out.
[[nodiscard]] std::string write_atom(const News& news);

/// "urn:uuid:..." (RFC 9562, version 8): the same for the same words, another for others.
[[nodiscard]] std::string urn_of(std::string_view words);

/// Text as XML holds it, also inside of quotes.
[[nodiscard]] std::string escape_xml(std::string_view text);

} // namespace allot::gatherings
