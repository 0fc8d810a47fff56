#include "collective/gatherings/starter.hpp"

#include "collective/gatherings/start_texts.hpp"

#include <algorithm>
#include <array>

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <fmt/format.h>

namespace allot::gatherings {

namespace {

namespace json = boost::json;

[[nodiscard]] Result<std::string> text_of(const json::object& object, std::string_view member) {
    const json::value* const found = object.if_contains(member);
    const json::string* const text = found == nullptr ? nullptr : found->if_string();
    if (text == nullptr || text->empty()) {
        return fail(ErrorKind::invalid, fmt::format("a starter needs the text \"{}\"", member));
    }
    return std::string(text->begin(), text->end());
}

[[nodiscard]] std::vector<Starter> read_all() {
    constexpr std::array files = {texts::reading_group, texts::lab_meeting, texts::open_collab,
                                  texts::mentoring_hours, texts::repair_evening};
    std::vector<Starter> all;
    for (const std::string_view file : files) {
        auto read = read_starter(file);
        ALLOT_CHECK(read.has_value(), read ? "" : read.error().message.c_str());
        all.push_back(*std::move(read));
    }
    return all;
}

} // namespace

Result<Starter> read_starter(std::string_view text) {
    boost::system::error_code error;
    const json::value read = json::parse(text, error);
    if (error || !read.is_object()) {
        return fail(ErrorKind::invalid, "a starter is one object of JSON");
    }
    const json::object& object = read.as_object();
    Starter starter;
    TRY(starter.name, text_of(object, "name"));
    TRY(starter.rhythm, text_of(object, "rhythm"));
    TRY(const std::string lighter, text_of(object, "lighter"));
    TRY(const std::string turns, text_of(object, "turns"));
    const json::value* const minutes = object.if_contains("minutes");
    if (minutes == nullptr || !minutes->is_int64() || minutes->as_int64() < shortest_minutes ||
        minutes->as_int64() > longest_minutes) {
        return fail(ErrorKind::invalid, fmt::format("\"minutes\" is a number from {} to {}",
                                                    shortest_minutes, longest_minutes));
    }
    if (!is_lighter(lighter) || !is_turns(turns)) {
        return fail(ErrorKind::invalid, "\"lighter\" or \"turns\" is none that there is");
    }
    starter.minutes = minutes->as_int64();
    starter.lighter = lighter_named(lighter);
    starter.turns = turns_in(turns);
    return starter;
}

std::span<const Starter> starters() {
    static const std::vector<Starter> all = read_all();
    return all;
}

std::span<const std::string_view> starter_names() {
    static const std::vector<std::string_view> names = [] {
        std::vector<std::string_view> of_all;
        for (const Starter& starter : starters()) {
            of_all.emplace_back(starter.name);
        }
        return of_all;
    }();
    return names;
}

const Starter* starter_named(std::string_view name) {
    const auto found = std::ranges::find(starters(), name, &Starter::name);
    return found == starters().end() ? nullptr : &*found;
}

About about_of(const Starter& starter, const pages::Catalogue& words) {
    const auto say = [&](std::string_view part) {
        return words.say(fmt::format("starter.{}.{}", starter.name, part));
    };
    return {.title = say("title"),
            .about = say("about"),
            .agenda = say("agenda"),
            .lighter = starter.lighter,
            .turns = starter.turns};
}

} // namespace allot::gatherings
