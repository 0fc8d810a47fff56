#include "app/pages/front_pages.hpp"

#include "app/front_texts.hpp"
#include "app/pages/own_pages.hpp"
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

struct FrontView {
    std::string name;
    std::string about;
    bool is_demo = false;
    bool is_member = false;
};
BOOST_DESCRIBE_STRUCT(FrontView, (), (name, about, is_demo, is_member))

[[nodiscard]] Result<Answer> see_front(Call& call) {
    TRY(const auto about, call.house.store.read([&](store::Transaction& transaction) {
        return people::about_collective(transaction, call.collective().id);
    }));
    const FrontView view{.name = call.collective().name,
                         .about = about.about,
                         .is_demo = about.is_demo,
                         .is_member = call.viewer.role() >= auth::Role::member};
    return Page{.template_name = "front",
                .view = pages::view_of(view),
                .title = "front.title",
                .title_name = view.name};
}

[[nodiscard]] std::vector<pages::Route> all_routes() {
    std::vector<pages::Route> all = {
        {Method::get, "/c/{collective}", Action::read_public, see_front},
    };
    const auto own = own_routes();
    all.insert(all.end(), own.begin(), own.end());
    return all;
}

} // namespace

const pages::Room& front_pages() {
    static const std::vector<pages::Route> routes = all_routes();
    static constexpr std::array templates = {
        pages::TemplateText{"front", texts::front},
        pages::TemplateText{"known", texts::known},
        pages::TemplateText{"erase", texts::erase},
    };
    static constexpr std::array words = {
        pages::WordList{"en", texts::front_en},
    };
    static const pages::Room room{.name = "front",
                                  .routes = routes,
                                  .templates = templates,
                                  .words = words,
                                  .places = {},
                                  .migrations = {}};
    return room;
}

} // namespace allot::app
