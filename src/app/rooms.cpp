#include "app/rooms.hpp"

#include "app/pages/front_pages.hpp"
#include "collective/circles/circle_store.hpp"
#include "collective/circles/circles.hpp"
#include "collective/gatherings/gatherings.hpp"
#include "collective/gatherings/series_store.hpp"
#include "collective/people/people.hpp"
#include "collective/people/person_store.hpp"
#include "platform/ground/ground.hpp"
#include "platform/hooks/hooks_room.hpp"
#include "platform/mail/mail_room.hpp"

#include <array>
#include <ranges>

namespace allot::app {

std::span<const pages::Room> rooms() {
    static const std::array all = {ground::room(), mail::room(),    hooks::room(),
                                   people::room(), circles::room(), gatherings::room(),
                                   front_pages()};
    return all;
}

Result<std::vector<pages::Catalogue>> all_words() {
    std::vector<pages::WordList> lists;
    for (const pages::Room& room : rooms()) {
        lists.insert(lists.end(), room.words.begin(), room.words.end());
    }
    return pages::Catalogue::read_all(lists);
}

std::vector<store::Migration> migrations() {
    std::vector<store::Migration> all;
    for (const pages::Room& room : rooms()) {
        all.insert(all.end(), room.migrations.begin(), room.migrations.end());
    }
    return all;
}

Result<void> remove_collective(store::Transaction& transaction,
                               const auth::CollectiveId& collective) {
    for (const pages::Room& room : rooms() | std::views::reverse) {
        for (const store::Statement& statement : room.clear) {
            TRY_DO(transaction.run(statement, {collective}));
        }
    }
    return {};
}

Result<void> erase_everywhere(store::Transaction& transaction, const pages::House& house,
                              const auth::CollectiveId& collective, const auth::PersonId& person) {
    for (const pages::Room& room : rooms() | std::views::reverse) {
        if (room.erase != nullptr) {
            TRY_DO(room.erase(transaction, house, collective, person));
        }
    }
    return {};
}

Result<std::vector<auth::Collective>>
HouseDirectory::collectives(store::Transaction& transaction) const {
    return people::collectives(transaction);
}

Result<std::optional<auth::Collective>>
HouseDirectory::collective_named(store::Transaction& transaction, std::string_view slug) const {
    return people::collective_named(transaction, slug);
}

Result<std::optional<auth::Member>>
HouseDirectory::member_with_mail(store::Transaction& transaction,
                                 const auth::CollectiveId& collective,
                                 std::string_view mail) const {
    TRY(const auto person, people::person_with_mail(transaction, collective, mail));
    if (!person) {
        return std::nullopt;
    }
    return auth::Member{.person = person->id,
                        .name = person->profile.name,
                        .role = person->role,
                        .language = person->profile.page_language,
                        .zone = person->profile.zone};
}

Result<auth::Role> HouseDirectory::role_in_circle(store::Transaction& transaction,
                                                  const auth::CollectiveId& collective,
                                                  std::string_view circle_slug,
                                                  const auth::PersonId& person) const {
    TRY(const auto part, circles::part_name_of(transaction, collective, circle_slug, person));
    if (!part) {
        return auth::Role::anyone;
    }
    return *part == circles::PartName::host ? auth::Role::host : auth::Role::member;
}

Result<auth::Role> HouseDirectory::role_in_series(store::Transaction& transaction,
                                                  const auth::CollectiveId& collective,
                                                  std::string_view series_slug,
                                                  const auth::PersonId& person) const {
    return gatherings::role_in_series(transaction, collective, series_slug, person);
}

} // namespace allot::app
