/// PostgreSQL through libpq: text on the wire, prepared statements, SERIALIZABLE writes.
#include "base/limits.hpp"
#include "base/text.hpp"
#include "platform/store/engine.hpp"

#include <array>
#include <chrono>
#include <libpq-fe.h>
#include <poll.h>
#include <unordered_map>

#include <fmt/format.h>

namespace allot::store {

namespace {

struct Finish {
    void operator()(PGconn* link) const { PQfinish(link); }
};
struct Clear {
    void operator()(PGresult* answer) const { PQclear(answer); }
};
using Link = std::unique_ptr<PGconn, Finish>;
using Received = std::unique_ptr<PGresult, Clear>;

// Types by their numbers in pg_type.dat.
constexpr Oid oid_int8 = 20;
constexpr Oid oid_int4 = 23;
constexpr Oid oid_int2 = 21;
constexpr Oid oid_bool = 16;
constexpr Oid oid_float8 = 701;
constexpr Oid oid_numeric = 1700;

/// A session whose other end has gone without a word must not hold its locks for ever.
constexpr const char* session_options =
    "-c client_min_messages=warning -c idle_in_transaction_session_timeout=60s";

/// A value as text, and whether it is there at all.
struct Written {
    std::string text;
    bool is_null = false;
};

[[nodiscard]] Written written(const Value& value) {
    struct Write {
        Written operator()(std::monostate) const { return {{}, true}; }
        Written operator()(std::int64_t n) const { return {std::to_string(n)}; }
        Written operator()(double x) const { return {fmt::format("{}", x)}; }
        Written operator()(const std::string& text) const { return {text}; }
    };
    return std::visit(Write{}, value);
}

[[nodiscard]] Value column_of(const PGresult* answer, int row, int column) {
    if (PQgetisnull(answer, row, column) != 0) {
        return std::monostate();
    }
    const std::string_view text(PQgetvalue(answer, row, column),
                                static_cast<std::size_t>(PQgetlength(answer, row, column)));
    switch (PQftype(answer, column)) {
    case oid_int8:
    case oid_int4:
    case oid_int2: {
        const auto number = text::parse_int(text);
        ALLOT_CHECK(number.has_value(), "PostgreSQL writes a whole number");
        return *number;
    }
    case oid_bool:
        return std::int64_t{text == "t" ? 1 : 0};
    case oid_float8:
    case oid_numeric: {
        // The sum of whole numbers is a numeric for PostgreSQL.
        if (const auto whole = text::parse_int(text)) {
            return *whole;
        }
        const auto number = text::parse_double(text);
        ALLOT_CHECK(number.has_value(), "PostgreSQL writes a number");
        return *number;
    }
    default:
        return std::string(text);
    }
}

[[nodiscard]] std::int64_t changed_by(PGresult* answer) {
    return text::parse_int(PQcmdTuples(answer)).value_or(0);
}

/// Waits until the socket can be read, or written where something is left to send.
/// False: it took too long.
[[nodiscard]] bool wait_for(PGconn* link, bool to_send,
                            std::chrono::steady_clock::time_point until) {
    using std::chrono::milliseconds;
    const auto left = std::chrono::ceil<milliseconds>(until - std::chrono::steady_clock::now());
    pollfd one{.fd = PQsocket(link),
               .events = static_cast<short>(POLLIN | (to_send ? POLLOUT : 0)),
               .revents = 0};
    const int ready = ::poll(&one, 1, static_cast<int>(std::max(left, milliseconds(0)).count()));
    return ready > 0 || (ready < 0 && errno == EINTR);
}

/// What PQexec and its kin do, with an end: a network that was cut says nothing, for hours.
/// Null where the server did not answer in time, or `sent` says that it could not be asked; the
/// link is then of no more use.
[[nodiscard]] Received answer_to(PGconn* link, int sent) {
    const auto until = std::chrono::steady_clock::now() + longest_statement_wait;
    Received last;
    while (sent == 1) {
        const int to_send = PQflush(link);
        if (to_send == 0 && PQisBusy(link) == 0) {
            PGresult* const next = PQgetResult(link);
            if (next == nullptr) {
                return last;
            }
            last.reset(next); // of several statements the last one, or the one that failed
        } else if (to_send < 0 || !wait_for(link, to_send == 1, until) ||
                   PQconsumeInput(link) == 0) {
            break;
        }
    }
    return nullptr;
}

[[nodiscard]] const char* begin_text(Access access) {
    switch (access) {
    case Access::read:
        return "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
    case Access::claim:
        return "BEGIN ISOLATION LEVEL READ COMMITTED";
    case Access::write:
        break;
    }
    return "BEGIN ISOLATION LEVEL SERIALIZABLE";
}

class PostgresConnection final : public Connection {
  public:
    explicit PostgresConnection(Link link) : link_(std::move(link)) {}

    Result<Answer> execute(std::string_view sql, std::span<const Bound> given) override {
        TRY(const std::string name, prepared(sql));
        std::vector<Written> texts;
        texts.reserve(given.size());
        std::vector<const char*> values;
        for (const Bound& bound : given) {
            texts.push_back(written(bound.value()));
            if (texts.back().text.find('\0') != std::string::npos) {
                // libpq would cut the text there.
                failure_ = Failure::broken;
                return fail(ErrorKind::invalid, "a text holds a NUL");
            }
        }
        for (const Written& text : texts) {
            values.push_back(text.is_null ? nullptr : text.text.c_str());
        }
        const int sent =
            PQsendQueryPrepared(link_.get(), name.c_str(), static_cast<int>(values.size()),
                                values.data(), nullptr, nullptr, 0);
        return read(answer_to(link_.get(), sent).get());
    }

    /// Takes the time that it takes: a migration of a large table is no sign of a lost network.
    Result<void> execute_script(const std::string& sql) override {
        const Received answer(PQexec(link_.get(), sql.c_str()));
        TRY_DO(read(answer.get()));
        return {};
    }

    Result<void> begin(Access access) override {
        failure_ = Failure::none;
        TRY_DO(read(ask(begin_text(access)).get()));
        return {};
    }
    Result<void> commit() override {
        const Received answer = ask("COMMIT");
        TRY_DO(read(answer.get()));
        // COMMIT of a transaction that had failed is no error for PostgreSQL: it says ROLLBACK.
        if (std::string_view(PQcmdStatus(answer.get())) != "COMMIT") {
            failure_ = Failure::broken;
            return fail(ErrorKind::unavailable, "the database gave the change up");
        }
        return {};
    }
    void roll_back() noexcept override {
        if (failure_ != Failure::lost && PQtransactionStatus(link_.get()) != PQTRANS_IDLE &&
            ask("ROLLBACK") == nullptr) {
            failure_ = Failure::lost;
        }
    }
    Failure failure() const override { return failure_; }

  private:
    [[nodiscard]] Received ask(const char* sql) {
        return answer_to(link_.get(), PQsendQuery(link_.get(), sql));
    }

    Result<std::string> prepared(std::string_view sql) {
        if (const auto found = kept_.find(sql.data()); found != kept_.end()) {
            return found->second;
        }
        const std::string name = fmt::format("s{}", kept_.size());
        const int sent =
            PQsendPrepare(link_.get(), name.c_str(), std::string(sql).c_str(), 0, nullptr);
        TRY_DO(read(answer_to(link_.get(), sent).get()));
        kept_.emplace(sql.data(), name);
        return name;
    }

    Result<Answer> read(PGresult* received) {
        const ExecStatusType status = PQresultStatus(received);
        if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK) {
            return failed(received);
        }
        Answer answer;
        answer.changed = changed_by(received);
        const int rows = PQntuples(received);
        const int columns = PQnfields(received);
        if (static_cast<std::size_t>(rows) > limits::max_rows) {
            failure_ = Failure::broken;
            return fail(ErrorKind::unavailable, "an answer of the database has too many rows");
        }
        answer.rows.reserve(static_cast<std::size_t>(rows));
        for (int row = 0; row < rows; ++row) {
            std::vector<Value> values;
            values.reserve(static_cast<std::size_t>(columns));
            for (int column = 0; column < columns; ++column) {
                values.push_back(column_of(received, row, column));
            }
            answer.rows.emplace_back(std::move(values));
        }
        return answer;
    }

    std::unexpected<Error> failed(const PGresult* received) {
        const char* const field = PQresultErrorField(received, PG_DIAG_SQLSTATE);
        const std::string_view state = field == nullptr ? "" : field;
        if (received == nullptr || PQstatus(link_.get()) != CONNECTION_OK || state.empty() ||
            state.starts_with("08") || state.starts_with("57P")) {
            failure_ = Failure::lost;
            return fail(ErrorKind::unavailable, "the connection to the database is gone");
        }
        // Serialization failure, deadlock, lock not available; and a table or its type that another
        // process has made at the same time, which IF NOT EXISTS does not wait for.
        if (state == "40001" || state == "40P01" || state == "55P03" || state == "42710" ||
            state == "42P07") {
            failure_ = Failure::again;
            return fail(ErrorKind::unavailable, "the database is busy");
        }
        if (state.starts_with("23")) {
            failure_ = Failure::conflict;
            const char* const table = PQresultErrorField(received, PG_DIAG_TABLE_NAME);
            return std::unexpected(conflict_error(table == nullptr ? "" : table));
        }
        failure_ = Failure::broken;
        return fail(ErrorKind::unavailable,
                    fmt::format("the database does not answer: SQLSTATE {}", state));
    }

    Link link_;
    std::unordered_map<const char*, std::string> kept_; ///< by the address of its text
    Failure failure_ = Failure::none;
};

class PostgresEngine final : public Engine {
  public:
    explicit PostgresEngine(std::string url) : url_(std::move(url)) {}

    [[nodiscard]] Result<std::unique_ptr<Connection>> connect(bool /*writes*/) const override {
        const std::array<const char*, 6> names = {
            "dbname", "client_encoding", "connect_timeout", "application_name", "options", nullptr};
        const std::array<const char*, 6> values = {url_.c_str(), "UTF8",          "5",
                                                   "allotment",  session_options, nullptr};
        Link link(PQconnectdbParams(names.data(), values.data(), 1));
        if (PQstatus(link.get()) != CONNECTION_OK) {
            return fail(ErrorKind::unavailable,
                        "PostgreSQL cannot be reached; see its address in --store, and its log");
        }
        PQsetNoticeProcessor(link.get(), [](void*, const char*) {}, nullptr);
        PQsetnonblocking(link.get(), 1);
        return std::make_unique<PostgresConnection>(std::move(link));
    }
    [[nodiscard]] std::size_t writers() const override { return 4; }
    [[nodiscard]] std::string name() const override { return "PostgreSQL"; }

    Result<void> drop_traces(Connection& /*connection*/) const override { return {}; }
    Result<void> check(Connection& connection) const override {
        TRY(const auto found,
            connection.execute("SELECT datcollate FROM pg_database WHERE datname = "
                               "current_database()",
                               {}));
        const std::string& collation = found.rows.front().text(0);
        if (collation != "C" && collation != "C.UTF-8" && collation != "POSIX") {
            return fail(ErrorKind::invalid,
                        fmt::format("the database sorts as \"{}\", and must sort by bytes: make it "
                                    "with  createdb --template=template0 --lc-collate=C "
                                    "--encoding=UTF8",
                                    collation));
        }
        return {};
    }

  private:
    std::string url_;
};

} // namespace

Result<std::unique_ptr<Engine>> open_postgres(const std::string& url) {
    return std::make_unique<PostgresEngine>(url);
}

} // namespace allot::store
