#include "base/clock.hpp"
#include "collective/circles/circle_calls.hpp"
#include "collective/circles/circle_routes.hpp"
#include "platform/pages/view.hpp"

#include <algorithm>

namespace allot::circles {

namespace {

using auth::Role;
using pages::Call;
using pages::Page;

struct NamedLine {
    std::string name; ///< of `way_names` or `charter_names`
    std::string words;
};
BOOST_DESCRIBE_STRUCT(NamedLine, (), (name, words))

struct PersonLine {
    std::string id;
    std::string name;
    std::string said;
    bool host = false;
    bool resting = false;
};
BOOST_DESCRIBE_STRUCT(PersonLine, (), (id, name, said, host, resting))

struct RequestLine {
    std::string id;
    std::string name;
    std::string words;
};
BOOST_DESCRIBE_STRUCT(RequestLine, (), (id, name, words))

/// For hosts alone; others find nothing in its place, whatever it would say.
struct KeepingView {
    bool at_risk = false;
    bool no_host = false;
    bool as_large = false;
    bool asks_still = false;
    std::vector<RequestLine> requests;
    std::string link_until; ///< the last day of the link; empty without one
    std::string answered;   ///< what a host has just said to somebody: "welcome", "not_now"
};
BOOST_DESCRIBE_STRUCT(KeepingView, (),
                      (at_risk, no_host, as_large, asks_still, requests, link_until, answered))

/// What the viewer is in this circle, for her alone.
struct OwnView {
    bool host = false;
    bool resting = false;
    bool may_leave = false;
};
BOOST_DESCRIBE_STRUCT(OwnView, (), (host, resting, may_leave))

struct AskingView {
    std::string words;
    bool is_new = false; ///< to the collective: says name and zone, too
    std::string name;
    std::string zone;
    std::vector<std::string> zones;
};
BOOST_DESCRIBE_STRUCT(AskingView, (), (words, is_new, name, zone, zones))

struct CircleView {
    std::string slug;
    std::string name;
    std::string kind;
    std::string issue;
    std::string framework;
    std::vector<NamedLine> ways;
    std::vector<NamedLine> charter;
    bool by_link = false;
    bool ended = false;
    bool draft = false;
    bool as_guest = false;          ///< the viewer sees a draft by a link from a host
    std::vector<PersonLine> people; ///< for members of the collective
    bool has_asked = false;         ///< the viewer, and waits
    std::string calendar;           ///< its address; empty in a draft
    std::string calendar_app;       ///< the same for programs of calendars: "webcal://..."
    bool to_sign_in = false;        ///< it could be asked after signing in
    std::optional<OwnView> own;
    std::optional<KeepingView> keeping;
    std::optional<AskingView> asking;
};
BOOST_DESCRIBE_STRUCT(CircleView, (),
                      (slug, name, kind, issue, framework, ways, charter, by_link, ended, draft,
                       as_guest, people, has_asked, calendar, calendar_app, to_sign_in, own,
                       keeping, asking))

/// Everything that the page is made from, of one snapshot.
struct Found {
    Circle circle;
    std::vector<InCircle> people;
    std::vector<Request> requests;
    std::optional<std::chrono::sys_days> link_ends;
};

[[nodiscard]] Result<Found> find(Transaction& transaction, const Call& call) {
    const CollectiveId& collective = call.collective().id;
    TRY(Circle circle, circle_of(transaction, call));
    TRY(auto people, people_for_reader(transaction, call, circle.id));
    TRY(auto requests, requests_to(transaction, collective, circle.id));
    TRY(const auto link_ends, invitation_ends(transaction, collective, circle.id, call.now()));
    return Found{std::move(circle), std::move(people), std::move(requests), link_ends};
}

template <std::size_t n>
[[nodiscard]] std::vector<NamedLine> filled_lines(const std::array<std::string_view, n>& names,
                                                  const std::array<std::string, n>& words) {
    std::vector<NamedLine> lines;
    for (std::size_t k = 0; k < n; ++k) {
        if (!words[k].empty()) {
            lines.push_back({std::string(names[k]), words[k]});
        }
    }
    return lines;
}

/// What it does in public, as a calendar: the room of gatherings writes it.
void add_calendar(CircleView& view, const Call& call, const Circle& circle) {
    if (!view.draft) {
        view.calendar = call.address(path_of(call, circle, "/calendar.ics"));
        view.calendar_app = "webcal" + view.calendar.substr(view.calendar.find("://"));
    }
}

[[nodiscard]] std::vector<pages::Alternate> alternates_of(const Call& call, const Circle& circle) {
    if (is_draft(circle.about)) {
        return {};
    }
    return {{.type = "text/calendar",
             .path = path_of(call, circle, "/calendar.ics"),
             .name = circle.about.name}};
}

[[nodiscard]] std::vector<PersonLine> person_lines(const std::vector<InCircle>& people) {
    std::vector<PersonLine> lines;
    for (const InCircle& one : people) {
        lines.push_back({.id = one.part.person.text(),
                         .name = one.name,
                         .said = one.said,
                         .host = one.part.name == PartName::host,
                         .resting = rests(one.part)});
    }
    return lines;
}

[[nodiscard]] KeepingView keeping_view(const Found& found, Parts parts, const Part* mine,
                                       std::chrono::sys_days today) {
    KeepingView view{.at_risk = has_host(parts) && at_risk(parts),
                     .no_host = !has_host(parts),
                     .as_large = as_large_as_wanted(found.circle.about, parts),
                     .asks_still = mine != nullptr && asks_still(*mine, today)};
    for (const Request& request : found.requests) {
        view.requests.push_back({request.id.text(), request.name, request.words});
    }
    if (found.link_ends) {
        view.link_until = format_date(*found.link_ends);
    }
    return view;
}

[[nodiscard]] CircleView public_view(const Circle& circle) {
    const About& about = circle.about;
    return {.slug = circle.slug,
            .name = about.name,
            .kind = std::string(name_of(about.kind)),
            .issue = about.issue,
            .framework = about.framework,
            .ways = filled_lines(way_names, about.ways),
            .charter = filled_lines(charter_names, about.charter),
            .by_link = about.joining == Joining::link,
            .ended = circle.state == State::ended,
            .draft = is_draft(about)};
}

/// For whoever has no part in it: the form that asks, or the way to it.
void add_asking(CircleView& view, const Found& found, const Call& call, const Asking& typed) {
    const auto& member = call.viewer.member;
    view.has_asked = member && std::ranges::find(found.requests, member->person,
                                                 &Request::person) != found.requests.end();
    if (view.by_link || view.ended || view.has_asked) {
        return;
    }
    view.to_sign_in = !call.viewer.session;
    if (call.viewer.session) {
        view.asking =
            AskingView{.words = typed.words,
                       .is_new = !member,
                       .name = typed.name,
                       .zone = typed.zone,
                       .zones = member ? std::vector<std::string>() : call.house.zones.names()};
    }
}

} // namespace

Result<Page> circle_page(const Call& call, const Asking& typed) {
    TRY(const Found found,
        call.house.store.read([&](Transaction& transaction) { return find(transaction, call); }));
    const auto parts = parts_in(found.people);
    const auto& member = call.viewer.member;
    const Part* const mine = member ? part_of(parts, member->person) : nullptr;
    CircleView view = public_view(found.circle);
    if (call.viewer.role() >= Role::member) {
        view.people = person_lines(found.people);
    }
    if (mine != nullptr) {
        view.own = OwnView{.host = mine->name == PartName::host,
                           .resting = mine->resting,
                           .may_leave = may_leave(found.circle, parts, member->person).has_value()};
    } else {
        view.as_guest = view.draft && !keeps(call);
        add_asking(view, found, call, typed);
    }
    add_calendar(view, call, found.circle);
    if (keeps(call) && !view.ended) {
        const auto today = std::chrono::floor<std::chrono::days>(call.now());
        view.keeping = keeping_view(found, parts, mine, today);
        const auto answered = call.request.query_value("answered");
        if (answered == "welcome" || answered == "not_now") {
            view.keeping->answered = *answered;
        }
    }
    return Page{.template_name = "circle",
                .view = pages::view_of(view),
                .title = "circles.circle_title",
                .title_name = view.name,
                .place = "circles",
                .has_form = view.own || view.keeping || view.asking,
                .private_ = view.own || view.keeping || view.asking || view.as_guest,
                .alternates = alternates_of(call, found.circle)};
}

} // namespace allot::circles
