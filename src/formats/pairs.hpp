/// The plain files around an instance: `ask,helper,score`, `ask,helper`, `id,n`, and one number a
/// line. Columns are found by name, in any order; other columns are passed over.
#pragma once

#include "base/result.hpp"
#include "formats/csv.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace allot::formats {

/// Ids as dense indices 0, 1, 2, ... in the order of their first appearance.
class Ids {
  public:
    [[nodiscard]] std::size_t size() const { return names_.size(); }
    [[nodiscard]] const std::string& operator[](std::size_t index) const { return names_[index]; }
    [[nodiscard]] const std::vector<std::string>& names() const { return names_; }

    /// The index of `id`, a new one if it is new. O(1) expected; at once for the id of the call
    /// before.
    std::uint32_t intern(std::string_view id);
    [[nodiscard]] std::optional<std::uint32_t> find(std::string_view id) const;

  private:
    static constexpr std::uint32_t no_index = ~std::uint32_t{0};

    struct Slot {
        std::uint32_t hash = 0;
        std::uint32_t index = no_index;
    };

    /// The slot that holds `id`, or the free one where it belongs. Needs a free slot.
    [[nodiscard]] std::size_t slot_of(std::string_view id, std::uint32_t hash) const;
    void grow();

    std::vector<std::string> names_;
    std::vector<Slot> slots_; ///< open addressing, linear probing, at most half full
    std::uint32_t last_ = 0;
};

/// The names of the columns of a file of pairs.
struct PairColumns {
    std::string_view ask = "ask";
    std::string_view helper = "helper";
    std::string_view score = "score";
};

/// One row of a file of pairs: indices into its `Ids`, and the line it came from.
struct Pair {
    std::uint32_t ask = 0;
    std::uint32_t helper = 0;
    std::int64_t line = 0;
};

/// A file of pairs in the order of its rows; no pair twice.
struct Pairs {
    Ids asks;
    Ids helpers;
    std::vector<Pair> rows;
};

/// Pairs with a score each, in [0, limits::max_score]; `scores` runs beside `pairs.rows`.
struct Triples {
    Pairs pairs;
    std::vector<double> scores;
};

/// A file `id,n`: `values` and `lines` run beside `ids`.
struct Counts {
    Ids ids;
    std::vector<std::int64_t> values;
    std::vector<std::int64_t> lines;
};

/// Reads pairs, such as conflicts. Errors, all at once: the table's own, an id that is empty or
/// above `limits::max_id_bytes`, a pair twice, more than `limits::max_side` ids. O(bytes).
[[nodiscard]] Result<Pairs> parse_pairs(std::string_view bytes, std::string file_name,
                                        const PairColumns& columns = {});

/// Reads pairs with a score. A pair that is not allowed has no row, so an empty, negative or NaN
/// score is an error. Where `;` separates, `0,5` is one half. Errors: as `parse_pairs`, and scores.
[[nodiscard]] Result<Triples> parse_triples(std::string_view bytes, std::string file_name,
                                            const PairColumns& columns = {});

/// Reads a whole number for each id, in columns `id` and `n`, from `minimum` to
/// `limits::max_places`. Errors: as `parse_pairs`, an id twice, numbers out of range.
[[nodiscard]] Result<Counts> parse_counts(std::string_view bytes, std::string file_name,
                                          std::int64_t minimum, std::string_view id_column = "id",
                                          std::string_view n_column = "n");

/// Reads exactly `expected` whole numbers, one a line and without a header, from `minimum` to
/// `limits::max_places`; blank lines are passed over. O(bytes).
[[nodiscard]] Result<std::vector<std::int64_t>> parse_lines_of_ints(std::string_view bytes,
                                                                    std::string file_name,
                                                                    std::size_t expected,
                                                                    std::int64_t minimum);

} // namespace allot::formats
