#include "collective/gatherings/kept_words.hpp"
#include "collective/gatherings/paper.hpp"
#include "collective/gatherings/series_change.hpp"
#include "collective/gatherings/thread_routes.hpp"
#include "platform/pages/view.hpp"

#include <array>

namespace allot::gatherings {

namespace {

using auth::Action;
using http::Method;
using pages::Answer;
using pages::Call;
using pages::Done;
using pages::FormReader;
using pages::Page;

constexpr std::size_t longest_pasted = 5000;

struct PrepareView {
    std::string path; ///< of the gathering
    std::string series;
    std::string title;  ///< its own; empty: that of the series
    std::string paper;  ///< as it may be pasted again
    std::string agenda; ///< its own; empty: that of the series
    std::string series_agenda;
};
BOOST_DESCRIBE_STRUCT(PrepareView, (), (path, series, title, paper, agenda, series_agenda))

/// The gathering of the path, for who prepares it. Errors: `forbidden` for others.
[[nodiscard]] Result<At> to_prepare(Transaction& transaction, const Call& call, ZoneBook& zones) {
    TRY(At at, gathering_of(transaction, call, zones));
    TRY(const bool may, may_prepare(transaction, call, key_of(call, at)));
    if (!may) {
        return fail(ErrorKind::forbidden, "prepare.not_yours");
    }
    return at;
}

[[nodiscard]] Page prepare_page(const PrepareView& view) {
    return {.template_name = "gathering_prepare",
            .view = pages::view_of(view),
            .title = "prepare.title",
            .title_name = view.series,
            .place = "events",
            .has_form = true,
            .private_ = true};
}

[[nodiscard]] Result<PrepareView> prepare_view(const Call& call) {
    ZoneBook zones(call.house.zones);
    TRY(const At at, call.house.store.read([&](Transaction& transaction) {
        return to_prepare(transaction, call, zones);
    }));
    const Series& series = at.plan.series;
    PrepareView view{.path = path_of(call, series, at.occurrence.original),
                     .series = series.about.title,
                     .series_agenda = series.about.agenda};
    if (const Gathering* const gathering = at.occurrence.gathering) {
        view.title = gathering->title;
        view.paper = paper_text({gathering->paper_title, gathering->paper_link});
        view.agenda = gathering->agenda;
    }
    return view;
}

[[nodiscard]] Result<Answer> see_prepare(Call& call) {
    TRY_DO(call.house.store.read(
        [&](Transaction& transaction) { return running_series_of(transaction, call); }));
    TRY(const PrepareView view, prepare_view(call));
    return prepare_page(view);
}

/// Notes what is wrong with what was pasted.
[[nodiscard]] Paper read_paper_field(FormReader& form, const std::string& pasted) {
    auto paper = read_paper(pasted);
    if (paper) {
        return *std::move(paper);
    }
    static constexpr std::array<std::string_view, 4> keys = {"paper.link", "paper.bibtex_end",
                                                             "paper.bibtex_title", "paper.long"};
    const auto* const key = std::ranges::find(keys, paper.error().message);
    form.note("paper", key == keys.end() ? keys[0] : *key);
    return {};
}

[[nodiscard]] Result<Answer> prepare(Call& call) {
    FormReader form(call.form);
    const std::string title = form.line("title", longest_title);
    const std::string pasted = form.prose("paper", longest_pasted);
    const std::string agenda = form.prose("agenda", longest_words);
    const Paper paper = read_paper_field(form, pasted);
    const auto again = [&]() -> Result<Page> {
        TRY(PrepareView view, prepare_view(call));
        view.title = title;
        view.paper = pasted;
        view.agenda = agenda;
        return prepare_page(view);
    };
    if (!form.good()) {
        TRY(Page page, again());
        return pages::Refusal{form.problems(), std::move(page)};
    }
    ZoneBook zones(call.house.zones);
    auto answer = call.write([&](Transaction& transaction) -> Result<Done> {
        TRY_DO(running_series_of(transaction, call));
        TRY(const At at, to_prepare(transaction, call, zones));
        const GatheringKey key = key_of(call, at);
        TRY(Gathering gathering,
            gathering_at(transaction, key.collective, key.series, key.original));
        gathering.title = title;
        gathering.paper_title = paper.title;
        gathering.paper_link = paper.link;
        gathering.agenda = agenda;
        TRY_DO(save_words(transaction, key.collective, at.plan, gathering,
                          std::chrono::floor<std::chrono::days>(call.now())));
        return Done{path_of(call, at.plan.series, key.original)};
    });
    return or_page_again(call, std::move(answer), "title", again);
}

} // namespace

std::vector<pages::Route> prepare_routes() {
    constexpr std::string_view page = "/c/{collective}/series/{series}/{when}/prepare";
    return {
        {Method::get, page, Action::take_turn, see_prepare},
        {Method::post, page, Action::take_turn, prepare},
    };
}

} // namespace allot::gatherings
