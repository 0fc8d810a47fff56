/// A collective of tests of mail about gatherings, and how to read what it wrote.
#pragma once

#include "app/rooms.hpp"
#include "app/test_house.hpp"
#include "collective/gatherings/announcements.hpp"
#include "collective/gatherings/mail_work.hpp"
#include "collective/gatherings/replies.hpp"
#include "collective/gatherings/subscribers.hpp"
#include "collective/gatherings/sweep.hpp"
#include "collective/people/person_store.hpp"
#include "platform/mail/letter.hpp"
#include "platform/mail/sender.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

namespace allot::test {

inline constexpr const char* series_path = "/c/lab/series/journal-club";
inline constexpr const char* form_path = "/c/lab/series/journal-club/subscribe";
/// The first gathering of `Lab`.
inline constexpr std::string_view first = "20270114T170000";

/// The second and the third.
inline constexpr std::string_view second = "20270121T170000";
inline constexpr std::string_view third = "20270128T170000";

/// Of a gathering, or below it: "/change".
inline std::string page_of(std::string_view when, std::string_view rest = {}) {
    return std::string(series_path) + "/" + std::string(when) + std::string(rest);
}

inline bool says(std::string_view text, std::string_view words) {
    return text.find(words) != std::string_view::npos;
}

inline std::int64_t count_in(std::string_view text, std::string_view words) {
    std::int64_t n = 0;
    for (std::size_t at = text.find(words); at != std::string_view::npos;
         at = text.find(words, at + 1)) {
        ++n;
    }
    return n;
}

/// A collective whose journal club meets every Thursday at 17:00 in London.
struct Lab {
    explicit Lab(EngineKind engine)
        : house(engine), log(house.clock, [this](std::string_view line) { logged += line; }),
          ada(house.begin("lab", "ada@example.org")),
          sweep(house.parts, house.site->catalogues(), "https://lab.example", log),
          mail_work(house.parts, house.site->catalogues(), "https://lab.example", log) {
        const auto begun = ada.send("/c/lab/series/new", "/c/lab/series",
                                    {{"title", "Journal club"},
                                     {"rhythm", "every Thursday at 17:00 London time"},
                                     {"minutes", "60"},
                                     {"where", "https://meet.example/lab"},
                                     {"audience", "public"}});
        REQUIRE(begun.status == 303);
        const auto found = house.fresh.store->read([](store::Transaction& transaction) {
            return people::collective_named(transaction, "lab");
        });
        REQUIRE(found.has_value());
        collective = **found;
    }

    /// A circle at /c/lab/circles/moths, whose host is Ada.
    void open_moths() {
        const auto opened = ada.send(
            "/c/lab/circles/new", "/c/lab/circles",
            {{"name", "Moths"}, {"kind", "lab"}, {"issue", "Light"}, {"way_quarter", "Look up"}});
        REQUIRE(opened.status == 303);
    }

    /// The newest first.
    std::vector<mail::Mail> mails_to(std::string_view address) {
        const auto kept = house.fresh.store->read([&](store::Transaction& transaction) {
            return mail::mail_to(transaction, collective.id.text(), address);
        });
        REQUIRE(kept.has_value());
        std::vector<mail::Mail> mails;
        for (const mail::Kept& one : *kept) {
            mails.push_back(one.mail);
        }
        return mails;
    }
    std::vector<mail::Mail> mails_of(std::string_view address, mail::Kind kind) {
        auto mails = mails_to(address);
        std::erase_if(mails, [&](const mail::Mail& one) { return one.kind != kind; });
        return mails;
    }

    /// The path of the link in the newest question to that address.
    std::string yes_link(std::string_view address) {
        const auto asked = mails_of(address, mail::Kind::confirm);
        REQUIRE(!asked.empty());
        const std::size_t at = asked.front().body.find("/c/lab/subscribe/");
        REQUIRE(at != std::string::npos);
        return asked.front().body.substr(at, asked.front().body.find('\n', at) - at);
    }
    /// A guest who asks, and says yes.
    void subscribe(std::string_view address, bool invited = false) {
        Browser guest(house);
        Fields fields = {{"mail", std::string(address)}, {"zone", "Africa/Nairobi"}};
        if (invited) {
            fields.emplace_back("invited", "yes");
        }
        REQUIRE(guest.send(form_path, form_path, fields).status == 303);
        const std::string link = yes_link(address);
        REQUIRE(guest.send(link, link, {}).status == 303);
    }

    /// What is due of mail, by a process that has just begun.
    void work() {
        const auto done = mail_work.run([] { return Result<void>(); });
        CAPTURE(done ? "" : done.error().message);
        REQUIRE(done.has_value());
    }
    /// What is told is told when it has lasted for a while.
    void sweep_and_tell() {
        for (int k = 0; k < 2; ++k) {
            const auto done = sweep.run([] { return Result<void>(); });
            CAPTURE(done ? "" : done.error().message);
            REQUIRE(done.has_value());
            house.clock.advance(std::chrono::minutes(3));
        }
    }
    void change(const std::function<Result<void>(store::Transaction&, const gatherings::Teller&,
                                                 const gatherings::Series&)>& what) {
        const auto words = app::all_words();
        REQUIRE(words.has_value());
        const gatherings::Teller teller{.house = house.parts,
                                        .words = *words,
                                        .origin = "https://lab.example",
                                        .collective = collective,
                                        .now = house.clock.now()};
        const auto done = house.fresh.store->write(
            [&](store::Transaction& transaction) { return of_series(transaction, teller, what); });
        CAPTURE(done ? "" : done.error().message);
        REQUIRE(done.has_value());
    }
    void tell(const gatherings::SeriesNews& news) {
        change([&](store::Transaction& transaction, const gatherings::Teller& teller,
                   const gatherings::Series& series) -> Result<void> {
            TRY(const auto plan, gatherings::plan_of(transaction, collective.id, series));
            gatherings::ZoneBook zones(house.parts.zones);
            return gatherings::tell_subscribers(transaction, teller, plan, zones, news);
        });
    }
    void save(const gatherings::Gathering& gathering) {
        change([&](store::Transaction& transaction, const gatherings::Teller&,
                   const gatherings::Series& series) {
            return gatherings::save_gathering(transaction, collective.id, series.id, gathering);
        });
    }
    gatherings::Taken take(const std::string& bytes) {
        const auto read = mail::read_inbound(bytes);
        REQUIRE(std::holds_alternative<mail::Reply>(read));
        const auto taken = house.fresh.store->write([&](store::Transaction& transaction) {
            return gatherings::take_reply(transaction, house.zones, std::get<mail::Reply>(read),
                                          house.clock.now(), house.entropy);
        });
        REQUIRE(taken.has_value());
        return *taken;
    }
    /// Subscribes a guest, who is told about the first gathering: the header "To" of her answer.
    std::string thread_of(std::string_view address) {
        subscribe(address);
        const auto when = gatherings::when_named(first);
        REQUIRE(when.has_value());
        save({.original = *when, .moved = *when + std::chrono::days(1)});
        tell({.kind = gatherings::NewsKind::moved, .original = *when});
        const auto mails = mails_of(address, mail::Kind::change);
        REQUIRE(!mails.empty());
        return "To: " + mail::address_with_tag("post@lab.example", mails.front().answer_tag) +
               "\r\n";
    }
    /// Of all threads.
    std::vector<std::string> words_there() {
        const auto rows = house.fresh.store->read([&](store::Transaction& transaction) {
            return transaction.rows("SELECT words FROM addition WHERE collective_id = $1 "
                                    "ORDER BY number, id",
                                    {collective.id});
        });
        REQUIRE(rows.has_value());
        std::vector<std::string> all;
        for (const store::Row& row : *rows) {
            all.push_back(row.text(0));
        }
        return all;
    }
    /// Who said what about a gathering: "m:hash plan".
    std::vector<std::string> presence(gatherings::Wall original) {
        const auto rows = house.fresh.store->read([&](store::Transaction& transaction) {
            return transaction.rows("SELECT who, answer FROM presence WHERE collective_id = $1 "
                                    "AND original = $2 ORDER BY who",
                                    {collective.id, original.time_since_epoch().count()});
        });
        REQUIRE(rows.has_value());
        std::vector<std::string> all;
        for (const store::Row& row : *rows) {
            all.push_back(row.text(0) + " " + row.text(1));
        }
        return all;
    }

    House house;
    std::string logged; ///< by the work
    Log log;
    Browser ada;
    auth::Collective collective;
    gatherings::Sweep sweep;
    gatherings::MailWork mail_work;

  private:
    Result<void>
    of_series(store::Transaction& transaction, const gatherings::Teller& teller,
              const std::function<Result<void>(store::Transaction&, const gatherings::Teller&,
                                               const gatherings::Series&)>& what) {
        TRY(const auto series,
            gatherings::series_named(transaction, collective.id, "journal-club"));
        return what(transaction, teller, *series);
    }
};

/// Its host moves a gathering.
inline void move_one(Lab& lab, std::string_view when, std::string_view date,
                     std::string_view time) {
    REQUIRE(lab.ada
                .send(page_of(when, "/change"), page_of(when, "/move"),
                      {{"date", std::string(date)},
                       {"time", std::string(time)},
                       {"minutes", "60"},
                       {"why", "the hall is taken"}})
                .status == 303);
}

inline gatherings::Wall wall(std::string_view name) {
    const auto when = gatherings::when_named(name);
    REQUIRE(when.has_value());
    return *when;
}

/// A mail from a calendar, as programs that people have write it.
inline std::string answer(std::string_view from, std::string_view tag, std::string_view lines) {
    return "From: " + std::string(from) +
           "\r\nTo: " + mail::address_with_tag("post@lab.example", tag) +
           "\r\nSubject: Accepted\r\nMIME-Version: 1.0\r\n"
           "Content-Type: multipart/alternative; boundary=X\r\n\r\n"
           "--X\r\nContent-Type: text/plain\r\n\r\nMia has accepted.\r\n"
           "--X\r\nContent-Type: text/calendar; charset=utf-8; method=REPLY\r\n\r\n"
           "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:REPLY\r\nBEGIN:VEVENT\r\n" +
           std::string(lines) + "END:VEVENT\r\nEND:VCALENDAR\r\n--X--\r\n";
}

/// The text of a calendar with long lines as they were.
inline std::string unfolded(const mail::Mail& mail) {
    std::string text = mail.calendar ? mail.calendar->text : std::string();
    for (std::size_t at = text.find("\r\n "); at != std::string::npos;
         at = text.find("\r\n ", at)) {
        text.erase(at, 3);
    }
    return text;
}

/// The value of a line of a calendar.
inline std::string value_in(std::string_view calendar, std::string_view name) {
    const std::string start = "\n" + std::string(name) + ":";
    const std::size_t at = calendar.find(start);
    return at == std::string_view::npos
               ? std::string()
               : std::string(calendar.substr(at + start.size(),
                                             calendar.find('\r', at) - at - start.size()));
}

} // namespace allot::test
