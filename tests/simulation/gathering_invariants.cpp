#include "tests/simulation/invariants.hpp"

#include <algorithm>
#include <set>

#include <doctest/doctest.h>
#include <fmt/format.h>

namespace allot::simulation {

namespace {

[[nodiscard]] bool contains(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

/// All acts of a year happen at a minute and a second at which nothing begins: "41:37".
void check_no_hour_of_writing(std::string_view text, std::string_view where) {
    for (const std::string_view shape : {":41:37", ":41Z", ":41\"", ":41<", "4137Z"}) {
        CHECK_MESSAGE(!contains(text, shape), where, " shows when something was done");
    }
}

void check_no_address(Year& year, const Someone& who, std::string_view text,
                      std::string_view where) {
    for (const auto& other : year.everybody()) {
        const bool is_hers = other->mark == who.mark;
        CHECK_MESSAGE((is_hers || !contains(text, other->mail)), where, " shows ", other->mail,
                      " to ", who.mark);
        CHECK_MESSAGE((!other->erased || !contains(text, other->mark)), where, " shows ",
                      other->mark, ", who was erased, to ", who.mark);
    }
}

void check_seen(Year& year, Someone& who, const std::string& where) {
    const std::string text = year.look(who, where).text;
    check_no_address(year, who, text, where);
    check_no_hour_of_writing(text, where);
}

/// Each event of a calendar has its own name: nothing is held twice there.
void check_calendar(const std::string& text, const std::string& where) {
    CHECK_MESSAGE(text.starts_with("BEGIN:VCALENDAR"), where, " is no calendar");
    std::set<std::string> names;
    std::string uid;
    std::string instance;
    std::size_t at = 0;
    for (std::size_t end = text.find("\r\n"); end != std::string::npos;
         at = end + 2, end = text.find("\r\n", at)) {
        const std::string line = text.substr(at, end - at);
        if (line == "BEGIN:VEVENT") {
            uid.clear();
            instance.clear();
        } else if (line.starts_with("UID:")) {
            uid = line;
        } else if (line.starts_with("RECURRENCE-ID")) {
            instance = line;
        } else if (line == "END:VEVENT") {
            CHECK_MESSAGE(names.insert(uid + instance).second, where, " has twice ", uid, " ",
                          instance);
        }
    }
}

/// Of what people wrote, have turns of or plan for.
[[nodiscard]] std::vector<std::string> some_gatherings(Year& year, const std::string& series) {
    const std::string text = year.look(year.reader(), series).text;
    const std::size_t at = text.find(series + "/2");
    constexpr std::size_t when_bytes = 16;
    return at == std::string::npos ? std::vector<std::string>()
                                   : std::vector{text.substr(at, series.size() + when_bytes)};
}

/// A host is told where fewer than two others could take over.
void check_risk(Year& year, const std::string& path, const store::Row& series) {
    const auto hosts =
        year.rows("SELECT p.mail, p.resting FROM series_host h JOIN person p ON p.id = h.person_id "
                  "AND p.collective_id = h.collective_id WHERE h.series_id = $1 ORDER BY p.mail",
                  {series.text(1)});
    Someone* const host = hosts.empty() ? nullptr : year.with_mail(hosts.front().text(0));
    if (host == nullptr) {
        return;
    }
    const auto awake = std::ranges::count_if(hosts, [](const auto& row) { return !row.truth(1); });
    const std::string text = year.look(*host, path).text;
    CHECK_MESSAGE(contains(text, "\"at_risk\":true") == (awake < 2), path, " has ", awake,
                  " hosts");
    check_no_address(year, *host, text, path);
}

void check_series(Year& year, const store::Row& series) {
    const std::string path = fmt::format("{}/series/{}", home, series.text(0));
    check_risk(year, path, series);
    check_seen(year, year.reader(), path);
    const auto calendar = year.look(year.reader(), path + "/calendar.ics");
    if (calendar.status == 200) {
        check_calendar(calendar.text, path);
        check_no_address(year, year.reader(), calendar.text, path);
        check_no_hour_of_writing(calendar.text, path + "/calendar.ics");
    }
    for (const std::string& gathering : some_gatherings(year, path)) {
        check_seen(year, year.reader(), gathering);
        for (const store::Row& row :
             year.rows("SELECT mail FROM person WHERE erased = 0 ORDER BY id LIMIT 1")) {
            if (Someone* const member = year.with_mail(row.text(0))) {
                check_seen(year, *member, gathering);
            }
        }
    }
}

void check_once(Year& year, const std::string& name, store::Statement count) {
    const auto found = year.rows(count, {name});
    CHECK_MESSAGE(found.size() == 1, name, " was acknowledged, and is there ", found.size(),
                  " times");
}

} // namespace

void check_kept(Year& year) {
    for (const std::string& name : year.kept_names()) {
        check_once(year, name,
                   "SELECT id FROM circle WHERE name = $1 UNION ALL SELECT id FROM series WHERE "
                   "title = $1");
    }
    for (const store::Row& row : year.rows(
             "SELECT m.kind FROM mail m WHERE m.state IN ('waiting', 'sending') AND NOT EXISTS "
             "(SELECT 1 FROM job j WHERE j.collective_id = m.collective_id AND j.about = m.id AND "
             "j.kind = 'mail' AND (j.due_at IS NOT NULL OR j.trouble <> ''))")) {
        FAIL_CHECK("a mail that nobody will send: " << row.text(0));
    }
    for (const store::Row& row :
         year.rows("SELECT t.kind FROM turn t LEFT JOIN person p ON p.collective_id = "
                   "t.collective_id AND p.id = t.person_id WHERE t.person_id IS NOT NULL AND "
                   "(p.id IS NULL OR p.erased = 1)")) {
        FAIL_CHECK("a turn without a person: " << row.text(0));
    }
    for (const store::Row& row :
         year.rows("SELECT h.series_id FROM series_host h JOIN person p ON p.collective_id = "
                   "h.collective_id AND p.id = h.person_id WHERE p.erased = 1")) {
        FAIL_CHECK("a host who was erased: " << row.text(0));
    }
}

void check_gatherings(Year& year) {
    check_seen(year, year.reader(), fmt::format("{}/events", home));
    check_seen(year, year.reader(), fmt::format("{}/events.atom", home));
    const std::string all = fmt::format("{}/calendar.ics", home);
    check_seen(year, year.reader(), all);
    check_calendar(year.look(year.reader(), all).text, all);
    for (const store::Row& series : year.rows("SELECT slug, id FROM series WHERE state = 'running' "
                                              "ORDER BY slug")) {
        check_series(year, series);
    }
}

} // namespace allot::simulation
