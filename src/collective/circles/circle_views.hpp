/// Circles as pages of several rooms show them: the list, the front page, and what is kept about
/// one person.
#pragma once

#include "collective/circles/circle_store.hpp"
#include "platform/pages/answer.hpp"
#include "platform/pages/call.hpp"

#include <string>
#include <vector>

#include <boost/describe/class.hpp>

namespace allot::circles {

struct CircleLine {
    std::string slug;
    std::string name;
    std::string kind; ///< of `kind_names`
    std::string issue;
    std::string way;       ///< of `way_names`: the smallest way in; empty in a draft
    std::string way_words; ///< what it is
    bool mine = false;     ///< the viewer has a part in it
    bool draft = false;
};
BOOST_DESCRIBE_STRUCT(CircleLine, (), (slug, name, kind, issue, way, way_words, mine, draft))

struct CircleLines {
    std::vector<CircleLine> open;
    std::vector<CircleLine> ended;
};

/// Those that this viewer may see, by name. Drafts: only hers, and all of them for stewards.
[[nodiscard]] Result<CircleLines> circle_lines(Transaction& transaction, const pages::Call& call);

/// Open circles that would have no host without this person, by name.
[[nodiscard]] Result<std::vector<CircleLine>>
circles_resting_on(Transaction& transaction, const pages::Call& call, const PersonId& person);

/// Her parts and what she asked.
[[nodiscard]] Result<pages::View>
known_view(Transaction& transaction, const CollectiveId& collective, const PersonId& person);

} // namespace allot::circles
