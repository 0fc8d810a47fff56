/// A mail as it goes over the wire (RFC 5322, MIME).
#pragma once

#include "base/world.hpp"
#include "platform/mail/calendar_part.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace allot::mail {

struct Letter {
    std::string from;      ///< the address of the server
    std::string from_name; ///< of the collective, in any script; empty: none
    std::string to;
    std::string subject; ///< UTF-8
    std::string text;    ///< UTF-8, lines end with LF
    Moment date;
    std::string message_id; ///< "<...@...>"
    /// How to get no more of these: addresses, the one of the web first. Empty: no such stream.
    std::vector<std::string> ways_to_end;
    /// A POST to the first way is enough (RFC 8058).
    bool one_click = false;
    std::string answers_to; ///< where answers go; empty: to `from`
    std::optional<CalendarPart> calendar = std::nullopt;
};

/// Plain text as quoted-printable, so that it passes everywhere; lines end with CRLF. It says that
/// a program wrote it (RFC 3834) and has nothing in it that tells whether it was read. Control
/// characters in what stands in the head are left out. Any thread.
[[nodiscard]] std::string written(const Letter& letter);

/// "post+i.k3@lab.example" of "post@lab.example" and "i.k3": mail servers deliver it to the same
/// box (RFC 5233). A tag that is there already goes.
[[nodiscard]] std::string address_with_tag(std::string_view address, std::string_view tag);

/// "lab.example" of "post@lab.example".
[[nodiscard]] std::string_view domain_of(std::string_view address);

} // namespace allot::mail
