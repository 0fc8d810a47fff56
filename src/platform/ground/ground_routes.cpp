#include "platform/ground/ground_routes.hpp"

#include "base/clock.hpp"
#include "platform/auth/guest.hpp"
#include "platform/auth/limits.hpp"
#include "platform/auth/mail_address.hpp"
#include "platform/auth/secrets.hpp"
#include "platform/auth/sign_in.hpp"
#include "platform/http/caller.hpp"
#include "platform/mail/outbox.hpp"
#include "platform/mail/wishes.hpp"
#include "platform/pages/form_reader.hpp"
#include "platform/pages/site.hpp"
#include "platform/pages/view.hpp"

#include <algorithm>

namespace allot::ground {

namespace {

using auth::Action;
using http::Method;
using pages::Answer;
using pages::Call;
using pages::Done;
using pages::Page;

constexpr auth::Allowance links_to_one_mail{"sign_in_mail", 5, std::chrono::hours(1)};
constexpr auth::Allowance links_from_one_address{"sign_in_peer", 30, std::chrono::hours(1)};
constexpr std::size_t longest_mail = 254;

// -- The way in ----------------------------------------------------------------------------------

struct CollectiveLine {
    std::string slug;
    std::string name;
};
BOOST_DESCRIBE_STRUCT(CollectiveLine, (), (slug, name))

struct CollectivesView {
    std::vector<CollectiveLine> collectives;
};
BOOST_DESCRIBE_STRUCT(CollectivesView, (), (collectives))

[[nodiscard]] Result<Answer> see_root(Call& call) {
    TRY(const auto all, call.house.store.read([&](store::Transaction& transaction) {
        return call.house.directory.collectives(transaction);
    }));
    if (all.size() == 1) {
        return Done{"/c/" + all.front().slug};
    }
    CollectivesView view;
    std::ranges::transform(all, std::back_inserter(view.collectives), [](const auto& collective) {
        return CollectiveLine{collective.slug, collective.name};
    });
    return Page{
        .template_name = "collectives", .view = pages::view_of(view), .title = "collectives.title"};
}

// -- Signing in ----------------------------------------------------------------------------------

struct SignInView {
    std::string mail;
    std::string next;
    bool signed_in = false;
};
BOOST_DESCRIBE_STRUCT(SignInView, (), (mail, next, signed_in))

[[nodiscard]] std::string local_or_root(std::string_view next) {
    return std::string(auth::is_local_path(next) ? next : "/");
}

/// The browser that asked is named by the cookie that its form was bound to.
[[nodiscard]] std::string browser_of(const Call& call) {
    return std::string(
        call.request.cookie(call.viewer.session ? pages::session_cookie : pages::browser_cookie));
}

[[nodiscard]] Page sign_in_page(const SignInView& view) {
    return {.template_name = "sign_in",
            .view = pages::view_of(view),
            .title = "sign_in.title",
            .has_form = true};
}

[[nodiscard]] Result<Answer> see_sign_in(Call& call) {
    const auto next = call.request.query_value("next").value_or("/");
    return sign_in_page({.mail = call.viewer.mail,
                         .next = local_or_root(next),
                         .signed_in = call.viewer.session.has_value()});
}

struct SentView {
    std::string mail;
    std::int64_t minutes = 0;
    bool sends = false; ///< else somebody at the machine has to pass the link on
};
BOOST_DESCRIBE_STRUCT(SentView, (), (mail, minutes, sends))

/// Writes the link to the outbox, if this address and this sender may have another one.
[[nodiscard]] Result<void> send_link(store::Transaction& transaction, const Call& call,
                                     const auth::SignInLink& link) {
    TRY_DO(auth::count_try(transaction, links_to_one_mail, link.mail, call.now()));
    TRY_DO(auth::count_try(transaction, links_from_one_address,
                           http::client_network(call.request.peer), call.now()));
    TRY(const std::string secret,
        auth::make_link(transaction, link, call.now(), call.house.entropy));
    const std::string address = call.address("/sign-in/" + secret);
    const std::string_view shown_address = address;
    const mail::Mail mail{
        .kind = mail::Kind::sign_in,
        .recipient = link.mail,
        .subject = call.words->say("sign_in.mail_subject"),
        .body = call.words->say(
            "sign_in.mail_body",
            {{"address", shown_address}, {"minutes", std::int64_t{auth::link_time.count()}}})};
    return mail::write_mail(transaction, mail::server_scope, mail, call.now(), call.house.entropy);
}

[[nodiscard]] Result<Answer> ask_for_link(Call& call) {
    pages::FormReader form(call.form);
    const SignInView typed{.mail = form.line("mail", longest_mail, pages::Need::required),
                           .next = local_or_root(form.line("next", 2000))};
    const auto mail = auth::normal_mail(typed.mail);
    if (!mail && form.good()) {
        form.note("mail", "sign_in.no_mail");
    }
    if (!form.good()) {
        return pages::Refusal{form.problems(), sign_in_page(typed)};
    }
    if (browser_of(call).empty()) {
        // Without its cookie a link could be used in any browser.
        return fail(ErrorKind::invalid, "sign_in.no_browser");
    }
    const auth::SignInLink link{.mail = *mail, .browser = browser_of(call), .next = typed.next};
    TRY_DO(call.house.store.write(
        [&](store::Transaction& transaction) { return send_link(transaction, call, link); }));
    return Page{.template_name = "sign_in_sent",
                .view =
                    pages::view_of(SentView{*mail, auth::link_time.count(), call.house.sends_mail}),
                .title = call.house.sends_mail ? "sign_in.sent_title" : "sign_in.written_title",
                .private_ = true};
}

struct UseLinkView {
    std::string mail;
    std::string key;
};
BOOST_DESCRIBE_STRUCT(UseLinkView, (), (mail, key))

/// Shows a button and uses nothing up: programs that read mail follow links.
[[nodiscard]] Result<Answer> see_link(Call& call) {
    TRY(const auto link, call.house.store.read([&](store::Transaction& transaction) {
        return auth::see_link(transaction, call.part("key"), browser_of(call), call.now());
    }));
    return Page{.template_name = "sign_in_use",
                .view = pages::view_of(UseLinkView{link.mail, call.part("key")}),
                .title = "sign_in.use_title",
                .has_form = true};
}

[[nodiscard]] Result<Answer> use_link(Call& call) {
    std::string next;
    TRY(const std::string secret,
        call.house.store.write([&](store::Transaction& transaction) -> Result<std::string> {
            TRY(const auto link,
                auth::use_link(transaction, call.part("key"), browser_of(call), call.now()));
            next = link.next;
            // She has read it: mail arrives there.
            TRY_DO(mail::forget_refusals(transaction, link.mail));
            return auth::begin_session(transaction, link.mail, call.request.header("user-agent"),
                                       call.now(), call.house.entropy);
        }));
    return Done{.next = next,
                .cookies = {pages::cookie_of(pages::session_cookie, secret, auth::session_time)}};
}

// -- Sessions ------------------------------------------------------------------------------------

struct SessionLine {
    std::string id;
    std::string browser;
    std::string began;
    bool current = false;
};
BOOST_DESCRIBE_STRUCT(SessionLine, (), (id, browser, began, current))

struct SessionsView {
    std::string mail;
    std::vector<SessionLine> sessions;
};
BOOST_DESCRIBE_STRUCT(SessionsView, (), (mail, sessions))

[[nodiscard]] Result<Answer> see_sessions(Call& call) {
    TRY(const auto all, call.house.store.read([&](store::Transaction& transaction) {
        return auth::sessions_of(transaction, call.viewer.mail, call.now());
    }));
    SessionsView view{.mail = call.viewer.mail};
    for (const auth::Session& session : all) {
        view.sessions.push_back({.id = session.id.text(),
                                 .browser = session.browser,
                                 .began = format_date(session.began),
                                 .current = session.id == call.viewer.session});
    }
    // The one in use stands first: whoever looks for what else is open knows where she is.
    const auto current = std::ranges::find_if(view.sessions, &SessionLine::current);
    if (current != view.sessions.end()) {
        std::rotate(view.sessions.begin(), current, current + 1);
    }
    return Page{.template_name = "sessions",
                .view = pages::view_of(view),
                .title = "sessions.title",
                .has_form = true,
                .private_ = true};
}

[[nodiscard]] std::string expired(std::string_view cookie) {
    return pages::cookie_of(cookie, "", std::chrono::seconds(0));
}

[[nodiscard]] Result<Done> end(store::Transaction& transaction, const Call& call,
                               const auth::SessionId& session) {
    TRY_DO(auth::end_session(transaction, call.viewer.mail, session));
    if (session == call.viewer.session) {
        return Done{.next = "/", .cookies = {expired(pages::session_cookie)}};
    }
    return Done{"/sessions"};
}

[[nodiscard]] Result<Answer> end_one(Call& call) {
    return call.write([&](store::Transaction& transaction) {
        return end(transaction, call, call.id<auth::SessionId>("session"));
    });
}

[[nodiscard]] Result<Answer> sign_out(Call& call) {
    return call.write([&](store::Transaction& transaction) {
        return end(transaction, call, *call.viewer.session);
    });
}

// -- Guests --------------------------------------------------------------------------------------

/// A link for somebody without an account: the browser keeps the pass, and the page opens.
[[nodiscard]] Result<Answer> let_guest_in(Call& call) {
    const std::string& key = call.house.signing_key;
    const auto pass = auth::read_pass(key, call.part("signed"), call.now());
    if (!pass) {
        return fail(ErrorKind::missing, "guest.link_over");
    }
    const std::string passes =
        auth::cookie_with(key, call.request.cookie(pages::guest_cookie), *pass, call.now());
    return Done{.next = pass->place,
                .cookies = {pages::cookie_of(pages::guest_cookie, passes, auth::guest_time)}};
}

// -- Help ----------------------------------------------------------------------------------------

[[nodiscard]] Result<Answer> see_help(Call& /*call*/) {
    return Page{.template_name = "help", .title = "help.title"};
}

struct RoleLine {
    std::string action;
    std::string words;
    bool signed_in = false;
    bool of_circle = false;
    bool here_only = false;
    std::vector<std::string> roles; ///< who may
    std::vector<bool> may;          ///< by role, for the table
};
BOOST_DESCRIBE_STRUCT(RoleLine, (), (action, words, signed_in, of_circle, here_only, roles, may))

struct RolesView {
    std::vector<RoleLine> actions;
};
BOOST_DESCRIBE_STRUCT(RolesView, (), (actions))

[[nodiscard]] Result<Answer> see_roles(Call& /*call*/) {
    RolesView view;
    for (const auth::Permission& permission : auth::permissions()) {
        RoleLine line{.action = std::string(permission.name),
                      .words = std::string(permission.words),
                      .signed_in = permission.signed_in,
                      .of_circle = permission.of_circle,
                      .here_only = permission.here_only};
        for (int k = 0; k < auth::role_count; ++k) {
            const auto role = static_cast<auth::Role>(k);
            line.may.push_back(role >= permission.least);
            if (role >= permission.least) {
                line.roles.emplace_back(auth::name_of(role));
            }
        }
        view.actions.push_back(std::move(line));
    }
    return Page{.template_name = "roles", .view = pages::view_of(view), .title = "roles.title"};
}

// -- For machines --------------------------------------------------------------------------------

[[nodiscard]] Result<Answer> alive(Call& /*call*/) {
    return pages::Download{.type = "text/plain; charset=utf-8", .bytes = "alive\n"};
}

[[nodiscard]] Result<Answer> ready(Call& call) {
    TRY_DO(call.house.store.ping());
    return pages::Download{.type = "text/plain; charset=utf-8", .bytes = "ready\n"};
}

} // namespace

std::vector<pages::Route> routes() {
    return {
        {Method::get, "/", Action::read_public, see_root},
        {Method::get, "/sign-in", Action::sign_in, see_sign_in},
        {Method::post, "/sign-in", Action::sign_in, ask_for_link},
        {Method::get, "/sign-in/{key}", Action::sign_in, see_link},
        {Method::post, "/sign-in/{key}", Action::sign_in, use_link},
        {Method::get, "/sessions", Action::see_own_sessions, see_sessions},
        {Method::post, "/sessions/{session}/end", Action::see_own_sessions, end_one},
        {Method::post, "/session/end", Action::see_own_sessions, sign_out},
        {Method::get, "/g/{signed}", Action::read_public, let_guest_in},
        {Method::get, "/help", Action::read_public, see_help},
        {Method::get, "/roles", Action::read_public, see_roles},
        {Method::get, "/healthz", Action::read_public, alive},
        {Method::get, "/readyz", Action::read_public, ready},
    };
}

} // namespace allot::ground
