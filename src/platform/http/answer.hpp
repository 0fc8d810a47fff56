/// From what a handler returned to what goes over the wire: conditions, coding, headers that keep a
/// page safe. Pure but for the log.
///
/// On BREACH (Gluck, Harris, Prado 2013): who can make a browser ask for pages that hold both a
/// secret and words of the attacker's choice learns the secret from compressed lengths. So dynamic
/// text is not compressed for requests that a page of another site caused (Sec-Fetch-Site), which
/// an attacker needs by the thousand; the keys of forms are masked with new randomness each time,
/// so that there is nothing to learn where a browser is too old to say; and a page that shows a
/// secret that lives longer says "no-transform". Cookies of the session, being SameSite, do not
/// come with most such requests anyway. "no-store" is no reason not to compress: nearly all pages
/// carry it.
#pragma once

#include "platform/http/accept.hpp"
#include "platform/http/message.hpp"
#include "platform/log.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace allot::http {

/// Ready to be written but for what only the connection knows: date and connection.
struct Answer {
    unsigned status = 200;
    std::string head; ///< status line and headers, each with its CRLF, without the empty line
    std::string text;
    std::shared_ptr<const Body> shared;
    Coding coding = Coding::identity; ///< which of `shared`
    std::shared_ptr<EventStream> events;
    std::string_view route;
    std::string why; ///< for the log

    [[nodiscard]] std::string_view body() const;
};

/// What `response` becomes for `request`. A response that could not be written as it is, such as
/// one whose headers hold line ends, becomes a 500, and the log says which header.
[[nodiscard]] Answer make_answer(const HttpRequest& request, HttpResponse response, Log& log);

/// An answer that no handler gave: `why` is a sentence for a person without a full stop, made of
/// constants, and holds nothing of the request. Plain text, or problem details (RFC 9457) for those
/// who would rather have JSON.
[[nodiscard]] Answer make_refusal(const HttpRequest& request, unsigned status,
                                  std::string_view why);

/// "Not Found"; "" for what has no name here.
[[nodiscard]] std::string_view reason_of(unsigned status);

} // namespace allot::http
