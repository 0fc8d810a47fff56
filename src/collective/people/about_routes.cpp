#include "collective/people/about_routes.hpp"

#include "collective/people/person_store.hpp"
#include "platform/auth/audit.hpp"
#include "platform/pages/form_reader.hpp"
#include "platform/pages/view.hpp"
#include "platform/pages/zone_field.hpp"

namespace allot::people {

namespace {

using auth::Action;
using http::Method;
using pages::Answer;
using pages::Call;
using pages::Done;
using pages::FormReader;
using pages::Need;
using pages::Page;

struct AboutView {
    std::string name;
    std::string about;
    std::string zone;
    std::vector<std::string> zones;
    bool saved = false;
};
BOOST_DESCRIBE_STRUCT(AboutView, (), (name, about, zone, zones, saved))

[[nodiscard]] Page about_page(const Call& call, AboutView view) {
    view.zones = call.house.zones.names();
    view.saved = call.request.query_value("saved").has_value();
    return {.template_name = "about",
            .view = pages::view_of(view),
            .title = "about.title",
            .has_form = true,
            .private_ = true};
}

[[nodiscard]] Result<Answer> see_about(Call& call) {
    TRY(const auto about, call.house.store.read([&](Transaction& transaction) {
        return about_collective(transaction, call.collective().id);
    }));
    return about_page(
        call,
        {.name = call.collective().name, .about = about.about, .zone = call.collective().zone});
}

[[nodiscard]] Result<Answer> save(Call& call) {
    FormReader form(call.form);
    const AboutView typed{.name = form.line("name", longest_name, Need::required),
                          .about = form.line("about", longest_line),
                          .zone = pages::read_zone_field(form, call)};
    if (!form.good()) {
        return pages::Refusal{form.problems(), about_page(call, typed)};
    }
    return call.write([&](Transaction& transaction) -> Result<Done> {
        const CollectiveId& collective = call.collective().id;
        TRY_DO(save_collective(transaction, collective, typed.name, typed.about, typed.zone));
        TRY_DO(auth::note_audit(transaction, collective, call.member().person, "collective_changed",
                                call.now(), call.house.entropy));
        return Done{call.path("/about?saved")};
    });
}

} // namespace

std::vector<pages::Route> about_routes() {
    return {
        {Method::get, "/c/{collective}/about", Action::keep_collective, see_about},
        {Method::post, "/c/{collective}/about", Action::keep_collective, save},
    };
}

} // namespace allot::people
