/// What answers by mail change in the rows of threads and of presence.
#pragma once

#include "collective/gatherings/series_store.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace allot::gatherings {

/// Who wrote: a person, or a guest by a hash of her address.
struct Writer {
    std::optional<PersonId> person;
    std::string name; ///< of a guest, as her mail says
    std::string mail_hash;
};

/// "m:" and the hash, or the id of a person: seen by nobody.
[[nodiscard]] std::string who_of(const Writer& writer);

/// Keeps whether she comes: nothing where she has not decided. Where all seats are taken, nothing
/// changes.
[[nodiscard]] Result<void> note_presence(Transaction& transaction, const CollectiveId& collective,
                                         const Series& series, Wall original, const Writer& writer,
                                         std::optional<bool> comes);

/// What became of words for a thread.
enum class Noted : std::uint8_t {
    kept,
    nowhere, ///< there is no such gathering any more
    closed,  ///< to guests
    full,    ///< as many as there may be
};
/// Words for the thread of a gathering: a question where a line ends in a question mark, else an
/// idea; a host looks first where the series says so. Errors: the database.
[[nodiscard]] Result<Noted> note_words(Transaction& transaction, const CollectiveId& collective,
                                       const Series& series, Wall original, const Writer& writer,
                                       std::string_view words, ZoneBook& zones, Moment now,
                                       Entropy& entropy);

} // namespace allot::gatherings
