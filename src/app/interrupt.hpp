/// SIGINT and SIGTERM as a question that long work asks. Holds the only global of this program,
/// because a signal handler can reach nothing else.
#pragma once

#include "base/result.hpp"

namespace allot::interrupt {

/// From here on SIGINT and SIGTERM are noted and end a system call that waits. Call once, in main.
void catch_signals();

/// Has the person asked to stop? Any thread.
[[nodiscard]] bool requested();

/// The error of work that stopped because of it.
[[nodiscard]] std::unexpected<Error> failure();

/// `ErrorKind::interrupted` if the person asked to stop.
[[nodiscard]] Result<void> check();

} // namespace allot::interrupt
