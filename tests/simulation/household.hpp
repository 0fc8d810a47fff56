/// What the server of a year does by itself, with the works of `allotment serve` and the clock of
/// the year; and who takes its mail away.
#pragma once

#include "app/nights.hpp"
#include "app/test_house.hpp"
#include "base/random.hpp"
#include "collective/gatherings/mail_work.hpp"
#include "collective/gatherings/sweep.hpp"
#include "platform/jobs/runner.hpp"
#include "platform/log.hpp"
#include "platform/mail/carrier.hpp"
#include "platform/mail/sender.hpp"

#include <functional>
#include <set>
#include <string>
#include <string_view>

namespace allot::simulation {

inline constexpr std::string_view origin = "https://lab.example";

/// Takes letters away, and fails by chance: the server says "later" or "never", or the line is gone
/// after all was handed over. A box that is gone takes nothing.
class Postman final : public mail::Carrier {
  public:
    /// Whom the letter is for, its Message-ID, all of it, and what became of it.
    using Tell = std::function<void(const std::string& to, const std::string& message_id,
                                    std::string_view letter, mail::Fate fate)>;
    Postman(std::uint64_t seed, Tell tell) : chance_(seed), tell_(std::move(tell)) {}

    [[nodiscard]] mail::Delivery carry(std::string_view from, std::string_view to,
                                       std::string_view letter,
                                       const std::function<void()>& pulse) override;

    std::set<std::string, std::less<>> gone; ///< addresses that do not work any more
    bool is_away = false;                    ///< the mail server is not reached

  private:
    [[nodiscard]] mail::Fate fate_of(std::string_view to);

    Random chance_;
    Tell tell_;
};

/// For one house; a house that was started anew has another.
class Household {
  public:
    Household(test::House& house, mail::Carrier& carrier);

    /// Does all that is due but mail; sends the mail that is due. False where the database did not
    /// let it: it is tried again later, as the server does.
    [[nodiscard]] bool look_after();
    [[nodiscard]] bool send_mail();

  private:
    Log log_;
    app::ZoneNights nights_;
    gatherings::Sweep sweep_;
    gatherings::MailWork gatherings_mail_;
    mail::Sender sender_;
    jobs::Runner runner_;
    jobs::Runner mail_;
    bool is_prepared_ = false;
};

} // namespace allot::simulation
