#include "collective/gatherings/announcement.hpp"
#include "collective/gatherings/kept_words.hpp"
#include "collective/gatherings/thread_routes.hpp"
#include "platform/auth/limits.hpp"
#include "platform/http/caller.hpp"
#include "platform/pages/view.hpp"

#include <algorithm>
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
using std::chrono::days;

constexpr std::size_t longest_learned = 3 * longest_line;
constexpr std::ptrdiff_t learned_lines = 3;
constexpr days longest_recording{366};
constexpr std::string_view lines_meanwhile = "after.lines_meanwhile";
constexpr std::array<std::string_view, 3> held_names = {"", "yes", "no"};
constexpr auth::Allowance objections_from_one_address{"recording_peer", 10, std::chrono::hours(1)};

struct AfterView {
    std::string path; ///< of the gathering
    std::string title;
    std::vector<KindOption> helds;
    std::string learned;
    std::string decided;
    std::string notes;
    std::vector<PlotOption> plots;
    std::string recording_link;
    std::string recording_until;
    bool recording_agreed = false; ///< as she ticked it; never kept
    bool recording_refused = false;
};
BOOST_DESCRIBE_STRUCT(AfterView, (),
                      (path, title, helds, learned, decided, notes, plots, recording_link,
                       recording_until, recording_agreed, recording_refused))

[[nodiscard]] std::vector<KindOption> held_options(std::string_view chosen) {
    std::vector<KindOption> options;
    for (const std::string_view name : held_names) {
        options.push_back({.value = std::string(name), .chosen = name == chosen});
    }
    return options;
}

/// The gathering of the path, for who writes it up. Errors: `forbidden` for others.
[[nodiscard]] Result<At> to_write_up(Transaction& transaction, const Call& call, ZoneBook& zones) {
    TRY(At at, gathering_of(transaction, call, zones));
    TRY(const bool may, may_write_up(transaction, call, key_of(call, at)));
    if (!may) {
        return fail(ErrorKind::forbidden, "after.not_yours");
    }
    return at;
}

[[nodiscard]] Result<AfterView> after_view(Transaction& transaction, const Call& call,
                                           ZoneBook& zones) {
    TRY(const At at, to_write_up(transaction, call, zones));
    const GatheringKey key = key_of(call, at);
    TRY(const Gathering gathering,
        gathering_at(transaction, key.collective, key.series, key.original));
    AfterView view{.path = path_of(call, at.plan.series, key.original),
                   .title = title_of(at.plan.series, at.occurrence.gathering),
                   .helds = held_options(gathering.held),
                   .learned = gathering.learned,
                   .decided = gathering.decided,
                   .notes = gathering.notes,
                   .recording_link = gathering.recording_link,
                   .recording_refused = gathering.recording_refused};
    if (gathering.recording_until) {
        view.recording_until = format_date(*gathering.recording_until);
    }
    TRY(const auto additions, additions_of(transaction, key));
    view.plots = plot_options(additions, gathering.first_plot);
    return view;
}

[[nodiscard]] Result<AfterView> read_view(const Call& call) {
    ZoneBook zones(call.house.zones);
    return call.house.store.read(
        [&](Transaction& transaction) { return after_view(transaction, call, zones); });
}

[[nodiscard]] Page after_page(const AfterView& view) {
    return {.template_name = "gathering_after",
            .view = pages::view_of(view),
            .title = "after.title",
            .title_name = view.title,
            .place = "events",
            .has_form = true,
            .private_ = true};
}

[[nodiscard]] Result<Answer> see_after(Call& call) {
    TRY(const AfterView view, read_view(call));
    return after_page(view);
}

struct TypedRecording {
    std::string link;
    std::string until;
    std::optional<std::chrono::sys_days> last_day;
    bool agreed = false;
    bool refusal_seen = false; ///< she wrote on a page that said that somebody does not agree
};

/// As it was typed. What a form has no field for stays as it is: the page of a gathering asks for
/// the lines and the first plot alone.
struct TypedAfter {
    std::optional<std::string> held;
    std::optional<std::string> learned;
    std::optional<std::string> decided;
    std::optional<std::string> notes;
    std::optional<std::string> first_plot;
    std::optional<TypedRecording> recording;
    bool none_seen = false; ///< she wrote on a page that had no lines
};

/// A recording stands there only with the word of everyone in it, and until a day.
[[nodiscard]] TypedRecording read_recording(FormReader& form, const Call& call) {
    TypedRecording typed{.link = form.line("recording_link", longest_link),
                         .until = form.line("recording_until", 10),
                         .last_day = std::nullopt,
                         .agreed = form.ticked("recording_agreed"),
                         .refusal_seen = form.ticked("refusal_seen")};
    if (typed.link.empty()) {
        return typed;
    }
    if (!is_link(typed.link)) {
        form.note("recording_link", "after.no_link");
    }
    if (!typed.agreed) {
        form.note("recording_agreed", "after.not_agreed");
    }
    const auto day = parse_date(typed.until);
    const auto today = std::chrono::floor<days>(call.now());
    if (!day || std::chrono::sys_days(*day) < today ||
        std::chrono::sys_days(*day) > today + longest_recording) {
        form.note("recording_until", "after.no_until");
        return typed;
    }
    typed.last_day = std::chrono::sys_days(*day);
    return typed;
}

[[nodiscard]] TypedAfter read_after(FormReader& form, const Call& call) {
    const auto asks = [&](std::string_view field) { return call.form.value(field).has_value(); };
    TypedAfter typed;
    typed.none_seen = form.ticked("none_seen");
    if (asks("held")) {
        typed.held = form.line("held", longest_line);
        if (std::ranges::find(held_names, *typed.held) == held_names.end()) {
            form.note("held", "form.not_offered");
        }
    }
    if (asks("learned")) {
        typed.learned = form.prose("learned", longest_learned);
        if (std::ranges::count(*typed.learned, '\n') >= learned_lines) {
            form.note("learned", "after.three_lines");
        }
    }
    if (asks("decided")) {
        typed.decided = form.prose("decided", longest_learned);
    }
    if (asks("notes")) {
        typed.notes = form.prose("notes", longest_words * 5);
    }
    if (asks("first_plot")) {
        typed.first_plot = form.line("first_plot", longest_line);
    }
    if (asks("recording_link")) {
        typed.recording = read_recording(form, call);
    }
    return typed;
}

[[nodiscard]] AfterView typed_again(AfterView view, const TypedAfter& typed) {
    if (typed.held) {
        view.helds = held_options(*typed.held);
    }
    if (typed.none_seen && !view.learned.empty()) { // somebody's lines first, then hers
        view.learned += typed.learned.value_or("").empty() ? "" : "\n" + *typed.learned;
    } else {
        view.learned = typed.learned.value_or(view.learned);
    }
    view.decided = typed.decided.value_or(view.decided);
    view.notes = typed.notes.value_or(view.notes);
    if (typed.recording) {
        view.recording_link = typed.recording->link;
        view.recording_until = typed.recording->until;
        // Where somebody said no meanwhile, everyone is asked once more.
        view.recording_agreed =
            typed.recording->agreed && (typed.recording->refusal_seen || !view.recording_refused);
    }
    for (PlotOption& plot : view.plots) {
        plot.chosen = typed.first_plot ? plot.value == *typed.first_plot : plot.chosen;
    }
    return view;
}

[[nodiscard]] Result<std::optional<AdditionId>>
chosen_plot(Transaction& transaction, const GatheringKey& key, const std::string& id) {
    if (id.empty()) {
        return std::nullopt;
    }
    TRY(const auto plot, find_addition(transaction, key, AdditionId(id)));
    if (!plot || !is_plot(*plot)) {
        return fail(ErrorKind::missing, "after.no_plot");
    }
    return plot->id;
}

[[nodiscard]] bool was_written_up(const Gathering& gathering) {
    return !gathering.learned.empty() || !gathering.decided.empty() || !gathering.notes.empty();
}

/// Errors: `conflict` where somebody in it does not agree, and she has not read that.
[[nodiscard]] Result<void> keep_recording(Gathering& gathering, const TypedRecording& typed) {
    if (!typed.link.empty()) {
        if (gathering.recording_refused && !typed.refusal_seen) {
            return fail(ErrorKind::conflict, "after.refused");
        }
        gathering.recording_refused = false; // a host says again that everyone agreed
    }
    gathering.recording_link = typed.link;
    gathering.recording_until = typed.last_day;
    return {};
}

/// Errors: `conflict` where somebody wrote lines since her page was made, and hers would take their
/// place or say that nobody met.
[[nodiscard]] Result<void> must_know_lines(const Gathering& gathering, const TypedAfter& typed) {
    const bool says_other = !typed.learned.value_or("").empty() || typed.held == "no";
    return typed.none_seen && !gathering.learned.empty() && says_other
               ? fail(ErrorKind::conflict, std::string(lines_meanwhile))
               : Result<void>();
}

[[nodiscard]] Result<Done> keep_after(Transaction& transaction, const Call& call,
                                      const TypedAfter& typed, ZoneBook& zones) {
    TRY(const At at, to_write_up(transaction, call, zones));
    const GatheringKey key = key_of(call, at);
    TRY(Gathering gathering, gathering_at(transaction, key.collective, key.series, key.original));
    const bool first_words = !was_written_up(gathering);
    const bool had_lines = !gathering.learned.empty();
    TRY_DO(must_know_lines(gathering, typed));
    gathering.held = typed.held.value_or(gathering.held);
    if (!had_lines || !typed.none_seen) { // else she left empty what she did not see
        gathering.learned = typed.learned.value_or(gathering.learned);
    }
    gathering.decided = typed.decided.value_or(gathering.decided);
    gathering.notes = typed.notes.value_or(gathering.notes);
    if (typed.first_plot) {
        TRY(gathering.first_plot, chosen_plot(transaction, key, *typed.first_plot));
    }
    if (typed.recording) {
        TRY_DO(keep_recording(gathering, *typed.recording));
    }
    TRY_DO(save_gathering(transaction, key.collective, key.series, gathering));
    // Who corrects a word tells nobody. The three lines are told also where a decision came first.
    if ((first_words && was_written_up(gathering)) || (!had_lines && !gathering.learned.empty())) {
        const Series& series = at.plan.series;
        TRY_DO(announce(transaction, teller_of(call),
                        {.news = Occasion::notes,
                         .series = &series,
                         .changes = {change_of(series, at.occurrence)}}));
    }
    return Done{path_of(call, at.plan.series, key.original)};
}

[[nodiscard]] Result<Answer> write_up(Call& call) {
    FormReader form(call.form);
    const TypedAfter typed = read_after(form, call);
    const auto again = [&]() -> Result<Page> {
        TRY(AfterView view, read_view(call));
        return after_page(typed_again(std::move(view), typed));
    };
    if (!form.good()) {
        TRY(Page page, again());
        return pages::Refusal{form.problems(), std::move(page)};
    }
    ZoneBook zones(call.house.zones);
    auto answer = call.write(
        [&](Transaction& transaction) { return keep_after(transaction, call, typed, zones); });
    const std::string_view field = answer                                      ? ""
                                   : answer.error().message == lines_meanwhile ? "learned"
                                   : answer.error().kind == ErrorKind::missing ? "first_plot"
                                                                               : "recording_link";
    return or_page_again(call, std::move(answer), field, again);
}

/// "I am in it and do not agree": the link goes at once. Nothing is kept of who said it.
[[nodiscard]] Result<Answer> object(Call& call) {
    ZoneBook zones(call.house.zones);
    return call.write([&](Transaction& transaction) -> Result<Done> {
        TRY(const At at, gathering_of(transaction, call, zones));
        const GatheringKey key = key_of(call, at);
        TRY(Gathering gathering,
            gathering_at(transaction, key.collective, key.series, key.original));
        if (has_recording(gathering, std::chrono::floor<days>(call.now()))) {
            TRY_DO(auth::count_try(transaction, objections_from_one_address,
                                   http::client_network(call.request.peer), call.now()));
            gathering.recording_link.clear();
            gathering.recording_until.reset();
            gathering.recording_refused = true;
            TRY_DO(save_gathering(transaction, key.collective, key.series, gathering));
        }
        return Done{path_of(call, at.plan.series, key.original)};
    });
}

} // namespace

std::vector<pages::Route> after_routes() {
    constexpr std::string_view page = "/c/{collective}/series/{series}/{when}/after";
    return {
        {Method::get, page, Action::take_turn, see_after},
        {Method::post, page, Action::take_turn, write_up},
        {Method::post, "/c/{collective}/series/{series}/{when}/recording/objection",
         Action::add_words, object},
    };
}

} // namespace allot::gatherings
