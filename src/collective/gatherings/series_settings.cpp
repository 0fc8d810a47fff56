#include "base/ids.hpp"
#include "base/text.hpp"
#include "collective/gatherings/announcement.hpp"
#include "collective/gatherings/feed_plan.hpp"
#include "collective/gatherings/kept_words.hpp"
#include "collective/gatherings/series_change.hpp"
#include "collective/gatherings/series_form.hpp"
#include "collective/gatherings/series_routes.hpp"
#include "collective/people/person_store.hpp"
#include "platform/auth/mail_address.hpp"
#include "platform/pages/view.hpp"

#include <algorithm>

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

// -- What it says of itself ----------------------------------------------------------------------

struct SettingsView {
    std::string slug;
    std::string title;
    std::string about;
    std::string agenda;
    std::string where;
    std::vector<Option> link_fors;
    std::string access;
    std::string seats;
    std::vector<Option> turns;
    std::vector<Option> lighters;
    std::vector<Option> guests;
    std::vector<Option> audiences;
    std::string calendar_mail;
    std::string renew;
    bool saved = false;
};
BOOST_DESCRIBE_STRUCT(SettingsView, (),
                      (slug, title, about, agenda, where, link_fors, access, seats, turns, lighters,
                       guests, audiences, calendar_mail, renew, saved))

/// As it was typed: `seats` is no number yet.
struct TypedSettings {
    About about;
    std::string seats;
};

[[nodiscard]] std::vector<Option> turn_options(const std::vector<TurnKind>& chosen) {
    std::vector<Option> options;
    for (const std::string_view name : turn_names) {
        const bool is = std::ranges::find(chosen, turn_named(name)) != chosen.end();
        options.push_back({.value = std::string(name), .words = "", .chosen = is});
    }
    return options;
}

[[nodiscard]] Page settings_page(const Call& call, const Series& series,
                                 const TypedSettings& typed) {
    const About& about = typed.about;
    const SettingsView view{.slug = series.slug,
                            .title = about.title,
                            .about = about.about,
                            .agenda = about.agenda,
                            .where = where_of(about),
                            .link_fors = options_of(link_for_names, name_of(about.link_for)),
                            .access = about.access,
                            .seats = typed.seats,
                            .turns = turn_options(about.turns),
                            .lighters = options_of(lighter_names, name_of(about.lighter)),
                            .guests = options_of(guests_names, name_of(about.guests)),
                            .audiences = options_of(audience_names, name_of(about.audience)),
                            .calendar_mail = about.calendar_mail,
                            .renew = format_date(series.renew),
                            .saved = call.request.query_value("saved").has_value()};
    return {.template_name = "series_settings",
            .view = pages::view_of(view),
            .title = "gatherings.settings_title",
            .title_name = series.about.title,
            .place = "events",
            .has_form = true};
}

void read_seats(FormReader& form, TypedSettings& typed) {
    typed.seats = form.line("seats", 10);
    if (typed.seats.empty()) {
        return;
    }
    typed.about.seats = text::parse_int(typed.seats);
    if (!typed.about.seats || *typed.about.seats < 1 || *typed.about.seats > most_seats) {
        form.note("seats", "gatherings.no_seats", {{"most", std::to_string(most_seats)}});
    }
}

void read_calendar_mail(FormReader& form, About& about) {
    about.calendar_mail = form.line("calendar_mail", longest_line);
    if (about.calendar_mail.empty()) {
        return;
    }
    if (const auto mail = auth::normal_mail(about.calendar_mail)) {
        about.calendar_mail = *mail;
    } else {
        form.note("calendar_mail", "sign_in.no_mail");
    }
}

[[nodiscard]] TypedSettings read_settings(FormReader& form, const Series& series) {
    TypedSettings typed;
    About& about = typed.about;
    about.title = form.line("title", longest_title, Need::required);
    about.about = form.prose("about", longest_words);
    about.agenda = form.prose("agenda", longest_words);
    set_where(about, form.line("where", longest_link));
    about.link_for = link_for_named(form.choice("link_for", link_for_names));
    about.access = form.prose("access", longest_words);
    read_seats(form, typed);
    for (const std::string& name : form.several("turns", turn_names)) {
        about.turns.push_back(turn_named(name));
    }
    about.lighter = lighter_named(form.choice("lighter", lighter_names));
    about.guests = guests_named(form.choice("guests", guests_names));
    about.audience = audience_named(form.choice("audience", audience_names));
    if (about.audience == Audience::circle && !series.circle) {
        form.note("audience", "gatherings.has_no_circle");
    }
    read_calendar_mail(form, about);
    return typed;
}

[[nodiscard]] Result<Series> read_series_of(const Call& call) {
    return call.house.store.read(
        [&](Transaction& transaction) { return running_series_of(transaction, call); });
}

[[nodiscard]] Result<Answer> see_settings(Call& call) {
    TRY(const Series series, read_series_of(call));
    const auto& seats = series.about.seats;
    return settings_page(
        call, series,
        {.about = series.about, .seats = seats ? std::to_string(*seats) : std::string()});
}

[[nodiscard]] Result<Answer> save_settings(Call& call) {
    TRY(const Series before, call.house.store.read([&](Transaction& transaction) {
        return series_of(transaction, call);
    }));
    FormReader form(call.form);
    const TypedSettings typed = read_settings(form, before);
    if (!form.good()) {
        return pages::Refusal{form.problems(), settings_page(call, before, typed)};
    }
    auto answer = call.write([&](Transaction& transaction) -> Result<Done> {
        TRY(const Series series, running_series_of(transaction, call));
        TRY_DO(change_about(transaction, call.collective().id, series, typed.about,
                            std::chrono::floor<std::chrono::days>(call.now())));
        if (typed.about.place != series.about.place || typed.about.link != series.about.link) {
            TRY(const auto changed, find_series(transaction, call.collective().id, series.id));
            TRY_DO(announce_elsewhere(transaction, teller_of(call), changed.value()));
        }
        return Done{path_of(call, series, "/settings?saved")};
    });
    return or_page_again(call, std::move(answer), "title",
                         [&] { return Result<Page>(settings_page(call, before, typed)); });
}

// -- How long it goes on -------------------------------------------------------------------------

[[nodiscard]] Result<Answer> renew(Call& call) {
    return call.write([&](Transaction& transaction) -> Result<Done> {
        TRY(const Series series, series_of(transaction, call));
        const auto today = std::chrono::floor<std::chrono::days>(call.now());
        TRY(const Plan before, plan_of(transaction, call.collective().id, series));
        TRY_DO(renew_series(transaction, call.collective().id, series.id, today + renewed_for));
        ZoneBook zones(call.house.zones);
        TRY_DO(revise_series(transaction, call.collective().id, before, zones, today));
        TRY_DO(note(transaction, call, "series_renewed"));
        return Done{path_of(call, series)};
    });
}

[[nodiscard]] Result<Answer> end(Call& call) {
    return call.write([&](Transaction& transaction) -> Result<Done> {
        TRY(const Series series, running_series_of(transaction, call));
        const auto today = std::chrono::floor<std::chrono::days>(call.now());
        TRY(const Plan before, plan_of(transaction, call.collective().id, series));
        TRY_DO(end_series(transaction, call.collective().id, series.id, today));
        ZoneBook zones(call.house.zones);
        TRY_DO(revise_series(transaction, call.collective().id, before, zones, today));
        TRY_DO(note(transaction, call, "series_ended"));
        return Done{path_of(call, series)};
    });
}

// -- Who keeps it --------------------------------------------------------------------------------

struct HostChoice {
    std::string id;
    std::string name;
    bool rests = false;
};
BOOST_DESCRIBE_STRUCT(HostChoice, (), (id, name, rests))

struct HostsView {
    std::string slug;
    std::string title;
    std::vector<HostChoice> hosts;
    std::vector<HostChoice> others; ///< who could be one
    bool i_host = false;
};
BOOST_DESCRIBE_STRUCT(HostsView, (), (slug, title, hosts, others, i_host))

[[nodiscard]] Result<HostsView> look_at_hosts(Transaction& transaction, const Call& call) {
    TRY(const Series series, running_series_of(transaction, call));
    TRY(auto hosts, hosts_of(transaction, call.collective().id, series.id));
    TRY(auto people, people::all_people(transaction, call.collective().id));
    call.words->sort_by_name(hosts, &Host::name);
    call.words->sort_by_name(people, [](const people::Person& one) { return one.profile.name; });
    HostsView view{.slug = series.slug, .title = series.about.title};
    for (const Host& host : hosts) {
        view.hosts.push_back({host.person.text(), host.name, host.rests});
        view.i_host = view.i_host || host.person == call.member().person;
    }
    for (const people::Person& person : people) {
        if (std::ranges::find(hosts, person.id, &Host::person) == hosts.end()) {
            view.others.push_back({person.id.text(), person.profile.name, person.resting});
        }
    }
    return view;
}

[[nodiscard]] Result<Answer> see_hosts(Call& call) {
    TRY(const HostsView view, call.house.store.read([&](Transaction& transaction) {
        return look_at_hosts(transaction, call);
    }));
    return Page{.template_name = "series_hosts",
                .view = pages::view_of(view),
                .title = "gatherings.hosts",
                .place = "events",
                .has_form = true};
}

/// Whom a form names. Errors: `invalid` where it names nobody; `missing` for no member.
[[nodiscard]] Result<PersonId> chosen_member(Transaction& transaction, const Call& call) {
    const auto id = parse_uuid(call.form.value("person").value_or(""));
    if (!id) {
        return fail(ErrorKind::invalid, "circles.no_person");
    }
    TRY(const auto person, people::find_person(transaction, call.collective().id, PersonId(*id)));
    if (!person || person->erased || person->role == auth::Role::guest) {
        return fail(ErrorKind::missing, "people.nobody");
    }
    return person->id;
}

[[nodiscard]] Result<Answer> make_host(Call& call) {
    return call.write([&](Transaction& transaction) -> Result<Done> {
        TRY(const Series series, running_series_of(transaction, call));
        TRY(const PersonId person, chosen_member(transaction, call));
        TRY_DO(add_host(transaction, call.collective().id, series.id, person));
        TRY_DO(note(transaction, call, "series_host_made"));
        return Done{path_of(call, series, "/hosts")};
    });
}

/// One click: somebody else keeps it from now on.
[[nodiscard]] Result<Answer> hand_over(Call& call) {
    return call.write([&](Transaction& transaction) -> Result<Done> {
        TRY(const Series series, running_series_of(transaction, call));
        TRY(const PersonId person, chosen_member(transaction, call));
        if (person == call.member().person) {
            return fail(ErrorKind::conflict, "gatherings.to_herself");
        }
        TRY_DO(add_host(transaction, call.collective().id, series.id, person));
        TRY_DO(drop_host(transaction, call.collective().id, series.id, call.member().person));
        TRY_DO(note(transaction, call, "series_handed_over"));
        return Done{path_of(call, series)};
    });
}

/// Needs no reason.
[[nodiscard]] Result<Answer> stop_hosting(Call& call) {
    return call.write([&](Transaction& transaction) -> Result<Done> {
        TRY(const Series series, series_of(transaction, call));
        TRY_DO(drop_host(transaction, call.collective().id, series.id, call.member().person));
        TRY_DO(note(transaction, call, "series_host_stopped"));
        return Done{path_of(call, series)};
    });
}

} // namespace

std::vector<pages::Route> series_settings_routes() {
    return {
        {Method::get, "/c/{collective}/series/{series}/settings", Action::keep_series,
         see_settings},
        {Method::post, "/c/{collective}/series/{series}/settings", Action::keep_series,
         save_settings},
        {Method::post, "/c/{collective}/series/{series}/renew", Action::keep_series, renew},
        {Method::post, "/c/{collective}/series/{series}/end", Action::keep_series, end},
        {Method::get, "/c/{collective}/series/{series}/hosts", Action::keep_series, see_hosts},
        {Method::post, "/c/{collective}/series/{series}/hosts", Action::keep_series, make_host},
        {Method::post, "/c/{collective}/series/{series}/hand-over", Action::keep_series, hand_over},
        {Method::post, "/c/{collective}/series/{series}/stop-hosting", Action::keep_series,
         stop_hosting},
    };
}

} // namespace allot::gatherings
