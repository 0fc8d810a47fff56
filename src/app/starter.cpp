#include "app/starter.hpp"

#include "app/rooms.hpp"
#include "base/limits.hpp"
#include "base/text.hpp"
#include "platform/utf8.hpp"

#include <algorithm>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/stream_parser.hpp>
#include <boost/json/value.hpp>
#include <fmt/format.h>

namespace allot::app {

namespace {

namespace json = boost::json;
using pages::StarterNotes;
using pages::StarterReader;

constexpr std::string_view version_name = "allotment_starter";
constexpr std::int64_t newest_version = 1;

// -- Writing -------------------------------------------------------------------------------------

[[nodiscard]] bool says_nothing(const json::value& value) {
    return value.is_null() || (value.is_string() && value.get_string().empty()) ||
           (value.is_array() && value.get_array().empty()) ||
           (value.is_object() && std::ranges::all_of(value.get_object(), [](const auto& member) {
                return says_nothing(member.value());
            }));
}

void write_value(std::string& text, const json::value& value, std::size_t depth);

/// `parts` in lines of their own between brackets.
void write_lines(std::string& text, std::string_view brackets,
                 const std::vector<std::string>& parts, std::size_t depth) {
    text += brackets.front();
    for (std::size_t k = 0; k < parts.size(); ++k) {
        text += k == 0 ? "\n" : ",\n";
        text += std::string(2 * (depth + 1), ' ') + parts[k];
    }
    text += "\n" + std::string(2 * depth, ' ') + brackets.back();
}

void write_object(std::string& text, const json::object& object, std::size_t depth) {
    std::vector<std::string> parts;
    for (const auto& member : object) {
        if (!says_nothing(member.value())) {
            std::string part = json::serialize(json::value(json::string(member.key()))) + ": ";
            write_value(part, member.value(), depth + 1);
            parts.push_back(std::move(part));
        }
    }
    write_lines(text, "{}", parts, depth);
}

/// For people: two spaces a level, a line for each member; without what is empty.
void write_value(std::string& text, const json::value& value, std::size_t depth) {
    if (const json::object* const object = value.if_object()) {
        write_object(text, *object, depth);
    } else if (const json::array* const array = value.if_array()) {
        std::vector<std::string> parts(array->size());
        for (std::size_t k = 0; k < parts.size(); ++k) {
            write_value(parts[k], array->at(k), depth + 1);
        }
        write_lines(text, "[]", parts, depth);
    } else {
        text += json::serialize(value);
    }
}

// -- Reading -------------------------------------------------------------------------------------

[[nodiscard]] std::string place_in(std::string_view text, std::size_t at) {
    const std::string_view before = text.substr(0, at);
    const auto line = 1 + std::ranges::count(before, '\n');
    const std::size_t line_end = before.rfind('\n');
    const std::size_t begin = line_end == std::string_view::npos ? 0 : line_end + 1;
    return fmt::format("line {}, column {}", line, before.size() - begin + 1);
}

/// What people call it, for the mistakes that come from an editor.
[[nodiscard]] std::string_view words_about(const boost::system::error_code& error) {
    if (error == json::error::incomplete) {
        return "the text ends too early";
    }
    if (error == json::error::extra_data) {
        return "there is something after the end";
    }
    if (error == json::error::too_deep) {
        return "too many brackets inside each other";
    }
    return "this is no JSON";
}

[[nodiscard]] Result<json::value> parse(std::string_view bytes) {
    if (bytes.size() > max_starter_bytes) {
        return fail(ErrorKind::invalid, fmt::format("it has {} bytes; a starter has at most {}",
                                                    bytes.size(), max_starter_bytes));
    }
    json::stream_parser parser;
    boost::system::error_code error;
    const std::size_t read = parser.write_some(bytes.data(), bytes.size(), error);
    if (!error && read != bytes.size()) {
        error = json::error::extra_data;
    } else if (!error) {
        parser.finish(error);
    }
    if (error) {
        return fail(ErrorKind::invalid,
                    fmt::format("{}: {}", place_in(bytes, read), words_about(error)));
    }
    return parser.release();
}

[[nodiscard]] Result<void> check_version(const json::object& starter) {
    const json::value* const found =
        starter.if_contains({version_name.data(), version_name.size()});
    if (found == nullptr) {
        return fail(ErrorKind::invalid,
                    fmt::format("this is no starter: it has no \"{}\"", version_name));
    }
    const std::int64_t* const version = found->if_int64();
    if (version == nullptr || *version != newest_version) {
        return fail(ErrorKind::invalid,
                    fmt::format("\"{}\" is {}, and this program reads {}; use a newer program",
                                version_name, text::shown(json::serialize(*found)),
                                newest_version));
    }
    return {};
}

/// A line each, at most `limits::max_errors_shown`.
[[nodiscard]] std::vector<std::string> shown_lines(std::vector<std::string> lines) {
    if (lines.size() > limits::max_errors_shown) {
        const std::size_t more = lines.size() - limits::max_errors_shown;
        lines.resize(limits::max_errors_shown);
        lines.push_back(fmt::format("and {} more", more));
    }
    return lines;
}

} // namespace

Result<std::string> write_starter(store::Transaction& transaction,
                                  const auth::CollectiveId& collective) {
    json::object starter;
    starter[{version_name.data(), version_name.size()}] = newest_version;
    for (const pages::Room& room : rooms()) {
        if (room.starter.write == nullptr) {
            continue;
        }
        TRY(const pages::View part, room.starter.write(transaction, collective));
        for (const auto& member : *part.json()) {
            ALLOT_CHECK(!starter.contains(member.key()), "two rooms have one member of a starter");
            starter[member.key()] = member.value();
        }
    }
    std::string text;
    write_object(text, starter, 0);
    return text + "\n";
}

Result<std::vector<std::string>> plant_starter(std::string_view bytes, pages::Planting& planting) {
    TRY(const json::value value, parse(bytes));
    if (!value.is_object()) {
        return fail(ErrorKind::invalid, "this is no starter: expected one object of JSON");
    }
    const json::object& starter = value.get_object();
    TRY_DO(check_version(starter));
    StarterNotes notes;
    StarterReader reader(starter, "", notes);
    reader.know(version_name);
    for (const pages::Room& room : rooms()) {
        if (room.starter.plant != nullptr) {
            TRY_DO(room.starter.plant(planting, reader));
        }
    }
    if (!reader.good()) {
        return fail(ErrorKind::invalid,
                    fmt::format("{}", fmt::join(shown_lines(notes.problems), "\n")));
    }
    reader.leave_out_the_rest();
    return shown_lines(std::move(notes.left_out));
}

} // namespace allot::app
