#include "platform/pages/free_slug.hpp"

#include "platform/pages/router.hpp"

#include <algorithm>

namespace allot::pages {

Result<std::string> free_slug(std::string_view name, std::string_view otherwise,
                              std::span<const std::string_view> reserved, std::string_view full,
                              const std::function<Result<bool>(const std::string&)>& is_taken) {
    constexpr std::size_t longest_stem = 36; // leaves room for a number
    constexpr int most = 999;
    std::string stem = slug_of(name);
    stem = slug_of(std::string_view(stem).substr(0, longest_stem)); // and ends with no hyphen
    if (stem.empty()) {
        stem = otherwise;
    }
    for (int number = 1; number <= most; ++number) {
        std::string slug = number == 1 ? stem : stem + "-" + std::to_string(number);
        if (std::ranges::find(reserved, slug) != reserved.end()) {
            continue;
        }
        TRY(const bool taken, is_taken(slug));
        if (!taken) {
            return slug;
        }
    }
    return fail(ErrorKind::conflict, std::string(full));
}

} // namespace allot::pages
