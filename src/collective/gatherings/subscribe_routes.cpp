#include "base/text.hpp"
#include "collective/gatherings/invitations.hpp"
#include "collective/gatherings/series_routes.hpp"
#include "collective/gatherings/subscribe_views.hpp"
#include "collective/gatherings/subscribers.hpp"
#include "platform/auth/limits.hpp"
#include "platform/auth/mail_address.hpp"
#include "platform/auth/secrets.hpp"
#include "platform/auth/signed_link.hpp"
#include "platform/http/caller.hpp"
#include "platform/mail/wishes.hpp"
#include "platform/pages/form_reader.hpp"
#include "platform/pages/view.hpp"
#include "platform/pages/zone_field.hpp"

#include <fmt/format.h>

namespace allot::gatherings {

namespace {

using auth::Action;
using http::Method;
using pages::Answer;
using pages::Call;
using pages::Done;
using pages::FormReader;
using pages::Need;
using pages::Page;
using std::chrono::days;
using std::chrono::hours;

constexpr std::string_view yes_purpose = "subscribe";
constexpr std::size_t longest_mail = 254;
/// Nobody's box is filled by others who type her address, nor by one who types many.
constexpr auth::Allowance questions_to_one_mail{"subscribe_mail", 4, hours(24)};
constexpr auth::Allowance questions_from_one_address{"subscribe_peer", 20, hours(1)};

[[nodiscard]] std::chrono::sys_days today(const Call& call) {
    return std::chrono::floor<days>(call.now());
}

/// Mail about what is not public goes to people who belong here, and to nobody else.
[[nodiscard]] bool may_ask(const Call& call, const Series& series) {
    return series.about.audience == Audience::everyone || call.viewer.member;
}

[[nodiscard]] Result<Series> series_to_ask(Transaction& transaction, const Call& call) {
    TRY(Series series, running_series_of(transaction, call));
    if (!may_ask(call, series)) {
        return fail(ErrorKind::missing, "gatherings.none_here");
    }
    return series;
}

// -- The form ------------------------------------------------------------------------------------

struct Typed {
    std::string mail;
    std::string zone;
    bool invited = false;
};

struct SubscribeFormView {
    std::string path; ///< of the series
    std::string series;
    std::string mail;
    std::string zone;
    std::vector<std::string> zones;
    bool invited = false;
    bool can_invite = false;
};
BOOST_DESCRIBE_STRUCT(SubscribeFormView, (), (path, series, mail, zone, zones, invited, can_invite))

[[nodiscard]] Result<Page> form_page(const Call& call, const Typed& typed) {
    TRY(const Series series, call.house.store.read([&](Transaction& transaction) {
        return series_to_ask(transaction, call);
    }));
    const SubscribeFormView view{.path = path_of(call, series),
                                 .series = series.about.title,
                                 .mail = typed.mail,
                                 .zone = typed.zone,
                                 .zones = call.house.zones.names(),
                                 .invited = typed.invited,
                                 .can_invite = !call.house.mail_from.empty()};
    return Page{.template_name = "subscribe_form",
                .view = pages::view_of(view),
                .title = "subscribe.title",
                .title_name = view.series,
                .place = "events",
                .has_form = true,
                .private_ = true};
}

[[nodiscard]] Result<Answer> see_form(Call& call) {
    const Typed typed{.mail = call.viewer.mail, .zone = zone_of_reader(call)};
    TRY(Page page, form_page(call, typed));
    return page;
}

/// The calendar is invited at once.
[[nodiscard]] Result<void> invite_now(Transaction& transaction, const Call& call,
                                      const Series& series, std::string_view hash) {
    const Teller teller = teller_of(call);
    TRY(const auto all, invitees(transaction, teller, series));
    TRY(const Plan plan, plan_of(transaction, call.collective().id, series));
    ZoneBook zones(call.house.zones);
    for (const Invitee& whom : all) {
        if (whom.hash == hash) {
            TRY_DO(invite(transaction, teller, plan, zones, whom));
        }
    }
    return {};
}

// -- With an account: one click ------------------------------------------------------------------

[[nodiscard]] Result<Done> begin_for_member(Transaction& transaction, const Call& call,
                                            bool invited) {
    TRY(const Series series, series_to_ask(transaction, call));
    const CollectiveId& collective = call.collective().id;
    const Subscriber me{.hash = auth::hash_of(call.viewer.mail),
                        .mail = call.viewer.mail,
                        .language = call.member().language,
                        .zone = call.member().zone,
                        .confirmed = true,
                        .invited = invited};
    TRY_DO(mail::resume_topic(transaction, collective.text(), me.hash, series.id.text()));
    TRY_DO(put_subscriber(transaction, collective, series.id, me, today(call)));
    if (invited) {
        TRY_DO(invite_now(transaction, call, series, me.hash));
    }
    return Done{path_of(call, series, "?mail=on#mail")};
}

[[nodiscard]] Result<Answer> end_for_member(Call& call) {
    return call.write([&](Transaction& transaction) -> Result<Done> {
        TRY(const Series series, series_of(transaction, call));
        const CollectiveId& collective = call.collective().id;
        const std::string hash = auth::hash_of(call.viewer.mail);
        TRY_DO(drop_subscriber(transaction, collective, series.id, hash));
        // Also what waits in the outbox, for a morning or a mail server, is not wanted any more.
        TRY_DO(mail::end_topic(transaction, collective.text(), hash, series.id.text()));
        return Done{path_of(call, series, "?mail=off#mail")};
    });
}

// -- Without one: the address says yes -----------------------------------------------------------

/// The link says what was typed: of somebody who is on the list nothing changes until she uses it.
[[nodiscard]] std::string yes_path(const Call& call, const Series& series, const Subscriber& who) {
    const auto ends = (call.now() + asked_for).time_since_epoch() / std::chrono::seconds(1);
    return call.path(
        "/subscribe/" +
        auth::signed_text(call.house.signing_key, yes_purpose,
                          fmt::format("{} {} {} {} {} {}", call.collective().id.text(),
                                      series.id.text(), who.hash, ends, who.invited ? "yes" : "no",
                                      who.zone.empty() ? "-" : who.zone)));
}

/// What is answered is the same whether the address is on the list or not.
[[nodiscard]] Result<Done> ask_address(Transaction& transaction, const Call& call,
                                       const Typed& typed) {
    TRY(const Series series, series_to_ask(transaction, call));
    TRY_DO(auth::count_try(transaction, questions_to_one_mail, typed.mail, call.now()));
    TRY_DO(auth::count_try(transaction, questions_from_one_address,
                           http::client_network(call.request.peer), call.now()));
    const Subscriber who{.hash = auth::hash_of(typed.mail),
                         .mail = typed.mail,
                         .language = call.words->language(),
                         .zone = typed.zone,
                         .invited = typed.invited};
    TRY_DO(ask_subscriber(transaction, call.collective().id, series.id, who, today(call)));
    const std::string address = call.address(yes_path(call, series, who));
    const std::initializer_list<pages::Argument> given = {
        {"series", std::string_view(series.about.title)},
        {"collective", std::string_view(call.collective().name)},
        {"address", std::string_view(address)}};
    TRY_DO(write(transaction, teller_of(call),
                 {.kind = mail::Kind::confirm,
                  .recipient = typed.mail,
                  .subject = call.words->say("subscribe.mail_subject", given),
                  .body = call.words->say("subscribe.mail_body", given)}));
    return Done{path_of(call, series, "?mail=asked#mail")};
}

[[nodiscard]] Result<Answer> begin_one(Call& call) {
    FormReader form(call.form);
    Typed typed{.invited = form.ticked("invited")};
    if (call.viewer.member) {
        return call.write([&](Transaction& transaction) {
            return begin_for_member(transaction, call, typed.invited);
        });
    }
    typed.mail = form.line("mail", longest_mail, Need::required);
    typed.zone = pages::read_zone_field(form, call);
    if (const auto mail = auth::normal_mail(typed.mail)) {
        typed.mail = *mail;
    } else if (!typed.mail.empty()) {
        form.note("mail", "subscribe.no_mail");
    }
    if (!form.good()) {
        TRY(Page again, form_page(call, typed));
        return pages::Refusal{form.problems(), std::move(again)};
    }
    return call.write(
        [&](Transaction& transaction) { return ask_address(transaction, call, typed); });
}

// -- The link in the mail ------------------------------------------------------------------------

struct Asked {
    SeriesId series;
    std::string hash;
    Wish wish;
};

[[nodiscard]] Result<Asked> asked_of(const Call& call) {
    constexpr std::size_t said = 6;
    const auto payload = auth::payload_of(call.house.signing_key, yes_purpose, call.part("signed"));
    const auto parts = text::split_list(payload.value_or(""), ' ');
    const auto ends = parts.size() == said ? text::parse_int(parts[3]) : std::nullopt;
    if (!ends || parts[0] != call.collective().id.text() ||
        call.now().time_since_epoch() > std::chrono::seconds(*ends)) {
        return fail(ErrorKind::missing, "subscribe.over");
    }
    return Asked{
        .series = SeriesId(parts[1]),
        .hash = parts[2],
        .wish = {.zone = parts[5] == "-" ? std::string() : parts[5], .invited = parts[4] == "yes"}};
}

struct ConfirmView {
    std::string key;
    std::string series;
};
BOOST_DESCRIBE_STRUCT(ConfirmView, (), (key, series))

/// The series may have ended since, or become one that her address may not see.
[[nodiscard]] Result<Series> asked_series(Transaction& transaction, const Call& call,
                                          const Asked& asked) {
    const CollectiveId& collective = call.collective().id;
    TRY(auto series, find_series(transaction, collective, asked.series));
    TRY(const auto who, asked_subscriber(transaction, collective, asked.series, asked.hash));
    if (!series || !who || is_over(*series, today(call))) {
        return fail(ErrorKind::missing, "subscribe.over");
    }
    TRY(const Standing standing, standing_of(transaction, teller_of(call), *series, who->mail));
    if (!standing.sees) {
        return fail(ErrorKind::missing, "subscribe.over");
    }
    return *std::move(series);
}

/// Shows a button and changes nothing: programs that read mail follow links.
[[nodiscard]] Result<Answer> see_question(Call& call) {
    TRY(const Asked asked, asked_of(call));
    TRY(const Series series, call.house.store.read([&](Transaction& transaction) {
        return asked_series(transaction, call, asked);
    }));
    const ConfirmView view{.key = call.part("signed"), .series = series.about.title};
    return Page{.template_name = "subscribe_confirm",
                .view = pages::view_of(view),
                .title = "subscribe.title",
                .title_name = view.series,
                .place = "events",
                .has_form = true,
                .private_ = true};
}

[[nodiscard]] Result<Answer> say_yes(Call& call) {
    TRY(const Asked asked, asked_of(call));
    return call.write([&](Transaction& transaction) -> Result<Done> {
        const CollectiveId& collective = call.collective().id;
        TRY(const Series series, asked_series(transaction, call, asked));
        TRY(const Subscriber who,
            confirm_subscriber(transaction, collective, series.id, asked.hash, asked.wish));
        TRY_DO(mail::resume_topic(transaction, collective.text(), who.hash, series.id.text()));
        if (who.invited) {
            TRY_DO(invite_now(transaction, call, series, who.hash));
        }
        return Done{path_of(call, series, "?mail=on#mail")};
    });
}

} // namespace

Result<std::optional<SeriesMail>> mail_section(const Call& call, const Series& series) {
    if (is_over(series, today(call)) || !may_ask(call, series)) {
        return std::nullopt;
    }
    SeriesMail view{.path = path_of(call, series, "/subscribe"),
                    .signed_in = call.viewer.member.has_value(),
                    .can_invite = !call.house.mail_from.empty()};
    const auto said = call.request.query_value("mail");
    if (said == "asked" || said == "on" || said == "off") {
        view.said = *said;
    }
    if (view.signed_in) {
        TRY(const auto me, call.house.store.read([&](Transaction& transaction) {
            return subscriber_of(transaction, call.collective().id, series.id,
                                 auth::hash_of(call.viewer.mail));
        }));
        view.on = me && me->confirmed;
        view.invited = view.on && me->invited;
    }
    return view;
}

std::vector<pages::Route> subscribe_routes() {
    return {
        {Method::get, "/c/{collective}/series/{series}/subscribe", Action::subscribe, see_form},
        {Method::post, "/c/{collective}/series/{series}/subscribe", Action::subscribe, begin_one},
        {Method::post, "/c/{collective}/series/{series}/unsubscribe", Action::edit_own_profile,
         end_for_member},
        {Method::get, "/c/{collective}/subscribe/{signed}", Action::subscribe, see_question},
        {Method::post, "/c/{collective}/subscribe/{signed}", Action::subscribe, say_yes},
    };
}

} // namespace allot::gatherings
