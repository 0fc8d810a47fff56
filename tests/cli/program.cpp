#include "tests/cli/program.hpp"

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <fstream>
#include <iterator>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <doctest/doctest.h>

namespace allot::tests {

namespace fs = std::filesystem;

Folder::Folder() {
    std::string name = (fs::temp_directory_path() / "allotment-cli-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    path_ = name;
}

Folder::~Folder() {
    std::error_code error;
    fs::remove_all(path_, error);
}

void Folder::put(std::string_view name, std::string_view content) const {
    std::ofstream file(path(name), std::ios::binary);
    file << content;
    REQUIRE(file.flush());
}

std::string Folder::content(std::string_view name) const {
    std::ifstream file(path(name), std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

bool Folder::has(std::string_view name) const {
    return fs::exists(path(name));
}

std::vector<std::string> Folder::names() const {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(path_)) {
        names.push_back(entry.path().filename().string());
    }
    std::ranges::sort(names);
    return names;
}

namespace {

void send_to_file(const std::string& path, int descriptor) {
    const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (file < 0 || ::dup2(file, descriptor) < 0) {
        std::_Exit(126);
    }
}

/// In the child; never returns.
[[noreturn]] void become_program(const std::string& folder, const std::string& out,
                                 const std::string& err, std::vector<std::string> words,
                                 Setting setting) {
    send_to_file(out, STDOUT_FILENO);
    if (setting.error_descriptor >= 0) {
        ::dup2(setting.error_descriptor, STDERR_FILENO);
    } else {
        send_to_file(err, STDERR_FILENO);
    }
    if (setting.most_file_bytes >= 0) {
        const auto most = static_cast<rlim_t>(setting.most_file_bytes);
        const struct rlimit limit = {most, most};
        ::setrlimit(RLIMIT_FSIZE, &limit);
        struct sigaction ignored = {};
        ignored.sa_handler = SIG_IGN; // the write says it failed
        ::sigaction(SIGXFSZ, &ignored, nullptr);
    }
    std::vector<char*> arguments;
    words.insert(words.begin(), "allotment");
    arguments.reserve(words.size() + 1);
    for (auto& word : words) {
        arguments.push_back(word.data());
    }
    arguments.push_back(nullptr);
    if (::chdir(folder.c_str()) == 0) {
        ::execv(ALLOTMENT_PROGRAM, arguments.data());
    }
    std::_Exit(127);
}

} // namespace

Running::Running(const Folder& folder, const std::vector<std::string>& words, Setting setting)
    : process_(::fork()) {
    REQUIRE(process_ >= 0);
    if (process_ == 0) {
        become_program(folder.path(""), output_.path("out"), output_.path("err"), words, setting);
    }
}

void Running::signal(int number) const {
    REQUIRE(::kill(process_, number) == 0);
}

Finished Running::wait() {
    int status = 0;
    REQUIRE(::waitpid(process_, &status, 0) == process_);
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, output_.content("out"),
            output_.content("err")};
}

Finished run(const Folder& folder, const std::vector<std::string>& words, Setting setting) {
    return Running(folder, words, setting).wait();
}

} // namespace allot::tests
