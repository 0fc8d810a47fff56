/// What goes over the wire to each kind of hook. The same message and id make the same bytes each
/// time, but for the time of signing: so the other end can tell that it has it already.
#pragma once

#include "platform/hooks/hook.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace allot::hooks {

struct Request {
    bool is_put = false; ///< else POST
    std::string url;
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;
};

/// A message with the name that it keeps over all tries.
struct Named {
    std::string id;
    Message message;
    Moment written;
};

/// What posts it; `now` is told to whoever checks the signature of a JSON hook. O(size).
[[nodiscard]] Request request_for(const About& about, const Named& named, Moment now);

// -- Texts, as each program takes them -----------------------------------------------------------

/// Discord reads Markdown: with a backslash before each of its signs a text shows as it is.
[[nodiscard]] std::string discord_text(std::string_view plain);
/// Slack reads "<...>" as links and calls; these and "&" are all it asks to be written otherwise.
[[nodiscard]] std::string slack_text(std::string_view plain);
/// Zulip reads Markdown and knows no way to escape it; calls of people and groups are broken up.
[[nodiscard]] std::string zulip_text(std::string_view plain);
/// A whole address without the characters that would end it inside of a text: these as "%XX".
[[nodiscard]] std::string plain_url(std::string_view url);

/// At most `most` characters as people count them, with "…" where some are left out.
[[nodiscard]] std::string cut(std::string_view text, std::size_t most);

} // namespace allot::hooks
