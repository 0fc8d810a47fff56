/// Collectives and people in the database.
#pragma once

#include "collective/people/person.hpp"
#include "platform/auth/directory.hpp"
#include "platform/store/store.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace allot::people {

using store::Transaction;

struct NewCollective {
    std::string slug;
    std::string name;
    std::string about; ///< one sentence
    std::string zone;
    bool is_demo = false;
};

/// Errors: `conflict` where the slug is taken.
[[nodiscard]] Result<CollectiveId> begin_collective(Transaction& transaction,
                                                    const NewCollective& collective, Moment now,
                                                    Entropy& entropy);
[[nodiscard]] Result<std::vector<auth::Collective>> collectives(Transaction& transaction);
[[nodiscard]] Result<std::optional<auth::Collective>> collective_named(Transaction& transaction,
                                                                       std::string_view slug);
/// The sentence about it, and whether it was made by `allotment demo`.
struct AboutCollective {
    std::string about;
    bool is_demo = false;
};
[[nodiscard]] Result<AboutCollective> about_collective(Transaction& transaction,
                                                       const CollectiveId& collective);

[[nodiscard]] Result<void> save_collective(Transaction& transaction, const CollectiveId& collective,
                                           std::string_view name, std::string_view about,
                                           std::string_view zone);

/// Errors: `conflict` where the address belongs to somebody of this collective already.
[[nodiscard]] Result<PersonId> add_person(Transaction& transaction, const CollectiveId& collective,
                                          std::string_view mail, const Profile& profile, Role role,
                                          Moment now, Entropy& entropy);
[[nodiscard]] Result<std::optional<Person>>
find_person(Transaction& transaction, const CollectiveId& collective, const PersonId& person);
[[nodiscard]] Result<std::optional<Person>>
person_with_mail(Transaction& transaction, const CollectiveId& collective, std::string_view mail);
/// Whoever made that secret for her calendar (`new_calendar_secret`) and has not ended it.
[[nodiscard]] Result<std::optional<Person>> person_with_calendar(Transaction& transaction,
                                                                 const CollectiveId& collective,
                                                                 std::string_view secret);
/// Members and stewards who were not erased, by name as bytes; routes sort for readers.
[[nodiscard]] Result<std::vector<Person>> all_people(Transaction& transaction,
                                                     const CollectiveId& collective);

[[nodiscard]] Result<void> save_profile(Transaction& transaction, const CollectiveId& collective,
                                        const PersonId& person, const Profile& profile);
[[nodiscard]] Result<void> save_hours(Transaction& transaction, const CollectiveId& collective,
                                      const PersonId& person, const UsualHours& hours);
[[nodiscard]] Result<void> save_rest(Transaction& transaction, const CollectiveId& collective,
                                     const PersonId& person, bool resting);
/// Also sets when the server asks whether she still wants it.
[[nodiscard]] Result<void> save_role(Transaction& transaction, const CollectiveId& collective,
                                     const PersonId& person, Role role, Moment now);
/// Ids of the stewards who were not erased, in the order of ids.
[[nodiscard]] Result<std::vector<PersonId>> stewards(Transaction& transaction,
                                                     const CollectiveId& collective);
/// Whether nobody else of the collective is left, guests included.
[[nodiscard]] Result<bool> is_alone(Transaction& transaction, const CollectiveId& collective,
                                    const PersonId& person);
/// Whether the collective would be without a steward if she went, and with people.
[[nodiscard]] Result<bool> is_last_steward(Transaction& transaction, const CollectiveId& collective,
                                           const PersonId& person);
/// Keeps the hash of a new secret for her calendar and returns the secret; the old one ends.
[[nodiscard]] Result<std::string> new_calendar_secret(Transaction& transaction,
                                                      const CollectiveId& collective,
                                                      const PersonId& person, Entropy& entropy);

/// Blanks everything that she wrote and her address, ends her sessions, drops mail to her and
/// destroys the key of her pseudonym. Others' history keeps an id with a blank name; by that id
/// erased.log knows her in a restored backup, and she is erased again.
[[nodiscard]] Result<void> erase_person(Transaction& transaction, const CollectiveId& collective,
                                        const Person& person);
/// Everybody of a collective who was not erased, guests too, who joined first standing first.
[[nodiscard]] Result<std::vector<std::pair<PersonId, Role>>>
everybody(Transaction& transaction, const CollectiveId& collective);
/// The ids of all who were erased, of every collective, in their order.
[[nodiscard]] Result<std::vector<PersonId>> erased_people(Transaction& transaction);

} // namespace allot::people
