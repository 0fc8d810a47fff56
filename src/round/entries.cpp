#include "round/entries.hpp"

#include "base/limits.hpp"
#include "base/text.hpp"
#include "formats/pairs.hpp"
#include "round/fields.hpp"

#include <algorithm>
#include <unicode/normalizer2.h>
#include <unicode/unistr.h>

#include <fmt/format.h>

namespace allot::round {

namespace {

constexpr int most_minutes = 24 * 60;
constexpr int most_waited = 10'000;

/// Zones by name, each read once.
class ZoneBook {
  public:
    explicit ZoneBook(const ZoneSource& source) : source_(&source) {}

    /// nullptr when there is no such zone.
    std::shared_ptr<const calendar::Zone> find(const std::string& name) {
        const auto [entry, is_new] = zones_.try_emplace(name);
        if (is_new) {
            if (auto zone = (*source_)(name)) {
                entry->second = std::make_shared<const calendar::Zone>(*std::move(zone));
            }
        }
        return entry->second;
    }

  private:
    const ZoneSource* source_;
    std::map<std::string, std::shared_ptr<const calendar::Zone>> zones_;
};

Hours read_hours(const Fields& fields, ZoneBook& zones) {
    Hours hours;
    if (const std::string name(fields.text("zone")); !name.empty()) {
        hours.zone = zones.find(name);
        if (!hours.zone) {
            fields.wrong("zone", "a zone of the tz database such as Europe/Paris, or nothing");
        }
    }
    if (const auto windows = fields.text("windows"); !windows.empty()) {
        if (auto weekly = calendar::parse_weekly(windows)) {
            hours.windows = *std::move(weekly);
        } else {
            fields.wrong("windows", "windows such as Mon 18:00-20:00|Sat 09:30-11:00 (" +
                                        weekly.error().message + ")");
        }
    }
    return hours;
}

/// Each word once.
std::vector<Word> read_words(std::string_view column, const Fields& fields) {
    std::vector<Word> found;
    for (const auto& item : fields.list(column)) {
        if (Word w = word(item); std::ranges::find(found, w) == found.end()) {
            found.push_back(std::move(w));
        }
    }
    return found;
}

std::set<std::string> person_keys(std::string_view column, const Fields& fields) {
    std::set<std::string> keys;
    for (const auto& person : fields.list(column)) {
        keys.insert(word(person).folded);
    }
    return keys;
}

int small_number(std::string_view column, int least, int most, std::optional<int> if_empty,
                 const Fields& fields) {
    return static_cast<int>(fields.number(column, least, most, if_empty));
}

void read_entry(Entry& entry, std::string_view id_column, const Fields& fields, ZoneBook& zones) {
    entry.id = fields.id(id_column);
    entry.person = fields.id("person");
    entry.person_key = word(entry.person).folded;
    entry.minutes = small_number("minutes", 1, most_minutes, std::nullopt, fields);
    entry.topics = read_words("topics", fields);
    entry.languages = read_words("languages", fields);
    entry.hours = read_hours(fields, zones);
    entry.not_with = person_keys("not_with", fields);
    entry.again = person_keys("again", fields);
}

/// Kinds are compared without case.
std::string read_kind(std::string_view written, std::string_view column, const Fields& fields,
                      const Kinds& kinds) {
    std::string kind = text::lower_ascii(written);
    if (!kinds.find(kind)) {
        const auto names = kinds.names();
        const auto nearest = text::nearest_word(kind, names);
        fields.wrong(column, (nearest ? "\"" + *nearest + "\", or one of " : "one of ") +
                                 text::join_words(names));
    }
    return kind;
}

/// Reads a table row by row into `Item`s with different ids.
template <class Item, class ReadRow>
Result<std::vector<Item>> read_rows(const File& file, std::string_view id_column,
                                    std::initializer_list<std::string_view> required,
                                    const ReadRow& read_row) {
    formats::Findings findings(file.name);
    TRY(const auto table, formats::parse_table(file.bytes, findings));
    TRY_DO(table.require_columns(required));
    Fields fields(table, findings);
    std::vector<Item> items;
    std::map<std::string, std::int64_t, std::less<>> line_of;
    for (const auto& row : table.rows()) {
        fields.at(row);
        items.push_back(read_row(fields));
        const auto [known, is_new] = line_of.try_emplace(items.back().id, row.line);
        if (!is_new) {
            fields.wrong(id_column,
                         fmt::format("an id of its own; line {} has this one", known->second));
        }
    }
    if (!findings.empty()) {
        return std::unexpected(findings.error());
    }
    return items;
}

void check_id(const KnownIds& known, const std::string& id, std::int64_t line,
              std::string_view column, formats::Findings& findings) {
    if (!known.contains(id)) {
        findings.add_value({.line = line, .name = column}, id, known.expected_for(id));
    }
}

/// Errors: every row that names an ask or an offer which is not there.
Result<void> check_known(const formats::Pairs& pairs, const std::string& file_name,
                         const std::vector<Ask>& asks, const std::vector<Offer>& offers) {
    formats::Findings findings(file_name);
    const auto known_asks = KnownIds::of(asks);
    const auto known_offers = KnownIds::of(offers);
    for (const auto& row : pairs.rows) {
        check_id(known_asks, pairs.asks[row.ask], row.line, "ask", findings);
        check_id(known_offers, pairs.helpers[row.helper], row.line, "helper", findings);
    }
    if (!findings.empty()) {
        return std::unexpected(findings.error());
    }
    return {};
}

} // namespace

Word word(std::string_view written) {
    Word result{.written = std::string(written), .folded = {}};
    UErrorCode status = U_ZERO_ERROR;
    const auto* folding = icu::Normalizer2::getNFKCCasefoldInstance(status);
    ALLOT_CHECK(U_SUCCESS(status) != 0, "ICU has its normalisation data");
    const auto folded = folding->normalize(icu::UnicodeString::fromUTF8(result.written), status);
    ALLOT_CHECK(U_SUCCESS(status) != 0, "ICU normalises any text");
    folded.toUTF8String(result.folded);
    return result;
}

KnownIds::KnownIds(std::vector<std::string> ids) : ids_(std::move(ids)) {
    std::ranges::sort(ids_);
}

void KnownIds::add_person(const Entry& entry) {
    ids_of_[entry.person_key].push_back(entry.id);
}

bool KnownIds::contains(const std::string& id) const {
    return std::ranges::binary_search(ids_, id);
}

std::string KnownIds::expected_for(const std::string& written) const {
    if (const auto person = ids_of_.find(word(written).folded); person != ids_of_.end()) {
        return fmt::format("an id of this round; that is a person, who has {}",
                           text::join_words(person->second, 3));
    }
    const auto nearest = text::nearest_word(written, ids_);
    return nearest ? "an id of this round, such as " + *nearest : "an id of this round";
}

Result<std::vector<Offer>> read_offers(const File& file, const Kinds& kinds,
                                       const ZoneSource& zones) {
    ZoneBook book(zones);
    return read_rows<Offer>(
        file, "offer", {"offer", "person", "kinds", "places", "minutes"},
        [&](const Fields& fields) {
            Offer offer;
            read_entry(offer, "offer", fields, book);
            for (const auto& kind : fields.list("kinds")) {
                offer.kinds.push_back(read_kind(kind, "kinds", fields, kinds));
            }
            if (offer.kinds.empty()) {
                fields.wrong("kinds", "one of " + text::join_words(kinds.names()));
            }
            offer.places = small_number("places", 0, limits::max_places, 0, fields);
            offer.valid_until = fields.date("valid_until");
            return offer;
        });
}

Result<std::vector<Ask>> read_asks(const File& file, const Kinds& kinds, const ZoneSource& zones) {
    ZoneBook book(zones);
    return read_rows<Ask>(file, "ask", {"ask", "person", "kind", "minutes"},
                          [&](const Fields& fields) {
                              Ask ask;
                              read_entry(ask, "ask", fields, book);
                              ask.kind = read_kind(fields.text("kind"), "kind", fields, kinds);
                              ask.demand = small_number("demand", 1, limits::max_places, 1, fields);
                              ask.needed_by = fields.date("needed_by");
                              ask.wishes = person_keys("wishes", fields);
                              ask.wishes.merge(fields.set("wishes"));
                              ask.waited = small_number("waited", 0, most_waited, 0, fields);
                              ask.newcomer = fields.yes("newcomer");
                              return ask;
                          });
}

Result<History> read_history(const File& file) {
    formats::Findings findings(file.name);
    TRY(const auto table, formats::parse_table(file.bytes, findings));
    TRY_DO(table.require_columns({"ask_person", "offer_person", "what"}));
    Fields fields(table, findings);
    History history;
    for (const auto& row : table.rows()) {
        fields.at(row);
        auto pair =
            std::pair(word(fields.id("ask_person")).folded, word(fields.id("offer_person")).folded);
        static_cast<void>(fields.date("on"));
        const std::string what = text::lower_ascii(fields.text("what"));
        if (what == "declined") {
            history.declined.insert(std::move(pair));
        } else if (what == "paired") {
            history.paired.insert(std::move(pair));
        } else {
            fields.wrong("what", "declined or paired");
        }
    }
    if (!findings.empty()) {
        return std::unexpected(findings.error());
    }
    return history;
}

Result<IdPairs> read_conflicts(const File& file, const std::vector<Ask>& asks,
                               const std::vector<Offer>& offers) {
    TRY(const auto pairs, formats::parse_pairs(file.bytes, file.name));
    TRY_DO(check_known(pairs, file.name, asks, offers));
    IdPairs conflicts;
    for (const auto& row : pairs.rows) {
        conflicts.emplace(pairs.asks[row.ask], pairs.helpers[row.helper]);
    }
    return conflicts;
}

Result<IdScores> read_scores(const File& file, const std::vector<Ask>& asks,
                             const std::vector<Offer>& offers) {
    TRY(const auto triples, formats::parse_triples(file.bytes, file.name));
    TRY_DO(check_known(triples.pairs, file.name, asks, offers));
    IdScores scores;
    for (std::size_t k = 0; k < triples.scores.size(); ++k) {
        const auto& row = triples.pairs.rows[k];
        scores.emplace(std::pair(triples.pairs.asks[row.ask], triples.pairs.helpers[row.helper]),
                       triples.scores[k]);
    }
    return scores;
}

} // namespace allot::round
