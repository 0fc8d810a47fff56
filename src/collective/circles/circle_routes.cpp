#include "collective/circles/circle_routes.hpp"

#include "base/text.hpp"
#include "collective/circles/circle_calls.hpp"
#include "collective/circles/circle_views.hpp"
#include "platform/pages/form_reader.hpp"
#include "platform/pages/view.hpp"

#include <algorithm>

namespace allot::circles {

namespace {

using auth::Action;
using http::Method;
using pages::Answer;
using pages::Call;
using pages::Done;
using pages::FormReader;
using pages::Need;
using pages::Page;

// -- The list ------------------------------------------------------------------------------------

struct CirclesView {
    std::vector<CircleLine> circles;
    std::vector<CircleLine> ended;
    bool may_open = false;
};
BOOST_DESCRIBE_STRUCT(CirclesView, (), (circles, ended, may_open))

[[nodiscard]] Result<Answer> see_circles(Call& call) {
    TRY(auto lines, call.house.store.read([&](Transaction& transaction) {
        return circle_lines(transaction, call.collective().id, call.viewer);
    }));
    const CirclesView view{.circles = std::move(lines.open),
                           .ended = std::move(lines.ended),
                           .may_open = auth::may(Action::open_circle, call.viewer.role())};
    return Page{.template_name = "circles",
                .view = pages::view_of(view),
                .title = "circles.title",
                .place = "circles"};
}

[[nodiscard]] Result<Answer> see_circle(Call& call) {
    TRY(Page page, circle_page(call));
    return page;
}

// -- What hosts write ----------------------------------------------------------------------------

struct Choice {
    std::string value;
    bool chosen = false;
};
BOOST_DESCRIBE_STRUCT(Choice, (), (value, chosen))

struct AboutView {
    std::string slug; ///< empty for a circle that is to be opened
    std::string name;
    std::vector<Choice> kinds;
    std::string issue;
    std::string way_quarter;
    std::string way_evening;
    std::string way_year;
    std::string framework;
    std::string charter_purpose;
    std::string charter_meeting;
    std::string charter_treating;
    std::string charter_hosting;
    std::string charter_concern;
    std::string charter_ending;
    std::vector<Choice> joinings;
    std::string split_size;
    bool saved = false;
};
BOOST_DESCRIBE_STRUCT(AboutView, (),
                      (slug, name, kinds, issue, way_quarter, way_evening, way_year, framework,
                       charter_purpose, charter_meeting, charter_treating, charter_hosting,
                       charter_concern, charter_ending, joinings, split_size, saved))

/// A form as it was typed: `split_size` is no number yet.
struct TypedAbout {
    About about;
    std::string split_size;
};

[[nodiscard]] std::vector<Choice> choices(std::span<const std::string_view> names,
                                          std::string_view chosen) {
    std::vector<Choice> all;
    for (const std::string_view name : names) {
        all.push_back({std::string(name), name == chosen});
    }
    return all;
}

[[nodiscard]] AboutView about_view(const TypedAbout& typed) {
    const About& about = typed.about;
    return {.name = about.name,
            .kinds = choices(kind_names, name_of(about.kind)),
            .issue = about.issue,
            .way_quarter = about.ways[0],
            .way_evening = about.ways[1],
            .way_year = about.ways[2],
            .framework = about.framework,
            .charter_purpose = about.charter[0],
            .charter_meeting = about.charter[1],
            .charter_treating = about.charter[2],
            .charter_hosting = about.charter[3],
            .charter_concern = about.charter[4],
            .charter_ending = about.charter[5],
            .joinings = choices(joining_names, name_of(about.joining)),
            .split_size = typed.split_size};
}

/// What is enough to begin with.
[[nodiscard]] About read_beginning(FormReader& form) {
    About about;
    about.name = form.line("name", longest_name, Need::required);
    about.kind = kind_named(form.choice("kind", kind_names));
    about.issue = form.line("issue", longest_line, Need::required);
    for (std::size_t way = 0; way < way_names.size(); ++way) {
        about.ways[way] = form.line("way_" + std::string(way_names[way]), longest_line);
    }
    return about;
}

[[nodiscard]] TypedAbout read_about(FormReader& form) {
    TypedAbout typed{.about = read_beginning(form), .split_size = form.line("split_size", 10)};
    About& about = typed.about;
    about.framework = form.prose("framework", longest_words);
    for (std::size_t line = 0; line < charter_names.size(); ++line) {
        about.charter[line] =
            form.line("charter_" + std::string(charter_names[line]), longest_line);
    }
    about.joining = joining_named(form.choice("joining", joining_names));
    if (!typed.split_size.empty()) {
        about.split_size = text::parse_int(typed.split_size);
        if (!about.split_size || *about.split_size < smallest_split ||
            *about.split_size > largest_split) {
            form.note("split_size", "circles.no_size",
                      {{"least", std::to_string(smallest_split)},
                       {"most", std::to_string(largest_split)}});
        }
    }
    return typed;
}

// -- Opening one ---------------------------------------------------------------------------------

[[nodiscard]] Page new_page(const About& about) {
    return {.template_name = "circle_new",
            .view = pages::view_of(about_view({.about = about})),
            .title = "circles.open",
            .place = "circles",
            .has_form = true};
}

[[nodiscard]] Result<Answer> see_new(Call& /*call*/) {
    return new_page({});
}

/// Anyone who belongs to the collective opens one and is its first host; nobody is asked.
[[nodiscard]] Result<Answer> open_one(Call& call) {
    FormReader form(call.form);
    const About about = read_beginning(form);
    if (!form.good()) {
        return pages::Refusal{form.problems(), new_page(about)};
    }
    return call.write([&](Transaction& transaction) -> Result<Done> {
        TRY(const Circle circle, open_circle(transaction, call.collective().id, about,
                                             call.member().person, call.now(), call.house.entropy));
        TRY_DO(note(transaction, call, "circle_opened"));
        return Done{path_of(call, circle)};
    });
}

// -- Settings ------------------------------------------------------------------------------------

[[nodiscard]] Page settings_page(const Call& call, const TypedAbout& typed) {
    AboutView view = about_view(typed);
    view.slug = call.part("circle");
    view.saved = call.request.query_value("saved").has_value();
    return {.template_name = "circle_settings",
            .view = pages::view_of(view),
            .title = "circles.settings_title",
            .title_name = typed.about.name,
            .place = "circles",
            .has_form = true};
}

[[nodiscard]] Result<Answer> see_settings(Call& call) {
    TRY(const Circle circle, call.house.store.read([&](Transaction& transaction) {
        return open_circle_of(transaction, call);
    }));
    const auto& size = circle.about.split_size;
    return settings_page(
        call, {.about = circle.about, .split_size = size ? std::to_string(*size) : std::string()});
}

[[nodiscard]] Result<Answer> save_settings(Call& call) {
    FormReader form(call.form);
    const TypedAbout typed = read_about(form);
    if (!form.good()) {
        return pages::Refusal{form.problems(), settings_page(call, typed)};
    }
    return call.write([&](Transaction& transaction) -> Result<Done> {
        TRY(const Circle circle, open_circle_of(transaction, call));
        TRY_DO(save_about(transaction, call.collective().id, circle.id, typed.about));
        return Done{path_of(call, circle, "/settings?saved")};
    });
}

} // namespace

std::vector<pages::Route> circle_routes() {
    return {
        {Method::get, "/c/{collective}/circles", Action::read_public, see_circles},
        {Method::post, "/c/{collective}/circles", Action::open_circle, open_one},
        {Method::get, "/c/{collective}/circles/new", Action::open_circle, see_new},
        {Method::get, "/c/{collective}/circles/{circle}", Action::read_public, see_circle},
        {Method::get, "/c/{collective}/circles/{circle}/settings", Action::keep_circle,
         see_settings},
        {Method::post, "/c/{collective}/circles/{circle}/settings", Action::keep_circle,
         save_settings},
    };
}

} // namespace allot::circles
