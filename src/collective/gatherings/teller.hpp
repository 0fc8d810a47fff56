/// What anything about gatherings is told with, in a request or outside of one, and to whom it may
/// be told.
#pragma once

#include "collective/gatherings/series_store.hpp"
#include "collective/gatherings/zone_book.hpp"
#include "platform/mail/outbox.hpp"
#include "platform/pages/call.hpp"

#include <span>
#include <string>
#include <string_view>

namespace allot::gatherings {

/// Of one collective, at one moment; house and words outlive it.
struct Teller {
    const pages::House& house;
    std::span<const pages::Catalogue> words; ///< of each language
    std::string origin;                      ///< "https://lab.example"
    auth::Collective collective;
    Moment now;

    [[nodiscard]] Instant second() const { return std::chrono::floor<std::chrono::seconds>(now); }
    /// Words of a language; English where it is empty or unknown.
    [[nodiscard]] const pages::Catalogue& words_for(std::string_view language) const;
    /// A whole address: "https://lab.example/c/lab" + `rest`.
    [[nodiscard]] std::string address(std::string_view rest) const;
    /// Of the page of a series, or of a gathering.
    [[nodiscard]] std::string address_of(const Series& series) const;
    [[nodiscard]] std::string address_of(const Series& series, Wall original) const;
};
/// What a request tells with.
[[nodiscard]] Teller teller_of(const pages::Call& call);

/// What an address is to a series.
struct Standing {
    bool sees = false;    ///< may read about it
    bool belongs = false; ///< to the collective: is shown the link to join
};
[[nodiscard]] Result<Standing> standing_of(Transaction& transaction, const Teller& teller,
                                           const Series& series, std::string_view mail);

/// A zone or a rule of one series, or of one person, that cannot be read: the others go on.
[[nodiscard]] bool is_of_one(const Result<void>& done);

/// The zone on whose clock somebody reads: her own, or `other` where she named none or this machine
/// does not know it.
[[nodiscard]] const std::string& clock_of(ZoneBook& zones, const std::string& own,
                                          const std::string& other);

/// "Thursday, 14 January at 17:00", for readers whose browser nobody knows: of the ways to write a
/// time in English the one without "PM", since for many 5:00 may be either half of the day.
[[nodiscard]] std::string say_wall(const pages::Catalogue& words, std::string_view wall);

/// "Thursday 14 January at 17:00 (London)", on the clock of `zone`. Errors: no such zone.
[[nodiscard]] Result<std::string> say_when(const pages::Catalogue& words, ZoneBook& zones,
                                           std::string_view zone, Instant at);

/// Writes a mail of the collective of `teller`.
[[nodiscard]] Result<void> write(Transaction& transaction, const Teller& teller,
                                 const mail::Mail& mail);

} // namespace allot::gatherings
