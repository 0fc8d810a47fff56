/// Runs the built program in a folder of its own.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <vector>

namespace allot::tests {

/// An empty folder that is removed at the end of its life.
class Folder {
  public:
    Folder();
    ~Folder();
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    Folder(Folder&&) = delete;
    Folder& operator=(Folder&&) = delete;

    [[nodiscard]] std::string path(std::string_view name) const { return (path_ / name).string(); }
    void put(std::string_view name, std::string_view content) const;
    /// Everything in a file.
    [[nodiscard]] std::string content(std::string_view name) const;
    [[nodiscard]] bool has(std::string_view name) const;
    /// The names in it, hidden ones too, sorted.
    [[nodiscard]] std::vector<std::string> names() const;

  private:
    std::filesystem::path path_;
};

struct Finished {
    int code = 0; ///< exit code; -1 if a signal killed it
    std::string out;
    std::string err;
};

/// What is unusual about a run.
struct Setting {
    int error_descriptor = -1; ///< where stderr goes; -1: into `Finished::err`
    long most_file_bytes = -1; ///< a write beyond fails, as on a full disk
};

/// The program at work in a folder. Its words go to files outside that folder.
class Running {
  public:
    Running(const Folder& folder, const std::vector<std::string>& words, Setting setting = {});
    void signal(int number) const;
    [[nodiscard]] Finished wait();
    /// What it has said on stdout until now.
    [[nodiscard]] std::string output() const { return output_.content("out"); }

  private:
    Folder output_;
    pid_t process_ = -1;
};

/// Runs to the end.
[[nodiscard]] Finished run(const Folder& folder, const std::vector<std::string>& words,
                           Setting setting = {});

} // namespace allot::tests
