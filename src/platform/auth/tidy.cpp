#include "platform/auth/tidy.hpp"

namespace allot::auth {

namespace {

using store::Statement;

constexpr Statement drop_links = "DELETE FROM sign_in WHERE ends_at <= $1";
constexpr Statement drop_sessions = "DELETE FROM session WHERE ends_at <= $1";
constexpr Statement drop_rates = "DELETE FROM rate WHERE began_at <= $1";
constexpr Statement drop_commands = "DELETE FROM command WHERE done_day < $1";

constexpr std::chrono::days longest_window{1};
/// Whoever sends a form again does so within days.
constexpr std::chrono::days command_time{14};

} // namespace

Result<void> drop_what_is_over(store::Store& store, Moment now) {
    return store.write([&](store::Transaction& transaction) -> Result<void> {
        const auto today = std::chrono::floor<std::chrono::days>(now);
        TRY_DO(transaction.run(drop_links, {now}));
        TRY_DO(transaction.run(drop_sessions, {now}));
        TRY_DO(transaction.run(drop_rates, {now - longest_window}));
        TRY_DO(transaction.run(drop_commands, {today - command_time}));
        return {};
    });
}

} // namespace allot::auth
