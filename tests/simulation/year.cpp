#include "tests/simulation/year.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace allot::simulation {

namespace {

constexpr int again_percent = 10;
constexpr int lost_percent = 2;
constexpr int patience = 60; ///< tries of one command; each fails with a chance of about a tenth
constexpr std::uint64_t most_hours = 12 * 24; ///< between two steps

[[nodiscard]] bool is_signed_out(const http::HttpResponse& answer) {
    return answer.status == 401;
}

} // namespace

Someone::Someone(test::House& house, int number)
    : mark(fmt::format("kestrel{}x", number)), mail(mark + "@example.org"), browser(house) {
    browser.peer = fmt::format("198.51.{}.{}", number / 250, number % 250 + 1);
}

Year::Year(test::EngineKind engine, std::uint64_t seed)
    : chance_(seed),
      house_(std::make_unique<test::House>(
          engine, test::Trouble{.seed = seed, .again = again_percent, .lost = lost_percent})) {
    auto& first = *people_.emplace_back(std::make_unique<Someone>(*house_, 0));
    first.browser = house_->begin("lab", first.mail);
    *house_->fresh.in_trouble = true;
    open_circle(first);
}

const std::vector<Year::Act> Year::acts = {
    {"come by a link", &Year::come_by_link, 8},
    {"come by asking", &Year::come_by_asking, 6},
    {"ask to join", &Year::ask_to_join, 8},
    {"answer a request", &Year::answer_request, 12},
    {"open a circle", &Year::open_circle, 4},
    {"open a draft", &Year::open_draft, 3},
    {"rest in a circle", &Year::rest_in_circle, 5},
    {"rest or return", &Year::rest_or_return, 4},
    {"leave", &Year::leave, 5},
    {"make a host", &Year::make_host, 5},
    {"hand over", &Year::hand_over, 4},
    {"say still", &Year::say_still, 3},
    {"split", &Year::split, 2},
    {"end", &Year::end, 2},
    {"change a role", &Year::change_role, 4},
    {"write about herself", &Year::write_about_herself, 6},
    {"ask for a link", &Year::ask_for_link_only, 2},
    {"erase", &Year::erase, 3},
};

std::string_view Year::step() {
    house_->clock.advance(std::chrono::hours(1 + chance_.below(most_hours)));
    std::uint64_t all = 0;
    for (const Act& act : acts) {
        all += act.weight;
    }
    std::uint64_t at = chance_.below(all);
    const auto* act = acts.data();
    for (; at >= act->weight; ++act) {
        at -= act->weight;
    }
    (this->*act->happens)(anybody());
    return act->name;
}

store::Rows Year::rows(store::Statement statement) {
    auto found = house_->fresh.store->read(
        [&](store::Transaction& transaction) { return transaction.rows(statement); });
    ALLOT_CHECK(found.has_value(), "a database in some trouble can be read");
    return *std::move(found);
}

std::optional<store::Row> Year::any_of(store::Statement statement) {
    const store::Rows all = rows(statement);
    if (all.empty()) {
        return std::nullopt;
    }
    return all[chance_.below(all.size())];
}

// -- People and their browsers -------------------------------------------------------------------

Someone& Year::newcomer() {
    const auto number = static_cast<int>(people_.size());
    return *people_.emplace_back(std::make_unique<Someone>(*house_, number));
}

Someone& Year::anybody() {
    std::vector<Someone*> here;
    for (const auto& one : people_) {
        if (!one->erased) {
            here.push_back(one.get());
        }
    }
    return here.empty() ? newcomer() : *here[chance_.below(here.size())];
}

Someone* Year::with_mail(std::string_view mail) {
    const auto found = std::ranges::find(people_, mail, [](const auto& one) { return one->mail; });
    return found == people_.end() ? nullptr : found->get();
}

/// A link that was used and whose answer was lost is asked for anew. False: too often in an hour.
bool Year::sign_in(Someone& who) {
    constexpr int tries = 4;
    for (int k = 0; k < tries; ++k) {
        const auto asked =
            who.browser.send("/sign-in", "/sign-in", {{"mail", who.mail}, {"next", "/"}});
        if (asked.status == 503 || asked.status == 403) {
            continue; // 403: the page with the form was not there either
        }
        const std::string link = house_->link_mailed_to(who.mail);
        if (who.browser.send(link, link, {}).status == 303) {
            return true;
        }
    }
    return false;
}

http::HttpResponse Year::look(Someone& who, std::string_view target) {
    http::HttpResponse answer;
    for (int k = 0; k < patience; ++k) {
        answer = who.browser.get(target, {{"accept", "application/json"}});
        if (is_signed_out(answer) && sign_in(who)) {
            continue;
        }
        if (answer.status != 503) {
            break;
        }
    }
    return answer;
}

unsigned Year::command(Someone& who, std::string_view to, std::string_view fields) {
    const std::string key = fmt::format("command {}", ++commands_);
    unsigned status = 503;
    for (int k = 0; k < patience && status == 503; ++k) {
        const auto answer =
            who.browser.post_json(to, std::string(fields), {{"idempotency-key", key}});
        status = is_signed_out(answer) && k == 0 && sign_in(who) ? 503 : answer.status;
    }
    if (status >= 500) {
        broken_.push_back(status);
    }
    done_ += status == 200 ? 1 : 0;
    return status;
}

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
    return ids[chance_.below(ids.size())];
}

void Year::open_circle(Someone& who) {
    command(who, fmt::format("{}/circles", home),
            fmt::format(R"({{"name":"Circle {}","kind":"lab","issue":"What is it?",)"
                        R"("way_quarter":"Look."}})",
                        commands_));
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
    http::HttpResponse made;
    for (int k = 0; k < patience && made.status != 200; ++k) {
        made = place->host->browser.post_json(place->path + "/invitation", "{}");
        if (is_signed_out(made) && !sign_in(*place->host)) {
            return;
        }
    }
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
}

/// Not the last one: then nobody is left to whom anything could be promised.
void Year::erase(Someone& who) {
    if (rows("SELECT id FROM person WHERE erased = 0 AND role <> 'guest'").size() == 1) {
        return;
    }
    who.erased = command(who, fmt::format("{}/erase", home), "{}") == 200;
}

} // namespace allot::simulation
