#include "app/serve_jobs.hpp"

#include "app/calendar_fetch.hpp"
#include "app/environment.hpp"
#include "base/text.hpp"
#include "collective/gatherings/gatherings_tidy.hpp"
#include "platform/auth/mail_address.hpp"
#include "platform/auth/tidy.hpp"
#include "platform/hooks/announce.hpp"

#include <fstream>

#include <fmt/format.h>

namespace allot::app {

namespace {

/// A mail server that does not answer is tried for about three days.
constexpr std::int64_t most_mail_tries = 80;
constexpr std::chrono::days longest_time{31};

[[nodiscard]] Result<void> tidy(const pages::House& house) {
    const Moment now = house.clock.now();
    TRY_DO(auth::drop_what_is_over(house.store, now));
    const auto forgotten = house.store.write([&](store::Transaction& transaction) -> Result<void> {
        TRY_DO(mail::drop_old_mail(transaction, now));
        TRY_DO(hooks::drop_old_deliveries(transaction, now));
        TRY_DO(gatherings::forget_old_gatherings(transaction, house.directory, now));
        const auto today = std::chrono::floor<std::chrono::days>(now);
        return jobs::forget_old(transaction, today - longest_time);
    });
    TRY_DO(forgotten);
    return gatherings::tidy(house);
}

[[nodiscard]] jobs::Work tidy_work(const pages::House& house) {
    return {.kind = "tidy",
            .task = [&house](jobs::Held&) -> Result<jobs::Outcome> {
                TRY_DO(tidy(house));
                return jobs::Outcome{};
            },
            .every = std::chrono::hours(1)};
}

/// Calendars that series follow. Waiting for others takes a while, so it has a thread of its own.
[[nodiscard]] jobs::Work follow_work(const pages::House& house,
                                     gatherings::CalendarFetcher& fetcher) {
    return {.kind = "followed_calendars",
            .task = [&house, &fetcher](jobs::Held& held) -> Result<jobs::Outcome> {
                TRY_DO(gatherings::look_at_followed(house, fetcher,
                                                    [&held] { return held.keep_alive(); }));
                return jobs::Outcome{};
            },
            .every = gatherings::follow_every};
}

[[nodiscard]] jobs::Work gatherings_mail_work(gatherings::MailWork& work) {
    return {.kind = "gatherings_mail",
            .task = [&work](jobs::Held& held) -> Result<jobs::Outcome> {
                TRY_DO(work.run([&held] { return held.keep_alive(); }));
                return jobs::Outcome{};
            },
            .every = gatherings::mail_work_every};
}

/// Of a file, without the line end that editors put there; else of the environment.
[[nodiscard]] Result<std::string> mail_password(const std::string& path) {
    if (path.empty()) {
        return from_environment("ALLOTMENT_MAIL_PASSWORD");
    }
    std::ifstream file(path);
    std::string line;
    if (!std::getline(file, line) || text::trim(line).empty()) {
        return fail(ErrorKind::invalid,
                    fmt::format("--mail-password-file {}: cannot be read, or its first line is "
                                "empty",
                                path));
    }
    return std::string(text::trim(line));
}

} // namespace

std::vector<jobs::Work> house_work(const pages::House& house, const gatherings::Sweep& sweep,
                                   gatherings::MailWork& gatherings_mail) {
    return {tidy_work(house), gatherings::gathering_work(sweep),
            gatherings_mail_work(gatherings_mail)};
}

jobs::Work mail_work(mail::Sender& sender) {
    return {.kind = mail::job_kind,
            .task = [&sender](jobs::Held& held) { return sender.send(held); },
            .every = std::nullopt,
            .most_tries = most_mail_tries};
}

ServeJobs::ServeJobs(const pages::House& house, const pages::Site& site, const std::string& address,
                     Log& log)
    : house_(house), log_(log),
      sweep_(house, site.catalogues(), house.origin.empty() ? address : house.origin, log),
      gatherings_mail_(house, site.catalogues(), house.origin.empty() ? address : house.origin,
                       log),
      tidy_(house.store, house.clock, house.entropy, log,
            house_work(house, sweep_, gatherings_mail_)) {}

Result<std::unique_ptr<ServeJobs>> ServeJobs::of(const ServeOptions& options,
                                                 const pages::House& house, const pages::Site& site,
                                                 const std::string& address, Log& log) {
    auto made = std::make_unique<ServeJobs>(house, site, address, log);
    made->add_hooks(options);
    made->add_calendars(options);
    if (!options.mail.empty()) {
        TRY_DO(made->add_mail(options));
    } else if (!options.mail_from.empty() || !options.mail_password.empty()) {
        return fail(ErrorKind::invalid, "--mail-from and --mail-password-file need --mail, the "
                                        "address of a mail server");
    }
    return made;
}

Result<void> ServeJobs::add_mail(const ServeOptions& options) {
    const auto from = auth::normal_mail(options.mail_from);
    if (!from) {
        return fail(ErrorKind::invalid,
                    fmt::format("--mail-from {}: expected the address from which mail is sent, "
                                "such as post@lab.example",
                                text::shown(options.mail_from)));
    }
    TRY(const std::string password, mail_password(options.mail_password));
    TRY(carrier_, mail::smtp_carrier({.url = options.mail,
                                      .password = password,
                                      .ca_file = from_environment("SSL_CERT_FILE")},
                                     stop_.get_token()));
    sender_.emplace(house_.store, house_.directory, nights_, house_.clock, *carrier_,
                    mail::SenderOptions{
                        .from = *from, .origin = house_.origin, .signing_key = house_.signing_key});
    mail_.emplace(house_.store, house_.clock, house_.entropy, log_,
                  std::vector{mail_work(*sender_)});
    return {};
}

void ServeJobs::add_calendars(const ServeOptions& options) {
    const auto reach = options.hooks_to_private ? hooks::Reach::inside : hooks::Reach::outside;
    fetcher_ = calendar_fetcher({.reach = reach, .ca_file = from_environment("SSL_CERT_FILE")},
                                stop_.get_token());
    follow_.emplace(house_.store, house_.clock, house_.entropy, log_,
                    std::vector{follow_work(house_, *fetcher_)});
}

void ServeJobs::add_hooks(const ServeOptions& options) {
    const auto reach = options.hooks_to_private ? hooks::Reach::inside : hooks::Reach::outside;
    poster_ = hooks::http_poster({.reach = reach, .ca_file = from_environment("SSL_CERT_FILE")},
                                 stop_.get_token());
    courier_.emplace(house_.store, house_.clock, house_.entropy, *poster_);
    const jobs::Work work{.kind = hooks::job_kind,
                          .task = [this](jobs::Held& held) { return courier_->deliver(held); },
                          .every = std::nullopt};
    hooks_.emplace(house_.store, house_.clock, house_.entropy, log_, std::vector{work});
}

Result<void> ServeJobs::start() {
    TRY_DO(tidy_.prepare());
    TRY_DO(follow_->prepare());
    house_.store.after_write([this] {
        hooks_->wake();
        if (mail_) {
            mail_->wake();
        }
    });
    threads_.emplace_back([this] { tidy_.run(stop_.get_token()); });
    threads_.emplace_back([this] { hooks_->run(stop_.get_token()); });
    threads_.emplace_back([this] { follow_->run(stop_.get_token()); });
    if (mail_) {
        threads_.emplace_back([this] { mail_->run(stop_.get_token()); });
    }
    return {};
}

ServeJobs::~ServeJobs() {
    stop_.request_stop();
    for (std::thread& thread : threads_) {
        thread.join();
    }
    house_.store.after_write({});
}

} // namespace allot::app
