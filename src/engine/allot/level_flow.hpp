/// A matching, and the pairs that it may still use when it has to stay as good as it is. Internal
/// to `engine/allot`.
#pragma once

#include "engine/allot/objective.hpp"

namespace allot::matching {

/// 64 helpers of a row, from `64 * index`.
struct RowWord {
    std::uint32_t index = 0;
    std::uint64_t bits = 0;
};

/// Asks of one place each, matched to helpers or, where that is allowed, to nobody, and the *tight*
/// pairs: those that some matching uses that is optimal at every level settled so far. Every
/// matching within them and within the bounds on places is (complementary slackness; Burkard and
/// Rendl 1991, Sokkalingam and Aneja 1998).
///
/// A level: some tight pairs are marked; they cost 1, all other tight pairs 0. `settle` finds a
/// matching of the least cost and integral potentials that prove it, by shortest augmenting paths,
/// and keeps as tight what has no reduced cost. Beside asks and helpers there is one node, the
/// *outside*: it holds the places that stay free, and asks without a helper hold on to it. So a
/// helper that must stay full can only be left when somebody else comes.
///
/// Rows are kept as lists of words of a bit set, so that dense rows cost n/64 and sparse ones their
/// length. One search: O(words of the asks reached), times the potentials raised.
class LevelFlow {
  public:
    static constexpr Index outside = -1; ///< an ask without a helper
    static constexpr Index absent = -2;  ///< an ask without demand

    /// Everybody is absent, no pair is tight. `rank` of each ask: who is served first.
    LevelFlow(Index asks, std::vector<Count> least, std::vector<Count> places,
              std::vector<Index> rank);

    [[nodiscard]] Index asks() const { return static_cast<Index>(asks_.size()); }
    [[nodiscard]] Index helpers() const { return static_cast<Index>(helpers_.size()); }
    /// The helper of an ask, or `outside`, or `absent`.
    [[nodiscard]] Index at(Index ask) const { return ask_of(ask).at; }
    [[nodiscard]] bool may_stay_empty(Index ask) const { return ask_of(ask).may_stay_empty; }
    /// How many asks a helper has at least, and at most, in every optimal matching.
    [[nodiscard]] Count fewest(Index helper) const { return helper_of(helper).least; }
    [[nodiscard]] Count most(Index helper) const { return helper_of(helper).most; }
    [[nodiscard]] bool is_tight(Index ask, Index helper) const;

    /// Puts an absent ask to a helper, or outside, where it may then stay.
    void place(Index ask, Index helper, bool may_stay_empty);

    /// Takes other tight pairs, as good at every level settled: of every ask that takes part, those
    /// of `pairs`, or none.
    void rematch(std::span<const Pair> pairs);

    /// Words of a row, as a bit set over all helpers.
    [[nodiscard]] std::size_t words() const { return (helpers_.size() + 63) / 64; }
    [[nodiscard]] bool has_pairs(Index ask) const { return !ask_of(ask).tight.empty(); }
    void read_row(Index ask, std::span<std::uint64_t> bits) const;
    void write_row(Index ask, std::span<const std::uint64_t> bits);
    /// Takes a pair out of the tight ones; false when it was not one.
    bool remove(Index ask, Index helper);

    /// Moves asks so that every helper has as many as it must. False when that is not possible:
    /// then `starved` are helpers who need more than the asks that can go to them.
    [[nodiscard]] bool fill_least();
    [[nodiscard]] const std::vector<Index>& starved() const { return starved_; }

    /// Marks a tight pair, or staying empty, as what this level counts.
    void mark(Index ask, Index helper);
    void mark_empty(Index ask);
    /// Uses as few of the marked as possible, and keeps as tight what proves it. One `Level` for
    /// each potential that was raised (value and class are left to the caller); none when no marked
    /// pair is used any more. Nothing is marked afterwards.
    std::vector<Level> settle();

  private:
    static constexpr Index taken_out = -3; ///< an ask that is being put somewhere
    static constexpr Index nobody = -4;

    struct Ask {
        Index at = absent;
        Index potential = 0;
        std::uint32_t search = 0; ///< the last search that reached it
        bool may_stay_empty = false;
        bool empty_marked = false;
        bool marked = false; ///< one of its pairs, or staying empty
        std::vector<RowWord> tight;
        std::vector<RowWord> costly; ///< marked pairs; an index may come twice
    };
    struct Helper {
        Count least = 0;
        Count most = 0;
        Count owed = 0; ///< places whose asks were taken out, or that must be filled
        Index potential = 0;
        Index by = nobody; ///< the ask, or outside, that would take a place in this search
        std::vector<Index> holders;

        [[nodiscard]] Count load() const { return static_cast<Count>(holders.size()) + owed; }
    };
    /// Helpers of one potential that no search has reached.
    struct Fresh {
        std::vector<std::uint64_t> bits;
        Index count = 0;
    };

    [[nodiscard]] const Ask& ask_of(Index ask) const {
        return asks_[static_cast<std::size_t>(ask)];
    }
    Ask& ask_of(Index ask) { return asks_[static_cast<std::size_t>(ask)]; }
    [[nodiscard]] const Helper& helper_of(Index helper) const {
        return helpers_[static_cast<std::size_t>(helper)];
    }
    Helper& helper_of(Index helper) { return helpers_[static_cast<std::size_t>(helper)]; }
    [[nodiscard]] bool uses_marked(const Ask& ask) const;
    /// Unreached helpers of a potential; nullptr when there are none.
    Fresh* fresh(Index potential);
    void set_fresh(Index helper);

    bool insert(Index source, bool may_raise);
    void start_search(Index source);
    bool scan_ask(Index ask);
    bool scan_words(Index ask, const std::vector<RowWord>& row, Fresh& unreached);
    bool scan_outside();
    bool reach_helper(Index helper, Index by);
    bool reach_outside(Index by_ask, Index by_helper);
    void reach_ask(Index ask);
    bool raise();
    void end_search();
    void turn_path();
    Index move(Index ask, Index to);

    std::vector<Index> take_out_marked();
    [[nodiscard]] Index highest_potential() const;
    [[nodiscard]] Level raised_set(Index threshold) const;
    void keep_tight();
    void keep_tight_row(Ask& ask);
    void keep_bounds();
    void unmark();

    std::vector<Ask> asks_;
    std::vector<Helper> helpers_;
    std::vector<Index> rank_;
    std::vector<Index> marked_;
    std::vector<Index> starved_;
    std::vector<Fresh> fresh_; ///< by potential

    // The outside, and the search under way.
    Index outside_potential_ = 0;
    Index outside_owed_ = 0;
    bool raised_ = false; ///< some potential is above 0
    bool outside_reached_ = false;
    Index outside_by_ask_ = nobody;
    Index outside_by_helper_ = nobody;
    Index end_ = nobody; ///< a helper, or outside, that is owed an ask
    std::uint32_t search_ = 0;
    std::vector<Index> queue_; ///< asks, and outside, that were reached
    std::size_t next_ = 0;
    std::vector<Index> reached_; ///< helpers
};

} // namespace allot::matching
