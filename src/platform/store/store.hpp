/// The database: SQLite in a file, or PostgreSQL. Rooms see transactions and statements; which
/// engine it is stays in this folder.
#pragma once

#include "platform/store/statement.hpp"

#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>

namespace allot::store {

/// How far something long has come; an error of it ends the work with that error.
using Progress = std::function<Result<void>(std::int64_t done, std::int64_t total)>;

/// Statements that happen together, or not at all. Lives only inside `Store::read` or
/// `Store::write`; one thread.
///
/// Errors of statements: `conflict` (a unique key or a reference is broken: the message names the
/// table, never a value), `unavailable` (the database is busy, full, read-only or gone). After an
/// error the transaction can only be given up: return it.
class Transaction {
  public:
    Transaction() = default;
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;
    virtual ~Transaction() = default;

    /// All rows of an answer, at most `limits::max_rows`.
    [[nodiscard]] Result<Rows> rows(Statement statement, std::initializer_list<Bound> given = {});
    /// The only row, if there is one.
    [[nodiscard]] Result<std::optional<Row>> row(Statement statement,
                                                 std::initializer_list<Bound> given = {});
    /// How many rows it changed.
    Result<std::int64_t> run(Statement statement, std::initializer_list<Bound> given = {});
    /// The same two where the number of values is known late.
    [[nodiscard]] Result<Rows> rows(Statement statement, std::span<const Bound> given);
    Result<std::int64_t> run(Statement statement, std::span<const Bound> given);

    /// Writes what this transaction sees as a database of its own to `path`, where there must be
    /// nothing or an empty file. SQLite only; others go on to read and write meanwhile. `told`
    /// hears of the pages that are done, and may end it by an error.
    [[nodiscard]] virtual Result<void> copy_to(const std::string& path, const Progress& told) = 0;

  protected:
    virtual Result<Answer> execute(std::string_view sql, std::span<const Bound> given) = 0;
};

/// What a transaction is for.
enum class Access : std::uint8_t { read, write, claim };

/// One change that takes rows of a queue for one of several processes, in the words of each kind of
/// engine.
struct Claim {
    Statement alone;        ///< where one writes at a time: SQLite
    Statement among_others; ///< where several do: rows that others hold are passed over
};

/// What a room brings to the database: run once each, in the order of their names.
struct Migration {
    std::string_view name; ///< "0001_ground": numbers are unique in the house
    std::string_view sql;  ///< several statements, for both engines
};

/// What the database remembers of the text of a migration.
[[nodiscard]] std::string checksum_of(const Migration& migration);

struct StoreOptions {
    /// "sqlite:/var/lib/allotment/allotment.sqlite", or a URL of PostgreSQL as libpq reads it
    /// ("postgres://allotment@db/allotment").
    std::string url;
    std::size_t readers = 4; ///< connections that read at the same time
    /// Opens what is there and runs no migration: for whoever looks at a database, or copies it.
    /// Then a database that is not there is an error; so is one of an older or newer program,
    /// unless no migrations are given.
    bool as_it_is = false;
};

/// What a store has done since it was opened.
struct StoreCounts {
    std::int64_t reads = 0;
    std::int64_t writes = 0;
    std::int64_t writes_again = 0;    ///< tries after the first
    std::int64_t writes_given_up = 0; ///< after `limits::max_write_tries`, or as the database broke
};

/// Life cycle: opened once by the program; any thread may call `read` and `write`.
class Store {
  public:
    /// Errors: no such folder, no database, a database of a newer program, a migration whose text
    /// has changed since it ran (names it), a collation that does not sort by bytes.
    [[nodiscard]] static Result<std::unique_ptr<Store>> open(const StoreOptions& options,
                                                             std::span<const Migration> migrations);

    Store() = default;
    Store(const Store&) = delete;
    Store& operator=(const Store&) = delete;
    virtual ~Store() = default;

    /// Calls `look(transaction)`, which returns a `Result`, on one snapshot that does not change.
    template <class Look>
    [[nodiscard]] auto read(Look&& look) -> std::invoke_result_t<Look&, Transaction&> {
        return in_transaction<std::invoke_result_t<Look&, Transaction&>>(Access::read, look);
    }

    /// Calls `change(transaction)`, which returns a `Result`; a success is committed before this
    /// returns, on disk. SERIALIZABLE: where another change came between, `change` runs again, from
    /// the start and with other rows, so it must have no effect but through its transaction. After
    /// `limits::max_write_tries`, or where that takes longer than ten seconds:
    /// `unavailable`. So it is where the connection is lost while it commits: then nobody knows
    /// whether it has happened, and the key of a command tells whoever asks again.
    template <class Change>
    [[nodiscard]] auto write(Change&& change) -> std::invoke_result_t<Change&, Transaction&> {
        auto outcome =
            in_transaction<std::invoke_result_t<Change&, Transaction&>>(Access::write, change);
        if (outcome && after_write_) {
            after_write_();
        }
        return outcome;
    }

    /// Takes rows that no other process takes at the same time, and gives back what the statement
    /// returns, in no order. READ COMMITTED, since rows that are held are passed over: under
    /// SERIALIZABLE whoever comes second would have to begin again.
    [[nodiscard]] Result<Rows> claim(const Claim& statement, std::initializer_list<Bound> given);

    /// Calls `call` after each change of this process that was committed, on its thread: it must be
    /// short and not use the store. Set before other threads use the store.
    void after_write(std::function<void()> call) { after_write_ = std::move(call); }

    /// Whether it answers a trivial statement just now, for /readyz; and, where the last change was
    /// not taken (the disk is full, say), whether it takes one that leaves nothing behind.
    [[nodiscard]] virtual Result<void> ping() = 0;
    /// Takes what was deleted or written over out of the files too, as far as it can: of SQLite's
    /// log. What PostgreSQL keeps is its administrator's business. After an erasure.
    [[nodiscard]] virtual Result<void> drop_traces() = 0;
    /// "SQLite 3.40.1" or "PostgreSQL 15.20", for people.
    [[nodiscard]] virtual std::string engine() const = 0;
    [[nodiscard]] virtual bool is_sqlite() const = 0;
    [[nodiscard]] virtual StoreCounts counts() const = 0;
    /// Grows with each change of this process before whoever made it hears that it is done, and
    /// with some that came to nothing: as long as it stays, what was read holds but for others.
    [[nodiscard]] virtual std::int64_t changes() const = 0;
    /// Makes sure that no other process has the database open. On SQLite none can open it as long
    /// as this store lives; on PostgreSQL it is asked once. Errors: `conflict`.
    [[nodiscard]] virtual Result<void> be_alone() = 0;

  protected:
    using Body = std::function<Result<void>(Transaction&)>;
    virtual Result<void> run(Access access, const Body& body) = 0;
    /// Whether several connections may write at the same time.
    [[nodiscard]] virtual bool has_many_writers() const = 0;

  private:
    template <class R, class F>
    R in_transaction(Access access, F& body) {
        std::optional<R> outcome;
        const Result<void> ended = run(access, [&](Transaction& transaction) -> Result<void> {
            outcome.emplace(body(transaction));
            if (!*outcome) {
                return std::unexpected(outcome->error());
            }
            return {};
        });
        if (!ended) {
            return std::unexpected(ended.error());
        }
        return *std::move(outcome);
    }

    std::function<void()> after_write_;
};

} // namespace allot::store
