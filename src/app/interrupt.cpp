#include "app/interrupt.hpp"

#include <atomic>
#include <csignal>

namespace allot::interrupt {

namespace {

std::atomic<bool> stop_was_asked = false;
static_assert(std::atomic<bool>::is_always_lock_free, "a signal handler may write nothing else");

extern "C" void note_signal(int) {
    stop_was_asked.store(true, std::memory_order_relaxed);
}

} // namespace

void catch_signals() {
    struct sigaction action = {};
    action.sa_handler = note_signal;
    sigemptyset(&action.sa_mask);
    action.sa_flags = 0; // no SA_RESTART: a read that waits must end
    sigaction(SIGINT, &action, nullptr);
    sigaction(SIGTERM, &action, nullptr);
}

bool requested() {
    return stop_was_asked.load(std::memory_order_relaxed);
}

std::unexpected<Error> failure() {
    return fail(ErrorKind::interrupted, "stopped; nothing was written");
}

Result<void> check() {
    if (requested()) {
        return failure();
    }
    return {};
}

} // namespace allot::interrupt
