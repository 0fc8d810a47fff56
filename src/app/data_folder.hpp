/// Where a server keeps its data, and what lies there beside the database.
#pragma once

#include "base/result.hpp"

#include <filesystem>
#include <optional>
#include <string>

namespace allot::app {

/// As the options --data and --store say it; empty: the usual place.
struct Place {
    std::string data;
    std::string store;
};

/// $STATE_DIRECTORY, or allotment in the data folder of this person; not made. Errors: no home.
[[nodiscard]] Result<std::filesystem::path> data_folder(const Place& place);

/// The address of the store. The folder for it is made if need be, for nobody else to read.
[[nodiscard]] Result<std::string> made_store_url(const Place& place);

/// The address of a store that is there. Errors (`invalid`): no such file, and where else to look.
[[nodiscard]] Result<std::string> found_store_url(const Place& place);

/// The file of a store of SQLite; nothing for others.
[[nodiscard]] std::optional<std::filesystem::path> sqlite_file(const std::string& url);

/// erased.log: beside the database of SQLite, else in the data folder.
[[nodiscard]] Result<std::filesystem::path> erased_log_file(const Place& place);

} // namespace allot::app
