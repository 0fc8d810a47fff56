#include "app/pages/hook_pages.hpp"

#include "app/pages/hook_form.hpp"
#include "app/pages/hook_views.hpp"
#include "collective/circles/circle_calls.hpp"
#include "platform/auth/audit.hpp"
#include "platform/hooks/announce.hpp"
#include "platform/hooks/hook_store.hpp"
#include "platform/hooks/signature.hpp"
#include "platform/pages/view.hpp"

#include <algorithm>
#include <array>

namespace allot::app {

namespace {

using auth::Action;
using circles::Circle;
using hooks::About;
using hooks::Hook;
using hooks::HookId;
using http::Method;
using pages::Answer;
using pages::Call;
using pages::Done;
using pages::FormReader;
using pages::Page;
using store::Transaction;

constexpr std::array<std::string_view, 4> deeds = {"test", "pause", "resume", "remove"};

// -- What a request is about ---------------------------------------------------------------------

[[nodiscard]] std::string_view scope_of(const Call& call) {
    return call.collective().id.text();
}

/// The circle of the path; below /settings there is none, and all are meant.
[[nodiscard]] Result<std::optional<Circle>> circle_in(Transaction& transaction, const Call& call) {
    if (!call.parts.contains("circle")) {
        return std::nullopt;
    }
    TRY(Circle circle, circles::circle_of(transaction, call));
    return circle;
}

[[nodiscard]] std::string home_of(const Call& call) {
    return call.path(call.parts.contains("circle") ? "/circles/" + call.part("circle") + "/hooks"
                                                   : "/settings/hooks");
}

[[nodiscard]] bool is_of(const Hook& hook, const std::optional<Circle>& circle) {
    return !circle || hook.about.circle == circle->id.text();
}

/// The hook of the path. Errors: `missing` where there is none, or none of this circle.
[[nodiscard]] Result<Hook> hook_in(Transaction& transaction, const Call& call) {
    TRY(const auto circle, circle_in(transaction, call));
    TRY(auto hook, hooks::find_hook(transaction, scope_of(call), call.id<HookId>("hook")));
    if (!hook || !is_of(*hook, circle)) {
        return fail(ErrorKind::missing, "hooks.none_here");
    }
    return *std::move(hook);
}

[[nodiscard]] Result<void> note(Transaction& transaction, const Call& call, std::string_view what) {
    return auth::note_audit(transaction, call.collective().id, call.member().person, what,
                            call.now(), call.house.entropy);
}

// -- The list ------------------------------------------------------------------------------------

/// What is typed in the form for one more.
struct Typed {
    std::string kind; ///< empty: none is chosen yet
    About about;
    std::string circle; ///< its slug
};

/// Of the address, where it names one: "?kind=slack".
[[nodiscard]] Typed typed_in(const Call& call) {
    const auto kind = call.request.query_value("kind");
    const auto known = kind ? hooks::kind_named(*kind) : std::nullopt;
    Typed typed;
    if (known) {
        typed.kind = hooks::rule_of(*known).name;
        typed.about.kind = *known;
    }
    return typed;
}

void add_typed(HooksView& view, const Typed& typed) {
    for (const hooks::KindRule& rule : hooks::kind_rules()) {
        view.kinds.push_back({std::string(rule.name)});
    }
    view.kind = typed.kind;
    view.name = typed.about.name;
    view.address = typed.about.address;
    view.place = typed.about.place;
    view.topic = typed.about.topic;
    view.bot = typed.about.bot;
    view.hears_all = typed.about.hears_all;
    const hooks::KindRule& rule = hooks::rule_of(typed.about.kind);
    view.asks_place = rule.has_place;
    view.asks_topic = rule.has_topic;
    view.asks_bot = rule.has_bot;
    view.asks_key = rule.has_key;
}

[[nodiscard]] Result<HooksView> hooks_view(Transaction& transaction, const Call& call,
                                           const Typed& typed) {
    HooksView view{.home = home_of(call),
                   .removed = call.request.query_value("removed").has_value()};
    TRY(const auto circle, circle_in(transaction, call));
    TRY(auto all, circles::all_circles(transaction, call.collective().id));
    TRY(const auto hooks, hooks::all_hooks(transaction, scope_of(call)));
    for (const Hook& hook : hooks) {
        if (is_of(hook, circle)) {
            view.hooks.push_back(line_of(hook, all));
        }
    }
    call.words->sort_by_name(view.hooks, &HookLine::name);
    add_typed(view, typed);
    if (circle) {
        view.slug = circle->slug;
        view.circle = circle->about.name;
        return view;
    }
    call.words->sort_by_name(all, [](const Circle& one) { return one.about.name; });
    for (const Circle& one : all) {
        if (one.state == circles::State::open) {
            view.circles.push_back({one.slug, one.about.name, one.slug == typed.circle});
        }
    }
    return view;
}

[[nodiscard]] Result<Page> hooks_page(const Call& call, const Typed& typed) {
    TRY(const HooksView view, call.house.store.read([&](Transaction& transaction) {
        return hooks_view(transaction, call, typed);
    }));
    return Page{.template_name = "hooks",
                .view = pages::view_of(view),
                .title = "hooks.title",
                .place = view.slug.empty() ? "" : "circles",
                .has_form = true,
                .private_ = true};
}

[[nodiscard]] Result<Answer> see_hooks(Call& call) {
    TRY(Page page, hooks_page(call, typed_in(call)));
    return page;
}

// -- One more ------------------------------------------------------------------------------------

struct SecretView {
    std::string home;
    std::string id;
    std::string name;
    std::string key;
};
BOOST_DESCRIBE_STRUCT(SecretView, (), (home, id, name, key))

/// The id of the circle whose news it is to get: that of the path, or the one that was chosen.
[[nodiscard]] Result<std::optional<std::string>>
circle_for(Transaction& transaction, const Call& call, const std::string& slug) {
    TRY(const auto of_path, circle_in(transaction, call));
    if (of_path) {
        return of_path->id.text();
    }
    if (slug.empty()) {
        return std::nullopt;
    }
    TRY(const auto chosen, circles::circle_named(transaction, call.collective().id, slug));
    if (!chosen) {
        return fail(ErrorKind::missing, "hooks.no_circle");
    }
    return chosen->id.text();
}

/// A program of one's own gets a key, which is shown this once. Sent twice, the page of the hook is
/// answered: then it was shown already.
[[nodiscard]] Result<Answer> add_one(Call& call) {
    FormReader form(call.form);
    const auto reach = call.house.hooks_reach_inside ? hooks::Reach::inside : hooks::Reach::outside;
    Typed typed{.kind = "", .about = read_hook(form, reach), .circle = ""};
    typed.circle = call.parts.contains("circle") ? "" : form.line("circle", 40);
    const hooks::KindRule& rule = hooks::rule_of(typed.about.kind);
    typed.kind = rule.name;
    if (!form.good()) {
        TRY(Page again, hooks_page(call, typed));
        return pages::Refusal{form.problems(), std::move(again)};
    }
    if (rule.is_signed) {
        typed.about.key = hooks::new_signing_key(call.house.entropy);
    }
    std::string added;
    TRY(Answer answer, call.write([&](Transaction& transaction) -> Result<Done> {
        TRY(typed.about.circle, circle_for(transaction, call, typed.circle));
        TRY(const HookId id, hooks::add_hook(transaction, scope_of(call), typed.about, call.now(),
                                             call.house.entropy));
        TRY_DO(note(transaction, call, "hook_added"));
        added = id.text();
        return Done{home_of(call) + "/" + added};
    }));
    if (added.empty() || !rule.is_signed) {
        return answer;
    }
    return Page{
        .template_name = "hook_secret",
        .view = pages::view_of(SecretView{
            .home = home_of(call), .id = added, .name = typed.about.name, .key = typed.about.key}),
        .title = "hooks.secret_title",
        .private_ = true};
}

// -- One of them ---------------------------------------------------------------------------------

[[nodiscard]] Result<Page> hook_page(const Call& call) {
    TRY(const HookView view,
        call.house.store.read([&](Transaction& transaction) -> Result<HookView> {
            TRY(const Hook hook, hook_in(transaction, call));
            TRY(const auto all, circles::all_circles(transaction, call.collective().id));
            TRY(const auto tests, hooks::tests_of(transaction, scope_of(call)));
            return view_of_hook(hook, all, tests, home_of(call));
        }));
    return Page{.template_name = "hook",
                .view = pages::view_of(view),
                .title = "hooks.title",
                .has_form = true,
                .private_ = true};
}

[[nodiscard]] Result<Answer> see_hook(Call& call) {
    TRY(Page page, hook_page(call));
    return page;
}

[[nodiscard]] Result<void> send_test(Transaction& transaction, const Call& call, const Hook& hook) {
    const hooks::Message message{
        .key = "test:" + new_uuid(call.now(), call.house.entropy),
        .circle = hook.about.circle,
        .is_public = true,
        .title = call.words->say("hooks.test_title"),
        .text = call.words->say("hooks.test_text", {{"collective", call.collective().name}}),
        .links = {{call.collective().name, call.address(call.path(""))}},
        .good_until = std::nullopt};
    return hooks::announce_test(transaction, scope_of(call), hook.id, message, call.now(),
                                call.house.entropy);
}

/// Does one of `deeds`; gives back where to go on.
[[nodiscard]] Result<std::string> do_one(Transaction& transaction, const Call& call,
                                         const Hook& hook, std::string_view deed) {
    const std::string home = home_of(call);
    const std::string here = home + "/" + hook.id.text();
    if (deed == "test") {
        TRY_DO(send_test(transaction, call, hook));
        TRY_DO(note(transaction, call, "hook_tested"));
        return here;
    }
    if (deed == "pause") {
        TRY_DO(hooks::pause_hook(transaction, scope_of(call), hook.id, hooks::Trouble::by_hand,
                                 call.now()));
        TRY_DO(note(transaction, call, "hook_paused"));
        return here;
    }
    if (deed == "resume") {
        TRY_DO(hooks::resume_hook(transaction, scope_of(call), hook.id));
        TRY_DO(note(transaction, call, "hook_resumed"));
        return here;
    }
    TRY_DO(hooks::remove_hook(transaction, scope_of(call), hook.id));
    TRY_DO(note(transaction, call, "hook_removed"));
    return home + "?removed";
}

[[nodiscard]] Result<Answer> change_one(Call& call) {
    FormReader form(call.form);
    const std::string deed = form.choice("do", deeds);
    if (!form.good()) {
        TRY(Page again, hook_page(call));
        return pages::Refusal{form.problems(), std::move(again)};
    }
    return call.write([&](Transaction& transaction) -> Result<Done> {
        TRY(const Hook hook, hook_in(transaction, call));
        TRY(std::string next, do_one(transaction, call, hook, deed));
        return Done{std::move(next)};
    });
}

} // namespace

std::vector<pages::Route> hook_routes() {
    return {
        {Method::get, "/c/{collective}/settings/hooks", Action::keep_hooks, see_hooks, ""},
        {Method::post, "/c/{collective}/settings/hooks", Action::keep_hooks, add_one, ""},
        {Method::get, "/c/{collective}/settings/hooks/{hook}", Action::keep_hooks, see_hook, ""},
        {Method::post, "/c/{collective}/settings/hooks/{hook}", Action::keep_hooks, change_one, ""},
        {Method::get, "/c/{collective}/circles/{circle}/hooks", Action::keep_hooks, see_hooks, ""},
        {Method::post, "/c/{collective}/circles/{circle}/hooks", Action::keep_hooks, add_one, ""},
        {Method::get, "/c/{collective}/circles/{circle}/hooks/{hook}", Action::keep_hooks, see_hook,
         ""},
        {Method::post, "/c/{collective}/circles/{circle}/hooks/{hook}", Action::keep_hooks,
         change_one, ""},
    };
}

} // namespace allot::app
