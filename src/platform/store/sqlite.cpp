/// SQLite, embedded: one connection writes, several read, all on one file in WAL mode.
#include "base/limits.hpp"
#include "platform/store/engine.hpp"

#include <chrono>
#include <fcntl.h>
#include <mutex>
#include <optional>
#include <sqlite3.h>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>
#include <unordered_map>

#include <fmt/format.h>

namespace allot::store {

namespace {

constexpr int busy_milliseconds = 5000;

struct Close {
    void operator()(sqlite3* db) const { sqlite3_close_v2(db); }
};
struct Finalize {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Database = std::unique_ptr<sqlite3, Close>;
using Prepared = std::unique_ptr<sqlite3_stmt, Finalize>;

/// Lets a kept statement go at the end of its use: one that stays open holds an old snapshot, so
/// that checkpoints stall and the next BEGIN IMMEDIATE fails.
struct Reset {
    void operator()(sqlite3_stmt* statement) const {
        sqlite3_reset(statement);
        sqlite3_clear_bindings(statement);
    }
};
using Running = std::unique_ptr<sqlite3_stmt, Reset>;

[[nodiscard]] Error not_in_place() {
    return {ErrorKind::unavailable,
            "the file of the database was moved, deleted or replaced while the server ran; put it "
            "back, or stop the server, put the other file in its place and start again"};
}

[[nodiscard]] int bind(sqlite3_stmt* statement, int place, const Value& value) {
    struct Bind {
        sqlite3_stmt* statement;
        int place;
        int operator()(std::monostate) const { return sqlite3_bind_null(statement, place); }
        int operator()(std::int64_t n) const { return sqlite3_bind_int64(statement, place, n); }
        int operator()(double x) const { return sqlite3_bind_double(statement, place, x); }
        int operator()(const std::string& text) const {
            return sqlite3_bind_text64(statement, place, text.data(), text.size(), SQLITE_STATIC,
                                       SQLITE_UTF8);
        }
    };
    return std::visit(Bind{statement, place}, value);
}

[[nodiscard]] Value column_of(sqlite3_stmt* statement, int column) {
    switch (sqlite3_column_type(statement, column)) {
    case SQLITE_INTEGER:
        return std::int64_t{sqlite3_column_int64(statement, column)};
    case SQLITE_FLOAT:
        return sqlite3_column_double(statement, column);
    case SQLITE_NULL:
        return std::monostate();
    default:
        break;
    }
    const void* const text = sqlite3_column_text(statement, column);
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement, column));
    return std::string(static_cast<const char*>(text), size);
}

[[nodiscard]] Row row_of(sqlite3_stmt* statement) {
    // Not column_count: that is stale where a migration has changed a table since it was prepared.
    const int count = sqlite3_data_count(statement);
    std::vector<Value> columns;
    columns.reserve(static_cast<std::size_t>(count));
    for (int column = 0; column < count; ++column) {
        columns.push_back(column_of(statement, column));
    }
    return Row(std::move(columns));
}

class SqliteConnection final : public Connection {
  public:
    explicit SqliteConnection(Database db) : db_(std::move(db)) {}

    Result<Answer> execute(std::string_view sql, std::span<const Bound> given) override {
        TRY(sqlite3_stmt* const kept, prepared(sql));
        const Running statement(kept);
        TRY_DO(bind_all(kept, given));
        Answer answer;
        int code = sqlite3_step(kept);
        for (; code == SQLITE_ROW; code = sqlite3_step(kept)) {
            if (answer.rows.size() == limits::max_rows) {
                failure_ = Failure::broken;
                return fail(ErrorKind::unavailable, "an answer of the database has too many rows");
            }
            answer.rows.push_back(row_of(kept));
        }
        if (code != SQLITE_DONE) {
            return failed(code);
        }
        answer.changed = sqlite3_stmt_readonly(kept) != 0 ? 0 : sqlite3_changes64(db_.get());
        return answer;
    }

    Result<void> execute_script(const std::string& sql) override {
        const int code = sqlite3_exec(db_.get(), sql.c_str(), nullptr, nullptr, nullptr);
        if (code != SQLITE_OK) {
            return failed(code);
        }
        return {};
    }

    Result<void> begin(Access access) override {
        failure_ = Failure::none;
        TRY_DO(still_in_place());
        return without_rows(access == Access::read ? "BEGIN DEFERRED" : "BEGIN IMMEDIATE");
    }
    Result<void> commit() override { return without_rows("COMMIT"); }
    void roll_back() noexcept override {
        // SQLite has rolled back by itself after some errors.
        if (sqlite3_get_autocommit(db_.get()) == 0 &&
            sqlite3_exec(db_.get(), "ROLLBACK", nullptr, nullptr, nullptr) != SQLITE_OK) {
            failure_ = Failure::lost;
        }
    }
    Failure failure() const override { return failure_; }

  private:
    /// On a file that was deleted or moved away, SQLite would go on: what it accepts would be gone
    /// with the process. One look at the folder for each transaction. Where the file comes back,
    /// it goes on.
    Result<void> still_in_place() {
        int moved = 0;
        if (sqlite3_file_control(db_.get(), "main", SQLITE_FCNTL_HAS_MOVED, &moved) == SQLITE_OK &&
            moved != 0) {
            failure_ = Failure::broken;
            return std::unexpected(not_in_place());
        }
        return {};
    }

    Result<void> without_rows(std::string_view sql) {
        TRY_DO(execute(sql, {}));
        return {};
    }

    Result<sqlite3_stmt*> prepared(std::string_view sql) {
        if (const auto found = kept_.find(sql.data()); found != kept_.end()) {
            return found->second.get();
        }
        sqlite3_stmt* raw = nullptr;
        const int code = sqlite3_prepare_v3(db_.get(), sql.data(), static_cast<int>(sql.size()),
                                            SQLITE_PREPARE_PERSISTENT, &raw, nullptr);
        Prepared statement(raw);
        if (code != SQLITE_OK) {
            return failed(code);
        }
        return kept_.emplace(sql.data(), std::move(statement)).first->second.get();
    }

    Result<void> bind_all(sqlite3_stmt* statement, std::span<const Bound> given) {
        // "$1" is a name for SQLite; names are numbered as they come, not as they are called.
        for (std::size_t k = 0; k < given.size(); ++k) {
            const int place =
                sqlite3_bind_parameter_index(statement, fmt::format("${}", k + 1).c_str());
            ALLOT_CHECK(place != 0, "a statement is given more than it takes");
            if (const int code = bind(statement, place, given[k].value()); code != SQLITE_OK) {
                return failed(code);
            }
        }
        ALLOT_CHECK(std::size_t(sqlite3_bind_parameter_count(statement)) == given.size(),
                    "a statement is given less than it takes");
        return {};
    }

    std::unexpected<Error> failed(int code) {
        switch (code & 0xff) {
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
            failure_ = Failure::again;
            return fail(ErrorKind::unavailable, "the database is busy");
        case SQLITE_CONSTRAINT:
            failure_ = Failure::conflict;
            return std::unexpected(conflict_error(table_of(sqlite3_errmsg(db_.get()))));
        case SQLITE_READONLY:
            failure_ = Failure::broken;
            return fail(ErrorKind::unavailable,
                        fmt::format("{} cannot be written: the file or its folder is read-only",
                                    sqlite3_db_filename(db_.get(), "main")));
        default:
            failure_ = Failure::broken;
            return fail(ErrorKind::unavailable,
                        fmt::format("the database does not answer: {}", sqlite3_errstr(code)));
        }
    }

    /// "UNIQUE constraint failed: person.mail" -> "person".
    [[nodiscard]] static std::string table_of(std::string_view message) {
        const std::size_t colon = message.find(": ");
        const std::string_view columns =
            colon == std::string_view::npos ? std::string_view() : message.substr(colon + 2);
        return std::string(columns.substr(0, columns.find('.')));
    }

    Database db_;
    /// By the address of its text, which is a literal of the program.
    std::unordered_map<const char*, Prepared> kept_;
    Failure failure_ = Failure::none;
};

/// Which file it is, whatever its name.
struct FileId {
    dev_t device = 0;
    ino_t number = 0;
    friend bool operator==(const FileId&, const FileId&) = default;
};

[[nodiscard]] std::optional<FileId> file_at(const std::string& path) {
    struct stat found = {};
    if (::stat(path.c_str(), &found) != 0) {
        return std::nullopt;
    }
    return FileId{found.st_dev, found.st_ino};
}

/// Where a file becomes WAL, SQLite does not wait for others as it does elsewhere, and several
/// processes may start at once.
[[nodiscard]] Result<void> use_wal(Connection& connection) {
    constexpr int tries = 250;
    constexpr std::chrono::milliseconds pause(20);
    Result<void> done = connection.execute_script("PRAGMA journal_mode = WAL;");
    for (int left = tries; !done && connection.failure() == Failure::again && left > 0; --left) {
        std::this_thread::sleep_for(pause);
        done = connection.execute_script("PRAGMA journal_mode = WAL;");
    }
    return done;
}

class SqliteEngine final : public Engine {
  public:
    explicit SqliteEngine(std::string path) : path_(std::move(path)) {}

    [[nodiscard]] Result<std::unique_ptr<Connection>> connect(bool /*writes*/) const override {
        const std::lock_guard lock(mutex_);
        sqlite3* raw = nullptr;
        if (!file_) {
            keep_private();
        }
        const int flags =
            SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE |
            (file_ ? 0 : SQLITE_OPEN_CREATE); // only once: a file that is gone is not begun anew
        const int code = sqlite3_open_v2(path_.c_str(), &raw, flags, nullptr);
        Database db(raw);
        if (code != SQLITE_OK) {
            return fail(ErrorKind::unavailable,
                        fmt::format("{} cannot be opened: {}", path_, sqlite3_errstr(code)));
        }
        TRY_DO(is_the_same());
        sqlite3_busy_timeout(db.get(), busy_milliseconds);
        auto connection = std::make_unique<SqliteConnection>(std::move(db));
        TRY_DO(use_wal(*connection));
        TRY_DO(
            connection->execute_script("PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; "
                                       "PRAGMA temp_store = MEMORY; PRAGMA secure_delete = ON;"));
        return std::unique_ptr<Connection>(std::move(connection));
    }
    [[nodiscard]] std::size_t writers() const override { return 1; }
    [[nodiscard]] std::string name() const override {
        return fmt::format("SQLite {}", sqlite3_libversion());
    }
    Result<void> check(Connection& /*connection*/) const override { return {}; }
    /// The log beside the database keeps what pages held before, until it is written over. Somebody
    /// who reads just now may keep it longer; that is no error.
    Result<void> drop_traces(Connection& connection) const override {
        return connection.execute_script("PRAGMA wal_checkpoint(TRUNCATE);");
    }

  private:
    /// A new file is for its owner alone, and so are the ones that SQLite puts beside it.
    void keep_private() const {
        const int made = ::open(path_.c_str(), O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
        if (made >= 0) {
            ::close(made);
        }
    }
    /// Another file in its place is not touched: the journal that lies beside it belongs to the
    /// first one, and would be written into the second.
    [[nodiscard]] Result<void> is_the_same() const {
        const auto found = file_at(path_);
        if (!file_) {
            file_ = found;
        }
        if (!found || found != file_) {
            return std::unexpected(not_in_place());
        }
        return {};
    }

    std::string path_;
    mutable std::mutex mutex_;
    mutable std::optional<FileId> file_; ///< that was opened first
};

} // namespace

Result<std::unique_ptr<Engine>> open_sqlite(std::string_view path) {
    if (path.empty()) {
        return fail(ErrorKind::invalid, "sqlite: without a path; write sqlite:/path/to/file");
    }
    return std::make_unique<SqliteEngine>(std::string(path));
}

} // namespace allot::store
