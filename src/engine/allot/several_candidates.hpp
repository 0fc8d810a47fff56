/// The best allotments that a fair round with demands of two or more has found, each improved by
/// exchanges. Internal to `engine/allot`.
#pragma once

#include "engine/allot/several_case.hpp"

namespace allot::matching::several {

/// Makes the worst off better off, as long as exchanges do and they have less than `enough`. That
/// is neared in steps: a search for a path that reaches a lower level looks at far fewer pairs.
/// Errors: interrupted.
Result<void> climb_worst(const Case& fair, Plan& plan, Micro enough);
/// Makes everybody better off at the cost of those who stay better off, the worst off first.
/// Errors: interrupted.
Result<void> climb_all(const Case& fair, Plan& plan);

/// The best few by the smallest sum, with Rule::leximin by all sums, then by the sum.
class Candidates {
  public:
    /// `fair` outlives the candidates.
    explicit Candidates(const Case& fair) : fair_(&fair) {}

    /// Improves an allotment and keeps it if it is among the best. A smallest sum of `enough` is as
    /// good as any larger one. Errors: interrupted.
    Result<void> offer(std::span<const Pair> pairs, Micro enough);

    /// The smallest sum of the best one, at most the floor. Something was offered.
    [[nodiscard]] Micro worst() const { return best_.front().worst; }
    [[nodiscard]] const Plan& best() const { return best_.front().plan; }
    /// Those with the best smallest sum, the best one first.
    [[nodiscard]] std::vector<Plan> take_best() &&;

  private:
    struct Candidate {
        Plan plan;
        Micro worst;
        std::vector<Micro> sums; ///< ascending, for Rule::leximin
    };

    const Case* fair_;
    std::vector<Candidate> best_; ///< the best first
};

} // namespace allot::matching::several
