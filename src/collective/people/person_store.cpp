#include "collective/people/person_store.hpp"

#include "base/text.hpp"
#include "platform/auth/audit.hpp"
#include "platform/auth/limits.hpp"
#include "platform/auth/secrets.hpp"
#include "platform/auth/sign_in.hpp"
#include "platform/mail/outbox.hpp"

#include <algorithm>

namespace allot::people {

namespace {

using store::Row;
using store::Statement;

constexpr Statement insert_collective =
    "INSERT INTO collective (id, slug, name, about, zone, is_demo, began_day) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7)";
constexpr Statement list_collectives =
    "SELECT id, slug, name, zone FROM collective ORDER BY name, id";
constexpr Statement find_collective = "SELECT id, slug, name, zone FROM collective WHERE slug = $1";
constexpr Statement find_about = "SELECT about, is_demo FROM collective WHERE id = $1";

constexpr Statement update_collective =
    "UPDATE collective SET name = $2, about = $3, zone = $4 WHERE id = $1";

constexpr Statement insert_person =
    "INSERT INTO person (collective_id, id, mail, name, said, own_words, how_i_work, languages, "
    "access_needs, shows_access, here_for, here_for_words, zone, page_language, hours_free, "
    "hours_maybe, role, role_ask_day, resting, calendar_hash, joined_day, erased) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, '', '', $15, $16, 0, "
    "NULL, $17, 0)";

#define PERSON_COLUMNS                                                                             \
    "id, mail, name, said, own_words, how_i_work, languages, access_needs, shows_access, "         \
    "here_for, here_for_words, zone, page_language, hours_free, hours_maybe, role, role_ask_day, " \
    "resting, calendar_hash, joined_day, erased"

constexpr Statement find_by_id =
    "SELECT " PERSON_COLUMNS " FROM person WHERE collective_id = $1 AND id = $2";
constexpr Statement find_by_mail =
    "SELECT " PERSON_COLUMNS " FROM person WHERE collective_id = $1 AND mail = $2";
constexpr Statement find_by_calendar =
    "SELECT " PERSON_COLUMNS " FROM person WHERE collective_id = $1 AND calendar_hash = $2 "
    "AND erased = 0";
constexpr Statement list_people =
    "SELECT " PERSON_COLUMNS " FROM person WHERE collective_id = $1 AND erased = 0 "
    "AND role <> 'guest' ORDER BY name, id";
constexpr Statement list_stewards = "SELECT id FROM person WHERE collective_id = $1 AND erased = 0 "
                                    "AND role = 'steward' ORDER BY id";

constexpr Statement find_another = "SELECT id FROM person WHERE collective_id = $1 AND id <> $2 "
                                   "AND erased = 0 LIMIT 1";

constexpr Statement update_profile =
    "UPDATE person SET name = $3, said = $4, own_words = $5, how_i_work = $6, languages = $7, "
    "access_needs = $8, shows_access = $9, here_for = $10, here_for_words = $11, zone = $12, "
    "page_language = $13 WHERE collective_id = $1 AND id = $2";
constexpr Statement update_hours = "UPDATE person SET hours_free = $3, hours_maybe = $4 "
                                   "WHERE collective_id = $1 AND id = $2";
constexpr Statement update_rest =
    "UPDATE person SET resting = $3 WHERE collective_id = $1 AND id = $2";
constexpr Statement update_role =
    "UPDATE person SET role = $3, role_ask_day = $4 WHERE collective_id = $1 AND id = $2";
constexpr Statement update_calendar =
    "UPDATE person SET calendar_hash = $3 WHERE collective_id = $1 AND id = $2";
constexpr Statement blank_person =
    "UPDATE person SET mail = NULL, name = '', said = '', own_words = '', how_i_work = '', "
    "languages = '', access_needs = '', shows_access = 0, here_for = '', here_for_words = '', "
    "zone = '', page_language = '', hours_free = '', hours_maybe = '', role = 'guest', "
    "resting = 0, calendar_hash = NULL, erased = 1 WHERE collective_id = $1 AND id = $2";

constexpr Statement list_everybody = "SELECT id, role FROM person WHERE collective_id = $1 "
                                     "AND erased = 0 ORDER BY joined_day, id";
constexpr Statement list_erased = "SELECT id FROM person WHERE erased = 1 ORDER BY id";

[[nodiscard]] std::chrono::sys_days day_of(Moment now) {
    return std::chrono::floor<std::chrono::days>(now);
}

[[nodiscard]] std::string joined(const std::vector<std::string>& words) {
    std::string all;
    for (const std::string& word : words) {
        all += (all.empty() ? "" : "|") + word;
    }
    return all;
}

[[nodiscard]] auth::Collective collective_from(const Row& row) {
    return {.id = row.id<CollectiveId>(0),
            .slug = row.text(1),
            .name = row.text(2),
            .zone = row.text(3)};
}

[[nodiscard]] Person person_from(const Row& row) {
    return {.id = row.id<PersonId>(0),
            .mail = row.maybe_text(1).value_or(""),
            .profile = {.name = row.text(2),
                        .said = row.text(3),
                        .own_words = row.text(4),
                        .how_i_work = row.text(5),
                        .languages = row.text(6),
                        .access_needs = row.text(7),
                        .shows_access = row.truth(8),
                        .here_for = text::split_list(row.text(9), '|'),
                        .here_for_words = row.text(10),
                        .zone = row.text(11),
                        .page_language = row.text(12)},
            .hours = {.free = row.text(13), .maybe = row.text(14)},
            .role = auth::role_named(row.text(15)),
            .role_asked = row.day(16),
            .resting = row.truth(17),
            .has_calendar_link = !row.is_null(18),
            .joined = row.day(19),
            .erased = row.truth(20)};
}

/// For updates by id: nobody there is the same as a person of another collective.
[[nodiscard]] Result<void> one_changed(Result<std::int64_t> changed) {
    TRY(const std::int64_t rows, std::move(changed));
    if (rows == 0) {
        return fail(ErrorKind::missing, "people.nobody");
    }
    return {};
}

} // namespace

Result<CollectiveId> begin_collective(Transaction& transaction, const NewCollective& collective,
                                      Moment now, Entropy& entropy) {
    auto id = new_id<auth::CollectiveId>(now, entropy);
    TRY_DO(
        transaction.run(insert_collective, {id, collective.slug, collective.name, collective.about,
                                            collective.zone, collective.is_demo, day_of(now)}));
    return id;
}

Result<std::vector<auth::Collective>> collectives(Transaction& transaction) {
    TRY(const auto rows, transaction.rows(list_collectives));
    std::vector<auth::Collective> all;
    std::ranges::transform(rows, std::back_inserter(all), collective_from);
    return all;
}

Result<std::optional<auth::Collective>> collective_named(Transaction& transaction,
                                                         std::string_view slug) {
    TRY(const auto row, transaction.row(find_collective, {slug}));
    return row ? std::optional(collective_from(*row)) : std::nullopt;
}

Result<AboutCollective> about_collective(Transaction& transaction, const CollectiveId& collective) {
    TRY(const auto row, transaction.row(find_about, {collective}));
    return row ? AboutCollective{.about = row->text(0), .is_demo = row->truth(1)}
               : AboutCollective{};
}

Result<void> save_collective(Transaction& transaction, const CollectiveId& collective,
                             std::string_view name, std::string_view about, std::string_view zone) {
    return one_changed(transaction.run(update_collective, {collective, name, about, zone}));
}

Result<PersonId> add_person(Transaction& transaction, const CollectiveId& collective,
                            std::string_view mail, const Profile& profile, Role role, Moment now,
                            Entropy& entropy) {
    auto id = new_id<auth::PersonId>(now, entropy);
    TRY_DO(transaction.run(insert_person,
                           {collective, id, mail, profile.name, profile.said, profile.own_words,
                            profile.how_i_work, profile.languages, profile.access_needs,
                            profile.shows_access, joined(profile.here_for), profile.here_for_words,
                            profile.zone, profile.page_language, auth::name_of(role),
                            day_of(now) + steward_time, day_of(now)}));
    return id;
}

Result<std::optional<Person>> find_person(Transaction& transaction, const CollectiveId& collective,
                                          const PersonId& person) {
    TRY(const auto row, transaction.row(find_by_id, {collective, person}));
    return row ? std::optional(person_from(*row)) : std::nullopt;
}

Result<std::optional<Person>>
person_with_mail(Transaction& transaction, const CollectiveId& collective, std::string_view mail) {
    TRY(const auto row, transaction.row(find_by_mail, {collective, mail}));
    return row ? std::optional(person_from(*row)) : std::nullopt;
}

Result<std::optional<Person>> person_with_calendar(Transaction& transaction,
                                                   const CollectiveId& collective,
                                                   std::string_view secret) {
    TRY(const auto row, transaction.row(find_by_calendar, {collective, auth::hash_of(secret)}));
    return row ? std::optional(person_from(*row)) : std::nullopt;
}

Result<std::vector<Person>> all_people(Transaction& transaction, const CollectiveId& collective) {
    TRY(const auto rows, transaction.rows(list_people, {collective}));
    std::vector<Person> people;
    std::ranges::transform(rows, std::back_inserter(people), person_from);
    return people;
}

Result<void> save_profile(Transaction& transaction, const CollectiveId& collective,
                          const PersonId& person, const Profile& profile) {
    return one_changed(transaction.run(
        update_profile,
        {collective, person, profile.name, profile.said, profile.own_words, profile.how_i_work,
         profile.languages, profile.access_needs, profile.shows_access, joined(profile.here_for),
         profile.here_for_words, profile.zone, profile.page_language}));
}

Result<void> save_hours(Transaction& transaction, const CollectiveId& collective,
                        const PersonId& person, const UsualHours& hours) {
    return one_changed(
        transaction.run(update_hours, {collective, person, hours.free, hours.maybe}));
}

Result<void> save_rest(Transaction& transaction, const CollectiveId& collective,
                       const PersonId& person, bool resting) {
    return one_changed(transaction.run(update_rest, {collective, person, resting}));
}

Result<void> save_role(Transaction& transaction, const CollectiveId& collective,
                       const PersonId& person, Role role, Moment now) {
    return one_changed(transaction.run(
        update_role, {collective, person, auth::name_of(role), day_of(now) + steward_time}));
}

Result<std::vector<PersonId>> stewards(Transaction& transaction, const CollectiveId& collective) {
    TRY(const auto rows, transaction.rows(list_stewards, {collective}));
    std::vector<PersonId> ids;
    std::ranges::transform(rows, std::back_inserter(ids),
                           [](const Row& row) { return row.id<PersonId>(0); });
    return ids;
}

Result<bool> is_alone(Transaction& transaction, const CollectiveId& collective,
                      const PersonId& person) {
    TRY(const auto others, transaction.rows(find_another, {collective, person}));
    return others.empty();
}

Result<bool> is_last_steward(Transaction& transaction, const CollectiveId& collective,
                             const PersonId& person) {
    TRY(const auto keepers, stewards(transaction, collective));
    TRY(const bool alone, is_alone(transaction, collective, person));
    return keepers == std::vector{person} && !alone;
}

Result<std::string> new_calendar_secret(Transaction& transaction, const CollectiveId& collective,
                                        const PersonId& person, Entropy& entropy) {
    std::string secret = auth::new_secret(entropy);
    TRY_DO(
        one_changed(transaction.run(update_calendar, {collective, person, auth::hash_of(secret)})));
    return secret;
}

Result<void> erase_person(Transaction& transaction, const CollectiveId& collective,
                          const Person& person) {
    TRY_DO(auth::forget_pseudonym(transaction, collective, person.id));
    TRY_DO(auth::end_sessions(transaction, person.mail));
    TRY_DO(auth::forget_tries(transaction, person.mail));
    for (const std::string_view scope : {mail::server_scope, std::string_view(collective.text())}) {
        TRY_DO(mail::drop_mail_to(transaction, scope, person.mail));
    }
    return one_changed(transaction.run(blank_person, {collective, person.id}));
}

Result<std::vector<std::pair<PersonId, Role>>> everybody(Transaction& transaction,
                                                         const CollectiveId& collective) {
    TRY(const auto rows, transaction.rows(list_everybody, {collective}));
    std::vector<std::pair<PersonId, Role>> all;
    std::ranges::transform(rows, std::back_inserter(all), [](const Row& row) {
        return std::pair(row.id<PersonId>(0), auth::role_named(row.text(1)));
    });
    return all;
}

Result<std::vector<PersonId>> erased_people(Transaction& transaction) {
    TRY(const auto rows, transaction.rows(list_erased));
    std::vector<PersonId> ids;
    std::ranges::transform(rows, std::back_inserter(ids),
                           [](const Row& row) { return row.id<PersonId>(0); });
    return ids;
}

} // namespace allot::people
