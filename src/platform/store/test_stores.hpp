/// Empty databases for tests: SQLite in a folder of its own, and PostgreSQL where tests/postgres
/// has started one.
#pragma once

#include "platform/store/store.hpp"

#include <atomic>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace allot::test {

enum class EngineKind : std::uint8_t { sqlite, postgres };

/// Those that can be tested here: both under CTest; SQLite alone where a test program is run by
/// hand without ALLOTMENT_TEST_POSTGRES, the file with the address.
[[nodiscard]] std::vector<EngineKind> engines();
[[nodiscard]] std::string_view name_of(EngineKind engine);

/// A database that nobody else uses; it is removed with this.
class FreshDatabase {
  public:
    explicit FreshDatabase(EngineKind engine);
    FreshDatabase(FreshDatabase&& other) noexcept;
    FreshDatabase(const FreshDatabase&) = delete;
    FreshDatabase& operator=(const FreshDatabase&) = delete;
    ~FreshDatabase();
    [[nodiscard]] const std::string& url() const { return url_; }
    /// Ends all sessions, as a restarted server does. PostgreSQL only.
    void end_sessions() const;

  private:
    EngineKind engine_;
    std::string name_; ///< of the folder or of the database; empty: another has it now
    std::string url_;
};

/// What goes wrong between a store and its database, in percent of transactions; by chance, but the
/// same chance for the same seed and order of work.
struct Trouble {
    std::uint64_t seed = 0;
    int again = 0; ///< another change came between: at a statement or at the commit
    int lost = 0;  ///< the connection is gone: at a statement, or after the commit has happened
};

/// The way to a database. One thread cuts it, any uses it.
class Line {
  public:
    /// The n-th statement from now on, counted from 1, is the first that does not come back, and
    /// nothing is heard until it is mended. A commit that gets lost has happened.
    void cut_at(std::int64_t n) { left_ = n; }
    void mend() { left_ = whole; }
    [[nodiscard]] bool is_cut() const { return left_ <= 0; }
    /// Counts a statement; whether its answer comes back.
    [[nodiscard]] bool carries() { return --left_ > 0; }

  private:
    static constexpr std::int64_t whole = std::int64_t{1} << 62;
    std::atomic<std::int64_t> left_ = whole;
};

/// A store on a fresh database, migrated. Its trouble begins where `in_trouble` is set.
struct FreshStore {
    FreshStore(EngineKind engine, std::span<const store::Migration> migrations,
               const Trouble& trouble = {});
    /// Opens the same database anew, after `store` was reset.
    void open_anew(std::span<const store::Migration> migrations, const Trouble& trouble);
    FreshDatabase database;
    std::shared_ptr<std::atomic<bool>> in_trouble = std::make_shared<std::atomic<bool>>(false);
    std::shared_ptr<Line> line = std::make_shared<Line>();
    std::unique_ptr<store::Store> store;
};

} // namespace allot::test
