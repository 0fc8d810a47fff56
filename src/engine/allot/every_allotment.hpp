/// Every allotment of a small instance, for the tests of `engine/allot`.
#pragma once

#include "engine/allot/random_instance.hpp"

namespace allot::matching::testing {

/// All sets of pairs that keep to demands, places and minimum loads, one by one. Groups are not
/// known here.
class EveryAllotment {
  public:
    explicit EveryAllotment(const Instance& in)
        : in_(&in), rows_(in.sides.demand.size()), left_(in.sides.places) {
        for (const Pair& pair : in.pairs) {
            rows_[static_cast<std::size_t>(pair.ask)].push_back(pair);
        }
    }

    /// Calls `visit(pairs)`, where the pairs stand by ask.
    template <class Visit>
    void visit(const Visit& visit) {
        choose(0, 0, 0, visit);
    }

  private:
    /// The ask holds so many helpers, and its pairs before `from` were decided on.
    template <class Visit>
    void choose(std::size_t ask, std::size_t from, Count held, const Visit& visit) {
        if (ask == rows_.size()) {
            if (keeps_least()) {
                visit(std::span<const Pair>(chosen_));
            }
            return;
        }
        const Count demand = in_->sides.demand[ask];
        if (held == demand || in_->sides.service == Service::partial) {
            choose(ask + 1, 0, 0, visit);
        }
        for (std::size_t k = from; k < rows_[ask].size() && held < demand; ++k) {
            const Pair& pair = rows_[ask][k];
            Count& left = left_[static_cast<std::size_t>(pair.helper)];
            if (left > 0) {
                --left;
                chosen_.push_back(pair);
                choose(ask, k + 1, held + 1, visit);
                chosen_.pop_back();
                ++left;
            }
        }
    }

    [[nodiscard]] bool keeps_least() const {
        for (Index j = 0; j < in_->sides.helpers(); ++j) {
            const auto k = static_cast<std::size_t>(j);
            if (in_->sides.places[k] - left_[k] < in_->sides.least_of(j)) {
                return false;
            }
        }
        return true;
    }

    const Instance* in_;
    std::vector<std::vector<Pair>> rows_;
    std::vector<Count> left_; ///< free places of each helper
    std::vector<Pair> chosen_;
};

} // namespace allot::matching::testing
