#include "tests/simulation/invariants.hpp"

#include <algorithm>
#include <sqlite3.h>

#include <doctest/doctest.h>
#include <fmt/format.h>

namespace allot::simulation {

namespace {

void check_none(Year& year, store::Statement statement, std::string_view what) {
    for (const store::Row& row : year.rows(statement)) {
        FAIL_CHECK(fmt::format("{}: {}", what, row.text(0)));
    }
}

[[nodiscard]] bool contains(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

struct Close {
    void operator()(sqlite3* db) const { sqlite3_close_v2(db); }
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Database = std::unique_ptr<sqlite3, Close>;
using Prepared = std::unique_ptr<sqlite3_stmt, Close>;

[[nodiscard]] Prepared prepared(sqlite3* db, const std::string& sql) {
    sqlite3_stmt* raw = nullptr;
    const int code = sqlite3_prepare_v2(db, sql.c_str(), -1, &raw, nullptr);
    REQUIRE(code == SQLITE_OK);
    return Prepared(raw);
}

/// All that stands in a column of this row, one a line.
[[nodiscard]] std::string text_of(sqlite3_stmt* row) {
    std::string text;
    for (int k = 0; k < sqlite3_column_count(row); ++k) {
        const void* const value = sqlite3_column_text(row, k);
        text += value == nullptr ? "" : static_cast<const char*>(value);
        text += '\n';
    }
    return text;
}

/// Of each table, its name and everything in it.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> all_tables(const std::string& file) {
    sqlite3* raw = nullptr;
    const int code = sqlite3_open_v2(file.c_str(), &raw, SQLITE_OPEN_READWRITE, nullptr);
    const Database db(raw);
    REQUIRE(code == SQLITE_OK);
    std::vector<std::pair<std::string, std::string>> tables;
    const Prepared names =
        prepared(db.get(), "SELECT name FROM sqlite_master WHERE type = 'table'");
    while (sqlite3_step(names.get()) == SQLITE_ROW) {
        std::string name = text_of(names.get());
        name.pop_back();
        const Prepared rows = prepared(db.get(), fmt::format("SELECT * FROM \"{}\"", name));
        std::string text;
        while (sqlite3_step(rows.get()) == SQLITE_ROW) {
            text += text_of(rows.get());
        }
        tables.emplace_back(std::move(name), std::move(text));
    }
    return tables;
}

/// Somebody who is in the collective, and can be asked what she sees.
[[nodiscard]] std::vector<Someone*> present(Year& year) {
    std::vector<Someone*> found;
    const store::Rows mails = year.rows("SELECT mail FROM person WHERE erased = 0");
    for (const auto& one : year.everybody()) {
        if (std::ranges::any_of(mails, [&](const auto& row) { return row.text(0) == one->mail; })) {
            found.push_back(one.get());
        }
    }
    return found;
}

[[nodiscard]] http::HttpResponse read(Year& year, const std::string& target) {
    return year.look(year.reader(), target);
}

void check_drafts(Year& year) {
    const std::string all = read(year, fmt::format("{}/circles", home)).text;
    for (const store::Row& row :
         year.rows("SELECT slug, name FROM circle WHERE way_quarter = '' AND way_evening = '' AND "
                   "way_year = '' AND state = 'open'")) {
        CHECK(!contains(all, row.text(1) + "\""));
        CHECK(read(year, fmt::format("{}/circles/{}", home, row.text(0))).status == 404);
    }
}

/// A card has a place for three things; a circle without a host is among them, or they are taken.
void check_told_to_stewards(Year& year) {
    const store::Rows alone = year.rows("SELECT slug FROM circle c WHERE state = 'open' AND NOT "
                                        "EXISTS (SELECT 1 FROM circle_part p "
                                        "WHERE p.circle_id = c.id AND p.part = 'host')");
    const store::Rows stewards =
        year.rows("SELECT mail FROM person WHERE role = 'steward' AND erased = 0 AND resting = 0");
    if (alone.empty() || stewards.empty()) {
        return;
    }
    for (const auto& one : year.everybody()) {
        if (one->mail == stewards.front().text(0)) {
            const auto today = year.look(*one, fmt::format("{}/today", home));
            const auto cards = [&](std::string_view text) {
                std::size_t count = 0;
                for (std::size_t at = text.find("\"kind\"", text.find("\"cards\""));
                     at != std::string_view::npos; at = text.find("\"kind\"", at + 1)) {
                    ++count;
                }
                return count;
            };
            CHECK_MESSAGE((contains(today.text, "no_host") || cards(today.text) == 3), today.text);
        }
    }
}

void check_exports(Year& year) {
    const auto here = present(year);
    for (Someone* const one : here) {
        const auto own = year.look(*one, fmt::format("{}/export", home));
        CHECK(own.status == 200);
        CHECK(contains(own.text, one->mail));
        for (const auto& other : year.everybody()) {
            const bool is_hers = other->mark == one->mark;
            CHECK_MESSAGE((is_hers || !contains(own.text, other->mark)), "export of ", one->mark);
        }
    }
}

void check_erased_on_pages(Year& year) {
    const auto here = present(year);
    if (here.empty()) {
        return;
    }
    std::string seen = year.look(*here.front(), fmt::format("{}/people", home)).text;
    for (const store::Row& row : year.rows("SELECT slug FROM circle")) {
        seen += year.look(*here.front(), fmt::format("{}/circles/{}", home, row.text(0))).text;
    }
    for (const auto& one : year.everybody()) {
        CHECK_MESSAGE((!one->erased || !contains(seen, one->mark)), one->mark, " was erased");
    }
}

} // namespace

void check_rows(Year& year) {
    check_none(year,
               "SELECT mail FROM person WHERE mail IS NOT NULL GROUP BY collective_id, mail HAVING "
               "COUNT(*) > 1",
               "two people of one address");
    check_none(
        year,
        "SELECT c.person_id FROM circle_part c WHERE NOT EXISTS (SELECT 1 FROM person p WHERE "
        "p.collective_id = c.collective_id AND p.id = c.person_id AND p.erased = 0)",
        "a part without a person");
    check_none(year,
               "SELECT r.person_id FROM circle_request r WHERE NOT EXISTS (SELECT 1 FROM person p "
               "WHERE p.collective_id = r.collective_id AND p.id = r.person_id AND p.erased = 0)",
               "a request without a person");
    check_none(year,
               "SELECT r.person_id FROM circle_request r JOIN circle_part p ON p.circle_id = "
               "r.circle_id AND p.person_id = r.person_id",
               "somebody asks to join where she is");
    check_none(
        year,
        "SELECT slug FROM collective c WHERE NOT EXISTS (SELECT 1 FROM person p WHERE "
        "p.collective_id = c.id AND p.role = 'steward' AND p.erased = 0) AND EXISTS (SELECT 1 "
        "FROM person p WHERE p.collective_id = c.id AND p.erased = 0 AND p.role <> 'guest')",
        "members without a steward");
    for (const store::Row& row : year.rows("SELECT who, what FROM audit")) {
        CHECK(!contains(row.text(0) + row.text(1), "kestrel"));
        CHECK(!contains(row.text(0) + row.text(1), "@"));
    }
}

void check_erased_are_nowhere(Year& year) {
    const std::string& url = year.house().fresh.database.url();
    constexpr std::string_view scheme = "sqlite:";
    const bool any =
        std::ranges::any_of(year.everybody(), [](const auto& one) { return one->erased; });
    if (!any || !url.starts_with(scheme)) {
        return;
    }
    for (const auto& [table, text] : all_tables(url.substr(scheme.size()))) {
        for (const auto& one : year.everybody()) {
            CHECK_MESSAGE((!one->erased || !contains(text, one->mark)), one->mark,
                          " was erased and stands in ", table);
        }
    }
}

void check_pages(Year& year) {
    check_drafts(year);
    check_told_to_stewards(year);
    check_exports(year);
    check_erased_on_pages(year);
}

} // namespace allot::simulation
