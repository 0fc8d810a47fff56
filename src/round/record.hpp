/// What a round leaves behind: files that say what was decided, and that anyone can check.
#pragma once

#include "round/round.hpp"

#include <functional>

namespace allot::round {

/// SHA-256 of bytes as 64 lower-case hexadecimal digits. Empty: nothing is hashed.
using Hash = std::function<std::string(std::string_view)>;

/// One input as it is named in round.json.
struct InputRecord {
    std::string role; ///< offers, asks, scores, conflicts, history, kinds, min-load, groups
    std::string file;
    std::string sha256;
};

/// Every file of a round by its name relative to the folder: pairings.csv, letters/..., round.json,
/// instance.csv, sides.csv, report.html; groups.csv where there are groups, marginals.csv of a
/// lottery, waiting.csv where asks come again. The same round gives the same bytes. round.json
/// holds the hash of each table, and that of the decimal digits of the seed.
[[nodiscard]] std::map<std::string, std::string>
files_of(const Round& round, const std::vector<InputRecord>& inputs, const Hash& hash = {});

/// A round as it was written, enough to check it and to explain it.
struct Record {
    matching::Sides sides;
    std::vector<matching::Pair> instance; ///< in engine numbers
    std::vector<matching::Pair> pairs;    ///< of pairings.csv
    std::vector<std::string> asks;        ///< ids by engine number
    std::vector<std::string> offers;
    std::map<std::pair<std::string, std::string>, std::string> reasons; ///< of pairings.csv
    std::vector<matching::Marginal> marginals; ///< of a lottery, by ask, then helper
    std::map<std::string, std::string> hashes; ///< of the tables as they are

    /// What round.json adds: what it claims, and what it knows in words.
    struct Told {
        matching::Objective rule;
        matching::Value objective;
        std::optional<matching::Value> bound;          ///< of the largest sum
        std::map<std::string, matching::Value> prices; ///< by offer, of the largest sum
        std::optional<matching::Micro> worst;          ///< of a fair rule
        std::optional<std::int64_t> settled;           ///< of a fair rule; `Fairness::covered`
        std::optional<matching::Chance> cap;           ///< of a lottery
        std::optional<matching::Certificate> expected; ///< of a lottery, in parts
        std::uint64_t seed = 0;
        std::string commitment;                      ///< empty in rounds of before
        std::map<std::string, std::string> hashes;   ///< of the tables as they were written
        std::set<std::string> outside;               ///< offers that took no part
        std::map<std::string, std::string> unserved; ///< ask -> why, and what is nearest
        std::map<std::pair<std::string, std::string>, std::string> obstacles; ///< by ask and offer
    };
    std::optional<Told> told;
};

/// The files of a round as text; without `round_json` the tables alone are checked.
struct RecordFiles {
    std::string instance_csv;
    std::string sides_csv;
    std::string pairings_csv;
    std::optional<std::string> round_json;
    std::optional<std::string> groups_csv;
    std::optional<std::string> marginals_csv;
};

/// Errors: what is wrong with each file, with line and column; groups that cross; a lottery of
/// which round.json or marginals.csv is missing.
[[nodiscard]] Result<Record> read_record(const RecordFiles& files, const Hash& hash = {});

} // namespace allot::round
