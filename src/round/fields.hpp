/// The fields of one row after the other, as types; what is wrong goes to the findings of the file.
/// Internal to `round`.
#pragma once

#include "base/clock.hpp"
#include "formats/csv.hpp"

#include <set>

namespace allot::round {

class Fields {
  public:
    /// Both outlive this object.
    Fields(const formats::Table& table, formats::Findings& findings)
        : table_(&table), findings_(&findings) {}

    void at(const formats::Row& row) { row_ = row; }

    /// Without white space at both ends; empty where the column or the field is missing.
    [[nodiscard]] std::string_view text(std::string_view column) const;
    /// Reports the present field.
    void wrong(std::string_view column, std::string_view expected) const;

    /// One line: white space and control characters inside become one space.
    [[nodiscard]] std::string id(std::string_view column) const;
    /// A whole number in [least, most]; `if_empty`, if given, where the field is blank.
    [[nodiscard]] std::int64_t number(std::string_view column, std::int64_t least,
                                      std::int64_t most,
                                      std::optional<std::int64_t> if_empty = {}) const;
    [[nodiscard]] std::optional<std::chrono::year_month_day> date(std::string_view column) const;
    [[nodiscard]] bool yes(std::string_view column) const;
    /// The parts between `|`, each on one line.
    [[nodiscard]] std::vector<std::string> list(std::string_view column) const;
    [[nodiscard]] std::set<std::string> set(std::string_view column) const;

  private:
    const formats::Table* table_;
    formats::Findings* findings_;
    formats::Row row_;
};

} // namespace allot::round
