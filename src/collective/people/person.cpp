#include "collective/people/person.hpp"

#include "base/limits.hpp"
#include "base/text.hpp"

#include <algorithm>

namespace allot::people {

Result<std::string> parse_hours(std::string_view typed) {
    std::string joined(typed);
    std::ranges::replace_if(joined, [](char c) { return c == '\n' || c == ';'; }, '|');
    calendar::Weekly all;
    for (const std::string_view part : text::split_list(joined, '|')) {
        TRY(const calendar::Weekly some, calendar::parse_weekly(part));
        all.windows.insert(all.windows.end(), some.windows.begin(), some.windows.end());
        if (all.windows.size() > limits::max_windows) {
            return fail(ErrorKind::invalid, "too many hours");
        }
    }
    return all.windows.empty() ? std::string() : calendar::format_weekly(all);
}

std::string hours_in_lines(std::string_view hours) {
    std::string lines(hours);
    std::ranges::replace(lines, '|', '\n');
    return lines;
}

} // namespace allot::people
