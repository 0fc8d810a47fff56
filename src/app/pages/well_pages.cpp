#include "app/pages/well_pages.hpp"

#include "app/doctor_checks.hpp"
#include "platform/pages/view.hpp"

namespace allot::app {

namespace {

using pages::Answer;
using pages::Call;
using pages::Page;

struct WellLine {
    std::string about;
    std::string found;
    std::string what_to_do;
};
BOOST_DESCRIBE_STRUCT(WellLine, (), (about, found, what_to_do))

struct WellView {
    std::vector<WellLine> wrong;
    std::vector<WellLine> look;
    std::vector<WellLine> ok;
    bool all_well = false;
};
BOOST_DESCRIBE_STRUCT(WellView, (), (wrong, look, ok, all_well))

[[nodiscard]] std::vector<WellLine>& lines_of(WellView& view, Verdict verdict) {
    switch (verdict) {
    case Verdict::ok:
        return view.ok;
    case Verdict::look:
        return view.look;
    case Verdict::wrong:
        break;
    }
    return view.wrong;
}

[[nodiscard]] Result<Answer> see_well(Call& call) {
    const OwnServer server{.place = {.data = call.house.data, .store = call.house.store_url},
                           .store = call.house.store,
                           .sends_mail = call.house.sends_mail};
    TRY(const auto findings, findings_within(server, call.collective(), call.now()));
    WellView view;
    for (const Finding& one : findings) {
        lines_of(view, one.verdict).push_back({one.about, one.found, one.what_to_do});
    }
    view.all_well = view.wrong.empty() && view.look.empty();
    return Page{.template_name = "well",
                .view = pages::view_of(view),
                .title = "well.title",
                .private_ = true};
}

} // namespace

std::vector<pages::Route> well_routes() {
    return {
        {http::Method::get, "/c/{collective}/well", auth::Action::watch_server, see_well, ""},
    };
}

} // namespace allot::app
