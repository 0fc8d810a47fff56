#include "app/keeping/staging.hpp"

#include "app/keeping/archive.hpp"
#include "app/keeping/house_tables.hpp"
#include "app/rooms.hpp"
#include "collective/people/person_store.hpp"
#include "platform/store/sqlite_file.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace allot::app::keeping {

namespace {

using store::Statement;
using store::Transaction;

constexpr Statement make_list = "CREATE TABLE backup_list (text TEXT NOT NULL)";
constexpr Statement drop_list = "DROP TABLE IF EXISTS backup_list";
constexpr Statement put_list = "INSERT INTO backup_list (text) VALUES ($1)";
constexpr Statement find_list =
    "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = 'backup_list'";
constexpr Statement read_list = "SELECT text FROM backup_list";

constexpr Statement list_moving = "SELECT source FROM moving";

[[nodiscard]] std::string url_of(const std::filesystem::path& file) {
    return "sqlite:" + file.string();
}

/// Puts the tables of an archive into a database, in one transaction of somebody else's.
class Loader final : public ArchiveVisitor {
  public:
    /// `kept` holds the statements as long as the store lives.
    Loader(Transaction& transaction, ShownTables& kept) : transaction_(transaction), kept_(kept) {}

    Result<void> begin(const Manifest& manifest) override {
        manifest_ = manifest;
        return {};
    }

    Result<void> table(const ArchivedTable& archived, std::string_view text) override {
        TRY(kept_.emplace_back(), table_as_archived(manifest_, archived, declared_tables()));
        const ShownTable& shown = *kept_.back();
        const auto read =
            read_table(text, archived.entry(), shown, [&](const store::Rows& some) -> Result<void> {
                TRY_DO(check_owner(archived, some));
                return insert(archived, shown, some);
            });
        TRY(const std::int64_t rows, read);
        if (rows != archived.sums.rows) {
            return fail(ErrorKind::invalid,
                        fmt::format("{}: has {} rows, and the list in front says {}",
                                    archived.entry(), rows, archived.sums.rows));
        }
        return {};
    }

  private:
    /// All rows of an archive of a collective are of that collective.
    [[nodiscard]] Result<void> check_owner(const ArchivedTable& archived,
                                           const store::Rows& rows) const {
        const bool good = manifest_.kind == ArchiveKind::backup ||
                          std::ranges::all_of(rows, [&](const store::Row& row) {
                              return row.text(0) == manifest_.collective;
                          });
        if (!good) {
            return fail(ErrorKind::invalid,
                        fmt::format("{}: has a row of another collective", archived.entry()));
        }
        return {};
    }

    [[nodiscard]] Result<void> insert(const ArchivedTable& archived, const ShownTable& shown,
                                      const store::Rows& rows) const {
        const auto done = shown.insert(transaction_, rows);
        if (!done && done.error().kind == ErrorKind::conflict) {
            return fail(ErrorKind::invalid,
                        fmt::format("{}: has a row twice, one without a value that is needed, or "
                                    "one that refers to something that is not there",
                                    archived.entry()));
        }
        return done;
    }

    Transaction& transaction_;
    ShownTables& kept_;
    Manifest manifest_;
};

/// The content of a copy against a list.
[[nodiscard]] Result<void> compare(Transaction& transaction, const Manifest& list,
                                   ShownTables& kept, const std::string& file) {
    for (const ArchivedTable& expected : list.tables) {
        TRY(kept.emplace_back(), table_as_archived(list, expected, declared_tables()));
        TRY(const TextSums found, write_table(transaction, *kept.back(), std::nullopt,
                                              [](std::string_view) -> Result<void> { return {}; }));
        if (found != expected.sums) {
            return fail(ErrorKind::invalid,
                        fmt::format("{}: the table {} is not what it was when the copy was made; "
                                    "take another backup",
                                    file, expected.name));
        }
    }
    return {};
}

/// A room of the house without a site, for what rooms do by themselves.
class NoZones final : public pages::Zones {
  public:
    [[nodiscard]] bool has(std::string_view /*name*/) const override { return false; }
    [[nodiscard]] Result<std::string> bytes(std::string_view /*name*/) const override {
        return fail(ErrorKind::missing, "no zones are read here");
    }
    [[nodiscard]] const std::vector<std::string>& names() const override { return names_; }

  private:
    std::vector<std::string> names_;
};

/// Lets somebody else keep a collective whose only steward is to be erased.
[[nodiscard]] Result<void> hand_over(Transaction& transaction, const auth::Collective& collective,
                                     const auth::PersonId& leaving, const IsErased& is_erased,
                                     Moment now, ErasedAgain& report) {
    TRY(const auto keepers, people::stewards(transaction, collective.id));
    if (keepers != std::vector{leaving}) {
        return {};
    }
    TRY(const auto all, people::everybody(transaction, collective.id));
    const auto next = std::ranges::find_if(all, [&](const auto& one) {
        return one.second == auth::Role::member && !is_erased(one.first);
    });
    if (next == all.end()) {
        return {};
    }
    TRY_DO(people::save_role(transaction, collective.id, next->first, auth::Role::steward, now));
    TRY(const auto person, people::find_person(transaction, collective.id, next->first));
    report.new_stewards.push_back(
        fmt::format("{}: {} is steward now", collective.slug, person->profile.name));
    return {};
}

/// Stewards come last: then nobody else is left whom they would leave alone.
[[nodiscard]] Result<std::vector<auth::PersonId>> to_erase(Transaction& transaction,
                                                           const auth::CollectiveId& collective,
                                                           const IsErased& is_erased) {
    TRY(const auto all, people::everybody(transaction, collective));
    std::vector<auth::PersonId> ids;
    for (const bool stewards : {false, true}) {
        for (const auto& [id, role] : all) {
            if ((role == auth::Role::steward) == stewards && is_erased(id)) {
                ids.push_back(id);
            }
        }
    }
    return ids;
}

} // namespace

Result<void> load_archive(std::string_view bytes, const std::filesystem::path& file) {
    TRY(const Manifest manifest, read_manifest(bytes));
    TRY(const auto schema, migrations_of(manifest));
    ShownTables kept;
    TRY(const auto store, store::Store::open({.url = url_of(file)}, schema));
    return store->write([&](Transaction& transaction) -> Result<void> {
        Loader loader(transaction, kept);
        return read_archive(bytes, loader);
    });
}

Result<Manifest> check_and_list_copy(const std::filesystem::path& file, const Manifest& expected) {
    TRY_DO(store::settle_sqlite(file.string()));
    TRY_DO(store::check_sqlite(file.string()));
    ShownTables kept;
    TRY(const auto store, store::Store::open({.url = url_of(file), .as_it_is = true}, {}));
    TRY_DO(store->read([&](Transaction& transaction) {
        return compare(transaction, expected, kept, file.string());
    }));
    const auto listed = store->write([&](Transaction& transaction) -> Result<void> {
        TRY_DO(transaction.run(drop_list));
        TRY_DO(transaction.run(make_list));
        TRY_DO(transaction.run(put_list, {manifest_text(expected)}));
        return {};
    });
    TRY_DO(listed);
    return expected;
}

Result<bool> check_and_strip_copy(const std::filesystem::path& file) {
    TRY_DO(store::check_sqlite(file.string()));
    ShownTables kept;
    TRY(const auto store, store::Store::open({.url = url_of(file), .as_it_is = true}, {}));
    const auto checked = store->read([&](Transaction& transaction) -> Result<bool> {
        TRY(const auto count, transaction.row(find_list));
        if (count->integer(0) == 0) {
            return false;
        }
        TRY(const auto text, transaction.rows(read_list));
        if (text.size() != 1) {
            return fail(ErrorKind::invalid, fmt::format("{}: its list is damaged", file.string()));
        }
        TRY(const Manifest manifest, parse_manifest(text.front().text(0)));
        TRY_DO(compare(transaction, manifest, kept, file.string()));
        return true;
    });
    TRY_DO(checked);
    TRY(const auto dropped,
        store->write([](Transaction& transaction) { return transaction.run(drop_list); }));
    static_cast<void>(dropped);
    return checked;
}

Result<ErasedAgain> erase_again(store::Store& store, const IsErased& is_erased, const Clock& clock,
                                Entropy& entropy) {
    const HouseDirectory directory;
    const NoZones zones;
    const pages::House house{.store = store,
                             .directory = directory,
                             .zones = zones,
                             .clock = clock,
                             .entropy = entropy,
                             .origin = "",
                             .after_erasure = {}};
    return store.write([&](Transaction& transaction) -> Result<ErasedAgain> {
        ErasedAgain report;
        TRY(const auto collectives, people::collectives(transaction));
        for (const auth::Collective& collective : collectives) {
            TRY(const auto ids, to_erase(transaction, collective.id, is_erased));
            for (const auth::PersonId& person : ids) {
                TRY_DO(hand_over(transaction, collective, person, is_erased, clock.now(), report));
                TRY_DO(erase_everywhere(transaction, house, collective.id, person));
                ++report.people;
            }
        }
        return report;
    });
}

Result<void> note_all_erased(store::Store& store, const std::filesystem::path& log,
                             const Clock& clock, Entropy& entropy) {
    TRY(const auto ids,
        store.read([](Transaction& transaction) { return people::erased_people(transaction); }));
    return note_erased(log, ids, clock.now(), entropy);
}

Result<void> check_not_moving(store::Store& store) {
    TRY(const auto moving,
        store.read([](Transaction& transaction) { return transaction.rows(list_moving); }));
    if (!moving.empty()) {
        return fail(ErrorKind::conflict, "this database is half of a move; run the same allotment "
                                         "move once more, which ends it");
    }
    return {};
}

Result<void> run_after_restore(store::Store& store) {
    return store.write([](Transaction& transaction) -> Result<void> {
        for (const pages::Room& room : rooms()) {
            for (const Statement& statement : room.restored) {
                TRY_DO(transaction.run(statement));
            }
        }
        return {};
    });
}

} // namespace allot::app::keeping
