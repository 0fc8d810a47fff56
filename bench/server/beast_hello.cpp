/// A constant text on Boost.Beast with coroutines, as an example would do it: without limits,
/// deadlines, checks, threads or a log. What our HTTP server costs is seen beside it.
/// Prints `ready http://127.0.0.1:PORT/` and answers until it is ended.
#include <cstdio>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <fmt/format.h>

namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;

constexpr auto with_error = asio::as_tuple(asio::use_awaitable);

http::response<http::string_body> hello(const http::request<http::string_body>& request) {
    http::response<http::string_body> response{http::status::ok, request.version()};
    response.set(http::field::content_type, "text/plain; charset=utf-8");
    response.keep_alive(request.keep_alive());
    response.body() = "Hello, world!\n";
    response.prepare_payload();
    return response;
}

asio::awaitable<void> talk(tcp::socket socket) {
    boost::beast::flat_buffer buffer;
    for (;;) {
        http::request<http::string_body> request;
        const auto [broken, read] = co_await http::async_read(socket, buffer, request, with_error);
        if (broken || read == 0) {
            co_return;
        }
        auto response = hello(request);
        const auto [gone, written] = co_await http::async_write(socket, response, with_error);
        if (gone || written == 0 || !response.keep_alive()) {
            co_return;
        }
    }
}

asio::awaitable<void> accept_all(tcp::acceptor& acceptor) {
    for (;;) {
        auto [error, socket] = co_await acceptor.async_accept(with_error);
        if (!error) {
            boost::system::error_code ignored;
            socket.set_option(tcp::no_delay(true), ignored);
            asio::co_spawn(acceptor.get_executor(), talk(std::move(socket)), asio::detached);
        }
    }
}

} // namespace

int main() {
    try {
        asio::io_context io(1);
        tcp::acceptor acceptor(io, {asio::ip::address_v4::loopback(), 0});
        fmt::print("ready http://127.0.0.1:{}/\n", acceptor.local_endpoint().port());
        std::fflush(stdout);
        asio::co_spawn(io, accept_all(acceptor), asio::detached);
        io.run();
    } catch (...) {
        std::fputs("there is no port to listen on\n", stderr);
        return 1;
    }
    return 0;
}
