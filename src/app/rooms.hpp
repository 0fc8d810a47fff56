/// All rooms of the house, in the order in which they were built: adding a room is adding a line.
#pragma once

#include "platform/auth/directory.hpp"
#include "platform/pages/site.hpp"

#include <span>
#include <vector>

namespace allot::app {

[[nodiscard]] std::span<const pages::Room> rooms();

/// The words of all rooms in each language, for mail that no request asks for. Reads them anew:
/// some milliseconds.
[[nodiscard]] Result<std::vector<pages::Catalogue>> all_words();

/// What the database needs for all of them, in the order in which it is to run.
[[nodiscard]] std::vector<store::Migration> migrations();

/// Removes all that the rooms keep of a collective; those that refer to others first.
[[nodiscard]] Result<void> remove_collective(store::Transaction& transaction,
                                             const auth::CollectiveId& collective);

/// Erases a person in every room: those that know people go first, the people themselves last.
[[nodiscard]] Result<void> erase_everywhere(store::Transaction& transaction,
                                            const pages::House& house,
                                            const auth::CollectiveId& collective,
                                            const auth::PersonId& person);

/// The files that the build of web/ wrote, compiled in.
[[nodiscard]] std::span<const pages::AssetFile> assets();

/// Who is who, as the rooms of people and circles know it.
class HouseDirectory final : public auth::Directory {
  public:
    [[nodiscard]] Result<std::vector<auth::Collective>>
    collectives(store::Transaction& transaction) const override;
    [[nodiscard]] Result<std::optional<auth::Collective>>
    collective_named(store::Transaction& transaction, std::string_view slug) const override;
    [[nodiscard]] Result<std::optional<auth::Member>>
    member_with_mail(store::Transaction& transaction, const auth::CollectiveId& collective,
                     std::string_view mail) const override;
    [[nodiscard]] Result<auth::Role> role_in_circle(store::Transaction& transaction,
                                                    const auth::CollectiveId& collective,
                                                    std::string_view circle_slug,
                                                    const auth::PersonId& person) const override;
    [[nodiscard]] Result<auth::Role> role_in_series(store::Transaction& transaction,
                                                    const auth::CollectiveId& collective,
                                                    std::string_view series_slug,
                                                    const auth::PersonId& person) const override;
};

} // namespace allot::app
