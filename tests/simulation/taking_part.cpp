/// Acts of those who take part in gatherings, with and without an account.
#include "platform/mail/kinds.hpp"
#include "tests/simulation/year.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace allot::simulation {

namespace {

constexpr std::array<std::string_view, 2> turns = {"host", "presenter"};
constexpr std::array<std::string_view, 6> turn_acts = {"take", "take",     "take",
                                                       "pass", "stand_by", "stand_back"};

/// "/c/lab/series/journal/20270114T170000" of the row (slug, wall).
[[nodiscard]] std::string path_of(const store::Row& row) {
    const auto wall = std::chrono::sys_seconds(std::chrono::seconds(row.integer(1)));
    const auto day = std::chrono::floor<std::chrono::days>(wall);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss time(wall - day);
    return fmt::format("{}/series/{}/{:04}{:02}{:02}T{:02}{:02}{:02}", home, row.text(0),
                       static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                       static_cast<unsigned>(date.day()), time.hours().count(),
                       time.minutes().count(), time.seconds().count());
}

/// Without what is another in each answer.
[[nodiscard]] std::string without_form_key(std::string page) {
    const std::size_t at = page.find("\"form_key\"");
    return at == std::string::npos ? page : page.erase(at);
}

} // namespace

// -- Turns ---------------------------------------------------------------------------------------

void Year::turn_act(Someone& who) {
    const std::string gathering = any_gathering(who, any_series());
    if (!gathering.empty()) {
        command(who, gathering + "/turns",
                fmt::format(R"({{"turn":"{}","act":"{}","other":""}})",
                            turns[chance_.below(turns.size())],
                            turn_acts[chance_.below(turn_acts.size())]));
    }
}

void Year::turn_asked(Someone& /*any*/) {
    const auto place = hosted_series();
    const std::string gathering = place ? any_gathering(*place->host, place->path) : "";
    if (!gathering.empty()) {
        const bool asks = chance_.below(3) != 0;
        command(*place->host, gathering + "/turns/host",
                fmt::format(R"({{"turn":"{}","act":"{}","person":"{}"}})",
                            asks ? turns[chance_.below(turns.size())] : "host",
                            asks ? "ask" : "run", any_member()));
    }
}

/// Two members take a turn each; one asks the other to swap, who mostly agrees.
void Year::swap_turns(Someone& any) {
    const auto members = rows("SELECT mail FROM person WHERE erased = 0 AND role <> 'guest' ORDER "
                              "BY mail");
    const std::string series = any_series();
    const auto ahead = whens(any, series);
    const std::uint64_t first = chance_.below(members.size());
    const std::uint64_t second = chance_.below(members.size());
    if (first == second || ahead.size() < 2) {
        return;
    }
    Someone* const asks = with_mail(members[first].text(0));
    Someone* const answers = with_mail(members[second].text(0));
    if (asks == nullptr || answers == nullptr) {
        return;
    }
    const auto act = [&](Someone& who, std::size_t at, std::string_view what, std::size_t other) {
        command(
            who, series + "/" + ahead[at] + "/turns",
            fmt::format(R"({{"turn":"presenter","act":"{}","other":"{}"}})", what, ahead[other]));
    };
    act(*asks, 0, "take", 0);
    act(*answers, 1, "take", 1);
    act(*asks, 0, "ask_to_swap", 1);
    const std::uint64_t says = chance_.below(4);
    if (says != 0) {
        act(*answers, 1, says == 1 ? "swap_no" : "swap_yes", 0);
    }
}

/// A question about a turn that waits in the outbox, or came: the link in it needs no account.
void Year::answer_mail(Someone& /*any*/) {
    std::vector<std::string> links;
    for (const auto& [id, mail] : ledger_.entries()) {
        const std::size_t begin = mail.body.find("/c/lab/turn/");
        if (begin != std::string::npos) {
            links.push_back(mail.body.substr(begin, mail.body.find('\n', begin) - begin));
        }
    }
    if (!links.empty()) {
        command(*reader_, links[chance_.below(links.size())],
                chance_.below(3) == 0 ? R"({"answer":"no"})" : R"({"answer":"yes"})");
    }
}

// -- Words ---------------------------------------------------------------------------------------

void Year::add_words(Someone& who) {
    Someone& writer = chance_.below(3) == 0 ? newcomer() : who;
    // Words of a guest are of nobody: an account that goes later knows nothing of them.
    const bool is_known = look(writer, fmt::format("{}/today", home)).status == 200;
    const std::string by = is_known ? writer.mark : "a guest";
    const std::string gathering = any_gathering(writer, any_series());
    if (!gathering.empty()) {
        command(writer, gathering + "/thread",
                fmt::format(R"({{"kind":"{}","words":"{} adds {}","name":"{}"}})",
                            chance_.below(2) == 0 ? "question" : "idea", by, commands_, by));
    }
}

/// A host shows or hides; or who wrote it says it otherwise, or takes it back.
void Year::look_at_words(Someone& /*any*/) {
    const auto found =
        any_of("SELECT s.slug, a.original, a.id, p.mail FROM addition a JOIN series s ON s.id = "
               "a.series_id LEFT JOIN person p ON p.id = a.person_id ORDER BY a.id");
    if (!found) {
        return;
    }
    const std::string path = path_of(*found) + "/thread/" + found->text(2);
    const auto place = hosted_series();
    Someone* const writer = found->is_null(3) ? nullptr : with_mail(found->text(3));
    if (writer != nullptr && chance_.below(2) == 0) {
        command(*writer, path,
                chance_.below(3) == 0
                    ? std::string(R"({"take_back":"yes"})")
                    : fmt::format(R"({{"words":"{} adds {}"}})", writer->mark, commands_));
    } else if (place) {
        command(*place->host, path + "/state",
                chance_.below(3) == 0 ? R"({"state":"hidden"})" : R"({"state":"shown"})");
    }
}

// -- What nobody else sees -----------------------------------------------------------------------

std::string Year::seen_by_others(const Someone& who, const std::string& gathering) {
    const std::string series = gathering.substr(0, gathering.rfind('/'));
    std::string seen;
    for (const std::string& page :
         {gathering, series, series + "/calendar.ics", std::string(home) + "/events.atom"}) {
        seen += without_form_key(look(*reader_, page).text);
    }
    for (const store::Row& row :
         rows("SELECT mail FROM person WHERE erased = 0 AND mail <> $1 ORDER BY mail LIMIT 1",
              {who.mail})) {
        if (Someone* const other = with_mail(row.text(0))) {
            seen += without_form_key(look(*other, gathering).text) +
                    without_form_key(look(*other, series).text);
        }
    }
    return seen;
}

void Year::unseen(const Someone& who, const std::string& gathering,
                  const std::function<void()>& what) {
    constexpr std::uint64_t looked_at_one_in = 2; // it takes long
    if (chance_.below(looked_at_one_in) != 0) {
        what();
        return;
    }
    const std::string before = seen_by_others(who, gathering);
    what();
    const std::string after = seen_by_others(who, gathering);
    if (after != before) {
        constexpr std::size_t shown = 80;
        const auto at =
            static_cast<std::size_t>(std::ranges::mismatch(before, after).in1 - before.begin());
        ledger_.wrong.push_back(fmt::format("what {} did at {} is seen by others: {}", who.mark,
                                            gathering,
                                            after.substr(at - std::min(at, shown), 2 * shown)));
    }
}

void Year::plan_to_come(Someone& who) {
    Someone& one = chance_.below(4) == 0 ? newcomer() : who;
    const std::string gathering = any_gathering(one, any_series());
    if (!gathering.empty()) {
        unseen(one, gathering, [&] {
            command(one, gathering + "/presence",
                    chance_.below(4) == 0 ? R"({"plan":"not"})" : R"({"plan":"plan"})");
        });
    }
}

void Year::subscribe_as_guest(Someone& /*any*/) {
    const std::string series = any_series();
    Someone& guest = newcomer();
    command(guest, series + "/subscribe",
            fmt::format(R"({{"mail":"{}","zone":"Africa/Nairobi","invited":"{}"}})", guest.mail,
                        chance_.below(2) == 0 ? "yes" : ""));
    const std::string link = link_mailed_to(guest.mail, "/c/lab/subscribe/");
    const std::string gathering = any_gathering(guest, series);
    if (link.empty() || gathering.empty() || chance_.below(4) == 0) {
        return; // nothing was written, or she does not say yes
    }
    const std::string slug = series.substr(series.rfind('/') + 1);
    for (const store::Row& row : rows("SELECT id FROM series WHERE slug = $1", {slug})) {
        ledger_.reader(guest.mail).followed.insert(row.text(0));
    }
    unseen(guest, gathering, [&] { command(guest, link, "{}"); });
}

void Year::subscribe_or_end(Someone& who) {
    const auto found = any_of("SELECT slug, id FROM series ORDER BY slug");
    if (!found) {
        return;
    }
    const std::string series = fmt::format("{}/series/{}", home, found->text(0));
    const std::string gathering = any_gathering(who, series);
    auto& followed = ledger_.reader(who.mail).followed;
    const bool begins = chance_.below(3) != 0;
    if (begins) {
        followed.insert(found->text(1));
    }
    const auto act = [&] {
        const unsigned status =
            command(who, series + (begins ? "/subscribe" : "/unsubscribe"),
                    begins && chance_.below(2) == 0 ? R"({"invited":"yes"})" : R"({"invited":""})");
        if (!begins && status == 200) {
            followed.erase(found->text(1));
        }
    };
    gathering.empty() ? act() : unseen(who, gathering, act);
}

// -- Mail ----------------------------------------------------------------------------------------

void Year::mail_settings(Someone& who) {
    Reader& reader = ledger_.reader(who.mail);
    const bool weekly = chance_.below(2) == 0;
    const bool reminders = chance_.below(3) != 0;
    reader.weekly = reader.weekly || weekly;
    reader.reminders = reader.reminders || reminders;
    const unsigned status =
        command(who, fmt::format("{}/settings/mail", home),
                fmt::format(R"({{"digest":"{}","reminders":"{}"}})", weekly ? "weekly" : "none",
                            reminders ? "yes" : ""));
    if (status == 200) {
        reader.weekly = weekly;
        reader.reminders = reminders;
    }
}

/// As a mail program does it, without a cookie.
void Year::end_by_mail(Someone& /*any*/) {
    if (ways_to_end_.empty()) {
        return;
    }
    const auto& [path, mail] = ways_to_end_[chance_.below(ways_to_end_.size())];
    test::Browser program(*house_);
    const auto answer = insist(*reader_, [&] {
        program.turn_to(*house_);
        return program.post(path, {{"List-Unsubscribe", "One-Click"}});
    });
    heard(path);
    if (answer.status != 200) {
        ledger_.wrong.push_back(fmt::format("{} does not end a stream: {}", path, answer.status));
        return;
    }
    ++done_;
    Reader& reader = ledger_.reader(mail.recipient);
    const auto kind = mail::kind_named(mail.kind);
    if (!mail.topic.empty()) {
        reader.followed.erase(mail.topic);
    } else if (kind && mail::rule_of(*kind).stream == mail::Stream::digest) {
        reader.weekly = false;
    } else {
        reader.reminders = false;
    }
}

/// Her address does not work any more; or does again.
void Year::lose_a_box(Someone& who) {
    if (postman_.gone.erase(who.mail) == 0) {
        postman_.gone.insert(who.mail);
    }
}

} // namespace allot::simulation
