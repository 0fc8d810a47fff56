/// Checks the levels of an allotment without trusting whoever made them. Shares no code with
/// levels.cpp. Internal to `engine/allot`.
#pragma once

#include "engine/allot/solver.hpp"

namespace allot::matching {

__extension__ using Micro128 = __int128;

/// What levels are claimed to prove.
enum class LevelClaim : std::uint8_t {
    vector, ///< leximin: of every level as many asks as it says, no score between two levels
    worst, ///< the served set is a largest one, and nobody's smallest score can pass the last level
    served, ///< the served set is a largest one (levels of unserved asks only)
};

/// Replays levels in order over all pairs that are still possible: from each set, more than the
/// value is to be had from its cut only; the places of the cut leave as many asks over as get the
/// value. Then no allotment is better (weak duality, level after level). Asks have a demand of at
/// most 1. O(pairs * levels / 64), and O(asks + helpers) a level.
class LevelReplay {
  public:
    /// All three outlive this object.
    LevelReplay(const ScoreRows& rows, const Sides& sides, std::span<const Level> levels);

    /// Are the pairs an allotment, and do the levels prove the claim of it? Of a vector, for the
    /// worst `covered` asks.
    [[nodiscard]] bool holds(std::span<const Pair> pairs, LevelClaim claim,
                             std::int64_t covered = 0) const;
    /// No allotment for which the levels hold, and in which nobody is served below `least`, has a
    /// larger sum: linear programming duality, over pairs that the levels leave.
    [[nodiscard]] Micro128 bound(Micro least, std::span<const Micro128> prices) const;

  private:
    struct Group {
        std::size_t begin = 0;
        std::size_t end = 0;
        std::int64_t least = 0; ///< so many asks get the value at least
    };
    /// What the levels say of a pair.
    enum class Fate : std::uint8_t { stays, goes, contradicts };

    using Words = std::vector<std::uint64_t>;

    bool read_levels();
    [[nodiscard]] bool in_order() const;
    void find_groups();
    [[nodiscard]] bool group_counts();
    [[nodiscard]] bool tighten(const Group& group);
    [[nodiscard]] std::int64_t least_of(const Level& level) const;
    [[nodiscard]] bool all_pairs_agree() const;
    [[nodiscard]] std::pair<std::size_t, std::size_t> levels_of_score(Micro score) const;
    [[nodiscard]] std::pair<std::size_t, std::size_t> levels_of_class(std::uint8_t waiting) const;
    [[nodiscard]] Fate fate(const Words& ask, const Words& other,
                            std::pair<std::size_t, std::size_t> counted, bool unused) const;
    [[nodiscard]] Fate fate_of_pair(Index ask, Index helper, Micro score) const;
    [[nodiscard]] Fate fate_of_empty(Index ask) const;
    [[nodiscard]] bool is_allotment(std::span<const Pair> pairs) const;
    [[nodiscard]] bool counts_agree(std::span<const Pair> pairs, LevelClaim claim,
                                    std::int64_t covered) const;

    const ScoreRows* rows_;
    const Sides* sides_;
    std::span<const Level> levels_;
    std::vector<Group> groups_;
    std::vector<std::size_t> group_of_; ///< of each level
    std::size_t first_score_ = 0;       ///< the first level of a score
    std::vector<Words> asks_;           ///< the levels whose set an ask is in
    std::vector<Words> helpers_;        ///< the levels whose cut a helper is in
    Words outside_;
    std::int64_t taking_part_ = 0;
    std::vector<std::int64_t> fewest_;
    std::vector<std::int64_t> most_;
    bool sound_ = false;
};

/// Upper bound of every sum over pairs of at least `least` by prices with a class, as
/// `Certificate`: no minimum loads. O(pairs).
[[nodiscard]] Value bound_of_prices(const ScoreRows& rows, const Sides& sides, Micro least,
                                    std::span<const Value> prices);

} // namespace allot::matching
