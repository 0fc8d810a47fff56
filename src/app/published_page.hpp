/// Pages of a server as files that anybody can serve: without forms and scripts, with links that
/// lead from file to file, or to the live server. Pure: text in, text out.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace allot::app {

/// Where the pages come from.
struct LivePlace {
    std::string origin; ///< "https://lab.example"
    std::string base;   ///< of what is published: "/c/lab"
};

/// Which file a path of the server becomes; empty: it is not published.
using FileOfPath = std::function<std::string(std::string_view path)>;

/// Paths that a page leads to or is made of, such as "/c/lab/events" and "/assets/letters.woff2",
/// without query and fragment; also from addresses of the live server itself, and from webcal.
[[nodiscard]] std::vector<std::string> paths_in(std::string_view html, const LivePlace& live);

/// "series/walk/index.html" for the path of a page, "calendar.ics" for one with an ending.
/// Precondition: it is `base`, or below it, or below "/assets".
[[nodiscard]] std::string file_name_of(std::string_view path, std::string_view base);

/// How one file is reached from another: "../../events/index.html".
[[nodiscard]] std::string relative_name(std::string_view from_file, std::string_view to_file);

/// The page that `path` shows, as the file `file_of(path)`: without forms, scripts and what needs
/// them; `note_html` stands first in it.
[[nodiscard]] std::string published_page(std::string_view html, std::string_view path,
                                         const LivePlace& live, const FileOfPath& file_of,
                                         std::string_view note_html);

} // namespace allot::app
