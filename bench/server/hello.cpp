/// A constant text on our own HTTP server: what `allotment serve` costs beyond it is pages and
/// store. Prints `ready http://127.0.0.1:PORT/` and answers until it is ended.
#include "platform/http/server.hpp"
#include "platform/log.hpp"
#include "platform/world.hpp"

#include <cstdio>
#include <unistd.h>

#include <fmt/format.h>

namespace {

using namespace allot;

/// To the same place as that of `allotment serve`, so that both pay for their log.
void write_to_stderr(std::string_view line) {
    static_cast<void>(!::write(STDERR_FILENO, line.data(), line.size()));
}

http::HttpResponse hello(const http::HttpRequest& /*request*/) {
    http::HttpResponse response;
    response.set("content-type", "text/plain; charset=utf-8");
    response.text = "Hello, world!\n";
    response.route = "/";
    return response;
}

} // namespace

int main() {
    const SystemClock clock;
    Log log(clock, write_to_stderr);
    const auto server = http::Server::listen({}, {.answer = hello}, log);
    if (!server) {
        fmt::print(stderr, "{}\n", server.error().message);
        return 1;
    }
    fmt::print("ready http://127.0.0.1:{}/\n", (*server)->port());
    std::fflush(stdout);
    (*server)->run();
    return 0;
}
