#include "platform/store/faulty_disk.hpp"

#include "base/result.hpp"

#include <algorithm>
#include <mutex>
#include <new>
#include <vector>

namespace allot::test {

/// Ours, with that of the real disk behind it in the same memory, which is SQLite's.
struct FaultyDisk::File {
    sqlite3_file base;
    FaultyDisk* disk;

    [[nodiscard]] static File& of(sqlite3_file* file) {
        void* const memory = file;
        return *static_cast<File*>(memory);
    }
    [[nodiscard]] sqlite3_file* real() {
        void* const behind = this + 1;
        return static_cast<sqlite3_file*>(behind);
    }
};

/// SQLite knows one disk of ours, which is theirs all together.
struct FaultyDisk::All {
    std::mutex mutex;
    std::vector<FaultyDisk*> disks;
    sqlite3_vfs* real = nullptr;
    sqlite3_vfs own{};

    [[nodiscard]] static All& get() {
        static All all;
        return all;
    }
    /// Null: the file is on the real one.
    [[nodiscard]] FaultyDisk* of(const char* name) {
        if (name == nullptr) {
            return nullptr;
        }
        const std::lock_guard lock(mutex);
        FaultyDisk* found = nullptr;
        for (FaultyDisk* const disk : disks) {
            const bool is_narrower = found == nullptr || found->folder_.empty();
            if (is_narrower && std::string_view(name).starts_with(disk->folder_)) {
                found = disk;
            }
        }
        return found;
    }
};

struct FaultyDisk::Operations {
    static int open(sqlite3_vfs* /*vfs*/, const char* name, sqlite3_file* file, int flags,
                    int* flags_out) {
        sqlite3_vfs* const real = All::get().real;
        FaultyDisk* const disk = All::get().of(name);
        if (disk == nullptr) {
            return real->xOpen(real, name, file, flags, flags_out);
        }
        auto& ours = *new (file) File{.base = {.pMethods = nullptr}, .disk = disk};
        if (disk->fails()) {
            return SQLITE_CANTOPEN;
        }
        const int code = real->xOpen(real, name, ours.real(), flags, flags_out);
        ours.base.pMethods = code == SQLITE_OK ? &methods : nullptr;
        return code;
    }
    static int remove(sqlite3_vfs* /*vfs*/, const char* name, int sync) {
        sqlite3_vfs* const real = All::get().real;
        FaultyDisk* const disk = All::get().of(name);
        return disk != nullptr && disk->fails() ? SQLITE_IOERR_DELETE
                                                : real->xDelete(real, name, sync);
    }

    static int write(sqlite3_file* file, const void* bytes, int count, sqlite3_int64 at) {
        FaultyDisk& disk = *File::of(file).disk;
        if (!disk.fails()) {
            return real(file)->pMethods->xWrite(real(file), bytes, count, at);
        }
        if (disk.fault_ == Fault::half) {
            real(file)->pMethods->xWrite(real(file), bytes, count / 2, at);
        }
        return disk.fault_ == Fault::full ? SQLITE_FULL : SQLITE_IOERR_WRITE;
    }
    static int truncate(sqlite3_file* file, sqlite3_int64 size) {
        return File::of(file).disk->fails() ? SQLITE_IOERR_TRUNCATE
                                            : real(file)->pMethods->xTruncate(real(file), size);
    }
    static int sync(sqlite3_file* file, int /*flags*/) {
        return File::of(file).disk->fails() ? SQLITE_IOERR_FSYNC : SQLITE_OK;
    }

    // What is not ours.
    static sqlite3_file* real(sqlite3_file* file) { return File::of(file).real(); }
    static int close(sqlite3_file* file) { return real(file)->pMethods->xClose(real(file)); }
    static int read(sqlite3_file* file, void* to, int count, sqlite3_int64 at) {
        return real(file)->pMethods->xRead(real(file), to, count, at);
    }
    static int size(sqlite3_file* file, sqlite3_int64* to) {
        return real(file)->pMethods->xFileSize(real(file), to);
    }
    static int lock(sqlite3_file* file, int how) {
        return real(file)->pMethods->xLock(real(file), how);
    }
    static int unlock(sqlite3_file* file, int how) {
        return real(file)->pMethods->xUnlock(real(file), how);
    }
    static int is_reserved(sqlite3_file* file, int* to) {
        return real(file)->pMethods->xCheckReservedLock(real(file), to);
    }
    static int control(sqlite3_file* file, int what, void* with) {
        return real(file)->pMethods->xFileControl(real(file), what, with);
    }
    static int sector(sqlite3_file* file) { return real(file)->pMethods->xSectorSize(real(file)); }
    static int traits(sqlite3_file* file) {
        return real(file)->pMethods->xDeviceCharacteristics(real(file));
    }
    static int shared_map(sqlite3_file* file, int page, int bytes, int grow, void volatile** to) {
        return real(file)->pMethods->xShmMap(real(file), page, bytes, grow, to);
    }
    static int shared_lock(sqlite3_file* file, int from, int count, int how) {
        return real(file)->pMethods->xShmLock(real(file), from, count, how);
    }
    static void shared_barrier(sqlite3_file* file) {
        real(file)->pMethods->xShmBarrier(real(file));
    }
    static int shared_unmap(sqlite3_file* file, int remove_too) {
        return real(file)->pMethods->xShmUnmap(real(file), remove_too);
    }

    static constexpr sqlite3_io_methods methods = {.iVersion = 2,
                                                   .xClose = close,
                                                   .xRead = read,
                                                   .xWrite = write,
                                                   .xTruncate = truncate,
                                                   .xSync = sync,
                                                   .xFileSize = size,
                                                   .xLock = lock,
                                                   .xUnlock = unlock,
                                                   .xCheckReservedLock = is_reserved,
                                                   .xFileControl = control,
                                                   .xSectorSize = sector,
                                                   .xDeviceCharacteristics = traits,
                                                   .xShmMap = shared_map,
                                                   .xShmLock = shared_lock,
                                                   .xShmBarrier = shared_barrier,
                                                   .xShmUnmap = shared_unmap,
                                                   .xFetch = nullptr,
                                                   .xUnfetch = nullptr};
};

FaultyDisk::FaultyDisk(std::string folder) : folder_(std::move(folder)) {
    folder_ += folder_.empty() || folder_.ends_with('/') ? "" : "/";
    All& all = All::get();
    const std::lock_guard lock(all.mutex);
    if (all.disks.empty()) {
        all.real = sqlite3_vfs_find(nullptr);
        all.own = *all.real;
        all.own.zName = "faulty";
        all.own.pNext = nullptr;
        all.own.szOsFile = static_cast<int>(sizeof(File)) + all.real->szOsFile;
        all.own.xOpen = Operations::open;
        all.own.xDelete = Operations::remove;
        ALLOT_CHECK(sqlite3_vfs_register(&all.own, 1) == SQLITE_OK, "SQLite takes a disk of ours");
    }
    all.disks.push_back(this);
}

FaultyDisk::~FaultyDisk() {
    All& all = All::get();
    const std::lock_guard lock(all.mutex);
    std::erase(all.disks, this);
    if (all.disks.empty()) {
        sqlite3_vfs_unregister(&all.own);
        sqlite3_vfs_register(all.real, 1);
    }
}

void FaultyDisk::fail_at(std::int64_t n, Fault fault, bool for_good) {
    operations_ = 0;
    fail_from_ = n;
    fault_ = fault;
    for_good_ = for_good;
    has_failed_ = false;
}

bool FaultyDisk::fails() {
    ++operations_;
    const bool failing =
        fail_from_ != 0 && (operations_ == fail_from_ || (for_good_ && operations_ > fail_from_));
    has_failed_ = has_failed_ || failing;
    return failing;
}

} // namespace allot::test
