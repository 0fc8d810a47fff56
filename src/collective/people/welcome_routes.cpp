#include "collective/people/welcome_routes.hpp"

#include "collective/people/person_store.hpp"
#include "platform/auth/audit.hpp"
#include "platform/auth/mail_address.hpp"
#include "platform/auth/secrets.hpp"
#include "platform/auth/sign_in.hpp"
#include "platform/pages/form_reader.hpp"
#include "platform/pages/site.hpp"
#include "platform/pages/view.hpp"
#include "platform/pages/zone_field.hpp"

namespace allot::people {

namespace {

using auth::Action;
using http::Method;
using pages::Answer;
using pages::Call;
using pages::Done;
using pages::FormReader;
using pages::Need;
using pages::Page;
using store::Statement;

constexpr Statement find_welcome = "SELECT value FROM keeping WHERE name = 'welcome'";
constexpr Statement set_welcome = "INSERT INTO keeping (name, value) VALUES ('welcome', $1) "
                                  "ON CONFLICT (name) DO UPDATE SET value = $1";
constexpr Statement drop_welcome = "DELETE FROM keeping WHERE name = 'welcome'";

constexpr std::size_t longest_slug = 40;
constexpr std::size_t longest_mail = 254;

/// Errors: `missing` where this link was used, or another one was printed since.
[[nodiscard]] Result<void> check_welcome(Transaction& transaction, std::string_view key) {
    TRY(const auto row, transaction.row(find_welcome));
    if (!row || !auth::same_secret(row->text(0), auth::hash_of(key))) {
        return fail(ErrorKind::missing, "welcome.used");
    }
    return {};
}

struct WelcomeView {
    std::string key;
    std::string name;
    std::string slug;
    std::string about;
    std::string your_name;
    std::string mail;
    std::string zone;
    std::vector<std::string> zones;
    bool more = false; ///< shows what else can be said
};
BOOST_DESCRIBE_STRUCT(WelcomeView, (), (key, name, slug, about, your_name, mail, zone, zones, more))

[[nodiscard]] Page welcome_page(const WelcomeView& view) {
    return {.template_name = "welcome",
            .view = pages::view_of(view),
            .title = "welcome.title",
            .has_form = true,
            .private_ = true};
}

[[nodiscard]] Result<Answer> see_welcome(Call& call) {
    TRY_DO(call.house.store.read(
        [&](Transaction& transaction) { return check_welcome(transaction, call.part("key")); }));
    return welcome_page({.key = call.part("key"), .zones = call.house.zones.names()});
}

[[nodiscard]] WelcomeView read_welcome(FormReader& form, const Call& call) {
    WelcomeView typed{.key = call.part("key"),
                      .name = form.line("name", longest_name, Need::required),
                      .slug = form.line("slug", longest_slug),
                      .about = form.line("about", longest_line),
                      .your_name = form.line("your_name", longest_name, Need::required),
                      .mail = form.line("mail", longest_mail, Need::required),
                      .zone = pages::read_zone_field(form, call),
                      .zones = call.house.zones.names()};
    typed.more = !typed.slug.empty() || !typed.about.empty();
    if (typed.slug.empty()) {
        typed.slug = pages::slug_of(typed.name);
    }
    if (!typed.name.empty() && !pages::is_slug(typed.slug)) {
        form.note("slug", "welcome.no_slug");
        typed.more = true;
    }
    if (!typed.mail.empty() && !auth::normal_mail(typed.mail)) {
        form.note("mail", "sign_in.no_mail");
    }
    return typed;
}

/// The collective, its first steward, and her session, in one step.
[[nodiscard]] Result<Done> begin(Transaction& transaction, const Call& call,
                                 const WelcomeView& typed, const std::string& mail) {
    Entropy& entropy = call.house.entropy;
    TRY_DO(check_welcome(transaction, typed.key));
    TRY(const CollectiveId collective,
        begin_collective(
            transaction,
            {.slug = typed.slug, .name = typed.name, .about = typed.about, .zone = typed.zone},
            call.now(), entropy));
    const Profile profile{.name = typed.your_name, .zone = typed.zone};
    TRY(const PersonId steward,
        add_person(transaction, collective, mail, profile, Role::steward, call.now(), entropy));
    TRY_DO(auth::note_audit(transaction, collective, steward, "collective_begun", call.now(),
                            entropy));
    TRY_DO(transaction.run(drop_welcome));
    TRY(const std::string secret,
        auth::begin_session(transaction, mail, call.request.header("user-agent"), call.now(),
                            entropy));
    // What comes next is the first series, in the room of gatherings.
    return Done{.next = "/c/" + typed.slug + "/start",
                .cookies = {pages::cookie_of(pages::session_cookie, secret, auth::session_time)}};
}

[[nodiscard]] Result<Answer> begin_with_form(Call& call) {
    FormReader form(call.form);
    const WelcomeView typed = read_welcome(form, call);
    if (!form.good()) {
        return pages::Refusal{form.problems(), welcome_page(typed)};
    }
    TRY(const auto same, call.house.store.read([&](Transaction& transaction) {
        return collective_named(transaction, typed.slug);
    }));
    if (same) {
        form.note("slug", "welcome.slug_taken");
        WelcomeView again = typed;
        again.more = true;
        return pages::Refusal{form.problems(), welcome_page(again)};
    }
    TRY(const std::string mail, auth::normal_mail(typed.mail));
    return call.write(
        [&](Transaction& transaction) { return begin(transaction, call, typed, mail); });
}

} // namespace

std::vector<pages::Route> welcome_routes() {
    return {
        {Method::get, "/welcome/{key}", Action::sign_in, see_welcome},
        {Method::post, "/welcome/{key}", Action::sign_in, begin_with_form},
    };
}

Result<std::string> new_welcome_path(store::Store& store, Entropy& entropy) {
    const std::string secret = auth::new_secret(entropy);
    const auto kept = store.write([&](Transaction& transaction) -> Result<void> {
        TRY_DO(transaction.run(set_welcome, {auth::hash_of(secret)}));
        return {};
    });
    TRY_DO(kept);
    return "/welcome/" + secret;
}

} // namespace allot::people
