// One of the two files that see Boost.Beast or Asio; of Beast only its parser is used.
#include "platform/http/conversation.hpp"

#include "base/limits.hpp"
#include "base/text.hpp"
#include "platform/http/target.hpp"
#include "platform/utf8.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <fmt/format.h>
#include <sodium/randombytes.h>

namespace allot::http {

namespace {

namespace beast = boost::beast::http;

constexpr std::string_view end_of_head = "\r\n\r\n";
constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";

/// 16 hexadecimal digits.
[[nodiscard]] std::string random_id() {
    std::uint64_t number = 0;
    randombytes_buf(&number, sizeof number);
    return fmt::format("{:016x}", number);
}

[[nodiscard]] std::string_view view(boost::core::string_view s) {
    return {s.data(), s.size()};
}

} // namespace

struct Conversation::Parser {
    beast::request_parser<beast::string_body> of;

    explicit Parser(std::size_t max_head_bytes) {
        of.header_limit(static_cast<std::uint32_t>(max_head_bytes + end_of_head.size()));
        of.body_limit(boost::none); // asked for once the head is known
    }
    /// Everything that `s` holds or as much as belongs to this request; how many bytes it took.
    std::size_t put(std::string_view s, boost::system::error_code& error) {
        return of.put(boost::asio::buffer(s.data(), s.size()), error);
    }
    [[nodiscard]] std::size_t count(beast::field name) const { return of.get().count(name); }
};

Conversation::Conversation(const Gate& gate, std::size_t max_head_bytes, std::string peer)
    : gate_(gate), max_head_bytes_(max_head_bytes), peer_(std::move(peer)) {
    next_request();
}

Conversation::~Conversation() = default;

void Conversation::next_request() {
    parser_ = nullptr;
    searched_ = 0;
    step_ = Step::read;
    phase_ = Phase::idle;
    request_ = HttpRequest{.peer = peer_, .id = random_id()};
    method_ = "none";
    why_ = {};
    answer_ = Answer{};
    head_only_ = false;
}

Step Conversation::next() {
    if (step_ == Step::read && phase_ != Phase::body) {
        read_head();
    }
    if (step_ == Step::read && phase_ == Phase::body) {
        read_body();
    }
    if (step_ == Step::read && (ended_ || (draining_ && phase_ == Phase::idle))) {
        step_ = Step::end;
    }
    return step_;
}

void Conversation::received(std::string_view bytes) {
    buffer_ += bytes;
}

void Conversation::ended() {
    ended_ = true;
}

void Conversation::late() {
    if (phase_ == Phase::idle) {
        step_ = Step::end;
    } else {
        refuse(408, "The request took too long to arrive");
    }
}

void Conversation::drain() {
    draining_ = true;
}

void Conversation::read_head() {
    while (
        buffer_.starts_with("\r\n")) { // some clients send one after a body (RFC 9112, section 2.2)
        buffer_.erase(0, 2);
    }
    if (buffer_.empty()) {
        return;
    }
    phase_ = Phase::head;
    const std::size_t end = buffer_.find(end_of_head, searched_);
    const std::size_t size = std::min(end, buffer_.size());
    if (size > max_head_bytes_) {
        const bool in_target = buffer_.find('\n') > max_head_bytes_;
        refuse(in_target ? 414 : 431, "The head of the request is too long");
        return;
    }
    if (end == std::string::npos) {
        searched_ = size - std::min(size, end_of_head.size() - 1);
        return;
    }
    if (take_head(std::string_view(buffer_).substr(0, end + end_of_head.size()))) {
        buffer_.erase(0, end + end_of_head.size());
        accept_head();
    }
}

bool Conversation::take_head(std::string_view head) {
    parser_ = std::make_unique<Parser>(max_head_bytes_);
    boost::system::error_code error;
    const std::size_t taken = parser_->put(head, error);
    if (error == beast::error::bad_version) {
        refuse(505, "Only HTTP/1.0 and HTTP/1.1 are spoken here");
    } else if (error || !parser_->of.is_header_done() || taken != head.size()) {
        refuse(400, "The head of the request cannot be read");
    } else {
        return true;
    }
    return false;
}

void Conversation::take_fields() {
    for (const auto& field : parser_->of.get()) {
        const std::string_view value = view(field.value());
        if (is_utf8(value)) {
            request_.headers.emplace_back(text::lower_ascii(view(field.name_string())), value);
        }
    }
    request_.host = request_.header("host");
}

/// What makes the length of this request doubtful, and so where the next begins (request
/// smuggling);
/// "" where nothing does.
std::string_view Conversation::framing_error() const {
    const std::size_t codings = parser_->count(beast::field::transfer_encoding);
    const std::size_t lengths = parser_->count(beast::field::content_length);
    if (codings + lengths > 1) {
        return "The length of the body is given twice";
    }
    const std::string coding = text::lower_ascii(request_.header("transfer-encoding"));
    if (codings == 1 && (coding != "chunked" || old_)) {
        return "The coding of the transfer is not chunked";
    }
    const std::string_view length = request_.header("content-length");
    if (lengths == 1 && (length.empty() || length.size() > 18 ||
                         length.find_first_not_of("0123456789") != std::string_view::npos)) {
        return "The length of the body is no number";
    }
    return {};
}

void Conversation::accept_head() {
    const auto& message = parser_->of.get();
    const beast::verb verb = message.method();
    old_ = message.version() < 11;
    keep_alive_ = message.keep_alive();
    head_only_ = verb == beast::verb::head;
    method_ = verb == beast::verb::get ? "GET" : head_only_ ? "HEAD" : "other";
    method_ = verb == beast::verb::post ? "POST" : method_;
    request_.method = verb == beast::verb::post ? Method::post : Method::get;
    take_fields();
    if (const std::string_view wrong = framing_error(); !wrong.empty()) {
        refuse(400, wrong);
    } else if (parser_->count(beast::field::host) != 1) {
        refuse(400, "A request has one Host");
    } else if (!gate_.answers_to(request_.host)) {
        refuse(421, "This server does not answer to that name");
    } else if (verb == beast::verb::unknown) {
        refuse(501, "This method is unknown");
    } else if (method_ == "other") {
        refuse(405, "A page can be read, and a form can be sent");
    } else if (request_.headers.size() > limits::max_headers) {
        refuse(431, "The request has too many headers");
    } else {
        read_target_and_body();
    }
}

void Conversation::read_target_and_body() {
    auto target = read_target(view(parser_->of.get().target()));
    if (!target) {
        refuse(400, "The address of the page cannot be read");
        return;
    }
    request_.parts = std::move(target->parts);
    request_.query = std::move(target->query);
    gate_.believe_proxies(request_);
    if (parser_->of.is_done()) {
        step_ = Step::handle;
    } else if (request_.method == Method::get) {
        refuse(400, "A page is asked for without a body");
    } else if (const std::string_view expected = request_.header("expect");
               !expected.empty() && text::lower_ascii(expected) != "100-continue") {
        refuse(417, "Only 100-continue can be expected");
    } else {
        step_ = Step::limit;
    }
}

void Conversation::allow(std::size_t body_bytes) {
    const auto length = parser_->of.content_length();
    if (length && *length > body_bytes) {
        refuse(413, "The body of the request is too large");
        return;
    }
    parser_->of.body_limit(body_bytes);
    parser_->of.eager(true);
    phase_ = Phase::body;
    // A client that has begun to send does not wait.
    continuing_ = !request_.header("expect").empty() && buffer_.empty() && !old_;
    step_ = continuing_ ? Step::write : Step::read;
}

void Conversation::read_body() {
    boost::system::error_code error;
    const std::size_t taken = buffer_.empty() ? 0 : parser_->put(buffer_, error);
    buffer_.erase(0, taken);
    if (parser_->of.is_done()) {
        request_.body = std::move(parser_->of.get().body());
        step_ = Step::handle;
    } else if (error == beast::error::body_limit) {
        refuse(413, "The body of the request is too large");
    } else if ((error && error != beast::error::need_more) || buffer_.size() > max_head_bytes_) {
        // What has not been taken is the line of a chunk, or trailers: they have the limit of a
        // head.
        refuse(400, "The body of the request cannot be read");
    }
}

void Conversation::answer(Answer answer) {
    answer_ = std::move(answer);
    step_ = Step::write;
}

void Conversation::refuse(unsigned status, std::string_view why) {
    why_ = why;
    keep_alive_ = false; // where the next request begins is not known
    continuing_ = false;
    answer(make_refusal(request_, status, why));
}

Outgoing Conversation::outgoing(std::string_view date) {
    if (continuing_) {
        return {.head = go_on, .body = {}};
    }
    keep_alive_ = keep_alive_ && !draining_ && (!answer_.events || head_only_);
    out_ = fmt::format("{}date: {}\r\n{}\r\n", answer_.head, date,
                       !keep_alive_ ? "connection: close\r\n"
                       : old_       ? "connection: keep-alive\r\n"
                                    : "");
    return {.head = out_, .body = head_only_ ? std::string_view() : answer_.body()};
}

void Conversation::written() {
    if (std::exchange(continuing_, false)) {
        step_ = Step::read;
    } else if (answer_.events && !head_only_) {
        step_ = Step::stream;
    } else if (keep_alive_) {
        next_request();
    } else {
        step_ = Step::end;
        lingers_ = !ended_;
    }
}

std::string http_date(std::chrono::sys_seconds at) {
    constexpr std::array days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    constexpr std::array months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const auto day = std::chrono::floor<std::chrono::days>(at);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss time(at - day);
    return fmt::format(
        "{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT", days.at(std::chrono::weekday(day).c_encoding()),
        static_cast<unsigned>(date.day()), months.at(static_cast<unsigned>(date.month()) - 1),
        static_cast<int>(date.year()), time.hours().count(), time.minutes().count(),
        time.seconds().count());
}

} // namespace allot::http
