#include "collective/gatherings/gatherings.hpp"

#include "collective/gatherings/gathering_tables.hpp"
#include "collective/gatherings/gathering_texts.hpp"
#include "collective/gatherings/own_gatherings.hpp"
#include "collective/gatherings/series_routes.hpp"

#include <array>

namespace allot::gatherings {

namespace {

[[nodiscard]] std::vector<pages::Route> routes() {
    std::vector<pages::Route> all = events_routes();
    for (const auto& more :
         {series_routes(), gathering_routes(), subscribe_routes(), letterbox_routes()}) {
        all.insert(all.end(), more.begin(), more.end());
    }
    return all;
}

} // namespace

const pages::Room& room() {
    static const std::vector<pages::Route> all_routes = routes();
    static constexpr std::array templates = {
        pages::TemplateText{"events", texts::events},
        pages::TemplateText{"series", texts::series},
        pages::TemplateText{"series_new", texts::series_new},
        pages::TemplateText{"series_preview", texts::series_preview},
        pages::TemplateText{"gathering", texts::gathering},
        pages::TemplateText{"gathering_row", texts::gathering_row},
        pages::TemplateText{"gathering_times", texts::gathering_times},
        pages::TemplateText{"known_gatherings", texts::known_gatherings},
        pages::TemplateText{"series_mail", texts::series_mail},
        pages::TemplateText{"subscribe", texts::subscribe},
        pages::TemplateText{"subscribe_confirm", texts::subscribe_confirm},
        pages::TemplateText{"letter_new", texts::letter_new},
        pages::TemplateText{"letters", texts::letters},
    };
    static constexpr std::array words = {
        pages::WordList{"en", texts::gatherings_en},
        pages::WordList{"en", texts::mail_en},
    };
    static constexpr std::array places = {
        pages::Place{"events", "/events", auth::Action::read_public, 15,
                     "M4 6h16v14H4zM4 10h16M8 3v5M16 3v5"},
    };
    static constexpr std::array migrations = {
        store::Migration{"gatherings_0001", texts::gatherings_0001},
    };
    static constexpr std::array<store::Statement, 18> clear = {
        "DELETE FROM digest_done WHERE collective_id = $1",
        "DELETE FROM answer_tag WHERE collective_id = $1",
        "DELETE FROM invited WHERE collective_id = $1",
        "DELETE FROM gathering_change WHERE collective_id = $1",
        "DELETE FROM followed_calendar WHERE collective_id = $1",
        "DELETE FROM letter_to_hosts WHERE collective_id = $1",
        "DELETE FROM subscriber WHERE collective_id = $1",
        "DELETE FROM gathering_told WHERE collective_id = $1",
        "DELETE FROM gathering_step WHERE collective_id = $1",
        "DELETE FROM turn_swap WHERE collective_id = $1",
        "DELETE FROM turn WHERE collective_id = $1",
        "DELETE FROM presence WHERE collective_id = $1",
        "DELETE FROM addition WHERE collective_id = $1",
        "DELETE FROM picture WHERE collective_id = $1",
        "DELETE FROM gathering WHERE collective_id = $1",
        "DELETE FROM series_host WHERE collective_id = $1",
        "DELETE FROM rhythm WHERE collective_id = $1",
        "DELETE FROM series WHERE collective_id = $1"};
    static const pages::Room room{.name = "gatherings",
                                  .routes = all_routes,
                                  .templates = templates,
                                  .words = words,
                                  .places = places,
                                  .migrations = migrations,
                                  .known = known_view,
                                  .erase = erase_person,
                                  .clear = clear,
                                  .tables = tables()};
    return room;
}

} // namespace allot::gatherings
