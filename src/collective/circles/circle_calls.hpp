/// What the routes of circles share: the circle of the path, and who a caller is to it.
#pragma once

#include "collective/circles/circle_store.hpp"
#include "platform/pages/call.hpp"
#include "platform/pages/form_reader.hpp"

#include <string>
#include <string_view>

namespace allot::circles {

/// Whether the viewer keeps the circle of the path: a host of it, or a steward.
[[nodiscard]] bool keeps(const pages::Call& call);

/// "/c/lab/circles/plants-at-night" + `rest`.
[[nodiscard]] std::string path_of(const pages::Call& call, const Circle& circle,
                                  std::string_view rest = {});

/// The circle of the path. Errors: `missing` where there is none, and for a draft of others.
[[nodiscard]] Result<Circle> circle_of(Transaction& transaction, const pages::Call& call);
/// For commands. Errors: also `conflict` where it has ended.
[[nodiscard]] Result<Circle> open_circle_of(Transaction& transaction, const pages::Call& call);

/// A line of the audit log about the viewer, or about `who`, somebody who has just come.
[[nodiscard]] Result<void> note(Transaction& transaction, const pages::Call& call,
                                std::string_view what);
[[nodiscard]] Result<void> note(Transaction& transaction, const pages::Call& call,
                                const PersonId& who, std::string_view what);

/// What somebody says who is signed in and new to the collective.
struct Newcomer {
    std::string name;
    std::string zone;
};

/// Reads it where the viewer is new; else there is nothing to read.
[[nodiscard]] Newcomer read_newcomer(pages::FormReader& form, const pages::Call& call);

/// The viewer as a person of the collective, who becomes one with `role` if she is none yet. Where
/// she is a guest and `role` is member, she becomes a member.
[[nodiscard]] Result<PersonId> person_of_viewer(Transaction& transaction, const pages::Call& call,
                                                const Newcomer& newcomer, auth::Role role);

/// Makes a guest a member; others stay what they are. Errors: `missing` for nobody.
[[nodiscard]] Result<void> make_member(Transaction& transaction, const CollectiveId& collective,
                                       const PersonId& person, Moment now);

} // namespace allot::circles
