/// Matrices in NumPy's `.npy` format (NEP 1, versions 1.0, 2.0, 3.0).
#pragma once

#include "base/result.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace allot::formats {

/// What stands before the numbers. The numbers fill the bytes from `data_offset` to the end.
struct NpyHeader {
    std::size_t item_bytes = 0; ///< 4 (float32) or 8 (float64)
    bool big_endian = false;
    bool fortran_order = false; ///< column after column
    std::int64_t rows = 0;      ///< 0 to limits::max_side
    std::int64_t cols = 0;      ///< 0 to limits::max_side
    std::size_t data_offset = 0;
};

/// A matrix of floats or doubles, row after row. It lies over the caller's bytes, which must then
/// outlive it, where these are native, aligned and in C order; else it owns a converted copy.
template <class T>
class Matrix {
  public:
    Matrix(std::int64_t rows, std::int64_t cols, std::span<const T> values)
        : rows_(rows), cols_(cols), values_(values) {}
    Matrix(std::int64_t rows, std::int64_t cols, std::vector<T> values)
        : rows_(rows), cols_(cols), owned_(std::move(values)), values_(owned_) {}
    Matrix(Matrix&&) noexcept = default;
    Matrix& operator=(Matrix&&) noexcept = default;
    Matrix(const Matrix&) = delete;
    Matrix& operator=(const Matrix&) = delete;
    ~Matrix() = default;

    [[nodiscard]] std::int64_t rows() const { return rows_; }
    [[nodiscard]] std::int64_t cols() const { return cols_; }
    /// All values, rows * cols of them.
    [[nodiscard]] std::span<const T> values() const { return values_; }
    /// Row `i` from 0; cols values.
    [[nodiscard]] std::span<const T> row(std::int64_t i) const {
        return values_.subspan(static_cast<std::size_t>(i * cols_),
                               static_cast<std::size_t>(cols_));
    }
    /// Whether the values were converted; else they lie in the caller's bytes.
    [[nodiscard]] bool owns_values() const { return !owned_.empty(); }

  private:
    std::int64_t rows_;
    std::int64_t cols_;
    std::vector<T> owned_;
    std::span<const T> values_;
};

using AnyMatrix = std::variant<Matrix<float>, Matrix<double>>;

/// Reads the header and checks that the numbers fill the rest of `bytes` exactly. Errors: no .npy
/// file, an unknown version, a dtype other than float32 and float64, a shape that is not 2-D or
/// above `limits::max_side`, too few or too many bytes. O(header).
[[nodiscard]] Result<NpyHeader> parse_npy_header(std::string_view bytes,
                                                 std::string_view file_name);

/// Reads a matrix. O(1) after the header if the bytes can be used as they are, else O(rows * cols).
/// NaN and infinity are values like others. Errors: as `parse_npy_header`.
[[nodiscard]] Result<AnyMatrix> parse_npy(std::string_view bytes, std::string_view file_name);

/// A version 1.0 file, native byte order, C order. `values` holds rows * cols numbers.
[[nodiscard]] std::string write_npy(std::span<const float> values, std::int64_t rows,
                                    std::int64_t cols);
[[nodiscard]] std::string write_npy(std::span<const double> values, std::int64_t rows,
                                    std::int64_t cols);

} // namespace allot::formats
