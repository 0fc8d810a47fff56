#include "tests/simulation/year.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace allot::simulation {

namespace {

constexpr int patience = 60; ///< tries of one command; each fails with a chance of about a tenth
constexpr std::uint64_t most_hours = 6 * 24; ///< between two looks of the server

[[nodiscard]] bool is_signed_out(const http::HttpResponse& answer) {
    return answer.status == 401;
}

} // namespace

Someone::Someone(test::House& house, int number)
    : mark(fmt::format("kestrel{}x", number)), mail(mark + "@example.org"), browser(house) {
    browser.peer = fmt::format("198.51.{}.{}", number / 250, number % 250 + 1);
}

const std::vector<Year::Act> Year::acts = {
    {"come by a link", &Year::come_by_link, 8},
    {"come by asking", &Year::come_by_asking, 4},
    {"ask to join", &Year::ask_to_join, 6},
    {"answer a request", &Year::answer_request, 10},
    {"open a circle", &Year::open_circle, 3},
    {"open a draft", &Year::open_draft, 2},
    {"rest in a circle", &Year::rest_in_circle, 3},
    {"rest or return", &Year::rest_or_return, 4},
    {"leave", &Year::leave, 3},
    {"make a host", &Year::make_host, 4},
    {"hand over", &Year::hand_over, 3},
    {"say still", &Year::say_still, 2},
    {"split", &Year::split, 2},
    {"end", &Year::end, 1},
    {"change a role", &Year::change_role, 4},
    {"write about herself", &Year::write_about_herself, 4},
    {"ask for a link", &Year::ask_for_link_only, 2},
    {"erase", &Year::erase, 4},
    {"begin a series", &Year::begin_series, 4},
    {"move a gathering", &Year::move_gathering, 6},
    {"skip or restore", &Year::skip_or_restore, 4},
    {"change a rhythm", &Year::change_rhythm, 2},
    {"end or renew", &Year::end_or_renew, 4},
    {"hosts of a series", &Year::series_hosts, 6},
    {"come as a host", &Year::come_as_host, 3},
    {"write up", &Year::write_up, 3},
    {"take or pass a turn", &Year::turn_act, 10},
    {"ask for a turn", &Year::turn_asked, 4},
    {"swap turns", &Year::swap_turns, 6},
    {"answer a mail", &Year::answer_mail, 6},
    {"add words", &Year::add_words, 8},
    {"look at words", &Year::look_at_words, 4},
    {"plan to come", &Year::plan_to_come, 10},
    {"subscribe as a guest", &Year::subscribe_as_guest, 5},
    {"subscribe or end", &Year::subscribe_or_end, 5},
    {"mail settings", &Year::mail_settings, 5},
    {"end by mail", &Year::end_by_mail, 4},
    {"lose a box", &Year::lose_a_box, 2},
};

std::string_view Year::step() {
    house_->clock.advance(std::chrono::hours(1 + chance_.below(most_hours)));
    stir();
    keep_house();
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
    const int before = done_;
    heard(act->name);
    (this->*act->happens)(anybody());
    happened_[act->name] += done_ > before ? 1 : 0;
    keep_house();
    mend();
    calm();
    return act->name;
}

store::Rows Year::rows(store::Statement statement, std::initializer_list<store::Bound> given) {
    for (int k = 0;; ++k) {
        auto found = house_->fresh.store->read(
            [&](store::Transaction& transaction) { return transaction.rows(statement, given); });
        if (found) {
            return *std::move(found);
        }
        ALLOT_CHECK(k < patience, "a database in some trouble can be read");
        mend();
    }
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

/// The path in the newest mail to that address; empty where no mail has one that begins so.
std::string Year::link_mailed_to(std::string_view mail, std::string_view begins) {
    for (const store::Row& row :
         rows("SELECT body FROM mail WHERE recipient = $1 ORDER BY written_at DESC, id", {mail})) {
        const std::string body = row.text(0);
        const std::size_t begin = body.find(begins);
        if (begin != std::string::npos) {
            return body.substr(begin, body.find('\n', begin) - begin);
        }
    }
    return {};
}

/// A link that was used and whose answer was lost is asked for anew. False: too often in an hour.
bool Year::sign_in(Someone& who) {
    constexpr int tries = 4;
    for (int k = 0; k < tries; ++k) {
        const auto asked =
            who.browser.send("/sign-in", "/sign-in", {{"mail", who.mail}, {"next", "/"}});
        if (asked.status == 503 || asked.status == 403) {
            mend();
            continue; // 403: the page with the form was not there either
        }
        const std::string link = link_mailed_to(who.mail, "/sign-in/");
        ledger_.may_work_again(who.mail);
        if (!link.empty() && who.browser.send(link, link, {}).status == 303) {
            return true;
        }
        mend();
    }
    return false;
}

http::HttpResponse Year::insist(Someone& who, const std::function<http::HttpResponse()>& ask) {
    http::HttpResponse answer;
    for (int k = 0; k < patience; ++k) {
        answer = ask();
        if (is_signed_out(answer) && sign_in(who)) {
            continue;
        }
        if (answer.status != 503) {
            break;
        }
        mend();
    }
    if (answer.shared) {
        answer.text = answer.shared->plain;
    }
    heard(answer.text);
    return answer;
}

http::HttpResponse Year::look(Someone& who, std::string_view target) {
    auto answer =
        insist(who, [&] { return who.browser.get(target, {{"accept", "application/json"}}); });
    if (answer.status >= 500) {
        broken_.push_back(answer.status);
    }
    return answer;
}

unsigned Year::command(Someone& who, std::string_view to, std::string_view fields) {
    const std::string key = fmt::format("command {}", ++commands_);
    unsigned status = 503;
    for (int k = 0; k < patience && status == 503; ++k) {
        const auto answer =
            who.browser.post_json(to, std::string(fields), {{"idempotency-key", key}});
        status = answer.status;
        if (is_signed_out(answer) && k == 0) {
            status = sign_in(who) ? 503 : status;
        } else if (status == 503) {
            mend();
        }
    }
    if (status >= 500) {
        broken_.push_back(status);
    }
    heard(fmt::format("{} {} {}", to, fields, status));
    done_ += status == 200 ? 1 : 0;
    return status;
}

} // namespace allot::simulation
