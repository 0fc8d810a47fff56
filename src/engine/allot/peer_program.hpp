/// Linear and integer programs as tests/peers/glpk_peer.cpp reads them; for the tests of
/// `engine/allot`.
#pragma once

#include <cstdint>
#include <optional>
#include <sstream>
#include <string>

namespace allot::matching::testing {

/// Columns of at least 0 whose worth is made largest, and rows that bound what they amount to.
class PeerProgram {
  public:
    /// `most` without a value: as much as the rows allow.
    void add_column(std::optional<double> most, double worth, bool whole) {
        columns_.precision(17);
        columns_ << "0 ";
        most ? columns_ << *most : columns_ << '-';
        columns_ << ' ' << worth << (whole ? " 1\n" : " 0\n");
        ++column_count_;
    }
    void add_row(std::int64_t least, std::optional<std::int64_t> most) {
        rows_ << least << ' ' << (most ? std::to_string(*most) : "-") << '\n';
        ++row_count_;
    }
    /// What one of a column, counted from 0, adds to the last row.
    void add_factor(std::size_t column, std::int64_t factor) {
        factors_ << row_count_ - 1 << ' ' << column << ' ' << factor << '\n';
        ++factor_count_;
    }

    [[nodiscard]] std::string text() const {
        std::ostringstream program;
        program << row_count_ << ' ' << column_count_ << ' ' << factor_count_ << '\n'
                << rows_.str() << columns_.str() << factors_.str();
        return program.str();
    }

  private:
    std::ostringstream rows_, columns_, factors_;
    std::size_t row_count_ = 0;
    std::size_t column_count_ = 0;
    std::size_t factor_count_ = 0;
};

} // namespace allot::matching::testing
