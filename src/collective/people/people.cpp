#include "collective/people/people.hpp"

#include "collective/people/collective_starter.hpp"
#include "collective/people/own_words.hpp"
#include "collective/people/people_routes.hpp"
#include "collective/people/people_tables.hpp"
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
        pages::TemplateText{"mail_settings", texts::mail_settings},
        pages::TemplateText{"calendar_link", texts::calendar_link},
        pages::TemplateText{"welcome", texts::welcome},
        pages::TemplateText{"zone_field", texts::zone_field},
        pages::TemplateText{"about", texts::about},
    };
    static constexpr std::array words = {
        pages::WordList{"en", texts::people_en},
        pages::WordList{"ar", texts::people_ar},
        pages::WordList{"pl", texts::people_pl},
    };
    static constexpr std::array places = {
        pages::Place{
            "people", "/people", auth::Action::see_people, 50,
            "M9 4.5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7M2.5 19.5c.6-3.6 3.2-5.5 6.5-5.5s5.9 "
            "1.9 6.5 5.5M15.5 4.8a3.5 3.5 0 0 1 0 6.4M18 14.6c1.9.8 3.1 2.4 3.5 4.9"},
    };
    static constexpr std::array migrations = {
        store::Migration{"people_0001", texts::people_0001},
        store::Migration{"people_0002", texts::people_0002},
    };
    static constexpr std::array<store::Statement, 2> clear = {
        "DELETE FROM person WHERE collective_id = $1", "DELETE FROM collective WHERE id = $1"};
    static const pages::Room room{.name = "people",
                                  .routes = all_routes,
                                  .templates = templates,
                                  .words = words,
                                  .places = places,
                                  .migrations = migrations,
                                  .known = known_view,
                                  .erase = erase_own,
                                  .clear = clear,
                                  .tables = tables(),
                                  .starter = starter_part()};
    return room;
}

} // namespace allot::people
