/// A folder for files of a command, for its owner alone.
#pragma once

#include "base/result.hpp"

#include <filesystem>

namespace allot::app::keeping {

/// Removed with all that is in it at the end of its life.
class TemporaryFolder {
  public:
    /// Below $TMPDIR or /tmp, mode 0700. Errors: it cannot be made.
    [[nodiscard]] static Result<TemporaryFolder> make();
    TemporaryFolder(TemporaryFolder&& other) noexcept : path_(std::exchange(other.path_, {})) {}
    TemporaryFolder& operator=(TemporaryFolder&&) = delete;
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    ~TemporaryFolder();

    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

  private:
    explicit TemporaryFolder(std::filesystem::path path) : path_(std::move(path)) {}
    std::filesystem::path path_;
};

} // namespace allot::app::keeping
