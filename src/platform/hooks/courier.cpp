#include "platform/hooks/courier.hpp"

#include <algorithm>

namespace allot::hooks {

namespace {

using jobs::Held;
using jobs::Outcome;

/// What no later try would mend, before somebody has looked at it.
[[nodiscard]] bool pauses(Trouble trouble) {
    switch (trouble) {
    case Trouble::unauthorized:
    case Trouble::forbidden:
    case Trouble::missing:
    case Trouble::gone:
    case Trouble::moved:
    case Trouble::inside:
        return true;
    default:
        return false;
    }
}

} // namespace

std::chrono::microseconds quiet_after(std::int64_t failures, const Posted& posted,
                                      Entropy& entropy) {
    const std::chrono::microseconds longest = longest_quiet;
    const std::chrono::microseconds own = jobs::pause_after(failures, entropy);
    // Compared in seconds: what is asked for may be more than fits.
    const auto asked = std::min<std::chrono::seconds>(
        posted.retry_after.value_or(std::chrono::seconds(0)), longest_quiet);
    return std::clamp<std::chrono::microseconds>(asked, own, longest);
}

Result<Outcome> Courier::deliver(Held& held) {
    TRY(auto next,
        store_.write([&](Transaction& transaction) { return begin(transaction, held); }));
    if (auto* const outcome = std::get_if<Outcome>(&next)) {
        return std::move(*outcome);
    }
    const auto& order = std::get<Order>(next);
    const Request request = request_for(order.hook.about, order.delivery.named, clock_.now());
    const Posted posted = poster_.post(request, [&] {
        // Where the work is lost, what the other end says is noted for nobody: see `Held`.
        [[maybe_unused]] const auto kept = held.keep_alive();
    });
    return store_.write(
        [&](Transaction& transaction) { return note(transaction, held, order, posted); });
}

/// What is to be done with it now; the order, once it is marked.
Result<Courier::Next> Courier::begin(Transaction& transaction, Held& held) {
    const std::string& scope = held.job().scope;
    TRY(auto delivery, find_delivery(transaction, scope, held.job().about));
    const bool open =
        delivery && (delivery->state == State::waiting || delivery->state == State::sending);
    if (!open) {
        return Outcome{}; // dropped meanwhile, as with its hook; or sent
    }
    TRY(auto hook, find_hook(transaction, scope, delivery->hook));
    ALLOT_CHECK(hook.has_value(), "a message belongs to a hook");
    Order order{.delivery = *std::move(delivery), .hook = *std::move(hook)};
    if (const auto never = why_not(order)) {
        return end(transaction, held, *never);
    }
    const auto& quiet_until = order.hook.quiet_until;
    if (!order.delivery.is_test && quiet_until && *quiet_until > clock_.now()) {
        return Outcome{.again = quiet_until, .given_up = ""};
    }
    // From here on it may have been sent. Only whoever still has the work may begin.
    TRY_DO(held.keep(transaction));
    TRY_DO(mark(transaction, scope, order.delivery.named.id, State::sending));
    return order;
}

/// Why it is not sent at all, if so.
std::optional<State> Courier::why_not(const Order& order) const {
    const Delivery& delivery = order.delivery;
    const Message& message = delivery.named.message;
    if (delivery.state == State::sending && !rule_of(order.hook.about.kind).again) {
        return State::unsure;
    }
    const Moment now = clock_.now();
    if (now >= delivery.named.written + longest_wait ||
        (message.good_until && now >= *message.good_until)) {
        return State::over;
    }
    return order.hook.paused && !delivery.is_test ? std::optional(State::held_back) : std::nullopt;
}

Result<Outcome> Courier::end(Transaction& transaction, Held& held, State state) {
    TRY_DO(held.finish(transaction));
    TRY_DO(mark_ended(transaction, held.job().scope, held.job().about, state, clock_.now()));
    return Outcome{};
}

Result<Outcome> Courier::note(Transaction& transaction, Held& held, const Order& order,
                              const Posted& posted) {
    const std::string& scope = held.job().scope;
    const Moment now = clock_.now();
    if (posted.trouble == Trouble::none) {
        TRY_DO(note_posted(transaction, scope, order.hook.id, now));
        return end(transaction, held, State::sent);
    }
    if (pauses(posted.trouble)) {
        TRY_DO(pause_hook(transaction, scope, order.hook.id, posted.trouble, now));
        return end(transaction, held, State::refused);
    }
    if (posted.trouble == Trouble::refused) {
        TRY_DO(note_trouble(transaction, scope, order.hook.id, posted.trouble, now, std::nullopt));
        return end(transaction, held, State::refused);
    }
    return note_failed(transaction, held, order, posted);
}

/// Surely not taken: it waits again. Perhaps taken: the kind decides.
Result<Outcome> Courier::note_failed(Transaction& transaction, Held& held, const Order& order,
                                     const Posted& posted) {
    const std::string& scope = held.job().scope;
    const Moment now = clock_.now();
    const Moment again = now + quiet_after(order.hook.failures + 1, posted, entropy_);
    TRY_DO(note_trouble(transaction, scope, order.hook.id, posted.trouble, now, again));
    const bool unsure = posted.trouble == Trouble::unsure;
    if (order.delivery.is_test || (unsure && !rule_of(order.hook.about.kind).again)) {
        return end(transaction, held, unsure ? State::unsure : State::refused);
    }
    TRY_DO(held.keep(transaction));
    TRY_DO(mark(transaction, scope, order.delivery.named.id, State::waiting));
    return Outcome{.again = again, .given_up = ""};
}

} // namespace allot::hooks
