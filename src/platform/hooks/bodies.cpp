#include "platform/hooks/bodies.hpp"

#include "base/clock.hpp"
#include "platform/hooks/reach.hpp"
#include "platform/hooks/signature.hpp"
#include "platform/http/target.hpp"
#include "platform/utf8.hpp"

#include <algorithm>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

namespace allot::hooks {

namespace {

namespace json = boost::json;

/// Discord refuses what is longer; all of a message is written with room for links.
constexpr std::size_t longest_discord = 2000;

[[nodiscard]] std::size_t characters_in(std::string_view text) {
    return static_cast<std::size_t>(std::ranges::count_if(
        text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U; }));
}

/// Without a slash at its end, to which a path is added.
[[nodiscard]] std::string base_of(std::string_view address) {
    while (address.ends_with('/')) {
        address.remove_suffix(1);
    }
    return std::string(address);
}

[[nodiscard]] std::string with_query(const std::string& address, std::string_view query) {
    return address + (address.find('?') == std::string::npos ? "?" : "&") + std::string(query);
}

/// As much of the text as fits once it is escaped, cut where a character of it ends.
[[nodiscard]] std::string discord_fitted(std::string_view plain, std::size_t most) {
    std::string fitted = discord_text(plain);
    for (std::size_t kept = characters_in(plain); characters_in(fitted) > most && kept > 0;) {
        kept -= std::min(kept, std::max<std::size_t>(1, (characters_in(fitted) - most) / 2));
        fitted = kept == 0 ? std::string() : discord_text(cut(plain, kept));
    }
    return fitted;
}

[[nodiscard]] std::string discord_content(const Message& message) {
    const std::string title = "**" + discord_text(message.title) + "**";
    std::string links;
    for (const Link& link : message.links) {
        // In angle brackets an address opens no preview.
        const std::string line =
            fmt::format("\n{}: <{}>", discord_text(link.label), plain_url(link.url));
        if (characters_in(title) + characters_in(links) + characters_in(line) < longest_discord) {
            links += line;
        }
    }
    const std::size_t room = longest_discord - characters_in(title) - characters_in(links);
    const std::string text = room < 2 ? std::string() : discord_fitted(message.text, room - 1);
    return title + (text.empty() ? "" : "\n" + text) + links;
}

[[nodiscard]] std::string slack_content(const Message& message) {
    std::string content = "*" + slack_text(message.title) + "*";
    if (!message.text.empty()) {
        content += "\n" + slack_text(message.text);
    }
    for (const Link& link : message.links) {
        content +=
            fmt::format("\n<{}|{}>", slack_text(plain_url(link.url)), slack_text(link.label));
    }
    return content;
}

[[nodiscard]] std::string zulip_content(const Message& message) {
    std::string content = "**" + zulip_text(message.title) + "**";
    if (!message.text.empty()) {
        content += "\n\n" + zulip_text(message.text);
    }
    for (const Link& link : message.links) {
        content += fmt::format("\n\n{}: {}", zulip_text(link.label), plain_url(link.url));
    }
    return content;
}

[[nodiscard]] std::string matrix_content(const Message& message) {
    std::string content = message.title;
    if (!message.text.empty()) {
        content += "\n\n" + message.text;
    }
    for (const Link& link : message.links) {
        content += fmt::format("\n{}: {}", link.label, plain_url(link.url));
    }
    return content;
}

[[nodiscard]] std::string json_content(const Named& named) {
    const Message& message = named.message;
    json::array links;
    for (const Link& link : message.links) {
        links.push_back(json::object{{"label", link.label}, {"url", link.url}});
    }
    json::value circle;
    if (message.circle) {
        circle = *message.circle;
    }
    const auto written = std::chrono::floor<std::chrono::seconds>(named.written);
    return json::serialize(json::object{{"type", "announcement"},
                                        {"timestamp", format_instant(written)},
                                        {"data",
                                         {{"title", message.title},
                                          {"text", message.text},
                                          {"links", std::move(links)},
                                          {"circle", std::move(circle)},
                                          {"public", message.is_public}}}});
}

[[nodiscard]] Request with_json(std::string url, std::string body) {
    return {.url = std::move(url),
            .headers = {{"content-type", "application/json"}},
            .body = std::move(body)};
}

[[nodiscard]] Request zulip_request(const About& about, const Message& message) {
    using http::percent_encoded;
    return {.url = base_of(about.address) + "/api/v1/messages",
            .headers = {{"content-type", "application/x-www-form-urlencoded"},
                        {"authorization", "Basic " + base64(about.bot + ":" + about.key)}},
            .body = "type=stream&to=" + percent_encoded(about.place) +
                    "&topic=" + percent_encoded(about.topic) +
                    "&content=" + percent_encoded(zulip_content(message))};
}

/// The id of a transaction there names the event: the same PUT again is the same message.
[[nodiscard]] Request matrix_request(const About& about, const Named& named) {
    Request request = with_json(
        fmt::format("{}/_matrix/client/v3/rooms/{}/send/m.room.message/{}", base_of(about.address),
                    http::percent_encoded(about.place), http::percent_encoded(named.id)),
        // A notice is what programs write; with empty mentions nobody is called.
        json::serialize(json::object{{"msgtype", "m.notice"},
                                     {"body", matrix_content(named.message)},
                                     {"m.mentions", json::object()}}));
    request.is_put = true;
    request.headers.emplace_back("authorization", "Bearer " + about.key);
    return request;
}

[[nodiscard]] Request json_request(const About& about, const Named& named, Moment now) {
    Request request = with_json(about.address, json_content(named));
    const auto seconds = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
    const std::string timestamp = std::to_string(seconds);
    request.headers.emplace_back("webhook-id", named.id);
    request.headers.emplace_back("webhook-timestamp", timestamp);
    request.headers.emplace_back("webhook-signature",
                                 signature_of(about.key, named.id, timestamp, request.body));
    return request;
}

} // namespace

Request request_for(const About& about, const Named& named, Moment now) {
    switch (about.kind) {
    case Kind::discord:
        // Waiting for the message makes it answer with an error where there is none.
        return with_json(
            with_query(about.address, "wait=true"),
            json::serialize(json::object{{"content", discord_content(named.message)},
                                         {"allowed_mentions", {{"parse", json::array()}}}}));
    case Kind::slack:
        return with_json(about.address,
                         json::serialize(json::object{{"text", slack_content(named.message)}}));
    case Kind::zulip:
        return zulip_request(about, named.message);
    case Kind::matrix:
        return matrix_request(about, named);
    case Kind::json:
        break;
    }
    return json_request(about, named, now);
}

std::string discord_text(std::string_view plain) {
    constexpr std::string_view signs = R"(\*_~`|>#[]()<)";
    std::string text;
    for (const char c : plain) {
        if (signs.find(c) != std::string_view::npos) {
            text += '\\';
        }
        text += c;
    }
    return text;
}

std::string slack_text(std::string_view plain) {
    std::string text;
    for (const char c : plain) {
        switch (c) {
        case '&':
            text += "&amp;";
            break;
        case '<':
            text += "&lt;";
            break;
        case '>':
            text += "&gt;";
            break;
        default:
            text += c;
        }
    }
    return text;
}

std::string zulip_text(std::string_view plain) {
    constexpr std::string_view no_width = "\u200b";
    std::string text;
    for (std::size_t k = 0; k < plain.size(); ++k) {
        text += plain[k];
        const char next = k + 1 < plain.size() ? plain[k + 1] : ' ';
        if ((plain[k] == '@' || plain[k] == '#') && (next == '*' || next == '_')) {
            text += no_width;
        }
    }
    return text;
}

std::string plain_url(std::string_view url) {
    constexpr std::string_view ends = R"("<>|\^`{})";
    std::string plain;
    for (const char c : url) {
        const auto byte = static_cast<unsigned char>(c);
        const bool ends_it = byte <= ' ' || byte >= 0x7f || ends.find(c) != std::string_view::npos;
        plain += ends_it ? fmt::format("%{:02X}", byte) : std::string(1, c);
    }
    return plain;
}

std::string cut(std::string_view text, std::size_t most) {
    if (characters_in(text) <= most) {
        return std::string(text);
    }
    std::size_t end = 0;
    for (std::size_t kept = 1; kept < most; ++kept) {
        end += std::max<std::size_t>(1, utf8_character(text.substr(end)));
    }
    return std::string(text.substr(0, end)) + (most == 0 ? "" : "…");
}

} // namespace allot::hooks
