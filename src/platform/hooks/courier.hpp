/// Posts what rooms announced: the work of the jobs of kind "hook".
///
/// A message is marked `sending` in a transaction of its own before anything goes out, under an id
/// that stays. Where a process ends in between, nobody knows whether it arrived; the kind of its
/// hook says whether it is sent again or not. A hook in trouble is left alone as a whole, so that
/// one that is silent costs the others one wait and not one a message.
#pragma once

#include "platform/hooks/delivery.hpp"
#include "platform/hooks/hook_store.hpp"
#include "platform/hooks/poster.hpp"
#include "platform/jobs/runner.hpp"

#include <variant>

namespace allot::hooks {

/// How long a hook is left alone after its `failures`th failure, from 1: as the other end asks for,
/// but at least `jobs::pause_after` and at most `longest_quiet`.
inline constexpr std::chrono::hours longest_quiet{6};
[[nodiscard]] std::chrono::microseconds quiet_after(std::int64_t failures, const Posted& posted,
                                                    Entropy& entropy);

/// For one thread; what it is made from outlives it.
class Courier {
  public:
    Courier(store::Store& store, const Clock& clock, Entropy& entropy, Poster& poster)
        : store_(store), clock_(clock), entropy_(entropy), poster_(poster) {}

    /// One try. Errors: the database; then it is tried again.
    [[nodiscard]] Result<jobs::Outcome> deliver(jobs::Held& held);

  private:
    /// What is to be posted, and by which hook.
    struct Order {
        Delivery delivery;
        Hook hook;
    };
    using Next = std::variant<jobs::Outcome, Order>;
    [[nodiscard]] Result<Next> begin(Transaction& transaction, jobs::Held& held);
    [[nodiscard]] std::optional<State> why_not(const Order& order) const;
    [[nodiscard]] Result<jobs::Outcome> end(Transaction& transaction, jobs::Held& held,
                                            State state);
    [[nodiscard]] Result<jobs::Outcome> note(Transaction& transaction, jobs::Held& held,
                                             const Order& order, const Posted& posted);
    [[nodiscard]] Result<jobs::Outcome> note_failed(Transaction& transaction, jobs::Held& held,
                                                    const Order& order, const Posted& posted);

    store::Store& store_;
    const Clock& clock_;
    Entropy& entropy_;
    Poster& poster_;
};

} // namespace allot::hooks
