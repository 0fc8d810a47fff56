#include "platform/hooks/hook.hpp"

#include <algorithm>
#include <array>

namespace allot::hooks {

namespace {

constexpr std::array table = {
    KindRule{.kind = Kind::discord, .name = "discord"},
    KindRule{.kind = Kind::slack, .name = "slack"},
    KindRule{.kind = Kind::zulip,
             .name = "zulip",
             .has_place = true,
             .has_topic = true,
             .has_bot = true,
             .has_key = true},
    KindRule{
        .kind = Kind::matrix, .name = "matrix", .again = true, .has_place = true, .has_key = true},
    KindRule{.kind = Kind::json, .name = "json", .again = true, .is_signed = true},
};
static_assert(std::ranges::is_sorted(table, {}, &KindRule::kind),
              "a line stands where its kind says");

constexpr std::array<std::string_view, 15> trouble_names = {
    "",     "by_hand", "unauthorized", "forbidden", "missing",   "gone",   "moved", "refused",
    "busy", "broken",  "unreachable",  "silent",    "untrusted", "inside", "unsure"};

constexpr std::size_t shown_end = 4;
constexpr std::size_t shortest_shown = 16;

} // namespace

std::span<const KindRule> kind_rules() {
    return table;
}

const KindRule& rule_of(Kind kind) {
    return table.at(static_cast<std::size_t>(kind));
}

std::optional<Kind> kind_named(std::string_view name) {
    const auto* const found = std::ranges::find(table, name, &KindRule::name);
    return found == table.end() ? std::nullopt : std::optional(found->kind);
}

std::string_view name_of(Trouble trouble) {
    return trouble_names.at(static_cast<std::size_t>(trouble));
}

bool is_trouble(std::string_view name) {
    return std::ranges::find(trouble_names, name) != trouble_names.end();
}

Trouble trouble_named(std::string_view name) {
    const auto* const found = std::ranges::find(trouble_names, name);
    ALLOT_CHECK(found != trouble_names.end(), "a trouble of a hook that nobody writes");
    return static_cast<Trouble>(found - trouble_names.begin());
}

bool listens(const Hook& hook, const Message& message) {
    const bool is_its = !hook.about.circle || hook.about.circle == message.circle;
    return !hook.paused && is_its && (message.is_public || hook.about.hears_all);
}

std::string end_of(std::string_view secret) {
    return secret.size() < shortest_shown ? std::string()
                                          : std::string(secret.substr(secret.size() - shown_end));
}

} // namespace allot::hooks
