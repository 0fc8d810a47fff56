/// How a browser without an account is known by what it wrote or planned: a random value in a
/// cookie, of which rows hold a hash that is another one in each gathering.
#pragma once

#include "collective/gatherings/thread.hpp"
#include "platform/pages/call.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace allot::gatherings {

inline constexpr std::string_view own_cookie = "__Host-mine";
inline constexpr std::chrono::days own_key_lasts{180};
/// Keys that came by links from other devices, beside the one of this browser.
inline constexpr std::size_t most_other_keys = 4;

/// The keys of a browser: with its own it writes; the others let it change what was written
/// elsewhere. A link that somebody else sent can therefore not make a guest write under a key that
/// this somebody knows.
struct OwnKeys {
    std::string own; ///< empty where it has none yet
    std::vector<std::string> others;

    /// Whether one of them stands behind `hash`.
    [[nodiscard]] bool open(std::string_view hash, const CollectiveId& collective,
                            const AdditionId& addition) const;
};

[[nodiscard]] OwnKeys own_keys(const pages::Call& call);
/// The key under which this browser writes: that of its cookie, else one that comes from the cookie
/// of its forms, so that a form that was sent twice is of one guest.
[[nodiscard]] std::string key_to_write(const pages::Call& call);
/// A whole set-cookie value.
[[nodiscard]] std::string cookie_of_keys(const OwnKeys& keys);

/// Lets this browser keep the key under which it has just written, with those that it has.
void keep_key(const pages::Call& call, const std::string& own, pages::Done& done);

/// "/own/..." below a gathering: opens what this browser wrote in another one.
[[nodiscard]] std::string own_link(const pages::Call& call, std::string_view own);
/// The key of such a link; nothing where this server did not make it.
[[nodiscard]] std::optional<std::string> key_of_link(const pages::Call& call);

/// How rows name who looks: by her id, or by her hash; empty where nobody is known.
[[nodiscard]] std::string who_plans(const pages::Call& call, const GatheringKey& key);

} // namespace allot::gatherings
