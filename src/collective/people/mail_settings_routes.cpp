#include "collective/people/mail_settings_routes.hpp"

#include "platform/auth/secrets.hpp"
#include "platform/mail/wishes.hpp"
#include "platform/pages/form_reader.hpp"
#include "platform/pages/view.hpp"

#include <array>

namespace allot::people {

namespace {

using auth::Action;
using http::Method;
using pages::Answer;
using pages::Call;
using pages::Done;
using pages::Page;
using store::Transaction;

struct DigestChoice {
    std::string value;
    bool chosen = false;
};
BOOST_DESCRIBE_STRUCT(DigestChoice, (), (value, chosen))

struct MailSettingsView {
    std::vector<DigestChoice> digests; ///< none is chosen until she has
    bool reminders = false;
    bool paused = false; ///< her address refused mail
    bool saved = false;
};
BOOST_DESCRIBE_STRUCT(MailSettingsView, (), (digests, reminders, paused, saved))

constexpr std::array<std::string_view, 2> digest_choices = {"none", "weekly"};

[[nodiscard]] Result<mail::Wishes> my_wishes(Transaction& transaction, const Call& call) {
    return mail::wishes_of(transaction, call.collective().id.text(),
                           auth::hash_of(call.viewer.mail));
}

[[nodiscard]] Page page_of(const Call& call, const mail::Wishes& wishes, bool paused) {
    MailSettingsView view{.digests = {},
                          .reminders = wishes.reminders,
                          .paused = paused,
                          .saved = call.request.query_value("saved").has_value()};
    for (const std::string_view choice : digest_choices) {
        view.digests.push_back({std::string(choice), choice == wishes.digest});
    }
    return {.template_name = "mail_settings",
            .view = pages::view_of(view),
            .title = "mail_settings.title",
            .has_form = true,
            .private_ = true};
}

[[nodiscard]] Result<Answer> see_mail_settings(Call& call) {
    TRY(Page page, call.house.store.read([&](Transaction& transaction) -> Result<Page> {
        TRY(const auto wishes, my_wishes(transaction, call));
        TRY(const bool paused, mail::is_paused(transaction, call.viewer.mail));
        return page_of(call, wishes, paused);
    }));
    return page;
}

/// A digest that is left open stays as it was: nobody has to decide about it to change the rest.
[[nodiscard]] Result<Answer> save_mail_settings(Call& call) {
    pages::FormReader form(call.form);
    const auto chosen = form.several("digest", digest_choices);
    const bool reminders = form.ticked("reminders");
    return call.write([&](Transaction& transaction) -> Result<Done> {
        TRY(mail::Wishes wishes, my_wishes(transaction, call));
        wishes.reminders = reminders;
        wishes.digest = chosen.empty() ? wishes.digest : chosen.front();
        TRY_DO(mail::save_wishes(transaction, call.collective().id.text(),
                                 auth::hash_of(call.viewer.mail), wishes));
        return Done{call.path("/settings/mail?saved")};
    });
}

[[nodiscard]] Result<Answer> try_again(Call& call) {
    return call.write([&](Transaction& transaction) -> Result<Done> {
        TRY_DO(mail::forget_refusals(transaction, call.viewer.mail));
        return Done{call.path("/settings/mail?saved")};
    });
}

} // namespace

std::vector<pages::Route> mail_settings_routes() {
    return {
        {Method::get, "/c/{collective}/settings/mail", Action::edit_own_profile, see_mail_settings,
         ""},
        {Method::post, "/c/{collective}/settings/mail", Action::edit_own_profile,
         save_mail_settings, ""},
        {Method::post, "/c/{collective}/settings/mail/resume", Action::edit_own_profile, try_again,
         ""},
    };
}

} // namespace allot::people
