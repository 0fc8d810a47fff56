#include "platform/http/events.hpp"

#include "base/limits.hpp"
#include "base/result.hpp"

#include <utility>

namespace allot::http {

namespace {

constexpr std::string_view line_ends = "\r\n";

/// Each line of `data` in a line of its own, so that nothing in it can begin another event.
void append_event(std::string& out, std::string_view event, std::string_view data) {
    if (!event.empty()) {
        out.append("event: ").append(event).append("\n");
    }
    for (bool last = false; !last;) {
        const std::size_t end = data.find_first_of(line_ends);
        last = end == std::string_view::npos;
        out.append("data: ").append(data.substr(0, end)).append("\n");
        if (!last) {
            data.remove_prefix(end + (data.substr(end).starts_with(line_ends) ? 2 : 1));
        }
    }
    out.append("\n");
}

} // namespace

bool EventStream::send(std::string_view event, std::string_view data) {
    ALLOT_CHECK(event.find_first_of(line_ends) == std::string_view::npos,
                "the name of an event is one line");
    {
        const std::scoped_lock lock(mutex_);
        if (closed_) {
            return false;
        }
        if (waiting_.size() + data.size() <= limits::max_event_bytes) {
            append_event(waiting_, event, data);
            tell_change();
            return true;
        }
    }
    close();
    return false;
}

void EventStream::close() {
    std::function<void()> on_close;
    {
        const std::scoped_lock lock(mutex_);
        if (std::exchange(closed_, true)) {
            return;
        }
        tell_change();
        on_close = std::exchange(on_close_, nullptr);
    }
    // Not under the lock: who hears of it may ask the stream.
    if (on_close) {
        on_close();
    }
}

bool EventStream::closed() const {
    const std::scoped_lock lock(mutex_);
    return closed_;
}

void EventStream::when_closed(std::function<void()> listener) {
    {
        const std::scoped_lock lock(mutex_);
        if (!closed_) {
            on_close_ = std::move(listener);
            return;
        }
    }
    listener();
}

/// Under the lock, so that a connection that is about to go is not told any more once it has set
/// the listener to nothing. It only posts.
void EventStream::tell_change() {
    if (on_change_) {
        on_change_();
    }
}

void EventStream::when_changed(std::function<void()> listener) {
    const std::scoped_lock lock(mutex_);
    on_change_ = std::move(listener);
}

std::string EventStream::take() {
    const std::scoped_lock lock(mutex_);
    return std::exchange(waiting_, {});
}

} // namespace allot::http
