#include "app/round_folder.hpp"

#include "app/files.hpp"

#include <filesystem>

namespace allot::app {

namespace {

Result<std::string> text_of(const std::filesystem::path& path) {
    TRY(const auto bytes, read_file(path.string()));
    return std::string(bytes.view());
}

} // namespace

Result<round::Record> read_round_folder(const std::string& folder) {
    const std::filesystem::path path(folder);
    round::RecordFiles files;
    TRY(files.instance_csv, text_of(path / "instance.csv"));
    TRY(files.sides_csv, text_of(path / "sides.csv"));
    TRY(files.pairings_csv, text_of(path / "pairings.csv"));
    if (std::filesystem::exists(path / "round.json")) {
        TRY(files.round_json.emplace(), text_of(path / "round.json"));
    }
    return round::read_record(files);
}

} // namespace allot::app
