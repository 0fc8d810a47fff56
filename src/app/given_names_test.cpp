/// Names of gatherings that were given out before a series met at other times: where they lead.
#include "app/test_turns.hpp"
#include "base/random.hpp"
#include "collective/gatherings/given_names.hpp"
#include "collective/gatherings/series_change.hpp"

#include <map>

using namespace allot;
using namespace allot::test::turns;
using gatherings::GivenName;
using gatherings::Wall;
using store::Transaction;
using test::Browser;

namespace {

constexpr store::Statement find_where =
    "SELECT original FROM presence WHERE collective_id = $1 AND series_id = $2 AND who = $3";

/// A name, and the plan of somebody who comes and is told by mail: it shows where the gathering is.
struct Announced {
    GivenName given;
    std::string who;
};

/// A series whose times change again and again, and all the names that it ever had.
class Changing {
  public:
    Changing(Lab& lab, std::uint64_t seed)
        : lab_(lab), random_(seed), zones_(lab.house.parts.zones) {}

    void announce() {
        lab_.change([&](Transaction& transaction) -> Result<void> {
            TRY(const std::int64_t change,
                gatherings::changes_so_far(transaction, lab_.collective, lab_.series));
            TRY(const auto plan, plan_now(transaction));
            TRY(const auto all, gatherings::occurrences(plan, zones_, now(), now() + days(60)));
            for (const auto& one : all) {
                const std::string who = "m:" + std::to_string(announced_.size());
                announced_.push_back({{.original = one.original, .change = change}, who});
                TRY_DO(transaction.run(plan_to_come, {lab_.collective, lab_.series,
                                                      gatherings::count_of(one.original), who}));
            }
            return {};
        });
    }

    /// From one of the next gatherings on; whether there was one.
    bool change() {
        bool changed = false;
        lab_.change([&](Transaction& transaction) -> Result<void> {
            gatherings::At at;
            TRY(at.plan, plan_now(transaction));
            TRY(const auto all, gatherings::occurrences(at.plan, zones_, now(), now() + days(60)));
            if (all.empty()) {
                return {};
            }
            const auto place = random_.below(std::min<std::size_t>(all.size(), 6));
            TRY(const auto one, occurrence_of(at.plan, zones_, all[place].original));
            at.occurrence = *one;
            changed = true;
            return change_rhythm(transaction, lab_.collective, at, any_rhythm(one->original),
                                 zones_, lab_.house.clock.now(), lab_.house.entropy);
        });
        return changed;
    }

    /// Each name leads to where what it named went, or to nothing where that went.
    void check_names() {
        lab_.change([&](Transaction& transaction) -> Result<void> {
            TRY(const auto plan, plan_now(transaction));
            std::map<Wall, std::optional<Wall>> newest; // of each name, where it led last
            for (const Announced& one : announced_) {
                TRY(const auto row,
                    transaction.row(find_where, {lab_.collective, lab_.series, one.who}));
                const auto where = row ? std::optional(gatherings::wall_of(row->integer(0)))
                                       : std::optional<Wall>();
                TRY(const auto leads,
                    name_now(transaction, lab_.collective, lab_.series, one.given));
                CHECK(leads == where);
                newest[one.given.original] = where;
            }
            for (const auto& [name, where] : newest) {
                TRY_DO(check_address(transaction, plan, name, where));
            }
            return {};
        });
    }

  private:
    Result<void> check_address(Transaction& transaction, const gatherings::Plan& plan, Wall name,
                               std::optional<Wall> where) {
        TRY(const auto is_there, occurrence_of(plan, zones_, name));
        if (is_there) { // it leads to itself
            return {};
        }
        TRY(const auto called, last_called(transaction, lab_.collective, lab_.series, name));
        REQUIRE(called.has_value());
        CHECK(called->became == where);
        if (called->became) {
            TRY(const auto next, occurrence_of(plan, zones_, *called->became));
            CHECK(next.has_value()); // in one step: nothing to go round in
        }
        return {};
    }

    /// Days and hours are few, so that names come back.
    gatherings::Rhythm any_rhythm(Wall from) {
        constexpr std::array<int, 4> every = {1, 2, 7, 14};
        constexpr std::array<std::string_view, 2> places = {"Europe/London", "America/New_York"};
        std::string rule = "FREQ=DAILY;INTERVAL=" + std::to_string(every.at(random_.below(4)));
        if (random_.below(3) == 0) {
            rule += ";COUNT=" + std::to_string(1 + random_.below(9));
        }
        const auto day = std::chrono::floor<days>(from) + days(1 + random_.below(3));
        return {.zone = std::string(places.at(random_.below(2))),
                .start = day + hours(random_.below(3) == 0 ? 9 : 17),
                .rule = rule};
    }

    Result<gatherings::Plan> plan_now(Transaction& transaction) {
        TRY(const auto series, find_series(transaction, lab_.collective, lab_.series));
        return plan_of(transaction, lab_.collective, *series);
    }
    [[nodiscard]] Instant now() const {
        return std::chrono::floor<std::chrono::seconds>(lab_.house.clock.now());
    }

    Lab& lab_;
    Random random_;
    gatherings::ZoneBook zones_;
    std::vector<Announced> announced_;
};

constexpr const char* fourth = "20270204T170000";
constexpr const char* fifth = "20270211T170000";
constexpr const char* sixth = "20270218T170000";
/// The third and the fourth, after `to_fridays`.
constexpr const char* third_friday = "20270129T090000";
constexpr const char* fourth_friday = "20270205T090000";
constexpr const char* to_fridays = "every Friday at 09:00 London time";
constexpr const char* to_fortnights = "every 2 weeks on Thursday at 17:00 London time";

void change_times(Lab& lab, std::string_view from, std::string_view rhythm) {
    REQUIRE(lab.ada
                .send(page_of(from) + "/change", page_of(from) + "/rhythm",
                      {{"rhythm", std::string(rhythm)}})
                .status == 303);
}

bool leads(const http::HttpResponse& answer, std::string_view address) {
    return answer.status == 303 && test::header_of(answer, "location") == address;
}

const test::Fields as_json = {{"accept", "application/json"}};

} // namespace

TEST_CASE("whatever changes, each name ever given out leads where its gathering went, or to none") {
    for (const auto engine : test::engines()) {
        for (const std::uint64_t seed : {1U, 2U, 3U}) {
            CAPTURE(test::name_of(engine));
            CAPTURE(seed);
            Lab lab(engine);
            Changing series(lab, seed);
            series.announce();
            for (int changes = 0; changes < 7 && series.change(); ++changes) {
                CAPTURE(changes);
                series.check_names();
                series.announce();
            }
            series.check_names();
        }
    }
}

TEST_CASE("an address from before a change leads on, in one step, until its date is there again") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        Lab lab(engine);
        Browser nobody(lab.house);
        change_times(lab, third, to_fridays);
        for (const test::Fields& accepts : {test::Fields(), as_json}) {
            CHECK(leads(nobody.get(page_of(third), accepts), page_of(third_friday)));
            CHECK(leads(nobody.get(page_of(fourth) + "?lang=en", accepts),
                        page_of(fourth_friday) + "?lang=en"));
        }
        CHECK(test::header_of(nobody.get(page_of(third)), "cache-control") == "no-store");
        CHECK(leads(lab.ada.get(page_of(third) + "/change"), page_of(third_friday) + "/change"));
        const std::string asking = "/turns/presenter/ask";
        CHECK(leads(lab.ada.get(page_of(third) + asking), page_of(third_friday) + asking));
        CHECK(nobody.get(page_of(second)).status == 200); // it stays as it was

        change_times(lab, fourth_friday, "every Monday at 18:00 London time");
        CHECK(leads(nobody.get(page_of(fourth)), page_of("20270208T180000")));
        CHECK(leads(nobody.get(page_of(fourth_friday)), page_of("20270208T180000")));
        CHECK(leads(nobody.get(page_of(third)), page_of(third_friday)));

        change_times(lab, third_friday, "every Thursday at 17:00 London time from 4 February 2027");
        CHECK(nobody.get(page_of(fourth)).status == 200);
        CHECK(leads(nobody.get(page_of(third)), page_of(fourth)));
        CHECK(leads(nobody.get(page_of("20270208T180000")), page_of("20270211T170000")));
    }
}

TEST_CASE("a date that is still there says where went what it was before") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        Lab lab(engine);
        Browser nobody(lab.house);
        CHECK_FALSE(says(nobody.get(page_of(fourth)), "planned for this date before"));
        change_times(lab, third, to_fortnights);
        // The third stays; the fourth went on a week, onto the date of the fifth.
        CHECK_FALSE(says(nobody.get(page_of(third)), "planned for this date before"));
        CHECK(leads(nobody.get(page_of(fourth)), page_of(fifth)));
        const auto page = nobody.get(page_of(fifth));
        CHECK(says(page, "planned for this date before"));
        CHECK(says(page, "href=\"" + page_of("20270225T170000") + "\""));
    }
}

TEST_CASE("a date that went without another one says so, and leads to its series") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        Lab lab(engine);
        Browser nobody(lab.house);
        change_times(lab, third, std::string(to_fridays) + ", 2 times");
        const auto words = nobody.send(page_of(third_friday), page_of(sixth) + "/thread",
                                       {{"kind", "idea"}, {"words", "A walk"}, {"name", "Wen"}});
        CHECK(words.status == 404);
        CHECK(says(words, "A walk")); // for her to keep
        const auto gone = nobody.get(page_of(sixth));
        CHECK(gone.status == 404);
        CHECK(says(gone, "This date is no more."));
        CHECK(says(gone, "href=\"" + std::string(journal) + "\""));
        const auto never = nobody.get(page_of("20270119T170000"));
        CHECK(never.status == 404);
        CHECK(says(never, "This series does not meet then."));
        CHECK(says(never, "href=\"" + std::string(journal) + "\""));
        const auto program = nobody.get(page_of(sixth), as_json);
        CHECK(program.status == 404);
        CHECK(test::header_of(program, "content-type") == "application/problem+json");
        CHECK(says(program, "This date is no more."));
        // Of what somebody may not see, nothing is said.
        lab.change([&](Transaction& transaction) -> Result<void> {
            TRY(const auto series, find_series(transaction, lab.collective, lab.series));
            auto about = series->about;
            about.audience = gatherings::Audience::members;
            return save_about(transaction, lab.collective, lab.series, about);
        });
        for (const std::string& address :
             {page_of(third), page_of(sixth), page_of("20270119T170000")}) {
            CHECK(nobody.get(address).status == 404);
            CHECK_FALSE(says(nobody.get(address), "Journal club"));
        }
    }
}

TEST_CASE("words sent from a page of before are kept; what is said about a time is asked again") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        Lab lab(engine);
        Browser guest(lab.house);
        const std::string before = guest.get(page_of(third)).text;
        const std::string key = test::form_key_in(before);
        const std::string hosts_key = test::form_key_in(lab.ada.get(page_of(third)).text);
        change_times(lab, third, to_fridays);
        const auto words = guest.post(
            page_of(third) + "/thread",
            {{"form_key", key}, {"kind", "question"}, {"words", "Which room?"}, {"name", "Gus"}});
        CHECK(leads(words, page_of(third_friday) + "?waits#thread"));
        CHECK(says(guest.get(page_of(third_friday)), "Which room?"));

        const auto plan =
            guest.post(page_of(third) + "/presence", {{"form_key", key}, {"plan", "plan"}});
        CHECK(plan.status == 409);
        CHECK(says(plan, "The times of this series have changed."));
        CHECK(says(plan, "href=\"" + page_of(third_friday) + "\""));
        const auto skipped =
            lab.ada.post(page_of(third) + "/skip", {{"form_key", hosts_key}, {"why", "A holiday"}});
        CHECK(skipped.status == 409);
        CHECK_FALSE(says(guest.get(page_of(third_friday)), "A holiday"));
        const auto asked =
            lab.ada.post(page_of(third) + "/turns/host", {{"form_key", hosts_key},
                                                          {"turn", "presenter"},
                                                          {"act", "ask"},
                                                          {"person", lab.id_of(mia_mail).text()}});
        CHECK(asked.status == 409);
        CHECK(says(asked, "The times of this series have changed."));
        CHECK(lab.mails(mia_mail, mail::Kind::invitation).empty());
        CHECK(lab.mia
                  .post_json(page_of(third) + "/turns", R"({"turn": "presenter", "act": "take"})",
                             as_json)
                  .status == 409);
    }
}

namespace {

/// A series whose times change from some date on, and where what Mia presents is then.
struct TurnCase {
    std::string_view rhythm;
    const char* presents;
    const char* from;
    std::string_view changed;
    Wall now;
};
const std::array<TurnCase, 2> turn_cases = {
    TurnCase{"every Thursday at 17:00 London time", fourth, fourth, to_fridays, wall(2, 5, 9)},
    // The first of February stays a date, and is that of another gathering.
    TurnCase{"every day at 17:00 London time", "20270201T170000", "20270130T170000",
             "every Monday, Wednesday and Friday at 17:00 London time", wall(2, 5, 17)}};

} // namespace

TEST_CASE("a link in a mail about a turn follows the turn, also where its date means another now") {
    for (const auto engine : test::engines()) {
        for (const TurnCase& one : turn_cases) {
            CAPTURE(test::name_of(engine));
            CAPTURE(one.rhythm);
            Lab lab(engine, one.rhythm);
            REQUIRE(act(lab.mia, one.presents, "presenter", "take") == 303);
            lab.sweep_at(utc(1, 29, 8));
            const auto asked = lab.mails(mia_mail, mail::Kind::turn);
            REQUIRE(asked.size() == 1);
            const std::string link = link_in(asked.front());
            lab.ada = lab.house.sign_in(ada_mail);
            change_times(lab, one.from, one.changed);

            Browser phone(lab.house);
            CHECK(says(phone.get(link), "name=\"answer\" value=\"yes\""));
            CHECK(phone.send(link, link, {{"answer", "yes"}}).status == 303);
            CHECK(lab.turn(one.now, presenter).person == lab.id_of(mia_mail));
            CHECK(lab.turn(one.now, presenter).confirmed);
        }
    }
}

TEST_CASE("a link about a turn whose date went says so") {
    Lab lab(test::EngineKind::sqlite);
    REQUIRE(act(lab.mia, fifth, "presenter", "take") == 303);
    lab.sweep_at(utc(2, 4, 18) - minutes(30));
    const std::string link = link_in(lab.mails(mia_mail, mail::Kind::turn).front());
    lab.ada = lab.house.sign_in(ada_mail);
    change_times(lab, fourth, "2027-02-05 09:00");
    Browser phone(lab.house);
    CHECK(phone.get(link).status == 404);
    CHECK(says(phone.get(link), "This date is no more."));
}

TEST_CASE("whom a link let into a gathering it lets in where that went, and nowhere else") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        Lab lab(engine);
        lab.change([&](Transaction& transaction) -> Result<void> {
            TRY(const auto series, find_series(transaction, lab.collective, lab.series));
            auto about = series->about;
            about.audience = gatherings::Audience::members;
            return save_about(transaction, lab.collective, lab.series, about);
        });
        const std::string made =
            lab.ada.send(page_of(third), page_of(third) + "/guest-link", {}).text;
        const std::size_t at = made.find("/g/");
        REQUIRE(at != std::string::npos);
        const std::string link = made.substr(at, made.find('"', at) - at);
        Browser writer(lab.house);
        CHECK(leads(writer.get(link), page_of(third)));
        const std::string key = test::form_key_in(writer.get(page_of(third)).text);
        Browser hasty(lab.house);
        CHECK(leads(hasty.get(link), page_of(third)));
        const std::string hasty_key = test::form_key_in(hasty.get(page_of(third)).text);
        change_times(lab, third, to_fridays);
        // A refusal lets her in, too: its page leads there.
        const auto nameless = hasty.post(
            page_of(third) + "/thread",
            {{"form_key", hasty_key}, {"kind", "idea"}, {"words", "A swim"}, {"name", ""}});
        CHECK(nameless.status == 422);
        CHECK(hasty.get(page_of(third_friday)).status == 200);
        // Who had the page open writes where it went, and is let in there.
        CHECK(writer
                  .post(page_of(third) + "/thread",
                        {{"form_key", key}, {"kind", "idea"}, {"words", "A walk"}, {"name", "Wen"}})
                  .status == 303);
        CHECK(says(writer.get(page_of(third_friday)), "A walk"));

        Browser guest(lab.house);
        CHECK(guest.get(page_of(third_friday)).status == 404);
        CHECK(leads(guest.get(link), page_of(third)));
        CHECK(leads(guest.get(page_of(third)), page_of(third_friday)));
        CHECK(guest.get(page_of(third_friday)).status == 200);
        CHECK(guest.get(page_of(fourth_friday)).status == 404);
        CHECK(guest.get(page_of(second)).status == 404);
        // A later change may give that date to another gathering: her own address leads there anew.
        lab.house.clock.advance(std::chrono::hours(4));
        CHECK(guest.get(page_of(third_friday)).status == 404);
        CHECK(leads(guest.get(page_of(third)), page_of(third_friday)));
        CHECK(guest.get(page_of(third_friday)).status == 200);
    }
}
