#include "tests/simulation/household.hpp"

#include "app/serve_jobs.hpp"

namespace allot::simulation {

namespace {

/// Rounds at one moment: each takes sixteen jobs at most.
constexpr int most_rounds = 20;

[[nodiscard]] bool run_all(jobs::Runner& runner) {
    for (int k = 0; k < most_rounds; ++k) {
        const auto worked = runner.run_due({});
        if (!worked || !*worked) {
            return worked.has_value();
        }
    }
    return true;
}

[[nodiscard]] std::string message_id_in(std::string_view letter) {
    constexpr std::string_view name = "Message-Id:";
    const std::size_t begin = letter.find('<', letter.find(name));
    const std::size_t end = letter.find('>', begin);
    ALLOT_CHECK(end != std::string_view::npos, "each letter has a Message-ID");
    return std::string(letter.substr(begin, end + 1 - begin));
}

} // namespace

mail::Fate Postman::fate_of(std::string_view to) {
    const auto percent = chance_.below(100);
    if (is_away) {
        return mail::Fate::failed;
    }
    if (gone.contains(to) || percent < 2) {
        return mail::Fate::no_such_address;
    }
    if (percent < 4) {
        return mail::Fate::rejected;
    }
    if (percent < 12) {
        return mail::Fate::failed;
    }
    return percent < 18 ? mail::Fate::unsure : mail::Fate::accepted;
}

mail::Delivery Postman::carry(std::string_view /*from*/, std::string_view to,
                              std::string_view letter, const std::function<void()>& pulse) {
    pulse();
    const mail::Fate fate = fate_of(to);
    tell_(std::string(to), message_id_in(letter), letter, fate);
    return {.fate = fate, .words = fate == mail::Fate::accepted ? "" : "the postman has a bad day"};
}

Household::Household(test::House& house, mail::Carrier& carrier)
    : log_(house.clock, [](std::string_view) {}),
      sweep_(house.parts, house.site->catalogues(), std::string(origin), log_),
      gatherings_mail_(house.parts, house.site->catalogues(), std::string(origin), log_),
      sender_(house.parts.store, house.parts.directory, nights_, house.clock, carrier,
              {.from = house.parts.mail_from,
               .origin = std::string(origin),
               .signing_key = house.parts.signing_key}),
      runner_(house.parts.store, house.clock, house.entropy, log_,
              app::house_work(house.parts, sweep_, gatherings_mail_)),
      mail_(house.parts.store, house.clock, house.entropy, log_, {app::mail_work(sender_)}) {}

bool Household::look_after() {
    is_prepared_ = is_prepared_ || runner_.prepare().has_value();
    return is_prepared_ && run_all(runner_);
}

bool Household::send_mail() {
    return run_all(mail_);
}

} // namespace allot::simulation
