/// Server-sent events (HTML standard, section 9.2). A handler answers with an `EventStream` and
/// keeps the pointer; the connection takes from it what was sent.
///
/// Life: open from the start; closed by either side, for good. Any thread may call anything.
#pragma once

#include "platform/http/message.hpp"

#include <cstddef>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>

namespace allot::http {

class EventStream {
  public:
    EventStream() = default;
    EventStream(const EventStream&) = delete;
    EventStream& operator=(const EventStream&) = delete;
    ~EventStream() = default;

    /// Sends an event; `data` may have several lines, `event` has none. False: the stream is
    /// closed, now too where the reader has left more than `limits::max_event_bytes` untaken.
    bool send(std::string_view event, std::string_view data);

    /// What was sent still arrives; then the connection ends.
    void close();
    [[nodiscard]] bool closed() const;

    /// Called once when the stream is closed by either side, perhaps at once; from any thread.
    void when_closed(std::function<void()> listener);

    // For the connection.
    /// Called after each change, from any thread.
    void when_changed(std::function<void()> listener);
    /// What was sent since the last time, as it goes over the wire.
    [[nodiscard]] std::string take();

  private:
    void tell_change();

    mutable std::mutex mutex_;
    std::string waiting_;
    bool closed_ = false;
    std::function<void()> on_change_;
    std::function<void()> on_close_;
};

} // namespace allot::http
