/// Files for their owner alone that are not there until they are whole: backups, archives, and the
/// database that a restore makes.
#pragma once

#include "base/result.hpp"

#include <filesystem>
#include <string>
#include <string_view>

namespace allot::app::keeping {

/// A descriptor that is closed.
class OpenFile {
  public:
    explicit OpenFile(int number) : number_(number) {}
    OpenFile(OpenFile&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
    OpenFile& operator=(OpenFile&&) = delete;
    OpenFile(const OpenFile&) = delete;
    OpenFile& operator=(const OpenFile&) = delete;
    ~OpenFile();
    [[nodiscard]] int number() const { return number_; }

  private:
    int number_;
};

/// "backup.sqlite: cannot write: No space left on device"; `io`, or `invalid` where the path is at
/// fault.
[[nodiscard]] std::unexpected<Error> failed_to(std::string_view what, const std::string& path,
                                               int error);
/// Errors: the disk; `interrupted` after SIGINT or SIGTERM.
[[nodiscard]] Result<void> write_whole(int descriptor, std::string_view bytes,
                                       const std::string& path);
[[nodiscard]] Result<void> sync(int descriptor, const std::string& path);
/// Where root makes a file in the folder of a server, the server must be able to write it.
[[nodiscard]] Result<void> give_to_owner_of_folder(int descriptor,
                                                   const std::filesystem::path& file);
/// Cuts a file behind its last line end: what follows is of a machine that lost power.
[[nodiscard]] Result<void> drop_half_line(int descriptor, const std::string& path);

/// A file beside its target, `.NAME.part`, mode 0600. Another process cannot make the same at the
/// same time; what a process left behind that was killed is replaced. Without `commit` nothing
/// remains of it.
class NewFile {
  public:
    /// Errors (`invalid`): the target is there already, its folder is missing or takes no files;
    /// `conflict`: another process is making it.
    [[nodiscard]] static Result<NewFile> make(const std::filesystem::path& target);
    NewFile(NewFile&& other) noexcept
        : target_(std::move(other.target_)), part_(std::exchange(other.part_, {})),
          file_(std::move(other.file_)) {}
    NewFile& operator=(NewFile&&) = delete;
    NewFile(const NewFile&) = delete;
    NewFile& operator=(const NewFile&) = delete;
    ~NewFile();

    /// Where it is until `commit`; others may write it by this name.
    [[nodiscard]] const std::filesystem::path& part() const { return part_; }
    [[nodiscard]] Result<void> write(std::string_view bytes) const;
    /// Syncs it, gives it its name, and syncs the folder. Errors: the target has come meanwhile.
    [[nodiscard]] Result<void> commit();

  private:
    NewFile(std::filesystem::path target, std::filesystem::path part, OpenFile file)
        : target_(std::move(target)), part_(std::move(part)), file_(std::move(file)) {}

    std::filesystem::path target_;
    std::filesystem::path part_; ///< empty after commit
    OpenFile file_;
};

} // namespace allot::app::keeping
