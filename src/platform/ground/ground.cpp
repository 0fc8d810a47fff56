#include "platform/ground/ground.hpp"

#include "platform/ground/ground_routes.hpp"
#include "platform/ground/ground_texts.hpp"

#include <array>

namespace allot::ground {

const pages::Room& room() {
    static const std::vector<pages::Route> all_routes = routes();
    static constexpr std::array templates = {
        pages::TemplateText{"layout", texts::layout},
        pages::TemplateText{"problem", texts::problem},
        pages::TemplateText{"problems", texts::problems},
        pages::TemplateText{"collectives", texts::collectives},
        pages::TemplateText{"sign_in", texts::sign_in},
        pages::TemplateText{"sign_in_sent", texts::sign_in_sent},
        pages::TemplateText{"sign_in_use", texts::sign_in_use},
        pages::TemplateText{"sessions", texts::sessions},
        pages::TemplateText{"help", texts::help},
        pages::TemplateText{"roles", texts::roles},
    };
    static constexpr std::array words = {
        pages::WordList{"en", texts::ground_en},
        pages::WordList{"ar", texts::ground_ar},
        pages::WordList{"pl", texts::ground_pl},
    };
    static constexpr std::array migrations = {
        store::Migration{"ground_0001", texts::ground_0001},
    };
    static constexpr std::array<store::Statement, 3> clear = {
        "DELETE FROM command WHERE collective_id = $1",
        "DELETE FROM audit WHERE collective_id = $1",
        "DELETE FROM audit_key WHERE collective_id = $1"};
    static const pages::Room room{.name = "ground",
                                  .routes = all_routes,
                                  .templates = templates,
                                  .words = words,
                                  .places = {},
                                  .migrations = migrations,
                                  .clear = clear};
    return room;
}

} // namespace allot::ground
