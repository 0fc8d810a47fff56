#include "platform/mail/letter.hpp"

#include "platform/mail/gmime.hpp"

#include <algorithm>
#include <mutex>

#include <fmt/format.h>

namespace allot::mail {

namespace {

struct FreeOptions {
    void operator()(GMimeFormatOptions* options) const { g_mime_format_options_free(options); }
};
struct FreeTime {
    void operator()(GDateTime* time) const { g_date_time_unref(time); }
};

/// One line, whatever was in it: nobody adds a header by a name.
[[nodiscard]] std::string one_line(std::string_view text) {
    std::string line(text);
    std::erase_if(line, [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte < ' ' || byte == 0x7f;
    });
    return line;
}

/// The rest of a header, folded after each.
[[nodiscard]] std::string in_angles(const std::vector<std::string>& addresses) {
    std::string all;
    for (const std::string& address : addresses) {
        all += (all.empty() ? " <" : ",\n <") + one_line(address) + ">";
    }
    return all + "\n";
}

void set_header(GMimeMessage* message, const char* name, const std::string& value) {
    g_mime_object_set_header(GMIME_OBJECT(message), name, value.c_str(), nullptr);
}

void set_people(GMimeMessage* message, const Letter& letter) {
    const std::string name = one_line(letter.from_name);
    g_mime_message_add_mailbox(message, GMIME_ADDRESS_TYPE_FROM,
                               name.empty() ? nullptr : name.c_str(),
                               one_line(letter.from).c_str());
    g_mime_message_add_mailbox(message, GMIME_ADDRESS_TYPE_TO, nullptr,
                               one_line(letter.to).c_str());
    if (!letter.answers_to.empty()) {
        g_mime_message_add_mailbox(message, GMIME_ADDRESS_TYPE_REPLY_TO, nullptr,
                                   one_line(letter.answers_to).c_str());
    }
}

void set_head(GMimeMessage* message, const Letter& letter) {
    set_people(message, letter);
    g_mime_message_set_subject(message, one_line(letter.subject).c_str(), "utf-8");
    const auto seconds = std::chrono::floor<std::chrono::seconds>(letter.date);
    const std::unique_ptr<GDateTime, FreeTime> date(
        g_date_time_new_from_unix_utc(seconds.time_since_epoch().count()));
    g_mime_message_set_date(message, date.get());
    std::string id = one_line(letter.message_id);
    std::erase_if(id, [](char c) { return c == '<' || c == '>'; });
    g_mime_message_set_message_id(message, id.c_str());
    set_header(message, "Auto-Submitted", "auto-generated");
    if (!letter.ways_to_end.empty()) {
        // As it is: gmime would break long addresses into encoded words, which programs do not
        // read.
        set_header(message, "List-Unsubscribe", "");
        GMimeHeader* const header = g_mime_header_list_get_header(
            g_mime_object_get_header_list(GMIME_OBJECT(message)), "List-Unsubscribe");
        g_mime_header_set_raw_value(header, in_angles(letter.ways_to_end).c_str());
    }
    if (letter.one_click) {
        set_header(message, "List-Unsubscribe-Post", "List-Unsubscribe=One-Click");
    }
}

[[nodiscard]] Owned<GMimeObject> text_part(const std::string& text) {
    const Owned<GMimeTextPart> part(g_mime_text_part_new());
    g_mime_text_part_set_charset(part.get(), "utf-8");
    g_mime_text_part_set_text(part.get(), text.c_str());
    g_mime_part_set_content_encoding(GMIME_PART(part.get()),
                                     GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE);
    return Owned<GMimeObject>(GMIME_OBJECT(g_object_ref(part.get())));
}

/// In base64, so that every line end arrives as it is.
[[nodiscard]] Owned<GMimePart> calendar_part(const CalendarPart& calendar, const char* type,
                                             const char* subtype) {
    Owned<GMimePart> part(g_mime_part_new_with_type(type, subtype));
    const Owned<GMimeStream> bytes(
        g_mime_stream_mem_new_with_buffer(calendar.text.data(), calendar.text.size()));
    const Owned<GMimeDataWrapper> content(
        g_mime_data_wrapper_new_with_stream(bytes.get(), GMIME_CONTENT_ENCODING_DEFAULT));
    g_mime_part_set_content(part.get(), content.get());
    g_mime_part_set_content_encoding(part.get(), GMIME_CONTENT_ENCODING_BASE64);
    return part;
}

/// The text or, for programs, the invitation (RFC 6047, section 2.4); and the same as a file.
[[nodiscard]] Owned<GMimeObject> parts_with_calendar(const std::string& text,
                                                     const CalendarPart& calendar) {
    const Owned<GMimeMultipart> either(g_mime_multipart_new_with_subtype("alternative"));
    g_mime_multipart_add(either.get(), text_part(text).get());
    const auto shown = calendar_part(calendar, "text", "calendar");
    GMimeObject* const said = GMIME_OBJECT(shown.get());
    g_mime_object_set_content_type_parameter(said, "charset", "utf-8");
    g_mime_object_set_content_type_parameter(said, "method", calendar.method.c_str());
    g_mime_multipart_add(either.get(), said);
    const Owned<GMimeMultipart> all(g_mime_multipart_new_with_subtype("mixed"));
    g_mime_multipart_add(all.get(), GMIME_OBJECT(either.get()));
    const auto file = calendar_part(calendar, "application", "ics");
    g_mime_part_set_filename(file.get(), "invite.ics");
    g_mime_object_set_disposition(GMIME_OBJECT(file.get()), GMIME_DISPOSITION_ATTACHMENT);
    g_mime_multipart_add(all.get(), GMIME_OBJECT(file.get()));
    return Owned<GMimeObject>(GMIME_OBJECT(g_object_ref(all.get())));
}

} // namespace

void start_gmime() {
    static std::once_flag once;
    std::call_once(once, g_mime_init);
}

std::string written(const Letter& letter) {
    start_gmime();
    const Owned<GMimeMessage> message(g_mime_message_new(TRUE));
    set_head(message.get(), letter);
    const auto whole = letter.calendar ? parts_with_calendar(letter.text, *letter.calendar)
                                       : text_part(letter.text);
    g_mime_message_set_mime_part(message.get(), whole.get());
    const std::unique_ptr<GMimeFormatOptions, FreeOptions> options(g_mime_format_options_new());
    g_mime_format_options_set_newline_format(options.get(), GMIME_NEWLINE_FORMAT_DOS);
    const OwnedText text(g_mime_object_to_string(GMIME_OBJECT(message.get()), options.get()));
    return text_or_empty(text.get());
}

std::string address_with_tag(std::string_view address, std::string_view tag) {
    const std::string_view domain = domain_of(address);
    std::string_view local = address.substr(0, address.size() - domain.size() - 1);
    local = local.substr(0, local.find('+'));
    return fmt::format("{}+{}@{}", local, tag, domain);
}

std::string_view domain_of(std::string_view address) {
    return address.substr(address.rfind('@') + 1);
}

} // namespace allot::mail
