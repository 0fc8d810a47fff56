/// Hooks in the database.
#pragma once

#include "platform/hooks/hook.hpp"
#include "platform/store/store.hpp"

#include <optional>
#include <string_view>
#include <vector>

namespace allot::hooks {

using store::Transaction;

/// Errors: `too_many` where the collective has `most_hooks`.
[[nodiscard]] Result<HookId> add_hook(Transaction& transaction, std::string_view scope,
                                      const About& about, Moment now, Entropy& entropy);
[[nodiscard]] Result<std::optional<Hook>> find_hook(Transaction& transaction,
                                                    std::string_view scope, const HookId& hook);
/// All of a collective, by name as bytes.
[[nodiscard]] Result<std::vector<Hook>> all_hooks(Transaction& transaction, std::string_view scope);
/// With what is on its way to it.
[[nodiscard]] Result<void> remove_hook(Transaction& transaction, std::string_view scope,
                                       const HookId& hook);

/// It posts nothing until it is resumed; what comes meanwhile is not posted later.
[[nodiscard]] Result<void> pause_hook(Transaction& transaction, std::string_view scope,
                                      const HookId& hook, Trouble why, Moment now);
[[nodiscard]] Result<void> resume_hook(Transaction& transaction, std::string_view scope,
                                       const HookId& hook);

/// It has posted: its troubles are over. A hook that is paused stays so.
[[nodiscard]] Result<void> note_posted(Transaction& transaction, std::string_view scope,
                                       const HookId& hook, Moment now);
/// A try has failed; it is left alone until `quiet_until`.
[[nodiscard]] Result<void> note_trouble(Transaction& transaction, std::string_view scope,
                                        const HookId& hook, Trouble trouble, Moment now,
                                        std::optional<Moment> quiet_until);

} // namespace allot::hooks
