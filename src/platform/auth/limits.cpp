#include "platform/auth/limits.hpp"

#include "platform/auth/secrets.hpp"

namespace allot::auth {

namespace {

using store::Statement;

constexpr Statement find_rate = "SELECT began_at, times FROM rate WHERE what = $1 AND whom = $2";
constexpr Statement set_rate =
    "INSERT INTO rate (what, whom, began_at, times) VALUES ($1, $2, $3, $4) "
    "ON CONFLICT (what, whom) DO UPDATE SET began_at = $3, times = $4";
constexpr Statement drop_rates = "DELETE FROM rate WHERE whom = $1";

} // namespace

Result<void> forget_tries(store::Transaction& transaction, std::string_view whom) {
    TRY_DO(transaction.run(drop_rates, {hash_of(whom)}));
    return {};
}

Result<void> count_try(store::Transaction& transaction, const Allowance& allowance,
                       std::string_view whom, Moment now) {
    const std::string hash = hash_of(whom);
    TRY(const auto row, transaction.row(find_rate, {allowance.what, hash}));
    // A clock that had jumped ahead must not lock anybody out until then.
    const bool goes_on = row && row->moment(0) > now - allowance.window && row->moment(0) <= now;
    const Moment began = goes_on ? row->moment(0) : now;
    const std::int64_t times = goes_on ? row->integer(1) : 0;
    if (times >= allowance.times) {
        return fail(ErrorKind::too_many, "problem.asked_often");
    }
    TRY_DO(transaction.run(set_rate, {allowance.what, hash, began, times + 1}));
    return {};
}

} // namespace allot::auth
