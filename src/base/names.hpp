/// Names of enumerators, as a table in the order of the type.
#pragma once

#include "base/result.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

namespace allot {

/// Whether a table has that name. O(n).
template <std::size_t n>
[[nodiscard]] bool is_name_in(const std::array<std::string_view, n>& names, std::string_view name) {
    return std::ranges::find(names, name) != names.end();
}

/// The enumerator of that name; aborts where the table has none. O(n).
template <class Enum, std::size_t n>
[[nodiscard]] Enum named_in(const std::array<std::string_view, n>& names, std::string_view name) {
    const auto* const found = std::ranges::find(names, name);
    ALLOT_CHECK(found != names.end(), "a name that its table knows");
    return static_cast<Enum>(found - names.begin());
}

} // namespace allot
