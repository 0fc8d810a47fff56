#include "collective/gatherings/thread_views.hpp"

#include "collective/gatherings/own_key.hpp"
#include "collective/gatherings/presence.hpp"

#include <algorithm>
#include <functional>
#include <map>

namespace allot::gatherings {

namespace {

using pages::Call;
using std::chrono::days;
using store::Statement;

constexpr Statement find_turn =
    "SELECT 1 FROM turn WHERE collective_id = $1 AND series_id = $2 AND original = $3 "
    "AND kind = $4 AND person_id = $5";

// Three of these are read in a minute.
constexpr std::size_t remembered_gatherings = 3;
constexpr std::size_t learned_words = 45;
constexpr std::size_t decided_words = 20;

[[nodiscard]] Result<bool> has_turn(Transaction& transaction, const Call& call,
                                    const GatheringKey& key, TurnKind kind) {
    if (!call.viewer.member) {
        return false;
    }
    TRY(const auto row,
        transaction.row(find_turn, {key.collective, key.series, count_of(key.original),
                                    name_of(kind), call.viewer.member->person}));
    return row.has_value();
}

[[nodiscard]] std::optional<PictureLine> picture_line(const Call& call, const Series& series,
                                                      Wall original, const Addition& addition) {
    if (!addition.frame) {
        return std::nullopt;
    }
    return PictureLine{
        .path = path_of(call, series, original, "/pictures/" + addition.frame->id.text()),
        .width = addition.frame->width,
        .height = addition.frame->height,
        .words = addition.picture_words};
}

/// What both kinds of lines say of whoever wrote them.
template <class Line>
[[nodiscard]] Line line_of(const Call& call, const Series& series, Wall original,
                           const Addition& addition) {
    Line line;
    line.path = path_of(call, series, original, "/thread/" + addition.id.text());
    line.words = addition.words;
    line.picture = picture_line(call, series, original, addition);
    line.guest = !addition.person;
    line.own = is_own(call, key_of(call, series, original), addition);
    line.waiting = addition.state == AdditionState::waiting;
    line.hidden = addition.state == AdditionState::hidden;
    line.written = format_date(addition.written);
    if (line.guest) {
        line.by = addition.guest_name;
    } else if (belongs(call)) { // who somebody is, is for members
        line.by = addition.person_name;
        line.person = addition.person->text();
    }
    return line;
}

/// The first plot of a gathering, as long as everyone may see it.
[[nodiscard]] Result<std::optional<PictureLine>> first_plot_of(Transaction& transaction,
                                                               const Call& call,
                                                               const Series& series,
                                                               const Gathering& gathering) {
    if (!gathering.first_plot) {
        return std::nullopt;
    }
    TRY(const auto plot, find_addition(transaction, key_of(call, series, gathering.original),
                                       *gathering.first_plot));
    if (!plot || !is_shown(*plot)) {
        return std::nullopt;
    }
    return picture_line(call, series, gathering.original, *plot);
}

[[nodiscard]] Result<RememberedLine> remembered_line(Transaction& transaction, const Call& call,
                                                     const Plan& plan, const Occurrence& one,
                                                     ZoneBook& zones) {
    const Gathering& gathering = *one.gathering;
    TRY(const Times times, times_of(one, zones, zone_of_reader(call)));
    RememberedLine line{.path = path_of(call, plan.series, one.original),
                        .title = title_of(plan.series, &gathering),
                        .wall = times.own.empty() ? times.there : times.own,
                        .learned = first_words(gathering.learned, learned_words),
                        .decided = first_words(gathering.decided, decided_words)};
    TRY(line.picture, first_plot_of(transaction, call, plan.series, gathering));
    return line;
}

[[nodiscard]] Result<void> add_plans(Transaction& transaction, const Call& call, const At& at,
                                     ThreadSection& section) {
    const GatheringKey key = key_of(call, at);
    const auto now = std::chrono::floor<std::chrono::seconds>(call.now());
    section.may_plan =
        !at.occurrence.cancelled && at.occurrence.end > now &&
        !is_behind_end(at.plan.series, at.occurrence, std::chrono::floor<std::chrono::days>(now));
    if (!section.may_plan) {
        return {};
    }
    TRY(section.planned, said_plan(transaction, key, who_plans(call, key)));
    if (const auto& seats = at.plan.series.about.seats) {
        TRY(const std::int64_t taken, seats_taken(transaction, key));
        section.full = taken >= *seats && section.planned != plan_names.front();
        if (keeps(call)) {
            section.seats = SeatsLine{taken, *seats};
        }
    }
    return {};
}

[[nodiscard]] Result<void> add_what_came(Transaction& transaction, const Call& call, const At& at,
                                         ThreadSection& section) {
    const Gathering* const gathering = at.occurrence.gathering;
    if (gathering == nullptr) {
        return {};
    }
    section.notes = gathering->notes;
    section.learned = gathering->learned;
    section.decided = gathering->decided;
    section.held = gathering->held;
    section.recording_refused = gathering->recording_refused && section.may_write_up;
    if (has_recording(*gathering, std::chrono::floor<days>(call.now()))) {
        section.recording_link = gathering->recording_link;
        section.recording_until = format_date(*gathering->recording_until);
    }
    TRY(section.first_plot, first_plot_of(transaction, call, at.plan.series, *gathering));
    return {};
}

/// Where a guest finds what she wrote from another device.
[[nodiscard]] std::string own_address(const Call& call, const At& at,
                                      const std::vector<AdditionLine>& lines) {
    const auto is_hers = [](const auto& line) { return line.own; };
    const bool wrote = std::ranges::any_of(lines, [&](const AdditionLine& line) {
        return line.own || std::ranges::any_of(line.answers, is_hers);
    });
    const std::string own = own_keys(call).own;
    if (call.viewer.member || !wrote || own.empty()) {
        return {};
    }
    return call.address(path_of(call, at.plan.series, at.occurrence.original, own_link(call, own)));
}

/// Whether a host has to say yes or no to it, or to an answer to it.
[[nodiscard]] bool waits(const AdditionLine& line) {
    return line.waiting || std::ranges::any_of(line.answers, &AnswerLine::waiting);
}

} // namespace

GatheringKey key_of(const Call& call, const Series& series, Wall original) {
    return {.collective = call.collective().id, .series = series.id, .original = original};
}

GatheringKey key_of(const Call& call, const At& at) {
    return key_of(call, at.plan.series, at.occurrence.original);
}

bool is_own(const Call& call, const GatheringKey& key, const Addition& addition) {
    if (addition.person) {
        return call.viewer.member && call.viewer.member->person == *addition.person;
    }
    return own_keys(call).open(addition.guest_hash, key.collective, addition.id);
}

bool may_see_addition(const Call& call, const GatheringKey& key, const Addition& addition) {
    return is_shown(addition) || keeps(call) || is_own(call, key, addition);
}

Result<bool> may_see_in_thread(Transaction& transaction, const Call& call, const GatheringKey& key,
                               const Addition& addition) {
    if (!may_see_addition(call, key, addition)) {
        return false;
    }
    if (!addition.answers) {
        return true;
    }
    TRY(const auto answered, find_addition(transaction, key, *addition.answers));
    return answered && may_see_addition(call, key, *answered);
}

std::vector<AdditionLine> thread_lines(const Call& call, const Series& series, Wall original,
                                       const std::vector<Addition>& additions) {
    const GatheringKey key = key_of(call, series, original);
    std::vector<AdditionLine> lines;
    std::map<AdditionId, std::size_t> at; // of what may be answered
    for (const Addition& addition : additions) {
        if (!may_see_addition(call, key, addition)) {
            continue;
        }
        const auto answered = addition.answers ? at.find(*addition.answers) : at.end();
        if (answered != at.end()) {
            lines[answered->second].answers.push_back(
                line_of<AnswerLine>(call, series, original, addition));
        } else if (!addition.answers) { // an answer to what is hidden is hidden with it
            at[addition.id] = lines.size();
            lines.push_back(line_of<AdditionLine>(call, series, original, addition));
            lines.back().kind = name_of(addition.kind);
        }
    }
    return lines;
}

std::string cut_thread(const Call& call, const Series& series, Wall original,
                       std::vector<AdditionLine>& lines, std::size_t end) {
    const bool are_newest = end == lines.size();
    lines.erase(lines.begin() + static_cast<std::ptrdiff_t>(end), lines.end());
    if (end <= additions_shown) {
        return {};
    }
    const auto first = lines.end() - static_cast<std::ptrdiff_t>(additions_shown);
    const std::string of_first = first->path.substr(first->path.rfind('/'));
    const auto stays = [&](const AdditionLine& line) { return are_newest && waits(line); };
    lines.erase(std::remove_if(lines.begin(), first, std::not_fn(stays)), first);
    return path_of(call, series, original, "/earlier" + of_first);
}

std::optional<AddForm> add_form(const Call& call, const Series& series, const Gathering* gathering,
                                const TypedAddition& typed) {
    if (is_over(series, std::chrono::floor<days>(call.now()))) {
        return std::nullopt;
    }
    AddForm form{.kinds = {},
                 .words = typed.words,
                 .picture_words = typed.picture_words,
                 .name = typed.name,
                 .zone = typed.zone,
                 .guest = !call.viewer.member};
    if (!belongs(call)) {
        const auto state = state_for_guest(series, gathering);
        if (!state) {
            return std::nullopt;
        }
        form.waits = *state == AdditionState::waiting;
    }
    form.asks_zone = form.guest && zone_of_reader(call).empty();
    for (const std::string_view name : {"question", "idea", "plot"}) {
        const std::string chosen = typed.kind.empty() ? "question" : typed.kind;
        form.kinds.push_back({.value = std::string(name), .chosen = name == chosen});
    }
    return form;
}

std::string kept_words(const TypedAddition& typed) {
    const bool both = !typed.words.empty() && !typed.picture_words.empty();
    return typed.words + (both ? "\n" : "") + typed.picture_words;
}

Result<ThreadSection> thread_section(Transaction& transaction, const Call& call, const At& at,
                                     ZoneBook& zones, const TypedAddition& typed) {
    const GatheringKey key = key_of(call, at);
    const Series& series = at.plan.series;
    const Gathering* const gathering = at.occurrence.gathering;
    ThreadSection section;
    TRY(section.may_prepare, may_prepare(transaction, call, key));
    TRY(section.may_write_up, may_write_up(transaction, call, key));
    TRY_DO(add_plans(transaction, call, at, section));
    TRY_DO(add_what_came(transaction, call, at, section));
    TRY(const auto additions, additions_of(transaction, key));
    const Instant now = std::chrono::floor<std::chrono::seconds>(call.now());
    if (section.may_write_up && wants_lines(at.occurrence, now)) {
        section.lines =
            LinesForm{.learned = {},
                      .plots = plot_options(
                          additions, gathering == nullptr ? std::nullopt : gathering->first_plot)};
    }
    section.additions = thread_lines(call, series, at.occurrence.original, additions);
    section.form = add_form(call, series, gathering, typed);
    section.kept_words = section.form ? std::string() : kept_words(typed);
    section.closed = !state_for_guest(series, gathering).has_value();
    section.can_close = series.about.guests != Guests::none;
    section.own_address = own_address(call, at, section.additions);
    section.earlier = cut_thread(call, series, at.occurrence.original, section.additions,
                                 section.additions.size());
    if (at.occurrence.end > now) {
        TRY(section.remembered, remembered(transaction, call, at.plan, zones));
    }
    return section;
}

Result<std::vector<RememberedLine>> remembered(Transaction& transaction, const Call& call,
                                               const Plan& plan, ZoneBook& zones) {
    std::vector<RememberedLine> lines;
    if (!sees_series(call, plan.series, call.in_circle)) { // a link may have let her into one alone
        return lines;
    }
    const auto now = std::chrono::floor<std::chrono::seconds>(call.now());
    TRY(const auto last, last_occurrences(plan, zones, now, remembered_gatherings));
    for (const Occurrence& one : last) {
        if (one.gathering == nullptr) {
            continue;
        }
        TRY(RememberedLine line, remembered_line(transaction, call, plan, one, zones));
        if (!line.learned.empty() || !line.decided.empty() || line.picture) {
            lines.push_back(std::move(line));
        }
    }
    return lines;
}

Result<bool> may_prepare(Transaction& transaction, const Call& call, const GatheringKey& key) {
    return keeps(call) ? Result<bool>(true) : has_turn(transaction, call, key, TurnKind::presenter);
}

Result<bool> may_write_up(Transaction& transaction, const Call& call, const GatheringKey& key) {
    return keeps(call) ? Result<bool>(true) : has_turn(transaction, call, key, TurnKind::scribe);
}

bool wants_lines(const Occurrence& occurrence, Instant now) {
    const Gathering* const gathering = occurrence.gathering;
    return occurrence.end <= now && !occurrence.cancelled &&
           (gathering == nullptr || (gathering->learned.empty() && gathering->held != "no"));
}

bool is_plot(const Addition& addition) {
    return addition.frame && is_shown(addition);
}

std::vector<PlotOption> plot_options(const std::vector<Addition>& additions,
                                     const std::optional<AdditionId>& first_plot) {
    std::vector<PlotOption> plots;
    for (const Addition& addition : additions) {
        if (is_plot(addition)) {
            plots.push_back({.value = addition.id.text(),
                             .words = addition.picture_words,
                             .chosen = first_plot == std::optional(addition.id)});
        }
    }
    return plots;
}

bool has_recording(const Gathering& gathering, std::chrono::sys_days today) {
    return !gathering.recording_link.empty() && !gathering.recording_refused &&
           gathering.recording_until && *gathering.recording_until >= today;
}

} // namespace allot::gatherings
