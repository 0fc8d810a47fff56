/// The files of `assign` as bytes, and a reader for each kind of scores. Internal to
/// `assign_input`.
#pragma once

#include "app/assign_input.hpp"
#include "app/column_of.hpp"
#include "formats/pairs.hpp"

#include <array>

namespace allot::app {

inline constexpr std::int64_t least_demand = 1;
inline constexpr std::int64_t least_capacity = 0;

/// Empty where there is no such file.
struct InputFiles {
    FileBytes scores;
    FileBytes demand;
    FileBytes capacity;
    FileBytes conflicts;
    FileBytes min_load;
    FileBytes groups;
    std::array<FileBytes, 2> factors;
};

/// Where a number for everybody was given: none.
inline const std::string* path_of(const CountOption& option) {
    return std::get_if<std::string>(&option);
}

/// A number as a place in a vector.
inline std::size_t at(matching::Index k) {
    return static_cast<std::size_t>(k);
}

/// Reports each of `ids` that has no number, at its first row.
template <class Member>
void find_unknown(const formats::Pairs& pairs, Member member, const formats::Ids& ids,
                  const std::vector<matching::Index>& numbers, const ColumnOf& column,
                  std::string_view expected, formats::Findings& findings) {
    std::vector<bool> is_said(numbers.size());
    for (const auto& row : pairs.rows) {
        const std::uint32_t id = row.*member;
        if (numbers[id] == -1 && !is_said[id]) {
            findings.add_value(column.on(row.line), ids[id], expected);
            is_said[id] = true;
        }
    }
}

/// Scores as CSV: everybody has an id.
[[nodiscard]] Result<AssignInput> read_csv(const AssignOptions& options, const InputFiles& files);
/// Scores as a matrix: everybody has a number.
[[nodiscard]] Result<AssignInput> read_npy(const AssignOptions& options, InputFiles files);
/// Scores from factors: everybody has a number, and no matrix of scores is written down.
[[nodiscard]] Result<AssignInput> read_factors(const AssignOptions& options,
                                               const InputFiles& files);

} // namespace allot::app
