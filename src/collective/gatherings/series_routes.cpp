#include "collective/gatherings/series_routes.hpp"

#include "collective/circles/circle_store.hpp"
#include "collective/gatherings/announcement.hpp"
#include "collective/gatherings/gathering_views.hpp"
#include "collective/gatherings/kept_words.hpp"
#include "collective/gatherings/series_form.hpp"
#include "collective/gatherings/starter.hpp"
#include "platform/pages/view.hpp"

#include <algorithm>

namespace allot::gatherings {

namespace {

using auth::Action;
using http::Method;
using pages::Answer;
using pages::Call;
using pages::Done;
using pages::FormReader;
using pages::Page;

// -- Beginning one -------------------------------------------------------------------------------

/// The circles that she may begin a series in: those that she belongs to.
[[nodiscard]] Result<std::vector<circles::Circle>> own_circles(Transaction& transaction,
                                                               const Call& call) {
    TRY(const auto parts,
        circles::parts_of(transaction, call.collective().id, call.member().person));
    std::vector<circles::Circle> own;
    for (const auto& part : parts) {
        if (part.circle.state == circles::State::open) {
            own.push_back(part.circle);
        }
    }
    return own;
}

[[nodiscard]] Result<Page> new_page(const Call& call, const TypedSeries& typed,
                                    std::optional<Preview> preview = std::nullopt) {
    TRY(const auto own, call.house.store.read([&](Transaction& transaction) {
        return own_circles(transaction, call);
    }));
    NewSeriesView view{.title = typed.title,
                       .rhythm = typed.rhythm,
                       .minutes = typed.minutes,
                       .where = typed.where,
                       .audiences = options_of(audience_names, typed.audience),
                       .starter = typed.starter,
                       .preview = std::move(preview)};
    for (const circles::Circle& circle : own) {
        view.circles.push_back({circle.slug, circle.about.name, circle.slug == typed.circle});
    }
    return Page{.template_name = "series_new",
                .view = pages::view_of(view),
                .title = "gatherings.begin",
                .place = "events",
                .has_form = true};
}

[[nodiscard]] Result<Answer> see_new(Call& call) {
    TypedSeries typed{.minutes = "60",
                      .audience = std::string(name_of(Audience::everyone)),
                      .circle = std::string(call.request.query_value("circle").value_or(""))};
    const auto asked = call.request.query_value("starter").value_or("");
    if (const Starter* const starter = starter_named(asked)) {
        typed.starter = starter->name;
        typed.title = about_of(*starter, *call.words).title;
        typed.rhythm = starter->rhythm;
        typed.minutes = std::to_string(starter->minutes);
    }
    TRY(Page page, new_page(call, typed));
    return page;
}

[[nodiscard]] Result<std::optional<CircleId>>
chosen_circle(Transaction& transaction, const Call& call, const std::string& slug) {
    if (slug.empty()) {
        return std::nullopt;
    }
    TRY(const auto own, own_circles(transaction, call));
    const auto found = std::ranges::find(own, slug, &circles::Circle::slug);
    if (found == own.end()) {
        return fail(ErrorKind::missing, "circles.none_here");
    }
    return found->id;
}

/// Anyone who belongs to the collective begins one and is its first host; nobody is asked.
[[nodiscard]] Result<Answer> begin_one(Call& call) {
    FormReader form(call.form);
    ZoneBook zones(call.house.zones);
    const ReadSeries read = read_series(form, call, zones);
    std::optional<Preview> preview;
    if (read.rhythm) {
        TRY(preview, preview_of(call, *read.rhythm, zones));
    }
    const bool only_looks = form.ticked("preview");
    if (!form.good() || !read.rhythm || only_looks) {
        TRY(Page page, new_page(call, read.typed, std::move(preview)));
        if (form.good()) {
            return page;
        }
        return pages::Refusal{form.problems(), std::move(page)};
    }
    auto answer = call.write([&](Transaction& transaction) -> Result<Done> {
        TRY(const auto circle, chosen_circle(transaction, call, read.typed.circle));
        TRY(const Series series,
            open_series(transaction, call.collective().id, circle, read.about, read.rhythm->rhythm,
                        call.member().person, call.now(), call.house.entropy));
        TRY_DO(note(transaction, call, "series_begun"));
        TRY_DO(announce_begun(transaction, teller_of(call), series));
        return Done{path_of(call, series, "?begun")};
    });
    return or_page_again(call, std::move(answer), "circle",
                         [&] { return new_page(call, read.typed); });
}

// -- Its page ------------------------------------------------------------------------------------

[[nodiscard]] Result<Answer> see_series(Call& call) {
    TRY(Page page, series_page(call));
    return page;
}

} // namespace

std::vector<pages::Route> series_routes() {
    return {
        {Method::post, "/c/{collective}/series", Action::open_series, begin_one},
        {Method::get, "/c/{collective}/series/new", Action::open_series, see_new},
        {Method::get, "/c/{collective}/series/{series}", Action::read_public, see_series},
    };
}

} // namespace allot::gatherings
