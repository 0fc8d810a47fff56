/// The practices of a collective as one file, and back: what the rooms bring, joined.
/// docs/starter.md describes the file.
#pragma once

#include "platform/pages/starter.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace allot::app {

inline constexpr std::size_t max_starter_bytes = std::size_t{1} << 20U;

/// The same practices give the same bytes, in whichever collective and on whichever database.
[[nodiscard]] Result<std::string> write_starter(store::Transaction& transaction,
                                                const auth::CollectiveId& collective);

/// Plants all of it, or fails and the transaction is to be given up. Returns what was left out, a
/// line each. Errors (`invalid`): no JSON (line and column), another form, or everything that is
/// wrong in it, a line each.
[[nodiscard]] Result<std::vector<std::string>> plant_starter(std::string_view bytes,
                                                             pages::Planting& planting);

} // namespace allot::app
