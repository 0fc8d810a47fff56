/// What mail about gatherings is written with, in a request or outside of one.
#pragma once

#include "collective/gatherings/series_store.hpp"
#include "collective/gatherings/zone_book.hpp"
#include "platform/mail/outbox.hpp"
#include "platform/pages/call.hpp"

#include <span>
#include <string>
#include <string_view>

namespace allot::gatherings {

/// Of one collective; what it is made from outlives it.
struct Post {
    const pages::House& house;
    const auth::Collective& collective;
    std::span<const pages::Catalogue> words; ///< of each language, at least of English
    std::string origin;                      ///< what links begin with: "https://lab.example"

    [[nodiscard]] Moment now() const { return house.clock.now(); }
    [[nodiscard]] Instant second() const { return std::chrono::floor<std::chrono::seconds>(now()); }
    /// Those of `language`; of English where there are none.
    [[nodiscard]] const pages::Catalogue& words_for(std::string_view language) const;
    /// "https://lab.example/c/lab" + `rest`.
    [[nodiscard]] std::string address(std::string_view rest) const;
    [[nodiscard]] std::string address(const Series& series) const;
    [[nodiscard]] std::string address(const Series& series, Wall original) const;
};

[[nodiscard]] Post post_of(const pages::Call& call);
[[nodiscard]] Post post_outside(const pages::House& house, const auth::Collective& collective,
                                std::span<const pages::Catalogue> words, std::string origin);

/// What an address is to a series.
struct Standing {
    bool sees = false;    ///< may read about it
    bool belongs = false; ///< to the collective: is shown the link to join
    std::string zone;     ///< of her account; empty without one
    std::string language;
};
[[nodiscard]] Result<Standing> standing_of(Transaction& transaction, const Post& post,
                                           const Series& series, std::string_view mail);

/// "Thursday 14 January at 17:00 (London)", on the clock of `zone`. Errors: no such zone.
[[nodiscard]] Result<std::string> say_when(const pages::Catalogue& words, ZoneBook& zones,
                                           std::string_view zone, Instant at);

/// Writes a mail of the collective of `post`.
[[nodiscard]] Result<void> write(Transaction& transaction, const Post& post,
                                 const mail::Mail& mail);

} // namespace allot::gatherings
