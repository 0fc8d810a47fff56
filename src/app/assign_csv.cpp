#include "app/assign_bounds.hpp"
#include "app/assign_files.hpp"
#include "app/errors.hpp"
#include "engine/allot/order.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

namespace allot::app {

namespace {

using matching::Count;
using matching::Index;

/// The asks, or the helpers, of a CSV instance in the order in which the engine sees them.
class Side {
  public:
    /// Everybody whom the file of numbers names, or whom the scores do, each with the same number.
    Side(const formats::Ids& in_scores, const std::optional<formats::Counts>& counts,
         const CountOption& option, std::uint64_t seed)
        : ids_(counts ? &counts->ids : &in_scores) {
        const std::vector<std::string_view> views(ids_->names().begin(), ids_->names().end());
        const auto order = matching::canonical_order(views, seed);
        number_of_ = matching::inverse(order);
        for (const Index k : order) {
            names_.push_back((*ids_)[at(k)]);
            counts_.push_back(static_cast<Count>(counts ? counts->values[at(k)]
                                                        : std::get<std::int64_t>(option)));
        }
    }

    [[nodiscard]] std::optional<Index> find(std::string_view id) const {
        const auto k = ids_->find(id);
        return k ? std::optional(number_of_[*k]) : std::nullopt;
    }
    /// The number of each of `others`, or -1.
    [[nodiscard]] std::vector<Index> numbers_of(const formats::Ids& others) const {
        std::vector<Index> numbers;
        numbers.reserve(others.size());
        for (const auto& id : others.names()) {
            numbers.push_back(find(id).value_or(-1));
        }
        return numbers;
    }
    [[nodiscard]] Labels take_labels() { return Labels(std::move(names_)); }
    [[nodiscard]] std::vector<Count> take_counts() { return std::move(counts_); }

  private:
    const formats::Ids* ids_;
    std::vector<Index> number_of_; ///< by position in `ids_`
    std::vector<std::string> names_;
    std::vector<Count> counts_;
};

/// The pairs of a file in the numbers of the engine.
struct NumberedPairs {
    std::vector<Index> asks;
    std::vector<Index> helpers;
};

/// Numbers for the ids of a file of pairs, and what is said of those that have none.
NumberedPairs number_pairs(const formats::Pairs& pairs, const Side& asks, const Side& helpers,
                           std::string_view bytes, formats::Findings& findings,
                           const std::array<std::string, 2>& expected) {
    NumberedPairs numbered{asks.numbers_of(pairs.asks), helpers.numbers_of(pairs.helpers)};
    find_unknown(pairs, &formats::Pair::ask, pairs.asks, numbered.asks, ColumnOf(bytes, "ask"),
                 expected[0], findings);
    find_unknown(pairs, &formats::Pair::helper, pairs.helpers, numbered.helpers,
                 ColumnOf(bytes, "helper"), expected[1], findings);
    return numbered;
}

std::optional<formats::Counts> parse_counts_of(const CountOption& option, const FileBytes& bytes,
                                               std::int64_t minimum, Errors& errors) {
    const std::string* path = path_of(option);
    if (path == nullptr) {
        return std::nullopt;
    }
    return errors.value_of(formats::parse_counts(bytes.view(), *path, minimum));
}

using PairList = std::vector<std::pair<Index, Index>>;

/// Whoever may stand in a file of conflicts.
std::string known(std::string_view who, const CountOption& option, const std::string& scores) {
    return fmt::format("{} of {}", who, path_of(option) != nullptr ? *path_of(option) : scores);
}

/// Sorted, in the numbers of the engine.
PairList conflicts_of(const formats::Pairs& conflicts, const NumberedPairs& numbered) {
    PairList list;
    list.reserve(conflicts.rows.size());
    for (const auto& row : conflicts.rows) {
        list.emplace_back(numbered.asks[row.ask], numbered.helpers[row.helper]);
    }
    std::ranges::sort(list);
    return list;
}

std::vector<ScoredPair> allowed_pairs(const formats::Triples& triples,
                                      const NumberedPairs& numbered, const PairList& conflicts) {
    std::vector<ScoredPair> allowed;
    allowed.reserve(triples.scores.size());
    for (std::size_t k = 0; k < triples.scores.size(); ++k) {
        const auto& row = triples.pairs.rows[k];
        const std::pair pair(numbered.asks[row.ask], numbered.helpers[row.helper]);
        if (!std::ranges::binary_search(conflicts, pair)) {
            allowed.push_back({pair.first, pair.second, triples.scores[k]});
        }
    }
    return allowed;
}

matching::SparseRows rows_of(const std::vector<ScoredPair>& allowed, Index asks, Index helpers) {
    std::vector<matching::Pair> entries;
    entries.reserve(allowed.size());
    for (const ScoredPair& pair : allowed) {
        entries.push_back({pair.ask, pair.helper, matching::micro_of_score(pair.score)});
    }
    return {asks, helpers, entries};
}

/// All CSV files of an instance, each sound for itself.
struct Tables {
    formats::Triples scores;
    std::optional<formats::Counts> demand;
    std::optional<formats::Counts> capacity;
    formats::Pairs conflicts;
    BoundTables bounds;
};

Result<Tables> parse_tables(const AssignOptions& options, const InputFiles& files) {
    Errors errors;
    auto scores = errors.value_of(formats::parse_triples(files.scores.view(), options.scores));
    auto demand = parse_counts_of(options.demand, files.demand, least_demand, errors);
    auto capacity = parse_counts_of(options.capacity, files.capacity, least_capacity, errors);
    formats::Pairs conflicts;
    if (options.conflicts) {
        conflicts =
            errors.value_of(formats::parse_pairs(files.conflicts.view(), *options.conflicts));
    }
    auto bounds = parse_bounds(options, files.min_load, files.groups, true, errors);
    TRY_DO(errors.check());
    return Tables{std::move(scores), std::move(demand), std::move(capacity), std::move(conflicts),
                  std::move(bounds)};
}

} // namespace

Result<AssignInput> read_csv(const AssignOptions& options, const InputFiles& files) {
    TRY(const Tables tables, parse_tables(options, files));
    const formats::Triples& triples = tables.scores;
    Side asks(triples.pairs.asks, tables.demand, options.demand, options.seed);
    Side helpers(triples.pairs.helpers, tables.capacity, options.capacity, options.seed);

    const auto known_ask = known("an ask", options.demand, options.scores);
    const auto known_helper = known("a helper", options.capacity, options.scores);
    formats::Findings in_scores(options.scores);
    const auto scored = number_pairs(triples.pairs, asks, helpers, files.scores.view(), in_scores,
                                     {known_ask, known_helper});
    formats::Findings in_conflicts(options.conflicts.value_or(""));
    const auto excluded = number_pairs(tables.conflicts, asks, helpers, files.conflicts.view(),
                                       in_conflicts, {known_ask, known_helper});
    Errors errors;
    errors.add(in_scores);
    errors.add(in_conflicts);
    TRY_DO(errors.check());

    auto allowed = allowed_pairs(triples, scored, conflicts_of(tables.conflicts, excluded));
    matching::Sides sides{.demand = asks.take_counts(), .places = helpers.take_counts()};
    Labels ask_labels = asks.take_labels();
    Labels helper_labels = helpers.take_labels();
    const People people{.ask = [&](std::string_view id) { return asks.find(id); },
                        .helper = [&](std::string_view id) { return helpers.find(id); },
                        .known_asks = known_ask,
                        .known_helpers = known_helper};
    TRY_DO(add_bounds(options, tables.bounds, {}, files.min_load.view(), people,
                      {.asks = ask_labels.ids(), .helpers = helper_labels.ids()}, sides));
    auto rows = rows_of(allowed, sides.asks(), sides.helpers());
    return AssignInput{.asks = std::move(ask_labels),
                       .helpers = std::move(helper_labels),
                       .scores = {.values = std::move(allowed)},
                       .rows = std::move(rows),
                       .sides = std::move(sides),
                       .order = {}};
}

} // namespace allot::app
