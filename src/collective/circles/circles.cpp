#include "collective/circles/circles.hpp"

#include "collective/circles/circle_routes.hpp"
#include "collective/circles/circle_starter.hpp"
#include "collective/circles/circle_tables.hpp"
#include "collective/circles/circle_texts.hpp"
#include "collective/circles/circle_views.hpp"

#include <array>

namespace allot::circles {

namespace {

[[nodiscard]] std::vector<pages::Route> routes() {
    std::vector<pages::Route> all = circle_routes();
    for (const auto& more : {join_routes(), host_routes()}) {
        all.insert(all.end(), more.begin(), more.end());
    }
    return all;
}

[[nodiscard]] Result<void> erase(Transaction& transaction, const pages::House& /*house*/,
                                 const CollectiveId& collective, const PersonId& person) {
    return erase_person(transaction, collective, person);
}

} // namespace

const pages::Room& room() {
    static const std::vector<pages::Route> all_routes = routes();
    static constexpr std::array templates = {
        pages::TemplateText{"circles", texts::circles},
        pages::TemplateText{"circle", texts::circle},
        pages::TemplateText{"circle_beginning", texts::circle_beginning},
        pages::TemplateText{"circle_newcomer", texts::circle_newcomer},
        pages::TemplateText{"circle_new", texts::circle_new},
        pages::TemplateText{"circle_settings", texts::circle_settings},
        pages::TemplateText{"circle_invitation", texts::circle_invitation},
        pages::TemplateText{"circle_join", texts::circle_join},
        pages::TemplateText{"circle_hosts", texts::circle_hosts},
        pages::TemplateText{"circle_end", texts::circle_end},
        pages::TemplateText{"circle_split", texts::circle_split},
        pages::TemplateText{"known_circles", texts::known_circles},
    };
    static constexpr std::array words = {
        pages::WordList{"en", texts::circles_en},
        pages::WordList{"ar", texts::circles_ar},
        pages::WordList{"pl", texts::circles_pl},
    };
    static constexpr std::array places = {
        pages::Place{"circles", "/circles", auth::Action::read_public, 20,
                     "M9 4a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11M15 9a5.5 5.5 0 1 0 0 11 5.5 5.5 0 "
                     "0 0 0-11"},
    };
    static constexpr std::array migrations = {
        store::Migration{"circles_0001", texts::circles_0001},
    };
    static constexpr std::array<store::Statement, 4> clear = {
        "DELETE FROM circle_invitation WHERE collective_id = $1",
        "DELETE FROM circle_request WHERE collective_id = $1",
        "DELETE FROM circle_part WHERE collective_id = $1",
        "DELETE FROM circle WHERE collective_id = $1"};
    static const pages::Room room{.name = "circles",
                                  .routes = all_routes,
                                  .templates = templates,
                                  .words = words,
                                  .places = places,
                                  .migrations = migrations,
                                  .known = known_view,
                                  .erase = erase,
                                  .clear = clear,
                                  .tables = tables(),
                                  .starter = starter_part()};
    return room;
}

} // namespace allot::circles
