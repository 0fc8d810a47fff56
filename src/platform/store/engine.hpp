/// What SQLite and PostgreSQL have in common for the store: connections that keep their prepared
/// statements, and how an error is told from a reason to try again. Nobody outside of this folder
/// includes it.
#pragma once

#include "platform/store/store.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace allot::store {

/// How long a transaction waits for a connection; after it, none is tried again.
inline constexpr std::chrono::seconds longest_transaction_wait{10};
/// How long a database elsewhere may take for one statement; then it counts as gone.
inline constexpr std::chrono::seconds longest_statement_wait{10};

/// How a statement or a commit failed.
enum class Failure : std::uint8_t {
    none,
    again,    ///< another change came between: the same from the start may succeed
    conflict, ///< a unique key or a reference
    lost,     ///< the connection is gone: open another
    broken,   ///< full, read-only, or anything else
};

/// One connection; used by one thread at a time.
class Connection {
  public:
    Connection() = default;
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;
    virtual ~Connection() = default;

    /// Prepares once and keeps. After an error `failure` says of which kind it was.
    [[nodiscard]] virtual Result<Answer> execute(std::string_view sql,
                                                 std::span<const Bound> given) = 0;
    /// Several statements without values, none kept: migrations.
    [[nodiscard]] virtual Result<void> execute_script(const std::string& sql) = 0;
    [[nodiscard]] virtual Result<void> begin(Access access) = 0;
    [[nodiscard]] virtual Result<void> commit() = 0;
    /// Where it cannot, `failure` is `lost` from then on.
    virtual void roll_back() noexcept = 0;
    /// Of the last transaction: how the last of its statements that failed did.
    [[nodiscard]] virtual Failure failure() const = 0;
};

/// An engine: how to open a connection, and its few differences.
class Engine {
  public:
    Engine() = default;
    Engine(const Engine&) = delete;
    Engine& operator=(const Engine&) = delete;
    virtual ~Engine() = default;

    [[nodiscard]] virtual Result<std::unique_ptr<Connection>> connect(bool writes) const = 0;
    /// How many may write at the same time.
    [[nodiscard]] virtual std::size_t writers() const = 0;
    [[nodiscard]] virtual std::string name() const = 0;
    /// Takes out of the files what was deleted, where the engine leaves that to us.
    [[nodiscard]] virtual Result<void> drop_traces(Connection& connection) const = 0;
    /// What cannot be mended later: a collation that does not sort by bytes.
    [[nodiscard]] virtual Result<void> check(Connection& connection) const = 0;
};

[[nodiscard]] Result<std::unique_ptr<Engine>> open_sqlite(std::string_view path);
[[nodiscard]] Result<std::unique_ptr<Engine>> open_postgres(const std::string& url);

/// `Store::open` on an engine that is there.
[[nodiscard]] Result<std::unique_ptr<Store>>
open_on(std::unique_ptr<Engine> engine, std::size_t readers, std::span<const Migration> migrations);
/// The engine of that address. Errors: it names none.
[[nodiscard]] Result<std::unique_ptr<Engine>> engine_of(const std::string& url);

/// Runs what has not run yet, each in a transaction of its own with its line in schema_migration.
/// Several processes may do so at the same time.
[[nodiscard]] Result<void> migrate(Connection& connection, std::span<const Migration> migrations);

/// The name of a table in a message of the engine, for people; nothing else of a message is shown,
/// since it may hold values.
[[nodiscard]] Error conflict_error(std::string_view table);

} // namespace allot::store
