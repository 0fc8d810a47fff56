#include "collective/gatherings/thread_routes.hpp"
#include "platform/pages/view.hpp"

#include <algorithm>

namespace allot::gatherings {

namespace {

using auth::Action;
using http::Method;
using pages::Answer;
using pages::Call;
using pages::Page;

struct EarlierView {
    std::string path; ///< of the gathering
    std::string title;
    std::vector<AdditionLine> additions;
    std::string earlier; ///< the page of those before; empty: these are the first
    bool keeping = false;
};
BOOST_DESCRIBE_STRUCT(EarlierView, (), (path, title, additions, earlier, keeping))

/// What was written before the addition of the path. Errors: `missing` where it is not in the
/// thread, for this viewer.
[[nodiscard]] Result<EarlierView> earlier_view(Transaction& transaction, const Call& call,
                                               ZoneBook& zones) {
    TRY(const At at, gathering_of(transaction, call, zones));
    const Series& series = at.plan.series;
    const GatheringKey key = key_of(call, at);
    TRY(const auto all, additions_of(transaction, key));
    EarlierView view{.path = path_of(call, series, key.original),
                     .title = title_of(series, at.occurrence.gathering),
                     .additions = thread_lines(call, series, key.original, all),
                     .earlier = {},
                     .keeping = keeps(call)};
    const auto named = std::ranges::find(
        view.additions,
        path_of(call, series, key.original, "/thread/" + call.id<AdditionId>("addition").text()),
        &AdditionLine::path);
    if (named == view.additions.end()) {
        return fail(ErrorKind::missing, "thread.none_here");
    }
    view.earlier = cut_thread(call, series, key.original, view.additions,
                              static_cast<std::size_t>(named - view.additions.begin()));
    return view;
}

[[nodiscard]] Result<Answer> see_earlier(Call& call) {
    ZoneBook zones(call.house.zones);
    TRY(const EarlierView view, call.house.store.read([&](Transaction& transaction) {
        return earlier_view(transaction, call, zones);
    }));
    return Page{.template_name = "thread_earlier",
                .view = pages::view_of(view),
                .title = "thread.earlier_title",
                .title_name = view.title,
                .place = "events",
                .has_form = view.keeping,
                .private_ = true}; // what is her own is said so
}

} // namespace

std::vector<pages::Route> thread_earlier_routes() {
    return {
        {Method::get, "/c/{collective}/series/{series}/{when}/earlier/{addition}",
         Action::read_public, see_earlier},
    };
}

} // namespace allot::gatherings
