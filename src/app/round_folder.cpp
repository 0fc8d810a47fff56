#include "app/round_folder.hpp"

#include "app/files.hpp"
#include "app/hashes.hpp"

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
