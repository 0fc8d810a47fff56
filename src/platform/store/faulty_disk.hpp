/// A disk whose n-th operation fails, for tests of what SQLite and the store make of it.
#pragma once

#include <cstdint>
#include <sqlite3.h>
#include <string>

namespace allot::test {

/// How the operation fails.
enum class Fault : std::uint8_t {
    error, ///< with an error of the device
    full,  ///< a write finds no room; other operations fail with an error
    half,  ///< a write puts half of it down first, as on a lost disk
};

/// Files of SQLite in this process are on it while it lives, and are closed before it ends.
/// Writing, cutting, syncing, opening and deleting a file count as operations. Nothing waits for
/// the real disk. There may be several, each for one thread.
class FaultyDisk {
  public:
    /// For files below `folder`; empty: for all that are on no other.
    explicit FaultyDisk(std::string folder = {});
    FaultyDisk(const FaultyDisk&) = delete;
    FaultyDisk& operator=(const FaultyDisk&) = delete;
    ~FaultyDisk();

    /// The n-th operation from now on fails, counted from 1; with `for_good` all after it, too.
    void fail_at(std::int64_t n, Fault fault, bool for_good);
    void heal() { fail_from_ = 0; }
    /// Whether one has failed since `fail_at`.
    [[nodiscard]] bool has_failed() const { return has_failed_; }
    [[nodiscard]] std::int64_t operations() const { return operations_; } ///< since `fail_at`

  private:
    struct File;
    struct Operations; ///< what SQLite calls
    struct All;        ///< those that there are

    /// Counts an operation; whether it is to fail.
    [[nodiscard]] bool fails();

    std::string folder_; ///< with a slash at its end
    Fault fault_ = Fault::error;
    bool for_good_ = false;
    bool has_failed_ = false;
    std::int64_t operations_ = 0;
    std::int64_t fail_from_ = 0; ///< 0: none
};

} // namespace allot::test
