/// Any bytes as each kind of CSV file. What parses as a table is the same table after it was
/// written and read again.
#include "base/result.hpp"
#include "formats/csv.hpp"
#include "formats/pairs.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

using namespace allot;
using namespace allot::formats;

namespace {

std::string written(const Table& table) {
    CsvWriter writer;
    for (const auto& name : table.header().names()) {
        writer.field(name);
    }
    writer.end_row();
    for (const Row row : table.rows()) {
        for (const auto field : row.fields) {
            writer.field(field);
        }
        writer.end_row();
    }
    return std::move(writer).text();
}

bool same_table(const Table& a, const Table& b) {
    return a.header().names() == b.header().names() &&
           std::ranges::equal(a.rows(), b.rows(), [](const Row& x, const Row& y) {
               return std::ranges::equal(x.fields, y.fields);
           });
}

} // namespace

// NOLINTNEXTLINE(readability-identifier-naming): the name that libFuzzer calls
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string bytes(data, data + size);
    if (const auto table = parse_table(bytes, "t.csv")) {
        const std::string again = written(*table);
        const auto second = parse_table(again, "t.csv");
        ALLOT_CHECK(second && same_table(*table, *second), "a table survives writing and reading");
    }
    if (const auto triples = parse_triples(bytes, "t.csv")) {
        ALLOT_CHECK(triples->scores.size() == triples->pairs.rows.size(), "a score for each pair");
    }
    if (const auto counts = parse_counts(bytes, "t.csv", 0)) {
        ALLOT_CHECK(counts->values.size() == counts->ids.size(), "a number for each id");
    }
    if (const auto pairs = parse_pairs(bytes, "t.csv")) {
        ALLOT_CHECK(pairs->asks.size() <= pairs->rows.size(), "a row for each ask");
    }
    if (const auto numbers = parse_lines_of_ints(bytes, "t.csv", 2, 0)) {
        ALLOT_CHECK(numbers->size() == 2, "as many numbers as expected");
    }
    return 0;
}
