#include "platform/auth/limits.hpp"

#include "base/text.hpp"
#include "platform/auth/secrets.hpp"

namespace allot::auth {

namespace {

using store::Statement;

constexpr Statement find_rate = "SELECT began_at, times FROM rate WHERE what = $1 AND whom = $2";
constexpr Statement set_rate =
    "INSERT INTO rate (what, whom, began_at, times) VALUES ($1, $2, $3, $4) "
    "ON CONFLICT (what, whom) DO UPDATE SET began_at = $3, times = $4";

} // namespace

Result<void> count_try(store::Transaction& transaction, const Allowance& allowance,
                       std::string_view whom, Moment now) {
    const std::string hash = hash_of(whom);
    TRY(const auto row, transaction.row(find_rate, {allowance.what, hash}));
    const bool goes_on = row && row->moment(0) > now - allowance.window;
    const Moment began = goes_on ? row->moment(0) : now;
    const std::int64_t times = goes_on ? row->integer(1) : 0;
    if (times >= allowance.times) {
        const auto wait = std::chrono::ceil<std::chrono::minutes>(began + allowance.window - now);
        return fail(ErrorKind::too_many, "that was asked for too often; try again in " +
                                             text::count_of(wait.count(), "minute", "minutes"));
    }
    TRY_DO(transaction.run(set_rate, {allowance.what, hash, began, times + 1}));
    return {};
}

} // namespace allot::auth
