#include "platform/http/accept.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

namespace allot::http {

namespace {

constexpr std::size_t max_items = 100;
constexpr std::size_t max_languages = 20;

/// One item of a header: "text/html;level=1;q=0.5" is {"text/html", 500}.
struct Weighed {
    std::string value;     ///< lower case
    int weight = 1000;     ///< thousandths
    std::size_t place = 0; ///< in its header
};

/// "1", "0.5", "1.000": thousandths, or nothing.
[[nodiscard]] std::optional<int> read_weight(std::string_view s) {
    if (s.empty() || s.size() > 5 || (s[0] != '0' && s[0] != '1') ||
        (s.size() > 1 && s[1] != '.')) {
        return std::nullopt;
    }
    int weight = s[0] == '1' ? 1000 : 0;
    int unit = 100;
    for (const char c : s.substr(std::min<std::size_t>(2, s.size()))) {
        if (c < '0' || c > '9') {
            return std::nullopt;
        }
        weight += (c - '0') * unit;
        unit /= 10;
    }
    return weight <= 1000 ? std::optional(weight) : std::nullopt;
}

[[nodiscard]] std::optional<Weighed> read_item(std::string_view s) {
    const std::vector<std::string> pieces = text::split_list(s, ';');
    if (pieces.empty() || s.starts_with(';')) {
        return std::nullopt;
    }
    Weighed item{.value = text::lower_ascii(pieces.front())};
    for (std::size_t k = 1; k < pieces.size(); ++k) {
        if (pieces[k].starts_with("q=") || pieces[k].starts_with("Q=")) {
            const auto weight = read_weight(std::string_view(pieces[k]).substr(2));
            if (!weight) {
                return std::nullopt;
            }
            item.weight = *weight;
        }
    }
    return item;
}

[[nodiscard]] std::vector<Weighed> read_items(std::string_view header) {
    std::vector<Weighed> items;
    while (!header.empty() && items.size() < max_items) {
        const std::size_t end = std::min(header.find(','), header.size());
        if (auto item = read_item(text::trim(header.substr(0, end)))) {
            item->place = items.size();
            items.push_back(*std::move(item));
        }
        header.remove_prefix(std::min(end + 1, header.size()));
    }
    return items;
}

[[nodiscard]] const Weighed* find(const std::vector<Weighed>& items, std::string_view value) {
    const auto found = std::ranges::find(items, value, &Weighed::value);
    return found == items.end() ? nullptr : &*found;
}

/// How much a type is wanted: by the most exact range that names it.
struct Wanted {
    int weight = 0;
    int exactness = 0;
    auto operator<=>(const Wanted&) const = default;
};

[[nodiscard]] Wanted wanted(const std::vector<Weighed>& items, std::string_view type,
                            std::string_view range) {
    int exactness = 3;
    for (const std::string_view name : {type, range, std::string_view("*/*")}) {
        if (const Weighed* item = find(items, name)) {
            return {item->weight, exactness};
        }
        --exactness;
    }
    return {};
}

} // namespace

MediaType choose_media_type(std::string_view accept) {
    const auto items = read_items(accept);
    const Wanted html = wanted(items, "text/html", "text/*");
    const Wanted json = wanted(items, "application/json", "application/*");
    return json > html && json.weight > 0 ? MediaType::json : MediaType::html;
}

Coding choose_coding(std::string_view accept_encoding, bool has_gzip, bool has_brotli) {
    const auto items = read_items(accept_encoding);
    const auto weight = [&](std::string_view name, int unsaid) {
        const Weighed* item = find(items, name);
        item = item != nullptr ? item : find(items, "*");
        return item != nullptr ? item->weight : unsaid;
    };
    // Identity is acceptable unless it was excluded, and chosen where it was named and weighs most.
    const Weighed* plain = find(items, "identity");
    int best = plain != nullptr ? plain->weight : 0;
    Coding coding = Coding::identity;
    const auto consider = [&](std::string_view name, Coding candidate, bool exists) {
        if (const int its = weight(name, 0); exists && its > 0 && its >= best) {
            best = its;
            coding = candidate;
        }
    };
    consider("gzip", Coding::gzip, has_gzip);
    consider("br", Coding::brotli, has_brotli);
    return coding;
}

std::vector<std::string> accepted_languages(std::string_view accept_language) {
    auto items = read_items(accept_language);
    std::erase_if(items, [](const Weighed& item) { return item.weight == 0 || item.value == "*"; });
    std::ranges::sort(items, {},
                      [](const Weighed& item) { return std::pair(-item.weight, item.place); });
    items.resize(std::min(items.size(), max_languages));
    std::vector<std::string> languages;
    std::ranges::transform(items, std::back_inserter(languages), &Weighed::value);
    return languages;
}

} // namespace allot::http
