#include "bench/allot/process.hpp"

#include "base/result.hpp"

#include <array>
#include <chrono>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace allot::bench {

namespace {

double seconds(const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
}

[[noreturn]] void become(const std::vector<std::string>& command, int output) {
    std::vector<char*> arguments;
    for (const auto& word : command) {
        arguments.push_back(const_cast<char*>(word.c_str())); // execv wants it so
    }
    arguments.push_back(nullptr);
    ::dup2(output, STDOUT_FILENO);
    ::execv(arguments.front(), arguments.data());
    ::_exit(127);
}

} // namespace

Finished run_process(const std::vector<std::string>& command) {
    std::array<int, 2> ends{};
    ALLOT_CHECK(::pipe(ends.data()) == 0, "a pipe can be made");
    const auto began = std::chrono::steady_clock::now();
    const pid_t child = ::fork();
    ALLOT_CHECK(child >= 0, "a process can be started");
    if (child == 0) {
        become(command, ends[1]);
    }
    ::close(ends[1]);
    Finished finished;
    std::array<char, 4096> buffer{};
    for (ssize_t n = 0; (n = ::read(ends[0], buffer.data(), buffer.size())) > 0;) {
        finished.output.append(buffer.data(), static_cast<std::size_t>(n));
    }
    ::close(ends[0]);
    int status = 0;
    struct rusage usage = {};
    ALLOT_CHECK(::wait4(child, &status, 0, &usage) == child, "a child can be waited for");
    finished.wall_seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
    finished.cpu_seconds = seconds(usage.ru_utime) + seconds(usage.ru_stime);
    finished.peak_rss_bytes = std::int64_t{usage.ru_maxrss} * 1024;
    finished.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return finished;
}

std::int64_t own_peak_rss_bytes() {
    struct rusage usage = {};
    ::getrusage(RUSAGE_SELF, &usage);
    return std::int64_t{usage.ru_maxrss} * 1024;
}

} // namespace allot::bench
