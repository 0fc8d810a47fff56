/// What the server does for gatherings by itself, about once a minute: it asks whether people are
/// there for their turns, finds others, makes a gathering lighter instead of cancelling it,
/// reminds, and tells what has changed. Each step of a gathering happens once, in a transaction of
/// its own, however many processes there are and wherever one of them ends.
#pragma once

#include "collective/gatherings/announcement.hpp"
#include "collective/gatherings/log_once.hpp"
#include "platform/jobs/runner.hpp"

#include <functional>
#include <set>
#include <span>
#include <string>
#include <vector>

namespace allot::gatherings {

/// For one thread; what it is made from outlives it.
class Sweep {
  public:
    using Pulse = std::function<Result<void>()>;

    /// `words` of each language; `origin` as links in mails begin.
    Sweep(const pages::House& house, std::span<const pages::Catalogue> words, std::string origin,
          Log& log)
        : house_(house), words_(words), origin_(std::move(origin)), log_(log) {}

    /// Does what is due now in all collectives. `pulse` is called now and then. Errors: the
    /// database, or what `pulse` says; what was done until then stays. A series of whose zone this
    /// machine knows nothing is passed over, and logged once.
    [[nodiscard]] Result<void> run(const Pulse& pulse) const;

  private:
    /// What is to be done in one series.
    struct Due {
        bool to_tell = false;
        std::vector<Step> steps;
    };
    [[nodiscard]] Result<void> run_in(const auth::Collective& collective, const Pulse& pulse) const;
    [[nodiscard]] Result<Due> look(Transaction& transaction, const Teller& teller, const Plan& plan,
                                   const std::set<Step>& done) const;
    [[nodiscard]] Result<void> run_series(const Teller& teller, const Plan& plan,
                                          const std::set<Step>& done, const Pulse& pulse) const;

    const pages::House& house_;
    std::span<const pages::Catalogue> words_;
    std::string origin_;
    mutable LogOnce log_; ///< what was said; the sweep itself remembers nothing
};

/// As work that comes again. The sweep outlives it.
[[nodiscard]] jobs::Work gathering_work(const Sweep& sweep);

/// Drops what was noted of gatherings that are long over, in all collectives.
[[nodiscard]] Result<void> forget_old_gatherings(Transaction& transaction,
                                                 const auth::Directory& directory, Moment now);

} // namespace allot::gatherings
