/// A hook: a place elsewhere (a chat room, a program) in which a collective posts its news; and the
/// messages that rooms post there. Nothing of a person is kept here.
#pragma once

#include "base/ids.hpp"
#include "base/result.hpp"
#include "base/world.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace allot::hooks {

using HookId = Id<struct HookTag>;

/// What stands at the other end.
enum class Kind : std::uint8_t { discord, slack, zulip, matrix, json };

/// A line of the table of kinds.
struct KindRule {
    Kind kind;
    std::string_view name; ///< in the database, forms and the API: "discord"
    /// Whether the other end knows a message by its id, so that it may be sent again where nobody
    /// knows whether it arrived. The others: better never than twice.
    bool again = false;
    bool has_place = false; ///< a stream of Zulip, a room of Matrix
    bool has_topic = false;
    bool has_bot = false;
    bool has_key = false;   ///< that a person copies from there; the address alone is no secret
    bool is_signed = false; ///< by a key that this server makes
};

[[nodiscard]] std::span<const KindRule> kind_rules();
[[nodiscard]] const KindRule& rule_of(Kind kind);
/// nullopt: a name that the table does not have.
[[nodiscard]] std::optional<Kind> kind_named(std::string_view name);

inline constexpr std::size_t longest_name = 100;
inline constexpr std::size_t longest_address = 1000;
inline constexpr std::size_t longest_place = 200;
inline constexpr std::size_t longest_topic = 60; ///< as Zulip has it
inline constexpr std::size_t longest_key = 500;
/// Of one collective.
inline constexpr std::size_t most_hooks = 50;

/// Why a hook does not post, or how its last try ended. Words for each are in the catalogue.
enum class Trouble : std::uint8_t {
    none,
    by_hand,      ///< a host has paused it
    unauthorized, ///< 401: the key or the address is not known there
    forbidden,    ///< 403
    missing,      ///< 404
    gone,         ///< 410
    moved,        ///< 3xx: nothing is followed
    refused,      ///< another 4xx: this message is not wanted
    busy,         ///< 429
    broken,       ///< 5xx
    unreachable,  ///< no connection
    silent,       ///< no answer in time
    untrusted,    ///< its certificate
    inside,       ///< an address inside of a network, to which nothing is sent
    unsure,       ///< all was handed over, and then nothing was heard
};
[[nodiscard]] std::string_view name_of(Trouble trouble);
/// Of a name that the store has; it aborts where there is none.
[[nodiscard]] Trouble trouble_named(std::string_view name);
[[nodiscard]] bool is_trouble(std::string_view name);

/// What a host writes about a hook.
struct About {
    Kind kind = Kind::discord;
    std::string name;
    std::string address; ///< secret where the kind has no key: whoever has it may post there
    std::string place;
    std::string topic;
    std::string bot; ///< the name of the program there: an address of mail at Zulip
    std::string key; ///< secret
    std::optional<std::string> circle; ///< the id of the circle whose news it gets; none: all
    bool hears_all = false;            ///< also what is not public
};

struct Hook {
    HookId id;
    About about;
    bool paused = false;
    Trouble trouble = Trouble::none; ///< why it is paused; else of its last try
    std::optional<std::chrono::sys_days> trouble_day;
    std::optional<std::chrono::sys_days> posted_day; ///< the last one on which it posted
    std::int64_t failures = 0;                       ///< since it last posted
    std::optional<Moment> quiet_until;               ///< it is left alone until then
};

struct Link {
    std::string label; ///< one line, plain
    std::string url;   ///< whole: "https://lab.example/c/lab/..."
};

inline constexpr std::size_t longest_title = 200;
inline constexpr std::size_t longest_text = 1500;
inline constexpr std::size_t most_links = 5;

/// What a room posts. Names of people stay out: it leaves this server, and nobody can erase it.
struct Message {
    std::string key; ///< "gathering:ID:announced"; a hook posts what has one key once
    std::optional<std::string> circle; ///< the id of the circle that it is of
    bool is_public = false; ///< anybody may read it; else only hooks that may hear all get it
    std::string title;      ///< one line
    std::string text;       ///< plain, some lines; longer than `longest_text` it is cut
    std::vector<Link> links;
    std::optional<Moment> good_until; ///< of no use after that, such as when it has begun
};

/// Whether a hook gets it: news of its circle, or of all where it has none; what is not public only
/// where it may hear that. A hook that is paused gets nothing.
[[nodiscard]] bool listens(const Hook& hook, const Message& message);

/// What of a secret may be shown: its last four characters; of short ones nothing.
[[nodiscard]] std::string end_of(std::string_view secret);

} // namespace allot::hooks
