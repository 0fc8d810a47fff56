/// Where the fields of a table stand, once only its rows are left.
#pragma once

#include "formats/csv.hpp"

namespace allot::app {

/// Points at a column of a file that has been read once.
class ColumnOf {
  public:
    ColumnOf(std::string_view bytes, std::string_view name) {
        formats::Findings none("");
        auto rows = formats::RowReader::open(bytes, none);
        if (rows && rows->read_header()) {
            header_ = rows->header();
        }
        column_ = header_.column(name).value_or(0);
    }
    [[nodiscard]] formats::Place on(std::int64_t line) const {
        return header_.place({.line = line}, column_);
    }

  private:
    formats::Header header_;
    std::size_t column_ = 0;
};

} // namespace allot::app
