#include "app/data_folder.hpp"

#include <cstdlib>
#include <string_view>

#include <fmt/format.h>

namespace allot::app {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view sqlite_scheme = "sqlite:";

/// Where data lives if nobody says: what systemd gives, or the folder of this person's data.
[[nodiscard]] Result<fs::path> usual_data_folder() {
    if (const char* const state = std::getenv("STATE_DIRECTORY")) {
        return state;
    }
    if (const char* const data = std::getenv("XDG_DATA_HOME")) {
        return fs::path(data) / "allotment";
    }
    if (const char* const home = std::getenv("HOME")) {
        return fs::path(home) / ".local" / "share" / "allotment";
    }
    return fail(ErrorKind::invalid, "there is no home folder; say where with --data DIR");
}

[[nodiscard]] Result<void> make_for_owner(const fs::path& folder) {
    std::error_code error;
    if (fs::create_directories(folder, error)) {
        fs::permissions(folder, fs::perms::owner_all, error);
    }
    if (error || !fs::is_directory(folder)) {
        return fail(ErrorKind::io, fmt::format("{} cannot be used as a folder for data: {}",
                                               folder.string(), error.message()));
    }
    return {};
}

[[nodiscard]] Result<std::string> url_in(const Place& place) {
    if (!place.store.empty()) {
        return place.store;
    }
    TRY(const fs::path folder, data_folder(place));
    return std::string(sqlite_scheme) + (folder / "allotment.sqlite").string();
}

} // namespace

Result<fs::path> data_folder(const Place& place) {
    if (!place.data.empty()) {
        return fs::path(place.data);
    }
    return usual_data_folder();
}

Result<std::string> made_store_url(const Place& place) {
    if (place.store.empty()) {
        TRY(const fs::path folder, data_folder(place));
        TRY_DO(make_for_owner(folder));
    }
    return url_in(place);
}

Result<std::string> found_store_url(const Place& place) {
    TRY(std::string url, url_in(place));
    std::error_code error;
    if (const auto file = sqlite_file(url); file && !fs::is_regular_file(*file, error)) {
        return fail(ErrorKind::invalid,
                    fmt::format("{}: found no database; say where it is with --data DIR or "
                                "--store URL",
                                file->string()));
    }
    return url;
}

std::optional<fs::path> sqlite_file(const std::string& url) {
    if (!url.starts_with(sqlite_scheme)) {
        return std::nullopt;
    }
    return fs::path(url.substr(sqlite_scheme.size()));
}

Result<fs::path> erased_log_file(const Place& place) {
    if (const auto file = sqlite_file(place.store)) {
        return file->parent_path() / "erased.log";
    }
    TRY(const fs::path folder, data_folder(place));
    return folder / "erased.log";
}

} // namespace allot::app
