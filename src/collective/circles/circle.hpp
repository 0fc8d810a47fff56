/// A circle: some people of a collective who care about one issue, in a form of their own. What it
/// says of itself, who keeps it, and the rules about both. Nobody is shown how many belong.
#pragma once

#include "base/result.hpp"
#include "platform/auth/viewer.hpp"

#include <array>
#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace allot::circles {

using auth::CircleId;
using auth::CollectiveId;
using auth::PersonId;
using RequestId = Id<struct RequestTag>;

/// Names of enumerators as the store, forms and the API write them; the order is that of the type.
inline constexpr std::array<std::string_view, 5> kind_names = {
    "lab", "open_collab", "interest_group", "chapter", "plain"};
inline constexpr std::array<std::string_view, 2> joining_names = {"link", "ask"};
inline constexpr std::array<std::string_view, 3> way_names = {"quarter", "evening", "year"};
inline constexpr std::array<std::string_view, 6> charter_names = {"purpose", "meeting", "treating",
                                                                  "hosting", "concern", "ending"};

enum class Kind : std::uint8_t { lab, open_collab, interest_group, chapter, plain };
/// How people come in: by a link that a host gave them, or also by asking.
enum class Joining : std::uint8_t { link, ask };
enum class State : std::uint8_t { open, ended };
enum class PartName : std::uint8_t { member, host };

inline constexpr std::size_t longest_name = 100;
inline constexpr std::size_t longest_line = 200;
inline constexpr std::size_t longest_words = 2000;
inline constexpr std::size_t longest_request = 500;
inline constexpr std::int64_t smallest_split = 3;
inline constexpr std::int64_t largest_split = 500;

/// How long a host keeps the part until the server asks: still?
inline constexpr std::chrono::days host_time{120};
/// How long a link of an invitation works.
inline constexpr std::chrono::days invitation_time{30};

/// What hosts write about their circle. Everything but name and issue may stay empty.
struct About {
    std::string name;
    Kind kind = Kind::plain;
    std::string issue;                                     ///< what it cares about, one sentence
    std::string framework;                                 ///< how it works on that
    std::array<std::string, way_names.size()> ways;        ///< fifteen minutes, an evening, a year
    std::array<std::string, charter_names.size()> charter; ///< a sentence each
    Joining joining = Joining::ask;
    std::optional<std::int64_t> split_size; ///< as large as hosts want it; nobody else learns it

    friend bool operator==(const About&, const About&) = default;
};

struct Circle {
    CircleId id;
    std::string slug; ///< in addresses; stays when the name changes
    About about;
    State state = State::open;
    std::chrono::sys_days began;
};

/// What somebody is in a circle.
struct Part {
    PersonId person;
    PartName name = PartName::member;
    bool resting = false;            ///< in this circle
    bool away = false;               ///< rests altogether, in all circles
    std::chrono::sys_days ask_again; ///< from this day on a host is asked: still?
};

using Parts = std::span<const Part>;

/// A circle without a way in is a draft: only those who belong to it see it.
[[nodiscard]] bool is_draft(const About& about);
/// Which of `way_names` is the smallest way in; none in a draft.
[[nodiscard]] std::optional<std::size_t> first_way(const About& about);

[[nodiscard]] const Part* part_of(Parts parts, const PersonId& person);
[[nodiscard]] bool is_host(Parts parts, const PersonId& person);
[[nodiscard]] bool has_host(Parts parts);
[[nodiscard]] bool rests(const Part& part);
/// Fewer than two hosts who do not rest. For hosts to know, and nobody else.
[[nodiscard]] bool at_risk(Parts parts);
/// Whether it has grown to the size at which its hosts would split it.
[[nodiscard]] bool as_large_as_wanted(const About& about, Parts parts);
/// Whether it is the day to ask a host: still? Who rests is asked when she is back.
[[nodiscard]] bool asks_still(const Part& part, std::chrono::sys_days today);

/// What is done in a circle is done while it is open. Errors: `conflict`.
[[nodiscard]] Result<void> must_be_open(const Circle& circle);
/// Errors: `missing` where she has no part; `conflict` for the last host of an open circle, who
/// hands it over or ends it.
[[nodiscard]] Result<void> may_leave(const Circle& circle, Parts parts, const PersonId& person);
/// Errors: `conflict` where `from` is no host or hands over to herself; `missing` where `to` has no
/// part here.
[[nodiscard]] Result<void> may_hand_over(Parts parts, const PersonId& from, const PersonId& to);

/// What a circle that splits off is called until a host says otherwise: "Garden" -> "Garden 2",
/// "Garden 2" -> "Garden 3".
[[nodiscard]] std::string next_name(std::string_view name);

[[nodiscard]] std::string_view name_of(Kind kind);
[[nodiscard]] std::string_view name_of(Joining joining);
[[nodiscard]] std::string_view name_of(State state);
[[nodiscard]] std::string_view name_of(PartName part);
/// Names of the tables above only: from the store, or from a form that has checked them.
/// Whether there is one of that name; the functions below abort where there is none.
[[nodiscard]] bool is_kind(std::string_view name);
[[nodiscard]] bool is_joining(std::string_view name);
[[nodiscard]] bool is_state(std::string_view name);
[[nodiscard]] bool is_part(std::string_view name);
[[nodiscard]] Kind kind_named(std::string_view name);
[[nodiscard]] Joining joining_named(std::string_view name);
[[nodiscard]] State state_named(std::string_view name);
[[nodiscard]] PartName part_named(std::string_view name);

} // namespace allot::circles
