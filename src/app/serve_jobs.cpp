#include "app/serve_jobs.hpp"

#include "app/rooms.hpp"
#include "base/text.hpp"
#include "collective/gatherings/mail_work.hpp"
#include "platform/auth/mail_address.hpp"
#include "platform/auth/tidy.hpp"

#include <cstdlib>
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
    return house.store.write([&](store::Transaction& transaction) -> Result<void> {
        TRY_DO(mail::drop_old_mail(transaction, now));
        const auto today = std::chrono::floor<std::chrono::days>(now);
        return jobs::forget_old(transaction, today - longest_time);
    });
}

[[nodiscard]] jobs::Work tidy_work(const pages::House& house) {
    return {.kind = "tidy",
            .task = [&house](jobs::Held&) -> Result<jobs::Outcome> {
                TRY_DO(tidy(house));
                return jobs::Outcome{};
            },
            .every = std::chrono::hours(1)};
}

/// Invitations and weekly letters. The words are read once, when they are first needed.
[[nodiscard]] jobs::Work gatherings_mail_work(const pages::House& house) {
    const auto words = std::make_shared<std::vector<pages::Catalogue>>();
    return {.kind = "gatherings_mail",
            .task = [&house, words](jobs::Held&) -> Result<jobs::Outcome> {
                if (words->empty()) {
                    TRY(*words, all_words());
                }
                TRY_DO(gatherings::do_mail_work(house, *words));
                return jobs::Outcome{};
            },
            .every = gatherings::mail_work_every};
}

/// Of a file, without the line end that editors put there; else of the environment.
[[nodiscard]] Result<std::string> mail_password(const std::string& path) {
    if (path.empty()) {
        const char* const given = std::getenv("ALLOTMENT_MAIL_PASSWORD");
        return std::string(given == nullptr ? "" : given);
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

[[nodiscard]] std::string from_environment(const char* name) {
    const char* const given = std::getenv(name);
    return given == nullptr ? "" : given;
}

} // namespace

ServeJobs::ServeJobs(const pages::House& house, Log& log)
    : house_(house), log_(log), tidy_(house.store, house.clock, house.entropy, log,
                                      {tidy_work(house), gatherings_mail_work(house)}) {}

Result<std::unique_ptr<ServeJobs>> ServeJobs::of(const ServeOptions& options,
                                                 const pages::House& house, Log& log) {
    auto made = std::make_unique<ServeJobs>(house, log);
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
    const jobs::Work work{.kind = mail::job_kind,
                          .task = [this](jobs::Held& held) { return sender_->send(held); },
                          .every = std::nullopt,
                          .most_tries = most_mail_tries};
    mail_.emplace(house_.store, house_.clock, house_.entropy, log_, std::vector{work});
    return {};
}

Result<void> ServeJobs::start() {
    TRY_DO(tidy_.prepare());
    house_.store.after_write([this] {
        if (mail_) {
            mail_->wake();
        }
    });
    threads_.emplace_back([this] { tidy_.run(stop_.get_token()); });
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
