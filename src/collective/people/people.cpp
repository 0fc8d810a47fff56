#include "collective/people/people.hpp"

#include "collective/people/own_words.hpp"
#include "collective/people/people_routes.hpp"
#include "collective/people/people_texts.hpp"

#include <array>

namespace allot::people {

const pages::Room& room() {
    static const std::vector<pages::Route> all_routes = routes();
    static constexpr std::array templates = {
        pages::TemplateText{"people", texts::people},
        pages::TemplateText{"person", texts::person},
        pages::TemplateText{"settings", texts::settings},
        pages::TemplateText{"hours", texts::hours},
        pages::TemplateText{"known_people", texts::known_people},
        pages::TemplateText{"calendar_link", texts::calendar_link},
        pages::TemplateText{"welcome", texts::welcome},
    };
    static constexpr std::array words = {
        pages::WordList{"en", texts::people_en},
        pages::WordList{"ar", texts::people_ar},
        pages::WordList{"pl", texts::people_pl},
    };
    static constexpr std::array places = {
        pages::Place{"people", "/people", auth::Action::see_people, 50},
    };
    static constexpr std::array migrations = {
        store::Migration{"people_0001", texts::people_0001},
    };
    static const pages::Room room{.name = "people",
                                  .routes = all_routes,
                                  .templates = templates,
                                  .words = words,
                                  .places = places,
                                  .migrations = migrations,
                                  .known = known_view,
                                  .erase = erase_own};
    return room;
}

} // namespace allot::people
