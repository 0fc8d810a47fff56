// Golden rounds in plain text: tests/cases/*.case. A case holds a sentence that says what it shows,
// options (`at:`, `min-fit:`, `objective:`, `pair-cap:`, `seed:`, `min-load:`), the files of a
// round, and what is expected:
//   ASK OFFER: REASON      the pair is made, and its reasons hold this text
//   ASK -: WORDS           the ask has empty places, and the explanation holds these words
//   not possible ASK OFFER `why` says this and nothing else
//   slots ASK OFFER: SLOTS
//   scarce: WORDS          the help that is scarce, most worth first, or "nothing"
//   why ASK OFFER: WORDS   what would change by this pair, or its chance; | is a line end
//   file NAME: WORDS       a file of the round holds these words; line ends count as spaces
//   file NAME lacks: WORDS it does not
//   trade RULE: SUM WORST  a line of the trade between the rules
//   infeasible: WORDS      nothing is held, for this reason
//   objective: P3 P2 P1 P0 SUM
// Every pair and every ask with empty places must be expected.
#include "base/text.hpp"
#include "engine/calendar/zone_files.hpp"
#include "round/explain.hpp"
#include "round/words.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <doctest/doctest.h>

using namespace allot;
using round::Round;

namespace {

struct Case {
    std::map<std::string, std::string> options;
    std::map<std::string, std::string> sections;
};

Case read_case(const std::filesystem::path& path) {
    std::ifstream file(path);
    REQUIRE(file);
    Case found;
    std::string section;
    for (std::string line; std::getline(file, line);) {
        if (line.starts_with('[')) {
            section = line.substr(1, line.find(']') - 1);
        } else if (!section.empty()) {
            found.sections[section] += line + "\n";
        } else if (const auto colon = line.find(": "); colon != std::string::npos) {
            found.options[line.substr(0, colon)] = line.substr(colon + 2);
        }
    }
    return found;
}

template <class T>
T must(Result<T> result) {
    REQUIRE_MESSAGE(result.has_value(), (result ? "" : result.error().message));
    return *std::move(result);
}

Result<calendar::Zone> read_zone(std::string_view name) {
    const std::string copy(name);
    return calendar::Zone::parse(calendar::testing::zone_bytes(copy), copy);
}

matching::Objective objective_of(const std::string& words) {
    const std::map<std::string, matching::Rule> rules{{"sum", matching::Rule::sum},
                                                      {"leximin", matching::Rule::leximin},
                                                      {"maxmin", matching::Rule::maxmin}};
    if (const auto rule = rules.find(words); rule != rules.end()) {
        return {.rule = rule->second};
    }
    REQUIRE(words.starts_with("floor:"));
    return {.rule = matching::Rule::floor,
            .floor = matching::micro_of_score(text::parse_double(words.substr(6)).value())};
}

round::Settings settings_of(const Case& c) {
    round::Settings settings{.at = must(parse_instant("2027-01-14")), .least_of_all = {}};
    const auto option = [&](const char* name) -> std::optional<std::string> {
        const auto found = c.options.find(name);
        return found == c.options.end() ? std::nullopt : std::optional(found->second);
    };
    settings.floor = c.sections.contains("scores") ? 0 : settings.floor;
    if (const auto at = option("at")) {
        settings.at = must(parse_instant(*at));
    }
    if (const auto fit = option("min-fit")) {
        settings.floor = text::parse_double(*fit).value();
    }
    if (const auto objective = option("objective")) {
        settings.objective = objective_of(*objective);
    }
    if (const auto cap = option("pair-cap")) {
        settings.objective = {.rule = matching::Rule::sum};
        settings.pair_cap = {.numerator = std::stoi(*cap),
                             .denominator = std::stoi(cap->substr(cap->find('/') + 1))};
    }
    settings.seed = std::stoull(option("seed").value_or("0"));
    if (const auto least = option("min-load")) {
        settings.least_of_all = std::stoi(*least);
    }
    return settings;
}

Result<Round> try_to_hold(const Case& c) {
    const round::Kinds kinds;
    const auto bytes = [&](const char* name) -> std::string_view {
        const auto found = c.sections.find(name);
        return found == c.sections.end() ? std::string_view() : found->second;
    };
    round::Inputs inputs;
    inputs.offers = must(round::read_offers({"offers", bytes("offers")}, kinds, read_zone));
    inputs.asks = must(round::read_asks({"asks", bytes("asks")}, kinds, read_zone));
    if (c.sections.contains("history")) {
        inputs.history = must(round::read_history({"history", bytes("history")}));
    }
    if (c.sections.contains("conflicts")) {
        inputs.conflicts = must(
            round::read_conflicts({"conflicts", bytes("conflicts")}, inputs.asks, inputs.offers));
    }
    if (c.sections.contains("groups")) {
        inputs.groups =
            must(round::read_groups({"groups", bytes("groups")}, round::KnownIds::of(inputs.asks),
                                    round::KnownIds::of(inputs.offers)));
    }
    if (c.sections.contains("min-load")) {
        inputs.least =
            must(round::read_least({"min-load", bytes("min-load")}, inputs.offers,
                                   std::chrono::floor<std::chrono::days>(settings_of(c).at)));
    }
    if (c.sections.contains("scores")) {
        inputs.scores =
            must(round::read_scores({"scores", bytes("scores")}, inputs.asks, inputs.offers));
    }
    return round::hold_round(std::move(inputs), settings_of(c), kinds);
}

Round hold(const Case& c) {
    return must(try_to_hold(c));
}

/// Checks lines of `[expect]` against a round, and that nothing else happened.
class Expectation {
  public:
    explicit Expectation(const Round& round) : round_(&round) {
        files_ = round::files_of(round, {});
        const auto file = [&](const char* name) {
            const auto found = files_.find(name);
            return found == files_.end() ? std::nullopt : std::optional(found->second);
        };
        record_ = must(round::read_record({.instance_csv = files_.at("instance.csv"),
                                           .sides_csv = files_.at("sides.csv"),
                                           .pairings_csv = files_.at("pairings.csv"),
                                           .round_json = files_.at("round.json"),
                                           .groups_csv = file("groups.csv"),
                                           .marginals_csv = file("marginals.csv")}));
    }

    void check_all(const std::string& lines) {
        std::istringstream stream(lines);
        for (std::string line; std::getline(stream, line);) {
            if (!line.empty()) {
                CAPTURE(line);
                check(line);
            }
        }
        CHECK(pairs_ == round_->pairings.size());
        CHECK(waiting_ == round_->waiting.size());
        const auto verdict = round::verify(record_);
        CHECK_MESSAGE(verdict.holds, verdict.reason);
    }

  private:
    void check(const std::string& line) {
        const auto colon = line.find(": ");
        const std::string rest = colon == std::string::npos ? "" : line.substr(colon + 2);
        std::istringstream words(line.substr(0, colon));
        std::string first;
        std::string second;
        words >> first >> second;
        if (first == "objective") {
            check_objective(rest);
        } else if (first == "scarce") {
            check_scarce(rest);
        } else if (first == "why") {
            std::string offer;
            words >> offer;
            std::string answer = must(round::why(record_, second, offer));
            std::ranges::replace(answer, '\n', '|');
            check_contains(answer, rest);
        } else if (first == "trade") {
            check_trade(second, rest);
        } else if (first == "file") {
            std::string lacks;
            words >> lacks;
            check_file(second, rest, lacks.empty());
        } else if (first == "not") {
            std::string ask;
            std::string offer;
            words >> ask >> offer;
            check_not_possible(ask, offer);
        } else if (first == "slots") {
            std::string offer;
            words >> offer;
            CHECK(round::slots_utc(pairing(second, offer).slots) == rest);
        } else if (second == "-") {
            ++waiting_;
            check_contains(must(round::why(record_, first, {})), rest);
        } else {
            ++pairs_;
            check_contains(must(round::why(record_, first, second)), rest);
        }
    }

    static void check_contains(const std::string& text, const std::string& part) {
        CHECK_MESSAGE(text.find(part) != std::string::npos, text);
    }

    [[nodiscard]] const round::Pairing& pairing(const std::string& ask,
                                                const std::string& offer) const {
        const auto found = std::ranges::find_if(round_->pairings, [&](const auto& p) {
            return round_->asks[p.ask].id == ask && round_->offers[p.offer].id == offer;
        });
        REQUIRE(found != round_->pairings.end());
        return *found;
    }

    void check_objective(const std::string& expected) const {
        const auto& objective = round_->allotment.certificate.objective;
        std::ostringstream found;
        for (const auto places : objective.places) {
            found << places << ' ';
        }
        std::string sum = round::decimal(objective.micro);
        CHECK(found.str() + (sum.ends_with(".0") ? sum.substr(0, sum.size() - 2) : sum) ==
              expected);
        CHECK(round::is_proved(*round_));
    }

    void check_trade(const std::string& rule, const std::string& expected) const {
        const auto line = std::ranges::find(round_->trade, rule, &round::TradeLine::rule);
        REQUIRE(line != round_->trade.end());
        CHECK(round::decimal(line->objective.micro) + " " + round::decimal(line->worst) ==
              expected);
    }

    void check_file(const std::string& name, const std::string& part, bool holds) const {
        REQUIRE(files_.contains(name));
        std::string text = files_.at(name);
        std::ranges::replace(text, '\n', ' ');
        CHECK_MESSAGE((text.find(part) != std::string::npos) == holds, text);
    }

    void check_scarce(const std::string& expected) const {
        std::vector<std::string> found;
        for (const auto& scarce : round_->scarce) {
            found.push_back(round::scarce_in_words(scarce));
        }
        CHECK((found.empty() ? "nothing" : text::join_words(found)) == expected);
    }

    void check_not_possible(const std::string& ask, const std::string& offer) const {
        const std::string answer = must(round::why(record_, ask, offer));
        CHECK(answer.starts_with(ask + " with " + offer + " is not possible in this round"));
    }

    const Round* round_;
    std::map<std::string, std::string> files_;
    round::Record record_;
    std::size_t pairs_ = 0;
    std::size_t waiting_ = 0;
};

/// The same table with its rows the other way round.
std::string reversed(const std::string& csv) {
    std::istringstream stream(csv);
    std::string header;
    std::getline(stream, header);
    std::string rows;
    for (std::string line; std::getline(stream, line);) {
        rows.insert(0, line + "\n");
    }
    return header + "\n" + rows;
}

} // namespace

TEST_CASE("golden rounds") {
    std::size_t cases = 0;
    for (const auto& entry : std::filesystem::directory_iterator("tests/cases")) {
        ++cases;
        CAPTURE(entry.path().filename().string());
        const Case c = read_case(entry.path());
        const std::string& expected = c.sections.at("expect");
        if (expected.starts_with("infeasible: ")) {
            const auto found = try_to_hold(c);
            REQUIRE_FALSE(found);
            CHECK(found.error().kind == ErrorKind::infeasible);
            CHECK_MESSAGE(found.error().message.contains(text::trim(expected.substr(12))),
                          found.error().message);
            continue;
        }
        Expectation(hold(c)).check_all(expected);

        Case turned = c;
        for (auto& [name, text] : turned.sections) {
            text = name == "expect" ? text : reversed(text);
        }
        CHECK(round::files_of(hold(turned), {}) == round::files_of(hold(c), {}));
    }
    CHECK(cases >= 20);
}
