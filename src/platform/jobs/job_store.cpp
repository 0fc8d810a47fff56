#include "platform/jobs/job_store.hpp"

#include <algorithm>
#include <tuple>

namespace allot::jobs {

namespace {

using store::Row;
using store::Statement;

constexpr Statement insert_job =
    "INSERT INTO job (collective_id, id, kind, about, first_due, due_at, holder, tries, trouble) "
    "VALUES ($1, $2, $3, $4, $5, $5, '', 0, '') ON CONFLICT (collective_id, id) DO NOTHING";
// Across collectives: what is due is taken from all of them.
constexpr Statement find_next = "SELECT MIN(due_at) FROM job WHERE kind = $1";

// MATERIALIZED: what was locked is decided once.
#define CLAIM(LOCK)                                                                                \
    "WITH due AS MATERIALIZED (SELECT collective_id AS due_scope, id AS due_id FROM job "          \
    "WHERE kind = $1 AND due_at <= $2 ORDER BY due_at, collective_id, id LIMIT 16" LOCK            \
    ") UPDATE job SET holder = $3, due_at = $4, "                                                  \
    "tries = tries + CASE WHEN holder = '' THEN 0 ELSE 1 END "                                     \
    "FROM due WHERE collective_id = due_scope AND id = due_id "                                    \
    "RETURNING collective_id, id, about, tries, first_due"
constexpr store::Claim claim_due{.alone = CLAIM(""),
                                 .among_others = CLAIM(" FOR UPDATE SKIP LOCKED")};
#undef CLAIM
static_assert(most_at_once == 16, "as the statement says");

constexpr Statement extend_lease =
    "UPDATE job SET due_at = $4 WHERE collective_id = $1 AND id = $2 AND holder = $3";
constexpr Statement drop_job =
    "DELETE FROM job WHERE collective_id = $1 AND id = $2 AND holder = $3";
constexpr Statement release_job = "UPDATE job SET due_at = $4, holder = '', tries = $5, "
                                  "trouble = $6 "
                                  "WHERE collective_id = $1 AND id = $2 AND holder = $3";
constexpr Statement end_job = "UPDATE job SET due_at = NULL, holder = '', trouble = $4, "
                              "given_up_day = $5 "
                              "WHERE collective_id = $1 AND id = $2 AND holder = $3";
constexpr Statement list_troubles =
    "SELECT DISTINCT kind, trouble, COALESCE(given_up_day, 0) AS ended_day FROM job "
    "WHERE collective_id = $1 AND trouble <> '' ORDER BY ended_day DESC, kind, trouble LIMIT 100";
constexpr Statement drop_given_up = "DELETE FROM job WHERE given_up_day < $1";
constexpr Statement drop_untaken = "DELETE FROM job WHERE due_at < $1";

/// Whoever holds a job changes exactly its row.
[[nodiscard]] Result<void> held(Result<std::int64_t> changed) {
    TRY(const std::int64_t rows, std::move(changed));
    if (rows == 0) {
        return fail(ErrorKind::conflict, "another process has taken this work");
    }
    return {};
}

} // namespace

Result<void> ask_for(Transaction& transaction, std::string_view scope, std::string_view id,
                     std::string_view kind, std::string_view about, Moment due) {
    TRY_DO(transaction.run(insert_job, {scope, id, kind, about, due}));
    return {};
}

Result<std::optional<Moment>> next_due(Transaction& transaction, std::string_view kind) {
    TRY(const auto row, transaction.row(find_next, {kind}));
    return row && !row->is_null(0) ? std::optional(row->moment(0)) : std::nullopt;
}

Result<std::vector<Job>> claim(store::Store& store, std::string_view kind, std::string_view holder,
                               Moment now) {
    TRY(const auto rows, store.claim(claim_due, {kind, now, holder, now + lease_time}));
    std::vector<Job> jobs;
    std::ranges::transform(rows, std::back_inserter(jobs), [](const Row& row) {
        return Job{.scope = row.text(0),
                   .id = row.text(1),
                   .about = row.text(2),
                   .tries = row.integer(3),
                   .first_due = row.moment(4)};
    });
    std::ranges::sort(jobs, {}, [](const Job& job) { return std::tie(job.first_due, job.id); });
    return jobs;
}

Result<void> keep(Transaction& transaction, const Job& job, std::string_view holder, Moment now) {
    return held(transaction.run(extend_lease, {job.scope, job.id, holder, now + lease_time}));
}

Result<void> finish(Transaction& transaction, const Job& job, std::string_view holder) {
    return held(transaction.run(drop_job, {job.scope, job.id, holder}));
}

Result<void> put_off(Transaction& transaction, const Job& job, std::string_view holder,
                     Moment until, std::int64_t tries, std::string_view trouble) {
    return held(transaction.run(release_job, {job.scope, job.id, holder, until, tries, trouble}));
}

Result<void> give_up(Transaction& transaction, const Job& job, std::string_view holder,
                     std::string_view trouble, Moment now) {
    const auto today = std::chrono::floor<std::chrono::days>(now);
    return held(transaction.run(end_job, {job.scope, job.id, holder, trouble, today}));
}

Result<std::vector<Trouble>> troubles(Transaction& transaction, std::string_view scope) {
    TRY(const auto rows, transaction.rows(list_troubles, {scope}));
    std::vector<Trouble> all;
    for (const Row& row : rows) {
        all.push_back({.kind = row.text(0), .words = row.text(1)});
        if (row.integer(2) != 0) {
            all.back().given_up = row.day(2);
        }
    }
    return all;
}

Result<void> forget_old(Transaction& transaction, std::chrono::sys_days day) {
    TRY_DO(transaction.run(drop_given_up, {day}));
    TRY_DO(transaction.run(drop_untaken, {Moment(day)}));
    return {};
}

} // namespace allot::jobs
