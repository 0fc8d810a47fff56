#include "platform/store/store.hpp"

#include "base/limits.hpp"
#include "base/random.hpp"
#include "platform/store/engine.hpp"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

#include <fmt/format.h>

namespace allot::store {

namespace {

using Steady = std::chrono::steady_clock;

class OpenTransaction final : public Transaction {
  public:
    explicit OpenTransaction(Connection& connection) : connection_(connection) {}

    Result<void> copy_to(const std::string& path, const Progress& told) override {
        return connection_.copy_to(path, told);
    }

  protected:
    Result<Answer> execute(std::string_view sql, std::span<const Bound> given) override {
        return connection_.execute(sql, given);
    }

  private:
    Connection& connection_;
};

/// Connections of one kind. Opened when they are first needed; whoever takes one has it alone.
class Pool {
  public:
    Pool(const Engine& engine, bool writes, std::size_t most)
        : engine_(engine), writes_(writes), free_(most) {}

    /// Errors: `unavailable` where all are in use until then, or none can be opened.
    [[nodiscard]] Result<std::unique_ptr<Connection>> take(Steady::time_point until) {
        std::unique_ptr<Connection> taken;
        {
            std::unique_lock lock(mutex_);
            if (!given_back_.wait_until(lock, until, [&] { return !free_.empty(); })) {
                return fail(ErrorKind::unavailable, "the database is busy");
            }
            taken = std::move(free_.back());
            free_.pop_back();
        }
        if (taken) {
            return taken;
        }
        auto opened = engine_.connect(writes_);
        if (!opened) {
            give_back(nullptr);
        }
        return opened;
    }

    /// A null one leaves a place, where another is opened when it is needed.
    void give_back(std::unique_ptr<Connection> connection) {
        {
            const std::lock_guard lock(mutex_);
            free_.push_back(std::move(connection));
        }
        given_back_.notify_one();
    }

  private:
    const Engine& engine_;
    bool writes_;
    std::mutex mutex_;
    std::condition_variable given_back_;
    std::vector<std::unique_ptr<Connection>> free_; ///< null: not opened yet
};

/// How one try of a transaction ended.
struct Ended {
    Result<void> outcome;
    Failure failure = Failure::none;
    bool at_commit = false; ///< then nobody knows whether it happened where the connection is lost
};

/// A change that is really written, and of which nothing remains. As large as a long command: on a
/// disk that is nearly full, a small one still finds room.
constexpr std::size_t trial_bytes = std::size_t{64} << 10U;
constexpr Statement begin_trial =
    "INSERT INTO schema_migration (name, checksum) VALUES ('trial', $1)";
constexpr Statement end_trial = "DELETE FROM schema_migration WHERE name = 'trial'";

[[nodiscard]] Ended try_once(Connection& connection, Access access,
                             const std::function<Result<void>(Transaction&)>& body) {
    if (auto begun = connection.begin(access); !begun) {
        return {std::move(begun), connection.failure()};
    }
    OpenTransaction transaction(connection);
    if (auto done = body(transaction); !done) {
        connection.roll_back();
        return {std::move(done), connection.failure()};
    }
    auto committed = connection.commit();
    if (!committed) {
        connection.roll_back();
        return {std::move(committed), connection.failure(), true};
    }
    return {};
}

/// Longer after each try and never the same twice, so that two writers do not meet again.
void pause_before(int attempt) {
    static std::atomic<std::uint64_t> counter = 0;
    const auto most = std::uint64_t{500} << static_cast<unsigned>(std::min(attempt, 7));
    const std::uint64_t chance = mix64(counter.fetch_add(1, std::memory_order_relaxed));
    std::this_thread::sleep_for(std::chrono::microseconds(most / 2 + chance % (most / 2)));
}

class PooledStore final : public Store {
  public:
    PooledStore(std::unique_ptr<Engine> engine, std::size_t readers)
        : engine_(std::move(engine)), readers_(*engine_, false, readers),
          writers_(*engine_, true, engine_->writers()) {}

    [[nodiscard]] Result<void> prepare(std::span<const Migration> migrations, bool as_it_is) {
        TRY(auto connection, writers_.take(give_up_at()));
        Result<void> done = engine_->check(*connection);
        if (done && !(as_it_is && migrations.empty())) {
            done = as_it_is ? check_migrated(*connection, migrations)
                            : migrate(*connection, migrations);
        }
        writers_.give_back(std::move(connection));
        return done;
    }

    Result<void> ping() override {
        Result<void> answered = read([](Transaction& transaction) -> Result<void> {
            TRY_DO(transaction.row("SELECT 1"));
            return {};
        });
        if (!answered || !refuses_changes_) {
            return answered;
        }
        return write([](Transaction& transaction) -> Result<void> {
            TRY_DO(transaction.run(begin_trial, {std::string(trial_bytes, '-')}));
            TRY_DO(transaction.run(end_trial));
            return {};
        });
    }
    Result<void> drop_traces() override {
        TRY(auto connection, writers_.take(give_up_at()));
        Result<void> done = engine_->drop_traces(*connection);
        writers_.give_back(std::move(connection));
        return done;
    }
    [[nodiscard]] std::string engine() const override { return engine_->name(); }
    [[nodiscard]] bool is_sqlite() const override { return engine_->is_sqlite(); }
    [[nodiscard]] StoreCounts counts() const override {
        return {.reads = reads_.load(std::memory_order_relaxed),
                .writes = writes_.load(std::memory_order_relaxed),
                .writes_again = again_.load(std::memory_order_relaxed),
                .writes_given_up = given_up_.load(std::memory_order_relaxed)};
    }
    [[nodiscard]] std::int64_t changes() const override { return changes_; }
    Result<void> be_alone() override {
        TRY(auto connection, writers_.take(give_up_at()));
        Result<void> alone = engine_->be_alone(*connection);
        writers_.give_back(std::move(connection));
        return alone;
    }

  protected:
    [[nodiscard]] bool has_many_writers() const override { return engine_->writers() > 1; }
    Result<void> run(Access access, const Body& body) override {
        const bool writes = access != Access::read;
        (writes ? writes_ : reads_).fetch_add(1, std::memory_order_relaxed);
        const Steady::time_point until = give_up_at();
        for (int attempt = 1;; ++attempt) {
            const Ended ended = try_on_one(access, body, until);
            const bool again = ended.failure == Failure::again ||
                               (ended.failure == Failure::lost && !(writes && ended.at_commit));
            if (ended.outcome || !again || attempt == limits::max_write_tries ||
                Steady::now() >= until) {
                note(writes, ended);
                changes_ += writes ? 1 : 0;
                return ended.outcome;
            }
            again_.fetch_add(writes ? 1 : 0, std::memory_order_relaxed);
            pause_before(attempt);
        }
    }

  private:
    [[nodiscard]] static Steady::time_point give_up_at() {
        return Steady::now() + longest_transaction_wait;
    }

    [[nodiscard]] Ended try_on_one(Access access, const Body& body, Steady::time_point until) {
        Pool& pool = access != Access::read ? writers_ : readers_;
        auto connection = pool.take(until);
        if (!connection) {
            return {std::unexpected(connection.error()), Failure::broken};
        }
        Ended ended = try_once(**connection, access, body);
        pool.give_back(ended.failure == Failure::lost ? nullptr : *std::move(connection));
        return ended;
    }

    /// What /readyz goes by: a change that was taken, or one that nothing would have helped.
    void note(bool writes, const Ended& ended) {
        const bool refused = ended.failure == Failure::broken || ended.failure == Failure::lost;
        if (writes && (ended.outcome || refused)) {
            refuses_changes_ = !ended.outcome;
        }
        // A change that a room refused was not given up.
        if (writes && !ended.outcome && (refused || ended.failure == Failure::again)) {
            given_up_.fetch_add(1, std::memory_order_relaxed);
        }
    }

    std::unique_ptr<Engine> engine_;
    Pool readers_;
    Pool writers_;
    std::atomic<bool> refuses_changes_ = false;
    std::atomic<std::int64_t> changes_ = 0;
    std::atomic<std::int64_t> reads_ = 0;
    std::atomic<std::int64_t> writes_ = 0;
    std::atomic<std::int64_t> again_ = 0;
    std::atomic<std::int64_t> given_up_ = 0;
};

} // namespace

Result<std::unique_ptr<Engine>> engine_of(const std::string& url, bool as_it_is) {
    constexpr std::string_view sqlite = "sqlite:";
    if (url.starts_with(sqlite)) {
        return open_sqlite(std::string_view(url).substr(sqlite.size()), as_it_is);
    }
    if (url.starts_with("postgres://") || url.starts_with("postgresql://")) {
        return open_postgres(url);
    }
    return fail(ErrorKind::invalid, "a store is sqlite:/path/to/file or postgres://...");
}

Error conflict_error(std::string_view table) {
    return {ErrorKind::conflict, table.empty() ? std::string("that is there already")
                                               : fmt::format("that is there already ({})", table)};
}

Error in_use_error(std::string_view what) {
    return {ErrorKind::conflict,
            fmt::format("{} is in use; stop the server and whatever else has it open, then try "
                        "again",
                        what)};
}

Result<Rows> Transaction::rows(Statement statement, std::initializer_list<Bound> given) {
    TRY(Answer answer, execute(statement.sql(), {given.begin(), given.size()}));
    return std::move(answer.rows);
}

Result<std::optional<Row>> Transaction::row(Statement statement,
                                            std::initializer_list<Bound> given) {
    TRY(Answer answer, execute(statement.sql(), {given.begin(), given.size()}));
    ALLOT_CHECK(answer.rows.size() <= 1, "a statement that has one row gave several");
    if (answer.rows.empty()) {
        return std::nullopt;
    }
    return std::move(answer.rows.front());
}

Result<std::int64_t> Transaction::run(Statement statement, std::initializer_list<Bound> given) {
    TRY(const Answer answer, execute(statement.sql(), {given.begin(), given.size()}));
    return answer.changed;
}

Result<Rows> Store::claim(const Claim& statement, std::initializer_list<Bound> given) {
    const Statement text = has_many_writers() ? statement.among_others : statement.alone;
    const auto take = [&](Transaction& transaction) { return transaction.rows(text, given); };
    return in_transaction<Result<Rows>>(Access::claim, take);
}

Result<Rows> Transaction::rows(Statement statement, std::span<const Bound> given) {
    TRY(Answer answer, execute(statement.sql(), given));
    return std::move(answer.rows);
}

Result<std::int64_t> Transaction::run(Statement statement, std::span<const Bound> given) {
    TRY(const Answer answer, execute(statement.sql(), given));
    return answer.changed;
}

Result<std::unique_ptr<Store>> Store::open(const StoreOptions& options,
                                           std::span<const Migration> migrations) {
    TRY(auto engine, engine_of(options.url, options.as_it_is));
    return open_on(std::move(engine), options, migrations);
}

Result<std::unique_ptr<Store>> open_on(std::unique_ptr<Engine> engine, const StoreOptions& options,
                                       std::span<const Migration> migrations) {
    auto store = std::make_unique<PooledStore>(std::move(engine), options.readers);
    TRY_DO(store->prepare(migrations, options.as_it_is));
    return std::unique_ptr<Store>(std::move(store));
}

} // namespace allot::store
