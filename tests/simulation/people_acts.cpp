#include "tests/simulation/year.hpp"

#include <fmt/format.h>

/// Acts of people: circles, oneself, the collective.
namespace allot::simulation {

// -- Circles -------------------------------------------------------------------------------------

std::string Year::any_circle() {
    const auto found = any_of("SELECT slug FROM circle ORDER BY slug");
    return fmt::format("{}/circles/{}", home, found ? found->text(0) : "none");
}

std::optional<Year::Place> Year::hosted_circle() {
    const auto found =
        any_of("SELECT c.slug, p.mail FROM circle c JOIN circle_part h ON h.circle_id = c.id JOIN "
               "person p ON p.id = h.person_id WHERE c.state = 'open' AND h.part = 'host' ORDER BY "
               "c.slug, p.mail");
    Someone* const host = found ? with_mail(found->text(1)) : nullptr;
    if (host == nullptr) {
        return std::nullopt;
    }
    return Place{fmt::format("{}/circles/{}", home, found->text(0)), host};
}

std::string Year::member_of(const Place& place) {
    const std::string slug = place.path.substr(place.path.rfind('/') + 1);
    std::vector<std::string> ids;
    for (const store::Row& row : rows("SELECT c.slug, m.person_id FROM circle c JOIN circle_part m "
                                      "ON m.circle_id = c.id ORDER BY m.person_id")) {
        if (row.text(0) == slug) {
            ids.push_back(row.text(1));
        }
    }
    return ids.empty() ? std::string() : ids[chance_.below(ids.size())];
}

void Year::open_circle(Someone& who) {
    const std::string name = fmt::format("Circle {}", commands_);
    const unsigned status =
        command(who, fmt::format("{}/circles", home),
                fmt::format(R"({{"name":"{}","kind":"lab","issue":"What is it?",)"
                            R"("way_quarter":"Look."}})",
                            name));
    if (status == 200) {
        kept_names_.push_back(name);
    }
}

void Year::open_draft(Someone& who) {
    command(who, fmt::format("{}/circles", home),
            fmt::format(R"({{"name":"Draft {}","kind":"lab","issue":"Not yet."}})", commands_));
}

void Year::come_by_link(Someone& /*any*/) {
    const auto place = hosted_circle();
    if (!place) {
        return;
    }
    const auto made = insist(*place->host, [&] {
        return place->host->browser.post_json(place->path + "/invitation", "{}");
    });
    const std::size_t begin = made.text.find("/join/");
    if (begin == std::string::npos) {
        return;
    }
    const std::string join =
        std::string(home) + made.text.substr(begin, made.text.find('"', begin) - begin);
    Someone& who = newcomer();
    if (sign_in(who)) {
        command(who, join, fmt::format(R"({{"name":"{}","zone":"Africa/Nairobi"}})", who.mark));
    }
}

void Year::come_by_asking(Someone& /*any*/) {
    const std::string circle = any_circle();
    Someone& who = newcomer();
    if (sign_in(who)) {
        command(
            who, circle + "/request",
            fmt::format(R"({{"name":"{0}","zone":"Europe/London","words":"{0} asks"}})", who.mark));
    }
}

void Year::ask_to_join(Someone& who) {
    command(who, any_circle() + "/request",
            fmt::format(R"({{"name":"{0}","zone":"Europe/London","words":"{0} asks"}})", who.mark));
}

void Year::answer_request(Someone& /*any*/) {
    const auto found =
        any_of("SELECT c.slug, r.id, p.mail FROM circle_request r JOIN circle c ON c.id = "
               "r.circle_id JOIN "
               "circle_part h ON h.circle_id = c.id AND h.part = 'host' JOIN person p ON p.id = "
               "h.person_id ORDER BY r.id, p.mail");
    Someone* const host = found ? with_mail(found->text(2)) : nullptr;
    if (host != nullptr) {
        command(
            *host,
            fmt::format("{}/circles/{}/requests/{}/answer", home, found->text(0), found->text(1)),
            chance_.below(3) == 0 ? R"({"answer":"not_now"})" : R"({"answer":"welcome"})");
    }
}

void Year::rest_in_circle(Someone& who) {
    command(who, any_circle() + "/rest",
            chance_.below(2) == 0 ? R"({"resting":"yes"})" : R"({"resting":""})");
}

void Year::leave(Someone& who) {
    command(who, any_circle() + "/leave", "{}");
}

void Year::make_host(Someone& /*any*/) {
    if (const auto place = hosted_circle()) {
        command(*place->host, place->path + "/hosts",
                fmt::format(R"({{"person":"{}"}})", member_of(*place)));
    }
}

void Year::hand_over(Someone& /*any*/) {
    if (const auto place = hosted_circle()) {
        command(*place->host, place->path + "/hand-over",
                fmt::format(R"({{"person":"{}"}})", member_of(*place)));
    }
}

void Year::say_still(Someone& /*any*/) {
    if (const auto place = hosted_circle()) {
        command(*place->host, place->path + "/still", "{}");
    }
}

void Year::split(Someone& /*any*/) {
    if (const auto place = hosted_circle()) {
        command(*place->host, place->path + "/split",
                fmt::format(R"({{"name":"Second {}"}})", commands_));
    }
}

void Year::end(Someone& /*any*/) {
    if (const auto place = hosted_circle()) {
        command(*place->host, place->path + "/end", "{}");
    }
}

// -- Oneself, and the collective -----------------------------------------------------------------

void Year::rest_or_return(Someone& who) {
    command(who, fmt::format("{}/settings/rest", home),
            chance_.below(2) == 0 ? R"({"resting":"yes"})" : R"({"resting":""})");
}

void Year::write_about_herself(Someone& who) {
    command(
        who, fmt::format("{}/settings", home),
        fmt::format(R"({{"name":"{0}","zone":"Africa/Nairobi","own_words":"{0} looks at roots",)"
                    R"("said":"{0}","how_i_work":"{0} in writing","languages":"{0}",)"
                    R"("access_needs":"{0} needs time"}})",
                    who.mark));
}

void Year::change_role(Someone& /*any*/) {
    const auto steward = any_of("SELECT mail FROM person WHERE role = 'steward' AND erased = 0 "
                                "ORDER BY mail");
    const auto person = any_of("SELECT id FROM person WHERE erased = 0 ORDER BY id");
    Someone* const who = steward ? with_mail(steward->text(0)) : nullptr;
    if (who != nullptr && person) {
        command(*who, fmt::format("{}/people/{}/role", home, person->text(0)),
                chance_.below(2) == 0 ? R"({"role":"steward"})" : R"({"role":"member"})");
    }
}

void Year::ask_for_link_only(Someone& who) {
    who.browser.send("/sign-in", "/sign-in", {{"mail", who.mail}, {"next", "/"}});
    mend();
}

/// Not the last one: then nobody is left to whom anything could be promised.
void Year::erase(Someone& who) {
    if (rows("SELECT id FROM person WHERE erased = 0 AND role <> 'guest'").size() == 1) {
        return;
    }
    const auto is_here = [&] {
        return !rows("SELECT id FROM person WHERE mail = $1", {who.mail}).empty();
    };
    // Who asks again, as the answer was lost, is not known any more.
    const bool was_here = is_here();
    const bool answered = command(who, fmt::format("{}/erase", home), "{}") == 200;
    who.erased = answered || (was_here && !is_here());
    ledger_.reader(who.mail).erased = who.erased;
}

} // namespace allot::simulation
