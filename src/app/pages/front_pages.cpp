#include "app/pages/front_pages.hpp"

#include "app/front_texts.hpp"
#include "app/pages/demo_pages.hpp"
#include "app/pages/hook_pages.hpp"
#include "app/pages/own_pages.hpp"
#include "app/pages/starter_pages.hpp"
#include "app/pages/today_pages.hpp"
#include "app/pages/ways_pages.hpp"
#include "app/pages/well_pages.hpp"
#include "collective/circles/circle_views.hpp"
#include "collective/gatherings/next_gatherings.hpp"
#include "collective/people/person_store.hpp"
#include "platform/pages/view.hpp"

#include <array>

namespace allot::app {

namespace {

using auth::Action;
using http::Method;
using pages::Answer;
using pages::Call;
using pages::Page;

constexpr std::size_t most_next = 3;

struct FrontView {
    std::string name;
    std::string about;
    bool is_demo = false;
    bool is_member = false;
    bool may_remove = false; ///< the demonstration
    bool erased = false;     ///< the reader has just erased herself
    std::vector<gatherings::GatheringLine> next;
    std::vector<circles::CircleLine> circles;
};
BOOST_DESCRIBE_STRUCT(FrontView, (),
                      (name, about, is_demo, is_member, may_remove, erased, next, circles))

[[nodiscard]] Result<Answer> see_front(Call& call) {
    FrontView view{.name = call.collective().name,
                   .is_member = call.viewer.role() >= auth::Role::member,
                   .erased = !call.viewer.session && call.request.query_value("erased")};
    const auto looked = call.house.store.read([&](store::Transaction& transaction) -> Result<void> {
        const auth::CollectiveId& collective = call.collective().id;
        TRY(const auto about, people::about_collective(transaction, collective));
        TRY(view.next, gatherings::next_gatherings(transaction, call, most_next));
        TRY(auto lines, circles::circle_lines(transaction, call));
        view.about = about.about;
        view.is_demo = about.is_demo;
        view.may_remove = about.is_demo && auth::may(Action::remove_demo, call.viewer.role());
        view.circles = std::move(lines.open);
        return {};
    });
    TRY_DO(looked);
    return Page{.template_name = "front",
                .view = pages::view_of(view),
                .title = "front.title",
                .title_name = view.name,
                .has_form = view.may_remove};
}

[[nodiscard]] std::vector<pages::Route> all_routes() {
    std::vector<pages::Route> all = {
        {Method::get, "/c/{collective}", Action::read_public, see_front},
    };
    for (const auto& more : {today_routes(), own_routes(), ways_routes(), demo_routes(),
                             hook_routes(), starter_routes(), well_routes()}) {
        all.insert(all.end(), more.begin(), more.end());
    }
    return all;
}

} // namespace

const pages::Room& front_pages() {
    static const std::vector<pages::Route> routes = all_routes();
    static constexpr std::array templates = {
        pages::TemplateText{"front", texts::front},
        pages::TemplateText{"today", texts::today},
        pages::TemplateText{"known", texts::known},
        pages::TemplateText{"erase", texts::erase},
        pages::TemplateText{"ways", texts::ways},
        pages::TemplateText{"hooks", texts::hooks},
        pages::TemplateText{"hook", texts::hook},
        pages::TemplateText{"hook_secret", texts::hook_secret},
        pages::TemplateText{"starter", texts::starter},
        pages::TemplateText{"well", texts::well},
    };
    static constexpr std::array words = {
        pages::WordList{"en", texts::front_en},
        pages::WordList{"ar", texts::front_ar},
        pages::WordList{"pl", texts::front_pl},
    };
    static constexpr std::array places = {
        pages::Place{
            "today", "/today", auth::Action::see_today, 10,
            "M3 18h18M6.5 18a5.5 5.5 0 0 1 11 0M12 5.5V8M4.2 9.8l1.9 1.6M19.8 9.8l-1.9 1.6"},
    };
    static const pages::Room room{.name = "front",
                                  .routes = routes,
                                  .templates = templates,
                                  .words = words,
                                  .places = places,
                                  .migrations = {}};
    return room;
}

} // namespace allot::app
