/// Names for addresses that nothing else in a collective has.
#pragma once

#include "base/result.hpp"

#include <functional>
#include <span>
#include <string>
#include <string_view>

namespace allot::pages {

/// "plants-at-night", or "plants-at-night-2" and so on where `is_taken` says so, for things that
/// people name; `otherwise` where nothing of the name goes into an address. `reserved` are pages
/// that stand where such names stand. Errors: `conflict` with the words `full` where a thousand are
/// taken; those of `is_taken`.
[[nodiscard]] Result<std::string>
free_slug(std::string_view name, std::string_view otherwise,
          std::span<const std::string_view> reserved, std::string_view full,
          const std::function<Result<bool>(const std::string&)>& is_taken);

} // namespace allot::pages
