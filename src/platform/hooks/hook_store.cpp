#include "platform/hooks/hook_store.hpp"

#include <algorithm>

namespace allot::hooks {

namespace {

using store::Row;
using store::Statement;

#define HOOK_COLUMNS                                                                               \
    "id, kind, name, address, place, topic, bot, key_text, circle_id, hears_all, paused, "         \
    "trouble, trouble_day, posted_day, failures, quiet_until"

constexpr Statement insert_hook =
    "INSERT INTO hook (collective_id, id, kind, name, address, place, topic, bot, key_text, "
    "circle_id, hears_all, paused, trouble, failures) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0, '', 0)";
constexpr Statement find_by_id =
    "SELECT " HOOK_COLUMNS " FROM hook WHERE collective_id = $1 AND id = $2";
constexpr Statement list_hooks =
    "SELECT " HOOK_COLUMNS " FROM hook WHERE collective_id = $1 ORDER BY name, id";
constexpr Statement delete_deliveries =
    "DELETE FROM hook_delivery WHERE collective_id = $1 AND hook_id = $2";
constexpr Statement delete_hook = "DELETE FROM hook WHERE collective_id = $1 AND id = $2";
constexpr Statement set_paused = "UPDATE hook SET paused = 1, trouble = $3, trouble_day = $4 "
                                 "WHERE collective_id = $1 AND id = $2";
constexpr Statement set_working =
    "UPDATE hook SET paused = 0, trouble = '', trouble_day = NULL, failures = 0, "
    "quiet_until = NULL WHERE collective_id = $1 AND id = $2";
constexpr Statement set_posted =
    "UPDATE hook SET posted_day = $3, failures = 0, quiet_until = NULL, "
    "trouble = CASE WHEN paused = 1 THEN trouble ELSE '' END, "
    "trouble_day = CASE WHEN paused = 1 THEN trouble_day ELSE NULL END "
    "WHERE collective_id = $1 AND id = $2";
constexpr Statement set_trouble = "UPDATE hook SET failures = failures + 1, quiet_until = $5, "
                                  "trouble = CASE WHEN paused = 1 THEN trouble ELSE $3 END, "
                                  "trouble_day = CASE WHEN paused = 1 THEN trouble_day ELSE $4 END "
                                  "WHERE collective_id = $1 AND id = $2";

[[nodiscard]] std::chrono::sys_days day_of(Moment at) {
    return std::chrono::floor<std::chrono::days>(at);
}

[[nodiscard]] Kind kind_in(const std::string& name) {
    const auto kind = kind_named(name);
    ALLOT_CHECK(kind.has_value(), "a kind of hook that nobody writes");
    return *kind;
}

[[nodiscard]] Hook hook_from(const Row& row) {
    Hook hook{.id = row.id<HookId>(0),
              .about = {.kind = kind_in(row.text(1)),
                        .name = row.text(2),
                        .address = row.text(3),
                        .place = row.text(4),
                        .topic = row.text(5),
                        .bot = row.text(6),
                        .key = row.text(7),
                        .circle = row.maybe_text(8),
                        .hears_all = row.truth(9)},
              .paused = row.truth(10),
              .trouble = trouble_named(row.text(11)),
              .failures = row.integer(14)};
    if (!row.is_null(12)) {
        hook.trouble_day = row.day(12);
    }
    if (!row.is_null(13)) {
        hook.posted_day = row.day(13);
    }
    if (!row.is_null(15)) {
        hook.quiet_until = row.moment(15);
    }
    return hook;
}

} // namespace

Result<HookId> add_hook(Transaction& transaction, std::string_view scope, const About& about,
                        Moment now, Entropy& entropy) {
    TRY(const auto there, all_hooks(transaction, scope));
    if (there.size() >= most_hooks) {
        return fail(ErrorKind::too_many, "hooks.too_many");
    }
    auto id = new_id<HookId>(now, entropy);
    TRY_DO(transaction.run(insert_hook, {scope, id, rule_of(about.kind).name, about.name,
                                         about.address, about.place, about.topic, about.bot,
                                         about.key, about.circle, about.hears_all}));
    return id;
}

Result<std::optional<Hook>> find_hook(Transaction& transaction, std::string_view scope,
                                      const HookId& hook) {
    TRY(const auto row, transaction.row(find_by_id, {scope, hook}));
    return row ? std::optional(hook_from(*row)) : std::nullopt;
}

Result<std::vector<Hook>> all_hooks(Transaction& transaction, std::string_view scope) {
    TRY(const auto rows, transaction.rows(list_hooks, {scope}));
    std::vector<Hook> hooks;
    std::ranges::transform(rows, std::back_inserter(hooks), hook_from);
    return hooks;
}

Result<void> remove_hook(Transaction& transaction, std::string_view scope, const HookId& hook) {
    TRY_DO(transaction.run(delete_deliveries, {scope, hook}));
    TRY_DO(transaction.run(delete_hook, {scope, hook}));
    return {};
}

Result<void> pause_hook(Transaction& transaction, std::string_view scope, const HookId& hook,
                        Trouble why, Moment now) {
    TRY_DO(transaction.run(set_paused, {scope, hook, name_of(why), day_of(now)}));
    return {};
}

Result<void> resume_hook(Transaction& transaction, std::string_view scope, const HookId& hook) {
    TRY_DO(transaction.run(set_working, {scope, hook}));
    return {};
}

Result<void> note_posted(Transaction& transaction, std::string_view scope, const HookId& hook,
                         Moment now) {
    TRY_DO(transaction.run(set_posted, {scope, hook, day_of(now)}));
    return {};
}

Result<void> note_trouble(Transaction& transaction, std::string_view scope, const HookId& hook,
                          Trouble trouble, Moment now, std::optional<Moment> quiet_until) {
    TRY_DO(transaction.run(set_trouble, {scope, hook, name_of(trouble), day_of(now), quiet_until}));
    return {};
}

} // namespace allot::hooks
