#include "app/files.hpp"

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sys/stat.h>

#include <doctest/doctest.h>

using namespace allot;
namespace fs = std::filesystem;

namespace {

/// An empty folder that is removed at the end of its life.
class Folder {
  public:
    Folder() {
        std::string name = (fs::temp_directory_path() / "allotment-files-XXXXXX").string();
        path_ = ::mkdtemp(name.data());
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    Folder(Folder&&) = delete;
    Folder& operator=(Folder&&) = delete;
    ~Folder() { fs::remove_all(path_); }

    [[nodiscard]] std::string operator/(const std::string& name) const {
        return (path_ / name).string();
    }
    [[nodiscard]] std::size_t entries() const {
        return static_cast<std::size_t>(
            std::distance(fs::directory_iterator(path_), fs::directory_iterator()));
    }

  private:
    fs::path path_;
};

void put(const std::string& path, std::string_view content) {
    std::ofstream(path, std::ios::binary) << content;
}

std::string content_of(const std::string& path) {
    const auto bytes = app::read_file(path);
    REQUIRE(bytes);
    return std::string(bytes->view());
}

bool nobody(const std::string&) {
    return false;
}

bool has_round(const std::string& path) {
    return fs::exists(fs::path(path) / "round.json");
}

} // namespace

TEST_CASE("bytes are read whole and aligned for doubles") {
    const Folder folder;
    for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{5'000'001}}) {
        std::string text;
        text.resize(size, 'x');
        put(folder / "f", text);
        const auto bytes = app::read_file(folder / "f");
        REQUIRE(bytes);
        CHECK(bytes->view() == text);
        CHECK(reinterpret_cast<std::uintptr_t>(bytes->view().data()) % 64 == 0);
    }
}

TEST_CASE("a large file is the same when two threads read it") {
    const Folder folder;
    std::string text;
    text.resize(70'000'001);
    for (std::size_t k = 0; k < text.size(); ++k) {
        text[k] = static_cast<char>('a' + (k % 23));
    }
    put(folder / "f", text);
    CHECK(content_of(folder / "f") == text);
}

TEST_CASE("what cannot be read is said with its name") {
    const Folder folder;
    const auto missing = app::read_file(folder / "missing");
    REQUIRE_FALSE(missing);
    CHECK(missing.error().kind == ErrorKind::invalid);
    CHECK(missing.error().message ==
          folder / "missing" + ": cannot read: No such file or directory");
    const auto directory = app::read_file(folder / ".");
    REQUIRE_FALSE(directory);
    CHECK(directory.error().message.ends_with("found a folder, expected a file"));
}

TEST_CASE("a file is replaced whole and keeps its mode") {
    const Folder folder;
    put(folder / "f", "old");
    REQUIRE(::chmod((folder / "f").c_str(), 0640) == 0);
    REQUIRE(app::replace_file(folder / "f", "new"));
    CHECK(content_of(folder / "f") == "new");
    CHECK(fs::status(folder / "f").permissions() == static_cast<fs::perms>(0640));
    CHECK(folder.entries() == 1);
}

TEST_CASE("a pending file that is not committed leaves nothing") {
    const Folder folder;
    put(folder / "f", "old");
    REQUIRE(app::PendingFile::write(folder / "f", "new"));
    CHECK(content_of(folder / "f") == "old");
    CHECK(folder.entries() == 1);
}

TEST_CASE("a link is kept and what it leads to is replaced") {
    const Folder folder;
    put(folder / "f", "old");
    fs::create_symlink("f", folder / "link");
    REQUIRE(app::replace_file(folder / "link", "new"));
    CHECK(fs::is_symlink(folder / "link"));
    CHECK(content_of(folder / "f") == "new");
}

TEST_CASE("a place where no file can be put is refused before the work") {
    const Folder folder;
    put(folder / "f", "");
    CHECK(app::check_output_file(folder / "new"));
    CHECK(app::check_output_file(folder / "f"));
    CHECK_FALSE(app::check_output_file(""));
    CHECK_FALSE(app::check_output_file(folder / "."));
    CHECK_FALSE(app::check_output_file(folder / "missing/new"));
    CHECK_FALSE(app::check_output_file(folder / "f/new"));
    CHECK_FALSE(app::check_output_file("/dev/null"));
}

TEST_CASE("one file under two names is one file") {
    const Folder folder;
    put(folder / "f", "");
    fs::create_symlink("f", folder / "link");
    CHECK(app::is_same_file(folder / "f", folder / "./f"));
    CHECK(app::is_same_file(folder / "f", folder / "link"));
    CHECK(app::is_same_file(folder / "new", folder / "./new"));
    CHECK_FALSE(app::is_same_file(folder / "f", folder / "new"));
    CHECK_FALSE(app::is_same_file(folder / "f", folder / "."));
}

TEST_CASE("a folder is made with its files and folders") {
    const Folder folder;
    REQUIRE(
        app::replace_directory(folder / "out/", {{"a.txt", "1"}, {"letters/b.txt", "2"}}, nobody));
    CHECK(content_of(folder / "out/a.txt") == "1");
    CHECK(content_of(folder / "out/letters/b.txt") == "2");
    CHECK(folder.entries() == 1);
}

TEST_CASE("missing folders above a folder are made, and only if it is written") {
    const Folder folder;
    REQUIRE(app::check_output_folder(folder / "a/b/out", nobody));
    CHECK(folder.entries() == 0);
    CHECK_FALSE(app::replace_directory(folder / "a/b/out", {{"../x", ""}}, nobody));
    CHECK(folder.entries() == 0);
    REQUIRE(app::replace_directory(folder / "a/b/out", {{"f", "1"}}, nobody));
    CHECK(content_of(folder / "a/b/out/f") == "1");
    put(folder / "file", "");
    CHECK_FALSE(app::check_output_folder(folder / "file/out", nobody));
    CHECK_FALSE(app::check_output_folder(folder / "file/b/out", nobody));
}

TEST_CASE("an empty folder and one of ours are replaced, with nothing left of the old") {
    const Folder folder;
    fs::create_directory(folder / "out");
    REQUIRE(app::replace_directory(folder / "out", {{"round.json", "1"}, {"old", ""}}, nobody));
    REQUIRE(app::replace_directory(folder / "out", {{"round.json", "2"}}, has_round));
    CHECK(content_of(folder / "out/round.json") == "2");
    CHECK_FALSE(fs::exists(folder / "out/old"));
    CHECK(folder.entries() == 1);
}

TEST_CASE("a folder of somebody else and a file are never replaced") {
    const Folder folder;
    fs::create_directory(folder / "theirs");
    put(folder / "theirs/thesis.txt", "years of work");
    put(folder / "file", "");
    const auto refused = app::replace_directory(folder / "theirs", {{"round.json", ""}}, has_round);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().kind == ErrorKind::invalid);
    CHECK(content_of(folder / "theirs/thesis.txt") == "years of work");
    CHECK_FALSE(app::replace_directory(folder / "file", {{"round.json", ""}}, has_round));
    CHECK_FALSE(app::replace_directory("/", {{"round.json", ""}}, has_round));
    CHECK(folder.entries() == 2);
}

TEST_CASE("a name that leads out of the folder is refused") {
    const Folder folder;
    CHECK_FALSE(app::replace_directory(folder / "out", {{"../escaped", ""}}, nobody));
    CHECK_FALSE(app::replace_directory(folder / "out", {{"/tmp/escaped", ""}}, nobody));
    CHECK(folder.entries() == 0);
}
