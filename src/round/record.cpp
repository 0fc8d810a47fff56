#include "round/record.hpp"

#include "base/limits.hpp"
#include "base/text.hpp"
#include "round/fields.hpp"
#include "round/letters.hpp"
#include "round/report.hpp"
#include "round/words.hpp"

#include <algorithm>

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
    write_row(csv, {"side", "id", "relabelled", "demand_or_places", "class"});
    for (std::size_t k = 0; k < round.ask_order.size(); ++k) {
        write_row(csv,
                  {"ask", round.asks[round.ask_order[k]].id, ask_label(k),
                   std::to_string(round.sides.demand[k]), std::to_string(round.sides.waiting[k])});
    }
    for (std::size_t k = 0; k < round.offer_order.size(); ++k) {
        write_row(csv, {"helper", round.offers[round.offer_order[k]].id, helper_label(k),
                        std::to_string(round.sides.places[k]), ""});
    }
    return std::move(csv).text();
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

json::object certificate_json(const Round& round) {
    json::object prices;
    for (std::size_t k = 0; k < round.offer_order.size(); ++k) {
        prices[round.offers[round.offer_order[k]].id] = value_json(round.allotment.prices[k]);
    }
    return {{"objective", value_json(round.allotment.certificate.objective)},
            {"bound", value_json(round.allotment.certificate.bound)},
            {"proved", round.allotment.certificate.proved()},
            {"helper_price", std::move(prices)}};
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

std::string round_json(const Round& round, const std::vector<InputRecord>& inputs) {
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
    const json::object record{
        {"format", 1},
        {"rule", "sum"},
        {"rule_in_words", "places first to asks that waited longest, then the largest sum of fits"},
        {"seed", round.settings.seed},
        {"at", format_instant(round.settings.at)},
        {"week", format_date(round.week.monday)},
        {"min_fit", round.settings.floor},
        {"inputs", std::move(files)},
        {"objective", value_json(round.allotment.certificate.objective)},
        {"certificate", certificate_json(round)},
        {"unserved", unserved_json(round)},
        {"scarce", scarce_json(round)},
        {"kind_of_ask", std::move(kinds)},
        {"kinds_of_offer", std::move(given)},
        {"not_possible", obstacles_json(round)}};
    return pretty(record, 0) + "\n";
}

/// Reads the three tables of a round; see `read_record`.
class RecordReader {
  public:
    Result<Record> run(const RecordFiles& files) {
        TRY_DO(read_sides(files.sides_csv));
        TRY_DO(read_instance(files.instance_csv));
        TRY_DO(read_pairings(files.pairings_csv));
        record_.sides.service = matching::Service::partial;
        if (files.round_json) {
            TRY_DO(read_told(*files.round_json));
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
                            } else {
                                fields.wrong("side", "ask or helper");
                            }
                        });
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
            if (root.at("format") != 1 || root.at("rule") != "sum") {
                return fail(ErrorKind::invalid,
                            "round.json: found another format or rule, expected "
                            "format 1 and rule \"sum\"");
            }
            const auto& certificate = root.at("certificate");
            Record::Told told{.objective = read_value(root.at("objective")),
                              .bound = read_value(certificate.at("bound"))};
            for (const auto& [offer, price] : certificate.at("helper_price").as_object()) {
                told.prices[std::string(offer)] = read_value(price);
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

std::map<std::string, std::string> files_of(const Round& round,
                                            const std::vector<InputRecord>& inputs) {
    std::map<std::string, std::string> files{{"pairings.csv", pairings_csv(round)},
                                             {"instance.csv", instance_csv(round)},
                                             {"sides.csv", sides_csv(round)},
                                             {"round.json", round_json(round, inputs)},
                                             {"report.html", report_of(round)}};
    for (auto& [name, text] : letters_of(round)) {
        files["letters/" + name] = std::move(text);
    }
    return files;
}

Result<Record> read_record(const RecordFiles& files) {
    return RecordReader().run(files);
}

} // namespace allot::round
