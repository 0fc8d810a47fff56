/// Threads in the database.
#pragma once

#include "collective/gatherings/thread.hpp"
#include "platform/store/store.hpp"

#include <optional>
#include <string>
#include <vector>

namespace allot::gatherings {

using store::Transaction;

/// What is written into a thread. Either a person or a guest wrote it.
struct NewAddition {
    AdditionKind kind = AdditionKind::question;
    std::string words;
    const Picture* picture = nullptr;
    std::string picture_words;
    std::optional<PersonId> person;
    std::string guest_name;
    std::string guest_key; ///< of her browser; empty for others, and where mail brought it
    std::optional<AdditionId> answers;
    AdditionState state = AdditionState::shown;
};

/// In the order in which they were written; hidden and waiting ones too.
[[nodiscard]] Result<std::vector<Addition>> additions_of(Transaction& transaction,
                                                         const GatheringKey& key);
/// Nothing where that gathering has none of that id.
[[nodiscard]] Result<std::optional<Addition>>
find_addition(Transaction& transaction, const GatheringKey& key, const AdditionId& id);
/// Writes one, with its picture. An answer to an answer answers what that one answers. Errors:
/// `missing` where it answers what is not there; `too_many` where the thread is full, or so much of
/// guests waits that a host has to look first.
[[nodiscard]] Result<AdditionId> add_addition(Transaction& transaction, const GatheringKey& key,
                                              const NewAddition& addition, Moment now,
                                              Entropy& entropy);
/// Other words, and what its picture shows.
[[nodiscard]] Result<void> rewrite_addition(Transaction& transaction, const GatheringKey& key,
                                            const AdditionId& id, std::string_view words,
                                            std::string_view picture_words, AdditionState state);
[[nodiscard]] Result<void> set_addition_state(Transaction& transaction, const GatheringKey& key,
                                              const AdditionId& id, AdditionState state);
/// With its picture. Answers of others to it stay, and answer nothing any more; those to what not
/// everyone saw are put away, so that hosts and who wrote them see them still. It is no first plot
/// any more.
[[nodiscard]] Result<void> drop_addition(Transaction& transaction, const CollectiveId& collective,
                                         const AdditionId& id);

/// The addition of that gathering which shows the picture.
[[nodiscard]] Result<std::optional<Addition>>
addition_with_picture(Transaction& transaction, const GatheringKey& key, const PictureId& picture);
/// As it was read. O(bytes).
[[nodiscard]] Result<std::string>
picture_bytes(Transaction& transaction, const CollectiveId& collective, const PictureId& picture);

/// What a person has written anywhere, for herself.
struct OwnAddition {
    AdditionId id;
    std::string words;
    std::chrono::sys_days written;
};
[[nodiscard]] Result<std::vector<OwnAddition>>
additions_by(Transaction& transaction, const CollectiveId& collective, const PersonId& person);

} // namespace allot::gatherings
