/// Any bytes as a `.npy` file. What parses as a matrix is the same matrix, bit for bit, after it
/// was written and read again.
#include "base/result.hpp"
#include "formats/npy.hpp"

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <variant>

using namespace allot;
using namespace allot::formats;

namespace {

template <class T>
bool same_bits(std::span<const T> a, std::span<const T> b) {
    return a.size() == b.size() &&
           (a.empty() || std::memcmp(a.data(), b.data(), a.size_bytes()) == 0);
}

template <class T>
void check_again(const Matrix<T>& matrix) {
    const std::string file = write_npy(matrix.values(), matrix.rows(), matrix.cols());
    const auto read = parse_npy(file, "m.npy");
    ALLOT_CHECK(read && std::holds_alternative<Matrix<T>>(*read), "a written matrix is read");
    const auto& again = std::get<Matrix<T>>(*read);
    ALLOT_CHECK(again.rows() == matrix.rows() && again.cols() == matrix.cols() &&
                    same_bits(again.values(), matrix.values()),
                "a matrix survives writing and reading");
}

} // namespace

// NOLINTNEXTLINE(readability-identifier-naming): the name that libFuzzer calls
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string bytes(data, data + size);
    if (const auto matrix = parse_npy(bytes, "m.npy")) {
        std::visit([](const auto& m) { check_again(m); }, *matrix);
    }
    return 0;
}
