/// How often somebody may do something that costs others: ask for mail, try a link.
#pragma once

#include "platform/store/store.hpp"

#include <chrono>
#include <string_view>

namespace allot::auth {

struct Allowance {
    std::string_view what; ///< "sign_in_mail"
    std::int64_t times = 1;
    std::chrono::minutes window{60};
};

/// Forgets what was counted of an address, as when a person is erased.
[[nodiscard]] Result<void> forget_tries(store::Transaction& transaction, std::string_view whom);

/// Counts one more try of `whom` (an address, of mail or of the network), which is kept only as a
/// hash. Errors: `too_many` where the allowance of this window is used up. Windows begin with
/// a first try.
[[nodiscard]] Result<void> count_try(store::Transaction& transaction, const Allowance& allowance,
                                     std::string_view whom, Moment now);

} // namespace allot::auth
