/// What came and what goes back, without the wire. Rooms and pages see these types only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace allot::http {

/// Methods that exist here: a page is read or a form is sent. HEAD is GET without its body, which
/// the server leaves out by itself; handlers see `get`.
enum class Method : std::uint8_t { get, post };

using Field = std::pair<std::string, std::string>;

/// A request that was read whole. Everything in it was checked by the server: the host is one that
/// this server answers to, the target is in origin form, its parts are decoded once, are valid
/// UTF-8 and hold no control characters, no "." or ".." and no "/" or "\"; the body is within its
/// limit.
struct HttpRequest {
    Method method = Method::get;
    /// Of the path: "/c/lab/" is {"c", "lab", ""}, "/" is {""}. Only the last may be empty, so that
    /// no path looks like "//host".
    std::vector<std::string> parts;
    std::vector<Field> query;   ///< decoded, in the order they came, names may repeat
    std::vector<Field> headers; ///< names in lower case; what is no UTF-8 is left out
    std::string body;
    std::string host;    ///< as the browser wrote it, with its port: "localhost:8080"
    std::string peer;    ///< address of the client without its port; from a proxy only if trusted
    bool secure = false; ///< https at the outermost trusted proxy
    std::string id;      ///< names this request in the log; 16 random hexadecimal digits

    /// The first header of that (lower-case) name, or "".
    [[nodiscard]] std::string_view header(std::string_view name) const;
    /// The first query field of that name.
    [[nodiscard]] std::optional<std::string_view> query_value(std::string_view name) const;
    /// The cookie of that name, or "".
    [[nodiscard]] std::string_view cookie(std::string_view name) const;
    /// The path as it would be written, percent-encoded again.
    [[nodiscard]] std::string path() const;
};

/// One text in the forms in which it may travel, made before it is asked for. A static file, or a
/// page that is always the same.
struct Body {
    std::string plain;
    std::string gzip;   ///< empty: not worth it
    std::string brotli; ///< empty: not worth it
    std::string etag;   ///< strong, of `plain`, with its quotes
};

/// Server-sent events of one page that is open (HTML standard, section 9.2). Whoever has news calls
/// `send` from any thread; the connection sends on, and tells by `listener` that it has gone. What
/// a reader that is too slow has not taken is limited: then the stream is closed, and the browser
/// comes again by itself.
class EventStream;

/// What goes back. The server adds content-length, date, connection, and the headers that keep a
/// page safe where they were not set (a content-security-policy is the page's own business);
/// compresses `text` where the client accepts it and it is worth it; answers 304 where the client
/// has it already: `etag` of `shared`, or of `text` for a 200 that allows to be stored.
///
/// A response without cache-control may not be stored ("no-store"), one of `shared` is asked for
/// again each time ("no-cache"). "no-transform" keeps the server from compressing: for pages that
/// show a secret that lives long beside words that somebody else chose (see answer.hpp on BREACH).
struct HttpResponse {
    unsigned status = 200;
    /// Names in lower case; values without CR, LF, NUL: others are answered with 500. The length,
    /// the coding and the connection are the server's to say, and refused here too.
    std::vector<Field> headers;
    std::string text;
    std::shared_ptr<const Body> shared;  ///< instead of `text`
    std::shared_ptr<EventStream> events; ///< instead of both: server-sent events until it is closed
    /// What the log calls this request, as the pattern of its path: "/c/*/series/*". A constant of
    /// the program, never the path itself.
    std::string_view route;
    /// For the log, where the server could not do what was asked: what was in its way. No values.
    std::string why;

    void set(std::string_view name, std::string value); ///< replaces
    void add(std::string_view name, std::string value); ///< for set-cookie
};

/// Answers one request. Called from several threads at once; may wait for the disk; must not throw
/// (what it throws is logged by its type and answered with 500).
using Handler = std::function<HttpResponse(const HttpRequest&)>;

/// How many bytes of body this request may bring, asked when its head is known and before any of
/// its body is read: the limit before sign-in is smaller. Asked on a thread of the workers, like a
/// handler, and only for a request that brings a body; without one the limit is 1 MiB.
using BodyLimit = std::function<std::size_t(const HttpRequest& head)>;

/// Answers what needs no waiting, such as what was answered a moment ago; for all else, nothing:
/// then the `Handler` is asked. Called on the one thread of all connections, so that no thread has
/// to be woken: must neither wait nor take long.
using AtOnce = std::function<std::optional<HttpResponse>(const HttpRequest&)>;

struct Handlers {
    Handler answer;
    BodyLimit body_limit;
    AtOnce at_once; ///< empty: nothing is
};

} // namespace allot::http
