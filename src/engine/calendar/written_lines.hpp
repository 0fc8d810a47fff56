/// For tests: iCalendar text as components and lines, read without any code of the engine.
#pragma once

#include "base/result.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace allot::calendar::testing {

struct WrittenLine {
    std::string name;  ///< with its parameters, as written
    std::string value; ///< as written

    [[nodiscard]] bool is(std::string_view property) const {
        return name == property || name.starts_with(std::string(property) + ";");
    }
};

/// A component.
struct Written {
    std::string name;
    std::vector<WrittenLine> lines;
    std::vector<Written> parts;

    [[nodiscard]] std::vector<WrittenLine> all(std::string_view property) const {
        std::vector<WrittenLine> out;
        for (const WrittenLine& line : lines) {
            if (line.is(property)) {
                out.push_back(line);
            }
        }
        return out;
    }
    [[nodiscard]] bool has(std::string_view property) const { return !all(property).empty(); }
    /// Aborts where there is not exactly one.
    [[nodiscard]] std::string value(std::string_view property) const {
        const auto found = all(property);
        ALLOT_CHECK(found.size() == 1, std::string(property).c_str());
        return found[0].value;
    }
    /// The values of all such lines, cut at commas.
    [[nodiscard]] std::vector<std::string> list(std::string_view property) const {
        std::vector<std::string> out;
        for (const WrittenLine& line : all(property)) {
            std::size_t begin = 0;
            while (begin <= line.value.size()) {
                const std::size_t end = std::min(line.value.find(',', begin), line.value.size());
                out.push_back(line.value.substr(begin, end - begin));
                begin = end + 1;
            }
        }
        return out;
    }
    [[nodiscard]] std::vector<Written> parts_named(std::string_view part) const {
        std::vector<Written> out;
        for (const Written& p : parts) {
            if (p.name == part) {
                out.push_back(p);
            }
        }
        return out;
    }
};

/// The unfolded lines. Aborts on a line without CRLF or of more than 75 octets.
inline std::vector<WrittenLine> unfold(std::string_view text) {
    std::vector<WrittenLine> out;
    while (!text.empty()) {
        const std::size_t end = text.find("\r\n");
        ALLOT_CHECK(end != std::string_view::npos, "each line ends with CRLF");
        const std::string line(text.substr(0, end));
        ALLOT_CHECK(line.size() <= 75, line.c_str());
        ALLOT_CHECK(line.find_first_of("\r\n") == std::string::npos, line.c_str());
        text.remove_prefix(end + 2);
        if (line.starts_with(' ')) {
            out.back().value += line.substr(1);
        } else {
            out.push_back({.name = "", .value = line});
        }
    }
    for (WrittenLine& line : out) {
        const std::size_t colon = line.value.find(':');
        ALLOT_CHECK(colon != std::string::npos, line.value.c_str());
        line.name = line.value.substr(0, colon);
        line.value.erase(0, colon + 1);
    }
    return out;
}

/// The one component that is all of `text`. Aborts where it is not well formed.
inline Written read_written(std::string_view text) {
    std::vector<Written> open{{.name = "all"}};
    for (const WrittenLine& line : unfold(text)) {
        if (line.name == "BEGIN") {
            open.push_back({.name = line.value});
        } else if (line.name == "END") {
            ALLOT_CHECK(open.size() > 1 && open.back().name == line.value, line.value.c_str());
            Written closed = std::move(open.back());
            open.pop_back();
            open.back().parts.push_back(std::move(closed));
        } else {
            open.back().lines.push_back(line);
        }
    }
    ALLOT_CHECK(open.size() == 1 && open[0].parts.size() == 1 && open[0].lines.empty(),
                "one component");
    return std::move(open[0].parts[0]);
}

} // namespace allot::calendar::testing
