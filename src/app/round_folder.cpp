#include "app/round_folder.hpp"

#include "app/files.hpp"
#include "app/hashes.hpp"

#include <algorithm>
#include <array>
#include <filesystem>

#include <fmt/format.h>

namespace allot::app {

namespace {

Result<std::string> text_of(const std::filesystem::path& path) {
    TRY(const auto bytes, read_file(path.string()));
    return std::string(bytes.view());
}

/// What `verify` and `why` need to find.
Result<void> check_is_round(const std::filesystem::path& path) {
    namespace fs = std::filesystem;
    std::error_code error;
    if (!fs::is_directory(path, error)) {
        return fail(ErrorKind::invalid,
                    fmt::format("{}: found {}, expected the folder that \"allotment round --out\" "
                                "wrote",
                                path.string(), fs::exists(path, error) ? "a file" : "nothing"));
    }
    const auto is_there = [&](const char* name) { return fs::exists(path / name, error); };
    if (std::ranges::none_of(std::array{"instance.csv", "sides.csv", "pairings.csv"}, is_there)) {
        return fail(ErrorKind::invalid,
                    fmt::format("{}: found no round in this folder, expected one that \"allotment "
                                "round --out\" wrote, with instance.csv, sides.csv and "
                                "pairings.csv",
                                path.string()));
    }
    return {};
}

} // namespace

Result<round::Record> read_round_folder(const std::string& folder) {
    const std::filesystem::path path(folder);
    TRY_DO(check_is_round(path));
    round::RecordFiles files;
    TRY(files.instance_csv, text_of(path / "instance.csv"));
    TRY(files.sides_csv, text_of(path / "sides.csv"));
    TRY(files.pairings_csv, text_of(path / "pairings.csv"));
    for (const auto& [name, text] :
         {std::pair("round.json", &files.round_json), std::pair("groups.csv", &files.groups_csv),
          std::pair("marginals.csv", &files.marginals_csv)}) {
        if (std::filesystem::exists(path / name)) {
            TRY(text->emplace(), text_of(path / name));
        }
    }
    return round::read_record(files, sha256_hex);
}

} // namespace allot::app
