#include "collective/gatherings/words_wait.hpp"

#include "collective/gatherings/series_store.hpp"
#include "collective/people/person_store.hpp"
#include "platform/auth/secrets.hpp"
#include "platform/mail/wishes.hpp"

#include <algorithm>
#include <set>

namespace allot::gatherings {

namespace {

using pages::Catalogue;
using std::chrono::days;
using std::chrono::floor;
using store::Statement;

constexpr Statement list_waiting =
    "SELECT h.person_id, a.series_id, a.original FROM addition a "
    "JOIN series_host h ON h.collective_id = a.collective_id AND h.series_id = a.series_id "
    "LEFT JOIN waiting_told t ON t.collective_id = a.collective_id AND t.addition_id = a.id "
    "AND t.person_id = h.person_id WHERE a.collective_id = $1 AND a.state = 'waiting' "
    "GROUP BY h.person_id, a.series_id, a.original "
    "HAVING SUM(CASE WHEN t.addition_id IS NULL THEN 0 ELSE 1 END) = 0 "
    "ORDER BY h.person_id, a.series_id, a.original";
constexpr Statement find_last_day =
    "SELECT MAX(told_day) FROM waiting_told WHERE collective_id = $1 AND person_id = $2";
constexpr Statement put_told =
    "INSERT INTO waiting_told (collective_id, addition_id, person_id, told_day) "
    "SELECT a.collective_id, a.id, $4, $5 FROM addition a WHERE a.collective_id = $1 "
    "AND a.series_id = $2 AND a.original = $3 AND a.state = 'waiting' "
    "ON CONFLICT (collective_id, addition_id, person_id) DO NOTHING";
constexpr Statement drop_looked_at =
    "DELETE FROM waiting_told WHERE collective_id = $1 AND told_day < $2 AND NOT EXISTS "
    "(SELECT 1 FROM addition a WHERE a.collective_id = $1 AND a.id = waiting_told.addition_id "
    "AND a.state = 'waiting')";

/// A thread in which all that waits is new to one host.
struct Waiting {
    PersonId host;
    SeriesId series;
    Wall original;
};

[[nodiscard]] Result<std::vector<Waiting>> all_waiting(Transaction& transaction,
                                                       const CollectiveId& collective) {
    TRY(const auto rows, transaction.rows(list_waiting, {collective}));
    std::vector<Waiting> all;
    std::ranges::transform(rows, std::back_inserter(all), [](const store::Row& row) {
        return Waiting{.host = row.id<PersonId>(0),
                       .series = row.id<SeriesId>(1),
                       .original = wall_of(row.integer(2))};
    });
    return all;
}

[[nodiscard]] Result<bool> was_told_today(Transaction& transaction, const Teller& teller,
                                          const PersonId& host) {
    TRY(const auto row, transaction.row(find_last_day, {teller.collective.id, host}));
    return row && !row->is_null(0) && row->day(0) >= floor<days>(teller.now);
}

[[nodiscard]] Result<bool> rests(Transaction& transaction, const CollectiveId& collective,
                                 const Waiting& waiting) {
    TRY(const auto hosts, hosts_of(transaction, collective, waiting.series));
    const auto found = std::ranges::find(hosts, waiting.host, &Host::person);
    return found == hosts.end() || found->rests;
}

/// "Journal club" and the address of its page; empty where the series is over.
[[nodiscard]] Result<std::string> line_about(Transaction& transaction, const Teller& teller,
                                             const Waiting& waiting) {
    const CollectiveId& collective = teller.collective.id;
    TRY(const auto series, find_series(transaction, collective, waiting.series));
    if (!series || is_over(*series, floor<days>(teller.now))) {
        return std::string();
    }
    TRY(const Gathering one,
        gathering_at(transaction, collective, waiting.series, waiting.original));
    return title_of(*series, &one) + "\n" + teller.address_of(*series, waiting.original) + "\n";
}

} // namespace

Result<std::vector<PersonId>> hosts_to_tell(Transaction& transaction, const Teller& teller) {
    TRY(const auto all, all_waiting(transaction, teller.collective.id));
    std::set<PersonId> hosts;
    for (const Waiting& waiting : all) {
        TRY(const bool resting, rests(transaction, teller.collective.id, waiting));
        TRY(const bool told, was_told_today(transaction, teller, waiting.host));
        if (!resting && !told) {
            hosts.insert(waiting.host);
        }
    }
    return std::vector(hosts.begin(), hosts.end());
}

Result<void> tell_of_waiting(Transaction& transaction, const Teller& teller, const PersonId& host) {
    const CollectiveId& collective = teller.collective.id;
    TRY(const bool told, was_told_today(transaction, teller, host));
    TRY(const auto who, people::find_person(transaction, collective, host));
    if (told || !who || who->mail.empty()) {
        return {};
    }
    TRY(const auto all, all_waiting(transaction, collective));
    std::string lines;
    for (const Waiting& waiting : all) {
        if (waiting.host == host) {
            TRY(const std::string line, line_about(transaction, teller, waiting));
            lines += line.empty() ? line : line + "\n";
            TRY_DO(
                transaction.run(put_told, {collective, waiting.series, count_of(waiting.original),
                                           host, floor<days>(teller.now)}));
        }
    }
    TRY(const auto wishes,
        mail::wishes_of(transaction, collective.text(), auth::hash_of(who->mail)));
    if (lines.empty() || !wishes.wants(mail::rule_of(mail::Kind::reminder))) {
        return {};
    }
    const Catalogue& words = teller.words_for(who->profile.page_language);
    const std::initializer_list<pages::Argument> given = {
        {"collective", std::string_view(teller.collective.name)},
        {"threads", std::string_view(lines)}};
    return write(transaction, teller,
                 {.kind = mail::Kind::reminder,
                  .recipient = who->mail,
                  .subject = words.say("waiting.subject", given),
                  .body = words.say("waiting.body", given)});
}

Result<void> forget_waiting(Transaction& transaction, const CollectiveId& collective,
                            std::chrono::sys_days today) {
    TRY_DO(transaction.run(drop_looked_at, {collective, today}));
    return {};
}

} // namespace allot::gatherings
