/// A solved round in which one thing changes at a time: somebody declines or withdraws.
#pragma once

#include "engine/allot/solver.hpp"

#include <memory>

namespace allot::matching {

/// What one change did.
struct Change {
    std::vector<Pair> ended; ///< by ask, then helper
    std::vector<Pair> begun;
    /// Demands that cannot be met any more (Service::full only). While it is not empty the pairs
    /// are as many as possible, nothing more is claimed, and the next change solves anew.
    std::vector<Shortage> shortages;
    /// Of the whole allotment. It was proved before, so it is enough to look again at the rows and
    /// columns whose pairs or prices moved: nobody in them would rather have somebody else, and
    /// only full helpers have a price (complementary slackness).
    bool proved = false;
    Index rows_checked = 0;
    Index columns_checked = 0;
};

/// An allotment with the largest sum of scores that is kept optimal. A change starts from the last
/// pairs and prices: what became free is refilled by one shortest path over columns, who lost a
/// place is served by one over rows. Works with Rule::sum, without groups and minimum loads.
class Session {
  public:
    /// Solves the instance from nothing, as `allot()` does. Dense rows look into a matrix that
    /// outlives the session. Errors: as `allot()`, and sums with groups or minimum loads.
    [[nodiscard]] static Result<Session> start(ScoreRows rows, Sides sides,
                                               const Options& options = {});
    Session(Session&&) noexcept;
    Session& operator=(Session&&) noexcept;
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;
    ~Session();

    /// A decline or a new conflict: the pair is not possible from now on. Typically a few rows and
    /// columns; worst case O(pairs log n). An index outside of the instance aborts, here and below.
    Change forbid(Index ask, Index helper);
    /// The ask is not needed any more: its demand becomes 0.
    Change withdraw_ask(Index ask);
    /// The helper has no place any more.
    Change withdraw_helper(Index helper);

    [[nodiscard]] const Sides& sides() const;
    /// By ask, then helper. O(pairs held).
    [[nodiscard]] std::vector<Pair> pairs() const;
    /// What the pairs are worth.
    [[nodiscard]] Value objective() const;
    /// Looks at all pairs, whatever was checked before. O(pairs).
    [[nodiscard]] Certificate check_all() const;

    /// One for each kind of rows and costs; internal.
    class Impl;

  private:
    explicit Session(std::unique_ptr<Impl> impl);

    std::unique_ptr<Impl> impl_;
};

} // namespace allot::matching
