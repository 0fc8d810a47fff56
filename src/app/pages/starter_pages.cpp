#include "app/pages/starter_pages.hpp"

#include "app/starter.hpp"
#include "platform/auth/audit.hpp"
#include "platform/pages/form_reader.hpp"
#include "platform/pages/view.hpp"

#include <ranges>

namespace allot::app {

namespace {

using auth::Action;
using http::Method;
using pages::Answer;
using pages::Call;
using pages::Done;
using pages::FormReader;
using pages::Page;
using store::Transaction;

struct StarterView {
    bool planted = false;
    std::vector<std::string> left_out; ///< a line each, as `plant_starter` says it
};
BOOST_DESCRIBE_STRUCT(StarterView, (), (planted, left_out))

[[nodiscard]] Page starter_page(const StarterView& view) {
    return {.template_name = "starter",
            .view = pages::view_of(view),
            .title = "starter.title",
            .has_form = true,
            .private_ = true};
}

[[nodiscard]] Result<Answer> see_starter(Call& call) {
    return starter_page({.planted = call.request.query_value("planted").has_value()});
}

[[nodiscard]] Result<Answer> get_starter(Call& call) {
    const auto text = call.house.store.read(
        [&](Transaction& transaction) { return write_starter(transaction, call.collective().id); });
    TRY(std::string bytes, text);
    return pages::Download{.type = "application/json",
                           .name = call.collective().slug + "-starter.json",
                           .bytes = std::move(bytes)};
}

/// A file of a page, or a text of a program.
[[nodiscard]] std::string_view bytes_sent(const http::Form& form) {
    if (const http::Upload* const upload = form.upload("starter"); upload != nullptr) {
        return upload->bytes;
    }
    return form.value("starter").value_or("");
}

[[nodiscard]] pages::Refusal refusal(const Call& call, std::string_view problems) {
    FormReader form(call.form);
    for (const auto line : std::views::split(problems, '\n')) {
        form.note("starter", "starter.wrong", {{"problem", std::string(line.begin(), line.end())}});
    }
    return {form.problems(), starter_page({})};
}

/// All of it, or nothing. Where something is left out, the page says so instead of going on.
[[nodiscard]] Result<Answer> plant(Call& call) {
    const std::string_view bytes = bytes_sent(call.form);
    if (bytes.empty()) {
        FormReader form(call.form);
        form.note("starter", "starter.no_file");
        return pages::Refusal{form.problems(), starter_page({})};
    }
    StarterView view;
    auto done = call.write([&](Transaction& transaction) -> Result<Done> {
        const auth::CollectiveId& collective = call.collective().id;
        pages::Planting planting{.transaction = transaction,
                                 .collective = collective,
                                 .zones = call.house.zones,
                                 .now = call.now(),
                                 .entropy = call.house.entropy};
        TRY(view.left_out, plant_starter(bytes, planting));
        view.planted = true;
        TRY_DO(auth::note_audit(transaction, collective, call.member().person, "starter_planted",
                                call.now(), call.house.entropy));
        return Done{.next = call.path("/starter?planted"), .view = pages::view_of(view)};
    });
    if (!done && done.error().kind == ErrorKind::invalid) {
        return refusal(call, done.error().message);
    }
    TRY(Answer answer, std::move(done));
    if (!view.left_out.empty()) {
        return starter_page(view);
    }
    return answer;
}

} // namespace

std::vector<pages::Route> starter_routes() {
    return {
        {Method::get, "/c/{collective}/starter", Action::keep_collective, see_starter, ""},
        {Method::get, "/c/{collective}/starter.json", Action::keep_collective, get_starter, ""},
        {Method::post, "/c/{collective}/starter", Action::keep_collective, plant, ""},
    };
}

} // namespace allot::app
