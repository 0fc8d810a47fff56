/// Names of rows: UUIDv7 (RFC 9562, section 5.7) with the time cut to the UTC day, so that no
/// public link tells the hour in which somebody wrote.
#pragma once

#include "base/result.hpp"
#include "base/world.hpp"

#include <compare>
#include <string>
#include <string_view>

namespace allot {

/// An id of one kind of thing: `Id<struct PersonTag>` and `Id<struct CircleTag>` do not mix.
/// Always 36 characters, lower case, as `parse_id` reads it; an `Id` that was default-made is empty
/// and names nothing.
template <class Tag>
class Id {
  public:
    Id() = default;
    /// For texts that were checked by `parse_uuid` or come from the store.
    explicit Id(std::string text) : text_(std::move(text)) {}
    [[nodiscard]] const std::string& text() const { return text_; }
    [[nodiscard]] bool empty() const { return text_.empty(); }
    friend auto operator<=>(const Id&, const Id&) = default;

  private:
    std::string text_;
};

/// A new UUIDv7 as text; its time is the UTC day of `now`, 74 bits are random.
[[nodiscard]] std::string new_uuid(Moment now, Entropy& entropy);

/// Reads a UUID of any version in its usual form, either case. Errors: anything else.
[[nodiscard]] Result<std::string> parse_uuid(std::string_view s);

/// `new_id<PersonId>(now, entropy)`.
template <class AnId>
[[nodiscard]] AnId new_id(Moment now, Entropy& entropy) {
    return AnId(new_uuid(now, entropy));
}

} // namespace allot
