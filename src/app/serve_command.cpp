#include "app/serve_command.hpp"

#include "app/data_folder.hpp"
#include "app/demo.hpp"
#include "app/files.hpp"
#include "app/keeping/staging.hpp"
#include "app/rooms.hpp"
#include "app/serve_jobs.hpp"
#include "app/zone_source.hpp"
#include "base/text.hpp"
#include "collective/people/person_store.hpp"
#include "collective/people/welcome_routes.hpp"
#include "platform/auth/mail_address.hpp"
#include "platform/auth/signed_link.hpp"
#include "platform/http/caller.hpp"
#include "platform/http/server.hpp"
#include "platform/log.hpp"
#include "platform/metrics.hpp"
#include "platform/world.hpp"

#include <charconv>
#include <csignal>
#include <thread>
#include <unistd.h>

#include <fmt/format.h>

namespace allot::app {

namespace {

/// "localhost:8080", "[::1]:0", "0.0.0.0:80".
struct Listen {
    std::string host;
    std::uint16_t port = 0;
};

[[nodiscard]] Result<Listen> parse_listen(std::string_view s) {
    const std::size_t colon = s.rfind(':');
    const auto port =
        colon == std::string_view::npos ? std::nullopt : text::parse_int(s.substr(colon + 1));
    if (!port || *port < 0 || *port > 65535 || colon == 0) {
        return fail(ErrorKind::invalid,
                    fmt::format("--listen {}: write it as HOST:PORT, such as localhost:8080",
                                text::shown(s)));
    }
    std::string host(s.substr(0, colon));
    if (host.starts_with('[') && host.ends_with(']')) {
        host = host.substr(1, host.size() - 2);
    }
    return Listen{host == "localhost" ? "127.0.0.1" : host, static_cast<std::uint16_t>(*port)};
}

/// "https://lab.example" -> "lab.example".
/// As it stands in mail; what is wrong with it `ServeJobs` says.
[[nodiscard]] std::string mail_address(const std::string& typed) {
    return auth::normal_mail(typed).value_or("");
}

[[nodiscard]] Result<std::vector<std::string>> hosts_of(const std::string& origin) {
    if (origin.empty()) {
        return std::vector<std::string>();
    }
    const std::size_t scheme = origin.find("://");
    const std::string_view host =
        scheme == std::string::npos ? "" : std::string_view(origin).substr(scheme + 3);
    const std::string name = http::without_port(host);
    const bool is_v6 = name.starts_with('[') && name.ends_with(']');
    const std::string_view allowed =
        is_v6 ? "0123456789abcdef:.[]" : "0123456789abcdefghijklmnopqrstuvwxyz-.";
    if ((!origin.starts_with("https://") && !origin.starts_with("http://")) || name.empty() ||
        name.find_first_not_of(allowed) != std::string::npos) {
        return fail(ErrorKind::invalid,
                    fmt::format("--origin {}: write it as https://lab.example, without a slash at "
                                "the end",
                                text::shown(origin)));
    }
    return std::vector{name};
}

/// How somebody on this machine reaches it. Browsers trust "localhost" with cookies that otherwise
/// need https.
[[nodiscard]] std::string local_address(const Listen& listen, std::uint16_t port) {
    const bool here = listen.host.starts_with("127.") || listen.host == "::1" ||
                      listen.host == "0.0.0.0" || listen.host == "::";
    const bool v6 = listen.host.find(':') != std::string::npos;
    const std::string host = here ? "localhost" : (v6 ? "[" + listen.host + "]" : listen.host);
    return fmt::format("http://{}:{}", host, port);
}

/// SIGINT and SIGTERM, waited for by a thread instead of interrupting one.
class Signals {
  public:
    Signals() {
        sigemptyset(&set_);
        sigaddset(&set_, SIGINT);
        sigaddset(&set_, SIGTERM);
        pthread_sigmask(SIG_BLOCK, &set_, nullptr);
        signal(SIGPIPE, SIG_IGN);
        signal(SIGXFSZ, SIG_IGN); // a file that may not grow is an error of that write
    }
    void wait() const {
        int which = 0;
        sigwait(&set_, &which);
    }

  private:
    sigset_t set_ = {};
};

void write_to_stderr(std::string_view line) {
    while (!line.empty()) {
        const auto written = ::write(STDERR_FILENO, line.data(), line.size());
        if (written <= 0) {
            return; // there is nowhere left to say it
        }
        line.remove_prefix(static_cast<std::size_t>(written));
    }
}

void say(const std::string& line) {
    fmt::print("{}\n", line);
    std::fflush(stdout);
}

/// Invented people where nobody is yet.
[[nodiscard]] Result<void> plant_demo(store::Store& store, Moment now, Entropy& entropy) {
    TRY(const auto all, store.read([](store::Transaction& transaction) {
        return people::collectives(transaction);
    }));
    if (all.empty()) {
        return make_demo(store, now, entropy);
    }
    return {};
}

/// Prints the way in: a link to begin while there is no collective, one to sign in to the demo.
[[nodiscard]] Result<void> offer_way_in(store::Store& store, const Clock& clock, Entropy& entropy,
                                        const std::string& address) {
    TRY(const bool demo, has_demo(store));
    if (demo) {
        TRY(const std::string path, demo_sign_in_path(store, clock.now(), entropy));
        say("sign-in " + address + path);
    }
    TRY(const auto all, store.read([](store::Transaction& transaction) {
        return people::collectives(transaction);
    }));
    if (all.empty()) {
        TRY(const std::string path, people::new_welcome_path(store, entropy));
        say("begin " + address + path);
    }
    return {};
}

/// The first line of the file of a key. Errors: a key that could be guessed.
[[nodiscard]] Result<std::string> key_in(const std::string& file) {
    constexpr std::size_t shortest = 20;
    if (file.empty()) {
        return std::string();
    }
    TRY(const FileBytes bytes, read_file(file));
    std::string key(text::trim(bytes.view().substr(0, bytes.view().find('\n'))));
    if (key.size() < shortest) {
        return fail(ErrorKind::invalid,
                    fmt::format("{}: its first line has {} characters; a key has at least {}", file,
                                key.size(), shortest));
    }
    return key;
}

/// The site, and what was asked of it counted.
class CountedSite {
  public:
    CountedSite(const pages::Site& site, const store::Store& store, Metrics& metrics,
                std::string key)
        : site_(site), store_(store), metrics_(metrics), key_(std::move(key)) {}

    [[nodiscard]] http::HttpResponse answer(const http::HttpRequest& request) const {
        if (request.method == http::Method::get && request.parts.size() == 1 &&
            request.parts.front() == "metrics") {
            return metrics_answer(request, key_, metrics_, store_.counts());
        }
        const auto began = Steady::now();
        http::HttpResponse response = site_.answer(request);
        count(request, response, began);
        return response;
    }
    [[nodiscard]] std::optional<http::HttpResponse>
    answer_at_once(const http::HttpRequest& request) const {
        const auto began = Steady::now();
        auto response = site_.answer_at_once(request);
        if (response) {
            count(request, *response, began);
        }
        return response;
    }

  private:
    using Steady = std::chrono::steady_clock;

    void count(const http::HttpRequest& request, const http::HttpResponse& response,
               Steady::time_point began) const {
        metrics_.count_request(
            request, response,
            std::chrono::duration_cast<std::chrono::microseconds>(Steady::now() - began));
    }

    const pages::Site& site_;
    const store::Store& store_;
    Metrics& metrics_;
    std::string key_;
};

} // namespace

Result<Outcome> run_demo(const DemoOptions& options) {
    TRY(const std::string url, made_store_url({.data = options.data, .store = options.store}));
    const SystemClock clock;
    SystemEntropy entropy;
    TRY(const auto store, store::Store::open({.url = url}, migrations()));
    TRY(const bool there, has_demo(*store));
    if (there) {
        return fail(ErrorKind::invalid, "the invented people are there already; look at them with "
                                        "\"allotment serve\", which prints a link to sign in");
    }
    TRY_DO(make_demo(*store, clock.now(), entropy));
    return Outcome{.words = "The invented people are there. \"allotment serve\" with the same "
                            "--data or --store shows them,\nand prints a link to sign in. One "
                            "button on their front page takes them away again.\n",
                   .code = ExitCode::done};
}

Result<Outcome> run_serve(const ServeOptions& options) {
    TRY(const Listen listen, parse_listen(options.listen));
    TRY(auto hosts, hosts_of(options.origin));
    const Place place{.data = options.data, .store = options.store};
    TRY(const std::string url, made_store_url(place));
    const Signals signals;
    const SystemClock clock;
    SystemEntropy entropy;
    Log log(clock, write_to_stderr);
    TRY(const auto store, store::Store::open({.url = url}, migrations()));
    TRY_DO(keeping::check_not_moving(*store));
    if (options.demo) {
        TRY_DO(plant_demo(*store, clock.now(), entropy));
    }
    TRY(const std::string signing_key, auth::signing_key(*store, entropy));
    TRY(const auto erased_log, erased_log_file(place));
    const auto note_erased = [&] {
        const auto noted = keeping::note_all_erased(*store, erased_log, clock, entropy);
        if (!noted) {
            log.write(LogLevel::error, "erased_log", {{"problem", noted.error().message}});
        }
    };
    note_erased();
    const HouseDirectory directory;
    const ZoneFolder zones;
    const pages::House house{.store = *store,
                             .directory = directory,
                             .zones = zones,
                             .clock = clock,
                             .entropy = entropy,
                             .origin = options.origin,
                             .signing_key = signing_key,
                             .hooks_reach_inside = options.hooks_to_private,
                             .sends_mail = !options.mail.empty(),
                             .mail_from =
                                 options.mail.empty() ? "" : mail_address(options.mail_from),
                             .data = options.data,
                             .store_url = options.store,
                             .after_erasure = note_erased};
    TRY(const auto site, pages::Site::of(house, rooms(), assets()));
    Metrics metrics(clock.now());
    TRY(std::string key, key_in(options.metrics_key));
    const CountedSite counted(*site, *store, metrics, std::move(key));
    TRY(const auto server,
        http::Server::listen(
            {.address = listen.host,
             .port = listen.port,
             .hosts = std::move(hosts),
             .proxies = options.proxies},
            {.answer = [&](const http::HttpRequest& request) { return counted.answer(request); },
             .body_limit = [&](const http::HttpRequest& head) { return site->body_limit(head); },
             .at_once =
                 [&](const http::HttpRequest& request) { return counted.answer_at_once(request); }},
            log));
    const std::string address = local_address(listen, server->port());
    TRY(const auto jobs, ServeJobs::of(options, house, *site, address, log));
    say("ready " + address + "/");
    TRY_DO(offer_way_in(*store, clock, entropy, address));
    TRY_DO(jobs->start());
    const std::jthread stopper([&] {
        signals.wait();
        server->stop();
    });
    server->run();
    return Outcome{.words = "", .code = ExitCode::done};
}

} // namespace allot::app
