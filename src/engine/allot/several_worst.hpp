/// How large the smallest sum of a fair round with demands of two or more can be, and allotments to
/// start from that come near it. Internal to `engine/allot`.
#pragma once

#include "engine/allot/cover.hpp"
#include "engine/allot/several_candidates.hpp"

namespace allot::matching::several {

/// A bound that falls, and candidates whose smallest sum rises towards it.
class WorstBound {
  public:
    /// Begins with what the d best of each ask allow. Both outlive the bound.
    WorstBound(Case& fair, Candidates& candidates);

    /// No allotment has a larger smallest sum.
    [[nodiscard]] Micro value() const { return bound_; }
    /// A smallest sum that is as good as any larger one.
    [[nodiscard]] Micro goal() const { return std::min(fair_->floor(), bound_); }

    /// Lowers the bound to what threshold flows allow. Something was offered to the candidates
    /// before this and what follows. Errors of all: interrupted.
    Result<void> lower_by_thresholds();
    /// For each kappa: offers the allotment of the largest sum that keeps as much as possible of
    /// one in which everybody has kappa helpers above the largest threshold.
    Result<void> start_from_thresholds();
    /// For any weights, no smallest sum is larger than the largest sum of weight * s over the sum
    /// of weights. Each step also offers an allotment.
    Result<void> lower_by_weights();

  private:
    [[nodiscard]] Count most_thresholds() const;
    [[nodiscard]] bool thresholds_allow(Cover& cover, Micro least) const;
    [[nodiscard]] Result<Micro> largest_threshold(Cover& cover, std::span<const Count> needs) const;
    Result<void> start_from_threshold(Cover& cover, Count kappa);

    Case* fair_;
    Candidates* candidates_;
    Micro bound_;
};

} // namespace allot::matching::several
