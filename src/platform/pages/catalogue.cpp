#include "platform/pages/catalogue.hpp"

#include "base/clock.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <unicode/calendar.h>
#include <unicode/coll.h>
#include <unicode/datefmt.h>
#include <unicode/locid.h>
#include <unicode/msgfmt.h>
#include <unicode/timezone.h>

#include <boost/json/parse.hpp>
#include <fmt/format.h>

namespace allot::pages {

namespace {

constexpr std::string_view source_language = "en";

[[nodiscard]] icu::UnicodeString wide(std::string_view s) {
    return icu::UnicodeString::fromUTF8({s.data(), static_cast<int32_t>(s.size())});
}

[[nodiscard]] std::string narrow(const icu::UnicodeString& s) {
    std::string out;
    s.toUTF8String(out);
    return out;
}

[[nodiscard]] icu::Locale locale_of(const std::string& tag) {
    UErrorCode status = U_ZERO_ERROR;
    const icu::Locale locale = icu::Locale::forLanguageTag(tag, status);
    return U_SUCCESS(status) && !locale.isBogus() ? locale : icu::Locale::getEnglish();
}

[[nodiscard]] std::unique_ptr<const icu::Collator> collator_of(const icu::Locale& locale) {
    UErrorCode status = U_ZERO_ERROR;
    std::unique_ptr<const icu::Collator> collator(icu::Collator::createInstance(locale, status));
    return U_SUCCESS(status) ? std::move(collator) : nullptr;
}

/// A pattern that was understood. Most take no arguments and are kept as text.
struct Message {
    std::string plain;
    std::unique_ptr<icu::MessageFormat> pattern; ///< where it takes arguments
};

using Messages = std::map<std::string, Message, std::less<>>;

[[nodiscard]] Result<Message> read_message(const std::string& language, std::string_view key,
                                           std::string_view pattern) {
    UParseError where = {};
    UErrorCode status = U_ZERO_ERROR;
    auto format =
        std::make_unique<icu::MessageFormat>(wide(pattern), locale_of(language), where, status);
    if (U_FAILURE(status)) {
        return fail(ErrorKind::invalid,
                    fmt::format("{}: the pattern of \"{}\" is wrong at character {}", language, key,
                                where.offset));
    }
    const int32_t count = 0;
    const icu::UnicodeString* const names = nullptr;
    icu::UnicodeString plain;
    UErrorCode unused = U_ZERO_ERROR;
    format->format(names, nullptr, count, plain, unused);
    const bool takes_arguments = pattern.find('{') != std::string_view::npos;
    if (takes_arguments && pattern.find_first_of("<>&\"") != std::string_view::npos) {
        return fail(
            ErrorKind::invalid,
            fmt::format("{}: \"{}\" takes arguments, which are escaped before they come into "
                        "it, so it may not hold < > & or a double quote",
                        language, key));
    }
    return takes_arguments ? Message{{}, std::move(format)} : Message{narrow(plain), nullptr};
}

[[nodiscard]] Result<void> add_list(const WordList& list, Messages& messages) {
    boost::system::error_code error;
    const boost::json::value read = boost::json::parse({list.json.data(), list.json.size()}, error);
    if (error || !read.is_object()) {
        return fail(ErrorKind::invalid, fmt::format("a word list of \"{}\" is no JSON object: {}",
                                                    list.language, error.message()));
    }
    for (const auto& [name, pattern] : read.get_object()) {
        const std::string key(name.data(), name.size());
        if (!pattern.is_string()) {
            return fail(ErrorKind::invalid,
                        fmt::format("{}: \"{}\" is no text", list.language, key));
        }
        const auto& text = pattern.get_string();
        TRY(auto message,
            read_message(std::string(list.language), key, {text.data(), text.size()}));
        if (!messages.emplace(key, std::move(message)).second) {
            return fail(ErrorKind::invalid,
                        fmt::format("{}: \"{}\" stands in two word lists", list.language, key));
        }
    }
    return {};
}

/// U+2066 and U+2069 (UAX 9, section 2.4).
constexpr std::string_view left_to_right_isolate = "\u2066";
constexpr std::string_view pop_isolate = "\u2069";

[[nodiscard]] std::optional<std::string> filled(const icu::MessageFormat& pattern,
                                                std::span<const Argument> given) {
    std::vector<icu::UnicodeString> names;
    std::vector<icu::Formattable> values;
    for (const auto& [name, value] : given) {
        names.push_back(wide(name));
        if (const auto* const number = std::get_if<std::int64_t>(&value)) {
            values.emplace_back(static_cast<int64_t>(*number));
        } else {
            values.emplace_back(wide(std::get<std::string_view>(value)));
        }
    }
    // Formatting is const and yet fills caches of its own: each call works on a copy.
    const std::unique_ptr<icu::MessageFormat> own(pattern.clone());
    icu::UnicodeString words;
    UErrorCode status = U_ZERO_ERROR;
    own->format(names.data(), values.data(), static_cast<int32_t>(names.size()), words, status);
    return U_SUCCESS(status) ? std::optional(narrow(words)) : std::nullopt;
}

/// Slow: ICU looks for the ends of words.
[[nodiscard]] std::string name_of(const icu::Locale& locale) {
    icu::UnicodeString name;
    locale.getDisplayLanguage(locale, name);
    return narrow(name.toTitle(nullptr, locale));
}

/// The region whose dates are asked for, where it has the language of the words.
[[nodiscard]] icu::Locale region_of(const icu::Locale& words, std::string_view locale) {
    if (!locale.empty()) {
        const icu::Locale asked = locale_of(std::string(locale));
        if (std::string_view(asked.getLanguage()) == words.getLanguage()) {
            return asked;
        }
    }
    return words;
}

/// Each costs a millisecond to make, and a page says many times: a thread keeps its own. Null where
/// ICU has none.
[[nodiscard]] const icu::DateFormat* time_format(const icu::Locale& region, Catalogue::Time how) {
    constexpr std::array<std::string_view, 3> skeletons = {"EEEEdMMMMjm", "jm", "EEEEdMMMM"};
    constexpr std::size_t most_kept = 200;
    thread_local std::map<std::pair<std::string, Catalogue::Time>, std::unique_ptr<icu::DateFormat>>
        kept;
    const std::pair key(std::string(region.getName()), how);
    if (const auto known = kept.find(key); known != kept.end()) {
        return known->second.get();
    }
    if (kept.size() >= most_kept) {
        kept.clear();
    }
    UErrorCode status = U_ZERO_ERROR;
    std::unique_ptr<icu::DateFormat> format(icu::DateFormat::createInstanceForSkeleton(
        wide(skeletons.at(static_cast<std::size_t>(how))), region, status));
    if (U_FAILURE(status)) {
        format.reset();
    } else {
        format->setTimeZone(*icu::TimeZone::getGMT());
    }
    return kept.emplace(key, std::move(format)).first->second.get();
}

} // namespace

struct Catalogue::Inner {
    std::string language;
    icu::Locale locale;
    std::unique_ptr<const icu::Collator> collator; ///< null where ICU has no data at all
    std::string own_name;
    std::shared_ptr<const Messages> own;
    std::shared_ptr<const Messages> english;

    struct Found {
        const Message* message = nullptr;
        bool borrowed = false; ///< from English, since this language has no words for it
    };
    [[nodiscard]] Found find(std::string_view key) const {
        if (const auto found = own->find(key); found != own->end()) {
            return {&found->second, false};
        }
        const auto found = english->find(key);
        return found == english->end() ? Found{} : Found{&found->second, true};
    }
};

Catalogue::Catalogue(std::unique_ptr<Inner> inner) : inner_(std::move(inner)) {}
Catalogue::Catalogue(Catalogue&&) noexcept = default;
Catalogue& Catalogue::operator=(Catalogue&&) noexcept = default;
Catalogue::~Catalogue() = default;

Result<std::vector<Catalogue>> Catalogue::read_all(std::span<const WordList> lists) {
    std::map<std::string, std::shared_ptr<Messages>, std::less<>> languages;
    const auto english = languages[std::string(source_language)] = std::make_shared<Messages>();
    for (const WordList& list : lists) {
        auto& messages = languages[std::string(list.language)];
        if (!messages) {
            messages = std::make_shared<Messages>();
        }
        TRY_DO(add_list(list, *messages));
    }
    std::vector<Catalogue> all;
    for (const auto& [language, messages] : languages) {
        for (const auto& [key, message] : *messages) {
            if (!english->contains(key)) {
                return fail(
                    ErrorKind::invalid,
                    fmt::format("{}: \"{}\" is no key of the English words", language, key));
            }
        }
        const icu::Locale locale = locale_of(language);
        all.push_back(Catalogue(std::make_unique<Inner>(
            Inner{language, locale, collator_of(locale), name_of(locale), messages, english})));
    }
    return all;
}

const std::string& Catalogue::language() const {
    return inner_->language;
}

bool Catalogue::right_to_left() const {
    return inner_->locale.isRightToLeft() != 0;
}

const std::string& Catalogue::own_name() const {
    return inner_->own_name;
}

bool Catalogue::has(std::string_view key) const {
    return inner_->find(key).message != nullptr;
}

std::string Catalogue::say(std::string_view key, std::span<const Argument> given) const {
    const auto [message, borrowed] = inner_->find(key);
    if (message == nullptr) {
        return std::string(key);
    }
    std::string words = message->pattern
                            ? filled(*message->pattern, given).value_or(std::string(key))
                            : message->plain;
    // English among words that run from the right keeps its full stop at its own end.
    return borrowed && right_to_left()
               ? fmt::format("{}{}{}", left_to_right_isolate, words, pop_isolate)
               : words;
}

std::string Catalogue::say_day(std::string_view date, std::string_view locale) const {
    const auto parsed = parse_date(date);
    if (!parsed) {
        return std::string(date);
    }
    const icu::Locale region = region_of(inner_->locale, locale);
    const std::unique_ptr<icu::DateFormat> format(
        icu::DateFormat::createDateInstance(icu::DateFormat::kLong, region));
    if (!format) {
        return std::string(date);
    }
    format->setTimeZone(*icu::TimeZone::getGMT());
    const std::chrono::milliseconds since = std::chrono::sys_days(*parsed).time_since_epoch();
    icu::UnicodeString said;
    format->format(static_cast<UDate>(since.count()), said);
    return narrow(said);
}

std::string Catalogue::say_time(std::string_view wall, Time how, std::string_view locale) const {
    const auto moment = parse_instant(std::string(wall) + "Z");
    const icu::DateFormat* const format =
        moment ? time_format(region_of(inner_->locale, locale), how) : nullptr;
    if (format == nullptr) {
        return std::string(wall);
    }
    const std::chrono::milliseconds since = moment->time_since_epoch();
    icu::UnicodeString said;
    format->format(static_cast<UDate>(since.count()), said);
    return narrow(said);
}

std::string Catalogue::sort_key(std::string_view text) const {
    if (!inner_->collator) {
        return std::string(text);
    }
    const icu::UnicodeString all = wide(text);
    std::string key(static_cast<std::size_t>(inner_->collator->getSortKey(all, nullptr, 0)), '\0');
    auto* const bytes = static_cast<uint8_t*>(static_cast<void*>(key.data()));
    inner_->collator->getSortKey(all, bytes, static_cast<int32_t>(key.size()));
    return key;
}

} // namespace allot::pages
