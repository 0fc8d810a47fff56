/// The work of this room that comes again and again: invitations, weekly letters, what hosts hear
/// of words that wait, and what is to be forgotten.
#pragma once

#include "collective/gatherings/log_once.hpp"
#include "collective/gatherings/teller.hpp"

#include <functional>
#include <span>
#include <string>

namespace allot::gatherings {

/// How often it is due.
inline constexpr std::chrono::minutes mail_work_every{10};

/// For one thread; what it is made from outlives it. Any number of processes may do it at the same
/// time: each piece is done once.
class MailWork {
  public:
    using Pulse = std::function<Result<void>()>;

    /// `words` of each language; `origin` as links in mails begin.
    MailWork(const pages::House& house, std::span<const pages::Catalogue> words, std::string origin,
             Log& log)
        : house_(house), words_(words), origin_(std::move(origin)), log_(log) {}

    /// Does what is due in all collectives. `pulse` is called before each piece. Errors: the
    /// database, or what `pulse` says; what was done until then stays. A zone that this machine
    /// does not know is passed over, and logged once.
    [[nodiscard]] Result<void> run(const Pulse& pulse);

  private:
    [[nodiscard]] Result<void> run_in(const Teller& teller, const Pulse& pulse);
    [[nodiscard]] Result<void> warn_of_zones(const Teller& teller);
    [[nodiscard]] Result<void> invite_all(const Teller& teller, std::span<const Plan> plans,
                                          const Pulse& pulse);

    const pages::House& house_;
    std::span<const pages::Catalogue> words_;
    std::string origin_;
    LogOnce log_;
};

} // namespace allot::gatherings
