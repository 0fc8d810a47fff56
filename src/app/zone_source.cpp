#include "app/zone_source.hpp"

#include "app/files.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <unicode/timezone.h>
#include <unicode/unistr.h>

namespace allot::app {

namespace {

[[nodiscard]] std::filesystem::path zone_folder() {
    const char* const folder = std::getenv("TZDIR");
    return folder == nullptr ? "/usr/share/zoneinfo" : folder;
}

/// The names in zone.tab: lines of country, place, name and perhaps a comment, apart by tabs.
[[nodiscard]] std::vector<std::string> names_in_table(std::string_view table) {
    constexpr std::size_t name_column = 2;
    std::vector<std::string> names = {"UTC"};
    for (const std::string& line : text::split_list(table, '\n')) {
        const auto columns = text::split_list(line, '\t');
        if (!line.starts_with('#') && columns.size() > name_column) {
            names.push_back(columns[name_column]);
        }
    }
    std::ranges::sort(names);
    return names;
}

} // namespace

Result<std::string> zone_bytes(std::string_view name) {
    if (!calendar::is_zone_name(name)) {
        return fail(ErrorKind::invalid, "this is not the name of a zone");
    }
    TRY(const auto bytes, read_file((zone_folder() / name).string()));
    return std::string(bytes.view());
}

Result<calendar::Zone> read_zone(std::string_view name) {
    TRY(const std::string bytes, zone_bytes(name));
    return calendar::Zone::parse(bytes, std::string(name));
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

std::optional<std::string> zone_version() {
    // The first line of tzdata.zi is "# version 2026a".
    constexpr std::string_view before = "# version ";
    const auto file = read_file((zone_folder() / "tzdata.zi").string());
    if (!file || !file->view().starts_with(before)) {
        return std::nullopt;
    }
    const std::string_view rest = file->view().substr(before.size());
    return std::string(rest.substr(0, std::min<std::size_t>(rest.find('\n'), 10)));
}

ZoneFolder::ZoneFolder() {
    if (const auto table = read_file((zone_folder() / "zone.tab").string())) {
        names_ = names_in_table(table->view());
    }
}

Result<std::string> ZoneFolder::bytes(std::string_view name) const {
    return zone_bytes(name);
}

bool ZoneFolder::has(std::string_view name) const {
    // Folders of tzdata hold the zone of this machine and copies, which are nobody's city.
    const bool is_copy = name == "localtime" || name == "posixrules" ||
                         name.starts_with("posix/") || name.starts_with("right/");
    return std::ranges::binary_search(names_, name) || (!is_copy && read_zone(name).has_value());
}

} // namespace allot::app
