#include "app/hashes.hpp"
#include "app/keeping/archive.hpp"
#include "base/limits.hpp"
#include "base/text.hpp"

#include <archive.h>
#include <archive_entry.h>

#include <fmt/format.h>

namespace allot::app::keeping {

namespace {

struct EndReading {
    void operator()(::archive* tar) const { archive_read_free(tar); }
};

[[nodiscard]] std::unexpected<Error> broken(std::string_view entry, std::string_view what) {
    return fail(ErrorKind::invalid, fmt::format("{}: {}", entry, what));
}

/// One entry after another out of bytes in memory.
class TarReader {
  public:
    TarReader() : tar_(archive_read_new()) {
        ALLOT_CHECK(tar_ != nullptr, "libarchive starts");
        archive_read_support_format_tar(tar_.get());
    }

    [[nodiscard]] Result<void> open(std::string_view bytes) {
        if (archive_read_open_memory(tar_.get(), bytes.data(), bytes.size()) != ARCHIVE_OK) {
            return fail(ErrorKind::invalid, "this is no archive of allotment");
        }
        return {};
    }

    /// Moves to the next entry, which must be `name`, a plain file of at most `most` bytes; returns
    /// its size.
    [[nodiscard]] Result<std::uint64_t> next(const std::string& name, std::uint64_t most) {
        const int code = archive_read_next_header(tar_.get(), &entry_);
        if (code == ARCHIVE_EOF) {
            return broken(name, "is missing; the archive ends before it");
        }
        if (code != ARCHIVE_OK) {
            return broken(name, "the archive is damaged before it, or is no archive of allotment");
        }
        const char* const found = archive_entry_pathname(entry_);
        if (found == nullptr || found != name) {
            return broken(name, fmt::format("found \"{}\" in its place",
                                            text::shown(found == nullptr ? "" : found)));
        }
        if (archive_entry_filetype(entry_) != AE_IFREG || archive_entry_size_is_set(entry_) == 0 ||
            archive_entry_hardlink(entry_) != nullptr || archive_entry_symlink(entry_) != nullptr) {
            return broken(name, "is no plain file");
        }
        const auto size = static_cast<std::uint64_t>(archive_entry_size(entry_));
        if (size > most) {
            return broken(name, fmt::format("has {} bytes, and may have {}", size, most));
        }
        return size;
    }

    /// The content of the entry that `next` found.
    [[nodiscard]] Result<std::string> content(const std::string& name, std::uint64_t size) {
        std::string bytes;
        while (bytes.size() < size) {
            // Grows with what is really there: a size that is claimed costs nothing.
            const std::size_t before = bytes.size();
            bytes.resize(before + std::min<std::size_t>(size - before, read_at_once));
            const la_ssize_t got =
                archive_read_data(tar_.get(), bytes.data() + before, bytes.size() - before);
            if (got <= 0) {
                return broken(name, "is cut off");
            }
            bytes.resize(before + static_cast<std::size_t>(got));
        }
        return bytes;
    }

    [[nodiscard]] Result<void> check_end() {
        if (archive_read_next_header(tar_.get(), &entry_) != ARCHIVE_EOF) {
            return fail(ErrorKind::invalid, "the archive goes on after its last table");
        }
        return {};
    }

  private:
    static constexpr std::size_t read_at_once = std::size_t{4} << 20U;

    std::unique_ptr<::archive, EndReading> tar_;
    archive_entry* entry_ = nullptr; ///< of libarchive, until the next one
};

[[nodiscard]] Result<void> read_table_entry(TarReader& tar, const ArchivedTable& archived,
                                            ArchiveVisitor& visitor) {
    const std::string name = archived.entry();
    TRY(const std::uint64_t size, tar.next(name, archived.sums.bytes));
    if (size != archived.sums.bytes) {
        return broken(name, fmt::format("has {} bytes, and the list in front says {}", size,
                                        archived.sums.bytes));
    }
    TRY(const std::string text, tar.content(name, size));
    if (sha256_hex(text) != archived.sums.sha256) {
        return broken(name, "its checksum is another one than the list in front says; it was "
                            "changed or damaged");
    }
    return visitor.table(archived, text);
}

[[nodiscard]] Result<Manifest> read_list(TarReader& tar, std::string_view bytes) {
    const std::string list(manifest_name);
    TRY_DO(tar.open(bytes));
    TRY(const std::uint64_t size, tar.next(list, limits::max_manifest_bytes));
    TRY(const std::string text, tar.content(list, size));
    return parse_manifest(text);
}

} // namespace

Result<Manifest> read_manifest(std::string_view bytes) {
    TarReader tar;
    return read_list(tar, bytes);
}

Result<void> read_archive(std::string_view bytes, ArchiveVisitor& visitor) {
    TarReader tar;
    TRY(const Manifest manifest, read_list(tar, bytes));
    TRY_DO(visitor.begin(manifest));
    for (const ArchivedTable& archived : manifest.tables) {
        TRY_DO(read_table_entry(tar, archived, visitor));
    }
    return tar.check_end();
}

} // namespace allot::app::keeping
