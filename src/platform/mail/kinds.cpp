#include "platform/mail/kinds.hpp"

#include <algorithm>
#include <array>

namespace allot::mail {

namespace {

using std::chrono::hours;
using std::chrono::minutes;

constexpr hours days(int n) {
    return hours(24 * n);
}

constexpr std::array<KindRule, kind_count> table = {{
    {Kind::sign_in, "sign_in", Stream::account, true, true, false, minutes(10)},
    {Kind::invitation, "invitation", Stream::appointment, true, false, true, days(7)},
    {Kind::change, "change", Stream::appointment, true, false, false, days(7)},
    {Kind::cancellation, "cancellation", Stream::appointment, true, false, false, days(7)},
    {Kind::late_cancellation, "late_cancellation", Stream::appointment, true, true, false, days(1)},
    {Kind::late_change, "late_change", Stream::appointment, true, true, false, days(1)},
    {Kind::turn, "turn", Stream::appointment, true, false, false, days(2)},
    {Kind::round_letter, "round_letter", Stream::appointment, true, false, false, days(7)},
    {Kind::circle_answer, "circle_answer", Stream::account, true, false, false, days(7)},
    {Kind::reminder, "reminder", Stream::appointment, false, false, true, days(1)},
    {Kind::digest, "digest", Stream::digest, false, false, true, days(2)},
    {Kind::confirm, "confirm", Stream::account, true, true, false, days(1)},
    {Kind::news, "news", Stream::appointment, false, false, true, days(3)},
}};

static_assert(std::ranges::is_sorted(table, {}, &KindRule::kind),
              "a line stands where its kind says");

constexpr std::array<std::string_view, 3> stream_names = {"account", "appointment", "digest"};

} // namespace

std::span<const KindRule> kind_rules() {
    return table;
}

const KindRule& rule_of(Kind kind) {
    return table[static_cast<std::size_t>(kind)];
}

std::optional<Kind> kind_named(std::string_view name) {
    const auto* const found = std::ranges::find(table, name, &KindRule::name);
    return found == table.end() ? std::nullopt : std::optional(found->kind);
}

std::string_view name_of(Stream stream) {
    return stream_names[static_cast<std::size_t>(stream)];
}

std::optional<Stream> stream_named(std::string_view name) {
    const auto* const found = std::ranges::find(stream_names, name);
    return found == stream_names.end()
               ? std::nullopt
               : std::optional(static_cast<Stream>(found - stream_names.begin()));
}

} // namespace allot::mail
