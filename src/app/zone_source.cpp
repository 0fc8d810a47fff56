#include "app/zone_source.hpp"

#include "app/files.hpp"

#include <cstdlib>
#include <filesystem>

namespace allot::app {

Result<calendar::Zone> read_zone(std::string_view name) {
    if (!calendar::is_zone_name(name)) {
        return fail(ErrorKind::invalid, "this is not the name of a zone");
    }
    const char* const folder = std::getenv("TZDIR");
    const std::filesystem::path path =
        std::filesystem::path(folder == nullptr ? "/usr/share/zoneinfo" : folder) / name;
    TRY(const auto bytes, read_file(path.string()));
    return calendar::Zone::parse(bytes.view(), std::string(name));
}

} // namespace allot::app
