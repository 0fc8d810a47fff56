/// The files of `assign`, read and checked against each other.
#pragma once

#include "app/assign_command.hpp"
#include "app/files.hpp"
#include "engine/allot/rows.hpp"
#include "formats/npy.hpp"

#include <string>
#include <variant>
#include <vector>

namespace allot::app {

/// What the asks, or the helpers, are called outside: ids, or their numbers from 0.
class Labels {
  public:
    explicit Labels(matching::Index numbered) : count_(numbered) {}
    explicit Labels(std::vector<std::string> ids)
        : ids_(std::move(ids)), count_(static_cast<matching::Index>(ids_.size())), are_ids_(true) {}

    [[nodiscard]] matching::Index count() const { return count_; }
    [[nodiscard]] bool are_ids() const { return are_ids_; }
    [[nodiscard]] std::string operator[](matching::Index k) const {
        return are_ids_ ? ids_[static_cast<std::size_t>(k)] : std::to_string(k);
    }
    /// Empty for numbers.
    [[nodiscard]] const std::vector<std::string>& ids() const { return ids_; }
    /// All numbers in the order in which results are written: ids bytewise, numbers ascending.
    [[nodiscard]] std::vector<matching::Index> output_order() const;

  private:
    std::vector<std::string> ids_;
    matching::Index count_;
    bool are_ids_ = false;
};

/// An allowed pair with its score as read.
struct ScoredPair {
    matching::Index ask = 0;
    matching::Index helper = 0;
    double score = 0;
};

/// Vectors of asks and of helpers, row after row; the score of a pair is 0.5 + 0.5 u.v.
struct Factors {
    std::size_t dimensions = 0;
    std::vector<double> u;
    std::vector<double> v;
};

/// Scores as read: a list, a matrix that lies in `bytes` or owns its values, or factors.
struct Scores {
    FileBytes bytes;
    std::variant<std::vector<ScoredPair>, formats::Matrix<float>, formats::Matrix<double>, Factors>
        values;

    /// The score of each pair as the shortest decimal that reads back as the same double. `pairs`
    /// ascend and are allowed. O(pairs), and O(list log demand) for a list.
    [[nodiscard]] std::vector<std::string> texts_of(std::span<const matching::Pair> pairs) const;
};

/// How the factors of the score of a pair are summed up; in the order of FactorRows.
[[nodiscard]] double score_of(const Factors& factors, matching::Index ask, matching::Index helper);

/// What the engine needs, and what is needed to say its answer in the words of the input.
struct AssignInput {
    Labels asks;
    Labels helpers;
    Scores scores;
    matching::ScoreRows rows; ///< may look into `scores`, whose values never move
    matching::Sides sides;
    std::vector<matching::Index> order; ///< for matching::Options
};

/// Reads all files, and finds all that is wrong with them at once as far as one error does not hide
/// another. Ids are numbered in canonical order, so that the order of lines cannot matter.
[[nodiscard]] Result<AssignInput> read_assign_input(const AssignOptions& options);

} // namespace allot::app
