/// Work that is due, as rows: written in the transaction of what it follows from, taken by one of
/// several processes, and taken again by another where a process died.
#pragma once

#include "platform/store/store.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace allot::jobs {

using store::Transaction;

/// The scope of work that belongs to no collective.
inline constexpr std::string_view server_scope = "-";

/// How long a process has what it took, unless it asks for longer. Where a process died, others
/// begin so much later. Clocks of machines on one database have to agree much better than this.
inline constexpr std::chrono::seconds lease_time{20};
/// Taken at once; the rest is left to others.
inline constexpr std::size_t most_at_once = 16;

struct Job {
    std::string scope; ///< the collective, or `server_scope`
    std::string id;
    std::string about;      ///< of what: the id of a row that the kind knows
    std::int64_t tries = 0; ///< how often it failed so far, or a process died over it
    Moment first_due;
};

/// Asks for work. `id` names it in its scope: where that is asked for already, nothing happens.
[[nodiscard]] Result<void> ask_for(Transaction& transaction, std::string_view scope,
                                   std::string_view id, std::string_view kind,
                                   std::string_view about, Moment due);

/// When the next of a kind is due; nothing where none is.
[[nodiscard]] Result<std::optional<Moment>> next_due(Transaction& transaction,
                                                     std::string_view kind);

/// Takes at most `most_at_once` that are due, the longest due first, for `holder`.
[[nodiscard]] Result<std::vector<Job>> claim(store::Store& store, std::string_view kind,
                                             std::string_view holder, Moment now);

/// These fail with `conflict` where the lease was over and another process has it.
[[nodiscard]] Result<void> keep(Transaction& transaction, const Job& job, std::string_view holder,
                                Moment now);
[[nodiscard]] Result<void> finish(Transaction& transaction, const Job& job,
                                  std::string_view holder);
/// `tries` from now on; `trouble` in words for stewards, empty where there is none.
[[nodiscard]] Result<void> put_off(Transaction& transaction, const Job& job,
                                   std::string_view holder, Moment until, std::int64_t tries,
                                   std::string_view trouble);
[[nodiscard]] Result<void> give_up(Transaction& transaction, const Job& job,
                                   std::string_view holder, std::string_view trouble, Moment now);

/// What does not go well, for stewards.
struct Trouble {
    std::string kind;
    std::string words;
    std::optional<std::chrono::sys_days> given_up; ///< nothing: it is tried again
};
/// Those of a scope, each once, what was given up first; at most 100.
[[nodiscard]] Result<std::vector<Trouble>> troubles(Transaction& transaction,
                                                    std::string_view scope);
/// Drops what was given up before `day`, and what was due before and nobody has taken, as where
/// there is no mail server; of all scopes.
[[nodiscard]] Result<void> forget_old(Transaction& transaction, std::chrono::sys_days day);

} // namespace allot::jobs
