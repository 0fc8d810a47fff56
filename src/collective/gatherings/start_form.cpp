#include "collective/gatherings/start_form.hpp"

#include <array>

namespace allot::gatherings {

namespace {

using pages::Call;
using pages::FormReader;

constexpr std::size_t longest_rhythm = 200;
/// Whoever starts has no circle yet.
constexpr std::array<std::string_view, 2> audiences = {audience_names[0], audience_names[1]};

/// What was typed, or what the starter says where nothing was, or where it was only what `filled`
/// had said.
[[nodiscard]] std::string or_starters(const std::string& typed, const std::string& of_filled,
                                      const std::string& of_starter) {
    return typed.empty() || typed == of_filled ? of_starter : typed;
}

[[nodiscard]] std::vector<StarterLine> starter_lines(std::string_view chosen) {
    std::vector<StarterLine> lines;
    for (const Starter& one : starters()) {
        lines.push_back({one.name, one.rhythm, one.minutes, one.name == chosen});
    }
    return lines;
}

[[nodiscard]] std::optional<HeardRhythm> hear(FormReader& form, const Call& call,
                                              const ReadStart& read, std::int64_t minutes,
                                              ZoneBook& zones) {
    const std::string zone = zone_of_reader(call);
    auto heard = hear_rhythm({.words = read.rhythm_words,
                              .zone = zone.empty() ? call.collective().zone : zone,
                              .minutes = minutes},
                             call.house.zones.names(), zones,
                             std::chrono::floor<std::chrono::seconds>(call.now()));
    if (!heard) {
        form.note("rhythm", "gatherings.rhythm_wrong", {{"what", heard.error().message}});
        return std::nullopt;
    }
    return *std::move(heard);
}

} // namespace

ReadStart read_start(FormReader& form, const Call& call, ZoneBook& zones) {
    ReadStart read;
    read.starter = starter_named(form.choice("starter", starter_names()));
    ALLOT_CHECK(read.starter != nullptr, "a choice among starters is one of them");
    const Starter* const filled = starter_named(form.line("filled", longest_line));
    const About old = filled == nullptr ? About() : about_of(*filled, *call.words);
    read.about = about_of(*read.starter, *call.words);
    read.about.title = or_starters(form.line("title", longest_title), old.title, read.about.title);
    read.about.agenda =
        or_starters(form.prose("agenda", longest_words), old.agenda, read.about.agenda);
    read.rhythm_words = or_starters(form.line("rhythm", longest_rhythm),
                                    filled == nullptr ? "" : filled->rhythm, read.starter->rhythm);
    read.minutes_words = or_starters(form.line("minutes", 10),
                                     filled == nullptr ? "" : std::to_string(filled->minutes),
                                     std::to_string(read.starter->minutes));
    read.where = form.line("where", longest_link);
    set_where(read.about, read.where);
    const bool said = !form.line("audience", longest_line).empty();
    read.about.audience =
        said ? audience_named(form.choice("audience", audiences)) : Audience::everyone;
    read.rhythm = hear(form, call, read, read_minutes(form, read.minutes_words), zones);
    return read;
}

StartView start_view(const ReadStart& read) {
    return {.starters = starter_lines(read.starter->name),
            .filled = read.starter->name,
            .title = read.about.title,
            .rhythm = read.rhythm_words,
            .minutes = read.minutes_words,
            .where = read.where,
            .agenda = read.about.agenda,
            .audiences = options_of(audiences, name_of(read.about.audience))};
}

StartView empty_start(std::string_view starter) {
    return {.starters = starter_lines(starter),
            .audiences = options_of(audiences, audiences.front())};
}

} // namespace allot::gatherings
