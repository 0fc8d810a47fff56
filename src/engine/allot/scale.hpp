/// One number for a lexicographic value, so that a single flow solves all waiting classes at once.
/// Internal to `engine/allot`.
#pragma once

#include "engine/allot/instance.hpp"

namespace allot::matching {

__extension__ using Wide = __int128;

/// The same instance without what can never be used: a pair is made at most once, so a helper needs
/// no more places than there are asks and, where places may stay empty, an ask no more than there
/// are helpers. Keeps the numbers of a scale small.
[[nodiscard]] Sides without_surplus(const Sides& sides);

/// Scores only: a value is its micro units.
class PlainScale {
  public:
    using Cost = std::int64_t;

    /// Errors: sums of scores that would not fit.
    [[nodiscard]] static Result<PlainScale> of(const Sides& sides, Micro largest_score);

    /// What a place of this class is worth beside its score.
    [[nodiscard]] static Cost lift(std::uint8_t) { return 0; }
    [[nodiscard]] static Value value(Cost cost) { return {.places = {}, .micro = cost}; }
    [[nodiscard]] static Cost cost(const Value& value) { return value.micro; }
};

/// Mixed radix: a place of a class weighs more than everything below it together, so comparing two
/// numbers compares (places of class 3, of class 2, of 1, of 0, score) in this order.
class WaitingScale {
  public:
    using Cost = Wide;

    /// Errors: more places than 126 bits can rank.
    [[nodiscard]] static Result<WaitingScale> of(const Sides& sides, Micro largest_score);

    [[nodiscard]] Cost lift(std::uint8_t waiting) const {
        return weight_[waiting_classes - 1 - waiting];
    }
    [[nodiscard]] Value value(Cost cost) const;
    [[nodiscard]] Cost cost(const Value& value) const;

  private:
    std::array<Cost, waiting_classes> weight_{}; ///< longest waiting first
};

} // namespace allot::matching
