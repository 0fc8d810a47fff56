/// The commands that keep a server, killed in the middle of their work.
#include "tests/cli/program.hpp"

#include <chrono>
#include <csignal>
#include <sys/stat.h>
#include <thread>

#include <doctest/doctest.h>

using namespace allot::tests;

namespace {

/// Waits until the server says that it answers.
void wait_for(const Running& server, std::string_view words) {
    for (int k = 0; k < 600 && server.output().find(words) == std::string::npos; ++k) {
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    REQUIRE(server.output().find(words) != std::string::npos);
}

/// A folder with the database of the demonstration, whose server has ended.
void plant(const Folder& folder) {
    Running server(folder, {"serve", "--data", "data", "--listen", "127.0.0.1:0", "--demo"});
    wait_for(server, "sign-in ");
    server.signal(SIGTERM);
    REQUIRE(server.wait().code == 0);
}

/// Kills a command after ever longer times until it ends by itself; returns how often it was
/// killed. After each kill `look` sees what is there, and says whether it was done all the same.
template <class Look>
int kill_until_done(const Folder& folder, const std::vector<std::string>& words, Look&& look) {
    int kills = 0;
    for (auto pause = std::chrono::microseconds(500);; pause += pause / 3) {
        Running command(folder, words);
        std::this_thread::sleep_for(pause);
        command.signal(SIGKILL);
        const Finished ended = command.wait();
        if (ended.code == 0) {
            return kills;
        }
        REQUIRE(ended.code == -1);
        ++kills;
        if (look()) {
            return kills;
        }
    }
}

} // namespace

TEST_CASE("a server is backed up while it serves, and its file is for its owner alone") {
    const Folder folder;
    Running server(folder, {"serve", "--data", "data", "--listen", "127.0.0.1:0", "--demo"});
    wait_for(server, "sign-in ");
    const Finished backup = run(folder, {"backup", "--data", "data", "--to", "copy.sqlite"});
    CHECK(backup.code == 0);
    CHECK(backup.err.empty());
    CHECK(backup.out.find("written and checked") != std::string::npos);
    struct stat mode = {};
    REQUIRE(::stat(folder.path("copy.sqlite").c_str(), &mode) == 0);
    CHECK((mode.st_mode & 07777U) == 0600);
    CHECK(folder.has("data/erased.log"));
    // Nobody takes the database away from a server that runs.
    const Finished moved = run(
        folder, {"move", "--store", "sqlite:data/allotment.sqlite", "--to", "sqlite:new.sqlite"});
    CHECK(moved.code == 1);
    CHECK(moved.err.find("stop the server") != std::string::npos);
    CHECK(!folder.has("new.sqlite"));
    server.signal(SIGTERM);
    REQUIRE(server.wait().code == 0);
    CHECK(run(folder,
              {"move", "--store", "sqlite:data/allotment.sqlite", "--to", "sqlite:new.sqlite"})
              .code == 0);
}

TEST_CASE("a backup that is killed leaves no file of its name, and the next one works") {
    const Folder folder;
    plant(folder);
    const int kills =
        kill_until_done(folder, {"backup", "--data", "data", "--to", "copy.sqlite"}, [&] {
            // A kill may come after the file got its name: then it is whole.
            if (folder.has("copy.sqlite")) {
                const Folder home;
                CHECK(run(home, {"restore", "--from", folder.path("copy.sqlite"), "--data", "r"})
                          .code == 0);
                std::filesystem::remove(folder.path("copy.sqlite"));
            }
            return false;
        });
    CHECK(kills > 0);
    CHECK(run(folder, {"restore", "--from", "copy.sqlite", "--data", "restored"}).code == 0);
    CHECK(!folder.has(".copy.sqlite.part"));
}

TEST_CASE("a restore that is killed leaves an empty place, and the next one works") {
    const Folder folder;
    plant(folder);
    REQUIRE(run(folder, {"backup", "--data", "data", "--to", "copy.sqlite"}).code == 0);
    const int kills =
        kill_until_done(folder, {"restore", "--from", "copy.sqlite", "--data", "restored"}, [&] {
            if (folder.has("restored/allotment.sqlite")) {
                CHECK(run(folder, {"backup", "--data", "restored", "--to", "again"}).code == 0);
                std::filesystem::remove(folder.path("again"));
                std::filesystem::remove(folder.path("restored/allotment.sqlite"));
            }
            return false;
        });
    CHECK(kills > 0);
    CHECK(run(folder, {"restore", "--from", "copy.sqlite", "--data", "restored"}).code == 2);
    CHECK(run(folder, {"backup", "--data", "restored", "--to", "again.sqlite"}).code == 0);
}

TEST_CASE("an import that is killed brings all or nothing") {
    const Folder folder;
    plant(folder);
    const std::vector<std::string> export_it = {
        "export", "--data", "data", "--collective", "night-garden", "--to", "garden.tar"};
    REQUIRE(run(folder, export_it).code == 0);
    const auto is_there = [&] {
        const Finished exported = run(
            folder, {"export", "--data", "data", "--collective", "second", "--to", "second.tar"});
        CHECK(
            (exported.code == 0 || exported.err.find("found no collective") != std::string::npos));
        std::filesystem::remove(folder.path("second.tar"));
        return exported.code == 0;
    };
    CHECK(kill_until_done(folder,
                          {"import", "--from", "garden.tar", "--data", "data", "--as", "second"},
                          is_there) > 0);
    const Finished again = run(
        folder, {"export", "--data", "data", "--collective", "second", "--to", "second-again.tar"});
    CHECK(again.code == 0);
}

TEST_CASE("a full disk leaves the backup before, and says so") {
    const Folder folder;
    plant(folder);
    const Finished full = run(folder, {"backup", "--data", "data", "--to", "copy.sqlite"},
                              {.most_file_bytes = 40'000});
    CHECK(full.code == 1);
    CHECK(!full.err.empty());
    CHECK(!folder.has("copy.sqlite"));
    CHECK(!folder.has(".copy.sqlite.part"));
    CHECK(run(folder, {"backup", "--data", "data", "--to", "copy.sqlite"}).code == 0);
}

TEST_CASE("doctor tells what is wrong by its exit code, and changes nothing") {
    const Folder folder;
    const Finished nothing = run(folder, {"doctor", "--data", "data"});
    CHECK(nothing.code == 1);
    CHECK(nothing.out.find("wrong folder: data is not there") != std::string::npos);
    CHECK(folder.names().empty());
    plant(folder);
    const Finished planted = run(folder, {"doctor", "--data", "data", "--json"});
    CHECK(planted.code == 0);
    CHECK(planted.out.starts_with("{\"checks\":["));
    CHECK(run(folder, {"doctor", "--data", "data", "--origin", "http://127.0.0.1:1"}).code == 1);
}

TEST_CASE("what cannot be done is said, with what to do") {
    const Folder folder;
    const Finished no_database = run(folder, {"backup", "--data", "nowhere", "--to", "x"});
    CHECK(no_database.code == 2);
    CHECK(no_database.err.find("--data DIR") != std::string::npos);
    CHECK(run(folder, {"restore", "--data", "x"}).code == 2);
    CHECK(run(folder, {"import", "--from", "missing.tar", "--data", "x"}).code == 2);
    CHECK(run(folder, {"move", "--store", "sqlite:a", "--to", "sqlite:a"}).code == 2);
    CHECK(run(folder, {"export", "--data", "x", "--collective", "lab", "--to", "y"}).code == 2);
    CHECK(!folder.has("y"));
}

TEST_CASE("an origin that is none is refused before anything is made") {
    const Folder folder;
    for (const std::string bad :
         {"lab.example", "https://", "https://a b", "https://lab.example/", "https://lab.example?x",
          "https://:443", "https://lab.example:abc", "https://ada@lab.example", "ftp://lab.example",
          "https://[::1"}) {
        CAPTURE(bad);
        const Finished refused = run(folder, {"serve", "--data", "data", "--origin", bad});
        CHECK(refused.code == 2);
        CHECK(refused.err.find("https://lab.example") != std::string::npos);
    }
    CHECK(run(folder, {"doctor", "--data", "data"}).code == 1); // there is no folder yet
}

TEST_CASE("practices go from one server to another by a file, and nobody goes with them") {
    const Folder folder;
    plant(folder);
    CHECK(run(folder, {"starter", "export", "night-garden", "a.json", "--data", "data"}).code == 0);
    const Finished planted =
        run(folder, {"starter", "plant", "a.json", "--data", "other", "--name", "Second garden",
                     "--your-name", "Ada", "--mail", "ada@example.org"});
    CHECK(planted.code == 0);
    CHECK(planted.out.find("sign-in /sign-in/") != std::string::npos);
    CHECK(run(folder, {"starter", "export", "second-garden", "b.json", "--data", "other"}).code ==
          0);
    CHECK(folder.content("a.json") == folder.content("b.json"));

    folder.put("bad.json", "{\"allotment_starter\": 1,\n oops}");
    const Finished bad =
        run(folder, {"starter", "plant", "bad.json", "--data", "other", "--into", "second-garden"});
    CHECK(bad.code == 2);
    CHECK(bad.err.find("bad.json: line 2, column 2") != std::string::npos);
    CHECK(run(folder, {"starter", "export", "nobody", "c.json", "--data", "data"}).code == 2);
    CHECK(!folder.has("c.json"));
}
