#include "base/limits.hpp"
#include "platform/http/events.hpp"

#include <doctest/doctest.h>

using namespace allot;
using namespace allot::http;

TEST_CASE("an event goes out line by line and cannot begin another") {
    EventStream stream;
    CHECK(stream.send("hand", "up"));
    CHECK(stream.send("", "a\nb\r\nevent: x\r\r\n"));
    CHECK(stream.take() ==
          "event: hand\ndata: up\n\ndata: a\ndata: b\ndata: event: x\ndata: \ndata: \n\n");
    CHECK(stream.take().empty());
}

TEST_CASE("a stream that is closed takes no more, and what was sent stays") {
    EventStream stream;
    int heard = 0;
    stream.when_closed([&] { ++heard; });
    CHECK(stream.send("", "last"));
    stream.close();
    stream.close();
    CHECK_FALSE(stream.send("", "more"));
    CHECK(stream.closed());
    CHECK(heard == 1);
    CHECK(stream.take() == "data: last\n\n");
    stream.when_closed([&] { ++heard; });
    CHECK(heard == 2);
}

TEST_CASE("a reader that is too slow is let go") {
    EventStream stream;
    const std::string half(limits::max_event_bytes / 2 + 1, 'x');
    CHECK(stream.send("", half));
    CHECK_FALSE(stream.send("", half));
    CHECK(stream.closed());
}

TEST_CASE("the connection hears of each change") {
    EventStream stream;
    int changes = 0;
    stream.when_changed([&] { ++changes; });
    CHECK(stream.send("", "1"));
    stream.close();
    CHECK(changes == 2);
}
