#include "platform/mail/inbound.hpp"

#include "base/text.hpp"
#include "platform/mail/gmime.hpp"

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

} // namespace

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
    return OtherMail{.by_program = is_by_program(GMIME_OBJECT(message.get()))};
}

} // namespace allot::mail
