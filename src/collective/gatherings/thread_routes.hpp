/// Routes of what is written around a gathering, and what they share.
#pragma once

#include "collective/gatherings/thread_views.hpp"
#include "platform/pages/form_reader.hpp"
#include "platform/pages/router.hpp"

#include <vector>

namespace allot::gatherings {

[[nodiscard]] std::vector<pages::Route> thread_routes();         ///< adding, changing, pictures
[[nodiscard]] std::vector<pages::Route> thread_earlier_routes(); ///< pages of a long thread
[[nodiscard]] std::vector<pages::Route> thread_host_routes();    ///< what hosts do about them
[[nodiscard]] std::vector<pages::Route> presence_routes();
[[nodiscard]] std::vector<pages::Route> prepare_routes(); ///< before: paper, agenda, title
[[nodiscard]] std::vector<pages::Route> after_routes();   ///< after: notes, lines, recording

/// The gathering of the path, for commands while its series runs. Errors: `missing`, `conflict`.
[[nodiscard]] Result<At> running_gathering_of(Transaction& transaction, const pages::Call& call,
                                              ZoneBook& zones);

/// The page of a gathering with what was typed into the form of its thread.
[[nodiscard]] Result<pages::Page> gathering_page(const pages::Call& call,
                                                 const TypedAddition& typed);

/// Counts one more thing that a guest, or anybody without an account, writes. Errors: `too_many`.
[[nodiscard]] Result<void> count_guest(Transaction& transaction, const pages::Call& call,
                                       std::string_view place);

} // namespace allot::gatherings
