#include "platform/hooks/delivery.hpp"

#include "base/text.hpp"
#include "platform/auth/secrets.hpp"
#include "platform/hooks/announce.hpp"
#include "platform/hooks/hook_store.hpp"
#include "platform/jobs/job_store.hpp"
#include "platform/utf8.hpp"

#include <algorithm>
#include <array>
#include <ranges>

namespace allot::hooks {

namespace {

using store::Row;
using store::Statement;

constexpr Statement insert_delivery =
    "INSERT INTO hook_delivery (collective_id, id, hook_id, key_hash, circle_id, is_public, "
    "is_test, title, body, links, written_at, good_until, state) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 'waiting') "
    "ON CONFLICT (collective_id, hook_id, key_hash) DO NOTHING";
constexpr Statement find_by_id =
    "SELECT id, hook_id, circle_id, is_public, is_test, title, body, links, written_at, "
    "good_until, state FROM hook_delivery WHERE collective_id = $1 AND id = $2";
constexpr Statement set_state =
    "UPDATE hook_delivery SET state = $3 WHERE collective_id = $1 AND id = $2";
constexpr Statement set_ended =
    "UPDATE hook_delivery SET state = $3, title = '', body = '', links = '', circle_id = NULL, "
    "good_until = NULL, written_at = $4 WHERE collective_id = $1 AND id = $2";
constexpr Statement list_tests =
    "SELECT hook_id, state FROM hook_delivery WHERE collective_id = $1 AND is_test = 1";
constexpr Statement delete_tests =
    "DELETE FROM hook_delivery WHERE collective_id = $1 AND hook_id = $2 AND is_test = 1";
// What is old is dropped in all collectives at once.
constexpr Statement end_old =
    "UPDATE hook_delivery SET state = 'over', title = '', body = '', links = '', "
    "circle_id = NULL, good_until = NULL "
    "WHERE state IN ('waiting', 'sending') AND written_at < $1";

constexpr std::array<std::string_view, 7> state_names = {"waiting", "sending",   "sent", "unsure",
                                                         "refused", "held_back", "over"};
constexpr std::size_t longest_label = 100;

[[nodiscard]] State state_named(std::string_view name) {
    const auto* const found = std::ranges::find(state_names, name);
    ALLOT_CHECK(found != state_names.end(), "a state of a message that nobody writes");
    return static_cast<State>(found - state_names.begin());
}

/// One line: what would begin another one is a space.
[[nodiscard]] std::string line_of(std::string_view text, std::size_t most) {
    std::string line(text::trim(text));
    std::ranges::replace_if(
        line, [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7f'; }, ' ');
    return cut(line, most);
}

/// A line for each: the address, a tab, the label.
[[nodiscard]] std::string links_text(const std::vector<Link>& links) {
    std::string all;
    for (const Link& link : links | std::views::take(most_links)) {
        all += plain_url(link.url) + "\t" + line_of(link.label, longest_label) + "\n";
    }
    return all;
}

[[nodiscard]] std::vector<Link> links_in(std::string_view all) {
    std::vector<Link> links;
    while (!all.empty()) {
        const std::string_view line = all.substr(0, all.find('\n'));
        const std::size_t tab = line.find('\t');
        links.push_back(
            {.label = std::string(line.substr(tab + 1)), .url = std::string(line.substr(0, tab))});
        all.remove_prefix(std::min(all.size(), line.size() + 1));
    }
    return links;
}

[[nodiscard]] Delivery delivery_from(const Row& row) {
    Delivery delivery{.named = {.id = row.text(0),
                                .message = {.key = "",
                                            .circle = row.maybe_text(2),
                                            .is_public = row.truth(3),
                                            .title = row.text(5),
                                            .text = row.text(6),
                                            .links = links_in(row.text(7)),
                                            .good_until = std::nullopt},
                                .written = row.moment(8)},
                      .hook = row.id<HookId>(1),
                      .is_test = row.truth(4),
                      .state = state_named(row.text(10))};
    if (!row.is_null(9)) {
        delivery.named.message.good_until = row.moment(9);
    }
    return delivery;
}

/// One message for one hook, and the job that posts it.
[[nodiscard]] Result<void> write(Transaction& transaction, std::string_view scope,
                                 const HookId& hook, const Message& message, bool is_test,
                                 Moment now, Entropy& entropy) {
    const std::string id = new_uuid(now, entropy);
    const std::string title = line_of(message.title, longest_title);
    const std::string body = cut(text::trim(message.text), longest_text);
    TRY(const auto added,
        transaction.run(insert_delivery, {scope, id, hook, auth::hash_of(message.key),
                                          message.circle, message.is_public, is_test, title, body,
                                          links_text(message.links), now, message.good_until}));
    return added == 0 ? Result<void>() : jobs::ask_for(transaction, scope, id, job_kind, id, now);
}

} // namespace

std::string_view name_of(State state) {
    return state_names.at(static_cast<std::size_t>(state));
}

bool is_state(std::string_view name) {
    return std::ranges::find(state_names, name) != state_names.end();
}

Result<void> announce(Transaction& transaction, std::string_view scope, const Message& message,
                      Moment now, Entropy& entropy) {
    ALLOT_CHECK(!message.key.empty(), "a message has a key");
    TRY(const auto hooks, all_hooks(transaction, scope));
    for (const Hook& hook : hooks) {
        if (listens(hook, message)) {
            TRY_DO(write(transaction, scope, hook.id, message, false, now, entropy));
        }
    }
    return {};
}

Result<void> announce_test(Transaction& transaction, std::string_view scope, const HookId& hook,
                           const Message& message, Moment now, Entropy& entropy) {
    TRY_DO(transaction.run(delete_tests, {scope, hook}));
    return write(transaction, scope, hook, message, true, now, entropy);
}

Result<std::optional<Delivery>> find_delivery(Transaction& transaction, std::string_view scope,
                                              std::string_view id) {
    TRY(const auto row, transaction.row(find_by_id, {scope, id}));
    return row ? std::optional(delivery_from(*row)) : std::nullopt;
}

Result<void> mark(Transaction& transaction, std::string_view scope, std::string_view id,
                  State state) {
    TRY_DO(transaction.run(set_state, {scope, id, name_of(state)}));
    return {};
}

Result<void> mark_ended(Transaction& transaction, std::string_view scope, std::string_view id,
                        State state, Moment now) {
    const Moment day = std::chrono::floor<std::chrono::days>(now);
    TRY_DO(transaction.run(set_ended, {scope, id, name_of(state), day}));
    return {};
}

Result<std::map<HookId, State>> tests_of(Transaction& transaction, std::string_view scope) {
    TRY(const auto rows, transaction.rows(list_tests, {scope}));
    std::map<HookId, State> tests;
    for (const Row& row : rows) {
        tests.emplace(row.id<HookId>(0), state_named(row.text(1)));
    }
    return tests;
}

Result<void> drop_old_deliveries(Transaction& transaction, Moment now) {
    TRY_DO(transaction.run(end_old, {now - longest_wait}));
    return {};
}

} // namespace allot::hooks
