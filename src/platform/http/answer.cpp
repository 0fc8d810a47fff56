#include "platform/http/answer.hpp"

#include "base/text.hpp"
#include "platform/http/body.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include <fmt/format.h>

namespace allot::http {

namespace {

constexpr std::size_t worth_compressing = 1024; ///< below it fits into one packet anyway

constexpr std::array<std::pair<unsigned, std::string_view>, 33> reasons{{
    {200, "OK"},
    {201, "Created"},
    {202, "Accepted"},
    {204, "No Content"},
    {301, "Moved Permanently"},
    {302, "Found"},
    {303, "See Other"},
    {304, "Not Modified"},
    {307, "Temporary Redirect"},
    {308, "Permanent Redirect"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {406, "Not Acceptable"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {410, "Gone"},
    {412, "Precondition Failed"},
    {413, "Content Too Large"},
    {414, "URI Too Long"},
    {415, "Unsupported Media Type"},
    {417, "Expectation Failed"},
    {421, "Misdirected Request"},
    {422, "Unprocessable Content"},
    {428, "Precondition Required"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {503, "Service Unavailable"},
    {505, "HTTP Version Not Supported"},
}};

/// Links to private pages must not leak by the referrer; no page of ours needs a camera.
constexpr std::array<std::pair<std::string_view, std::string_view>, 5> safe_headers{{
    {"x-content-type-options", "nosniff"},
    {"referrer-policy", "same-origin"},
    {"cross-origin-opener-policy", "same-origin"},
    {"cross-origin-resource-policy", "same-origin"},
    {"permissions-policy",
     "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()"},
}};

/// What only the server may say, or nobody.
constexpr std::array<std::string_view, 10> own_headers{
    "connection", "content-encoding",  "content-length", "date",    "keep-alive",
    "server",     "transfer-encoding", "trailer",        "upgrade", "te"};

[[nodiscard]] bool is_token(std::string_view name) {
    constexpr std::string_view token =
        "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    return !name.empty() && name.find_first_not_of(token) == std::string_view::npos;
}

[[nodiscard]] bool is_value(std::string_view value) {
    return std::ranges::none_of(value, [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return (byte < 0x20 && c != '\t') || byte == 0x7f;
    });
}

[[nodiscard]] bool is_writable(const Field& field) {
    return is_token(field.first) && is_value(field.second) &&
           std::ranges::find(own_headers, field.first) == own_headers.end();
}

[[nodiscard]] std::string_view header(const HttpResponse& response, std::string_view name) {
    const auto found = std::ranges::find(response.headers, name, &Field::first);
    return found == response.headers.end() ? std::string_view() : found->second;
}

void set_default(HttpResponse& response, std::string_view name, std::string_view value) {
    if (header(response, name).empty()) {
        response.set(name, std::string(value));
    }
}

[[nodiscard]] bool has_directive(std::string_view list, std::string_view directive) {
    return std::ranges::any_of(text::split_list(list, ','), [&](const std::string& item) {
        return text::lower_ascii(item) == directive;
    });
}

[[nodiscard]] bool is_compressible(std::string_view type) {
    const std::string essence = text::lower_ascii(text::trim(type.substr(0, type.find(';'))));
    return essence.starts_with("text/") || essence.ends_with("json") || essence.ends_with("xml") ||
           essence.ends_with("javascript");
}

/// Whether a page of another site caused this request; see answer.hpp.
[[nodiscard]] bool is_from_elsewhere(const HttpRequest& request) {
    const std::string_view site = request.header("sec-fetch-site");
    return site == "cross-site" || site == "same-site";
}

/// How this response travels; compresses `text`.
[[nodiscard]] Coding choose(const HttpRequest& request, HttpResponse& response) {
    const std::string_view accepted = request.header("accept-encoding");
    if (response.shared) {
        return choose_coding(accepted, !response.shared->gzip.empty(),
                             !response.shared->brotli.empty());
    }
    if (response.text.size() < worth_compressing || is_from_elsewhere(request) ||
        has_directive(header(response, "cache-control"), "no-transform") ||
        !is_compressible(header(response, "content-type")) ||
        choose_coding(accepted, true, false) != Coding::gzip) {
        return Coding::identity;
    }
    std::string smaller = gzip_quickly(response.text);
    if (smaller.size() >= response.text.size()) {
        return Coding::identity;
    }
    response.text = std::move(smaller);
    return Coding::gzip;
}

[[nodiscard]] std::string_view suffix_of(Coding coding) {
    return coding == Coding::gzip ? "-gz" : coding == Coding::brotli ? "-br" : "";
}

/// A strong etag names bytes: each coding has its own (RFC 9110, section 8.8.3.3).
[[nodiscard]] std::string coded_etag(std::string_view etag, Coding coding) {
    if (!etag.ends_with('"')) {
        return std::string(etag);
    }
    return fmt::format("{}{}\"", etag.substr(0, etag.size() - 1), suffix_of(coding));
}

/// `W/"abc-gz"` and `"abc"` name the same content.
[[nodiscard]] std::string_view content_name(std::string_view etag) {
    if (etag.starts_with("W/")) {
        etag.remove_prefix(2);
    }
    if (etag.starts_with('"')) {
        etag.remove_prefix(1);
    }
    for (const std::string_view end : {"\"", "-gz", "-br"}) {
        if (etag.ends_with(end)) {
            etag.remove_suffix(end.size());
        }
    }
    return etag;
}

/// In which coding the client has this content already.
[[nodiscard]] std::optional<Coding> held_coding(const HttpRequest& request, std::string_view etag) {
    for (const std::string& name : text::split_list(request.header("if-none-match"), ',')) {
        if (name == "*" || content_name(name) == content_name(etag)) {
            return name.ends_with("-gz\"")   ? Coding::gzip
                   : name.ends_with("-br\"") ? Coding::brotli
                                             : Coding::identity;
        }
    }
    return std::nullopt;
}

/// The etag without a coding, or "" where there is none to give.
[[nodiscard]] std::string plain_etag(const HttpRequest& request, const HttpResponse& response) {
    if (response.status != 200 || request.method != Method::get || response.events) {
        return {};
    }
    if (const std::string_view own = header(response, "etag"); !own.empty()) {
        return std::string(own);
    }
    if (response.shared) {
        return response.shared->etag;
    }
    const bool stored = !has_directive(header(response, "cache-control"), "no-store");
    return stored && !response.text.empty() ? etag_of(response.text) : "";
}

[[nodiscard]] bool has_no_body(unsigned status) {
    return status == 204 || status == 304;
}

void set_defaults(HttpResponse& response) {
    for (const auto& [name, value] : safe_headers) {
        set_default(response, name, value);
    }
    if (response.events) {
        set_default(response, "content-type", "text/event-stream");
        set_default(response, "x-accel-buffering", "no"); // nginx would hold events back
    } else if (response.shared || !response.text.empty()) {
        set_default(response, "content-type", "text/plain; charset=utf-8");
    }
    set_default(response, "cache-control", response.shared ? "no-cache" : "no-store");
}

void vary_by_coding(HttpResponse& response) {
    const std::string_view vary = header(response, "vary");
    if (!has_directive(vary, "accept-encoding")) {
        response.set("vary",
                     vary.empty() ? "accept-encoding" : fmt::format("{}, accept-encoding", vary));
    }
}

void become_not_modified(HttpResponse& response) {
    response.status = 304;
    response.text.clear();
    response.shared.reset();
    std::erase_if(response.headers,
                  [](const Field& field) { return field.first == "content-type"; });
}

void append_field(std::string& head, std::string_view name, std::string_view value) {
    head.append(name).append(": ").append(value).append("\r\n");
}

[[nodiscard]] Answer write_head(HttpResponse response, Coding coding) {
    Answer answer{.status = response.status,
                  .text = std::move(response.text),
                  .shared = std::move(response.shared),
                  .coding = coding,
                  .events = std::move(response.events),
                  .route = response.route,
                  .why = std::move(response.why)};
    answer.head = fmt::format("HTTP/1.1 {} {}\r\n", answer.status, reason_of(answer.status));
    for (const auto& [name, value] : response.headers) {
        append_field(answer.head, name, value);
    }
    if (coding != Coding::identity) {
        append_field(answer.head, "content-encoding", coding == Coding::gzip ? "gzip" : "br");
    }
    if (!has_no_body(answer.status) && !answer.events) {
        append_field(answer.head, "content-length", std::to_string(answer.body().size()));
    }
    return answer;
}

} // namespace

std::string_view reason_of(unsigned status) {
    const auto* const found =
        std::ranges::find(reasons, status, &decltype(reasons)::value_type::first);
    return found == reasons.end() ? std::string_view() : found->second;
}

std::string_view Answer::body() const {
    if (!shared) {
        return text;
    }
    return coding == Coding::gzip     ? shared->gzip
           : coding == Coding::brotli ? shared->brotli
                                      : shared->plain;
}

Answer make_answer(const HttpRequest& request, HttpResponse response, Log& log) {
    for (Field& field : response.headers) {
        field.first = text::lower_ascii(field.first);
    }
    const auto bad = std::ranges::find_if_not(response.headers, is_writable);
    const bool is_final = response.status >= 200 && response.status <= 599;
    if (bad != response.headers.end() || !is_final) {
        // Its value may be a secret; its name is in our code, or is what went wrong.
        log.write(LogLevel::error, "bad_response",
                  {{"id", request.id},
                   {"route", response.route},
                   {"header", bad == response.headers.end() ? "" : std::string_view(bad->first)}});
        Answer answer = make_refusal(request, 500, "Something went wrong on our side");
        answer.route = response.route;
        return answer;
    }
    set_defaults(response);
    const std::string etag = plain_etag(request, response);
    if (has_no_body(response.status)) {
        response.text.clear();
        response.shared.reset();
    } else if (response.shared || is_compressible(header(response, "content-type"))) {
        vary_by_coding(response);
    }
    if (etag.empty()) {
        const Coding coding = choose(request, response);
        return write_head(std::move(response), coding);
    }
    const auto held = held_coding(request, etag);
    if (held) {
        become_not_modified(response);
    }
    const Coding coding = choose(request, response);
    response.set("etag", coded_etag(etag, held.value_or(coding)));
    return write_head(std::move(response), coding);
}

Answer make_refusal(const HttpRequest& request, unsigned status, std::string_view why) {
    HttpResponse response{.status = status};
    if (choose_media_type(request.header("accept")) == MediaType::json) {
        response.add("content-type", "application/problem+json");
        // Constants without quotes: nothing in them needs escaping.
        response.text =
            fmt::format(R"({{"type":"about:blank","title":"{}","status":{},"detail":"{}"}})",
                        reason_of(status), status, why);
    } else {
        response.add("content-type", "text/plain; charset=utf-8");
        response.text = fmt::format("{}: {}.\n", reason_of(status), why);
    }
    if (status == 405 || status == 501) {
        response.add("allow", "GET, HEAD, POST");
    }
    set_defaults(response);
    return write_head(std::move(response), Coding::identity);
}

} // namespace allot::http
