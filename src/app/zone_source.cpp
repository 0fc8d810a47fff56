#include "app/zone_source.hpp"

#include "app/files.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <unicode/timezone.h>
#include <unicode/unistr.h>

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

std::optional<calendar::Zone> find_zone(std::string_view name) {
    if (auto zone = read_zone(name)) {
        return *std::move(zone);
    }
    UErrorCode status = U_ZERO_ERROR;
    icu::UnicodeString id;
    const auto windows = icu::UnicodeString::fromUTF8(
        icu::StringPiece(name.data(), static_cast<std::int32_t>(std::min<std::size_t>(
                                          name.size(), calendar::max_zone_name_bytes))));
    icu::TimeZone::getIDForWindowsID(windows, nullptr, id, status);
    if (U_FAILURE(status) != 0 || id.isEmpty()) {
        return std::nullopt;
    }
    std::string iana;
    id.toUTF8String(iana);
    auto zone = read_zone(iana);
    return zone ? std::optional(*std::move(zone)) : std::nullopt;
}

} // namespace allot::app
