/// For tests of turns: a lab whose gatherings have some, and its people.
#pragma once

#include "app/test_house.hpp"
#include "collective/gatherings/sweep.hpp"
#include "collective/people/person_store.hpp"
#include "platform/hooks/hook_store.hpp"
#include "platform/log.hpp"

#include <algorithm>

#include <doctest/doctest.h>

namespace allot::test::turns {

using auth::Role;
using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;

inline constexpr const char* ada_mail = "ada@example.org";
inline constexpr const char* mia_mail = "mia@example.org";
inline constexpr const char* kim_mail = "kim@example.org";
inline constexpr const char* all_turns = "host,presenter";
inline constexpr const char* journal = "/c/lab/series/journal-club";

inline constexpr store::Statement plan_to_come =
    "INSERT INTO presence (collective_id, series_id, original, who, answer) "
    "VALUES ($1, $2, $3, $4, 'plan')";

inline constexpr store::Statement count_posts =
    "SELECT COUNT(*) FROM hook_delivery WHERE collective_id = $1";

inline bool says(const http::HttpResponse& answer, std::string_view words) {
    return answer.text.find(words) != std::string::npos;
}

inline Moment utc(int month, unsigned day, int hour) {
    return std::chrono::sys_days(std::chrono::year(2027) / month / static_cast<int>(day)) +
           hours(hour);
}

inline gatherings::Wall wall(int month, unsigned day, int hour) {
    return gatherings::Wall(
        std::chrono::floor<std::chrono::seconds>(utc(month, day, hour)).time_since_epoch());
}

/// A lab whose journal club meets each Thursday at 17:00 in London; Ada keeps it, Mia and Kim are
/// members, whose clocks are in Nairobi.
struct Lab {
    explicit Lab(test::EngineKind engine,
                 std::string_view rhythm = "every Thursday at 17:00 London "
                                           "time")
        : house(engine), log(house.clock, [](std::string_view) {}),
          sweep(house.parts, house.site->catalogues(), "https://lab.example", log) {
        const test::Fields fields = {{"title", "Journal club"},
                                     {"rhythm", std::string(rhythm)},
                                     {"minutes", "60"},
                                     {"where", "https://meet.example/lab"},
                                     {"audience", "public"}};
        REQUIRE(ada.send("/c/lab/series/new", "/c/lab/series", fields).status == 303);
        change([&](store::Transaction& transaction) -> Result<void> {
            TRY(const auto lab, people::collective_named(transaction, "lab"));
            collective = lab->id;
            TRY(const auto named,
                gatherings::series_named(transaction, collective, "journal-club"));
            series = named->id;
            gatherings::About about = named->about;
            about.turns = gatherings::turns_in(all_turns);
            return gatherings::save_about(transaction, collective, series, about);
        });
    }

    template <class Change>
    void change(Change&& how) {
        const auto done = house.fresh.store->write(how);
        REQUIRE_MESSAGE(done.has_value(), (done ? "" : done.error().message));
    }
    auth::PersonId id_of(std::string_view mail) {
        auth::PersonId id;
        change([&](store::Transaction& transaction) -> Result<void> {
            TRY(const auto person, people::person_with_mail(transaction, collective, mail));
            id = person->id;
            return {};
        });
        return id;
    }
    void make_host(std::string_view mail) {
        const auto id = id_of(mail);
        change([&](store::Transaction& transaction) {
            return gatherings::add_host(transaction, collective, series, id);
        });
    }
    void comes(std::string_view mail, gatherings::Wall original) {
        const auto id = id_of(mail);
        change([&](store::Transaction& transaction) -> Result<void> {
            TRY_DO(transaction.run(
                plan_to_come,
                {collective, series, std::int64_t{original.time_since_epoch().count()}, id}));
            return {};
        });
    }
    template <class How>
    void change_gathering(gatherings::Wall original, How how) {
        change([&](store::Transaction& transaction) -> Result<void> {
            TRY(auto one, gatherings::gathering_at(transaction, collective, series, original));
            how(one);
            return gatherings::save_gathering(transaction, collective, series, one);
        });
    }
    gatherings::Turn turn(gatherings::Wall original, gatherings::TurnKind kind) {
        gatherings::Turn found;
        change([&](store::Transaction& transaction) -> Result<void> {
            TRY(found, gatherings::turn_at(transaction, collective, series, original, kind));
            return {};
        });
        return found;
    }
    void sweep_at(Moment now) {
        house.clock.set(now);
        const auto swept = sweep.run([] { return Result<void>(); });
        REQUIRE_MESSAGE(swept.has_value(), (swept ? "" : swept.error().message));
    }
    /// What is due is told after a while.
    void sweep_and_tell(Moment now) {
        sweep_at(now);
        sweep_at(now + minutes(3));
    }
    std::vector<mail::Mail> mails(std::string_view to, mail::Kind kind) {
        std::vector<mail::Mail> found;
        change([&](store::Transaction& transaction) -> Result<void> {
            found.clear();
            TRY(const auto all, mail::mail_to(transaction, collective.text(), to));
            for (const mail::Kept& kept : all) {
                if (kept.mail.kind == kind) {
                    found.push_back(kept.mail);
                }
            }
            return {};
        });
        return found;
    }

    void add_chat() {
        change([&](store::Transaction& transaction) -> Result<void> {
            hooks::About chat;
            chat.kind = hooks::Kind::json;
            chat.name = "a chat";
            chat.address = "https://chat.example/hook";
            TRY_DO(hooks::add_hook(transaction, collective.text(), chat, house.clock.now(),
                                   house.entropy));
            return {};
        });
    }
    /// What is on its way to hooks.
    std::int64_t posts() {
        std::int64_t found = 0;
        change([&](store::Transaction& transaction) -> Result<void> {
            TRY(const auto row, transaction.row(count_posts, {collective}));
            found = row->integer(0);
            return {};
        });
        return found;
    }

    test::House house;
    Log log;
    Browser ada = house.begin("lab", ada_mail);
    Browser mia = house.person("lab", mia_mail, Role::member);
    Browser kim = house.person("lab", kim_mail, Role::member);
    auth::CollectiveId collective;
    gatherings::SeriesId series;
    gatherings::Sweep sweep;
};

inline std::string page_of(std::string_view when) {
    return std::string(journal) + "/" + std::string(when);
}

inline unsigned act(Browser& browser, std::string_view when, std::string_view turn,
                    std::string_view what, std::string_view other = "") {
    return browser
        .send(page_of(when), page_of(when) + "/turns",
              {{"turn", std::string(turn)},
               {"act", std::string(what)},
               {"other", std::string(other)}})
        .status;
}

/// The path of the link in a mail.
inline std::string link_in(const mail::Mail& mail) {
    const std::size_t begin = mail.body.find("/c/lab/turn/");
    REQUIRE(begin != std::string::npos);
    return mail.body.substr(begin, mail.body.find('\n', begin) - begin);
}

/// How many of them lead to that gathering.
inline std::int64_t about(std::string_view when, const std::vector<mail::Mail>& mails) {
    return std::ranges::count_if(mails, [&](const mail::Mail& mail) {
        return mail.body.find(page_of(when)) != std::string::npos;
    });
}

inline constexpr const char* second = "20270121T170000";
inline constexpr const char* third = "20270128T170000";
inline const gatherings::Wall second_wall = wall(1, 21, 17);
inline const gatherings::Wall third_wall = wall(1, 28, 17);
inline constexpr auto presenter = gatherings::TurnKind::presenter;
inline constexpr auto host = gatherings::TurnKind::host;

} // namespace allot::test::turns
