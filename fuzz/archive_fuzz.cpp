/// The first byte chooses: a whole archive, its list, or the text of one table. What is read is
/// written again as it was; what is refused is told in one line that can be shown.
#include "app/keeping/archive.hpp"
#include "platform/utf8.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

using namespace allot;
using namespace allot::app::keeping;

namespace {

using store::Column;
using store::ColumnKind;

[[nodiscard]] bool is_short(std::string_view value) {
    return value.size() < 10;
}

constexpr std::array columns = {Column{"collective_id", ColumnKind::id},
                                Column{"day", ColumnKind::day},
                                Column{"at", ColumnKind::moment, true},
                                Column{"truth", ColumnKind::truth},
                                Column{"x", ColumnKind::real, true},
                                Column{.name = "words", .nullable = true, .fits = is_short}};
constexpr store::Table table{"thing", columns, 1, store::Belongs::to_collective, ""};

[[nodiscard]] const ShownTable& shown() {
    static const ShownTable one(table, {columns.begin(), columns.end()});
    return one;
}

void check_error(const Error& error) {
    ALLOT_CHECK(is_utf8(error.message) && !error.message.empty(), "it can be shown");
}

void check_table(std::string_view text) {
    std::string written = header_text(shown());
    const auto rows = read_table(text, "thing.csv", shown(), [&](const store::Rows& some) {
        written += rows_text(shown(), some);
        return Result<void>();
    });
    if (!rows) {
        return check_error(rows.error());
    }
    std::string again = header_text(shown());
    const auto same = read_table(written, "thing.csv", shown(), [&](const store::Rows& some) {
        again += rows_text(shown(), some);
        return Result<void>();
    });
    ALLOT_CHECK(same == rows && again == written, "rows survive writing and reading");
}

void check_list(std::string_view text) {
    const auto manifest = parse_manifest(text);
    if (!manifest) {
        return check_error(manifest.error());
    }
    ALLOT_CHECK(parse_manifest(manifest_text(*manifest)) == manifest,
                "a list survives writing and reading");
    for (const ArchivedTable& archived : manifest->tables) {
        const auto known = table_as_archived(*manifest, archived, {&table, 1});
        ALLOT_CHECK(!known || archived.name == table.name, "only known tables");
    }
}

class Visitor final : public ArchiveVisitor {
  public:
    Result<void> begin(const Manifest& manifest) override {
        left_ = manifest.tables.size();
        return {};
    }
    Result<void> table(const ArchivedTable& archived, std::string_view text) override {
        ALLOT_CHECK(left_ > 0 && text.size() == archived.sums.bytes, "tables of the list");
        --left_;
        check_table(text);
        return {};
    }
    [[nodiscard]] std::size_t left() const { return left_; }

  private:
    std::size_t left_ = 0;
};

} // namespace

// NOLINTNEXTLINE(readability-identifier-naming): the name that libFuzzer calls
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string bytes(data, data + size);
    const std::string_view rest = std::string_view(bytes).substr(size == 0 ? 0 : 1);
    switch (size == 0 ? 0 : bytes.front() % 3) {
    case 1:
        check_list(rest);
        break;
    case 2:
        check_table(rest);
        break;
    default:
        Visitor visitor;
        const auto read = read_archive(rest, visitor);
        if (!read) {
            check_error(read.error());
        } else {
            ALLOT_CHECK(visitor.left() == 0, "every table was seen");
        }
    }
    return 0;
}
