#include "app/pages/hook_views.hpp"

#include "base/clock.hpp"
#include "platform/hooks/reach.hpp"

#include <algorithm>

namespace allot::app {

namespace {

[[nodiscard]] std::string circle_name(const hooks::Hook& hook,
                                      std::span<const circles::Circle> circles) {
    if (!hook.about.circle) {
        return "";
    }
    const auto found = std::ranges::find_if(circles, [&](const circles::Circle& circle) {
        return circle.id.text() == *hook.about.circle;
    });
    return found == circles.end() ? "" : found->about.name;
}

[[nodiscard]] std::string state_of(const hooks::Hook& hook) {
    if (hook.paused) {
        return "paused";
    }
    return hook.trouble == hooks::Trouble::none ? "works" : "troubled";
}

[[nodiscard]] std::string trouble_of(const hooks::Hook& hook) {
    return hook.trouble == hooks::Trouble::none ? "none" : std::string(name_of(hook.trouble));
}

[[nodiscard]] std::string day_text(const std::optional<std::chrono::sys_days>& day) {
    return day ? format_date(*day) : "";
}

/// Where it leads, without what lets anybody post there.
[[nodiscard]] std::string host_of(const std::string& address) {
    const auto url = hooks::read_address(address, hooks::Reach::inside);
    return url ? url->host : "";
}

} // namespace

HookLine line_of(const hooks::Hook& hook, std::span<const circles::Circle> circles) {
    return {.id = hook.id.text(),
            .name = hook.about.name,
            .kind = std::string(hooks::rule_of(hook.about.kind).name),
            .circle = circle_name(hook, circles),
            .state = state_of(hook),
            .trouble = trouble_of(hook)};
}

HookView view_of_hook(const hooks::Hook& hook, std::span<const circles::Circle> circles,
                      const std::map<hooks::HookId, hooks::State>& tests, std::string home) {
    const hooks::KindRule& rule = hooks::rule_of(hook.about.kind);
    const auto test = tests.find(hook.id);
    return {.home = std::move(home),
            .id = hook.id.text(),
            .name = hook.about.name,
            .kind = std::string(rule.name),
            .host = host_of(hook.about.address),
            .ends =
                hooks::end_of(rule.has_key || rule.is_signed ? hook.about.key : hook.about.address),
            .place = hook.about.place,
            .topic = hook.about.topic,
            .circle = circle_name(hook, circles),
            .hears_all = hook.about.hears_all,
            .state = state_of(hook),
            .trouble = trouble_of(hook),
            .trouble_day = day_text(hook.trouble_day),
            .posted_day = day_text(hook.posted_day),
            .test = test == tests.end() ? "" : std::string(name_of(test->second)),
            .paused = hook.paused};
}

} // namespace allot::app
