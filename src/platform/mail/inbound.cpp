#include "platform/mail/inbound.hpp"

#include "base/text.hpp"
#include "platform/auth/mail_address.hpp"
#include "platform/mail/gmime.hpp"
#include "platform/mail/quotes.hpp"
#include "platform/utf8.hpp"

#include <algorithm>

namespace allot::mail {

namespace {

constexpr std::size_t longest_id = 300;
constexpr std::size_t longest_end_text = 600;

struct FreeOptions {
    void operator()(GMimeParserOptions* options) const { g_mime_parser_options_free(options); }
};

/// A message from bytes; null where they are none.
[[nodiscard]] Owned<GMimeMessage> parsed(std::string_view bytes) {
    const Owned<GMimeStream> stream(g_mime_stream_mem_new_with_buffer(bytes.data(), bytes.size()));
    const Owned<GMimeParser> parser(g_mime_parser_new_with_stream(stream.get()));
    const std::unique_ptr<GMimeParserOptions, FreeOptions> options(g_mime_parser_options_new());
    return Owned<GMimeMessage>(g_mime_parser_construct_message(parser.get(), options.get()));
}

[[nodiscard]] std::string header_of(GMimeObject* object, const char* name) {
    return text_or_empty(g_mime_object_get_header(object, name));
}

/// What a part holds, decoded; empty for anything that holds parts itself.
[[nodiscard]] std::string content_of(GMimeObject* object) {
    if (!GMIME_IS_PART(object)) {
        return {};
    }
    GMimeDataWrapper* const wrapper = g_mime_part_get_content(GMIME_PART(object));
    if (wrapper == nullptr) {
        return {};
    }
    const Owned<GMimeStream> to(g_mime_stream_mem_new());
    if (g_mime_data_wrapper_write_to_stream(wrapper, to.get()) < 0) {
        return {};
    }
    const GByteArray* const bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(to.get()));
    const void* const begin = bytes->data;
    return begin == nullptr ? std::string()
                            : std::string(static_cast<const char*>(begin), bytes->len);
}

[[nodiscard]] bool is_type(GMimeObject* object, const char* type, const char* subtype) {
    GMimeContentType* const content = g_mime_object_get_content_type(object);
    return content != nullptr && g_mime_content_type_is_type(content, type, subtype) != 0;
}

/// "<...@...>" out of a header, and nothing odd in it.
[[nodiscard]] std::string message_id_in(std::string_view value) {
    const std::size_t begin = value.find('<');
    const std::size_t end = value.find('>', begin);
    if (begin == std::string_view::npos || end == std::string_view::npos ||
        end - begin > longest_id) {
        return {};
    }
    const std::string_view id = value.substr(begin, end - begin + 1);
    const auto odd = [](unsigned char c) { return c <= ' ' || c >= 0x7f; };
    return std::ranges::any_of(id, odd) ? std::string() : std::string(id);
}

/// Of the mail that a report gives back, whole or its headers.
[[nodiscard]] std::string id_of_original(GMimeObject* part) {
    if (GMIME_IS_MESSAGE_PART(part)) {
        GMimeMessage* const original = g_mime_message_part_get_message(GMIME_MESSAGE_PART(part));
        return original == nullptr ? std::string()
                                   : message_id_in(header_of(GMIME_OBJECT(original), "Message-ID"));
    }
    return message_id_in(field_of(content_of(part), "Message-ID"));
}

/// Blocks are divided by empty lines: the first is about the report, each other about an address.
void take_status(const std::string& text, Bounce& bounce) {
    std::string_view rest = text;
    while (!rest.empty()) {
        std::size_t end = std::min(rest.find("\n\n"), rest.find("\n\r\n"));
        end = std::min(end, rest.size());
        const std::string_view block = rest.substr(0, end);
        rest.remove_prefix(std::min(end + 2, rest.size()));
        const std::string status = field_of(block, "Status");
        const bool failed = text::lower_ascii(field_of(block, "Action")) == "failed";
        if (failed && status.starts_with('5')) {
            bounce.for_good = true;
            bounce.address = bounce.address || status.starts_with("5.1.") ||
                             status.starts_with("5.2.1") || status.starts_with("5.0.0");
        }
    }
}

/// nullopt: no report about a mail of somebody.
[[nodiscard]] std::optional<Bounce> bounce_in(GMimeObject* whole) {
    if (!GMIME_IS_MULTIPART(whole) || !is_type(whole, "multipart", "report")) {
        return std::nullopt;
    }
    constexpr int most_parts = 20;
    GMimeMultipart* const parts = GMIME_MULTIPART(whole);
    const int count = std::min(g_mime_multipart_get_count(parts), most_parts);
    Bounce bounce;
    bool is_status = false;
    for (int k = 0; k < count; ++k) {
        GMimeObject* const part = g_mime_multipart_get_part(parts, k);
        if (is_type(part, "message", "delivery-status")) {
            is_status = true;
            take_status(content_of(part), bounce);
        } else if (is_type(part, "message", "rfc822") || is_type(part, "text", "rfc822-headers")) {
            bounce.message_id = id_of_original(part);
        }
    }
    return is_status ? std::optional(bounce) : std::nullopt;
}

/// "end TEXT" in the subject.
[[nodiscard]] std::optional<EndRequest> end_in(std::string_view subject) {
    const std::string_view trimmed = text::trim(subject);
    if (text::lower_ascii(trimmed.substr(0, 4)) != "end ") {
        return std::nullopt;
    }
    const std::string_view text = text::trim(trimmed.substr(4));
    const auto odd = [](unsigned char c) { return c <= ' ' || c >= 0x7f; };
    if (text.empty() || text.size() > longest_end_text || std::ranges::any_of(text, odd)) {
        return std::nullopt;
    }
    return EndRequest{std::string(text)};
}

[[nodiscard]] bool is_by_program(GMimeObject* message) {
    const std::string automatic = text::lower_ascii(header_of(message, "Auto-Submitted"));
    const std::string precedence = text::lower_ascii(header_of(message, "Precedence"));
    const std::string back = header_of(message, "Return-Path");
    return (!automatic.empty() && automatic != "no") || precedence == "bulk" ||
           precedence == "list" || precedence == "junk" || text::trim(back) == "<>" ||
           !header_of(message, "List-Id").empty();
}

// -- Answers -------------------------------------------------------------------------------------

/// An address of ours that a mail came to, in small letters.
struct Tagged {
    std::string tag;     ///< empty: it came to none
    std::string address; ///< without the tag
};

/// The first address in `value` that has a tag.
[[nodiscard]] Tagged tag_in(std::string_view value) {
    constexpr std::string_view around = " \t\r\n<>,;:\"()[]";
    const std::string all = text::lower_ascii(value);
    for (std::size_t at = all.find('+'); at != std::string::npos; at = all.find('+', at + 1)) {
        const std::size_t end = all.find('@', at);
        if (end == std::string::npos) {
            break;
        }
        if (const auto tag = std::string_view(all).substr(at + 1, end - at - 1); is_tag(tag)) {
            const std::size_t begin = all.find_last_of(around, at) + 1; // npos + 1 is 0
            const std::size_t over = std::min(all.find_first_of(around, end), all.size());
            return {.tag = std::string(tag),
                    .address = all.substr(begin, at - begin) + all.substr(end, over - end)};
        }
    }
    return {};
}

/// Mail servers note whom they deliver to in one of these, where it is not in "To".
[[nodiscard]] Tagged tag_of(GMimeObject* message) {
    for (const char* const name :
         {"To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To"}) {
        if (auto tagged = tag_in(header_of(message, name)); !tagged.tag.empty()) {
            return tagged;
        }
    }
    return {};
}

/// One line of UTF-8. Mail programs that know no name put the address there, which is for nobody:
/// that is no name, and neither is one with an address in it.
[[nodiscard]] std::string name_in(std::string_view name) {
    for (const std::string_view sign : {"@", "\uff20", "\ufe6b"}) {
        if (name.find(sign) != std::string_view::npos) {
            return {};
        }
    }
    constexpr std::size_t longest_name = 200;
    std::string line(is_utf8(name) ? name : std::string_view());
    std::ranges::replace_if(line, [](unsigned char c) { return c < ' ' || c == 0x7f; }, ' ');
    return line.size() <= longest_name ? std::string(text::trim(line)) : std::string();
}

void take_writer(GMimeMessage* message, Reply& reply) {
    InternetAddressList* const all = g_mime_message_get_from(message);
    if (all == nullptr || internet_address_list_length(all) != 1) {
        return;
    }
    InternetAddress* const one = internet_address_list_get_address(all, 0);
    if (!INTERNET_ADDRESS_IS_MAILBOX(one)) {
        return;
    }
    const char* const address = internet_address_mailbox_get_addr(INTERNET_ADDRESS_MAILBOX(one));
    if (const auto from = auth::normal_mail(text_or_empty(address))) {
        reply.from = *from;
        reply.name = name_in(text_or_empty(internet_address_get_name(one)));
    }
}

/// A text part as UTF-8; empty where its bytes are not what it says.
[[nodiscard]] std::string text_of(GMimeObject* part) {
    if (!GMIME_IS_TEXT_PART(part)) {
        return content_of(part);
    }
    const OwnedText text(g_mime_text_part_get_text(GMIME_TEXT_PART(part)));
    return text_or_empty(text.get());
}

/// The first text for people and the first for calendars.
void take_part(GMimeObject* part, const Correspondence& between, Reply& reply, int depth) {
    constexpr int deepest = 5;
    constexpr int most_parts = 20;
    if (GMIME_IS_MULTIPART(part) && depth < deepest) {
        GMimeMultipart* const parts = GMIME_MULTIPART(part);
        const int count = std::min(g_mime_multipart_get_count(parts), most_parts);
        for (int k = 0; k < count; ++k) {
            take_part(g_mime_multipart_get_part(parts, k), between, reply, depth + 1);
        }
    } else if (is_type(part, "text", "calendar") || is_type(part, "application", "ics")) {
        reply.calendar = reply.calendar.empty() ? text_of(part) : reply.calendar;
    } else if (is_type(part, "text", "plain") && reply.words.empty()) {
        std::string text = text_of(part);
        std::erase_if(
            text, [](unsigned char c) { return (c < ' ' && c != '\n' && c != '\t') || c == 0x7f; });
        const std::string own = without_quotes(text, between);
        reply.words = is_utf8(own) && own.size() <= longest_reply ? own : std::string();
    }
}

/// nullopt: it came to no address with a tag.
[[nodiscard]] std::optional<Reply> reply_in(GMimeMessage* message, bool by_program) {
    const Tagged tagged = tag_of(GMIME_OBJECT(message));
    Reply reply{.tag = tagged.tag,
                .message_id = message_id_in(header_of(GMIME_OBJECT(message), "Message-ID")),
                .by_program = by_program};
    if (reply.tag.empty()) {
        return std::nullopt;
    }
    take_writer(message, reply);
    if (GMimeObject* const whole = g_mime_message_get_mime_part(message)) {
        const Correspondence between{.writer = reply.from,
                                     .ours = tagged.address,
                                     .subject = text_or_empty(g_mime_message_get_subject(message))};
        take_part(whole, between, reply, 0);
    }
    return reply;
}

} // namespace

bool is_tag(std::string_view text) {
    constexpr std::size_t shortest = 16;
    constexpr std::size_t longest = 40;
    const auto is_letter = [](char c) { return c >= 'a' && c <= 'z'; };
    const auto fits = [&](char c) { return is_letter(c) || (c >= '0' && c <= '9'); };
    return text.size() >= shortest + 2 && text.size() <= longest + 2 && is_letter(text[0]) &&
           text[1] == '.' && std::ranges::all_of(text.substr(2), fits);
}

std::string field_of(std::string_view block, std::string_view name) {
    std::string value;
    bool inside = false;
    while (!block.empty()) {
        const std::size_t end = std::min(block.find('\n'), block.size());
        const std::string_view line = block.substr(0, end);
        block.remove_prefix(std::min(end + 1, block.size()));
        const bool goes_on = line.starts_with(' ') || line.starts_with('\t');
        if (inside && !goes_on) {
            break;
        }
        if (inside) {
            value += " ";
            value += text::trim(line);
        } else if (!goes_on && line.size() > name.size() && line[name.size()] == ':' &&
                   text::lower_ascii(line.substr(0, name.size())) == text::lower_ascii(name)) {
            inside = true;
            value = text::trim(line.substr(name.size() + 1));
        }
    }
    return value;
}

Inbound read_inbound(std::string_view bytes) {
    start_gmime();
    const Owned<GMimeMessage> message = parsed(bytes.substr(0, max_inbound_bytes));
    if (!message) {
        return OtherMail{};
    }
    GMimeObject* const whole = g_mime_message_get_mime_part(message.get());
    if (whole != nullptr) {
        if (auto bounce = bounce_in(whole)) {
            return *std::move(bounce);
        }
    }
    if (auto end = end_in(text_or_empty(g_mime_message_get_subject(message.get())))) {
        return *std::move(end);
    }
    const bool by_program = is_by_program(GMIME_OBJECT(message.get()));
    if (auto reply = reply_in(message.get(), by_program)) {
        return *std::move(reply);
    }
    return OtherMail{.by_program = by_program};
}

} // namespace allot::mail
