#include "base/limits.hpp"
#include "engine/calendar/recurrence.hpp"
#include "engine/calendar/spoken.hpp"
#include "engine/calendar/zone_files.hpp"

#include <fstream>
#include <map>
#include <set>

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <rapidcheck.h>

using namespace allot;
using namespace allot::calendar;
using namespace std::chrono_literals;
using std::chrono::year_month_day;

namespace {

const std::vector<std::string>& zones() {
    static const auto all = testing::zone_names();
    return all;
}

Heard heard(std::string_view text) {
    auto parsed = parse_spoken(text, zones());
    REQUIRE_MESSAGE(parsed, text, ": ", parsed.error().message);
    return *std::move(parsed);
}

std::string rule_of(std::string_view text) {
    return format_rule(heard(text).said.rule);
}

std::string refused(std::string_view text) {
    const auto parsed = parse_spoken(text, zones());
    REQUIRE_MESSAGE(!parsed, text);
    return parsed.error().message;
}

bool refused_with(std::string_view text, std::string_view reason) {
    const auto message = refused(text);
    INFO(message);
    CHECK_MESSAGE(message.contains(reason), text, ": ", message);
    return message.contains(reason);
}

Rule rule(std::string_view text) {
    auto parsed = parse_rule(text);
    ALLOT_CHECK(parsed, parsed.error().message.c_str());
    return *std::move(parsed);
}

std::optional<std::string> said(std::string_view rule_text,
                                std::optional<std::chrono::minutes> time = std::nullopt,
                                std::optional<std::string> zone = std::nullopt) {
    return format_spoken({.rule = rule(rule_text), .time = time, .zone = std::move(zone)}, zones());
}

/// day, time, tz, frequency; only the last may hold commas, and is quoted then.
struct Meeting {
    std::string day, time, zone, frequency;
};

std::vector<Meeting> kubernetes_meetings() {
    std::ifstream in("tests/data/kubernetes_meetings.csv");
    std::vector<Meeting> all;
    std::string line;
    std::getline(in, line);
    REQUIRE(line == "day,time,tz,frequency");
    const auto take = [&] {
        const auto comma = line.find(',');
        const auto field = line.substr(0, comma);
        line.erase(0, comma + 1);
        return field;
    };
    while (std::getline(in, line)) {
        Meeting m;
        m.day = take();
        m.time = take();
        m.zone = take();
        m.frequency = line.starts_with('"') ? line.substr(1, line.size() - 2) : line;
        all.push_back(m);
    }
    return all;
}

} // namespace

TEST_CASE("how often is read as hosts write it") {
    CHECK(rule_of("every second Thursday at 17:00 London time") ==
          "FREQ=WEEKLY;INTERVAL=2;BYDAY=TH");
    CHECK(rule_of("biweekly") == "FREQ=WEEKLY;INTERVAL=2");
    CHECK(rule_of("Bi-Weekly") == "FREQ=WEEKLY;INTERVAL=2");
    CHECK(rule_of("fortnightly on Mondays") == "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO");
    CHECK(rule_of("weekly on Tuesdays 9am PT") == "FREQ=WEEKLY;BYDAY=TU");
    CHECK(rule_of("every second Thursday, Thursday") == "FREQ=WEEKLY;INTERVAL=2;BYDAY=TH");
    CHECK(rule_of("every other Friday") == "FREQ=WEEKLY;INTERVAL=2;BYDAY=FR");
    CHECK(rule_of("alternate Fridays") == "FREQ=WEEKLY;INTERVAL=2;BYDAY=FR");
    CHECK(rule_of("every other week on Fri") == "FREQ=WEEKLY;INTERVAL=2;BYDAY=FR");
    CHECK(rule_of("every four weeks") == "FREQ=WEEKLY;INTERVAL=4");
    CHECK(rule_of("every third week, Tues.") == "FREQ=WEEKLY;INTERVAL=3;BYDAY=TU");
    CHECK(rule_of("every weekday at 8:30") == "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR");
    CHECK(rule_of("weekdays at 8:30") == "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR");
    CHECK(rule_of("daily Monday to Friday, 9:15") == "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR");
    CHECK(rule_of("Mon and Thu 17:00 UTC") == "FREQ=WEEKLY;BYDAY=MO,TH");
    CHECK(rule_of("Tue/Thu 17:00") == "FREQ=WEEKLY;BYDAY=TU,TH");
    CHECK(rule_of("Mon\u2013Wed, Sat 17:00") == "FREQ=WEEKLY;BYDAY=MO,TU,WE,SA");
    CHECK(rule_of("first Wednesday of the month") == "FREQ=MONTHLY;BYDAY=1WE");
    CHECK(rule_of("First Tuesday of each month") == "FREQ=MONTHLY;BYDAY=1TU");
    CHECK(rule_of("monthly - last Wednesday every month") == "FREQ=MONTHLY;BYDAY=-1WE");
    CHECK(rule_of("every third Wednesday of the month") == "FREQ=MONTHLY;BYDAY=3WE");
    CHECK(rule_of("every second Tuesday of the month") == "FREQ=MONTHLY;BYDAY=2TU");
    CHECK(rule_of("Monthly on 4th Thursday") == "FREQ=MONTHLY;BYDAY=4TH");
    CHECK(rule_of("first and third Thursday of the month") == "FREQ=MONTHLY;BYDAY=1TH,3TH");
    CHECK(rule_of("the 1st and 15th of every month") == "FREQ=MONTHLY;BYMONTHDAY=1,15");
    CHECK(rule_of("last day of the month") == "FREQ=MONTHLY;BYMONTHDAY=-1");
    CHECK(rule_of("last weekday of the month") == "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1");
    CHECK(rule_of("every quarter") == "FREQ=MONTHLY;INTERVAL=3");
    CHECK(rule_of("every other month on the first Monday") == "FREQ=MONTHLY;INTERVAL=2;BYDAY=1MO");
    CHECK(rule_of("on the first Monday of every second month") ==
          "FREQ=MONTHLY;INTERVAL=2;BYDAY=1MO");
    CHECK(rule_of("every year on 5 March") == "FREQ=YEARLY;BYMONTHDAY=5;BYMONTH=3");
    CHECK(rule_of("annually on March 5th") == "FREQ=YEARLY;BYMONTHDAY=5;BYMONTH=3");
    CHECK(rule_of("every 5th of March") == "FREQ=YEARLY;BYMONTHDAY=5;BYMONTH=3");
    CHECK(rule_of("every year on the first Monday of March and September") ==
          "FREQ=YEARLY;BYDAY=1MO;BYMONTH=3,9");
    CHECK(rule_of("every day") == "FREQ=DAILY");
    CHECK(rule_of("every 3 days") == "FREQ=DAILY;INTERVAL=3");
}

TEST_CASE("times of the day") {
    const auto time = [](std::string_view text) { return heard(text).said.time; };
    CHECK(time("Tuesday 9am") == 9h);
    CHECK(time("Tuesday at 2:30 PM") == 14h + 30min);
    CHECK(time("Tuesday, 2 p.m. UTC") == 14h);
    CHECK(time("Tuesday 12am") == 0h);
    CHECK(time("Tuesday 12pm") == 12h);
    CHECK(time("Tuesday at noon") == 12h);
    CHECK(time("Tuesday at 17") == 17h);
    CHECK(time("17:05 every Tuesday") == 17h + 5min);
    CHECK(time("Tuesday @ 0:00") == 0h);
    CHECK(refused_with("Tuesday at 9", "9am, 9pm or a time such as 21:00"));
    CHECK(refused_with("Tuesday at midnight", "0:00"));
    CHECK(refused_with("Tuesday 24:00", "hours are from 0 to 23"));
    CHECK(refused_with("Tuesday 17:60", "minutes are from 00 to 59"));
    CHECK(refused_with("Tuesday 17:5", "minutes are from 00 to 59"));
    CHECK(refused_with("Tuesday 13pm", "from 1 to 12"));
    CHECK(refused_with("Tuesday 17:00-18:00", "begins a span"));
    CHECK(refused_with("Tuesday 9am to 10am", "begins a span"));
    CHECK(refused_with("Tuesday 9am and 5pm", "a second time, beside 09:00"));
}

TEST_CASE("zones in words") {
    const auto zone = [](std::string_view words) {
        return heard("every Tuesday at 9:00 " + std::string(words)).said.zone.value_or("none");
    };
    CHECK(zone("UTC") == "UTC");
    CHECK(zone("PT (Pacific Time)") == "America/Los_Angeles");
    CHECK(zone("PST") == "America/Los_Angeles");
    CHECK(zone("Eastern Time (ET)") == "America/New_York");
    CHECK(zone("EST (Eastern Time)") == "America/New_York");
    CHECK(zone("CET (Central European Time)") == "Europe/Brussels");
    CHECK(zone("Poland") == "Europe/Warsaw");
    CHECK(zone("London time") == "Europe/London");
    CHECK(zone("in London") == "Europe/London");
    CHECK(zone("Paris time") == "Europe/Paris");
    CHECK(zone("new york time") == "America/New_York");
    CHECK(zone("Europe/London") == "Europe/London");
    CHECK(zone("america/argentina/buenos_aires") == "America/Argentina/Buenos_Aires");
    CHECK(zone("Buenos Aires time") == "America/Argentina/Buenos_Aires");
    CHECK(zone("America/Port-au-Prince") == "America/Port-au-Prince");
    CHECK(zone("Port-au-Prince time") == "America/Port-au-Prince");
    CHECK(zone("IST (India)") == "Asia/Kolkata");
    CHECK(zone("Indian Standard Time (IST)") == "Asia/Kolkata");
    CHECK(zone("IST, Israel") == "Asia/Jerusalem");
    CHECK(zone("CST (Central Time)") == "America/Chicago");
    CHECK(zone("BST, British Summer Time") == "Europe/London");
    CHECK(refused_with("Tuesday IST", "Asia/Kolkata, Asia/Jerusalem and Europe/Dublin"));
    CHECK(refused_with("Tuesday MST", "America/Denver and America/Phoenix"));
    CHECK(refused_with("Tuesday 9am PT (Eastern Time)", "two zones"));
    CHECK(refused_with("Tuesday 9:00 UTC+2", "an offset and no zone"));
    CHECK(refused_with("Tuesday 9:00 Narnia time", "\"Narnia\" is no zone that is known"));
    CHECK(refused_with("Tuesday 9:00 Londn time", "was \"London\" meant?"));
    CHECK(refused_with("Tuesday 9:00 Europe/Narnia", "Europe"));
}

TEST_CASE("every zone of the table exists, and a name needs no list") {
    for (const auto* const words :
         {"PT",          "MDT",         "Arizona",  "ET",
          "China",       "ADT",         "BRT",      "Argentina",
          "Colombia",    "Peru",        "Montreal", "UK",
          "Bangladesh",  "Ireland",     "EET",      "Western European Time",
          "Germany",     "France",      "Italy",    "Barcelona",
          "Netherlands", "Switzerland", "Austria",  "Sweden",
          "Norway",      "Denmark",     "Finland",  "Czechia",
          "Hungary",     "Romania",     "Greece",   "Turkey",
          "Nicosia",     "MSK",         "Nigeria",  "Central Africa Time",
          "Kenya",       "SAST",        "Egypt",    "Israel",
          "India",       "PKT",         "SGT",      "HKT",
          "JST",         "KST",         "NZT"}) {
        const auto zone = parse_spoken("Tuesday " + std::string(words)).value().said.zone;
        CHECK_MESSAGE(std::ranges::find(zones(), *zone) != zones().end(), *zone);
    }
    CHECK(parse_spoken("Tuesday 9am Europe/Oslo").value().said.zone == "Europe/Oslo");
    CHECK_FALSE(parse_spoken("Tuesday 9am Oslo time"));
}

TEST_CASE("a first day, and an end") {
    const auto starting = [](std::string_view text) { return heard(text).said.starting; };
    CHECK(starting("biweekly starting Thursday June 25th, 2020") == year_month_day(2020y / 6 / 25));
    CHECK(starting("biweekly 2019 start date: Jan. 11th") == year_month_day(2019y / 1 / 11));
    CHECK(starting("weekly from 2026-09-01") == year_month_day(2026y / 9 / 1));
    CHECK(starting("weekly, beginning on the 1st of September 2026") ==
          year_month_day(2026y / 9 / 1));
    CHECK(rule_of("every Friday until 30 June 2027") == "FREQ=WEEKLY;UNTIL=20270630;BYDAY=FR");
    CHECK(rule_of("every Friday, 6 times") == "FREQ=WEEKLY;COUNT=6;BYDAY=FR");
    CHECK(rule_of("every Friday for six weeks") == "FREQ=WEEKLY;COUNT=6;BYDAY=FR");
    CHECK(rule_of("Mon and Thu for 6 weeks") == "FREQ=WEEKLY;COUNT=12;BYDAY=MO,TH");
    CHECK(rule_of("every other Friday for 6 weeks") == "FREQ=WEEKLY;COUNT=3;INTERVAL=2;BYDAY=FR");
    CHECK(refused_with("first Friday of the month for a year", "wants a length"));
    CHECK(rule_of("first Friday of the month for 2 years") == "FREQ=MONTHLY;COUNT=24;BYDAY=1FR");
    CHECK(refused_with("every other Friday for 5 weeks", "does not give a whole number"));
    CHECK(refused_with("fifth Friday of the month for 6 months", "does not give a whole number"));
    CHECK(refused_with("weekly starting March 20", "of which year?"));
    CHECK(refused_with("weekly until December 2027", "wants a date"));
    CHECK(refused_with("weekly until 30/06/2027", "two readings"));
    CHECK(refused_with("weekly starting Wednesday March 20, 2018", "is a Tuesday"));
    CHECK(refused_with("weekly starting 30 February 2026", "no calendar has"));
    CHECK(refused_with("weekly from 5 March 2026 until 4 March 2026", "before the start"));
    CHECK(refused_with("weekly until 5 March 2026, 6 times", "two ends"));
}

TEST_CASE("what has two readings is refused with both") {
    CHECK(refused_with("every third Wednesday",
                       R"("third Wednesday of the month", or "every 3 weeks on Wednesday")"));
    CHECK(refused_with("bimonthly", "every two months"));
    CHECK(refused_with("twice a month", "first and third Thursday of the month"));
    CHECK(refused_with("twice a week", "name the days"));
    CHECK(refused_with("3 times a week", "name the days"));
    CHECK(
        refused_with("every other Monday and Thursday", "every two weeks on Monday and Thursday"));
    CHECK(refused_with("every second Monday and Thursday", "every 2 weeks on Monday and Thursday"));
    CHECK(refused_with("every two Thursdays", "every 2 weeks on Thursday"));
    CHECK(refused_with("every year on 5 March and 6 September", "make two of it"));
    CHECK(refused_with("every year, first Monday of March, last Friday of May", "make two of it"));
    CHECK(refused_with("semi-annually", "every six months"));
    CHECK(refused_with("every weekend", "Saturday and Sunday"));
    CHECK(refused_with("monthly, Thursday 8:00", "first Thursday of the month"));
    CHECK(refused_with("every Thursday of the month", "once in each"));
    CHECK(refused_with("weekly, every other Friday", "say only one"));
    CHECK(refused_with("weekly, second Thursday", "say only one"));
    CHECK(refused_with("on the 15th at 17:00", "15th of every month"));
    CHECK(refused_with("5 March at 17:00", "of every year, or once?"));
    CHECK(refused_with("monthly - Wednesday, after the fourth Tuesday, every month",
                       "falls into the next month"));
}

TEST_CASE("nonsense is refused, with its place and the word that was meant") {
    CHECK(refused("every Thrusday at 17:00") ==
          "at character 7: \"Thrusday\" is not understood; was \"Thursday\" meant?");
    CHECK(refused("S\u00e3o, weekly").starts_with("at character 1: \"S\u00e3o\""));
    for (const auto* const text : {"",
                                   "   ",
                                   "banana",
                                   "every",
                                   "on",
                                   "every on Thursday",
                                   "every every Thursday",
                                   "every 0 weeks",
                                   "every sixth Thursday of the month",
                                   "every 32nd of the month",
                                   "at",
                                   "17:00",
                                   "London time",
                                   "weekly Teusday",
                                   "weekly, banana",
                                   "weekly at banana",
                                   "weekly on the moon",
                                   "every hour",
                                   "every 15 minutes",
                                   "weekly except holidays",
                                   "first",
                                   "last",
                                   "every last",
                                   "every first week of the month",
                                   "last Thursday of March",
                                   "weekly for ever",
                                   "weekly until Christmas",
                                   "every 99999999999 weeks",
                                   "every 4294967296 weeks",
                                   "weekly, see you in 5 minutes there",
                                   "monthly, weekly",
                                   "Tuesday or Thursday",
                                   "every Tuesday Wednesday's",
                                   "every other",
                                   "yearly on Monday",
                                   "https://example.org weekly",
                                   "weekly (every other Friday there is cake)",
                                   "every 32 March",
                                   "every 30 February",
                                   "weekly 1700 UTC",
                                   "weekly at 17.00"}) {
        const auto parsed = parse_spoken(text, zones());
        CHECK_MESSAGE(!parsed, text, " was read as ", parsed ? format_rule(parsed->said.rule) : "");
    }
    CHECK(refused_with(std::string(limits::max_spoken_bytes + 1, ' '), "max_spoken_bytes"));
}

TEST_CASE("what is left unsaid can be asked for") {
    const auto open = [](std::string_view text) { return unsaid(heard(text).said); };
    using enum Unsaid;
    CHECK(open("biweekly") == std::vector{day, time, zone, start});
    CHECK(open("every Thursday at 17:00 UTC").empty());
    CHECK(open("every second Thursday at 17:00 UTC") == std::vector{start});
    CHECK(open("biweekly starting Thursday June 25th, 2020") == std::vector{time, zone});
    CHECK(open("monthly 9am") == std::vector{day, zone});
    CHECK(open("every day") == std::vector{time, zone});
    CHECK(open("every year") == std::vector{day, time, zone});
}

TEST_CASE("how words were read is told, and what was set aside") {
    using Lines = std::vector<std::string>;
    CHECK(heard("biweekly").notes == Lines{"\"biweekly\" is read as every two weeks"});
    CHECK(heard("Mon and Thu 17:00 UTC").notes == Lines{"\"Mon and Thu\" is read as every week"});
    CHECK(heard("every first Monday").notes ==
          Lines{"\"first Monday\" is read as that of every month"});
    CHECK(heard("weekly, 9:00 EST").notes ==
          Lines{"\"EST\" is read as the clock of America/New_York, in summer and in winter"});
    CHECK(heard("monthly 2020 start date: Jan. 7th, Tuesday").notes ==
          Lines{"\"Tuesday\" is read as the first Tuesday of every month, as 7 January 2020 is"});
    CHECK(heard("monthly on the 31st").notes == Lines{"months without day 31 are passed over"});
    CHECK(heard("weekly on Monday").notes.empty());
    CHECK(heard("weekly, you must be signed into a free zoom account to join, Monday").remarks ==
          Lines{"you must be signed into a free zoom account to join"});
    CHECK(heard("weekly ([upcoming meeting dates](#dates)), Monday (online)").remarks ==
          Lines{"[upcoming meeting dates](#dates)", "online"});
}

TEST_CASE("of the meetings of Kubernetes 34 of 35 spellings and 99 of 102 rows are read") {
    std::map<std::string, std::string> refused_spellings, refused_zones;
    std::set<std::string> spellings, zone_words;
    std::vector<std::string> refused_rows;
    const auto meetings = kubernetes_meetings();
    for (const auto& m : meetings) {
        spellings.insert(m.frequency);
        zone_words.insert(m.zone);
        if (const auto alone = parse_spoken(m.frequency, zones()); !alone) {
            refused_spellings[m.frequency] = alone.error().message;
        }
        if (const auto alone = parse_spoken("weekly " + m.zone, zones()); !alone) {
            refused_zones[m.zone] = alone.error().message;
        }
        const auto text = fmt::format("{}, {} {} {}", m.frequency, m.day, m.time, m.zone);
        const auto row = parse_spoken(text, zones());
        if (!row) {
            refused_rows.push_back(text + ": " + row.error().message);
        } else {
            CHECK_MESSAGE(row->said.time, text);
            CHECK_MESSAGE(row->said.zone, text);
            const auto open = unsaid(row->said);
            CHECK_MESSAGE(std::ranges::find(open, Unsaid::day) == open.end(), text);
        }
    }
    MESSAGE("spellings of frequency read: ", spellings.size() - refused_spellings.size(), " of ",
            spellings.size());
    MESSAGE("spellings of zones read: ", zone_words.size() - refused_zones.size(), " of ",
            zone_words.size());
    MESSAGE("rows read: ", meetings.size() - refused_rows.size(), " of ", meetings.size());
    for (const auto& [spelling, reason] : refused_spellings) {
        MESSAGE("refused: ", spelling, ": ", reason);
    }
    for (const auto& row : refused_rows) {
        MESSAGE("refused: ", row);
    }
    CHECK(meetings.size() == 102);
    CHECK(spellings.size() == 35);
    CHECK(zone_words.size() == 8);
    REQUIRE(refused_spellings.size() == 1);
    CHECK(refused_spellings.begin()->first ==
          "monthly - Wednesday, after the fourth Tuesday, every month");
    REQUIRE(refused_zones.size() == 1);
    CHECK(refused_zones.begin()->first == "IST");
    REQUIRE(refused_rows.size() == 3);
    CHECK(refused_rows[0].contains("Asia/Kolkata, Asia/Jerusalem and Europe/Dublin"));
    CHECK(refused_rows[1].contains("falls into the next month"));
    CHECK(refused_rows[2].starts_with("monthly, Thursday 8:00 PT (Pacific Time): \"Thursday\" is "
                                      "one of several"));
}

TEST_CASE("rules in plain English") {
    CHECK(said("FREQ=WEEKLY;INTERVAL=2;BYDAY=TH", 17h, "Europe/London") ==
          "every second Thursday at 17:00 London time");
    CHECK(said("FREQ=MONTHLY;BYDAY=1WE") == "on the first Wednesday of every month");
    CHECK(said("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", 8h + 30min) == "every weekday at 08:30");
    CHECK(said("FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=5") == "every year on 5 March");
    CHECK(said("FREQ=WEEKLY;BYDAY=MO,TH;COUNT=6") == "every Monday and Thursday, 6 times");
    CHECK(said("FREQ=DAILY;INTERVAL=2;UNTIL=20270630") == "every two days until 30 June 2027");
    CHECK(said("FREQ=WEEKLY;INTERVAL=4;BYDAY=MO,WE,FR") ==
          "every four weeks on Monday, Wednesday and Friday");
    CHECK(said("FREQ=MONTHLY;BYDAY=1MO,3MO,-1FR") ==
          "on the first and third Monday and the last Friday of every month");
    CHECK(said("FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=15,-1", 0h, "UTC") ==
          "every three months on the 15th and last day at 00:00 UTC");
    CHECK(said("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1") ==
          "on the last weekday of every month");
    CHECK(said("FREQ=YEARLY;INTERVAL=20;BYDAY=1MO;BYMONTH=3,9", std::nullopt, "America/New_York") ==
          "every 20 years on the first Monday of March and September, New York time");
    CHECK(format_spoken(
              {.rule = rule("FREQ=WEEKLY;INTERVAL=2;UNTIL=20270630"), .starting = 2026y / 3 / 1}) ==
          "every two weeks from 1 March 2026 until 30 June 2027");
    CHECK(said("FREQ=WEEKLY;COUNT=1") == "every week, once");
    CHECK(said("FREQ=WEEKLY;BYDAY=TH;WKST=SU") == "every Thursday");
}

TEST_CASE("a rule without short words prints nothing") {
    for (const auto* const text :
         {"FREQ=HOURLY", "FREQ=DAILY;BYHOUR=9", "FREQ=YEARLY;BYYEARDAY=100",
          "FREQ=YEARLY;BYWEEKNO=3", "FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13",
          "FREQ=MONTHLY;BYDAY=FR;BYSETPOS=-1", "FREQ=WEEKLY;BYDAY=MO,MO",
          "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,SU;WKST=SU", "FREQ=WEEKLY;UNTIL=20270630T120000Z",
          "FREQ=MONTHLY;BYMONTHDAY=-2", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
          "FREQ=MONTHLY;BYDAY=6MO", "FREQ=YEARLY;BYDAY=20MO"}) {
        CHECK_MESSAGE(!said(text), text);
    }
    CHECK_FALSE(said("FREQ=WEEKLY", 17h, "Nowhere/At_All"));
    CHECK_FALSE(said("FREQ=WEEKLY", 24h));
}

namespace {

template <class T>
T one_of(std::initializer_list<T> all) {
    return *rc::gen::elementOf(std::vector<T>(all));
}

/// Of up to `most` things, none twice.
template <class Make>
auto some_of(int most, Make make) {
    std::vector<decltype(make())> all;
    for (int left = *rc::gen::inRange(1, most + 1); left > 0; --left) {
        if (auto one = make(); std::ranges::find(all, one) == all.end()) {
            all.push_back(one);
        }
    }
    return all;
}

NthWeekday any_day(int nth) {
    return {.day = std::chrono::weekday(*rc::gen::inRange(0U, 7U)), .nth = nth};
}

int nth() {
    return one_of({-1, 1, 2, 3, 4, 5});
}

void give_days(Rule& rule) {
    const auto month = [] { return *rc::gen::inRange(1, 13); };
    if (rule.frequency == Frequency::weekly) {
        rule.weekdays = some_of(7, [] { return any_day(0); });
    } else if (rule.frequency == Frequency::yearly && *rc::gen::arbitrary<bool>()) {
        rule.months = {month()};
        rule.month_days = {*rc::gen::inRange(1, 30)};
    } else if (rule.frequency == Frequency::yearly) {
        rule.months = some_of(4, month);
        rule.weekdays = some_of(3, [] { return any_day(nth()); });
    } else if (rule.frequency == Frequency::monthly) {
        switch (*rc::gen::inRange(0, 3)) {
        case 0:
            rule.weekdays = some_of(4, [] { return any_day(nth()); });
            break;
        case 1:
            rule.month_days = some_of(4, [] { return *rc::gen::inRange(0, 32); });
            std::ranges::replace(rule.month_days, 0, -1);
            break;
        default:
            rule.positions = some_of(3, nth);
            for (unsigned day = 1; day <= 5; ++day) {
                rule.weekdays.push_back({.day = std::chrono::weekday(day)});
            }
        }
    }
}

year_month_day some_date() {
    return std::chrono::sys_days(std::chrono::days(*rc::gen::inRange(-700'000, 2'900'000)));
}

void give_end(Rule& rule, std::chrono::days not_before) {
    switch (*rc::gen::inRange(0, 3)) {
    case 0:
        rule.count = *rc::gen::inRange<std::int64_t>(1, std::int64_t{1} << 31);
        break;
    case 1:
        rule.until = WallTime{.time = std::chrono::local_days(
                                  not_before + std::chrono::days(*rc::gen::inRange(0, 30'000))),
                              .form = TimeForm::date};
        break;
    default:
        break;
    }
}

Spoken some_common_one() {
    Spoken spoken;
    auto& rule = spoken.rule;
    rule.frequency =
        one_of({Frequency::daily, Frequency::weekly, Frequency::monthly, Frequency::yearly});
    rule.interval = *rc::gen::oneOf(rc::gen::inRange<std::int64_t>(1, 15),
                                    rc::gen::inRange<std::int64_t>(1, std::int64_t{1} << 31));
    if (*rc::gen::inRange(0, 4) > 0) {
        give_days(rule);
    }
    if (*rc::gen::arbitrary<bool>()) {
        spoken.time = std::chrono::minutes(*rc::gen::inRange(0, 1440));
    }
    if (*rc::gen::arbitrary<bool>()) {
        spoken.starting = some_date();
    }
    const auto first = spoken.starting.value_or(some_date());
    give_end(rule, std::chrono::sys_days(first).time_since_epoch());
    return spoken;
}

} // namespace

TEST_CASE("every common rule prints, and what is printed reads back as it was") {
    CHECK(rc::check("format_spoken, then parse_spoken", [] {
        auto spoken = some_common_one();
        if (*rc::gen::arbitrary<bool>()) {
            spoken.zone = *rc::gen::elementOf(std::vector<std::string>{
                "UTC", "Europe/London", "America/New_York", "Asia/Kolkata", "Etc/UTC", "Etc/GMT+5",
                "America/Port-au-Prince", "Asia/Istanbul", "America/Indiana/Knox"});
        }
        const auto words = format_spoken(spoken, zones());
        RC_ASSERT(words.has_value());
        RC_LOG(*words);
        const auto again = parse_spoken(*words, zones());
        if (!again) {
            RC_FAIL(*words + ": " + again.error().message);
        }
        RC_ASSERT(again->said == spoken);
    }));
}

TEST_CASE("any rule prints nothing, or what reads back as it was") {
    CHECK(rc::check("format_spoken, then parse_spoken", [] {
        auto spoken = some_common_one();
        auto& r = spoken.rule;
        for (int changes = *rc::gen::inRange(0, 4); changes > 0; --changes) {
            switch (*rc::gen::inRange(0, 8)) {
            case 0:
                r.frequency = static_cast<Frequency>(*rc::gen::inRange(0, 7));
                break;
            case 1:
                r.weekdays.push_back(any_day(*rc::gen::inRange(-6, 7)));
                break;
            case 2:
                r.month_days.push_back(*rc::gen::inRange(-31, 32));
                std::erase(r.month_days, 0);
                break;
            case 3:
                r.months.push_back(*rc::gen::inRange(1, 13));
                break;
            case 4:
                r.positions.push_back(one_of({-2, -1, 1, 2, 6}));
                break;
            case 5:
                r.week_start = std::chrono::Sunday;
                break;
            case 6:
                r.weekdays.clear();
                break;
            default:
                r.hours = {9};
            }
        }
        RC_LOG(format_rule(r));
        const auto words = format_spoken(spoken);
        RC_CLASSIFY(words.has_value());
        if (!words) {
            return;
        }
        const auto again = parse_spoken(*words);
        if (!again) {
            RC_FAIL(*words + ": " + again.error().message);
        }
        r.week_start = std::chrono::Monday;
        RC_ASSERT(again->said == spoken);
    }));
}

TEST_CASE("every zone of this machine but a few old names prints, and reads back as it was") {
    for (const auto& zone : zones()) {
        const Spoken spoken{.time = 17h, .zone = zone};
        const auto words = format_spoken(spoken, zones());
        if (!words) {
            // Old names such as "Poland" and "EST": their words are read as the zone of a place.
            CHECK_MESSAGE(!zone.contains('/'), zone);
            continue;
        }
        const auto again = parse_spoken(*words, zones());
        REQUIRE_MESSAGE(again, *words, ": ", again.error().message);
        CHECK_MESSAGE(again->said == spoken, *words);
    }
}

TEST_CASE("any text is read or refused, and whatever is read says again what it said") {
    CHECK(rc::check("words in any order", [] {
        const auto words =
            *rc::gen::container<std::vector<std::string>>(rc::gen::element<std::string>(
                "every", "second", "third", "Thursday", "Mon", "-", ",", "(", ")", "]", "and", "of",
                "the", "month", "first", "last", "9", ":", "00", "at", "am", "5", "March", "2027",
                "until", "starting", "from", "London", "time", "times", "for", "6", "weeks",
                "weekly", "other", "day", "IST", "/", "\xE2\x80\x93", "\xC3\xA9", "\xE2", "1st",
                "on", "year"));
        std::string text;
        for (const auto& word : words) {
            text += word + (*rc::gen::inRange(0, 4) > 0 ? " " : "");
        }
        const auto parsed = parse_spoken(text);
        if (!parsed) {
            RC_ASSERT(!parsed.error().message.empty());
            RC_ASSERT(!parsed.error().message.ends_with('.'));
            return;
        }
        RC_ASSERT(rule(format_rule(parsed->said.rule)) == parsed->said.rule);
        if (const auto again = format_spoken(parsed->said)) {
            RC_ASSERT(parse_spoken(*again)->said == parsed->said);
        }
    }));
}
