#include "app/keeping/check_archive.hpp"

#include "app/interrupt.hpp"
#include "app/keeping/house_tables.hpp"

#include <fmt/format.h>

namespace allot::app::keeping {

namespace {

class Check final : public ArchiveVisitor {
  public:
    Result<void> begin(const Manifest& manifest) override {
        manifest_ = manifest;
        return {};
    }
    Result<void> table(const ArchivedTable& archived, std::string_view text) override {
        TRY(const auto shown, table_as_archived(manifest_, archived, declared_tables()));
        TRY(const std::int64_t rows,
            read_table(text, archived.entry(), *shown,
                       [](const store::Rows&) { return interrupt::check(); }));
        if (rows != archived.sums.rows) {
            return fail(ErrorKind::invalid,
                        fmt::format("{}: has {} rows, and the list in front says {}",
                                    archived.entry(), rows, archived.sums.rows));
        }
        return {};
    }

  private:
    Manifest manifest_;
};

} // namespace

Result<void> check_archive(std::string_view bytes) {
    Check check;
    return read_archive(bytes, check);
}

} // namespace allot::app::keeping
