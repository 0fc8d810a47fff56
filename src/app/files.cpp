#include "app/files.hpp"

#include "app/interrupt.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <new>
#include <ranges>
#include <sys/mman.h>
#include <sys/stat.h>
#include <system_error>
#include <thread>
#include <unistd.h>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace allot::app {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t huge_page = std::size_t{2} << 20U;
/// From here on two threads read a file faster than one: each page is cleared and filled.
constexpr std::size_t large_file = std::size_t{64} << 20U;
/// Bytes between two looks at whether the person asked to stop.
constexpr std::size_t most_at_once = std::size_t{16} << 20U;

std::string words_of(int error) {
    return std::generic_category().message(error);
}

/// `invalid` where another path would help, else `io`.
ErrorKind kind_of(int error) {
    switch (error) {
    case ENOENT:
    case ENOTDIR:
    case EISDIR:
    case EACCES:
    case EPERM:
    case EROFS:
    case ELOOP:
    case ENAMETOOLONG:
        return ErrorKind::invalid;
    case EINTR:
        return ErrorKind::interrupted;
    default:
        return ErrorKind::io;
    }
}

std::unexpected<Error> failed_to(std::string_view what, std::string_view path, int error) {
    if (error == EINTR && interrupt::requested()) {
        return interrupt::failure();
    }
    return fail(kind_of(error), fmt::format("{}: cannot {}: {}", path, what, words_of(error)));
}

/// An open file, closed at the end of its life.
class Descriptor {
  public:
    explicit Descriptor(int number) : number_(number) {}
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    Descriptor(Descriptor&&) = delete;
    Descriptor& operator=(Descriptor&&) = delete;
    ~Descriptor() {
        if (number_ >= 0) {
            ::close(number_);
        }
    }
    [[nodiscard]] int number() const { return number_; }
    [[nodiscard]] bool is_open() const { return number_ >= 0; }

  private:
    int number_;
};

std::string folder_of(const std::string& path) {
    const auto parent = fs::path(path).parent_path();
    return parent.empty() ? "." : parent.string();
}

/// A hidden name beside `path` that nobody else uses.
std::string temporary_beside(const std::string& path) {
    const auto name = fs::path(path).filename().string();
    return (fs::path(folder_of(path)) / fmt::format(".{}.{}.tmp", name, ::getpid())).string();
}

/// Where a chain of links leads; `path` itself where it leads to nothing.
std::string without_links(const std::string& path) {
    std::error_code error;
    const auto resolved = fs::canonical(path, error);
    return error ? path : resolved.string();
}

/// `letters/` and `letters` mean one folder.
std::string without_final_slash(std::string path) {
    while (path.size() > 1 && path.ends_with('/')) {
        path.pop_back();
    }
    return path;
}

/// Reads `size` bytes at `offset`. 0, or the error; ENODATA if the file ends before.
int read_part(int descriptor, char* to, std::size_t size, std::size_t offset) {
    while (size > 0) {
        if (interrupt::requested()) {
            return EINTR;
        }
        const auto got =
            ::pread(descriptor, to, std::min(size, most_at_once), static_cast<off_t>(offset));
        if (got < 0 && errno != EINTR) {
            return errno;
        }
        if (got == 0) {
            return ENODATA;
        }
        const auto n = static_cast<std::size_t>(std::max<ssize_t>(got, 0));
        to += n;
        size -= n;
        offset += n;
    }
    return 0;
}

Result<void> sync_folder(const std::string& path) {
    const Descriptor folder(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!folder.is_open() || ::fsync(folder.number()) != 0) {
        return failed_to("sync the folder", path, errno);
    }
    return {};
}

Result<void> check_folder_takes_files(const std::string& folder) {
    std::error_code error;
    if (!fs::is_directory(folder, error)) {
        return fail(ErrorKind::invalid,
                    fmt::format("{}: found no such folder, expected one that exists", folder));
    }
    if (::access(folder.c_str(), W_OK | X_OK) != 0) {
        return failed_to("write in this folder", folder, errno);
    }
    return {};
}

Result<void> write_all(const Descriptor& file, std::string_view content, const std::string& path) {
    while (!content.empty()) {
        const auto written =
            ::write(file.number(), content.data(), std::min(content.size(), most_at_once));
        if (written < 0 && errno != EINTR) {
            return failed_to("write", path, errno);
        }
        content.remove_prefix(static_cast<std::size_t>(std::max<ssize_t>(written, 0)));
        TRY_DO(interrupt::check());
    }
    return {};
}

} // namespace

void FileBytes::Free::operator()(char* bytes) const {
    std::free(bytes); // NOLINT(*-no-malloc): from aligned_alloc
}

FileBytes::Storage FileBytes::allocate(std::size_t bytes) {
    const std::size_t unit = bytes >= huge_page ? huge_page : 64;
    const std::size_t rounded = (bytes + unit - 1) / unit * unit;
    Storage storage(static_cast<char*>(std::aligned_alloc(unit, rounded)));
    if (!storage) {
        throw std::bad_alloc();
    }
    if (unit == huge_page) {
        ::madvise(storage.get(), rounded, MADV_HUGEPAGE); // only a wish
    }
    return storage;
}

void FileBytes::grow(std::size_t capacity) {
    Storage larger = allocate(capacity);
    if (size_ > 0) {
        std::memcpy(larger.get(), bytes_.get(), size_);
    }
    bytes_ = std::move(larger);
    capacity_ = capacity;
}

Result<void> FileBytes::read_at_once(int descriptor, std::size_t size, const std::string& path) {
    grow(size);
    const std::size_t half = size / 2;
    int error_of_half = 0;
    std::jthread other([&] { error_of_half = read_part(descriptor, bytes_.get(), half, 0); });
    const int error = read_part(descriptor, bytes_.get() + half, size - half, half);
    other.join();
    if (error != 0 || error_of_half != 0) {
        return failed_to("read", path, error != 0 ? error : error_of_half);
    }
    size_ = size;
    return {};
}

Result<void> FileBytes::read_to_end(int descriptor, const std::string& path) {
    while (true) {
        TRY_DO(interrupt::check());
        if (size_ == capacity_) {
            grow(std::max<std::size_t>(2 * capacity_, 4096));
        }
        const auto got =
            ::read(descriptor, bytes_.get() + size_, std::min(capacity_ - size_, most_at_once));
        if (got < 0 && errno != EINTR) {
            return failed_to("read", path, errno);
        }
        if (got == 0) {
            return interrupt::check();
        }
        size_ += static_cast<std::size_t>(std::max<ssize_t>(got, 0));
    }
}

Result<FileBytes> read_file(const std::string& path) {
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    struct stat found = {};
    if (!file.is_open() || ::fstat(file.number(), &found) != 0) {
        return failed_to("read", path, errno);
    }
    if (S_ISDIR(found.st_mode)) {
        return fail(ErrorKind::invalid, fmt::format("{}: found a folder, expected a file", path));
    }
    FileBytes bytes;
    const auto size = S_ISREG(found.st_mode) ? static_cast<std::size_t>(found.st_size) : 0;
    if (size >= large_file) {
        TRY_DO(bytes.read_at_once(file.number(), size, path));
        return bytes;
    }
    bytes.grow(size + 1); // so that the end is seen without growing
    TRY_DO(bytes.read_to_end(file.number(), path));
    return bytes;
}

Result<FileBytes> read_counts_file(std::string_view option, const std::string& path) {
    auto bytes = read_file(path);
    if (!bytes) {
        return fail(bytes.error().kind,
                    fmt::format("{}: {}; expected a whole number, or a file of ids and numbers",
                                option, bytes.error().message));
    }
    return bytes;
}

bool is_same_file(const std::string& a, const std::string& b) {
    std::error_code error;
    if (fs::equivalent(a, b, error) && !error) {
        return true;
    }
    const auto full_a = fs::weakly_canonical(fs::absolute(a, error), error);
    const auto full_b = fs::weakly_canonical(fs::absolute(b, error), error);
    return full_a == full_b;
}

Result<void> check_not_input(const std::string& input, const std::string& output) {
    if (is_same_file(input, output)) {
        return fail(ErrorKind::invalid,
                    fmt::format("{}: found as input and as output, expected two files", output));
    }
    return {};
}

Result<void> check_output_file(const std::string& path) {
    if (path.empty() || path.ends_with('/')) {
        return fail(ErrorKind::invalid,
                    fmt::format("found \"{}\", expected the name of a file to write", path));
    }
    std::error_code error;
    const auto status = fs::status(path, error);
    if (fs::is_directory(status)) {
        return fail(ErrorKind::invalid, fmt::format("{}: found a folder, expected a file", path));
    }
    if (fs::exists(status) && !fs::is_regular_file(status)) {
        return fail(ErrorKind::invalid,
                    fmt::format("{}: found a device or a pipe, expected a regular file", path));
    }
    return check_folder_takes_files(folder_of(without_links(path)));
}

Result<PendingFile> PendingFile::write(const std::string& target, std::string_view content) {
    const std::string final_target = without_links(target);
    const std::string temporary = temporary_beside(final_target);
    ::unlink(temporary.c_str()); // of a killed process that had our number
    const Descriptor file(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
    if (!file.is_open()) {
        return failed_to("write", target, errno);
    }
    PendingFile pending(final_target, temporary);
    struct stat replaced = {};
    if (::stat(final_target.c_str(), &replaced) == 0) {
        ::fchmod(file.number(), replaced.st_mode & 07777U);
    }
    TRY_DO(write_all(file, content, target));
    if (::fsync(file.number()) != 0) {
        return failed_to("write", target, errno);
    }
    return pending;
}

PendingFile::PendingFile(PendingFile&& other) noexcept
    : target_(std::move(other.target_)), temporary_(std::exchange(other.temporary_, {})) {}

PendingFile::~PendingFile() {
    if (!temporary_.empty()) {
        ::unlink(temporary_.c_str());
    }
}

Result<void> PendingFile::commit() {
    if (::rename(temporary_.c_str(), target_.c_str()) != 0) {
        return failed_to("replace", target_, errno);
    }
    temporary_.clear();
    return sync_folder(folder_of(target_));
}

Result<void> replace_file(const std::string& target, std::string_view content) {
    TRY(auto pending, PendingFile::write(target, content));
    return pending.commit();
}

Result<void> remove_file(const std::string& path) {
    if (::unlink(path.c_str()) != 0) {
        if (errno == ENOENT) {
            return {};
        }
        return failed_to("remove", path, errno);
    }
    return sync_folder(folder_of(path));
}

namespace {

/// A folder that is removed with all that it holds at the end of its life, whatever it holds then.
class TemporaryFolder {
  public:
    [[nodiscard]] static Result<std::unique_ptr<TemporaryFolder>>
    beside(const std::string& target) {
        auto path = temporary_beside(target);
        std::error_code error;
        fs::remove_all(path, error); // of a killed process that had our number
        if (::mkdir(path.c_str(), 0777) != 0) {
            return failed_to("make a folder", path, errno);
        }
        return std::make_unique<TemporaryFolder>(std::move(path));
    }
    explicit TemporaryFolder(std::string path) : path_(std::move(path)) {}
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    TemporaryFolder(TemporaryFolder&&) = delete;
    TemporaryFolder& operator=(TemporaryFolder&&) = delete;
    ~TemporaryFolder() {
        std::error_code error;
        fs::remove_all(path_, error);
    }
    [[nodiscard]] const std::string& path() const { return path_; }

  private:
    std::string path_;
};

/// The nearest folder above `path` that exists, or what stands in its place.
std::string nearest_folder(const std::string& path) {
    std::error_code error;
    std::string folder = folder_of(path);
    while (!fs::exists(fs::symlink_status(folder, error)) && folder != folder_of(folder)) {
        folder = folder_of(folder);
    }
    return folder;
}

/// Folders that were missing above an output. At the end of its life they are removed again if they
/// are empty, unless they were kept.
class MadeFolders {
  public:
    MadeFolders() = default;
    MadeFolders(const MadeFolders&) = delete;
    MadeFolders& operator=(const MadeFolders&) = delete;
    MadeFolders(MadeFolders&&) = delete;
    MadeFolders& operator=(MadeFolders&&) = delete;
    ~MadeFolders() {
        for (const auto& folder : made_ | std::views::reverse) {
            ::rmdir(folder.c_str());
        }
    }

    Result<void> make(const std::string& folder) {
        std::error_code error;
        if (fs::is_directory(folder, error)) {
            return {};
        }
        TRY_DO(make(folder_of(folder)));
        if (::mkdir(folder.c_str(), 0777) == 0) {
            made_.push_back(folder);
        } else if (errno != EEXIST) {
            return failed_to("make a folder", folder, errno);
        }
        return {};
    }

    Result<void> keep() {
        const auto made = std::exchange(made_, {});
        for (const auto& folder : made) {
            TRY_DO(sync_folder(folder_of(folder)));
        }
        return {};
    }

  private:
    std::vector<std::string> made_;
};

Result<void> write_in(const std::string& folder, const std::string& name,
                      std::string_view content) {
    const fs::path relative(name);
    if (name.empty() || relative.is_absolute() ||
        std::ranges::find(relative, fs::path("..")) != relative.end()) {
        return fail(ErrorKind::invalid, fmt::format("{}: not a name inside a folder", name));
    }
    const fs::path path = fs::path(folder) / relative;
    std::error_code error;
    fs::create_directories(path.parent_path(), error);
    if (error) {
        return failed_to("make a folder", path.parent_path().string(), error.value());
    }
    const Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
    if (!file.is_open()) {
        return failed_to("write", path.string(), errno);
    }
    return write_all(file, content, path.string());
}

/// One call for thousands of small files.
Result<void> sync_files_under(const std::string& folder) {
    const Descriptor opened(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!opened.is_open() || ::syncfs(opened.number()) != 0) {
        return failed_to("sync the folder", folder, errno);
    }
    return {};
}

/// Leaves the old folder, if there was one, under the name `temporary`.
Result<void> exchange(const std::string& temporary, const std::string& target) {
    std::error_code error;
    const bool exists = fs::exists(fs::symlink_status(target, error));
    const unsigned flags = exists ? RENAME_EXCHANGE : RENAME_NOREPLACE;
    if (::renameat2(AT_FDCWD, temporary.c_str(), AT_FDCWD, target.c_str(), flags) == 0) {
        return {};
    }
    if (errno != EINVAL && errno != ENOSYS) {
        return failed_to("replace", target, errno);
    }
    // A file system that cannot exchange: for a moment there is no folder.
    const std::string old = temporary + ".old";
    if (exists && ::rename(target.c_str(), old.c_str()) != 0) {
        return failed_to("replace", target, errno);
    }
    if (::rename(temporary.c_str(), target.c_str()) != 0) {
        const int reason = errno;
        if (exists && ::rename(old.c_str(), target.c_str()) != 0) {
            return failed_to("bring back", old, errno);
        }
        return failed_to("replace", target, reason);
    }
    if (exists && ::rename(old.c_str(), temporary.c_str()) != 0) {
        return failed_to("remove", old, errno);
    }
    return {};
}

} // namespace

Result<void> check_output_folder(const std::string& path, const IsOurs& is_ours) {
    const std::string target = without_links(without_final_slash(path));
    if (target.empty() || fs::path(target).filename().empty()) {
        return fail(ErrorKind::invalid,
                    fmt::format("found \"{}\", expected the name of a folder to write", path));
    }
    std::error_code error;
    const auto status = fs::status(target, error);
    if (fs::exists(status) && !fs::is_directory(status)) {
        return fail(ErrorKind::invalid,
                    fmt::format("{}: found a file, expected a folder or nothing", path));
    }
    TRY_DO(check_folder_takes_files(nearest_folder(target)));
    if (!fs::exists(status)) {
        return {};
    }
    const bool is_empty = fs::is_empty(target, error);
    if (error) {
        return failed_to("read the folder", path, error.value());
    }
    if (!is_empty && !is_ours(target)) {
        return fail(ErrorKind::invalid,
                    fmt::format("{}: found a folder with other files, expected an empty one or one "
                                "that this program wrote",
                                path));
    }
    return {};
}

Result<void> replace_directory(const std::string& target, const FolderContent& content,
                               const IsOurs& is_ours) {
    TRY_DO(check_output_folder(target, is_ours));
    const std::string final_target = without_links(without_final_slash(target));
    MadeFolders above;
    TRY_DO(above.make(folder_of(final_target)));
    TRY(const auto temporary, TemporaryFolder::beside(final_target));
    for (const auto& [name, text] : content) {
        TRY_DO(write_in(temporary->path(), name, text));
    }
    TRY_DO(sync_files_under(temporary->path()));
    TRY_DO(interrupt::check());
    TRY_DO(exchange(temporary->path(), final_target));
    TRY_DO(above.keep());
    return sync_folder(folder_of(final_target));
}

} // namespace allot::app
