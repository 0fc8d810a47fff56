#include "engine/allot/level_flow.hpp"

#include <algorithm>
#include <bit>

namespace allot::matching {

namespace {

constexpr std::uint32_t word_of(Index helper) {
    return static_cast<std::uint32_t>(helper) / 64;
}

constexpr std::uint64_t bit_of(Index helper) {
    return std::uint64_t{1} << (static_cast<std::uint32_t>(helper) % 64);
}

/// The word of a row (indices ascending); row.end() when there is none.
auto find_word(auto& row, std::uint32_t index) {
    const auto found = std::ranges::lower_bound(row, index, {}, &RowWord::index);
    return found == row.end() || found->index != index ? row.end() : found;
}

/// Calls `visit(helper)` for every bit, as long as it returns false; what it returned last.
template <class Visit>
bool any_bit(std::uint32_t index, std::uint64_t bits, const Visit& visit) {
    for (; bits != 0; bits &= bits - 1) {
        if (visit(static_cast<Index>(64 * index) + std::countr_zero(bits))) {
            return true;
        }
    }
    return false;
}

} // namespace

LevelFlow::LevelFlow(Index asks, std::vector<Count> least, std::vector<Count> places,
                     std::vector<Index> rank)
    : asks_(static_cast<std::size_t>(asks)), helpers_(places.size()), rank_(std::move(rank)) {
    for (std::size_t j = 0; j < places.size(); ++j) {
        helpers_[j].least = least[j];
        helpers_[j].most = places[j];
        set_fresh(static_cast<Index>(j));
    }
}

bool LevelFlow::is_tight(Index ask, Index helper) const {
    const auto& row = ask_of(ask).tight;
    const auto found = find_word(row, word_of(helper));
    return found != row.end() && (found->bits & bit_of(helper)) != 0;
}

void LevelFlow::place(Index ask, Index helper, bool may_stay_empty) {
    ask_of(ask).at = helper;
    ask_of(ask).may_stay_empty = may_stay_empty;
    if (helper != outside) {
        helper_of(helper).holders.push_back(ask);
    }
}

void LevelFlow::rematch(std::span<const Pair> pairs) {
    for (Index ask = 0; ask < asks(); ++ask) {
        if (at(ask) != absent) {
            move(ask, outside);
        }
    }
    for (const Pair& pair : pairs) {
        move(pair.ask, pair.helper);
    }
}

void LevelFlow::read_row(Index ask, std::span<std::uint64_t> bits) const {
    std::ranges::fill(bits, 0);
    for (const RowWord& word : ask_of(ask).tight) {
        bits[word.index] = word.bits;
    }
}

void LevelFlow::write_row(Index ask, std::span<const std::uint64_t> bits) {
    auto& row = ask_of(ask).tight;
    row.clear();
    for (std::size_t index = 0; index < bits.size(); ++index) {
        if (bits[index] != 0) {
            row.push_back({static_cast<std::uint32_t>(index), bits[index]});
        }
    }
}

bool LevelFlow::remove(Index ask, Index helper) {
    auto& row = ask_of(ask).tight;
    const auto found = find_word(row, word_of(helper));
    if (found == row.end() || (found->bits & bit_of(helper)) == 0) {
        return false;
    }
    found->bits &= ~bit_of(helper); // an empty word stays until the row is next looked through
    return true;
}

bool LevelFlow::fill_least() {
    for (Helper& helper : helpers_) {
        helper.owed = std::max(Count{0}, helper.least - helper.load());
    }
    for (const Helper& helper : helpers_) {
        while (helper.owed > 0) {
            if (!insert(outside, false)) {
                for (Index k = 0; k < helpers(); ++k) {
                    if (helper_of(k).by == nobody && fewest(k) > 0) {
                        starved_.push_back(k);
                    }
                }
                return false;
            }
        }
    }
    return true;
}

void LevelFlow::mark(Index ask, Index helper) {
    Ask& row = ask_of(ask);
    if (!remove(ask, helper)) {
        return;
    }
    if (!row.marked) {
        row.marked = true;
        marked_.push_back(ask);
    }
    if (row.costly.empty() || row.costly.back().index != word_of(helper)) {
        row.costly.push_back({word_of(helper), 0});
    }
    row.costly.back().bits |= bit_of(helper);
}

void LevelFlow::mark_empty(Index ask) {
    Ask& row = ask_of(ask);
    if (row.may_stay_empty) {
        row.empty_marked = true;
        row.marked = true;
        marked_.push_back(ask);
    }
}

std::vector<Level> LevelFlow::settle() {
    for (const Index ask : take_out_marked()) {
        ALLOT_CHECK(insert(ask, true), "an ask that was taken out finds no place");
    }
    std::vector<Level> levels;
    for (Index threshold = 1; threshold <= highest_potential(); ++threshold) {
        levels.push_back(raised_set(threshold));
    }
    keep_tight();
    return levels;
}

bool LevelFlow::uses_marked(const Ask& ask) const {
    if (ask.at == outside) {
        return ask.empty_marked;
    }
    return std::ranges::any_of(ask.costly, [&](const RowWord& word) {
        return word.index == word_of(ask.at) && (word.bits & bit_of(ask.at)) != 0;
    });
}

/// Their places stay owed, so that potentials of 0 are right for what is left.
std::vector<Index> LevelFlow::take_out_marked() {
    std::vector<Index> sources;
    std::ranges::copy_if(marked_, std::back_inserter(sources),
                         [&](Index ask) { return uses_marked(ask_of(ask)); });
    std::ranges::sort(sources, {}, [&](Index ask) { return rank_[static_cast<std::size_t>(ask)]; });
    for (const Index ask : sources) {
        const Index from = move(ask, taken_out);
        ++(from == outside ? outside_owed_ : helper_of(from).owed);
    }
    return sources;
}

LevelFlow::Fresh* LevelFlow::fresh(Index potential) {
    const auto k = static_cast<std::size_t>(potential);
    return potential < 0 || k >= fresh_.size() || fresh_[k].count == 0 ? nullptr : &fresh_[k];
}

void LevelFlow::set_fresh(Index helper) {
    const auto k = static_cast<std::size_t>(helper_of(helper).potential);
    while (fresh_.size() <= k) {
        fresh_.push_back({.bits = std::vector<std::uint64_t>(words()), .count = 0});
    }
    fresh_[k].bits[word_of(helper)] |= bit_of(helper);
    ++fresh_[k].count;
}

/// Puts the source somewhere along a path of pairs without reduced cost, raising potentials until
/// there is one (Kuhn 1955). Where nothing costs, raising would not help: then false.
bool LevelFlow::insert(Index source, bool may_raise) {
    start_search(source);
    for (bool found = false; !found;) {
        while (!found && next_ < queue_.size()) {
            const Index row = queue_[next_++];
            found = row == outside ? scan_outside() : scan_ask(row);
        }
        if (!found && !may_raise) {
            return false;
        }
        found = found || raise();
    }
    turn_path();
    end_search();
    return true;
}

void LevelFlow::start_search(Index source) {
    ++search_;
    outside_reached_ = source == outside;
    outside_by_ask_ = nobody;
    outside_by_helper_ = nobody;
    end_ = nobody;
    queue_.clear();
    next_ = 0;
    reached_.clear();
    if (source == outside) {
        queue_.push_back(outside);
    } else {
        reach_ask(source);
    }
}

void LevelFlow::reach_ask(Index ask) {
    if (ask_of(ask).search != search_) {
        ask_of(ask).search = search_;
        queue_.push_back(ask);
    }
}

bool LevelFlow::scan_ask(Index ask) {
    const Ask& row = ask_of(ask);
    if (Fresh* unreached = fresh(row.potential)) {
        if (scan_words(ask, row.tight, *unreached)) {
            return true;
        }
    }
    if (Fresh* unreached = fresh(row.potential - 1)) {
        if (scan_words(ask, row.costly, *unreached)) {
            return true;
        }
    }
    const Index cost = row.empty_marked ? 1 : 0;
    return row.may_stay_empty && !outside_reached_ && outside_potential_ == row.potential - cost &&
           reach_outside(ask, nobody);
}

bool LevelFlow::scan_words(Index ask, const std::vector<RowWord>& row, Fresh& unreached) {
    return std::ranges::any_of(row, [&](const RowWord& word) {
        return any_bit(word.index, word.bits & unreached.bits[word.index],
                       [&](Index helper) { return reach_helper(helper, ask); });
    });
}

/// The outside may take one more place of a helper that has more asks than it must, and an ask
/// without a helper may give way.
bool LevelFlow::scan_outside() {
    if (Fresh* unreached = fresh(outside_potential_)) {
        for (std::uint32_t index = 0; index < words(); ++index) {
            if (any_bit(index, unreached->bits[index], [&](Index helper) {
                    return helper_of(helper).load() > fewest(helper) &&
                           reach_helper(helper, outside);
                })) {
                return true;
            }
        }
    }
    for (Index ask = 0; ask < asks(); ++ask) {
        if (at(ask) == outside) {
            reach_ask(ask);
        }
    }
    return false;
}

/// True when the path may end here.
bool LevelFlow::reach_helper(Index helper, Index by) {
    Helper& column = helper_of(helper);
    Fresh& level = fresh_[static_cast<std::size_t>(column.potential)];
    level.bits[word_of(helper)] &= ~bit_of(helper);
    --level.count;
    column.by = by;
    reached_.push_back(helper);
    if (column.owed > 0) {
        end_ = helper;
        return true;
    }
    for (const Index holder : column.holders) {
        reach_ask(holder);
    }
    return column.load() < column.most && !outside_reached_ &&
           outside_potential_ == column.potential && reach_outside(nobody, helper);
}

bool LevelFlow::reach_outside(Index by_ask, Index by_helper) {
    outside_reached_ = true;
    outside_by_ask_ = by_ask;
    outside_by_helper_ = by_helper;
    if (outside_owed_ > 0) {
        end_ = outside;
        return true;
    }
    queue_.push_back(outside);
    return false;
}

/// Raises what was reached by 1, to be looked at again; true when the path may now end. Costs are
/// whole, so whatever can be reached next costs at least 1 more.
bool LevelFlow::raise() {
    raised_ = true;
    for (const Index row : queue_) {
        ++(row == outside ? outside_potential_ : ask_of(row).potential);
    }
    for (const Index helper : reached_) {
        ++helper_of(helper).potential;
    }
    next_ = 0;
    return !outside_reached_ && std::ranges::any_of(reached_, [&](Index helper) {
        const Helper& column = helper_of(helper);
        return column.load() < column.most && outside_potential_ == column.potential &&
               !outside_reached_ && reach_outside(nobody, helper);
    });
}

void LevelFlow::end_search() {
    for (const Index helper : reached_) {
        helper_of(helper).by = nobody;
        set_fresh(helper);
    }
}

/// Moves an ask; where it was.
Index LevelFlow::move(Index ask, Index to) {
    const Index from = ask_of(ask).at;
    if (from >= 0) {
        auto& holders = helper_of(from).holders;
        holders.erase(std::ranges::find(holders, ask));
    }
    if (to >= 0) {
        helper_of(to).holders.push_back(ask);
    }
    ask_of(ask).at = to;
    return from;
}

/// Follows the path back from its end: each place goes to whoever reached it.
void LevelFlow::turn_path() {
    --(end_ == outside ? outside_owed_ : helper_of(end_).owed);
    Index place = end_;
    while (true) {
        const Index by = place == outside ? outside_by_ask_ : helper_of(place).by;
        if (by >= 0) {
            place = move(by, place);
            if (place == taken_out) {
                return;
            }
        } else if (place != outside) {
            place = outside; // which takes the place and frees another, or gives up an ask
        } else if (outside_by_helper_ != nobody) {
            place = outside_by_helper_; // a free place
        } else {
            return; // the outside itself was the source
        }
    }
}

Index LevelFlow::highest_potential() const {
    Index highest = 0;
    for (const Ask& ask : asks_) {
        highest = std::max(highest, ask.potential);
    }
    return highest;
}

Level LevelFlow::raised_set(Index threshold) const {
    Level level;
    for (Index ask = 0; ask < asks(); ++ask) {
        const Ask& row = ask_of(ask);
        if (row.potential >= threshold) {
            const Index there =
                row.at == outside ? outside_potential_ : helper_of(row.at).potential;
            (there < threshold ? level.asks : level.rivals).push_back(ask);
        }
    }
    for (Index helper = 0; helper < helpers(); ++helper) {
        if (helper_of(helper).potential >= threshold) {
            level.cut.push_back(helper);
        }
    }
    level.outside = outside_potential_ >= threshold;
    return level;
}

/// Complementary slackness: what has a reduced cost is in no optimal matching, and who has a price
/// against the outside is full, or has as few asks as it must, in each of them.
void LevelFlow::keep_tight() {
    if (raised_) {
        for (Ask& ask : asks_) {
            keep_tight_row(ask);
        }
        keep_bounds();
    }
    for (const Index ask : marked_) {
        Ask& row = ask_of(ask);
        row.may_stay_empty = row.may_stay_empty && !row.empty_marked;
    }
    unmark();
}

void LevelFlow::keep_tight_row(Ask& ask) {
    const auto within = [&](const RowWord& word, Index potential) {
        const Fresh* same = fresh(potential);
        return same == nullptr ? 0 : word.bits & same->bits[word.index];
    };
    for (RowWord& word : ask.tight) {
        word.bits = within(word, ask.potential);
    }
    for (const RowWord& word : ask.costly) {
        find_word(ask.tight, word.index)->bits |= within(word, ask.potential - 1);
    }
    std::erase_if(ask.tight, [](const RowWord& word) { return word.bits == 0; });
    const Index cost = ask.empty_marked ? 1 : 0;
    ask.may_stay_empty = ask.may_stay_empty && ask.potential == outside_potential_ + cost;
    ask.empty_marked = false;
}

void LevelFlow::keep_bounds() {
    for (Helper& helper : helpers_) {
        if (helper.potential > outside_potential_) {
            helper.least = helper.most;
        } else if (helper.potential < outside_potential_) {
            helper.most = helper.least;
        }
    }
}

void LevelFlow::unmark() {
    for (const Index ask : marked_) {
        ask_of(ask).costly.clear();
        ask_of(ask).empty_marked = false;
        ask_of(ask).marked = false;
    }
    marked_.clear();
    if (!raised_) {
        return;
    }
    raised_ = false;
    for (Ask& ask : asks_) {
        ask.potential = 0;
    }
    outside_potential_ = 0;
    fresh_.clear();
    for (Index helper = 0; helper < helpers(); ++helper) {
        helper_of(helper).potential = 0;
        set_fresh(helper);
    }
}

} // namespace allot::matching
