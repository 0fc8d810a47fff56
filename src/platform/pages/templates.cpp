#include "platform/pages/templates.hpp"

#include "base/text.hpp"
#include "platform/pages/escaped.hpp"

#include <map>
#include <mutex>

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>
#include <kainjow/mustache.hpp>

namespace allot::pages {

namespace {

namespace mustache = kainjow::mustache;

/// Between a key and its arguments while a template is filled; no text that people write has it.
constexpr char separator = '\x1f';

/// `[[...]]` as Mustache: words that stand fast as they are, others as a section that asks for
/// them.
[[nodiscard]] Result<std::string> word_of(std::string_view inside, const Catalogue& catalogue) {
    if (inside.find("{{") == std::string_view::npos) {
        if (!catalogue.has(inside)) {
            return fail(ErrorKind::invalid, fmt::format("no words for \"{}\"", inside));
        }
        return escaped(catalogue.say(inside));
    }
    const std::size_t space = inside.find(' ');
    const std::string_view key = inside.substr(0, space);
    if (key.find("{{") == std::string_view::npos && !catalogue.has(key)) {
        return fail(ErrorKind::invalid, fmt::format("no words for \"{}\"", key));
    }
    std::string section = "{{#say}}" + std::string(key);
    if (space != std::string_view::npos) {
        // Arguments are apart by spaces outside of tags: "n={{hosts}} who={{name}}".
        bool in_tag = false;
        for (std::size_t k = space; k < inside.size(); ++k) {
            const std::string_view two = inside.substr(k, 2);
            in_tag = two == "{{" ? true : (two == "}}" ? false : in_tag);
            section += inside[k] == ' ' && !in_tag ? separator : inside[k];
        }
    }
    return section + "{{/say}}";
}

[[nodiscard]] Result<std::string> with_words(std::string_view text, const Catalogue& catalogue) {
    std::string out;
    for (std::size_t at = 0;;) {
        const std::size_t begin = text.find("[[", at);
        out += text.substr(at, begin == std::string_view::npos ? begin : begin - at);
        if (begin == std::string_view::npos) {
            return out;
        }
        const std::size_t end = text.find("]]", begin);
        if (end == std::string_view::npos) {
            return fail(ErrorKind::invalid, "\"[[\" without \"]]\"");
        }
        TRY(const std::string word, word_of(text.substr(begin + 2, end - begin - 2), catalogue));
        out += word;
        at = end + 2;
    }
}

using Texts = std::map<std::string_view, std::string_view>;

/// Sets parts in at once: Mustache would parse them anew on each page.
[[nodiscard]] Result<std::string> with_parts(std::string_view text, const Texts& all, int depth) {
    constexpr int deepest = 8;
    std::string out;
    for (std::size_t at = 0;;) {
        const std::size_t begin = text.find("{{>", at);
        out += text.substr(at, begin == std::string_view::npos ? begin : begin - at);
        if (begin == std::string_view::npos) {
            return out;
        }
        const std::size_t end = text.find("}}", begin);
        if (end == std::string_view::npos || depth == deepest) {
            return fail(ErrorKind::invalid, "a part that does not end");
        }
        const std::string_view name = text::trim(text.substr(begin + 3, end - begin - 3));
        const auto part = all.find(name);
        if (part == all.end()) {
            return fail(ErrorKind::invalid, fmt::format("no part \"{}\"", name));
        }
        TRY(const std::string set, with_parts(part->second, all, depth + 1));
        out += set;
        at = end + 2;
    }
}

/// Moves everything: `set` and `push_back` of Mustache copy, so that what lies deep would be copied
/// once a level, and all of a list each time it grows.
[[nodiscard]] mustache::data data_of(const boost::json::value& value);

void set_members(mustache::data& object, const boost::json::object& members) {
    for (const auto& [name, member] : members) {
        const std::string key(name.data(), name.size());
        object[key] = data_of(member);
        if (member.is_array()) {
            object["has_" + key] = mustache::data(!member.get_array().empty());
        }
    }
}

mustache::data data_of(const boost::json::value& value) {
    using boost::json::kind;
    switch (value.kind()) {
    case kind::object: {
        mustache::data object(mustache::data::type::object);
        set_members(object, value.get_object());
        return object;
    }
    case kind::array: {
        mustache::data list(mustache::data::type::list);
        auto& elements = const_cast<mustache::list&>(list.list_value()); // ours, and not const
        elements.reserve(value.get_array().size());
        for (const auto& element : value.get_array()) {
            elements.push_back(data_of(element));
        }
        return list;
    }
    case kind::string: {
        const auto& text = value.get_string();
        if (text.empty()) {
            return mustache::data(false);
        }
        return mustache::data(std::string(text.data(), text.size()));
    }
    case kind::bool_:
        return mustache::data(value.get_bool());
    case kind::null:
        return mustache::data(false);
    case kind::int64:
    case kind::uint64:
    case kind::double_:
        break;
    }
    return mustache::data(boost::json::serialize(value));
}

/// "circles.hosts\x1fn=2" -> the words. The arguments come out of Mustache escaped; a pattern that
/// takes arguments holds nothing that would have to be (Catalogue::read_all).
[[nodiscard]] std::string filled_words(const std::string& asked, const Catalogue& catalogue) {
    std::vector<std::string_view> parts;
    for (std::string_view rest = asked;;) {
        const std::size_t end = rest.find(separator);
        parts.push_back(rest.substr(0, end));
        if (end == std::string_view::npos) {
            break;
        }
        rest.remove_prefix(end + 1);
    }
    std::vector<Argument> given;
    for (const std::string_view part : std::span(parts).subspan(1)) {
        const std::size_t equals = part.find('=');
        const std::string_view value =
            equals == std::string_view::npos ? std::string_view() : part.substr(equals + 1);
        // A number only where the template says so: people call circles "2027".
        if (const std::string_view name = part.substr(0, equals); name.starts_with('#')) {
            given.emplace_back(name.substr(1), text::parse_int(value).value_or(0));
        } else {
            given.emplace_back(name, value);
        }
    }
    return given.empty() ? escaped(catalogue.say(parts.front()))
                         : catalogue.say(parts.front(), given);
}

} // namespace

struct Templates::Inner {
    /// By name and language, ready to be parsed: Mustache keeps state while it fills, so each
    /// thread parses its own.
    std::map<std::pair<std::string, std::string>, std::string> ready;
};

Templates::Templates(std::unique_ptr<Inner> inner) : inner_(std::move(inner)) {}
Templates::Templates(Templates&&) noexcept = default;
Templates& Templates::operator=(Templates&&) noexcept = default;
Templates::~Templates() = default;

Result<Templates> Templates::read_all(std::span<const TemplateText> texts,
                                      std::span<const Catalogue> catalogues) {
    Texts all;
    for (const auto& [name, text] : texts) {
        if (!all.emplace(name, text).second) {
            return fail(ErrorKind::invalid, fmt::format("two templates are named \"{}\"", name));
        }
    }
    auto inner = std::make_unique<Inner>();
    for (const auto& [name, text] : all) {
        const auto wrong = [&](const Error& error) {
            return fail(error.kind, fmt::format("template \"{}\": {}", name, error.message));
        };
        const auto whole = with_parts(text, all, 0);
        if (!whole) {
            return wrong(whole.error());
        }
        for (const Catalogue& catalogue : catalogues) {
            auto worded = with_words(*whole, catalogue);
            if (!worded) {
                return wrong(worded.error());
            }
            if (const mustache::mustache parsed{*worded}; !parsed.is_valid()) {
                return wrong({ErrorKind::invalid, parsed.error_message()});
            }
            inner->ready.emplace(std::pair(std::string(name), catalogue.language()),
                                 *std::move(worded));
        }
    }
    return Templates(std::move(inner));
}

bool Templates::has(std::string_view name) const {
    const auto first = inner_->ready.lower_bound({std::string(name), ""});
    return first != inner_->ready.end() && first->first.first == name;
}

std::string Templates::render(std::string_view name, const Catalogue& catalogue,
                              std::string_view locale, const boost::json::object& view,
                              const boost::json::object& more) const {
    const auto ready = inner_->ready.find({std::string(name), catalogue.language()});
    ALLOT_CHECK(ready != inner_->ready.end(), "a page names a template that was not read");
    // Keyed by the text itself, so that templates of another server in the same process differ.
    thread_local std::map<const std::string*, std::pair<std::string, mustache::mustache>> parsed;
    auto kept = parsed.find(&ready->second);
    if (kept == parsed.end() || kept->second.first != ready->second) {
        kept = parsed
                   .insert_or_assign(&ready->second,
                                     std::pair(ready->second, mustache::mustache{ready->second}))
                   .first;
    }
    mustache::data data(mustache::data::type::object);
    set_members(data, view);
    set_members(data, more);
    data.set("say", mustache::lambda2([&](const std::string& text, const mustache::renderer& fill) {
                 return filled_words(fill(text), catalogue);
             }));
    data.set("day", mustache::lambda2([&](const std::string& text, const mustache::renderer& fill) {
                 return escaped(catalogue.say_day(fill(text), locale));
             }));
    const auto says = [&](Catalogue::Time how) {
        return mustache::lambda2([&, how](const std::string& text, const mustache::renderer& fill) {
            return escaped(catalogue.say_time(fill(text), how, locale));
        });
    };
    data.set("when", says(Catalogue::Time::day_and_hour));
    data.set("hour", says(Catalogue::Time::hour));
    data.set("weekday", says(Catalogue::Time::weekday));
    mustache::mustache& filled = kept->second.second;
    std::string out = filled.render(data);
    ALLOT_CHECK(filled.error_message().empty(), "a template that could not be filled");
    return out;
}

std::string Templates::render(std::string_view name, const Catalogue& catalogue,
                              std::string_view locale, const boost::json::object& view) const {
    return render(name, catalogue, locale, view, {});
}

} // namespace allot::pages
