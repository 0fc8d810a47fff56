/// Circles in the database.
#pragma once

#include "collective/circles/circle.hpp"
#include "platform/store/store.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace allot::circles {

using store::Transaction;

/// Somebody with a part in a circle, by name.
struct InCircle {
    Part part;
    std::string name;
    std::string said;
};

/// The parts alone, for the rules.
[[nodiscard]] std::vector<Part> parts_in(const std::vector<InCircle>& people);

/// Somebody who asks to join.
struct Request {
    RequestId id;
    CircleId circle;
    PersonId person;
    std::string name; ///< of the person
    std::string words;
    std::chrono::sys_days asked;
};

/// A part or a request of one person, with its circle.
struct OwnPart {
    Circle circle;
    Part part;
};
struct OwnRequest {
    Circle circle;
    Request request;
};

/// Opens a circle with its first host, under an address that comes from its name and is free.
[[nodiscard]] Result<Circle> open_circle(Transaction& transaction, const CollectiveId& collective,
                                         const About& about, const PersonId& host, Moment now,
                                         Entropy& entropy);
/// The same without a host, as one that comes from a starter: stewards name the first.
[[nodiscard]] Result<Circle> add_circle(Transaction& transaction, const CollectiveId& collective,
                                        const About& about, Moment now, Entropy& entropy);
[[nodiscard]] Result<std::optional<Circle>>
circle_named(Transaction& transaction, const CollectiveId& collective, std::string_view slug);
/// All of them, drafts and ended ones too, by name as bytes.
[[nodiscard]] Result<std::vector<Circle>> all_circles(Transaction& transaction,
                                                      const CollectiveId& collective);
[[nodiscard]] Result<void> save_about(Transaction& transaction, const CollectiveId& collective,
                                      const CircleId& circle, const About& about);
/// Its page stays; its link ends, and whoever asked is not kept waiting.
[[nodiscard]] Result<void> end_circle(Transaction& transaction, const CollectiveId& collective,
                                      const CircleId& circle);

/// Everybody in it, hosts first, then by name as bytes.
[[nodiscard]] Result<std::vector<InCircle>>
people_of(Transaction& transaction, const CollectiveId& collective, const CircleId& circle);
/// Her parts, by name of the circle.
[[nodiscard]] Result<std::vector<OwnPart>>
parts_of(Transaction& transaction, const CollectiveId& collective, const PersonId& person);
/// What she is in the circle of that address, if anything.
[[nodiscard]] Result<std::optional<PartName>> part_name_of(Transaction& transaction,
                                                           const CollectiveId& collective,
                                                           std::string_view slug,
                                                           const PersonId& person);
/// Circles that are open and have no host, as after an erasure.
[[nodiscard]] Result<std::vector<Circle>> without_host(Transaction& transaction,
                                                       const CollectiveId& collective);
/// Gives her that part, whatever she was there before; a request of hers is answered by it. A host
/// is asked again after `host_time`.
[[nodiscard]] Result<void> give_part(Transaction& transaction, const CollectiveId& collective,
                                     const CircleId& circle, const PersonId& person, PartName part,
                                     Moment now);
/// Errors of both: `missing` where she has no part.
[[nodiscard]] Result<void> drop_part(Transaction& transaction, const CollectiveId& collective,
                                     const CircleId& circle, const PersonId& person);
[[nodiscard]] Result<void> save_rest(Transaction& transaction, const CollectiveId& collective,
                                     const CircleId& circle, const PersonId& person, bool resting);

/// Keeps what she asks; asked again, the newer words stand.
[[nodiscard]] Result<void> ask_to_join(Transaction& transaction, const CollectiveId& collective,
                                       const CircleId& circle, const PersonId& person,
                                       std::string_view words, Moment now, Entropy& entropy);
/// Those who wait, in the order of days and ids.
[[nodiscard]] Result<std::vector<Request>>
requests_to(Transaction& transaction, const CollectiveId& collective, const CircleId& circle);
[[nodiscard]] Result<std::vector<OwnRequest>>
requests_of(Transaction& transaction, const CollectiveId& collective, const PersonId& person);
/// Errors: `missing` where it was answered already.
[[nodiscard]] Result<void> drop_request(Transaction& transaction, const CollectiveId& collective,
                                        const RequestId& request);

/// Keeps the hash of a new link and returns its secret; the old one ends.
[[nodiscard]] Result<std::string> new_invitation(Transaction& transaction,
                                                 const CollectiveId& collective,
                                                 const CircleId& circle, Moment now,
                                                 Entropy& entropy);
[[nodiscard]] Result<void>
revoke_invitation(Transaction& transaction, const CollectiveId& collective, const CircleId& circle);
/// The last day on which the link of this circle works, if it has one.
[[nodiscard]] Result<std::optional<std::chrono::sys_days>>
invitation_ends(Transaction& transaction, const CollectiveId& collective, const CircleId& circle,
                Moment now);
/// Where a link leads, if it works.
[[nodiscard]] Result<std::optional<Circle>> invited_to(Transaction& transaction,
                                                       const CollectiveId& collective,
                                                       std::string_view secret, Moment now);

/// Removes her parts and what she asked. A circle may then have no host: stewards are told.
[[nodiscard]] Result<void> erase_person(Transaction& transaction, const CollectiveId& collective,
                                        const PersonId& person);

} // namespace allot::circles
