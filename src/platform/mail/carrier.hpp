/// Takes letters to a mail server.
#pragma once

#include "base/result.hpp"

#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>

namespace allot::mail {

/// How it went.
enum class Fate : std::uint8_t {
    accepted,        ///< the mail server has it
    no_such_address, ///< it says for good that it takes nothing for this address
    rejected,        ///< it says for good that it does not want this letter
    failed,          ///< surely not sent: the server cannot be reached, or says "later"
    unsure,          ///< all was handed over, and then nothing was heard
};

struct Delivery {
    Fate fate = Fate::failed;
    std::string words; ///< for stewards; no address and nothing of the letter
};

/// For one thread.
class Carrier {
  public:
    Carrier() = default;
    Carrier(const Carrier&) = delete;
    Carrier& operator=(const Carrier&) = delete;
    virtual ~Carrier() = default;
    /// `letter` is as `written` makes it. `pulse` is called about once a second while it takes.
    [[nodiscard]] virtual Delivery carry(std::string_view from, std::string_view to,
                                         std::string_view letter,
                                         const std::function<void()>& pulse) = 0;
};

struct SmtpOptions {
    /// "smtps://user@mail.example", or "smtp://mail.example:587", which must offer STARTTLS unless
    /// it is this machine itself.
    std::string url;
    std::string password; ///< of the name in the address
    std::string ca_file;  ///< certificates to trust; empty: those of this machine
};

/// Keeps a connection for the next letter. Once `stop` is asked for, a letter that takes longer
/// than five seconds is given up. Errors: an address that is none, holds a password, or names
/// something else than a mail server.
[[nodiscard]] Result<std::unique_ptr<Carrier>> smtp_carrier(const SmtpOptions& options,
                                                            std::stop_token stop);

} // namespace allot::mail
