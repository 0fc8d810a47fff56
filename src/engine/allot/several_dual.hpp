/// Weighted sums and the steps of a dual over the weights, for fair rounds with demands of two or
/// more. Internal to `engine/allot`.
#pragma once

#include "engine/allot/several_case.hpp"

namespace allot::matching::several {

/// Weights of asks are multiples of 1 / `unit`.
inline constexpr std::int64_t unit = std::int64_t{1} << 16U;

struct Weighted {
    Valued found;
    Wide bound = 0; ///< of the sum of weight * s
};

/// The allotment with the largest sum of weight * s, by number of the ask; nullopt where the
/// weights are too large for the solver. Errors: interrupted.
[[nodiscard]] Result<std::optional<Weighted>>
solve_weighted(Case& fair, const std::vector<std::int64_t>& weights);
/// The least that the weights of those who are served can sum to.
[[nodiscard]] std::int64_t certain_weight(const Case& fair,
                                          const std::vector<std::int64_t>& weights);
/// The sums of those who take part, in their order.
[[nodiscard]] std::vector<double> sums_of(const Case& fair, std::span<const Pair> pairs);

/// Projection onto the weights of at least 0 and of sum 1 (Held, Wolfe, Crowder 1974).
void to_simplex(std::vector<double>& weights);

/// The length of Polyak's step, shortened where the bound does not fall.
class StepLength {
  public:
    [[nodiscard]] double next(double bound, double target, double norm) {
        if (bound < best_ - 1e-9 * std::abs(best_)) {
            best_ = bound;
            idle_ = 0;
        } else if (++idle_ == 4) {
            idle_ = 0;
            factor_ /= 2;
        }
        return norm > 0 ? factor_ * std::max(bound - target, 1.0) / norm : 0.0;
    }

  private:
    double best_ = std::numeric_limits<double>::infinity();
    double factor_ = 1.0;
    int idle_ = 0;
};

/// Ends a dual that has come to rest: neither the best found nor the bound has moved for a while.
class Patience {
  public:
    explicit Patience(int most_idle) : most_idle_(most_idle) {}

    [[nodiscard]] bool ends(Micro found, Micro bound) {
        const auto now = std::pair(found, bound);
        idle_ = now == last_ ? idle_ + 1 : 0;
        last_ = now;
        return idle_ >= most_idle_;
    }

  private:
    int most_idle_;
    int idle_ = 0;
    std::pair<Micro, Micro> last_{-1, -1};
};

} // namespace allot::matching::several
