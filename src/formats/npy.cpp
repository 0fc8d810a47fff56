#include "formats/npy.hpp"

#include "base/limits.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cstring>
#include <optional>
#include <type_traits>
#include <utility>

#include <fmt/format.h>

namespace allot::formats {

namespace {

constexpr std::string_view magic = "\x93NUMPY";
constexpr std::size_t data_alignment = 64;

Error wrong(std::string_view file_name, std::string_view found, std::string_view expected) {
    return {ErrorKind::invalid,
            fmt::format("{}: found {}, expected {}", file_name, found, expected)};
}

/// The header's dictionary as written, before its words mean something.
struct Dictionary {
    std::optional<std::string_view> descr; ///< with its quotes, or a whole list
    std::optional<bool> fortran_order;
    std::optional<std::vector<std::int64_t>> shape;
};

/// Walks over the text of the header; each step says whether what it wanted was there.
class HeaderText {
  public:
    explicit HeaderText(std::string_view text) : text_(text) {}

    [[nodiscard]] std::size_t position() const { return at_; }

    bool pass(std::string_view word) {
        skip_space();
        const bool here = text_.substr(at_).starts_with(word);
        at_ += here ? word.size() : 0;
        return here;
    }

    bool at_end() {
        skip_space();
        return at_ == text_.size();
    }

    /// A string in single or double quotes, without them; none of these holds a backslash.
    std::optional<std::string_view> string() {
        skip_space();
        if (!next_is('\'') && !next_is('"')) {
            return std::nullopt;
        }
        const char quote = text_[at_++];
        const std::size_t end = text_.find(quote, at_);
        if (end == std::string_view::npos) {
            return std::nullopt;
        }
        const auto inside = text_.substr(at_, end - at_);
        at_ = end + 1;
        return inside;
    }

    /// A type: a string, or the list of a structured type up to its last bracket, brackets kept.
    std::optional<std::string_view> type() {
        if (!pass("[")) {
            return string();
        }
        const std::size_t end = text_.rfind(']');
        if (end == std::string_view::npos || end < at_) {
            return std::nullopt;
        }
        const auto list = text_.substr(at_ - 1, end + 2 - at_);
        at_ = end + 1;
        return list;
    }

    std::optional<bool> boolean() {
        if (pass("True")) {
            return true;
        }
        return pass("False") ? std::optional(false) : std::nullopt;
    }

    /// `()`, `(3,)`, `(3, 4)`; numbers from 0.
    std::optional<std::vector<std::int64_t>> tuple() {
        std::vector<std::int64_t> numbers;
        if (!pass("(")) {
            return std::nullopt;
        }
        while (!pass(")")) {
            const auto n = number();
            if (!n || (!pass(",") && (numbers.empty() || !next_is(')')))) {
                return std::nullopt;
            }
            numbers.push_back(*n);
        }
        return numbers;
    }

  private:
    [[nodiscard]] bool next_is(char c) const { return at_ < text_.size() && text_[at_] == c; }

    void skip_space() { at_ = std::min(text_.find_first_not_of(" \t\r\n", at_), text_.size()); }

    std::optional<std::int64_t> number() {
        skip_space();
        std::int64_t value = 0;
        const char* const end = text_.data() + text_.size();
        const auto [stop, error] = std::from_chars(text_.data() + at_, end, value);
        if (error != std::errc{} || value < 0) {
            return std::nullopt;
        }
        at_ = static_cast<std::size_t>(stop - text_.data());
        return value;
    }

    std::string_view text_;
    std::size_t at_ = 0;
};

/// Reads a value that must be there and was not there before.
template <class T>
bool take(std::optional<T>& target, std::optional<T> value) {
    if (target || !value) {
        return false;
    }
    target = std::move(value);
    return true;
}

bool parse_entry(HeaderText& text, Dictionary& dictionary) {
    const auto key = text.string();
    if (!key || !text.pass(":")) {
        return false;
    }
    if (*key == "descr") {
        return take(dictionary.descr, text.type());
    }
    if (*key == "fortran_order") {
        return take(dictionary.fortran_order, text.boolean());
    }
    return *key == "shape" && take(dictionary.shape, text.tuple());
}

bool parse_entries(HeaderText& text, Dictionary& dictionary) {
    if (!text.pass("{")) {
        return false;
    }
    while (!text.pass("}")) {
        if (!parse_entry(text, dictionary)) {
            return false;
        }
        if (!text.pass(",")) {
            return text.pass("}") && text.at_end();
        }
    }
    return text.at_end();
}

Result<Dictionary> parse_dictionary(std::string_view header, std::string_view file_name) {
    HeaderText text(header);
    Dictionary dictionary;
    if (!parse_entries(text, dictionary)) {
        return std::unexpected(wrong(
            file_name,
            fmt::format("a header that cannot be read from its byte {} on", text.position() + 1),
            "{'descr': ..., 'fortran_order': ..., 'shape': (rows, columns)}"));
    }
    return dictionary;
}

/// Where the dictionary stands in the file.
struct Extent {
    std::size_t start;
    std::size_t length;
};

Result<Extent> find_dictionary(std::string_view bytes, std::string_view file_name) {
    const auto byte = [bytes](std::size_t i) -> std::size_t {
        return static_cast<unsigned char>(bytes[i]);
    };
    constexpr std::size_t version_at = magic.size();
    constexpr std::size_t length_at = version_at + 2;
    if (!bytes.starts_with(magic) || bytes.size() < length_at) {
        return std::unexpected(wrong(
            file_name, bytes.starts_with("PK") ? "a zipped file, perhaps .npz" : "no .npy file",
            "a file that numpy.save has written"));
    }
    const std::size_t version = byte(version_at);
    if (version < 1 || version > 3 || byte(version_at + 1) != 0) {
        return std::unexpected(wrong(file_name,
                                     fmt::format("version {}.{}", version, byte(version_at + 1)),
                                     "version 1.0, 2.0 or 3.0 of the .npy format"));
    }
    const std::size_t start = length_at + (version == 1 ? 2 : 4);
    std::size_t length = 0;
    for (std::size_t i = std::min(start, bytes.size()); i > length_at; --i) {
        length = length << 8U | byte(i - 1);
    }
    if (bytes.size() < start || bytes.size() - start < length) {
        return std::unexpected(wrong(file_name, fmt::format("{} bytes", bytes.size()),
                                     "a whole header; the file is cut off"));
    }
    return Extent{start, length};
}

/// The name that NumPy gives to a type such as `<i8`; empty if it has no simple one.
std::string dtype_name(std::string_view descr) {
    constexpr std::string_view kinds = "iufc";
    constexpr auto names = std::to_array<std::string_view>({"int", "uint", "float", "complex"});
    if (descr.ends_with('O')) {
        return "object";
    }
    if (descr == "|b1") {
        return "bool";
    }
    const auto bytes = text::parse_int(descr.substr(std::min<std::size_t>(2, descr.size())));
    const auto kind = descr.size() > 1 ? kinds.find(descr[1]) : std::string_view::npos;
    return bytes && *bytes > 0 && *bytes <= 32 && kind != std::string_view::npos
               ? fmt::format("{}{}", names.at(kind), *bytes * 8)
               : "";
}

Result<void> set_type(NpyHeader& header, std::string_view descr, std::string_view file_name) {
    const bool known_order = !descr.empty() && std::string_view("<>=|").contains(descr[0]);
    const auto item = descr.substr(std::min<std::size_t>(1, descr.size()));
    if (!known_order || (item != "f4" && item != "f8")) {
        const auto name = dtype_name(descr);
        return std::unexpected(
            wrong(file_name,
                  fmt::format("numbers of dtype {}'{}'", name.empty() ? "" : name + " ",
                              text::shown(descr)),
                  "float32 or float64; save with array.astype('float32')"));
    }
    const bool native = descr[0] == '=' || descr[0] == '|';
    header.big_endian = native ? std::endian::native == std::endian::big : descr[0] == '>';
    header.item_bytes = item == "f4" ? 4 : 8;
    return {};
}

std::string shape_text(const std::vector<std::int64_t>& shape) {
    return fmt::format("({}{})", fmt::join(shape, ", "), shape.size() == 1 ? "," : "");
}

Result<void> set_shape(NpyHeader& header, const std::vector<std::int64_t>& shape,
                       std::string_view file_name) {
    if (shape.size() != 2) {
        return std::unexpected(wrong(file_name,
                                     shape.size() > 9 ? fmt::format("{} dimensions", shape.size())
                                                      : "shape " + shape_text(shape),
                                     "two dimensions, (rows, columns)"));
    }
    if (std::ranges::max(shape) > limits::max_side) {
        return std::unexpected(wrong(file_name, "shape " + shape_text(shape),
                                     fmt::format("at most {} rows and columns", limits::max_side)));
    }
    header.rows = shape[0];
    header.cols = shape[1];
    return {};
}

/// No overflow: each side is at most `limits::max_side`.
std::size_t values_in(std::int64_t rows, std::int64_t cols) {
    static_assert(limits::max_side <= std::int64_t{1} << 30);
    return static_cast<std::size_t>(rows) * static_cast<std::size_t>(cols);
}

Result<void> check_data_size(const NpyHeader& header, std::string_view bytes,
                             std::string_view file_name) {
    const std::size_t found = bytes.size() - header.data_offset;
    const std::size_t expected = values_in(header.rows, header.cols) * header.item_bytes;
    if (found != expected) {
        return std::unexpected(
            wrong(file_name, fmt::format("{} bytes of numbers", found),
                  fmt::format("{}, for {} x {} numbers of {} bytes each", expected, header.rows,
                              header.cols, header.item_bytes)));
    }
    return {};
}

template <class T>
T load(const char* bytes, bool swapped) {
    using Word = std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>;
    Word word = 0;
    std::memcpy(&word, bytes, sizeof(word));
    return std::bit_cast<T>(swapped ? std::byteswap(word) : word);
}

/// The numbers in native order, row after row, copied square by square so that neither side of a
/// transposition leaves the cache.
template <class T>
std::vector<T> converted(const NpyHeader& header, const char* data, bool swapped) {
    constexpr std::size_t side = 64;
    const auto rows = static_cast<std::size_t>(header.rows);
    const auto cols = static_cast<std::size_t>(header.cols);
    const std::size_t row_step = header.fortran_order ? 1 : cols;
    const std::size_t col_step = header.fortran_order ? rows : 1;
    std::vector<T> values(values_in(header.rows, header.cols));
    const auto copy_square = [&](std::size_t top, std::size_t left) {
        for (std::size_t r = top; r < std::min(top + side, rows); ++r) {
            for (std::size_t c = left; c < std::min(left + side, cols); ++c) {
                const char* const from = data + (r * row_step + c * col_step) * sizeof(T);
                values[r * cols + c] = load<T>(from, swapped);
            }
        }
    };
    for (std::size_t top = 0; top < rows; top += side) {
        for (std::size_t left = 0; left < cols; left += side) {
            copy_square(top, left);
        }
    }
    return values;
}

template <class T>
Matrix<T> matrix_of(const NpyHeader& header, std::string_view bytes) {
    const char* const data = bytes.data() + header.data_offset;
    const bool swapped = header.big_endian != (std::endian::native == std::endian::big);
    const bool aligned = std::bit_cast<std::uintptr_t>(data) % alignof(T) == 0;
    if (swapped || header.fortran_order || !aligned) {
        return {header.rows, header.cols, converted<T>(header, data, swapped)};
    }
    return {header.rows, header.cols,
            std::span(reinterpret_cast<const T*>(data), values_in(header.rows, header.cols))};
}

template <class T>
std::string write(std::span<const T> values, std::int64_t rows, std::int64_t cols) {
    ALLOT_CHECK(values.size() == values_in(rows, cols), "a matrix holds rows * cols numbers");
    std::string dictionary =
        fmt::format("{{'descr': '{}f{}', 'fortran_order': False, 'shape': ({}, {}), }}",
                    std::endian::native == std::endian::big ? '>' : '<', sizeof(T), rows, cols);
    const std::size_t before = magic.size() + 4;
    const std::size_t unpadded = before + dictionary.size() + 1;
    dictionary.append((data_alignment - unpadded % data_alignment) % data_alignment, ' ');
    dictionary += '\n';
    std::string out(magic);
    out += {'\x01', '\0', static_cast<char>(dictionary.size() & 0xFFU),
            static_cast<char>(dictionary.size() >> 8U)};
    out += dictionary;
    const std::size_t offset = out.size();
    out.resize(offset + values.size_bytes());
    if (!values.empty()) {
        std::memcpy(out.data() + offset, values.data(), values.size_bytes());
    }
    return out;
}

} // namespace

Result<NpyHeader> parse_npy_header(std::string_view bytes, std::string_view file_name) {
    TRY(const auto extent, find_dictionary(bytes, file_name));
    TRY(const auto dictionary,
        parse_dictionary(bytes.substr(extent.start, extent.length), file_name));
    const auto& [descr, fortran_order, shape] = dictionary;
    if (!descr || !fortran_order || !shape) {
        return std::unexpected(wrong(file_name, "a header without all of its keys",
                                     "the keys descr, fortran_order and shape"));
    }
    NpyHeader header;
    header.data_offset = extent.start + extent.length;
    header.fortran_order = *fortran_order;
    TRY_DO(set_type(header, *descr, file_name));
    TRY_DO(set_shape(header, *shape, file_name));
    TRY_DO(check_data_size(header, bytes, file_name));
    return header;
}

Result<AnyMatrix> parse_npy(std::string_view bytes, std::string_view file_name) {
    TRY(const auto header, parse_npy_header(bytes, file_name));
    return header.item_bytes == 4 ? AnyMatrix(matrix_of<float>(header, bytes))
                                  : AnyMatrix(matrix_of<double>(header, bytes));
}

std::string write_npy(std::span<const float> values, std::int64_t rows, std::int64_t cols) {
    return write(values, rows, cols);
}

std::string write_npy(std::span<const double> values, std::int64_t rows, std::int64_t cols) {
    return write(values, rows, cols);
}

} // namespace allot::formats
