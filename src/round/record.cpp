#include "round/record.hpp"

#include "base/limits.hpp"
#include "base/text.hpp"
#include "engine/allot/groups.hpp"
#include "round/decide.hpp"
#include "round/fields.hpp"
#include "round/letters.hpp"
#include "round/report.hpp"
#include "round/words.hpp"

#include <algorithm>
#include <cmath>

#include <boost/json.hpp>
#include <fmt/format.h>

namespace allot::round {

namespace {

namespace json = boost::json;
using formats::CsvWriter;
using matching::Index;
using matching::Value;

std::string ask_label(std::size_t number) {
    return "a" + std::to_string(number + 1);
}

std::string helper_label(std::size_t number) {
    return "h" + std::to_string(number + 1);
}

void write_row(CsvWriter& csv, std::initializer_list<std::string_view> fields) {
    for (const auto field : fields) {
        csv.field(field);
    }
    csv.end_row();
}

std::string instance_csv(const Round& round) {
    CsvWriter csv;
    write_row(csv, {"ask", "helper", "score_micro"});
    for (const auto& pair : round.instance) {
        csv.field(ask_label(static_cast<std::size_t>(pair.ask)));
        csv.field(helper_label(static_cast<std::size_t>(pair.helper)));
        csv.field(pair.score);
        csv.end_row();
    }
    return std::move(csv).text();
}

std::string sides_csv(const Round& round) {
    CsvWriter csv;
    write_row(csv, {"side", "id", "relabelled", "demand_or_places", "class", "least"});
    for (std::size_t k = 0; k < round.ask_order.size(); ++k) {
        write_row(csv, {"ask", round.asks[round.ask_order[k]].id, ask_label(k),
                        std::to_string(round.sides.demand[k]),
                        std::to_string(round.sides.waiting[k]), ""});
    }
    for (std::size_t k = 0; k < round.offer_order.size(); ++k) {
        write_row(csv, {"helper", round.offers[round.offer_order[k]].id, helper_label(k),
                        std::to_string(round.sides.places[k]), "",
                        std::to_string(round.sides.least_of(static_cast<Index>(k)))});
    }
    return std::move(csv).text();
}

/// The shortest decimals that read back as the same multiples of 1/denominator.
std::string marginals_csv(const Round& round) {
    std::vector<std::tuple<std::string, std::string, double>> rows;
    for (const auto& marginal : round.odds->marginals) {
        rows.emplace_back(
            round.asks[round.ask_order[static_cast<std::size_t>(marginal.ask)]].id,
            round.offers[round.offer_order[static_cast<std::size_t>(marginal.helper)]].id,
            static_cast<double>(marginal.numerator) / round.odds->cap.denominator);
    }
    std::ranges::sort(rows);
    CsvWriter csv;
    write_row(csv, {"ask", "helper", "probability"});
    for (const auto& [ask, offer, probability] : rows) {
        csv.field(std::string_view(ask)).field(std::string_view(offer)).field(probability);
        csv.end_row();
    }
    return std::move(csv).text();
}

std::string groups_csv_of(const Round& round) {
    std::vector<std::string> asks;
    std::vector<std::string> offers;
    for (const std::size_t i : round.ask_order) {
        asks.push_back(round.asks[i].id);
    }
    for (const std::size_t j : round.offer_order) {
        offers.push_back(round.offers[j].id);
    }
    return groups_csv(round.sides.groups, asks, offers);
}

std::string pairings_csv(const Round& round) {
    CsvWriter csv;
    write_row(csv, {"ask", "ask_person", "offer", "offer_person", "kind", "score", "slots_utc",
                    "reasons"});
    for (const Pairing& pairing : round.pairings) {
        const Ask& ask = round.asks[pairing.ask];
        const Offer& offer = round.offers[pairing.offer];
        std::string reasons;
        for (const auto& reason : reasons_of(round, pairing)) {
            reasons += (reasons.empty() ? "" : "; ") + reason;
        }
        write_row(csv, {ask.id, ask.person, offer.id, offer.person, ask.kind,
                        decimal(pairing.score), slots_utc(pairing.slots), reasons});
    }
    return std::move(csv).text();
}

/// What to copy into the asks of the next round. Who came too late waits for a new date.
std::string waiting_csv(const Round& round) {
    CsvWriter csv;
    write_row(csv, {"ask", "person", "demand", "waited"});
    for (const Waiting& waiting : round.waiting) {
        const Ask& ask = round.asks[waiting.ask];
        if (waiting.why != Unserved::late) {
            write_row(csv, {ask.id, ask.person, std::to_string(waiting.missing),
                            std::to_string(ask.waited + 1)});
        }
    }
    return std::move(csv).text();
}

/// Places by waiting class (3 or more rounds, 2, 1, 0) and millionths of score.
json::object value_json(const Value& value) {
    return {{"places_by_rounds_waited",
             {{"3", value.places[0]},
              {"2", value.places[1]},
              {"1", value.places[2]},
              {"0", value.places[3]}}},
            {"score_micro", value.micro}};
}

json::array unserved_json(const Round& round) {
    json::array all;
    for (const Waiting& waiting : round.waiting) {
        all.push_back({{"ask", round.asks[waiting.ask].id},
                       {"places", waiting.missing},
                       {"why", why_in_words(round, waiting)},
                       {"nearest", nearest_in_words(round, waiting)}});
    }
    return all;
}

json::array scarce_json(const Round& round) {
    json::array all;
    for (const Scarce& scarce : round.scarce) {
        all.push_back({{"help", scarce_in_words(scarce)},
                       {"asks_behind_it", scarce.asks},
                       {"worth_of_one_more_place", value_json(scarce.worth)}});
    }
    return all;
}

/// Offers that an ask could not have, by what stood in the way. Barred pairs are not written down.
json::object obstacles_json(const Round& round) {
    json::object all;
    for (const auto& [ask, offer, obstacle] : round.obstacles) {
        if (obstacle == Obstacle::barred) {
            continue;
        }
        auto& of_ask = all[round.asks[ask].id];
        json::object& reasons = of_ask.is_object() ? of_ask.get_object() : of_ask.emplace_object();
        auto& offers = reasons[obstacle_in_words(obstacle)];
        (offers.is_array() ? offers.get_array() : offers.emplace_array())
            .emplace_back(round.offers[offer].id);
    }
    return all;
}

/// What proves the pairs: of a sum the prices, of a fair rule how the worst off are served, of a
/// lottery the expected objective and its bound, in parts of a place.
json::object certificate_json(const Round& round) {
    const auto& allotment = round.allotment;
    if (round.odds) {
        return {{"parts_of_a_place", round.odds->cap.denominator},
                {"expected_in_parts", value_json(round.odds->scaled.objective)},
                {"bound_in_parts", value_json(round.odds->scaled.bound)},
                {"proved", is_proved(round)}};
    }
    if (round.settings.objective.rule != matching::Rule::sum) {
        const auto& fairness = allotment.fairness.value_or(matching::Fairness{});
        return {{"worst_micro", fairness.worst},
                {"worst_bound_micro", fairness.worst_bound},
                {"settled_asks", fairness.covered},
                {"proved", is_proved(round)}};
    }
    json::object prices;
    for (std::size_t k = 0; k < round.offer_order.size(); ++k) {
        prices[round.offers[round.offer_order[k]].id] = value_json(allotment.prices[k]);
    }
    return {{"objective", value_json(allotment.certificate.objective)},
            {"bound", value_json(allotment.certificate.bound)},
            {"proved", is_proved(round)},
            {"helper_price", std::move(prices)}};
}

json::array trade_json(const Round& round) {
    json::array lines;
    for (const TradeLine& line : round.trade) {
        lines.push_back({{"rule", line.rule},
                         {"score_micro", line.objective.micro},
                         {"worst_micro", line.worst},
                         {"pairs_below_half", line.low},
                         {"asks_with_empty_places", line.unfilled},
                         {"chosen", line.chosen}});
    }
    return lines;
}

/// The rule, with what belongs to it.
json::object rule_json(const Round& round) {
    const Settings& settings = round.settings;
    const bool is_floor = settings.objective.rule == matching::Rule::floor;
    json::object rule{{"rule", is_floor ? "floor" : name_of(settings.objective)}};
    if (is_floor) {
        rule["floor_micro"] = settings.objective.floor;
    }
    if (settings.pair_cap) {
        rule["pair_cap"] =
            fmt::format("{}/{}", settings.pair_cap->numerator, settings.pair_cap->denominator);
        rule["expected_score_micro"] = round.odds->expected_micro();
    }
    return rule;
}

/// JSON for people: members on lines of their own, lists of plain values on one line.
std::string pretty(const json::value& value, std::size_t depth) {
    if (value.is_double()) {
        return fmt::format("{}", value.get_double());
    }
    const bool is_object = value.is_object() && !value.get_object().empty();
    const bool is_list =
        value.is_array() && std::ranges::any_of(value.get_array(), [](const json::value& item) {
            return item.is_structured();
        });
    if (!is_object && !is_list) {
        return json::serialize(value);
    }
    const std::string indent(2 * (depth + 1), ' ');
    std::string lines;
    const auto add = [&](const std::string& line) {
        lines += (lines.empty() ? "\n" : ",\n") + indent + line;
    };
    if (is_object) {
        for (const auto& [key, member] : value.get_object()) {
            add(json::serialize(key) + ": " + pretty(member, depth + 1));
        }
    } else {
        for (const auto& item : value.get_array()) {
            add(pretty(item, depth + 1));
        }
    }
    const std::string end = "\n" + std::string(2 * depth, ' ');
    return is_object ? "{" + lines + end + "}" : "[" + lines + end + "]";
}

using Tables = std::map<std::string, std::string>;

json::object hashes_json(const Tables& tables, const Hash& hash) {
    json::object hashes;
    for (const auto& [name, text] : tables) {
        if (hash) {
            hashes[name] = hash(text);
        }
    }
    return hashes;
}

std::string round_json(const Round& round, const std::vector<InputRecord>& inputs,
                       const Tables& tables, const Hash& hash) {
    json::array files;
    for (const auto& input : inputs) {
        files.push_back({{"role", input.role}, {"file", input.file}, {"sha256", input.sha256}});
    }
    json::object kinds;
    for (const Ask& ask : round.asks) {
        kinds[ask.id] = ask.kind;
    }
    json::object given;
    for (const Offer& offer : round.offers) {
        given[offer.id] = json::array(offer.kinds.begin(), offer.kinds.end());
    }
    json::object record{{"format", 1}};
    for (const auto& [key, value] : rule_json(round)) {
        record[key] = value;
    }
    const json::object rest{{"rule_in_words", rule_in_words(round)},
                            {"seed", round.settings.seed},
                            {"commitment", hash ? hash(std::to_string(round.settings.seed)) : ""},
                            {"at", format_instant(round.settings.at)},
                            {"week", format_date(round.week.monday)},
                            {"min_fit", round.settings.floor},
                            {"inputs", std::move(files)},
                            {"tables", hashes_json(tables, hash)},
                            {"objective", value_json(round.allotment.certificate.objective)},
                            {"certificate", certificate_json(round)},
                            {"trade", trade_json(round)},
                            {"unserved", unserved_json(round)},
                            {"scarce", scarce_json(round)},
                            {"kind_of_ask", std::move(kinds)},
                            {"kinds_of_offer", std::move(given)},
                            {"not_possible", obstacles_json(round)}};
    for (const auto& [key, value] : rest) {
        record[key] = value;
    }
    return pretty(record, 0) + "\n";
}

/// Reads the three tables of a round; see `read_record`.
class RecordReader {
  public:
    Result<Record> run(const RecordFiles& files, const Hash& hash) {
        TRY_DO(read_sides(files.sides_csv));
        TRY_DO(read_instance(files.instance_csv));
        TRY_DO(read_pairings(files.pairings_csv));
        record_.sides.service = matching::Service::partial;
        if (std::ranges::none_of(record_.sides.least, [](auto n) { return n > 0; })) {
            record_.sides.least.clear();
        }
        if (files.groups_csv) {
            TRY_DO(read_bounds(*files.groups_csv));
        }
        TRY_DO(matching::check_groups(record_.sides,
                                      {.asks = record_.asks, .helpers = record_.offers}));
        if (files.round_json) {
            TRY_DO(read_told(*files.round_json));
        }
        TRY_DO(read_lottery(files));
        if (hash) {
            note_hashes(files, hash);
        }
        return std::move(record_);
    }

  private:
    using Numbers = std::map<std::string, Index, std::less<>>;

    /// Opens a table and calls `read(fields)` for each row.
    template <class Read>
    static Result<void> for_rows(std::string_view csv, std::string name,
                                 std::initializer_list<std::string_view> columns,
                                 const Read& read) {
        formats::Findings findings(std::move(name));
        TRY(const auto table, formats::parse_table(csv, findings));
        TRY_DO(table.require_columns(columns));
        Fields fields(table, findings);
        for (const auto& row : table.rows()) {
            fields.at(row);
            read(fields);
        }
        if (!findings.empty()) {
            return std::unexpected(findings.error());
        }
        return {};
    }

    /// Labels are a1, a2, ... and h1, h2, ... in this order.
    static void add_member(const Fields& fields, const std::string& label, Numbers& by_id,
                           Numbers& by_label, std::vector<std::string>& ids) {
        const auto number = static_cast<Index>(ids.size());
        ids.push_back(fields.id("id"));
        if (!by_id.try_emplace(ids.back(), number).second) {
            fields.wrong("id", "an id of its own");
        }
        if (fields.text("relabelled") != label) {
            fields.wrong("relabelled", label);
        }
        by_label.try_emplace(label, number);
    }

    Result<void> read_sides(std::string_view csv) {
        return for_rows(csv, "sides.csv", {"side", "id", "relabelled", "demand_or_places", "class"},
                        [&](const Fields& fields) {
                            const auto side = fields.text("side");
                            if (side == "ask") {
                                add_member(fields, ask_label(record_.asks.size()), ask_by_id_,
                                           ask_by_label_, record_.asks);
                                record_.sides.demand.push_back(static_cast<matching::Count>(
                                    fields.number("demand_or_places", 1, limits::max_places)));
                                record_.sides.waiting.push_back(
                                    static_cast<std::uint8_t>(fields.number("class", 0, 3)));
                            } else if (side == "helper") {
                                add_member(fields, helper_label(record_.offers.size()),
                                           offer_by_id_, offer_by_label_, record_.offers);
                                record_.sides.places.push_back(static_cast<matching::Count>(
                                    fields.number("demand_or_places", 0, limits::max_places)));
                                record_.sides.least.push_back(static_cast<matching::Count>(
                                    fields.number("least", 0, limits::max_places, 0)));
                            } else {
                                fields.wrong("side", "ask or helper");
                            }
                        });
    }

    Result<void> read_bounds(std::string_view csv) {
        TRY(const auto entries, read_groups({.name = "groups.csv", .bytes = csv},
                                            KnownIds(record_.asks), KnownIds(record_.offers)));
        record_.sides.groups = groups_of(entries, record_.asks, record_.offers);
        return {};
    }

    Result<void> read_lottery(const RecordFiles& files) {
        const bool is_lottery = record_.told && record_.told->cap;
        if (files.marginals_csv.has_value() != is_lottery) {
            return fail(ErrorKind::invalid,
                        is_lottery ? "marginals.csv: found no such file; it holds the chances of "
                                     "this lottery"
                                   : "marginals.csv: found chances, and no round.json with the cap "
                                     "and the seed of a lottery");
        }
        return is_lottery ? read_marginals(*files.marginals_csv, record_.told->cap->denominator)
                          : Result<void>();
    }

    Result<void> read_marginals(std::string_view csv, std::int32_t parts) {
        TRY_DO(for_rows(csv, "marginals.csv", {"ask", "helper", "probability"},
                        [&](const Fields& fields) { read_marginal(fields, parts); }));
        const auto by_pair = [](const matching::Marginal& m) { return std::pair(m.ask, m.helper); };
        std::ranges::sort(record_.marginals, {}, by_pair);
        if (std::ranges::adjacent_find(record_.marginals, {}, by_pair) != record_.marginals.end()) {
            return fail(ErrorKind::invalid,
                        "marginals.csv: found a pair twice, expected each once");
        }
        return {};
    }

    void read_marginal(const Fields& fields, std::int32_t parts) {
        const Index ask = find(fields, "ask", ask_by_id_, "an ask of sides.csv");
        const Index offer = find(fields, "helper", offer_by_id_, "a helper of sides.csv");
        const auto probability = text::parse_double(fields.text("probability"));
        const double in_parts = probability.value_or(-1) * parts;
        const bool is_whole = std::abs(in_parts - std::round(in_parts)) < 1e-6;
        if (!probability || !is_whole || in_parts < 0.5 || *probability > 1) {
            fields.wrong("probability",
                         fmt::format("a multiple of 1/{} above 0 and at most 1", parts));
            return;
        }
        const auto pair = std::ranges::lower_bound(
            record_.instance, std::pair(ask, offer), {},
            [](const matching::Pair& p) { return std::pair(p.ask, p.helper); });
        if (pair == record_.instance.end() || pair->ask != ask || pair->helper != offer) {
            fields.wrong("helper", "a helper who may help this ask by instance.csv");
            return;
        }
        record_.marginals.push_back(
            {.ask = ask,
             .helper = offer,
             .score = pair->score,
             .numerator = static_cast<std::int32_t>(std::lround(in_parts))});
    }

    void note_hashes(const RecordFiles& files, const Hash& hash) {
        record_.hashes["instance.csv"] = hash(files.instance_csv);
        record_.hashes["sides.csv"] = hash(files.sides_csv);
        record_.hashes["pairings.csv"] = hash(files.pairings_csv);
        if (files.groups_csv) {
            record_.hashes["groups.csv"] = hash(*files.groups_csv);
        }
        if (files.marginals_csv) {
            record_.hashes["marginals.csv"] = hash(*files.marginals_csv);
        }
    }

    static Index find(const Fields& fields, std::string_view column, const Numbers& numbers,
                      std::string_view expected) {
        const auto found = numbers.find(fields.text(column));
        if (found == numbers.end()) {
            fields.wrong(column, expected);
            return 0;
        }
        return found->second;
    }

    Result<void> read_instance(std::string_view csv) {
        TRY_DO(for_rows(csv, "instance.csv", {"ask", "helper", "score_micro"},
                        [&](const Fields& fields) {
                            record_.instance.push_back(
                                {find(fields, "ask", ask_by_label_, "a label of sides.csv"),
                                 find(fields, "helper", offer_by_label_, "a label of sides.csv"),
                                 fields.number("score_micro", 0, matching::max_micro)});
                        }));
        std::ranges::sort(record_.instance);
        const auto twice = std::ranges::adjacent_find(record_.instance, {}, [](const auto& pair) {
            return std::pair(pair.ask, pair.helper);
        });
        if (twice != record_.instance.end()) {
            return fail(ErrorKind::invalid,
                        fmt::format("instance.csv: the pair {}, {} stands in it twice",
                                    ask_label(static_cast<std::size_t>(twice->ask)),
                                    helper_label(static_cast<std::size_t>(twice->helper))));
        }
        return {};
    }

    Result<void> read_pairings(std::string_view csv) {
        return for_rows(
            csv, "pairings.csv", {"ask", "offer", "score", "reasons"}, [&](const Fields& fields) {
                const auto score = text::parse_double(fields.text("score"));
                if (!score || *score < 0 || *score > limits::max_score) {
                    fields.wrong("score", "a score");
                    return;
                }
                record_.pairs.push_back(
                    {find(fields, "ask", ask_by_id_, "an ask of sides.csv"),
                     find(fields, "offer", offer_by_id_, "a helper of sides.csv"),
                     matching::micro_of_score(*score)});
                record_.reasons[{fields.id("ask"), fields.id("offer")}] = fields.text("reasons");
            });
    }

    static Value read_value(const json::value& value) {
        const auto& places = value.at("places_by_rounds_waited");
        return {.places = {places.at("3").to_number<std::int64_t>(),
                           places.at("2").to_number<std::int64_t>(),
                           places.at("1").to_number<std::int64_t>(),
                           places.at("0").to_number<std::int64_t>()},
                .micro = value.at("score_micro").to_number<std::int64_t>()};
    }

    /// Boost.JSON throws where a member is missing or of another type.
    Result<void> read_told(std::string_view text) {
        try {
            const json::value root = json::parse(json::string_view(text.data(), text.size()));
            if (root.at("format") != 1) {
                return fail(ErrorKind::invalid, "round.json: found another format, expected 1");
            }
            Record::Told told{.objective = read_value(root.at("objective"))};
            told.seed = root.at("seed").to_number<std::uint64_t>();
            TRY_DO(read_rule(root.as_object(), told));
            read_proof(root.at("certificate").as_object(), told);
            if (const auto* commitment = root.as_object().if_contains("commitment")) {
                told.commitment = std::string(commitment->as_string());
            }
            if (const auto* tables = root.as_object().if_contains("tables")) {
                for (const auto& [name, hash] : tables->as_object()) {
                    told.hashes[std::string(name)] = std::string(hash.as_string());
                }
            }
            for (const auto& [offer, kinds] : root.at("kinds_of_offer").as_object()) {
                if (!offer_by_id_.contains(std::string(offer))) {
                    told.outside.insert(std::string(offer));
                }
            }
            for (const auto& item : root.at("unserved").as_array()) {
                told.unserved[std::string(item.at("ask").as_string())] =
                    std::string(item.at("why").as_string()) +
                    " Nearest: " + std::string(item.at("nearest").as_string());
            }
            read_obstacles(root, told);
            record_.told = std::move(told);
            return {};
        } catch (const std::exception& error) {
            return fail(ErrorKind::invalid, std::string("round.json: found ") + error.what() +
                                                ", expected what allotment round writes");
        }
    }

    static Result<void> read_rule(const json::object& root, Record::Told& told) {
        const std::string rule(root.at("rule").as_string());
        if (rule == "leximin") {
            told.rule.rule = matching::Rule::leximin;
        } else if (rule == "maxmin") {
            told.rule.rule = matching::Rule::maxmin;
        } else if (rule == "floor") {
            told.rule = {.rule = matching::Rule::floor,
                         .floor = root.at("floor_micro").to_number<matching::Micro>()};
        } else if (rule != "sum") {
            return fail(ErrorKind::invalid,
                        fmt::format("round.json: found the rule \"{}\", expected sum, leximin, "
                                    "maxmin or floor",
                                    text::shown(rule)));
        }
        if (const auto* cap = root.if_contains("pair_cap")) {
            const std::string written(cap->as_string());
            const auto slash = std::min(written.find('/'), written.size() - 1);
            const auto numerator = text::parse_int(written.substr(0, slash));
            const auto denominator = text::parse_int(written.substr(slash + 1));
            if (!numerator || !denominator || *numerator < 1 || *denominator < *numerator ||
                *denominator > matching::most_denominator) {
                return fail(ErrorKind::invalid,
                            fmt::format("round.json: found the pair_cap \"{}\", expected a chance "
                                        "such as 1/2",
                                        text::shown(written)));
            }
            told.cap = {.numerator = static_cast<std::int32_t>(*numerator),
                        .denominator = static_cast<std::int32_t>(*denominator)};
        }
        return {};
    }

    static void read_proof(const json::object& proof, Record::Told& told) {
        if (told.cap) {
            told.expected = {.objective = read_value(proof.at("expected_in_parts")),
                             .bound = read_value(proof.at("bound_in_parts"))};
        } else if (told.rule.rule != matching::Rule::sum) {
            told.worst = proof.at("worst_micro").to_number<matching::Micro>();
            told.settled = proof.at("settled_asks").to_number<std::int64_t>();
        } else {
            told.bound = read_value(proof.at("bound"));
            for (const auto& [offer, price] : proof.at("helper_price").as_object()) {
                told.prices[std::string(offer)] = read_value(price);
            }
        }
    }

    void read_obstacles(const json::value& root, Record::Told& told) const {
        for (const auto& [ask, reasons] : root.at("not_possible").as_object()) {
            for (const auto& [reason, offers] : reasons.as_object()) {
                for (const auto& offer : offers.as_array()) {
                    told.obstacles[{std::string(ask), std::string(offer.as_string())}] =
                        std::string(reason);
                }
            }
        }
        for (const auto& [ask, kind] : root.at("kind_of_ask").as_object()) {
            for (const auto& [offer, kinds] : root.at("kinds_of_offer").as_object()) {
                const auto& given = kinds.as_array();
                if (std::ranges::find(given, kind) == given.end()) {
                    told.obstacles[{std::string(ask), std::string(offer)}] =
                        obstacle_in_words(Obstacle::kind);
                }
            }
        }
    }

    Record record_;
    Numbers ask_by_id_;
    Numbers ask_by_label_;
    Numbers offer_by_id_;
    Numbers offer_by_label_;
};

} // namespace

std::map<std::string, std::string>
files_of(const Round& round, const std::vector<InputRecord>& inputs, const Hash& hash) {
    Tables files{{"pairings.csv", pairings_csv(round)},
                 {"instance.csv", instance_csv(round)},
                 {"sides.csv", sides_csv(round)}};
    if (!round.sides.groups.empty()) {
        files["groups.csv"] = groups_csv_of(round);
    }
    if (round.odds) {
        files["marginals.csv"] = marginals_csv(round);
    }
    files["round.json"] = round_json(round, inputs, files, hash);
    files["report.html"] = report_of(round);
    if (waits_on(round)) {
        files["waiting.csv"] = waiting_csv(round);
    }
    for (auto& [name, text] : letters_of(round)) {
        files["letters/" + name] = std::move(text);
    }
    return files;
}

Result<Record> read_record(const RecordFiles& files, const Hash& hash) {
    return RecordReader().run(files, hash);
}

} // namespace allot::round
