#include "app/assign_input.hpp"

#include "app/assign_files.hpp"
#include "app/errors.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace allot::app {

namespace {

using matching::Index;

Result<InputFiles> read_files(const AssignOptions& options) {
    Errors errors;
    const auto read = [&](const std::string* path) {
        return path == nullptr ? FileBytes() : errors.value_of(read_file(*path));
    };
    const auto read_counts = [&](std::string_view option, const std::string* path) {
        return path == nullptr ? FileBytes() : errors.value_of(read_counts_file(option, *path));
    };
    const auto path_if = [](const std::optional<std::string>& path) {
        return path ? &*path : nullptr;
    };
    InputFiles files;
    if (options.factors) {
        files.factors = {read(&options.factors->front()), read(&options.factors->back())};
    } else {
        files.scores = read(&options.scores);
    }
    files.demand = read_counts("--demand", path_of(options.demand));
    files.capacity = read_counts("--capacity", path_of(options.capacity));
    files.conflicts = read(path_if(options.conflicts));
    files.min_load =
        read_counts("--min-load", options.min_load ? path_of(*options.min_load) : nullptr);
    files.groups = read(path_if(options.groups));
    TRY_DO(errors.check());
    return files;
}

/// float32 is widened first, as for its cost: 1000.1F is "1000.0999755859375".
std::string shortest(double value) {
    return fmt::format("{}", value);
}

/// For each ask its part of `pairs`, which ascend.
std::vector<std::span<const matching::Pair>> by_ask(std::span<const matching::Pair> pairs) {
    std::vector<std::span<const matching::Pair>> parts;
    for (std::size_t begin = 0, end = 0; begin < pairs.size(); begin = end) {
        while (end < pairs.size() && pairs[end].ask == pairs[begin].ask) {
            ++end;
        }
        parts.resize(at(pairs[begin].ask) + 1);
        parts.back() = pairs.subspan(begin, end - begin);
    }
    return parts;
}

/// Texts from a list that is not sorted: each of its pairs is looked up among those of its ask.
std::vector<std::string> texts_from(const std::vector<ScoredPair>& list,
                                    std::span<const matching::Pair> pairs) {
    const auto parts = by_ask(pairs);
    std::vector<std::string> texts(pairs.size());
    for (const ScoredPair& scored : list) {
        if (at(scored.ask) >= parts.size()) {
            continue;
        }
        const auto part = parts[at(scored.ask)];
        const auto found =
            std::ranges::lower_bound(part, scored.helper, {}, &matching::Pair::helper);
        if (found != part.end() && found->helper == scored.helper) {
            texts[static_cast<std::size_t>(&*found - pairs.data())] = shortest(scored.score);
        }
    }
    return texts;
}

template <class T>
std::vector<std::string> texts_from(const formats::Matrix<T>& matrix,
                                    std::span<const matching::Pair> pairs) {
    std::vector<std::string> texts;
    texts.reserve(pairs.size());
    for (const auto& pair : pairs) {
        texts.push_back(shortest(double{matrix.row(pair.ask)[at(pair.helper)]}));
    }
    return texts;
}

std::vector<std::string> texts_from(const Factors& factors, std::span<const matching::Pair> pairs) {
    std::vector<std::string> texts;
    texts.reserve(pairs.size());
    for (const auto& pair : pairs) {
        texts.push_back(shortest(score_of(factors, pair.ask, pair.helper)));
    }
    return texts;
}

} // namespace

double score_of(const Factors& factors, Index ask, Index helper) {
    const double* u = factors.u.data() + at(ask) * factors.dimensions;
    const double* v = factors.v.data() + at(helper) * factors.dimensions;
    double product = 0;
    for (std::size_t d = 0; d < factors.dimensions; ++d) {
        product += u[d] * v[d];
    }
    return 0.5 + 0.5 * product;
}

std::vector<Index> Labels::output_order() const {
    std::vector<Index> order(at(count_));
    for (std::size_t k = 0; k < order.size(); ++k) {
        order[k] = static_cast<Index>(k);
    }
    if (are_ids_) {
        std::ranges::sort(order, {}, [&](Index k) { return std::string_view(ids_[at(k)]); });
    }
    return order;
}

std::vector<std::string> Scores::texts_of(std::span<const matching::Pair> pairs) const {
    return std::visit([&](const auto& v) { return texts_from(v, pairs); }, values);
}

Result<AssignInput> read_assign_input(const AssignOptions& options) {
    TRY(auto files, read_files(options));
    if (options.factors) {
        return read_factors(options, files);
    }
    return files.scores.view().starts_with("\x93NUMPY") ? read_npy(options, std::move(files))
                                                        : read_csv(options, files);
}

} // namespace allot::app
