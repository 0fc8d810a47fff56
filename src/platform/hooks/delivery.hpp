/// Messages on their way to hooks, in the database.
#pragma once

#include "platform/hooks/bodies.hpp"
#include "platform/store/store.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace allot::hooks {

/// Where a message to one hook is.
enum class State : std::uint8_t {
    waiting,
    sending,   ///< a process has begun: nobody knows whether it arrived until that process says so
    sent,      ///< the other end has taken it
    unsure,    ///< perhaps sent, and its kind is not sent twice
    refused,   ///< by the other end, for good
    held_back, ///< the hook was paused
    over,      ///< too late to be of use
};
[[nodiscard]] std::string_view name_of(State state);
[[nodiscard]] bool is_state(std::string_view name);

/// Of no use when so old, whatever it says of itself.
inline constexpr std::chrono::days longest_wait{2};

struct Delivery {
    Named named; ///< of one that has ended no words are left
    HookId hook;
    bool is_test = false;
    State state = State::waiting;
};

[[nodiscard]] Result<std::optional<Delivery>>
find_delivery(store::Transaction& transaction, std::string_view scope, std::string_view id);

[[nodiscard]] Result<void> mark(store::Transaction& transaction, std::string_view scope,
                                std::string_view id, State state);
/// Its way has ended: its words are dropped, and of its moment the day is kept.
[[nodiscard]] Result<void> mark_ended(store::Transaction& transaction, std::string_view scope,
                                      std::string_view id, State state, Moment now);

/// Where the last test message to each hook is.
[[nodiscard]] Result<std::map<HookId, State>> tests_of(store::Transaction& transaction,
                                                       std::string_view scope);

/// Drops the words of what nobody sent in time, in all collectives.
[[nodiscard]] Result<void> drop_old_deliveries(store::Transaction& transaction, Moment now);

} // namespace allot::hooks
