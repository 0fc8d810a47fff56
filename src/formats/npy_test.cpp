#include "formats/npy.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <doctest/doctest.h>
#include <rapidcheck.h>

using namespace allot;
using namespace allot::formats;
using namespace std::string_literals;

namespace {

/// A file with any dictionary, version and data, as numpy.lib.format writes it.
std::string file_of(const std::string& dictionary, const std::string& data = "", char version = 1) {
    const std::size_t length_bytes = version == 1 ? 2 : 4;
    std::string text = dictionary;
    text.append(63 - (8 + length_bytes + text.size()) % 64, ' ');
    text += '\n';
    std::string out = "\x93NUMPY"s + version + '\0';
    for (std::size_t i = 0; i < length_bytes; ++i) {
        out += static_cast<char>(text.size() >> (8 * i) & 0xFFU);
    }
    return out + text + data;
}

std::string dictionary(const std::string& descr, bool fortran, std::size_t rows, std::size_t cols) {
    return "{'descr': '" + descr + "', 'fortran_order': " + (fortran ? "True" : "False") +
           ", 'shape': (" + std::to_string(rows) + ", " + std::to_string(cols) + "), }";
}

template <class T>
std::string bytes_of(T value, bool big_endian) {
    const auto bytes = std::bit_cast<std::array<char, sizeof(T)>>(value);
    std::string out(bytes.begin(), bytes.end());
    if (big_endian != (std::endian::native == std::endian::big)) {
        std::ranges::reverse(out);
    }
    return out;
}

template <class T>
std::string data_of(const std::vector<T>& values, std::size_t rows, std::size_t cols, bool fortran,
                    bool big_endian) {
    std::string data;
    for (std::size_t i = 0; i < values.size(); ++i) {
        const std::size_t at = fortran ? i % rows * cols + i / rows : i;
        data += bytes_of(values[at], big_endian);
    }
    return data;
}

template <class T>
bool same_values(const Result<AnyMatrix>& read, const std::vector<T>& values, std::size_t rows,
                 std::size_t cols) {
    const auto* const matrix = read ? std::get_if<Matrix<T>>(&*read) : nullptr;
    return matrix != nullptr && std::cmp_equal(matrix->rows(), rows) &&
           std::cmp_equal(matrix->cols(), cols) &&
           std::vector<T>(matrix->values().begin(), matrix->values().end()) == values;
}

template <class T>
void reads_what_is_written() {
    const auto rows = *rc::gen::inRange<std::size_t>(0, 90);
    const auto cols = *rc::gen::inRange<std::size_t>(0, 90);
    std::vector<T> values(rows * cols);
    for (std::size_t i = 0; i < values.size(); ++i) {
        values[i] = static_cast<T>(i) / 3 - 100;
    }
    const std::string written =
        write_npy(std::span<const T>(values), static_cast<std::int64_t>(rows),
                  static_cast<std::int64_t>(cols));
    RC_ASSERT(same_values(parse_npy(written, "m.npy"), values, rows, cols));
    const bool fortran = *rc::gen::arbitrary<bool>();
    const bool big = *rc::gen::arbitrary<bool>();
    const auto version = static_cast<char>(*rc::gen::inRange(1, 4));
    const auto shift = *rc::gen::inRange<std::size_t>(0, 8);
    const std::string descr = (big ? ">f" : "<f") + std::to_string(sizeof(T));
    const std::string file =
        std::string(shift, ' ') + file_of(dictionary(descr, fortran, rows, cols),
                                          data_of(values, rows, cols, fortran, big), version);
    const auto read = parse_npy(std::string_view(file).substr(shift), "m.npy");
    RC_ASSERT(same_values(read, values, rows, cols));
}

std::string message_of(const std::string& file) {
    const auto matrix = parse_npy(file, "m.npy");
    REQUIRE_FALSE(matrix);
    CHECK(matrix.error().kind == ErrorKind::invalid);
    return matrix.error().message;
}

} // namespace

TEST_CASE("matrices of both types, byte orders, index orders and all versions are read") {
    CHECK(rc::check("float32", reads_what_is_written<float>));
    CHECK(rc::check("float64", reads_what_is_written<double>));
}

TEST_CASE("native aligned numbers are used where they lie, others are converted") {
    const std::vector<double> values{1, 2, 3, 4, 5, 6};
    const std::string file = write_npy(std::span<const double>(values), 2, 3);
    const auto in_place = parse_npy(file, "m.npy");
    REQUIRE(in_place);
    const auto& matrix = std::get<Matrix<double>>(*in_place);
    CHECK_FALSE(matrix.owns_values());
    CHECK(std::bit_cast<std::uintptr_t>(matrix.values().data()) ==
          std::bit_cast<std::uintptr_t>(file.data()) + 128);
    CHECK(std::ranges::equal(matrix.row(1), std::vector<double>{4, 5, 6}));

    const std::string shifted = " " + file;
    const auto copied = parse_npy(std::string_view(shifted).substr(1), "m.npy");
    REQUIRE(copied);
    CHECK(std::get<Matrix<double>>(*copied).owns_values());
    CHECK(same_values(copied, values, 2, 3));
}

TEST_CASE("a converted matrix may be moved") {
    auto read = parse_npy(file_of(dictionary(">f4", false, 1, 1), bytes_of(2.5F, true)), "m.npy");
    REQUIRE(read);
    const AnyMatrix moved = std::move(*read);
    CHECK(std::get<Matrix<float>>(moved).values()[0] == 2.5F);
}

TEST_CASE("NaN and infinity are values") {
    const std::vector<float> values{std::numeric_limits<float>::quiet_NaN(),
                                    -std::numeric_limits<float>::infinity()};
    const std::string file = write_npy(std::span<const float>(values), 1, 2);
    const auto read = parse_npy(file, "m.npy");
    REQUIRE(read);
    CHECK(std::isnan(std::get<Matrix<float>>(*read).values()[0]));
    CHECK(std::isinf(std::get<Matrix<float>>(*read).values()[1]));
}

TEST_CASE("the written header is the one that NumPy writes") {
    // numpy.save of numpy.zeros((2, 3), '<f4'), NumPy 1.24: 118 = 0x76 bytes of dictionary.
    const std::string start = "\x93NUMPY\x01\0\x76\0"s
                              "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }";
    const std::string file = write_npy(std::span<const float>(std::vector<float>(6)), 2, 3);
    CHECK(file.starts_with(start));
    CHECK(file.substr(start.size(), 128 - start.size()) ==
          std::string(127 - start.size(), ' ') + "\n");
    CHECK(file.size() == 128 + 24);
}

TEST_CASE("keys may stand in any order, with other spaces, quotes and commas") {
    const std::string data = bytes_of(1.0F, false);
    for (const char* const header :
         {"{'shape': (1, 1), 'fortran_order': True, 'descr': '<f4'}",
          R"({"descr":"<f4","fortran_order":False,"shape":(1,1,)})",
          "  { 'descr' : '<f4' , 'fortran_order' : False , 'shape' : ( 1 , 1 ) , }  ",
          "{'descr': '=f4', 'fortran_order': False, 'shape': (1, 1), }"}) {
        CAPTURE(header);
        CHECK(same_values<float>(parse_npy(file_of(header, data), "m.npy"), {1}, 1, 1));
    }
}

TEST_CASE("a header that is not exactly a dictionary of the three keys is refused") {
    for (const char* const header :
         {"", "{", "{}", "{'descr': '<f4', 'fortran_order': False}",
          "{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (0, 0)}",
          "{'descr': '<f4', 'fortran_order': False, 'shape': (0, 0), 'x': 1}",
          "{'descr': '<f4', 'fortran_order': 0, 'shape': (0, 0)}",
          "{'descr': '<f4', 'fortran_order': False, 'shape': (0, 0)} x",
          "{'descr': '<f4', 'fortran_order': False, 'shape': (0 0)}",
          "{'descr': '<f4', 'fortran_order': False, 'shape': (5)}",
          "{'descr': '<f4', 'fortran_order': False, 'shape': (-1, 0)}",
          "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999, 0)}",
          "{'descr': '<f4' 'fortran_order': False, 'shape': (0, 0)}",
          "{'descr': [('a', '<f4'), 'fortran_order': False, 'shape': (0, 0)}",
          "{'descr': '<f4, 'fortran_order': False, 'shape': (0, 0)}"}) {
        CAPTURE(header);
        CHECK(message_of(file_of(header)).starts_with("m.npy: found a header "));
    }
}

TEST_CASE("other types are named, with the way out") {
    const auto message = [](const std::string& descr) {
        return message_of(
            file_of("{'descr': " + descr + ", 'fortran_order': False, 'shape': (1, 1), }"));
    };
    CHECK(message("'<i8'") == "m.npy: found numbers of dtype int64 '<i8', expected float32 or "
                              "float64; save with array.astype('float32')");
    CHECK(message("'<f2'").contains("float16"));
    CHECK(message("'|O'").contains("object"));
    CHECK(message("'|b1'").contains("bool"));
    CHECK(message("'<c16'").contains("complex128"));
    CHECK(message("'f4'").contains("'f4'"));
    CHECK(message("''").contains("''"));
    CHECK(message("[('a', '<f4'), ('b', '<f4')]").contains("[('a', '<f4'), ('b', '<f4')]"));
}

TEST_CASE("a shape has two sides within the limit") {
    const auto message = [](const std::string& shape) {
        return message_of(
            file_of("{'descr': '<f4', 'fortran_order': False, 'shape': " + shape + ", }"));
    };
    CHECK(message("()").contains("found shape (), expected two dimensions"));
    CHECK(message("(3,)").contains("found shape (3,), expected two dimensions"));
    CHECK(message("(1, 2, 3)").contains("found shape (1, 2, 3)"));
    CHECK(message("(0, 9223372036854775807)").contains("expected at most 50000000 rows"));
}

TEST_CASE("matrices without rows or columns are read") {
    CHECK(
        same_values<float>(parse_npy(file_of(dictionary("<f4", false, 0, 5)), "m.npy"), {}, 0, 5));
    CHECK(
        same_values<double>(parse_npy(file_of(dictionary(">f8", true, 5, 0)), "m.npy"), {}, 5, 0));
}

TEST_CASE("too few and too many bytes are errors that say the sizes") {
    const std::string file = file_of(dictionary("<f8", false, 2, 1), std::string(16, '\0'));
    CHECK(message_of(file + "x") ==
          "m.npy: found 17 bytes of numbers, expected 16, for 2 x 1 numbers of 8 bytes each");
    for (std::size_t n = 0; n < file.size(); ++n) {
        CAPTURE(n);
        CHECK_FALSE(parse_npy(file.substr(0, n), "m.npy").has_value());
    }
    CHECK(message_of(file_of(dictionary("<f8", false, 50'000'000, 50'000'000)))
              .contains("expected 20000000000000000, "));
}

TEST_CASE("what is no .npy file says what it may be") {
    CHECK(message_of("ask,helper,score\n").contains("found no .npy file"));
    CHECK(message_of("PK\x03\x04").contains("perhaps .npz"));
    CHECK(message_of("\x93NUMPY\x04\0\x01\0"s).contains("version 4.0"));
    CHECK(message_of("\x93NUMPY\x01\x01\x01\0"s).contains("version 1.1"));
}

TEST_CASE("no header makes the reader fail in another way than by an error") {
    const bool holds = rc::check([] {
        const auto parts =
            *rc::gen::container<std::vector<std::string>>(rc::gen::element<std::string>(
                "{", "}", "'descr'", ":", "'<f4'", ",", "'shape'", "(", ")", "0", "1", " ",
                "'fortran_order'", "True", "[", "]", "'", "\"", "\0", "-"));
        std::string header;
        for (const auto& part : parts) {
            header += part;
        }
        const auto read = parse_npy(file_of(header), "m.npy");
        RC_ASSERT((read.has_value() || !read.error().message.empty()));
    });
    CHECK(holds);
}
