#include "collective/gatherings/gatherings.hpp"

#include "collective/gatherings/feed_routes.hpp"
#include "collective/gatherings/gathering_tables.hpp"
#include "collective/gatherings/gathering_texts.hpp"
#include "collective/gatherings/given_name_routes.hpp"
#include "collective/gatherings/own_gatherings.hpp"
#include "collective/gatherings/series_routes.hpp"
#include "collective/gatherings/series_starter.hpp"
#include "collective/gatherings/start_routes.hpp"
#include "collective/gatherings/start_texts.hpp"
#include "collective/gatherings/thread_routes.hpp"

#include <array>

namespace allot::gatherings {

namespace {

[[nodiscard]] std::vector<pages::Route> routes() {
    std::vector<pages::Route> all = events_routes();
    for (const auto& more :
         {series_routes(), series_settings_routes(), gathering_change_routes(), gathering_routes(),
          turn_routes(), turn_answer_routes(), alive_routes(), start_routes(), feed_routes(),
          thread_routes(), thread_earlier_routes(), thread_host_routes(), presence_routes(),
          prepare_routes(), after_routes(), subscribe_routes(), letterbox_routes()}) {
        all.insert(all.end(), more.begin(), more.end());
    }
    return at_given_names(std::move(all));
}

} // namespace

const pages::Room& room() {
    static const std::vector<pages::Route> all_routes = routes();
    static constexpr std::array templates = {
        pages::TemplateText{"events", texts::events},
        pages::TemplateText{"series", texts::series},
        pages::TemplateText{"series_hosts", texts::series_hosts},
        pages::TemplateText{"series_new", texts::series_new},
        pages::TemplateText{"series_preview", texts::series_preview},
        pages::TemplateText{"series_settings", texts::series_settings},
        pages::TemplateText{"gathering", texts::gathering},
        pages::TemplateText{"gathering_change", texts::gathering_change},
        pages::TemplateText{"gathering_elsewhere", texts::gathering_elsewhere},
        pages::TemplateText{"gathering_row", texts::gathering_row},
        pages::TemplateText{"gathering_state", texts::gathering_state},
        pages::TemplateText{"gathering_times", texts::gathering_times},
        pages::TemplateText{"zone_fold", texts::zone_fold},
        pages::TemplateText{"zone_form", texts::zone_form},
        pages::TemplateText{"subscribe", texts::subscribe},
        pages::TemplateText{"thread_presence", texts::thread_presence},
        pages::TemplateText{"thread_section", texts::thread_section},
        pages::TemplateText{"thread_list", texts::thread_list},
        pages::TemplateText{"thread_earlier", texts::thread_earlier},
        pages::TemplateText{"thread_line", texts::thread_line},
        pages::TemplateText{"thread_decide", texts::thread_decide},
        pages::TemplateText{"thread_form", texts::thread_form},
        pages::TemplateText{"thread_one", texts::thread_one},
        pages::TemplateText{"thread_link", texts::thread_link},
        pages::TemplateText{"remembered", texts::remembered},
        pages::TemplateText{"remembered_lines", texts::remembered_lines},
        pages::TemplateText{"gathering_prepare", texts::gathering_prepare},
        pages::TemplateText{"gathering_after", texts::gathering_after},
        pages::TemplateText{"after_learned", texts::after_learned},
        pages::TemplateText{"after_first_plot", texts::after_first_plot},
        pages::TemplateText{"gathering_facts", texts::gathering_facts},
        pages::TemplateText{"gathering_lines", texts::gathering_lines},
        pages::TemplateText{"gathering_restore", texts::gathering_restore},
        pages::TemplateText{"thread_came", texts::thread_came},
        pages::TemplateText{"known_gatherings", texts::known_gatherings},
        pages::TemplateText{"gathering_turns", texts::gathering_turns},
        pages::TemplateText{"series_alive", texts::series_alive},
        pages::TemplateText{"turn_answer", texts::turn_answer},
        pages::TemplateText{"turn_ask", texts::turn_ask},
        pages::TemplateText{"alive", texts::alive},
        pages::TemplateText{"start", texts::start},
        pages::TemplateText{"start_begun", texts::start_begun},
        pages::TemplateText{"host_link", texts::host_link},
        pages::TemplateText{"host_link_join", texts::host_link_join},
        pages::TemplateText{"series_import", texts::series_import},
        pages::TemplateText{"follow", texts::follow},
        pages::TemplateText{"series_mail", texts::series_mail},
        pages::TemplateText{"subscribe_form", texts::subscribe_form},
        pages::TemplateText{"subscribe_confirm", texts::subscribe_confirm},
        pages::TemplateText{"letter_new", texts::letter_new},
        pages::TemplateText{"letters", texts::letters},
    };
    static constexpr std::array words = {
        pages::WordList{"en", texts::gatherings_en}, pages::WordList{"en", texts::turns_en},
        pages::WordList{"en", texts::start_en},      pages::WordList{"en", texts::import_en},
        pages::WordList{"en", texts::follow_en},     pages::WordList{"en", texts::feeds_en},
        pages::WordList{"en", texts::thread_en},     pages::WordList{"en", texts::mail_en},
    };
    static constexpr std::array places = {
        pages::Place{"events", "/events", auth::Action::read_public, 15,
                     "M4 6h16v14H4zM4 10h16M8 3v5M16 3v5"},
    };
    static constexpr std::array migrations = {
        store::Migration{"gatherings_0001", texts::gatherings_0001},
        store::Migration{"gatherings_0002", texts::gatherings_0002},
    };
    static constexpr std::array<store::Statement, 23> clear = {
        "DELETE FROM gathering_renamed WHERE collective_id = $1",
        "DELETE FROM waiting_told WHERE collective_id = $1",
        "DELETE FROM invited_one WHERE collective_id = $1",
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
        "DELETE FROM picture_part WHERE collective_id = $1",
        "DELETE FROM picture WHERE collective_id = $1",
        "DELETE FROM gathering WHERE collective_id = $1",
        "DELETE FROM series_host_link WHERE collective_id = $1",
        "DELETE FROM series_host WHERE collective_id = $1",
        "DELETE FROM rhythm WHERE collective_id = $1",
        "DELETE FROM series WHERE collective_id = $1"};
    // A link that was used since the backup must not work again.
    static constexpr std::array<store::Statement, 1> restored = {"DELETE FROM series_host_link"};
    static const pages::Room room{.name = "gatherings",
                                  .routes = all_routes,
                                  .templates = templates,
                                  .words = words,
                                  .places = places,
                                  .migrations = migrations,
                                  .known = known_view,
                                  .erase = erase_person,
                                  .clear = clear,
                                  .tables = tables(),
                                  .restored = restored,
                                  .starter = starter_part()};
    return room;
}

} // namespace allot::gatherings
