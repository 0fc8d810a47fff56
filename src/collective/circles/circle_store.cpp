#include "collective/circles/circle_store.hpp"

#include "platform/auth/secrets.hpp"
#include "platform/pages/free_slug.hpp"

#include <algorithm>
#include <array>

namespace allot::circles {

namespace {

using store::Row;
using store::Statement;

#define ABOUT_COLUMNS                                                                              \
    "name, kind, issue, framework, way_quarter, way_evening, way_year, charter_purpose, "          \
    "charter_meeting, charter_treating, charter_hosting, charter_concern, charter_ending, "        \
    "joining, split_size"
#define CIRCLE_COLUMNS                                                                             \
    "c.id, c.slug, c.state, c.began_day, c.name, c.kind, c.issue, c.framework, c.way_quarter, "    \
    "c.way_evening, c.way_year, c.charter_purpose, c.charter_meeting, c.charter_treating, "        \
    "c.charter_hosting, c.charter_concern, c.charter_ending, c.joining, c.split_size"
constexpr std::size_t after_circle = 19;

constexpr Statement insert_circle =
    "INSERT INTO circle (collective_id, id, slug, state, began_day, " ABOUT_COLUMNS
    ") VALUES ($1, $2, $3, 'open', $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, "
    "$17, $18, $19)";
constexpr Statement find_slug = "SELECT id FROM circle WHERE collective_id = $1 AND slug = $2";
constexpr Statement find_circle =
    "SELECT " CIRCLE_COLUMNS " FROM circle c WHERE c.collective_id = $1 AND c.slug = $2";
constexpr Statement list_circles =
    "SELECT " CIRCLE_COLUMNS " FROM circle c WHERE c.collective_id = $1 "
    "ORDER BY c.name, c.id";
constexpr Statement list_without_host =
    "SELECT " CIRCLE_COLUMNS " FROM circle c WHERE c.collective_id = $1 AND c.state = 'open' "
    "AND NOT EXISTS (SELECT 1 FROM circle_part p WHERE p.collective_id = $1 "
    "AND p.circle_id = c.id AND p.part = 'host') ORDER BY c.name, c.id";
constexpr Statement update_about =
    "UPDATE circle SET name = $3, kind = $4, issue = $5, framework = $6, way_quarter = $7, "
    "way_evening = $8, way_year = $9, charter_purpose = $10, charter_meeting = $11, "
    "charter_treating = $12, charter_hosting = $13, charter_concern = $14, charter_ending = $15, "
    "joining = $16, split_size = $17 WHERE collective_id = $1 AND id = $2";
constexpr Statement set_ended =
    "UPDATE circle SET state = 'ended' WHERE collective_id = $1 AND id = $2";

constexpr Statement list_people =
    "SELECT p.person_id, p.part, p.resting, w.resting, p.ask_day, w.name, w.said "
    "FROM circle_part p JOIN person w ON w.collective_id = p.collective_id AND w.id = p.person_id "
    "WHERE p.collective_id = $1 AND p.circle_id = $2 "
    "ORDER BY CASE p.part WHEN 'host' THEN 0 ELSE 1 END, w.name, p.person_id";
constexpr Statement list_parts =
    "SELECT " CIRCLE_COLUMNS ", p.person_id, p.part, p.resting, w.resting, p.ask_day "
    "FROM circle_part p "
    "JOIN circle c ON c.collective_id = p.collective_id AND c.id = p.circle_id "
    "JOIN person w ON w.collective_id = p.collective_id AND w.id = p.person_id "
    "WHERE p.collective_id = $1 AND p.person_id = $2 ORDER BY c.name, c.id";
constexpr Statement find_part_name =
    "SELECT p.part FROM circle c "
    "JOIN circle_part p ON p.collective_id = c.collective_id AND p.circle_id = c.id "
    "WHERE c.collective_id = $1 AND c.slug = $2 AND p.person_id = $3";
constexpr Statement set_part =
    "INSERT INTO circle_part (collective_id, circle_id, person_id, part, resting, ask_day) "
    "VALUES ($1, $2, $3, $4, 0, $5) ON CONFLICT (collective_id, circle_id, person_id) "
    "DO UPDATE SET part = $4, ask_day = $5";
constexpr Statement delete_part =
    "DELETE FROM circle_part WHERE collective_id = $1 AND circle_id = $2 AND person_id = $3";
constexpr Statement update_rest = "UPDATE circle_part SET resting = $4 WHERE collective_id = $1 "
                                  "AND circle_id = $2 AND person_id = $3";
constexpr Statement delete_parts_of =
    "DELETE FROM circle_part WHERE collective_id = $1 AND person_id = $2";

constexpr Statement set_request =
    "INSERT INTO circle_request (collective_id, id, circle_id, person_id, words, asked_day) "
    "VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (collective_id, circle_id, person_id) "
    "DO UPDATE SET words = $5";
constexpr Statement list_requests =
    "SELECT r.id, r.circle_id, r.person_id, w.name, r.words, r.asked_day FROM circle_request r "
    "JOIN person w ON w.collective_id = r.collective_id AND w.id = r.person_id "
    "WHERE r.collective_id = $1 AND r.circle_id = $2 ORDER BY r.asked_day, r.id";
constexpr Statement list_own_requests =
    "SELECT " CIRCLE_COLUMNS ", r.id, r.circle_id, r.person_id, w.name, r.words, r.asked_day "
    "FROM circle_request r "
    "JOIN circle c ON c.collective_id = r.collective_id AND c.id = r.circle_id "
    "JOIN person w ON w.collective_id = r.collective_id AND w.id = r.person_id "
    "WHERE r.collective_id = $1 AND r.person_id = $2 ORDER BY c.name, c.id";
constexpr Statement delete_request =
    "DELETE FROM circle_request WHERE collective_id = $1 AND id = $2";
constexpr Statement delete_request_to =
    "DELETE FROM circle_request WHERE collective_id = $1 AND circle_id = $2 AND person_id = $3";
constexpr Statement delete_requests_to =
    "DELETE FROM circle_request WHERE collective_id = $1 AND circle_id = $2";
constexpr Statement delete_requests_of =
    "DELETE FROM circle_request WHERE collective_id = $1 AND person_id = $2";

constexpr Statement set_invitation =
    "INSERT INTO circle_invitation (collective_id, circle_id, secret_hash, ends_at) "
    "VALUES ($1, $2, $3, $4) ON CONFLICT (collective_id, circle_id) "
    "DO UPDATE SET secret_hash = $3, ends_at = $4";
constexpr Statement delete_invitation =
    "DELETE FROM circle_invitation WHERE collective_id = $1 AND circle_id = $2";
constexpr Statement find_invitation_end = "SELECT ends_at FROM circle_invitation "
                                          "WHERE collective_id = $1 AND circle_id = $2 "
                                          "AND ends_at > $3";
constexpr Statement find_invited =
    "SELECT " CIRCLE_COLUMNS " FROM circle_invitation i "
    "JOIN circle c ON c.collective_id = i.collective_id AND c.id = i.circle_id "
    "WHERE i.collective_id = $1 AND i.secret_hash = $2 AND i.ends_at > $3";

[[nodiscard]] std::chrono::sys_days day_of(Moment now) {
    return std::chrono::floor<std::chrono::days>(now);
}

[[nodiscard]] Circle circle_from(const Row& row) {
    About about{.name = row.text(4),
                .kind = kind_named(row.text(5)),
                .issue = row.text(6),
                .framework = row.text(7),
                .ways = {row.text(8), row.text(9), row.text(10)},
                .charter = {row.text(11), row.text(12), row.text(13), row.text(14), row.text(15),
                            row.text(16)},
                .joining = joining_named(row.text(17)),
                .split_size = row.maybe_integer(18)};
    return {.id = row.id<CircleId>(0),
            .slug = row.text(1),
            .about = std::move(about),
            .state = state_named(row.text(2)),
            .began = row.day(3)};
}

[[nodiscard]] std::vector<Circle> circles_from(const store::Rows& rows) {
    std::vector<Circle> circles;
    std::ranges::transform(rows, std::back_inserter(circles), circle_from);
    return circles;
}

/// Five columns from `first` on.
[[nodiscard]] Part part_from(const Row& row, std::size_t first) {
    return {.person = row.id<PersonId>(first),
            .name = part_named(row.text(first + 1)),
            .resting = row.truth(first + 2),
            .away = row.truth(first + 3),
            .ask_again = row.day(first + 4)};
}

[[nodiscard]] Request request_from(const Row& row, std::size_t first) {
    return {.id = row.id<RequestId>(first),
            .circle = row.id<CircleId>(first + 1),
            .person = row.id<PersonId>(first + 2),
            .name = row.text(first + 3),
            .words = row.text(first + 4),
            .asked = row.day(first + 5)};
}

/// "Plants at night" -> "plants-at-night", with a number where that is taken. "new" is the address
/// of the form.
[[nodiscard]] Result<std::string> free_slug(Transaction& transaction,
                                            const CollectiveId& collective, std::string_view name) {
    static constexpr std::array<std::string_view, 1> pages_there = {"new"};
    return pages::free_slug(name, "circle", pages_there, "circles.name_taken",
                            [&](const std::string& slug) -> Result<bool> {
                                TRY(const auto taken,
                                    transaction.row(find_slug, {collective, slug}));
                                return taken.has_value();
                            });
}

[[nodiscard]] Result<void> one_changed(Result<std::int64_t> changed, const char* words) {
    TRY(const std::int64_t rows, std::move(changed));
    if (rows == 0) {
        return fail(ErrorKind::missing, words);
    }
    return {};
}

} // namespace

std::vector<Part> parts_in(const std::vector<InCircle>& people) {
    std::vector<Part> parts;
    std::ranges::transform(people, std::back_inserter(parts), &InCircle::part);
    return parts;
}

Result<Circle> open_circle(Transaction& transaction, const CollectiveId& collective,
                           const About& about, const PersonId& host, Moment now, Entropy& entropy) {
    TRY(Circle circle, add_circle(transaction, collective, about, now, entropy));
    TRY_DO(give_part(transaction, collective, circle.id, host, PartName::host, now));
    return circle;
}

Result<Circle> add_circle(Transaction& transaction, const CollectiveId& collective,
                          const About& about, Moment now, Entropy& entropy) {
    TRY(const std::string slug, free_slug(transaction, collective, about.name));
    const Circle circle{
        .id = new_id<CircleId>(now, entropy), .slug = slug, .about = about, .began = day_of(now)};
    const auto& ways = about.ways;
    const auto& charter = about.charter;
    TRY_DO(transaction.run(insert_circle,
                           {collective, circle.id, slug, circle.began, about.name,
                            name_of(about.kind), about.issue, about.framework, ways[0], ways[1],
                            ways[2], charter[0], charter[1], charter[2], charter[3], charter[4],
                            charter[5], name_of(about.joining), about.split_size}));
    return circle;
}

Result<std::optional<Circle>> circle_named(Transaction& transaction, const CollectiveId& collective,
                                           std::string_view slug) {
    TRY(const auto row, transaction.row(find_circle, {collective, slug}));
    return row ? std::optional(circle_from(*row)) : std::nullopt;
}

Result<std::vector<Circle>> all_circles(Transaction& transaction, const CollectiveId& collective) {
    TRY(const auto rows, transaction.rows(list_circles, {collective}));
    return circles_from(rows);
}

Result<void> save_about(Transaction& transaction, const CollectiveId& collective,
                        const CircleId& circle, const About& about) {
    const auto& ways = about.ways;
    const auto& charter = about.charter;
    return one_changed(
        transaction.run(update_about, {collective, circle, about.name, name_of(about.kind),
                                       about.issue, about.framework, ways[0], ways[1], ways[2],
                                       charter[0], charter[1], charter[2], charter[3], charter[4],
                                       charter[5], name_of(about.joining), about.split_size}),
        "circles.none_here");
}

Result<void> end_circle(Transaction& transaction, const CollectiveId& collective,
                        const CircleId& circle) {
    TRY_DO(transaction.run(delete_invitation, {collective, circle}));
    TRY_DO(transaction.run(delete_requests_to, {collective, circle}));
    return one_changed(transaction.run(set_ended, {collective, circle}), "circles.none_here");
}

Result<std::vector<InCircle>> people_of(Transaction& transaction, const CollectiveId& collective,
                                        const CircleId& circle) {
    TRY(const auto rows, transaction.rows(list_people, {collective, circle}));
    std::vector<InCircle> people;
    std::ranges::transform(rows, std::back_inserter(people), [](const Row& row) {
        return InCircle{.part = part_from(row, 0), .name = row.text(5), .said = row.text(6)};
    });
    return people;
}

Result<std::vector<OwnPart>> parts_of(Transaction& transaction, const CollectiveId& collective,
                                      const PersonId& person) {
    TRY(const auto rows, transaction.rows(list_parts, {collective, person}));
    std::vector<OwnPart> parts;
    std::ranges::transform(rows, std::back_inserter(parts), [](const Row& row) {
        return OwnPart{.circle = circle_from(row), .part = part_from(row, after_circle)};
    });
    return parts;
}

Result<std::optional<PartName>> part_name_of(Transaction& transaction,
                                             const CollectiveId& collective, std::string_view slug,
                                             const PersonId& person) {
    TRY(const auto row, transaction.row(find_part_name, {collective, slug, person}));
    return row ? std::optional(part_named(row->text(0))) : std::nullopt;
}

Result<std::vector<Circle>> without_host(Transaction& transaction, const CollectiveId& collective) {
    TRY(const auto rows, transaction.rows(list_without_host, {collective}));
    return circles_from(rows);
}

Result<void> give_part(Transaction& transaction, const CollectiveId& collective,
                       const CircleId& circle, const PersonId& person, PartName part, Moment now) {
    TRY_DO(transaction.run(set_part,
                           {collective, circle, person, name_of(part), day_of(now) + host_time}));
    TRY_DO(transaction.run(delete_request_to, {collective, circle, person}));
    return {};
}

Result<void> drop_part(Transaction& transaction, const CollectiveId& collective,
                       const CircleId& circle, const PersonId& person) {
    return one_changed(transaction.run(delete_part, {collective, circle, person}),
                       "circles.no_part");
}

Result<void> save_rest(Transaction& transaction, const CollectiveId& collective,
                       const CircleId& circle, const PersonId& person, bool resting) {
    return one_changed(transaction.run(update_rest, {collective, circle, person, resting}),
                       "circles.no_part");
}

Result<void> ask_to_join(Transaction& transaction, const CollectiveId& collective,
                         const CircleId& circle, const PersonId& person, std::string_view words,
                         Moment now, Entropy& entropy) {
    TRY_DO(transaction.run(set_request, {collective, new_id<RequestId>(now, entropy), circle,
                                         person, words, day_of(now)}));
    return {};
}

Result<std::vector<Request>> requests_to(Transaction& transaction, const CollectiveId& collective,
                                         const CircleId& circle) {
    TRY(const auto rows, transaction.rows(list_requests, {collective, circle}));
    std::vector<Request> requests;
    std::ranges::transform(rows, std::back_inserter(requests),
                           [](const Row& row) { return request_from(row, 0); });
    return requests;
}

Result<std::vector<OwnRequest>>
requests_of(Transaction& transaction, const CollectiveId& collective, const PersonId& person) {
    TRY(const auto rows, transaction.rows(list_own_requests, {collective, person}));
    std::vector<OwnRequest> requests;
    std::ranges::transform(rows, std::back_inserter(requests), [](const Row& row) {
        return OwnRequest{.circle = circle_from(row), .request = request_from(row, after_circle)};
    });
    return requests;
}

Result<void> drop_request(Transaction& transaction, const CollectiveId& collective,
                          const RequestId& request) {
    return one_changed(transaction.run(delete_request, {collective, request}),
                       "circles.answered_already");
}

Result<std::string> new_invitation(Transaction& transaction, const CollectiveId& collective,
                                   const CircleId& circle, Moment now, Entropy& entropy) {
    std::string secret = auth::new_secret(entropy);
    TRY_DO(transaction.run(set_invitation,
                           {collective, circle, auth::hash_of(secret), now + invitation_time}));
    return secret;
}

Result<void> revoke_invitation(Transaction& transaction, const CollectiveId& collective,
                               const CircleId& circle) {
    TRY_DO(transaction.run(delete_invitation, {collective, circle}));
    return {};
}

Result<std::optional<std::chrono::sys_days>> invitation_ends(Transaction& transaction,
                                                             const CollectiveId& collective,
                                                             const CircleId& circle, Moment now) {
    TRY(const auto row, transaction.row(find_invitation_end, {collective, circle, now}));
    return row ? std::optional(day_of(row->moment(0))) : std::nullopt;
}

Result<std::optional<Circle>> invited_to(Transaction& transaction, const CollectiveId& collective,
                                         std::string_view secret, Moment now) {
    TRY(const auto row, transaction.row(find_invited, {collective, auth::hash_of(secret), now}));
    return row ? std::optional(circle_from(*row)) : std::nullopt;
}

Result<void> erase_person(Transaction& transaction, const CollectiveId& collective,
                          const PersonId& person) {
    TRY_DO(transaction.run(delete_parts_of, {collective, person}));
    TRY_DO(transaction.run(delete_requests_of, {collective, person}));
    return {};
}

} // namespace allot::circles
