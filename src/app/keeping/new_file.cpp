#include "app/keeping/new_file.hpp"

#include "app/interrupt.hpp"

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

#include <fmt/format.h>

namespace allot::app::keeping {

namespace {

namespace fs = std::filesystem;

/// What SQLite and the store leave beside a database.
void remove_with_companions(const fs::path& part) {
    for (const char* const end : {"", "-wal", "-shm", "-journal", ".in-use"}) {
        ::unlink((part.string() + end).c_str());
    }
}

[[nodiscard]] fs::path folder_of(const fs::path& target) {
    return target.has_parent_path() ? target.parent_path() : fs::path(".");
}

[[nodiscard]] std::unexpected<Error> there_already(const fs::path& target) {
    return fail(
        ErrorKind::invalid,
        fmt::format("{}: is there already; choose another name, or move it away", target.string()));
}

/// Gives a file its name, and never takes that of another.
[[nodiscard]] int rename_to_new(const fs::path& from, const fs::path& to) {
    if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) {
        return 0;
    }
    if (errno != EINVAL && errno != ENOSYS) {
        return errno;
    }
    // Not every file system can do that: sticks for USB.
    std::error_code error;
    if (fs::exists(to, error)) {
        return EEXIST;
    }
    return ::rename(from.c_str(), to.c_str()) == 0 ? 0 : errno;
}

} // namespace

OpenFile::~OpenFile() {
    if (number_ >= 0) {
        ::close(number_);
    }
}

std::unexpected<Error> failed_to(std::string_view what, const std::string& path, int error) {
    const bool is_path = error == ENOENT || error == ENOTDIR || error == EISDIR ||
                         error == EACCES || error == EPERM || error == EROFS;
    return fail(is_path ? ErrorKind::invalid : ErrorKind::io,
                fmt::format("{}: cannot {}: {}", path, what,
                            std::error_code(error, std::generic_category()).message()));
}

Result<void> write_whole(int descriptor, std::string_view bytes, const std::string& path) {
    while (!bytes.empty()) {
        const auto written = ::write(descriptor, bytes.data(), bytes.size());
        if (written < 0 && errno != EINTR) {
            return failed_to("write", path, errno);
        }
        bytes.remove_prefix(static_cast<std::size_t>(std::max<ssize_t>(written, 0)));
        TRY_DO(interrupt::check());
    }
    return {};
}

Result<void> sync(int descriptor, const std::string& path) {
    if (::fsync(descriptor) != 0) {
        return failed_to("write to the disk", path, errno);
    }
    return {};
}

Result<void> give_to_owner_of_folder(int descriptor, const fs::path& file) {
    struct stat folder = {};
    if (::geteuid() != 0) {
        return {};
    }
    if (::stat(folder_of(file).c_str(), &folder) != 0 ||
        ::fchown(descriptor, folder.st_uid, folder.st_gid) != 0) {
        return failed_to("give to its folder's owner", file.string(), errno);
    }
    return {};
}

Result<void> drop_half_line(int descriptor, const std::string& path) {
    struct stat found = {};
    if (::fstat(descriptor, &found) != 0) {
        return failed_to("read", path, errno);
    }
    off_t end = found.st_size;
    for (char last = 0; end > 0; --end) {
        if (::pread(descriptor, &last, 1, end - 1) != 1) {
            return failed_to("read", path, errno);
        }
        if (last == '\n') {
            break;
        }
    }
    if (end != found.st_size && ::ftruncate(descriptor, end) != 0) {
        return failed_to("write", path, errno);
    }
    return {};
}

Result<NewFile> NewFile::make(const fs::path& target) {
    std::error_code error;
    if (fs::exists(fs::symlink_status(target, error))) {
        return there_already(target);
    }
    fs::path part = folder_of(target) / fmt::format(".{}.part", target.filename().string());
    OpenFile file(::open(part.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (file.number() < 0) {
        return failed_to("write", target.string(), errno);
    }
    if (::flock(file.number(), LOCK_EX | LOCK_NB) != 0) {
        return fail(ErrorKind::conflict,
                    fmt::format("{}: another process is writing it just now", target.string()));
    }
    // Ours now. What a killed process left in it goes, and what lies beside it.
    for (const char* const end : {"-wal", "-shm", "-journal", ".in-use"}) {
        ::unlink((part.string() + end).c_str());
    }
    if (::ftruncate(file.number(), 0) != 0 || ::fchmod(file.number(), 0600) != 0) {
        return failed_to("write", target.string(), errno);
    }
    return NewFile(target, std::move(part), std::move(file));
}

NewFile::~NewFile() {
    if (!part_.empty()) {
        remove_with_companions(part_);
    }
}

Result<void> NewFile::write(std::string_view bytes) const {
    return write_whole(file_.number(), bytes, target_.string());
}

Result<void> NewFile::commit() {
    TRY_DO(sync(file_.number(), target_.string()));
    if (const int error = rename_to_new(part_, target_); error != 0) {
        return error == EEXIST ? there_already(target_) : failed_to("put", target_.string(), error);
    }
    const fs::path part = std::exchange(part_, {});
    ::unlink((part.string() + ".in-use").c_str());
    const OpenFile folder(::open(folder_of(target_).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    return sync(folder.number(), folder_of(target_).string());
}

} // namespace allot::app::keeping
