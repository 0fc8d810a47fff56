/// Acts of hosts: series that begin, move, skip and end, and who keeps them.
#include "tests/simulation/year.hpp"

#include <algorithm>
#include <array>

#include <fmt/chrono.h>
#include <fmt/format.h>

namespace allot::simulation {

namespace {

using std::chrono::days;

constexpr std::array<std::string_view, 5> rhythms = {
    "every Thursday at 17:00 London time", "every Monday at 9:00 Nairobi time",
    "every second Tuesday at 18:30 New York time", "every first Wednesday at 12:00 London time",
    "every Friday at 8:00 Nairobi time"};

/// The name of a gathering: "20270114T170000".
constexpr std::size_t when_bytes = 15;

[[nodiscard]] bool is_when(std::string_view text) {
    return text.size() == when_bytes && text[8] == 'T' &&
           std::ranges::all_of(text, [](char c) { return c == 'T' || (c >= '0' && c <= '9'); });
}

[[nodiscard]] std::chrono::sys_days day_of(std::string_view when) {
    const auto number = [&](std::size_t at, std::size_t size) {
        return std::stoi(std::string(when.substr(at, size)));
    };
    return std::chrono::year(number(0, 4)) / number(4, 2) / number(6, 2);
}

[[nodiscard]] int count_in(std::string_view text, std::string_view part) {
    int count = 0;
    for (std::size_t at = text.find(part); at != std::string_view::npos;
         at = text.find(part, at + 1)) {
        ++count;
    }
    return count;
}

} // namespace

std::optional<Year::Place> Year::hosted_series() {
    const auto found = any_of(
        "SELECT s.slug, p.mail FROM series s JOIN series_host h ON h.series_id = s.id JOIN person "
        "p ON p.id = h.person_id WHERE s.state <> 'ended' ORDER BY s.slug, p.mail");
    Someone* const host = found ? with_mail(found->text(1)) : nullptr;
    if (host == nullptr) {
        return std::nullopt;
    }
    return Place{fmt::format("{}/series/{}", home, found->text(0)), host};
}

std::string Year::any_series() {
    const auto found = any_of("SELECT slug FROM series WHERE state <> 'ended' ORDER BY slug");
    return fmt::format("{}/series/{}", home, found ? found->text(0) : "none");
}

std::string Year::any_member() {
    const auto found =
        any_of("SELECT id FROM person WHERE erased = 0 AND role <> 'guest' ORDER BY id");
    return found ? found->text(0) : std::string();
}

std::vector<std::string> Year::whens(Someone& who, const std::string& series) {
    const std::string text = look(who, series).text;
    const std::string before = series + "/";
    std::vector<std::string> all;
    for (std::size_t at = text.find(before); at != std::string::npos;
         at = text.find(before, at + 1)) {
        std::string when = text.substr(at + before.size(), when_bytes);
        if (is_when(when) && std::ranges::find(all, when) == all.end()) {
            all.push_back(std::move(when));
        }
    }
    return all;
}

std::string Year::any_gathering(Someone& who, const std::string& series) {
    const auto all = whens(who, series);
    if (all.empty()) {
        return {};
    }
    const std::uint64_t at = chance_.below(3) == 0 ? chance_.below(all.size()) : 0;
    return series + "/" + all[at];
}

void Year::begin_series(Someone& who) {
    const std::string title = fmt::format("Series {}", commands_);
    const unsigned status = command(
        who, fmt::format("{}/series", home),
        fmt::format(R"({{"title":"{}","rhythm":"{}","minutes":"60","starter":"reading_group",)"
                    R"("where":"https://meet.example/room","audience":"{}"}})",
                    title, rhythms[chance_.below(rhythms.size())],
                    chance_.below(4) == 0 ? "members" : "public"));
    if (status == 200) {
        kept_names_.push_back(title);
    }
}

/// What is moved keeps its page, its thread, and its place in calendars.
void Year::move_gathering(Someone& /*any*/) {
    const auto place = hosted_series();
    const std::string gathering = place ? any_gathering(*place->host, place->path) : "";
    if (gathering.empty()) {
        return;
    }
    const std::string when = gathering.substr(gathering.size() - when_bytes);
    const auto day = day_of(when) + days(chance_.below(8)) - days(2);
    const int words = count_in(look(*place->host, gathering).text, " adds");
    const unsigned status = command(
        *place->host, gathering + "/move",
        fmt::format(R"({{"date":"{:%Y-%m-%d}","time":"15:{:02}","minutes":"60","why":"A talk"}})",
                    day, 1 + chance_.below(30)));
    if (status != 200) {
        return;
    }
    const auto page = look(*place->host, gathering);
    if (page.status != 200 || count_in(page.text, " adds") != words) {
        ledger_.wrong.push_back(gathering + " was moved, and is another");
    }
    const auto feed = look(*reader_, place->path + "/calendar.ics");
    if (feed.status == 200 && count_in(feed.text, ":" + when + "\r\n") == 0) {
        ledger_.wrong.push_back(gathering + " was moved, and calendars do not know which");
    }
}

void Year::skip_or_restore(Someone& /*any*/) {
    const auto place = hosted_series();
    const std::string gathering = place ? any_gathering(*place->host, place->path) : "";
    if (!gathering.empty()) {
        const bool skips = chance_.below(3) != 0;
        command(*place->host, gathering + (skips ? "/skip" : "/restore"),
                skips ? R"({"why":"A holiday"})" : "{}");
    }
}

void Year::change_rhythm(Someone& /*any*/) {
    const auto place = hosted_series();
    const std::string gathering = place ? any_gathering(*place->host, place->path) : "";
    if (!gathering.empty()) {
        command(*place->host, gathering + "/rhythm",
                fmt::format(R"({{"rhythm":"{}"}})", rhythms[chance_.below(rhythms.size())]));
    }
}

void Year::end_or_renew(Someone& /*any*/) {
    if (const auto place = hosted_series()) {
        command(*place->host, place->path + (chance_.below(4) == 0 ? "/end" : "/renew"), "{}");
    }
}

void Year::series_hosts(Someone& /*any*/) {
    const auto place = hosted_series();
    if (!place) {
        return;
    }
    const std::uint64_t what = chance_.below(6);
    if (what == 0) {
        command(*place->host, place->path + "/stop-hosting", "{}");
        return;
    }
    command(*place->host, place->path + (what < 3 ? "/hand-over" : "/hosts"),
            fmt::format(R"({{"person":"{}"}})", any_member()));
}

/// By a link that works for one person.
void Year::come_as_host(Someone& /*any*/) {
    const auto place = hosted_series();
    if (!place) {
        return;
    }
    const auto made = insist(*place->host, [&] {
        return place->host->browser.post_json(place->path + "/host-link", "{}");
    });
    const std::size_t begin = made.text.find("/host/");
    if (made.status != 200 || begin == std::string::npos) {
        return;
    }
    const std::string link =
        std::string(home) + made.text.substr(begin, made.text.find('"', begin) - begin);
    Someone& who = chance_.below(2) == 0 ? newcomer() : anybody();
    if (sign_in(who)) {
        command(who, link, fmt::format(R"({{"name":"{}","zone":"Europe/London"}})", who.mark));
    }
}

void Year::write_up(Someone& /*any*/) {
    const auto place = hosted_series();
    if (!place) {
        return;
    }
    const auto all = whens(*place->host, place->path);
    if (!all.empty()) {
        command(
            *place->host, place->path + "/" + all.back() + "/after",
            fmt::format(R"({{"held":"yes","learned":"What {} taught","decided":"","notes":""}})",
                        commands_));
    }
}

} // namespace allot::simulation
