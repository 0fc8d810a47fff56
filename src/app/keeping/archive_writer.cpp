#include "app/keeping/archive.hpp"
#include "base/limits.hpp"

#include <archive.h>
#include <archive_entry.h>

#include <fmt/format.h>

namespace allot::app::keeping {

namespace {

constexpr int plain_mode = 0644;

struct EndArchive {
    void operator()(::archive* tar) const { archive_write_free(tar); }
};
struct EndEntry {
    void operator()(archive_entry* entry) const { archive_entry_free(entry); }
};

/// libarchive calls back with what is to be written; the first error of the sink is kept.
class TarWriter {
  public:
    explicit TarWriter(const Sink& sink) : sink_(sink), tar_(archive_write_new()) {
        ALLOT_CHECK(tar_ != nullptr, "libarchive starts");
    }

    [[nodiscard]] Result<void> open() {
        archive_write_set_format_ustar(tar_.get());
        archive_write_set_bytes_in_last_block(tar_.get(), 1);
        return done(archive_write_open(tar_.get(), this, nullptr, write_part, nullptr));
    }

    [[nodiscard]] Result<void> begin(const std::string& name, std::uint64_t bytes) {
        const std::unique_ptr<archive_entry, EndEntry> entry(archive_entry_new());
        archive_entry_set_pathname(entry.get(), name.c_str());
        archive_entry_set_size(entry.get(), static_cast<std::int64_t>(bytes));
        archive_entry_set_filetype(entry.get(), AE_IFREG);
        archive_entry_set_perm(entry.get(), plain_mode);
        archive_entry_set_mtime(entry.get(), 0, 0);
        return done(archive_write_header(tar_.get(), entry.get()));
    }

    [[nodiscard]] Result<void> add(std::string_view part) {
        while (!part.empty()) {
            const la_ssize_t written = archive_write_data(tar_.get(), part.data(), part.size());
            if (written <= 0) {
                return done(ARCHIVE_FATAL);
            }
            part.remove_prefix(static_cast<std::size_t>(written));
        }
        return {};
    }

    [[nodiscard]] Result<void> end() { return done(archive_write_close(tar_.get())); }

  private:
    static la_ssize_t write_part(::archive* tar, void* self, const void* bytes, std::size_t size) {
        auto& writer = *static_cast<TarWriter*>(self);
        writer.outcome_ = writer.sink_({static_cast<const char*>(bytes), size});
        if (!writer.outcome_) {
            archive_set_error(tar, EIO, "the sink failed");
            return -1;
        }
        return static_cast<la_ssize_t>(size);
    }

    [[nodiscard]] Result<void> done(int code) const {
        if (!outcome_) {
            return outcome_;
        }
        if (code != ARCHIVE_OK) {
            return fail(ErrorKind::io, "the archive could not be written");
        }
        return {};
    }

    const Sink& sink_;
    Result<void> outcome_;
    std::unique_ptr<::archive, EndArchive> tar_;
};

[[nodiscard]] std::optional<std::string> only_of(const Manifest& manifest) {
    return manifest.collective.empty() ? std::nullopt : std::optional(manifest.collective);
}

[[nodiscard]] Result<ArchivedTable> measured(store::Transaction& transaction,
                                             const Manifest& manifest, const ShownTable& table) {
    TRY(auto sums, write_table(transaction, table, only_of(manifest),
                               [](std::string_view) -> Result<void> { return {}; }));
    if (sums.bytes > limits::max_archive_table_bytes) {
        return fail(ErrorKind::too_many,
                    fmt::format("the table {} is larger than an archive takes: {} bytes",
                                table.sql().table(), sums.bytes));
    }
    return ArchivedTable{
        .name = table.sql().table(), .columns = table.sql().columns(), .sums = std::move(sums)};
}

} // namespace

Result<Manifest> write_archive(store::Transaction& transaction, Manifest manifest,
                               const std::vector<std::unique_ptr<ShownTable>>& tables,
                               const Sink& sink, const store::Progress& told) {
    const auto steps = 2 * std::ssize(tables);
    for (const auto& table : tables) {
        TRY_DO(told(std::ssize(manifest.tables), steps));
        TRY(auto archived, measured(transaction, manifest, *table));
        manifest.tables.push_back(std::move(archived));
    }
    TarWriter tar(sink);
    TRY_DO(tar.open());
    const std::string list = manifest_text(manifest);
    TRY_DO(tar.begin(std::string(manifest_name), list.size()));
    TRY_DO(tar.add(list));
    for (std::size_t k = 0; k < tables.size(); ++k) {
        TRY_DO(told(std::ssize(tables) + static_cast<std::int64_t>(k), steps));
        const ArchivedTable& archived = manifest.tables[k];
        TRY_DO(tar.begin(archived.entry(), archived.sums.bytes));
        TRY(const auto again, write_table(transaction, *tables[k], only_of(manifest),
                                          [&](std::string_view part) { return tar.add(part); }));
        ALLOT_CHECK(again == archived.sums, "a snapshot does not change");
    }
    TRY_DO(tar.end());
    return manifest;
}

} // namespace allot::app::keeping
