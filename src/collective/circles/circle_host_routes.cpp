#include "base/ids.hpp"
#include "collective/circles/circle_calls.hpp"
#include "collective/circles/circle_routes.hpp"
#include "platform/pages/form_reader.hpp"
#include "platform/pages/view.hpp"

#include <algorithm>

namespace allot::circles {

namespace {

using auth::Action;
using http::Method;
using pages::Answer;
using pages::Call;
using pages::Done;
using pages::FormReader;
using pages::Need;
using pages::Page;

/// A circle with everybody in it, as a command finds it.
struct Inside {
    Circle circle;
    std::vector<Part> parts;
};

[[nodiscard]] Result<Inside> inside(Transaction& transaction, const Call& call) {
    TRY(Circle circle, circle_of(transaction, call));
    TRY(const auto people, people_of(transaction, call.collective().id, circle.id));
    return Inside{std::move(circle), parts_in(people)};
}

/// The same, where it is open.
[[nodiscard]] Result<Inside> inside_open(Transaction& transaction, const Call& call) {
    TRY(Inside found, inside(transaction, call));
    TRY_DO(must_be_open(found.circle));
    return found;
}

// -- What members do -----------------------------------------------------------------------------

[[nodiscard]] Result<Answer> rest_or_return(Call& call) {
    const FormReader form(call.form);
    const bool resting = form.ticked("resting");
    return call.write([&](Transaction& transaction) -> Result<Done> {
        TRY(const Circle circle, open_circle_of(transaction, call));
        TRY_DO(
            save_rest(transaction, call.collective().id, circle.id, call.member().person, resting));
        return Done{path_of(call, circle)};
    });
}

/// Needs no reason, and nobody is told.
[[nodiscard]] Result<Answer> leave(Call& call) {
    return call.write([&](Transaction& transaction) -> Result<Done> {
        const PersonId& me = call.member().person;
        TRY(const Inside found, inside(transaction, call));
        TRY_DO(may_leave(found.circle, found.parts, me));
        TRY_DO(drop_part(transaction, call.collective().id, found.circle.id, me));
        TRY_DO(note(transaction, call, "circle_left"));
        return Done{call.path("/circles")};
    });
}

// -- Hosts ---------------------------------------------------------------------------------------

struct PersonChoice {
    std::string id;
    std::string name;
    bool resting = false;
};
BOOST_DESCRIBE_STRUCT(PersonChoice, (), (id, name, resting))

struct HostsView {
    std::string slug;
    std::string name;
    std::vector<PersonChoice> hosts;
    std::vector<PersonChoice> members; ///< who could become host
    std::vector<PersonChoice> others;  ///< to whom the viewer could give her part
    bool i_host = false;
};
BOOST_DESCRIBE_STRUCT(HostsView, (), (slug, name, hosts, members, others, i_host))

[[nodiscard]] HostsView hosts_view(const Circle& circle, const std::vector<InCircle>& people,
                                   const auth::Member& viewer) {
    const PersonId& me = viewer.person;
    HostsView view{.slug = circle.slug, .name = circle.about.name};
    for (const InCircle& one : people) {
        const PersonChoice choice{one.part.person.text(), one.name, rests(one.part)};
        const bool host = one.part.name == PartName::host;
        (host ? view.hosts : view.members).push_back(choice);
        if (one.part.person == me) {
            view.i_host = host;
        } else {
            view.others.push_back(choice);
        }
    }
    if (view.hosts.empty() && part_of(parts_in(people), me) == nullptr) {
        view.members.push_back({me.text(), viewer.name}); // a steward, who may host it herself
    }
    return view;
}

[[nodiscard]] Result<Answer> see_hosts(Call& call) {
    auto found = call.house.store.read([&](Transaction& transaction) -> Result<HostsView> {
        TRY(const Circle circle, open_circle_of(transaction, call));
        TRY(const auto people, people_for_reader(transaction, call, circle.id));
        return hosts_view(circle, people, call.member());
    });
    TRY(const HostsView view, std::move(found));
    return Page{.template_name = "circle_hosts",
                .view = pages::view_of(view),
                .title = "circles.hosts_title",
                .title_name = view.name,
                .place = "circles",
                .has_form = true};
}

/// Whom a form names. Errors: `invalid` where it names nobody.
[[nodiscard]] Result<PersonId> chosen_person(const Call& call) {
    const auto id = parse_uuid(call.form.value("person").value_or(""));
    if (!id) {
        return fail(ErrorKind::invalid, "circles.no_person");
    }
    return PersonId(*id);
}

[[nodiscard]] Result<Answer> make_host(Call& call) {
    TRY(const PersonId person, chosen_person(call));
    return call.write([&](Transaction& transaction) -> Result<Done> {
        TRY(const Inside found, inside_open(transaction, call));
        const bool takes_it_herself = person == call.member().person && !has_host(found.parts);
        if (part_of(found.parts, person) == nullptr && !takes_it_herself) {
            return fail(ErrorKind::missing, "circles.not_in_circle");
        }
        TRY_DO(give_part(transaction, call.collective().id, found.circle.id, person, PartName::host,
                         call.now()));
        TRY_DO(note(transaction, call, "host_made"));
        return Done{path_of(call, found.circle)};
    });
}

[[nodiscard]] Result<Answer> hand_over(Call& call) {
    TRY(const PersonId to, chosen_person(call));
    return call.write([&](Transaction& transaction) -> Result<Done> {
        const CollectiveId& collective = call.collective().id;
        const PersonId& me = call.member().person;
        TRY(const Inside found, inside_open(transaction, call));
        TRY_DO(may_hand_over(found.parts, me, to));
        const CircleId& circle = found.circle.id;
        TRY_DO(give_part(transaction, collective, circle, to, PartName::host, call.now()));
        TRY_DO(give_part(transaction, collective, circle, me, PartName::member, call.now()));
        TRY_DO(note(transaction, call, "host_part_given"));
        return Done{path_of(call, found.circle)};
    });
}

/// Asked on a day that the part names; saying it pushes the day on.
[[nodiscard]] Result<Answer> say_still(Call& call) {
    const bool from_today = call.form.value("back") == "today";
    return call.write([&](Transaction& transaction) -> Result<Done> {
        const PersonId& me = call.member().person;
        TRY(const Inside found, inside_open(transaction, call));
        if (!is_host(found.parts, me)) {
            return fail(ErrorKind::conflict, "circles.no_host_part");
        }
        TRY_DO(give_part(transaction, call.collective().id, found.circle.id, me, PartName::host,
                         call.now()));
        return Done{from_today ? call.path("/today") : path_of(call, found.circle)};
    });
}

// -- The end, and two of one ---------------------------------------------------------------------

struct CircleNameView {
    std::string slug;
    std::string name;
    std::string next_name; ///< of the circle that splits off
};
BOOST_DESCRIBE_STRUCT(CircleNameView, (), (slug, name, next_name))

[[nodiscard]] Result<Circle> read_open_circle(const Call& call) {
    return call.house.store.read(
        [&](Transaction& transaction) { return open_circle_of(transaction, call); });
}

[[nodiscard]] Result<Answer> see_end(Call& call) {
    TRY(const Circle circle, read_open_circle(call));
    return Page{.template_name = "circle_end",
                .view =
                    pages::view_of(CircleNameView{.slug = circle.slug, .name = circle.about.name}),
                .title = "circles.end_title",
                .title_name = circle.about.name,
                .place = "circles",
                .has_form = true};
}

[[nodiscard]] Result<Answer> end(Call& call) {
    return call.write([&](Transaction& transaction) -> Result<Done> {
        TRY(const Circle circle, open_circle_of(transaction, call));
        TRY_DO(end_circle(transaction, call.collective().id, circle.id));
        TRY_DO(note(transaction, call, "circle_ended"));
        return Done{path_of(call, circle)};
    });
}

[[nodiscard]] Page split_page(const Circle& circle, std::string name) {
    return {.template_name = "circle_split",
            .view = pages::view_of(CircleNameView{
                .slug = circle.slug, .name = circle.about.name, .next_name = std::move(name)}),
            .title = "circles.split_title",
            .title_name = circle.about.name,
            .place = "circles",
            .has_form = true};
}

[[nodiscard]] Result<Answer> see_split(Call& call) {
    TRY(const Circle circle, read_open_circle(call));
    return split_page(circle, next_name(circle.about.name));
}

/// A second circle that says the same of itself. Nobody is moved: members decide themselves.
[[nodiscard]] Result<Answer> split(Call& call) {
    FormReader form(call.form);
    const std::string name = form.line("name", longest_name, Need::required);
    if (!form.good()) {
        TRY(const Circle circle, read_open_circle(call));
        return pages::Refusal{form.problems(), split_page(circle, name)};
    }
    return call.write([&](Transaction& transaction) -> Result<Done> {
        TRY(const Circle circle, open_circle_of(transaction, call));
        About about = circle.about;
        about.name = name;
        TRY(const Circle second, open_circle(transaction, call.collective().id, about,
                                             call.member().person, call.now(), call.house.entropy));
        TRY_DO(note(transaction, call, "circle_split"));
        return Done{path_of(call, second)};
    });
}

} // namespace

std::vector<pages::Route> host_routes() {
    return {
        {Method::post, "/c/{collective}/circles/{circle}/rest", Action::take_part, rest_or_return},
        {Method::post, "/c/{collective}/circles/{circle}/leave", Action::take_part, leave},
        {Method::get, "/c/{collective}/circles/{circle}/hosts", Action::keep_circle, see_hosts},
        {Method::post, "/c/{collective}/circles/{circle}/hosts", Action::keep_circle, make_host},
        {Method::post, "/c/{collective}/circles/{circle}/hand-over", Action::keep_circle,
         hand_over},
        {Method::post, "/c/{collective}/circles/{circle}/still", Action::keep_circle, say_still},
        {Method::get, "/c/{collective}/circles/{circle}/end", Action::keep_circle, see_end},
        {Method::post, "/c/{collective}/circles/{circle}/end", Action::keep_circle, end},
        {Method::get, "/c/{collective}/circles/{circle}/split", Action::keep_circle, see_split},
        {Method::post, "/c/{collective}/circles/{circle}/split", Action::keep_circle, split},
    };
}

} // namespace allot::circles
