#include "platform/store/engine.hpp"

#include <algorithm>
#include <array>
#include <map>

#include <fmt/format.h>
#include <sodium/crypto_generichash.h>
#include <sodium/utils.h>

namespace allot::store {

namespace {

constexpr std::string_view make_table =
    "CREATE TABLE IF NOT EXISTS schema_migration (name TEXT NOT NULL PRIMARY KEY, "
    "checksum TEXT NOT NULL)";
constexpr std::string_view list_done = "SELECT name, checksum FROM schema_migration";
constexpr std::string_view note_done =
    "INSERT INTO schema_migration (name, checksum) VALUES ($1, $2)";
constexpr int tries = 20; ///< another process may be at it

[[nodiscard]] std::string checksum_of(std::string_view sql) {
    std::array<unsigned char, 16> hash{};
    const void* const begin = sql.data();
    crypto_generichash(hash.data(), hash.size(), static_cast<const unsigned char*>(begin),
                       sql.size(), nullptr, 0);
    std::array<char, 2 * hash.size() + 1> hex{};
    sodium_bin2hex(hex.data(), hex.size(), hash.data(), hash.size());
    return hex.data();
}

template <class Body>
[[nodiscard]] Result<void> in_transaction(Connection& connection, Body&& body) {
    for (int left = tries;; --left) {
        Result<void> done = connection.begin(Access::write);
        if (done) {
            done = body();
        }
        if (done) {
            done = connection.commit();
        }
        if (done) {
            return {};
        }
        connection.roll_back();
        const Failure failure = connection.failure();
        if (left == 1 || (failure != Failure::again && failure != Failure::conflict)) {
            return done;
        }
    }
}

using Done = std::map<std::string, std::string, std::less<>>;

[[nodiscard]] Result<Done> already_done(Connection& connection) {
    TRY(const auto answer, connection.execute(list_done, {}));
    Done done;
    for (const Row& row : answer.rows) {
        done.emplace(row.text(0), row.text(1));
    }
    return done;
}

[[nodiscard]] Result<void> run_once(Connection& connection, const Migration& migration) {
    const std::string checksum = checksum_of(migration.sql);
    TRY(const Done done, already_done(connection));
    if (const auto found = done.find(migration.name); found != done.end()) {
        if (found->second != checksum) {
            return fail(ErrorKind::invalid,
                        fmt::format("the migration {} is not what it was when this database was "
                                    "made; use the program that made it, or restore a backup",
                                    migration.name));
        }
        return {};
    }
    // The line first: a second process waits here, and then finds it done.
    const std::array<Bound, 2> line = {migration.name, checksum};
    TRY_DO(connection.execute(note_done, line));
    return connection.execute_script(std::string(migration.sql));
}

} // namespace

Result<void> migrate(Connection& connection, std::span<const Migration> migrations) {
    TRY_DO(in_transaction(connection,
                          [&] { return connection.execute_script(std::string(make_table)); }));
    TRY(const Done before, already_done(connection));
    for (const auto& [name, checksum] : before) {
        if (std::ranges::find(migrations, name, &Migration::name) == migrations.end()) {
            return fail(ErrorKind::invalid,
                        fmt::format("this database was made by a newer program: it has {}", name));
        }
    }
    for (const Migration& migration : migrations) {
        TRY_DO(in_transaction(connection, [&] { return run_once(connection, migration); }));
    }
    return {};
}

} // namespace allot::store
