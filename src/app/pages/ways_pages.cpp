#include "app/pages/ways_pages.hpp"

#include "collective/circles/circle_views.hpp"
#include "collective/people/person_store.hpp"
#include "platform/pages/view.hpp"

#include <algorithm>

namespace allot::app {

namespace {

using auth::Action;
using pages::Answer;
using pages::Call;
using pages::Page;

struct Way {
    std::string title;
    std::string href;
    std::string hint; ///< the issue of a circle, how a name is said
};
BOOST_DESCRIBE_STRUCT(Way, (), (title, href, hint))

struct WaysView {
    std::vector<Way> circles;
    std::vector<Way> people; ///< for members
};
BOOST_DESCRIBE_STRUCT(WaysView, (), (circles, people))

[[nodiscard]] Result<void> add_circles(store::Transaction& transaction, const Call& call,
                                       WaysView& view) {
    TRY(const auto lines, circles::circle_lines(transaction, call));
    for (const circles::CircleLine& circle : lines.open) {
        view.circles.push_back({.title = circle.name,
                                .href = call.path("/circles/" + circle.slug),
                                .hint = circle.issue});
    }
    return {};
}

[[nodiscard]] Result<void> add_people(store::Transaction& transaction, const Call& call,
                                      WaysView& view) {
    TRY(auto all, people::all_people(transaction, call.collective().id));
    call.words->sort_by_name(all, [](const auto& person) { return person.profile.name; });
    for (const people::Person& person : all) {
        view.people.push_back({.title = person.profile.name,
                               .href = call.path("/people/" + person.id.text()),
                               .hint = person.profile.said});
    }
    return {};
}

[[nodiscard]] Result<Answer> see_ways(Call& call) {
    WaysView view;
    const auto looked = call.house.store.read([&](store::Transaction& transaction) -> Result<void> {
        TRY_DO(add_circles(transaction, call, view));
        if (auth::may(Action::see_people, call.viewer.role())) {
            TRY_DO(add_people(transaction, call, view));
        }
        return {};
    });
    TRY_DO(looked);
    return Page{.template_name = "ways", .view = pages::view_of(view), .title = "shell.ways"};
}

} // namespace

std::vector<pages::Route> ways_routes() {
    return {
        {http::Method::get, "/c/{collective}/ways", Action::read_public, see_ways},
    };
}

} // namespace allot::app
