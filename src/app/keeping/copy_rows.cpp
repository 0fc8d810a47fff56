#include "app/keeping/copy_rows.hpp"

#include "app/hashes.hpp"
#include "app/keeping/house_tables.hpp"
#include "collective/people/person_store.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace allot::app::keeping {

namespace {

using store::Statement;
using store::Transaction;

constexpr std::string_view half_table = "moving";
/// What a server may have written where nobody has begun yet.
constexpr std::array<std::string_view, 4> written_at_once = {"keeping", "rate", "sign_in",
                                                             "command"};

constexpr Statement list_moving = "SELECT source FROM moving";
constexpr Statement begin_moving = "INSERT INTO moving (source, began_day) VALUES ($1, $2)";
constexpr Statement end_moving = "DELETE FROM moving";

[[nodiscard]] bool is_copied(const ShownTable& table) {
    return table.sql().table() != half_table;
}

[[nodiscard]] Result<void> check_empty_in(Transaction& transaction) {
    for (const auto& table : whole_tables()) {
        const std::string& name = table->sql().table();
        const bool may_have = std::ranges::find(written_at_once, name) != written_at_once.end();
        TRY(const std::int64_t rows, table->sql().count(transaction));
        if (rows != 0 && !may_have) {
            return fail(ErrorKind::invalid,
                        fmt::format("this database is in use already (its table {} is not empty); "
                                    "nothing was changed. Name one that is new",
                                    name));
        }
    }
    return {};
}

[[nodiscard]] Result<void> clear_what_servers_write(Transaction& transaction) {
    for (const auto& table : whole_tables()) {
        if (std::ranges::find(written_at_once, table->sql().table()) != written_at_once.end()) {
            TRY_DO(table->sql().clear(transaction));
        }
    }
    return {};
}

[[nodiscard]] Result<TextSums> sums_of(Transaction& transaction, const ShownTable& table) {
    return write_table(transaction, table, std::nullopt,
                       [](std::string_view) -> Result<void> { return {}; });
}

[[nodiscard]] Result<std::int64_t> compare(Transaction& from, Transaction& to) {
    std::int64_t rows = 0;
    for (const auto& table : whole_tables()) {
        if (!is_copied(*table)) {
            continue;
        }
        TRY(const TextSums there, sums_of(from, *table));
        TRY(const TextSums here, sums_of(to, *table));
        if (there != here) {
            return fail(ErrorKind::conflict,
                        fmt::format("the table {} is not the same in both: {} rows there, {} here. "
                                    "The old database was used since the move began; empty the new "
                                    "one and begin again",
                                    table->sql().table(), there.rows, here.rows));
        }
        rows += here.rows;
    }
    return rows;
}

[[nodiscard]] Result<std::int64_t> compare_stores(store::Store& from, store::Store& to) {
    return to.read([&](Transaction& here) {
        return from.read([&](Transaction& there) { return compare(there, here); });
    });
}

[[nodiscard]] Result<void> copy_table(Transaction& from, Transaction& to, const ShownTable& table) {
    store::TablePages pages(from, table.sql());
    while (true) {
        TRY(const store::Rows rows, pages.next());
        if (rows.empty()) {
            return {};
        }
        TRY_DO(table.insert(to, rows));
    }
}

/// A row as it is to be elsewhere: its first column names the collective.
[[nodiscard]] store::Row moved_row(const store::Row& row, const ShownTable& table,
                                   const CollectiveCopy& copy) {
    std::vector<store::Value> values;
    for (std::size_t k = 0; k < row.size(); ++k) {
        const bool is_slug = table.sql().table() == "collective" &&
                             table.columns()[k].name == std::string_view("slug");
        if (k == 0) {
            values.emplace_back(copy.to.text());
        } else if (is_slug) {
            values.emplace_back(copy.slug);
        } else {
            values.push_back(row.value(k));
        }
    }
    return store::Row(std::move(values));
}

/// Names a source by what is in it, so that the other half of a move is known again.
[[nodiscard]] Result<std::string> name_of_source(store::Store& from) {
    TRY(const auto all,
        from.read([](Transaction& transaction) { return people::collectives(transaction); }));
    std::string text;
    for (const auto& collective : all) {
        text += collective.id.text() + "\n";
    }
    return sha256_hex(text);
}

[[nodiscard]] Result<void> begin_or_go_on(store::Store& to, const std::string& source, Moment now) {
    return to.write([&](Transaction& transaction) -> Result<void> {
        TRY(const auto half, transaction.rows(list_moving));
        if (!half.empty()) {
            if (half.front().text(0) == source) {
                return {};
            }
            return fail(ErrorKind::invalid, "the new database is half of the move of another one; "
                                            "name one that is new");
        }
        TRY_DO(check_empty_in(transaction));
        TRY_DO(clear_what_servers_write(transaction));
        const auto today = std::chrono::floor<std::chrono::days>(now);
        TRY_DO(transaction.run(begin_moving, {source, today}));
        return {};
    });
}

/// Rows behind those that are there already, one page a transaction.
[[nodiscard]] Result<void> move_table(store::Store& from, store::Store& to, const ShownTable& table,
                                      std::int64_t& done, std::int64_t total,
                                      const store::Progress& told) {
    TRY(auto last,
        to.read([&](Transaction& transaction) { return table.sql().last(transaction); }));
    TRY(const std::int64_t there,
        to.read([&](Transaction& transaction) { return table.sql().count(transaction); }));
    done += there;
    while (true) {
        TRY_DO(told(done, total));
        TRY(const store::Rows rows, from.read([&](Transaction& transaction) {
            store::TablePages pages(transaction, table.sql());
            if (last) {
                pages.go_on_after(*last);
            }
            return pages.next();
        }));
        if (rows.empty()) {
            return {};
        }
        TRY_DO(to.write([&](Transaction& transaction) { return table.insert(transaction, rows); }));
        last = rows.back();
        done += std::ssize(rows);
    }
}

[[nodiscard]] Result<std::int64_t> all_rows(store::Store& store) {
    return store.read([](Transaction& transaction) -> Result<std::int64_t> {
        std::int64_t rows = 0;
        for (const auto& table : whole_tables()) {
            TRY(const std::int64_t some, table->sql().count(transaction));
            rows += some;
        }
        return rows;
    });
}

} // namespace

Result<void> check_empty(store::Store& store) {
    return store.read(check_empty_in);
}

Result<void> copy_everything(store::Store& from, store::Store& to) {
    return to.write([&](Transaction& writing) -> Result<void> {
        TRY_DO(check_empty_in(writing));
        TRY_DO(clear_what_servers_write(writing));
        return from.read([&](Transaction& reading) -> Result<void> {
            for (const auto& table : whole_tables()) {
                if (is_copied(*table)) {
                    TRY_DO(copy_table(reading, writing, *table));
                }
            }
            TRY_DO(compare(reading, writing));
            return {};
        });
    });
}

Result<void> copy_collective(store::Store& from, Transaction& to, const CollectiveCopy& copy) {
    return from.read([&](Transaction& reading) -> Result<void> {
        for (const auto& table : collective_tables()) {
            store::TablePages pages(reading, table->sql(), copy.from.text());
            while (true) {
                TRY(const store::Rows rows, pages.next());
                if (rows.empty()) {
                    break;
                }
                store::Rows moved;
                for (const store::Row& row : rows) {
                    moved.push_back(moved_row(row, *table, copy));
                }
                TRY_DO(table->insert(to, moved));
            }
        }
        return {};
    });
}

Result<std::int64_t> move_everything(store::Store& from, store::Store& to, Moment now,
                                     const store::Progress& told) {
    TRY(const std::string source, name_of_source(from));
    if (auto begun = begin_or_go_on(to, source, now); !begun) {
        // Killed after its last change, a move could not say that it had ended.
        auto ended = compare_stores(from, to);
        return ended ? std::move(ended) : std::unexpected(std::move(begun.error()));
    }
    TRY(const std::int64_t total, all_rows(from));
    std::int64_t done = 0;
    for (const auto& table : whole_tables()) {
        if (is_copied(*table)) {
            TRY_DO(move_table(from, to, *table, done, total, told));
        }
    }
    return to.write([&](Transaction& writing) -> Result<std::int64_t> {
        const auto compared =
            from.read([&](Transaction& reading) { return compare(reading, writing); });
        TRY_DO(compared);
        TRY_DO(writing.run(end_moving));
        return compared;
    });
}

} // namespace allot::app::keeping
