/// What is to be allotted: asks (rows) with a demand, helpers (columns) with places, and a score
/// for each allowed pair. Shared by every part of `engine/allot`.
#pragma once

#include "base/limits.hpp"
#include "base/result.hpp"

#include <algorithm>
#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace allot::matching {

/// Number of an ask or of a helper, from 0.
using Index = std::int32_t;
/// Demand of an ask, or places of a helper.
using Count = std::int32_t;
/// A score in millionths.
using Micro = std::int64_t;

/// Largest score of a pair in micro units: `limits::max_score`.
inline constexpr Micro max_micro = static_cast<Micro>(limits::max_score) * 1'000'000;

/// Rounds waited are counted up to here; the longest waiting come first.
inline constexpr std::size_t waiting_classes = 4;

/// `llround(1e6 * score)` of the value as read. `score` in [0, limits::max_score].
[[nodiscard]] constexpr Micro micro_of_score(double score) {
    const double scaled = 1e6 * score;
    const auto whole = static_cast<Micro>(scaled);
    return whole + (scaled - static_cast<double>(whole) >= 0.5 ? 1 : 0);
}

/// One ask helped by one helper.
struct Pair {
    Index ask = 0;
    Index helper = 0;
    Micro score = 0;

    friend auto operator<=>(const Pair&, const Pair&) = default;
};

/// May places of an ask stay empty?
enum class Service : std::uint8_t {
    full,    ///< every demand is met in full, or the instance is infeasible (`assign`)
    partial, ///< as many places as possible, the longest waiting first, then scores (`round`)
};

/// Bounds on how often a set of asks, or of helpers, is used. Any two groups of one scope and side
/// share no member, or one holds all of the other (they are laminar).
struct Group {
    enum class Scope : std::uint8_t {
        ask,  ///< counted for each ask by itself: at most one of an institution an ask
        round ///< counted over the whole round: a quota of a team
    };
    enum class Of : std::uint8_t { asks, helpers };

    std::string name;
    Scope scope = Scope::round;
    Of of = Of::helpers; ///< always helpers where the scope is an ask
    std::vector<Index> members;
    Count least = 0;
    Count most = 0;
};

/// The two sides. `waiting` is empty (everybody in class 0) or holds a class of 0 to 3 for each
/// ask.
struct Sides {
    std::vector<Count> demand;         ///< for each ask, at least 0
    std::vector<Count> places;         ///< for each helper, at least 0
    std::vector<Count> least;          ///< for each helper, how many asks it must get; empty: none
    std::vector<Group> groups;         ///< laminar
    std::vector<std::uint8_t> waiting; ///< rounds waited, 3 means 3 or more; used by `partial` only
    Service service = Service::full;

    [[nodiscard]] Index asks() const { return static_cast<Index>(demand.size()); }
    [[nodiscard]] Index helpers() const { return static_cast<Index>(places.size()); }
    [[nodiscard]] Count least_of(Index helper) const {
        return least.empty() ? Count{0} : least[static_cast<std::size_t>(helper)];
    }
    /// Must any helper get an ask?
    [[nodiscard]] bool has_least() const {
        return std::ranges::any_of(least, [](Count n) { return n > 0; });
    }
    [[nodiscard]] std::uint8_t waiting_of(Index ask) const {
        return waiting.empty() ? std::uint8_t{0} : waiting[static_cast<std::size_t>(ask)];
    }
};

/// Aborts where a number is negative, a waiting class is above 3, or a list is not for all asks or
/// helpers. Groups are left to `check_groups`. O(asks + helpers).
void check_sides(const Sides& sides);

/// How messages name asks and helpers; without names, by their numbers.
struct Names {
    std::span<const std::string> asks;
    std::span<const std::string> helpers;
};

/// What a place, a price or an objective is worth. In a round (`Service::partial`) places of the
/// longest waiting count first, and so on, and only then scores; otherwise `places` stays zero.
struct Value {
    std::array<std::int64_t, waiting_classes> places{}; ///< by class, longest waiting first
    Micro micro = 0;

    friend auto operator<=>(const Value&, const Value&) = default;
};

/// How far long work has come, in asks.
struct Progress {
    std::int64_t done = 0;
    std::int64_t total = 0;
};

} // namespace allot::matching
