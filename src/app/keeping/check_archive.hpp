/// Reads an archive as a restore or an import would, without a database.
#pragma once

#include "app/keeping/archive.hpp"

#include <string_view>

namespace allot::app::keeping {

/// Errors as `read_archive`, `table_as_archived` and `read_table`; `interrupted`. O(bytes).
[[nodiscard]] Result<void> check_archive(std::string_view bytes);

} // namespace allot::app::keeping
