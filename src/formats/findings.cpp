#include "formats/findings.hpp"

#include "base/limits.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace allot::formats {

namespace {

std::string place_of(const Finding& finding) {
    if (finding.line == 0) {
        return "";
    }
    if (finding.column == 0) {
        return fmt::format(":{}", finding.line);
    }
    if (finding.name.empty()) {
        return fmt::format(":{}:{}", finding.line, finding.column);
    }
    return fmt::format(":{}:{}: column \"{}\"", finding.line, finding.column,
                       text::shown(finding.name));
}

} // namespace

Findings::Findings(std::string file_name) : file_name_(std::move(file_name)) {}

void Findings::keep(const Place& place, std::string found, std::string_view expected) {
    const auto behind = std::ranges::upper_bound(kept_, place.line, {}, &Finding::line);
    kept_.insert(behind, {place.line, place.column, std::string(place.name), std::move(found),
                          std::string(expected)});
}

void Findings::add(const Place& place, std::string_view found, std::string_view expected) {
    if (++count_ <= limits::max_errors_shown) {
        keep(place, std::string(found), expected);
    }
}

void Findings::add_value(const Place& place, std::string_view value, std::string_view expected) {
    if (++count_ <= limits::max_errors_shown) {
        keep(place, value.empty() ? "nothing" : fmt::format("\"{}\"", text::shown(value)),
             expected);
    }
}

Error Findings::error() const {
    std::string message;
    for (const Finding& finding : kept_) {
        message += fmt::format("{}{}{}: found {}, expected {}", message.empty() ? "" : "\n",
                               file_name_, place_of(finding), finding.found, finding.expected);
    }
    if (count_ > kept_.size()) {
        message += fmt::format("\nand {} more", count_ - kept_.size());
    }
    return {ErrorKind::invalid, std::move(message)};
}

} // namespace allot::formats
