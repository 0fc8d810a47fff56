/// Mail that comes to the address of this server: reports of other mail servers, and people who
/// want less mail.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace allot::mail {

/// Longest message that is read; of a longer one the beginning.
inline constexpr std::size_t max_inbound_bytes = std::size_t{2} << 20U;

/// A report that a mail did not arrive (RFC 3464).
struct Bounce {
    bool for_good = false;  ///< status 5.x.x and "failed"; else it was only late
    bool address = false;   ///< because of the address: 5.1.x, 5.2.1 or no more than 5.0.0
    std::string message_id; ///< "<...@...>" of the mail that it is about
};

/// A mail that ends a stream, as mail programs write it from our List-Unsubscribe header.
struct EndRequest {
    std::string text; ///< what `end_of` reads
};

/// An answer to a mail of ours: it came to an address with a tag (`address_with_tag`). Anyone can
/// write anything into it; what proves something is the tag alone.
struct Reply {
    std::string tag;      ///< "i.0123...", in small letters
    std::string from;     ///< of its one writer, as `auth::normal_mail`; else empty
    std::string name;     ///< what the writer is called there; one line without "@", may be empty
    std::string words;    ///< UTF-8, `without_quotes`, at most `longest_reply` bytes; may be empty
    std::string calendar; ///< the first part for calendars, decoded; may be empty
    std::string message_id; ///< "<...@...>"; may be empty
    bool by_program = false;
};
inline constexpr std::size_t longest_reply = std::size_t{32} << 10U;

/// Anything else.
struct OtherMail {
    bool by_program = false; ///< answers of programs, lists, reports: nobody waits for an answer
};

using Inbound = std::variant<Bounce, EndRequest, Reply, OtherMail>;

/// Any bytes: what is no mail is `OtherMail`. Never fails; O(bytes). Any thread.
[[nodiscard]] Inbound read_inbound(std::string_view bytes);

/// Whether `text` may be the tag of an address: a small letter, a point, and 16 to 40 small letters
/// and digits.
[[nodiscard]] bool is_tag(std::string_view text);

/// A block of lines "Name: value" of a report, continued lines joined: the value of `name` without
/// white space around it; empty where there is none. Case of names does not matter.
[[nodiscard]] std::string field_of(std::string_view block, std::string_view name);

} // namespace allot::mail
