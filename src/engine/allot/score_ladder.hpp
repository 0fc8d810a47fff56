/// The scores of tight pairs in ascending order, without a copy of all of them. Internal to
/// `engine/allot`.
#pragma once

#include "engine/allot/level_flow.hpp"
#include "engine/allot/rows.hpp"

namespace allot::matching {

/// Fills the rows of a flow, and marks in it the pairs of one score after another. Pairs are
/// collected in batches of the smallest scores, sorted; a score that so many pairs share that they
/// would fill a batch is not collected but looked for in the rows.
template <class Rows>
class ScoreLadder {
  public:
    /// Makes all pairs of at least `least` tight. O(pairs).
    ScoreLadder(const Rows& rows, LevelFlow& flow, Micro least)
        : rows_(&rows), flow_(&flow), no_prices_(rows.helpers()), bits_(flow.words()), end_(least),
          most_(std::max<std::size_t>(smallest_batch,
                                      static_cast<std::size_t>(rows.pairs()) / batches)) {
        for (Index ask = 0; ask < rows.asks(); ++ask) {
            if (flow.at(ask) == LevelFlow::absent) {
                continue;
            }
            std::ranges::fill(bits_, 0);
            rows.scan(ask, no_prices_, least, [&](Index helper, Micro, Micro) {
                bits_[word_of(helper)] |= bit_of(helper);
                return least;
            });
            flow.write_row(ask, bits_);
        }
    }

    /// Marks the tight pairs of a score, and removes those of smaller scores that were not marked.
    /// Scores ascend from call to call.
    void mark(Micro score) {
        if (score >= end_) {
            remove_below(end_);
            refill(score);
        }
        remove_below(score);
        for (; next_ < batch_.size() && batch_[next_].score == score; ++next_) {
            flow_->mark(batch_[next_].ask, batch_[next_].helper);
        }
        if (score == shared_) {
            mark_shared();
        }
    }

  private:
    static constexpr std::size_t smallest_batch = std::size_t{1} << 16U;
    static constexpr std::size_t batches = 32;

    struct Item {
        Micro score;
        Index ask;
        Index helper;

        friend auto operator<=>(const Item&, const Item&) = default;
    };

    static std::size_t word_of(Index helper) { return static_cast<std::size_t>(helper) / 64; }
    static std::uint64_t bit_of(Index helper) {
        return std::uint64_t{1} << (static_cast<std::size_t>(helper) % 64);
    }

    void remove_below(Micro score) {
        for (; next_ < batch_.size() && batch_[next_].score < score; ++next_) {
            flow_->remove(batch_[next_].ask, batch_[next_].helper);
        }
    }

    /// Collects the next batch: tight pairs from `from` on. Removes those that it passes.
    void refill(Micro from) {
        const Micro begin = shared_ ? std::min(*shared_, end_) : end_;
        batch_.clear();
        next_ = 0;
        end_ = max_micro + 1;
        shared_.reset();
        for (Index ask = 0; ask < rows_->asks(); ++ask) {
            if (flow_->has_pairs(ask)) {
                collect(ask, begin, from);
            }
        }
        std::ranges::sort(batch_);
    }

    void collect(Index ask, Micro begin, Micro from) {
        flow_->read_row(ask, bits_);
        bool passed = false;
        rows_->scan(ask, no_prices_, begin, [&](Index helper, Micro score, Micro) {
            if ((bits_[word_of(helper)] & bit_of(helper)) == 0) {
                return begin;
            }
            if (score < from) {
                bits_[word_of(helper)] &= ~bit_of(helper);
                passed = true;
            } else if (score < end_ && score != shared_) {
                batch_.push_back({score, ask, helper});
                if (batch_.size() == 2 * most_) {
                    keep_smallest();
                }
            }
            return begin;
        });
        if (passed) {
            flow_->write_row(ask, bits_);
        }
    }

    /// Drops the larger half, and all that is equal to what is dropped.
    void keep_smallest() {
        const auto middle = batch_.begin() + static_cast<std::ptrdiff_t>(most_);
        std::ranges::nth_element(batch_, middle, {}, &Item::score);
        const Micro bound = middle->score;
        std::erase_if(batch_, [&](const Item& item) { return item.score >= bound; });
        end_ = bound;
        shared_.reset();
        if (batch_.empty()) {
            shared_ = bound;
            end_ = bound + 1;
        }
    }

    void mark_shared() {
        for (Index ask = 0; ask < rows_->asks(); ++ask) {
            if (flow_->has_pairs(ask)) {
                rows_->scan(ask, no_prices_, *shared_, [&](Index helper, Micro score, Micro) {
                    if (score == *shared_) {
                        flow_->mark(ask, helper);
                    }
                    return *shared_;
                });
            }
        }
        shared_.reset();
    }

    const Rows* rows_;
    LevelFlow* flow_;
    Prices<Micro> no_prices_;
    std::vector<std::uint64_t> bits_;
    std::vector<Item>
        batch_; ///< every tight pair of [., end_) that was not passed, or it is shared
    std::size_t next_ = 0;
    Micro end_;
    std::size_t most_;
    std::optional<Micro> shared_; ///< a score below `end_` that is not in the batch
};

} // namespace allot::matching
