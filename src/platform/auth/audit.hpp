/// What was done, on which day, by which pseudonym: never what was written. Erasing a person
/// destroys the key from which her pseudonym comes; then nobody can say who it was.
#pragma once

#include "platform/auth/viewer.hpp"
#include "platform/store/store.hpp"

#include <string_view>

namespace allot::auth {

/// One line; `what` names an action of the house ("role_changed"), nothing that people typed.
[[nodiscard]] Result<void> note_audit(store::Transaction& transaction,
                                      const CollectiveId& collective, const PersonId& who,
                                      std::string_view what, Moment now, Entropy& entropy);

[[nodiscard]] Result<void> forget_pseudonym(store::Transaction& transaction,
                                            const CollectiveId& collective, const PersonId& who);

} // namespace allot::auth
