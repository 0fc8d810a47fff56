// The contract of `allotment calendar`. See docs/cli.md.
#include "tests/cli/program.hpp"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <iterator>
#include <optional>

#include <doctest/doctest.h>
#include <fmt/chrono.h>
#include <fmt/format.h>

using namespace allot;
using tests::Folder;
using tests::run;

namespace {

using std::chrono::sys_days;
using std::chrono::sys_seconds;
using std::chrono::year_month_day;

const std::string data = ALLOTMENT_TEST_DATA "/calendars/";

std::string content_of(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

/// What `calendar` prints; it must end with `code`.
std::string calendar(std::vector<std::string> words, int code = 0) {
    const Folder folder;
    words.insert(words.begin(), "calendar");
    const auto finished = run(folder, words);
    CHECK_MESSAGE(finished.code == code, finished.err);
    return finished.out;
}

/// A meeting of the nine files: each `interval` weeks, or each month on the n-th such weekday.
struct Meeting {
    year_month_day first;
    std::chrono::seconds time; ///< UTC
    int interval = 0;
    unsigned nth = 0;

    [[nodiscard]] std::vector<sys_seconds> in(sys_seconds from, sys_seconds to) const {
        std::vector<sys_seconds> starts;
        const std::chrono::weekday day(sys_days{first});
        const auto keep = [&](sys_days date) {
            if (date + time >= from && date + time < to) {
                starts.push_back(date + time);
            }
        };
        if (nth == 0) {
            for (sys_days date = first; date < to; date += std::chrono::weeks(interval)) {
                keep(date);
            }
        } else {
            for (auto month = first.year() / first.month(); sys_days{month / 1} < to;
                 month += std::chrono::months(1)) {
                keep(month / day[nth]);
            }
        }
        return starts;
    }
};

constexpr auto at(int y, unsigned m, unsigned d, int hour, int minute, int interval, unsigned nth) {
    return Meeting{.first = std::chrono::year(y) / static_cast<int>(m) / static_cast<int>(d),
                   .time = std::chrono::hours(hour) + std::chrono::minutes(minute),
                   .interval = interval,
                   .nth = nth};
}

constexpr Meeting aws = at(2022, 4, 28, 17, 30, 0, 4);
constexpr Meeting azure = at(2023, 11, 28, 13, 0, 2, 0);
constexpr Meeting community = at(2023, 11, 29, 19, 0, 1, 0);
constexpr Meeting docs = at(2023, 11, 28, 16, 0, 1, 0);
constexpr Meeting network = at(2023, 5, 11, 13, 0, 2, 0);
constexpr Meeting security = at(2023, 11, 27, 15, 0, 1, 0);
constexpr Meeting vmware = at(2023, 11, 27, 16, 0, 1, 0);
constexpr Meeting windows_first = at(2023, 12, 5, 20, 0, 0, 1);
constexpr Meeting windows_third = at(2023, 12, 19, 20, 0, 0, 3);

struct File {
    const char* name;
    std::vector<Meeting> meetings;
};

const std::vector<File>& nine_files() {
    static const std::vector<File> files = {
        {"ansible_aws", {aws}},
        {"ansible_azure", {azure}},
        {"ansible_community", {community}},
        {"ansible_docs", {docs}},
        {"ansible_network", {network}},
        {"ansible_security", {security}},
        {"ansible_vmware", {vmware}},
        {"ansible_windows", {windows_first, windows_third}},
        {"ansible_ansible_community_meetings",
         {aws, azure, community, network, security, vmware, windows_first, windows_third, docs}}};
    return files;
}

/// The machine's own idea of a zone (glibc), as an oracle.
class MachineZone {
  public:
    explicit MachineZone(const char* name) {
        const char* const before = std::getenv("TZ");
        before_ = before == nullptr ? std::nullopt : std::optional<std::string>(before);
        setenv("TZ", name, 1);
        tzset();
    }
    ~MachineZone() {
        before_ ? setenv("TZ", before_->c_str(), 1) : unsetenv("TZ");
        tzset();
    }
    MachineZone(const MachineZone&) = delete;
    MachineZone& operator=(const MachineZone&) = delete;

    [[nodiscard]] static std::string line(sys_seconds t) {
        const std::time_t seconds = t.time_since_epoch().count();
        std::tm utc{};
        std::tm local{};
        gmtime_r(&seconds, &utc);
        localtime_r(&seconds, &local);
        return fmt::format("{:%Y%m%dT%H%M%S}Z\t{:%Y%m%dT%H%M%S}\tx\n", utc, local);
    }

  private:
    std::optional<std::string> before_;
};

std::string expected(const File& file, sys_seconds from, sys_seconds to) {
    std::vector<sys_seconds> starts;
    for (const Meeting& meeting : file.meetings) {
        std::ranges::copy(meeting.in(from, to), std::back_inserter(starts));
    }
    std::ranges::sort(starts);
    std::string lines;
    for (const sys_seconds start : starts) {
        lines += MachineZone::line(start);
    }
    return lines;
}

} // namespace

TEST_CASE("the nine real calendars list as simple arithmetic says, in three zones") {
    constexpr sys_seconds from = sys_days(std::chrono::year(2025) / 9 / 1);
    constexpr sys_seconds to = sys_days(std::chrono::year(2027) / 5 / 1);
    for (const char* zone : {"Europe/Paris", "America/New_York", "Asia/Kolkata"}) {
        const MachineZone machine(zone);
        for (const File& file : nine_files()) {
            CAPTURE(zone);
            CAPTURE(file.name);
            const auto lines = expected(file, from, to);
            CHECK(std::ranges::count(lines, '\n') >= 19);
            CHECK(calendar({"list", data + file.name + ".ics", "--zone", zone, "--from",
                            "2025-09-01T00:00Z", "--to", "2027-05-01T00:00Z"}) == lines);
        }
    }
}

TEST_CASE("the nine real calendars move by an hour for their people, which check tells") {
    for (const File& file : nine_files()) {
        CAPTURE(file.name);
        const auto words = calendar({"check", data + file.name + ".ics"}, 1);
        CHECK(words.contains(".ics:6: \"x\" meets "));
        CHECK(words.contains("\n  clients: it moves by an hour for its people"));
        CHECK(words.contains("\n  mend: allotment calendar reanchor FILE --zone TZ"));
    }
}

// By hand, with the offsets of Python's zoneinfo (tzdata 2025b).
TEST_CASE("moved, cancelled, excluded and added meetings are listed where they are") {
    CHECK(calendar({"list", data + "changes.ics", "--zone", "Europe/Paris"}) ==
          "20260305T160000Z\t20260305T170000\tReading group\n"
          "20260314T090000Z\t20260314T100000\tReading group\n"
          "20260320T080000Z\t20260320T090000\tReading group, moved\n"
          "20260326T160000Z\t20260326T170000\t[cancelled] Reading group\n"
          "20260402T150000Z\t20260402T170000\tReading group\n"
          "20260409T140000Z\t20260409T160000\tReading group, earlier\n"
          "20260416T140000Z\t20260416T160000\tReading group, earlier\n"
          "20260430T120000Z\t20260430T140000\tReading group, from Tokyo\n"
          "20260507T140000Z\t20260507T160000\tReading group, earlier\n");
    CHECK(calendar({"check", data + "changes.ics"}, 1)
              .contains("changes.ics:57: \"Reading group, earlier\" is changed by "
                        "RANGE=THISANDFUTURE\n"));
}

TEST_CASE("zones of Windows and of the file alone are understood") {
    CHECK(calendar({"check", data + "windows.ics"}) == "1 event, nothing to mend\n");
    CHECK(calendar({"list", data + "windows.ics"}) ==
          "20260317T130000Z\t20260317T130000\tAbstimmung\n"
          "20260324T130000Z\t20260324T130000\tAbstimmung\n"
          "20260331T120000Z\t20260331T120000\tAbstimmung\n"
          "20260407T120000Z\t20260407T120000\tAbstimmung\n");
    const Folder folder;
    std::string alone = content_of(data + "windows.ics");
    const auto begin = alone.find("BEGIN:VTIMEZONE");
    const auto end = alone.find("BEGIN:VEVENT");
    alone.erase(begin, end - begin);
    folder.put("alone.ics", alone);
    CHECK(calendar({"list", folder.path("alone.ics")}) == calendar({"list", data + "windows.ics"}));
    CHECK(calendar({"check", folder.path("alone.ics")}, 1)
              .contains("write TZID=Europe/Berlin, and add its VTIMEZONE"));
    CHECK(calendar({"check", data + "own_zone.ics"}) == "1 event, nothing to mend\n");
    CHECK(calendar({"list", data + "own_zone.ics", "--zone", "Asia/Tokyo"}) ==
          "20260306T143000Z\t20260306T233000\tLab\n20260313T133000Z\t20260313T223000\tLab\n");
}

TEST_CASE("floating times and dates are on the clock of whoever looks") {
    CHECK(calendar({"list", data + "floating.ics", "--zone", "Europe/Paris", "--from", "20260328",
                    "--to", "20260330"}) ==
          "20260328T150000Z\t20260328T160000\tTea\n20260329T140000Z\t20260329T160000\tTea\n");
    CHECK(calendar({"list", data + "dates.ics", "--zone", "America/New_York"}) ==
          "20260328T040000Z\t20260328\tRetreat\n"
          "20280404T040000Z\t20280404\tRetreat, a week later\n");
    CHECK(calendar({"list", data + "folded.ics"}) ==
          "20260501T000000Z\t20260501\tÉcoute à plusieurs voix; un séminaire\n");
}

TEST_CASE("without bounds all is listed, or a year of what goes on for ever") {
    const auto year = calendar({"list", data + "ansible_docs.ics"});
    CHECK(std::ranges::count(year, '\n') == 53);
    CHECK(year.starts_with("20231128T160000Z\t"));
    const auto later = calendar({"list", data + "ansible_docs.ics", "--from", "20260101"});
    CHECK(later.starts_with("20260106T160000Z\t"));
    CHECK(std::ranges::count(later, '\n') == 52);
    CHECK(calendar({"list", data + "floating.ics", "--from", "20260330"}) ==
          "20260330T160000Z\t20260330T160000\tTea\n");
}

TEST_CASE("reanchored meetings have the first one's time on the wall all year") {
    const std::string file = data + "ansible_ansible_community_meetings.ics";
    const Folder folder;
    const auto finished =
        run(folder, {"calendar", "reanchor", file, "--zone", "Europe/Paris", "--out", "new.ics"});
    CHECK(finished.code == 0);
    CHECK(finished.out == "9 series are now anchored to Europe/Paris\n");
    // The days are those of UTC, as none of them meets near midnight.
    const MachineZone machine("Europe/Paris");
    std::vector<std::string> expected_local;
    for (const Meeting& meeting : nine_files().back().meetings) {
        const auto first = MachineZone::line(sys_days{meeting.first} + meeting.time);
        for (const sys_seconds start : meeting.in(sys_days(std::chrono::year(2026) / 1 / 1),
                                                  sys_days(std::chrono::year(2027) / 1 / 1))) {
            expected_local.push_back(MachineZone::line(start).substr(0, 9) + first.substr(26, 6));
        }
    }
    std::vector<std::string> local;
    const auto list = calendar({"list", folder.path("new.ics"), "--zone", "Europe/Paris", "--from",
                                "2026-01-01", "--to", "2027-01-01"});
    for (std::size_t at = 0; at < list.size(); at = list.find('\n', at) + 1) {
        local.push_back(list.substr(at + 17, 15));
    }
    std::ranges::sort(local);
    std::ranges::sort(expected_local);
    CHECK(local == expected_local);
    CHECK(local.size() > 200);
    const auto to_stdout = run(folder, {"calendar", "reanchor", file, "--zone", "Europe/Paris"});
    CHECK(to_stdout.out == folder.content("new.ics"));
    CHECK(to_stdout.err == finished.out);
}

TEST_CASE("a series that cannot be followed is left out, and the rest is listed") {
    const auto event = [](const std::string& start, const std::string& rule) {
        return "BEGIN:VEVENT\nDTSTART:" + start + "\nRRULE:" + rule + "\nSUMMARY:Tea\nEND:VEVENT\n";
    };
    const std::string begin = "BEGIN:VCALENDAR\n";
    const std::string end = "END:VCALENDAR\n";
    const std::string tea = event("20260105T090000Z", "FREQ=WEEKLY;COUNT=2");
    const std::string complex =
        event("20260105T030712Z", "FREQ=SECONDLY;INTERVAL=86399;BYHOUR=3;BYMINUTE=7;BYSECOND=11");
    const Folder folder;
    folder.put("one.ics", begin + complex + tea + event("20260105T090000Z", "FREQ=SECONDLY") + end);
    const auto one = run(folder, {"calendar", "list", "one.ics", "--to", "99990101"});
    CHECK(one.code == 1);
    CHECK(one.out == "20260105T090000Z\t20260105T090000\tTea\n"
                     "20260112T090000Z\t20260112T090000\tTea\n");
    CHECK_MESSAGE(one.err.starts_with("one.ics:2: left out: the rule is too complex"), one.err);
    CHECK_MESSAGE(one.err.contains("\none.ics:12: left out: more instances than limit"), one.err);

    std::string many = begin + tea;
    for (int i = 0; i < 101; ++i) {
        many += complex;
    }
    folder.put("many.ics", many + end);
    const auto refused = run(folder, {"calendar", "list", "many.ics", "--to", "99990101"});
    CHECK(refused.code == 2);
    CHECK(refused.out.empty());
    CHECK_MESSAGE(refused.err.starts_with("many.ics: the event in line 7: the rule is too complex"),
                  refused.err);
}

TEST_CASE("a mended calendar does not take the place of the one that was read") {
    const Folder folder;
    const std::string text = content_of(data + "ansible_docs.ics");
    folder.put("docs.ics", text);
    const auto finished = run(folder, {"calendar", "reanchor", "docs.ics", "--zone", "Europe/Paris",
                                       "--out", "docs.ics"});
    CHECK(finished.code == 2);
    CHECK(finished.err == "docs.ics: found as input and as output, expected two files\n");
    CHECK(folder.content("docs.ics") == text);
}

TEST_CASE("what is no calendar, or no option, ends with 2") {
    const Folder folder;
    folder.put("page.ics", "<html></html>\n");
    folder.put("complex.ics", "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20260105T030712Z\n"
                              "RRULE:FREQ=SECONDLY;INTERVAL=86399;BYHOUR=3;BYMINUTE=7;BYSECOND=11\n"
                              "END:VEVENT\nEND:VCALENDAR\n");
    const auto refused = [&](const std::vector<std::string>& words, const std::string& with) {
        const auto finished = run(folder, words);
        CHECK(finished.code == 2);
        CHECK(finished.out.empty());
        CHECK_MESSAGE(finished.err.contains(with), finished.err);
    };
    refused({"calendar", "check", "none.ics"}, "none.ics");
    refused({"calendar", "check", "page.ics"}, "page.ics: this is no iCalendar file");
    refused({"calendar", "list", "page.ics"}, "page.ics: this is no iCalendar file");
    refused({"calendar", "list", "complex.ics", "--to", "99990101"},
            "complex.ics: the event in line 2: the rule is too complex");
    refused({"calendar", "list", data + "dates.ics", "--zone", "Mars"}, "--zone Mars");
    refused({"calendar", "list", data + "dates.ics", "--from", "soon"}, "--from");
    refused({"calendar", "reanchor", data + "dates.ics"}, "--zone");
    refused({"calendar", "reanchor", "page.ics", "--zone", "UTC"}, "page.ics: this is no");
    refused({"calendar"}, "found no command after calendar, expected check or list or reanchor");
    refused({"calendar", "chec", "a"}, "did you mean check?");
    refused({"calendar", "list", "a", "--zon", "b"}, "unknown option --zon; did you mean --zone?");
    refused({"calendar", "list"}, "See \"allotment calendar list --help\"");
    refused({"calender"}, "did you mean calendar?");
}
