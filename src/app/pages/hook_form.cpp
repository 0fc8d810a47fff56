#include "app/pages/hook_form.hpp"

#include <algorithm>

namespace allot::app {

namespace {

using hooks::About;
using hooks::Kind;
using hooks::KindRule;
using pages::FormReader;
using pages::Need;

[[nodiscard]] Kind read_kind(FormReader& form) {
    std::vector<std::string_view> names;
    std::ranges::transform(hooks::kind_rules(), std::back_inserter(names), &KindRule::name);
    return *hooks::kind_named(form.choice("kind", names));
}

/// As it goes into a header: one word of printable ASCII.
[[nodiscard]] bool is_word(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return c > ' ' && c < '\x7f'; });
}

void read_parts(FormReader& form, const KindRule& rule, About& about) {
    if (rule.has_place) {
        about.place = form.line("place", hooks::longest_place, Need::required);
        if (about.kind == Kind::matrix && !about.place.empty() && !about.place.starts_with('!')) {
            form.note("place", "hooks.no_room");
        }
    }
    if (rule.has_topic) {
        about.topic = form.line("topic", hooks::longest_topic, Need::required);
    }
    if (rule.has_bot) {
        about.bot = form.line("bot", hooks::longest_place, Need::required);
        const bool is_mail = is_word(about.bot) && about.bot.find('@') != std::string::npos &&
                             about.bot.find(':') == std::string::npos;
        if (!about.bot.empty() && !is_mail) {
            form.note("bot", "hooks.no_bot");
        }
    }
    if (rule.has_key) {
        about.key = form.line("key", hooks::longest_key, Need::required);
        if (!is_word(about.key)) {
            form.note("key", "hooks.no_key");
        }
    }
}

/// Words of `hooks::read_address` are keys of the catalogue, which outlive the form.
[[nodiscard]] std::string_view lasting(std::string_view words) {
    for (const std::string_view known : {"hooks.no_https", "hooks.no_login", "hooks.inside"}) {
        if (words == known) {
            return known;
        }
    }
    return "hooks.no_address";
}

} // namespace

About read_hook(FormReader& form, hooks::Reach reach) {
    About about;
    about.kind = read_kind(form);
    about.name = form.line("name", hooks::longest_name, Need::required);
    about.address = form.line("address", hooks::longest_address, Need::required);
    if (!about.address.empty()) {
        const auto read = hooks::read_address(about.address, reach);
        if (read) {
            about.address = read->whole;
        } else {
            form.note("address", lasting(read.error().message));
        }
    }
    read_parts(form, hooks::rule_of(about.kind), about);
    about.hears_all = form.ticked("hears_all");
    return about;
}

} // namespace allot::app
