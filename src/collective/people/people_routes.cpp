#include "collective/people/people_routes.hpp"

#include "base/clock.hpp"
#include "base/text.hpp"
#include "collective/people/about_routes.hpp"
#include "collective/people/mail_settings_routes.hpp"
#include "collective/people/person.hpp"
#include "collective/people/person_store.hpp"
#include "collective/people/welcome_routes.hpp"
#include "platform/auth/audit.hpp"
#include "platform/mail/wishes.hpp"
#include "platform/pages/form_reader.hpp"
#include "platform/pages/site.hpp"
#include "platform/pages/view.hpp"
#include "platform/pages/zone_field.hpp"

#include <algorithm>

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

[[nodiscard]] Result<Person> person_of(Transaction& transaction, const Call& call,
                                       const PersonId& id) {
    TRY(auto person, find_person(transaction, call.collective().id, id));
    if (!person || person->erased) {
        return fail(ErrorKind::missing, "people.nobody");
    }
    return *std::move(person);
}

[[nodiscard]] Result<Person> myself(const Call& call) {
    return call.house.store.read([&](Transaction& transaction) {
        return person_of(transaction, call, call.member().person);
    });
}

// -- People
// ----------------------------------------------------------------------------------------

struct PersonLine {
    std::string id;
    std::string name;
    std::string said;
    std::string own_words;
    bool steward = false;
    bool resting = false;
};
BOOST_DESCRIBE_STRUCT(PersonLine, (), (id, name, said, own_words, steward, resting))

struct PeopleView {
    std::vector<PersonLine> people;
};
BOOST_DESCRIBE_STRUCT(PeopleView, (), (people))

[[nodiscard]] Result<Answer> see_people(Call& call) {
    TRY(auto people, call.house.store.read([&](Transaction& transaction) {
        return all_people(transaction, call.collective().id);
    }));
    call.words->sort_by_name(people, [](const Person& person) { return person.profile.name; });
    PeopleView view;
    for (const Person& person : people) {
        view.people.push_back({.id = person.id.text(),
                               .name = person.profile.name,
                               .said = person.profile.said,
                               .own_words = person.profile.own_words,
                               .steward = person.role == Role::steward,
                               .resting = person.resting});
    }
    return Page{.template_name = "people",
                .view = pages::view_of(view),
                .title = "people.title",
                .place = "people"};
}

struct PersonView {
    std::string id;
    std::string name;
    std::string said;
    std::string own_words;
    std::string how_i_work;
    std::string languages;
    std::string zone;
    std::string access_needs; ///< empty unless she shows them
    bool steward = false;
    bool resting = false;
    bool is_me = false;
    bool may_change_role = false;
};
BOOST_DESCRIBE_STRUCT(PersonView, (),
                      (id, name, said, own_words, how_i_work, languages, zone, access_needs,
                       steward, resting, is_me, may_change_role))

[[nodiscard]] Result<Answer> see_person(Call& call) {
    TRY(const Person person, call.house.store.read([&](Transaction& transaction) {
        return person_of(transaction, call, call.id<PersonId>("person"));
    }));
    const Profile& profile = person.profile;
    const PersonView view{.id = person.id.text(),
                          .name = profile.name,
                          .said = profile.said,
                          .own_words = profile.own_words,
                          .how_i_work = profile.how_i_work,
                          .languages = profile.languages,
                          .zone = profile.zone,
                          .access_needs =
                              profile.shows_access ? profile.access_needs : std::string(),
                          .steward = person.role == Role::steward,
                          .resting = person.resting,
                          .is_me = person.id == call.member().person,
                          .may_change_role = auth::may(Action::change_role, call.viewer.role())};
    return Page{.template_name = "person",
                .view = pages::view_of(view),
                .title = "people.person_title",
                .title_name = profile.name,
                .place = "people",
                .has_form = view.may_change_role};
}

/// A steward makes somebody steward, or a member again. The last one stays: somebody has to be able
/// to restore the collective.
[[nodiscard]] Result<Answer> change_role(Call& call) {
    FormReader form(call.form);
    static constexpr std::array<std::string_view, 2> roles = {"member", "steward"};
    const std::string role = form.choice("role", roles);
    if (!form.good()) {
        return fail(ErrorKind::invalid, "people.no_role");
    }
    const auto id = call.id<PersonId>("person");
    return call.write([&](Transaction& transaction) -> Result<Done> {
        TRY(const Person person, person_of(transaction, call, id));
        TRY(const auto keepers, stewards(transaction, call.collective().id));
        if (role == "member" && keepers == std::vector{person.id}) {
            return fail(ErrorKind::conflict, "people.last_steward");
        }
        TRY_DO(
            save_role(transaction, call.collective().id, id, auth::role_named(role), call.now()));
        TRY_DO(auth::note_audit(transaction, call.collective().id, call.member().person,
                                "role_changed", call.now(), call.house.entropy));
        return Done{call.path("/people/" + id.text())};
    });
}

// -- Settings
// --------------------------------------------------------------------------------------

struct Choice {
    std::string value;
    bool chosen = false;
};
BOOST_DESCRIBE_STRUCT(Choice, (), (value, chosen))

struct SettingsView {
    std::string name;
    std::string said;
    std::string own_words;
    std::string how_i_work;
    std::string languages;
    std::string access_needs;
    bool shows_access = false;
    std::vector<Choice> here_for;
    std::string here_for_words;
    std::string zone;
    std::vector<std::string> zones;
    std::vector<Choice> page_languages; ///< the empty one: as the browser says
    bool resting = false;
    bool has_calendar_link = false;
    bool mail_paused = false; ///< her address refused mail
    bool may_watch_mail = false;
    bool saved = false;
};
BOOST_DESCRIBE_STRUCT(SettingsView, (),
                      (name, said, own_words, how_i_work, languages, access_needs, shows_access,
                       here_for, here_for_words, zone, zones, page_languages, resting,
                       has_calendar_link, mail_paused, may_watch_mail, saved))

constexpr std::array<std::string_view, 4> page_language_choices = {"", "en", "ar", "pl"};

[[nodiscard]] Page settings_page(const Call& call, const Profile& profile, const Person& person,
                                 bool mail_paused = false) {
    SettingsView view{.name = profile.name,
                      .said = profile.said,
                      .own_words = profile.own_words,
                      .how_i_work = profile.how_i_work,
                      .languages = profile.languages,
                      .access_needs = profile.access_needs,
                      .shows_access = profile.shows_access,
                      .here_for_words = profile.here_for_words,
                      .zone = profile.zone,
                      .zones = call.house.zones.names(),
                      .resting = person.resting,
                      .has_calendar_link = person.has_calendar_link,
                      .mail_paused = mail_paused,
                      .may_watch_mail = auth::may(Action::watch_mail, call.viewer.role()),
                      .saved = call.request.query_value("saved").has_value()};
    for (const std::string_view reason : reasons_to_be_here) {
        const bool chosen = std::ranges::find(profile.here_for, reason) != profile.here_for.end();
        view.here_for.push_back({std::string(reason), chosen});
    }
    for (const std::string_view language : page_language_choices) {
        view.page_languages.push_back({std::string(language), language == profile.page_language});
    }
    return {.template_name = "settings",
            .view = pages::view_of(view),
            .title = "settings.title",
            .has_form = true,
            .private_ = true};
}

[[nodiscard]] Result<Answer> see_settings(Call& call) {
    TRY(const Person me, myself(call));
    TRY(const bool mail_paused, call.house.store.read([&](Transaction& transaction) {
        return mail::is_paused(transaction, me.mail);
    }));
    return settings_page(call, me.profile, me, mail_paused);
}

[[nodiscard]] Profile read_profile(FormReader& form, const Call& call) {
    Profile profile;
    profile.name = form.line("name", longest_name, Need::required);
    profile.said = form.line("said", longest_line);
    profile.own_words = form.prose("own_words", longest_words);
    profile.how_i_work = form.prose("how_i_work", longest_words);
    profile.languages = form.line("languages", longest_line);
    profile.access_needs = form.prose("access_needs", longest_words);
    profile.shows_access = form.ticked("shows_access");
    profile.here_for = form.several("here_for", reasons_to_be_here);
    profile.here_for_words = form.line("here_for_words", longest_line);
    profile.zone = pages::read_zone_field(form, call);
    profile.page_language = form.choice("page_language", page_language_choices);
    return profile;
}

[[nodiscard]] Result<Answer> save_settings(Call& call) {
    FormReader form(call.form);
    const Profile profile = read_profile(form, call);
    if (!form.good()) {
        TRY(const Person me, myself(call));
        return pages::Refusal{form.problems(), settings_page(call, profile, me)};
    }
    return call.write([&](Transaction& transaction) -> Result<Done> {
        TRY_DO(save_profile(transaction, call.collective().id, call.member().person, profile));
        return Done{call.path("/settings?saved")};
    });
}

struct HoursView {
    std::string free;
    std::string maybe;
    std::string zone;
    bool saved = false;
};
BOOST_DESCRIBE_STRUCT(HoursView, (), (free, maybe, zone, saved))

[[nodiscard]] Page hours_page(const Call& call, const UsualHours& typed, std::string_view zone) {
    const HoursView view{.free = hours_in_lines(typed.free),
                         .maybe = hours_in_lines(typed.maybe),
                         .zone = std::string(zone),
                         .saved = call.request.query_value("saved").has_value()};
    return {.template_name = "hours",
            .view = pages::view_of(view),
            .title = "hours.title",
            .has_form = true,
            .private_ = true};
}

[[nodiscard]] Result<Answer> see_hours(Call& call) {
    TRY(const Person me, myself(call));
    return hours_page(call, me.hours, me.profile.zone);
}

/// Days that were ticked, with one begin and one end: the way to write hours without knowing how.
[[nodiscard]] std::string added_hours(FormReader& form) {
    static constexpr std::array<std::string_view, 7> days = {"Mon", "Tue", "Wed", "Thu",
                                                             "Fri", "Sat", "Sun"};
    const auto chosen = form.several("day", days);
    const std::string from = form.line("from", 5);
    const std::string to = form.line("to", 5);
    if (chosen.empty()) {
        return {};
    }
    if (from.empty() || to.empty()) {
        form.note(from.empty() ? "from" : "to", "hours.from_and_to");
        return {};
    }
    std::string list;
    for (const std::string& day : chosen) {
        list += (list.empty() ? "" : ",") + day;
    }
    return list + " " + from + "-" + to;
}

[[nodiscard]] UsualHours read_hours(FormReader& form) {
    UsualHours typed{.free = form.prose("free", longest_words),
                     .maybe = form.prose("maybe", longest_words)};
    static constexpr std::array<std::string_view, 3> levels = {"free", "maybe", ""};
    if (const std::string added = added_hours(form); !added.empty()) {
        std::string& to = form.choice("level", levels) == "maybe" ? typed.maybe : typed.free;
        to += (to.empty() ? "" : "\n") + added;
    }
    const auto parse = [&](std::string_view field, std::string& hours) {
        if (auto parsed = parse_hours(hours)) {
            hours = *std::move(parsed);
        } else {
            form.note(field, "hours.unreadable", {{"why", parsed.error().message}});
        }
    };
    parse("free", typed.free);
    parse("maybe", typed.maybe);
    return typed;
}

[[nodiscard]] Result<Answer> change_hours(Call& call) {
    FormReader form(call.form);
    const UsualHours hours = read_hours(form);
    if (!form.good()) {
        return pages::Refusal{form.problems(), hours_page(call, hours, call.member().zone)};
    }
    return call.write([&](Transaction& transaction) -> Result<Done> {
        TRY_DO(save_hours(transaction, call.collective().id, call.member().person, hours));
        return Done{call.path("/settings/hours?saved")};
    });
}

[[nodiscard]] Result<Answer> rest_or_return(Call& call) {
    const FormReader form(call.form);
    const bool resting = form.ticked("resting");
    return call.write([&](Transaction& transaction) -> Result<Done> {
        TRY_DO(save_rest(transaction, call.collective().id, call.member().person, resting));
        return Done{call.path("/settings?saved")};
    });
}

struct CalendarLinkView {
    std::string address;
};
BOOST_DESCRIBE_STRUCT(CalendarLinkView, (), (address))

/// Shown once: the server keeps a hash.
[[nodiscard]] Result<Answer> make_calendar_link(Call& call) {
    TRY(const std::string secret, call.house.store.write([&](Transaction& transaction) {
        return new_calendar_secret(transaction, call.collective().id, call.member().person,
                                   call.house.entropy);
    }));
    const CalendarLinkView view{call.address(call.path("/calendar/" + secret + ".ics"))};
    return Page{.template_name = "calendar_link",
                .view = pages::view_of(view),
                .title = "calendar_link.title",
                .private_ = true};
}

} // namespace

std::vector<pages::Route> routes() {
    std::vector<pages::Route> all = {
        {Method::get, "/c/{collective}/people", Action::see_people, see_people},
        {Method::get, "/c/{collective}/people/{person}", Action::see_people, see_person},
        {Method::post, "/c/{collective}/people/{person}/role", Action::change_role, change_role},
        {Method::get, "/c/{collective}/settings", Action::edit_own_profile, see_settings},
        {Method::post, "/c/{collective}/settings", Action::edit_own_profile, save_settings},
        {Method::get, "/c/{collective}/settings/hours", Action::edit_own_profile, see_hours},
        {Method::post, "/c/{collective}/settings/hours", Action::edit_own_profile, change_hours},
        {Method::post, "/c/{collective}/settings/rest", Action::edit_own_profile, rest_or_return},
        {Method::post, "/c/{collective}/settings/calendar-link", Action::edit_own_profile,
         make_calendar_link},
    };
    for (const auto& more : {mail_settings_routes(), welcome_routes(), about_routes()}) {
        all.insert(all.end(), more.begin(), more.end());
    }
    return all;
}

} // namespace allot::people
