/// What a round leaves behind: files that say what was decided, and that anyone can check.
#pragma once

#include "round/round.hpp"

namespace allot::round {

/// One input as it is named in round.json.
struct InputRecord {
    std::string role; ///< offers, asks, scores, conflicts, history, kinds
    std::string file;
    std::string sha256;
};

/// Every file of a round by its name relative to the folder: pairings.csv, letters/..., round.json,
/// instance.csv, sides.csv, report.html. The same round gives the same bytes.
[[nodiscard]] std::map<std::string, std::string> files_of(const Round& round,
                                                          const std::vector<InputRecord>& inputs);

/// A round as it was written, enough to check it and to explain it.
struct Record {
    matching::Sides sides;
    std::vector<matching::Pair> instance; ///< in engine numbers
    std::vector<matching::Pair> pairs;    ///< of pairings.csv
    std::vector<std::string> asks;        ///< ids by engine number
    std::vector<std::string> offers;
    std::map<std::pair<std::string, std::string>, std::string> reasons; ///< of pairings.csv

    /// What round.json adds: what it claims, and what it knows in words.
    struct Told {
        matching::Value objective;
        matching::Value bound;
        std::map<std::string, matching::Value> prices; ///< by offer
        std::set<std::string> outside;                 ///< offers that took no part
        std::map<std::string, std::string> unserved;   ///< ask -> why, and what is nearest
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
};

/// Errors: what is wrong with each file, with line and column.
[[nodiscard]] Result<Record> read_record(const RecordFiles& files);

} // namespace allot::round
