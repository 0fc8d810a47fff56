/// One connection's side of HTTP/1, decided without a socket: bytes come in, and `next` says what
/// is to be done. `server.cpp` does it with Asio; tests and the fuzzer do it with strings.
#pragma once

#include "platform/http/answer.hpp"
#include "platform/http/caller.hpp"
#include "platform/http/message.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace allot::http {

/// What a connection waits for while it reads; each has a deadline of its own.
enum class Phase : std::uint8_t { idle, head, body };

enum class Step : std::uint8_t {
    read,   ///< give `received` or `ended`, or `late`
    limit,  ///< give `allow`: how much body this request may bring
    handle, ///< give `answer`
    write,  ///< write `outgoing`, then say `written`
    stream, ///< send the events of the answer until they end, then close
    end,    ///< close
};

/// What is being written. Views into the conversation.
struct Outgoing {
    std::string_view head;
    std::string_view body;
};

/// Life: as long as its connection; not safe for several threads, except that `request` may be read
/// by another while the step is `limit` or `handle`.
class Conversation {
  public:
    /// `peer` is the address of the other end as `plain_address` writes it.
    Conversation(const Gate& gate, std::size_t max_head_bytes, std::string peer);
    Conversation(const Conversation&) = delete;
    Conversation& operator=(const Conversation&) = delete;
    ~Conversation();

    /// The same until what it asks for is given.
    [[nodiscard]] Step next();
    [[nodiscard]] Phase phase() const { return phase_; }

    void received(std::string_view bytes);
    void ended(); ///< the client sends no more
    void late();  ///< the deadline of the phase is over
    void drain(); ///< no further request after the one under way

    [[nodiscard]] const HttpRequest& request() const { return request_; }
    void allow(std::size_t body_bytes);
    void answer(Answer answer);
    /// Refuses in place of an answer, as `make_refusal` does; the connection is closed after it.
    void refuse(unsigned status, std::string_view why);

    /// `date` as `http_date` writes it.
    [[nodiscard]] Outgoing outgoing(std::string_view date);
    void written();
    void abandon() { step_ = Step::end; } ///< it could not be written
    /// At the end: whether the client may still be sending and has an answer to read.
    [[nodiscard]] bool lingers() const { return lingers_; }
    [[nodiscard]] const std::shared_ptr<EventStream>& events() const { return answer_.events; }

    /// For the log. An answer of 100 is none.
    [[nodiscard]] bool is_answer() const { return !continuing_; }
    [[nodiscard]] unsigned status() const { return answer_.status; }
    [[nodiscard]] std::string_view route() const { return answer_.route; }
    [[nodiscard]] std::string_view method() const { return method_; }
    /// Of a refusal, or of what a handler could not do.
    [[nodiscard]] std::string_view why() const { return why_.empty() ? answer_.why : why_; }

  private:
    struct Parser;

    void read_head();
    void accept_head();
    [[nodiscard]] bool take_head(std::string_view head);
    void take_fields();
    [[nodiscard]] std::string_view framing_error() const;
    void read_target_and_body();
    void read_body();
    void next_request();

    const Gate& gate_;
    std::size_t max_head_bytes_;
    std::string peer_;

    std::unique_ptr<Parser> parser_;
    std::string buffer_;       ///< received and not parsed
    std::size_t searched_ = 0; ///< of `buffer_`, for the end of the head
    Step step_ = Step::read;
    Phase phase_ = Phase::idle;
    HttpRequest request_;
    std::string_view method_;
    std::string_view why_;
    Answer answer_;
    std::string out_;
    bool head_only_ = false;  ///< HEAD
    bool old_ = false;        ///< HTTP/1.0
    bool continuing_ = false; ///< what is written is "100 Continue"
    bool keep_alive_ = true;
    bool draining_ = false;
    bool ended_ = false;
    bool lingers_ = false;
};

/// "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110, section 5.6.7).
[[nodiscard]] std::string http_date(std::chrono::sys_seconds at);

} // namespace allot::http
