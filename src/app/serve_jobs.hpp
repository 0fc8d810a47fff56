/// What `allotment serve` does beside answering: it sends mail, posts to hooks, looks after
/// gatherings and at calendars that series follow, and tidies up.
#pragma once

#include "app/nights.hpp"
#include "app/serve_command.hpp"
#include "collective/gatherings/follow.hpp"
#include "collective/gatherings/mail_work.hpp"
#include "collective/gatherings/sweep.hpp"
#include "platform/hooks/courier.hpp"
#include "platform/jobs/runner.hpp"
#include "platform/mail/carrier.hpp"
#include "platform/mail/sender.hpp"
#include "platform/pages/site.hpp"

#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace allot::app {

/// What comes again by itself: tidying, the sweep of gatherings, mail about them. All that it is
/// made from outlives it.
[[nodiscard]] std::vector<jobs::Work> house_work(const pages::House& house,
                                                 const gatherings::Sweep& sweep,
                                                 gatherings::MailWork& gatherings_mail);
/// Sends mail. `sender` outlives it.
[[nodiscard]] jobs::Work mail_work(mail::Sender& sender);

/// Life cycle: made before requests are answered, `start` once; the destructor ends the threads
/// after what each is at, within some seconds.
class ServeJobs {
  public:
    /// `address` begins links in mails where no origin is named. Errors: options about mail that
    /// are wrong or do not go together.
    [[nodiscard]] static Result<std::unique_ptr<ServeJobs>>
    of(const ServeOptions& options, const pages::House& house, const pages::Site& site,
       const std::string& address, Log& log);

    ServeJobs(const pages::House& house, const pages::Site& site, const std::string& address,
              Log& log);
    ServeJobs(const ServeJobs&) = delete;
    ServeJobs& operator=(const ServeJobs&) = delete;
    ~ServeJobs();

    [[nodiscard]] Result<void> start();

  private:
    [[nodiscard]] Result<void> add_mail(const ServeOptions& options);
    void add_hooks(const ServeOptions& options);
    void add_calendars(const ServeOptions& options);

    const pages::House& house_;
    Log& log_;
    ZoneNights nights_;
    gatherings::Sweep sweep_;
    gatherings::MailWork gatherings_mail_;
    jobs::Runner tidy_;
    std::stop_source stop_;
    std::unique_ptr<gatherings::CalendarFetcher> fetcher_;
    std::optional<jobs::Runner> follow_;
    std::unique_ptr<mail::Carrier> carrier_;
    std::optional<mail::Sender> sender_;
    std::optional<jobs::Runner> mail_;
    std::unique_ptr<hooks::Poster> poster_;
    std::optional<hooks::Courier> courier_;
    std::optional<jobs::Runner> hooks_;
    std::vector<std::thread> threads_;
};

} // namespace allot::app
