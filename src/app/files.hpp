/// Files as the commands need them: read whole, and replaced whole or not at all.
///
/// Errors: `invalid` where the path that a person named cannot be used (missing, no permission, a
/// folder); `io` where the disk fails; `interrupted` after SIGINT or SIGTERM.
#pragma once

#include "base/result.hpp"

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace allot::app {

/// The bytes of a file, aligned for every number in it whose offset is. Moving keeps their address.
class FileBytes {
  public:
    FileBytes() = default;

    [[nodiscard]] std::string_view view() const { return {bytes_.get(), size_}; }

  private:
    friend Result<FileBytes> read_file(const std::string& path);

    struct Free {
        void operator()(char* bytes) const;
    };
    using Storage = std::unique_ptr<char, Free>;

    [[nodiscard]] static Storage allocate(std::size_t bytes);
    void grow(std::size_t capacity);
    [[nodiscard]] Result<void> read_at_once(int descriptor, std::size_t size,
                                            const std::string& path);
    [[nodiscard]] Result<void> read_to_end(int descriptor, const std::string& path);

    Storage bytes_;
    std::size_t size_ = 0;
    std::size_t capacity_ = 0;
};

/// Reads a regular file, or a pipe or a device to its end. A file of hundreds of megabytes is read
/// by two threads, once, to where it stays.
[[nodiscard]] Result<FileBytes> read_file(const std::string& path);

/// The same for an option that takes a number or a file: a word that is neither says so.
[[nodiscard]] Result<FileBytes> read_counts_file(std::string_view option, const std::string& path);

/// Do both paths mean one file, which need not exist yet?
[[nodiscard]] bool is_same_file(const std::string& a, const std::string& b);

/// Error: they are one file, so that the output would take the place of its input.
[[nodiscard]] Result<void> check_not_input(const std::string& input, const std::string& output);

/// Can a file be put here? Its folder must exist and take new files; what is there now may only be
/// a regular file. To be asked before long work.
[[nodiscard]] Result<void> check_output_file(const std::string& path);

/// A file that is complete on the disk under another name, beside its target. It takes the place of
/// the target on `commit`; without that, nothing remains of it.
class PendingFile {
  public:
    /// Writes and syncs. A target that is a link means the file it leads to; the mode of a file
    /// that is replaced is kept.
    [[nodiscard]] static Result<PendingFile> write(const std::string& target,
                                                   std::string_view content);
    PendingFile(PendingFile&& other) noexcept;
    PendingFile& operator=(PendingFile&&) = delete;
    PendingFile(const PendingFile&) = delete;
    PendingFile& operator=(const PendingFile&) = delete;
    ~PendingFile();

    /// Renames and syncs the folder.
    [[nodiscard]] Result<void> commit();

  private:
    PendingFile(std::string target, std::string temporary)
        : target_(std::move(target)), temporary_(std::move(temporary)) {}

    std::string target_;
    std::string temporary_; ///< empty after commit
};

/// One file, replaced atomically.
[[nodiscard]] Result<void> replace_file(const std::string& target, std::string_view content);

/// Removes a file and syncs its folder; one that is not there is fine.
[[nodiscard]] Result<void> remove_file(const std::string& path);

/// What a folder is to hold: content by relative name; `letters/anna.txt` makes a folder.
using FolderContent = std::map<std::string, std::string>;

/// Says whether this program made the folder at `path`, so that replacing it loses nothing.
using IsOurs = std::function<bool(const std::string& path)>;

/// Can a folder be put here? What is there now may be nothing, an empty folder or one that
/// `is_ours`. Folders above it need not exist. To be asked before long work.
[[nodiscard]] Result<void> check_output_folder(const std::string& path, const IsOurs& is_ours);

/// Writes a folder beside `target`, then exchanges the two in one step and removes the old one.
/// Missing folders above are made, and removed again where this fails. Errors: those of
/// `check_output_folder`, and a relative name that leads out of the folder.
[[nodiscard]] Result<void> replace_directory(const std::string& target,
                                             const FolderContent& content, const IsOurs& is_ours);

} // namespace allot::app
