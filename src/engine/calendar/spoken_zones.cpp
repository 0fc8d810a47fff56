#include "engine/calendar/spoken_zones.hpp"

#include "base/text.hpp"
#include "engine/calendar/zone.hpp"

#include <algorithm>
#include <array>

namespace allot::calendar::spoken {

namespace {

enum class Means : std::uint8_t {
    all_year,
    part_of_it, ///< of the year, or of the places that use the zone
};

/// In small letters, with spaces for "_" and "-"; zones joined by "|", the likeliest first.
struct Entry {
    std::string_view words;
    std::string_view zones;
    Means means = Means::all_year;
};

/// What no name of a zone says by itself. Its reasons:
/// - Letters that one country means beside another ("IST", "CST", "BST") keep all candidates, so
///   that other words can decide ("CST (Central Time)") or the host is asked.
/// - Letters of one half of the year ("EST", "PDT", "CEST") are read as the clock of the place,
/// since
///   whoever meets there changes the clock with it; in all rows of kubernetes_meetings.csv too. Not
///   "MST" and "AEST": Phoenix and Brisbane live by them all year, so the host is asked.
/// - "GMT" is UTC: what the letters say. London in summer is not GMT, which a note says.
/// - A zone of many countries ("CET") is the one that tzdata itself links the letters to (file
///   `backward`, since 2024b): Brussels, Athens, Lisbon.
/// - Countries only where one zone serves all of it, or nearly all of its people.
/// - Cities that no IANA name has but where many meet; London, so that the example of all messages
///   can be read without a list; the two that tzdata has under two continents.
constexpr std::array<Entry, 111> table = {{
    {"utc", "UTC"},
    {"coordinated universal", "UTC"},
    {"gmt", "UTC", Means::part_of_it},
    {"pt", "America/Los_Angeles"},
    {"pacific", "America/Los_Angeles"},
    {"us pacific", "America/Los_Angeles"},
    {"pst", "America/Los_Angeles", Means::part_of_it},
    {"pdt", "America/Los_Angeles", Means::part_of_it},
    {"mt", "America/Denver"},
    {"mountain", "America/Denver"},
    {"us mountain", "America/Denver"},
    {"mst", "America/Denver|America/Phoenix", Means::part_of_it},
    {"mdt", "America/Denver", Means::part_of_it},
    {"arizona", "America/Phoenix"},
    {"ct", "America/Chicago"},
    {"central", "America/Chicago"},
    {"us central", "America/Chicago"},
    {"cst", "America/Chicago|Asia/Shanghai|America/Havana", Means::part_of_it},
    {"cdt", "America/Chicago|America/Havana", Means::part_of_it},
    {"china", "Asia/Shanghai"},
    {"beijing", "Asia/Shanghai"},
    {"et", "America/New_York"},
    {"eastern", "America/New_York"},
    {"us eastern", "America/New_York"},
    {"est", "America/New_York", Means::part_of_it},
    {"edt", "America/New_York", Means::part_of_it},
    {"ast", "America/Halifax|America/Puerto_Rico|Asia/Riyadh", Means::part_of_it},
    {"adt", "America/Halifax", Means::part_of_it},
    {"brt", "America/Sao_Paulo"},
    {"argentina", "America/Argentina/Buenos_Aires"},
    {"colombia", "America/Bogota"},
    {"peru", "America/Lima"},
    {"san francisco", "America/Los_Angeles"},
    {"seattle", "America/Los_Angeles"},
    {"boston", "America/New_York"},
    {"montreal", "America/Toronto"},
    {"rio de janeiro", "America/Sao_Paulo"},
    {"london", "Europe/London"},
    {"uk", "Europe/London"},
    {"britain", "Europe/London"},
    {"british", "Europe/London"},
    {"british summer", "Europe/London"},
    {"england", "Europe/London"},
    {"scotland", "Europe/London"},
    {"edinburgh", "Europe/London"},
    {"bst", "Europe/London|Asia/Dhaka|Pacific/Bougainville", Means::part_of_it},
    {"bangladesh", "Asia/Dhaka"},
    {"irish", "Europe/Dublin"},
    {"ireland", "Europe/Dublin"},
    {"ist", "Asia/Kolkata|Asia/Jerusalem|Europe/Dublin", Means::part_of_it},
    {"western european", "Europe/Lisbon"},
    {"cet", "Europe/Brussels", Means::part_of_it},
    {"cest", "Europe/Brussels", Means::part_of_it},
    {"central european", "Europe/Brussels"},
    {"eet", "Europe/Athens", Means::part_of_it},
    {"eest", "Europe/Athens", Means::part_of_it},
    {"eastern european", "Europe/Athens"},
    {"germany", "Europe/Berlin"},
    {"german", "Europe/Berlin"},
    {"munich", "Europe/Berlin"},
    {"hamburg", "Europe/Berlin"},
    {"france", "Europe/Paris"},
    {"french", "Europe/Paris"},
    {"italy", "Europe/Rome"},
    {"milan", "Europe/Rome"},
    {"poland", "Europe/Warsaw"},
    {"polish", "Europe/Warsaw"},
    {"krakow", "Europe/Warsaw"},
    {"barcelona", "Europe/Madrid"},
    {"netherlands", "Europe/Amsterdam"},
    {"belgium", "Europe/Brussels"},
    {"switzerland", "Europe/Zurich"},
    {"geneva", "Europe/Zurich"},
    {"austria", "Europe/Vienna"},
    {"sweden", "Europe/Stockholm"},
    {"norway", "Europe/Oslo"},
    {"denmark", "Europe/Copenhagen"},
    {"finland", "Europe/Helsinki"},
    {"czechia", "Europe/Prague"},
    {"hungary", "Europe/Budapest"},
    {"romania", "Europe/Bucharest"},
    {"greece", "Europe/Athens"},
    {"turkey", "Europe/Istanbul"},
    {"istanbul", "Europe/Istanbul"},
    {"nicosia", "Asia/Nicosia"},
    {"msk", "Europe/Moscow"},
    {"wat", "Africa/Lagos"},
    {"west africa", "Africa/Lagos"},
    {"nigeria", "Africa/Lagos"},
    {"central africa", "Africa/Maputo"},
    {"east africa", "Africa/Nairobi"},
    {"kenya", "Africa/Nairobi"},
    {"sast", "Africa/Johannesburg"},
    {"south africa", "Africa/Johannesburg"},
    {"egypt", "Africa/Cairo"},
    {"israel", "Asia/Jerusalem"},
    {"tel aviv", "Asia/Jerusalem"},
    {"india", "Asia/Kolkata"},
    {"indian", "Asia/Kolkata"},
    {"mumbai", "Asia/Kolkata"},
    {"delhi", "Asia/Kolkata"},
    {"bangalore", "Asia/Kolkata"},
    {"pkt", "Asia/Karachi"},
    {"sgt", "Asia/Singapore"},
    {"hkt", "Asia/Hong_Kong"},
    {"jst", "Asia/Tokyo"},
    {"japan", "Asia/Tokyo"},
    {"kst", "Asia/Seoul"},
    {"korea", "Asia/Seoul"},
    {"aest", "Australia/Sydney|Australia/Brisbane", Means::part_of_it},
    {"nzt", "Pacific/Auckland"},
}};

/// The areas whose names end in places. Others, such as "US/" and "Etc/", end in other words.
constexpr std::array<std::string_view, 10> areas = {"Africa", "America",  "Antarctica", "Arctic",
                                                    "Asia",   "Atlantic", "Australia",  "Europe",
                                                    "Indian", "Pacific"};
/// Ends of old names below Australia/ that are no places to everybody else.
constexpr std::array<std::string_view, 6> no_cities = {"act", "lhi",   "north",
                                                       "nsw", "south", "west"};

std::string_view area_of(std::string_view zone) {
    return zone.substr(0, std::min(zone.find('/'), zone.size()));
}

bool is_in_an_area(std::string_view zone) {
    return zone.contains('/') && std::ranges::find(areas, area_of(zone)) != areas.end();
}

/// As the table writes words.
std::string plain(std::string_view s) {
    std::string words = text::lower_ascii(s);
    std::ranges::replace_if(words, [](char c) { return c == '_' || c == '-'; }, ' ');
    return words;
}

/// Tokens with one space where white space was.
std::string joined(std::span<const Token> tokens) {
    std::string words;
    for (const auto& token : tokens) {
        words += words.empty() || token.glued ? "" : " ";
        words += token.raw;
    }
    return words;
}

ZoneWords in_table(const std::string& words) {
    ZoneWords found;
    for (const auto& entry : table) {
        if (entry.words == words) {
            found.candidates = text::split_list(entry.zones, '|');
            found.half_a_year = entry.means == Means::part_of_it;
        }
    }
    return found;
}

ZoneWords in_names(const std::string& words, std::span<const std::string> zones) {
    const auto lowered = text::lower_ascii(words);
    for (const auto& zone : zones) {
        if (text::lower_ascii(zone) == lowered) {
            return {.candidates = {zone}};
        }
    }
    const bool name_as_written = zones.empty() && words.contains('/') && is_zone_name(words) &&
                                 (is_in_an_area(words) || area_of(words) == "Etc");
    return {.candidates = name_as_written ? std::vector{words} : std::vector<std::string>{}};
}

/// Of two names in one area that end in the same place, the longer is the one of today:
/// America/Argentina/Buenos_Aires, America/Buenos_Aires.
void add_city(std::vector<std::string>& found, const std::string& zone) {
    const auto same_area = std::ranges::find(found, area_of(zone), area_of);
    if (same_area == found.end()) {
        found.push_back(zone);
    } else if (same_area->size() < zone.size()) {
        *same_area = zone;
    }
}

ZoneWords in_cities(const std::string& words, std::span<const std::string> zones) {
    ZoneWords found;
    if (std::ranges::find(no_cities, words) != no_cities.end()) {
        return found;
    }
    for (const auto& zone : zones) {
        if (is_in_an_area(zone) && plain(city_of(zone)) == words) {
            add_city(found.candidates, zone);
        }
    }
    return found;
}

ZoneWords zone_of(std::span<const Token> tokens, std::span<const std::string> zones) {
    const auto written = joined(tokens);
    const auto words = plain(written);
    if (auto found = in_table(words); !found.candidates.empty()) {
        return found;
    }
    if (auto found = in_cities(words, zones); !found.candidates.empty()) {
        return found;
    }
    return in_names(written, zones);
}

} // namespace

std::string city_of(std::string_view zone) {
    std::string city(zone.substr(zone.rfind('/') + 1));
    std::ranges::replace(city, '_', ' ');
    return city;
}

ZoneWords read_zone(std::span<const Token> tokens, std::span<const std::string> zones) {
    constexpr std::size_t most_tokens = 9; // America/Port-au-Prince has 7
    if (tokens.empty() || tokens.front().kind != Token::Kind::word) {
        return {};
    }
    for (std::size_t n = std::min(most_tokens, tokens.size() - 1); n > 0; --n) {
        if (auto found = zone_of(tokens.first(n), zones); !found.candidates.empty()) {
            found.tokens = n;
            return found;
        }
    }
    return {};
}

} // namespace allot::calendar::spoken
