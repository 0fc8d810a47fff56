/// `allotment mail-in`: a mail that came to the address of the server.
#pragma once

#include "app/exit_code.hpp"

#include <string>

namespace allot::app {

struct MailInOptions {
    std::string data;
    std::string store;
};

/// Reads one mail from standard input: a report that a mail did not arrive, or a wish for less
/// mail. Its exit codes are those that mail systems know (sysexits): 0 done, 75 come again later,
/// 77 a person wrote to whom nobody would answer; `words` say so, and the mail system sends them
/// back.
[[nodiscard]] Outcome run_mail_in(const MailInOptions& options);

} // namespace allot::app
