#include "platform/store/test_stores.hpp"

#include "platform/store/troubled_engine.hpp"

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <libpq-fe.h>
#include <unistd.h>
#include <utility>

#include <fmt/format.h>

namespace allot::test {

namespace {

/// "postgres:///DATABASE?host=/tmp/..."; empty: there is none.
[[nodiscard]] std::string postgres_pattern() {
    std::string pattern;
    if (const char* const file = std::getenv("ALLOTMENT_TEST_POSTGRES")) {
        std::ifstream in(file);
        std::getline(in, pattern);
        ALLOT_CHECK(!pattern.empty(), "ALLOTMENT_TEST_POSTGRES names a file without an address");
    }
    return pattern;
}

[[nodiscard]] std::string url_of(const std::string& name) {
    std::string url = postgres_pattern();
    return url.replace(url.find("DATABASE"), 8, name);
}

/// On the database that always exists; statements about databases want no transaction.
void on_server(const std::string& sql) {
    PGconn* const link = PQconnectdb(url_of("postgres").c_str());
    PGresult* const answer = PQexec(link, sql.c_str());
    const auto status = PQresultStatus(answer);
    const bool done = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
    PQclear(answer);
    PQfinish(link);
    ALLOT_CHECK(done, "the PostgreSQL of the tests does not answer");
}

[[nodiscard]] std::string unused_name() {
    static std::atomic<int> counter = 0;
    return fmt::format("allotment_test_{}_{}", ::getpid(), counter.fetch_add(1));
}

} // namespace

std::vector<EngineKind> engines() {
    if (postgres_pattern().empty()) {
        return {EngineKind::sqlite};
    }
    return {EngineKind::sqlite, EngineKind::postgres};
}

std::string_view name_of(EngineKind engine) {
    return engine == EngineKind::sqlite ? "SQLite" : "PostgreSQL";
}

FreshDatabase::FreshDatabase(EngineKind engine) : engine_(engine), name_(unused_name()) {
    if (engine_ == EngineKind::postgres) {
        on_server("CREATE DATABASE " + name_);
        url_ = url_of(name_);
        return;
    }
    const auto folder = std::filesystem::temp_directory_path() / name_;
    std::filesystem::create_directories(folder);
    name_ = folder.string();
    url_ = "sqlite:" + (folder / "test.sqlite").string();
}

FreshDatabase::FreshDatabase(FreshDatabase&& other) noexcept
    : engine_(other.engine_), name_(std::exchange(other.name_, {})), url_(std::move(other.url_)) {}

FreshDatabase::~FreshDatabase() {
    if (name_.empty()) {
        return;
    }
    if (engine_ == EngineKind::postgres) {
        on_server("DROP DATABASE " + name_ + " WITH (FORCE)");
    } else {
        std::error_code ignored; // what is left under /tmp harms nobody
        std::filesystem::remove_all(name_, ignored);
    }
}

void FreshDatabase::end_sessions() const {
    if (engine_ == EngineKind::postgres) {
        constexpr int most_milliseconds = 5000;
        on_server(fmt::format("SELECT pg_terminate_backend(pid, {}) FROM pg_stat_activity WHERE "
                              "datname = '{}'",
                              most_milliseconds, name_));
    }
}

FreshStore::FreshStore(EngineKind engine, std::span<const store::Migration> migrations,
                       const Trouble& trouble)
    : database(engine) {
    open_anew(migrations, trouble);
}

void FreshStore::open_anew(std::span<const store::Migration> migrations, const Trouble& trouble) {
    constexpr std::size_t readers = 4;
    auto real = store::engine_of(database.url());
    ALLOT_CHECK(real.has_value(), "the address of a fresh database is one");
    auto opened = store::open_on(troubled(*std::move(real), trouble, in_trouble, line),
                                 {.readers = readers}, migrations);
    ALLOT_CHECK(opened.has_value(), "a fresh database can be opened");
    store = *std::move(opened);
}

} // namespace allot::test
