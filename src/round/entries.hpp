/// What people wrote for a round: offers, asks, history, conflicts and scores, as typed rows.
#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"
#include "engine/calendar/weekly.hpp"
#include "round/kinds.hpp"

#include <functional>
#include <memory>
#include <set>
#include <utility>

namespace allot::round {

/// The bytes of one input file and what messages call it.
struct File {
    std::string name;
    std::string_view bytes;
};

/// A word as it was written, and folded for comparing (NFKC, case folding: Unicode 15,
/// section 3.13).
struct Word {
    std::string written;
    std::string folded;

    friend bool operator==(const Word& a, const Word& b) { return a.folded == b.folded; }
};
[[nodiscard]] Word word(std::string_view written);

/// Looks a zone up by name. Errors: no such zone. The app gives one that reads zoneinfo files.
using ZoneSource = std::function<Result<calendar::Zone>(std::string_view name)>;

/// When somebody is usually free. Unknown unless zone and windows are both given.
struct Hours {
    std::shared_ptr<const calendar::Zone> zone;
    std::optional<calendar::Weekly> windows;

    [[nodiscard]] bool known() const { return zone != nullptr && windows.has_value(); }
};

/// What an offer and an ask have in common.
struct Entry {
    std::string id;
    std::string person;
    std::string person_key; ///< folded as `Word`; all sets of persons hold such keys
    int minutes = 0;        ///< 1 to 1440
    std::vector<Word> topics;
    std::vector<Word> languages;
    Hours hours;
    std::set<std::string> not_with; ///< persons
    std::set<std::string> again;    ///< persons
};

struct Offer : Entry {
    std::vector<std::string> kinds;
    int places = 0;
    std::optional<std::chrono::year_month_day> valid_until; ///< last day
};

struct Ask : Entry {
    std::string kind;
    int demand = 1;
    std::optional<std::chrono::year_month_day> needed_by; ///< last day
    std::set<std::string> wishes;                         ///< ids of offers, and persons
    int waited = 0;                                       ///< rounds
    bool newcomer = false;
};

/// Pairs of people of whom one declined, or who were paired before, by their keys.
struct History {
    std::set<std::pair<std::string, std::string>> declined; ///< (ask's person, offer's person)
    std::set<std::pair<std::string, std::string>> paired;
};

/// Pairs of ids (ask, offer).
using IdPairs = std::set<std::pair<std::string, std::string>>;
/// Scores by (ask, offer); a pair that is not there is not possible.
using IdScores = std::map<std::pair<std::string, std::string>, double>;

/// The ids that a file may name. Who names a person instead is told what ids these have.
class KnownIds {
  public:
    explicit KnownIds(std::vector<std::string> ids);
    template <class Entries>
    [[nodiscard]] static KnownIds of(const Entries& entries) {
        std::vector<std::string> ids;
        for (const auto& entry : entries) {
            ids.push_back(entry.id);
        }
        KnownIds known(std::move(ids));
        for (const auto& entry : entries) {
            known.add_person(entry);
        }
        return known;
    }

    [[nodiscard]] bool contains(const std::string& id) const;
    /// What to expect in place of a text that is no id.
    [[nodiscard]] std::string expected_for(const std::string& written) const;

  private:
    void add_person(const Entry& entry);

    std::vector<std::string> ids_; ///< sorted
    std::map<std::string, std::vector<std::string>> ids_of_;
};

/// Each reads one file. Errors: all that is wrong with it, at once, with line and column.
/// Columns are found by name; unknown ones are left alone. O(bytes).
[[nodiscard]] Result<std::vector<Offer>> read_offers(const File& file, const Kinds& kinds,
                                                     const ZoneSource& zones);
[[nodiscard]] Result<std::vector<Ask>> read_asks(const File& file, const Kinds& kinds,
                                                 const ZoneSource& zones);
[[nodiscard]] Result<History> read_history(const File& file);
/// `asks` and `offers` are the ids that may be named.
[[nodiscard]] Result<IdPairs> read_conflicts(const File& file, const std::vector<Ask>& asks,
                                             const std::vector<Offer>& offers);
[[nodiscard]] Result<IdScores> read_scores(const File& file, const std::vector<Ask>& asks,
                                           const std::vector<Offer>& offers);

} // namespace allot::round
