/// SMTP through libcurl.
#include "base/text.hpp"
#include "platform/mail/carrier.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstring>
#include <curl/curl.h>

#include <fmt/format.h>

namespace allot::mail {

namespace {

constexpr long connect_seconds = 15;
constexpr long longest_seconds = 60;
constexpr std::chrono::seconds patience_at_end{5};

struct FreeUrl {
    void operator()(CURLU* url) const { curl_url_cleanup(url); }
};
struct FreeEasy {
    void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
};
struct FreeList {
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
struct FreeText {
    void operator()(char* text) const { curl_free(text); }
};

/// An address of a mail server in its parts.
struct Server {
    std::string url; ///< without a name
    std::string name;
    bool wants_tls = true;
};

/// Only what is surely this machine, and no name that somebody else may answer for.
[[nodiscard]] bool is_this_machine(std::string_view host) {
    const auto is_number = [](std::string_view part) {
        const auto n = text::parse_int(part);
        return n && *n >= 0 && *n <= 255;
    };
    const auto parts = text::split_list(host, '.');
    return host == "localhost" || host == "[::1]" ||
           (parts.size() == 4 && parts.front() == "127" && std::ranges::all_of(parts, is_number));
}

[[nodiscard]] std::string part_of(CURLU* url, CURLUPart part, unsigned flags = 0) {
    char* raw = nullptr;
    const bool found = curl_url_get(url, part, &raw, flags) == CURLUE_OK;
    const std::unique_ptr<char, FreeText> text(raw);
    return found && raw != nullptr ? std::string(raw) : std::string();
}

[[nodiscard]] Result<Server> parse_server(const std::string& text) {
    const std::unique_ptr<CURLU, FreeUrl> url(curl_url());
    const bool is_mail = text.starts_with("smtp://") || text.starts_with("smtps://");
    if (!is_mail || curl_url_set(url.get(), CURLUPART_URL, text.c_str(), 0) != CURLUE_OK) {
        return fail(ErrorKind::invalid,
                    fmt::format("--mail {}: write it as smtps://NAME@HOST or smtp://HOST:PORT",
                                text::shown(text.substr(text.find('@') + 1))));
    }
    if (!part_of(url.get(), CURLUPART_PASSWORD).empty()) {
        return fail(ErrorKind::invalid,
                    "--mail holds a password, which others on this machine can read; write it into "
                    "a file and name that with --mail-password-file");
    }
    Server server{.url = "", .name = part_of(url.get(), CURLUPART_USER, CURLU_URLDECODE)};
    // As it was written: what libcurl makes of "127.1" is not what a person means by this machine.
    const std::size_t begin = std::max(text.find("://") + 3, text.rfind('@') + 1);
    const std::string_view place = std::string_view(text).substr(begin);
    const std::string_view host = place.substr(0, place.find_first_of("/?#"));
    const std::size_t colon = host.rfind(':');
    const bool has_port = colon != std::string_view::npos && !host.ends_with(']');
    server.wants_tls = !is_this_machine(has_port ? host.substr(0, colon) : host);
    curl_url_set(url.get(), CURLUPART_USER, nullptr, 0);
    server.url = part_of(url.get(), CURLUPART_URL);
    return server;
}

/// What libcurl tells while a letter is on its way.
struct Way {
    std::string_view left; ///< of the letter
    bool all_given = false;
    std::string step;     ///< the last command: "RCPT"
    std::string answered; ///< the last one with an answer; libcurl says QUIT after one that is no
    std::string answer;   ///< "550 5.1.1 no such person"
    const std::function<void()>* pulse = nullptr;
    std::stop_token stop;
    std::chrono::steady_clock::time_point asked_to_stop;
};

constexpr std::array<std::string_view, 8> steps = {"EHLO", "HELO", "STARTTLS", "AUTH",
                                                   "MAIL", "RCPT", "DATA",     "QUIT"};

std::size_t give_letter(char* to, std::size_t size, std::size_t count, void* user) {
    Way& way = *static_cast<Way*>(user);
    const std::size_t n = std::min(size * count, way.left.size());
    std::memcpy(to, way.left.data(), n);
    way.left.remove_prefix(n);
    // From now on the server may have it.
    way.all_given = way.all_given || way.left.empty();
    return n;
}

int watch(CURL* /*easy*/, curl_infotype type, char* bytes, std::size_t size, void* user) {
    Way& way = *static_cast<Way*>(user);
    const std::string_view text = text::trim({bytes, size});
    if (type == CURLINFO_HEADER_OUT) {
        // Only what is surely a command: others are parts of a name or a password.
        const std::string_view word = text.substr(0, text.find(' '));
        if (std::ranges::find(steps, word) != steps.end()) {
            way.step = word;
        }
    } else if (type == CURLINFO_HEADER_IN && way.step != "QUIT") {
        way.answer = text;
        way.answered = way.step;
    }
    return 0;
}

int beat(void* user, curl_off_t /*all_in*/, curl_off_t /*in*/, curl_off_t /*all_out*/,
         curl_off_t /*out*/) {
    Way& way = *static_cast<Way*>(user);
    (*way.pulse)();
    if (!way.stop.stop_requested()) {
        return 0;
    }
    const auto now = std::chrono::steady_clock::now();
    if (way.asked_to_stop == std::chrono::steady_clock::time_point()) {
        way.asked_to_stop = now;
    }
    return now - way.asked_to_stop > patience_at_end ? 1 : 0;
}

/// "550 5.1.1": the numbers of an answer. Its words may hold the address.
[[nodiscard]] std::string numbers_of(std::string_view answer) {
    const std::size_t end = answer.find_first_not_of("0123456789. -");
    return std::string(text::trim(answer.substr(0, end)));
}

class SmtpCarrier final : public Carrier {
  public:
    SmtpCarrier(Server server, const SmtpOptions& options, std::stop_token stop)
        : server_(std::move(server)), stop_(std::move(stop)), easy_(curl_easy_init()) {
        ALLOT_CHECK(easy_ != nullptr, "libcurl starts");
        set(CURLOPT_URL, server_.url.c_str());
        set(CURLOPT_PROTOCOLS_STR, "smtp,smtps");
        set(CURLOPT_USE_SSL, long{server_.wants_tls ? CURLUSESSL_ALL : CURLUSESSL_NONE});
        set(CURLOPT_CONNECTTIMEOUT, connect_seconds);
        set(CURLOPT_TIMEOUT, longest_seconds);
        set(CURLOPT_NOSIGNAL, 1L);
        set(CURLOPT_UPLOAD, 1L);
        set(CURLOPT_PROXY, ""); // no proxy of the environment: mail servers have none
        if (!server_.name.empty()) {
            set(CURLOPT_USERNAME, server_.name.c_str());
            set(CURLOPT_PASSWORD, options.password.c_str());
        }
        if (!options.ca_file.empty()) {
            set(CURLOPT_CAINFO, options.ca_file.c_str());
        }
        set(CURLOPT_READFUNCTION, give_letter);
        set(CURLOPT_DEBUGFUNCTION, watch);
        set(CURLOPT_VERBOSE, 1L); // for `watch`; nothing is printed
        set(CURLOPT_XFERINFOFUNCTION, beat);
        set(CURLOPT_NOPROGRESS, 0L);
    }

    Delivery carry(std::string_view from, std::string_view to, std::string_view letter,
                   const std::function<void()>& pulse) override {
        Way way{.left = letter,
                .step = "",
                .answered = "",
                .answer = "",
                .pulse = &pulse,
                .stop = stop_};
        const std::string sender(from);
        const std::unique_ptr<curl_slist, FreeList> recipient(
            curl_slist_append(nullptr, std::string(to).c_str()));
        set(CURLOPT_MAIL_FROM, sender.c_str());
        set(CURLOPT_MAIL_RCPT, recipient.get());
        set(CURLOPT_READDATA, &way);
        set(CURLOPT_DEBUGDATA, &way);
        set(CURLOPT_XFERINFODATA, &way);
        const CURLcode code = curl_easy_perform(easy_.get());
        set(CURLOPT_MAIL_RCPT, nullptr);
        return fate_of(code, way);
    }

  private:
    template <class T>
    void set(CURLoption option, T value) {
        const CURLcode code = curl_easy_setopt(easy_.get(), option, value);
        ALLOT_CHECK(code == CURLE_OK, "libcurl knows the option");
    }

    [[nodiscard]] static Delivery fate_of(CURLcode code, const Way& way) {
        if (code == CURLE_OK) {
            return {.fate = Fate::accepted, .words = ""};
        }
        const bool for_good = way.answer.starts_with('5');
        const bool said_no = for_good || way.answer.starts_with('4');
        const std::string numbers = numbers_of(way.answer);
        if (for_good && way.answered == "RCPT") {
            return {.fate = Fate::no_such_address,
                    .words =
                        fmt::format("the mail server does not take the address ({})", numbers)};
        }
        // An answer after the whole letter is about the letter; to MAIL, AUTH or EHLO it is about
        // us.
        if (for_good && (way.all_given || way.answered == "DATA")) {
            return {.fate = Fate::rejected,
                    .words = fmt::format("the mail server does not take the letter ({})", numbers)};
        }
        if (said_no) {
            return {.fate = Fate::failed,
                    .words = fmt::format("the mail server answered {} to {}", numbers,
                                         way.answered.empty() ? "the connection" : way.answered)};
        }
        return {.fate = way.all_given ? Fate::unsure : Fate::failed, .words = why(code)};
    }

    [[nodiscard]] static std::string why(CURLcode code) {
        switch (code) {
        case CURLE_USE_SSL_FAILED:
            return "the mail server offers no TLS, and mail is not sent without it";
        case CURLE_LOGIN_DENIED:
            return "the mail server does not know the name or the password";
        case CURLE_PEER_FAILED_VERIFICATION:
            return "the certificate of the mail server is not to be trusted";
        default:
            return fmt::format("the mail server cannot be reached: {}", curl_easy_strerror(code));
        }
    }

    Server server_;
    std::stop_token stop_;
    std::unique_ptr<CURL, FreeEasy> easy_;
};

} // namespace

Result<std::unique_ptr<Carrier>> smtp_carrier(const SmtpOptions& options, std::stop_token stop) {
    TRY(Server server, parse_server(options.url));
    if (!server.name.empty() && options.password.empty()) {
        return fail(
            ErrorKind::invalid,
            "--mail has a name and there is no password; write it into a file and name that "
            "with --mail-password-file, or set ALLOTMENT_MAIL_PASSWORD");
    }
    return std::make_unique<SmtpCarrier>(std::move(server), options, std::move(stop));
}

} // namespace allot::mail
