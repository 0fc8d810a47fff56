#include "engine/calendar/zone.hpp"

#include "base/limits.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <cstdint>
#include <utility>

#include <fmt/format.h>

namespace allot::calendar {

namespace {

using std::chrono::hours;
using std::chrono::seconds;

/// The offset of one time type.
constexpr std::size_t type_bytes = 6;

/// What a header says of the data block behind it (RFC 8536, section 3.1).
struct Header {
    char version = 0;
    std::uint64_t ut_flags = 0, standard_flags = 0, leap_seconds = 0;
    std::uint64_t transitions = 0, types = 0, name_bytes = 0;

    /// Bytes of the block, where a moment takes `width`. Six 32-bit counts cannot overflow it.
    [[nodiscard]] std::uint64_t block_bytes(std::uint64_t width) const {
        return transitions * (width + 1) + types * type_bytes + name_bytes +
               leap_seconds * (width + 4) + standard_flags + ut_flags;
    }
};

/// The data block, each array as bytes (RFC 8536, section 3.2).
struct Block {
    std::string_view times, type_indices, types, names, standard_flags, ut_flags;
};

struct Tables {
    seconds first_offset{0};
    std::vector<Instant> transitions;
    std::vector<seconds> offsets;
};

/// The big-endian two's complement number that is all of `bytes`, at most eight of them.
std::int64_t big_endian(std::string_view bytes) {
    const bool negative = !bytes.empty() && (static_cast<unsigned char>(bytes[0]) & 0x80U) != 0;
    std::uint64_t value = negative ? ~std::uint64_t{0} : 0;
    for (const char c : bytes) {
        value = (value << 8U) | static_cast<unsigned char>(c);
    }
    return static_cast<std::int64_t>(value);
}

std::size_t byte_at(std::string_view bytes, std::size_t i) {
    return static_cast<unsigned char>(bytes[i]);
}

/// The file, read from the front; every read is checked against what is left.
class Reader {
  public:
    Reader(std::string_view bytes, std::string_view name) : rest_(bytes), name_(name) {}

    [[nodiscard]] std::string_view rest() const { return rest_; }

    [[nodiscard]] std::unexpected<Error> wrong(std::string_view what) const {
        return fail(ErrorKind::invalid, fmt::format("zone {}: {}", name_, what));
    }

    Result<std::string_view> take(std::uint64_t n, std::string_view what) {
        if (n > rest_.size()) {
            return wrong(fmt::format("the file ends within its {}: {} bytes are left of {}", what,
                                     rest_.size(), n));
        }
        const auto taken = rest_.substr(0, n);
        rest_.remove_prefix(taken.size());
        return taken;
    }

    Result<Header> header();
    Result<Block> block(const Header& head, std::size_t width);
    Result<Tables> tables(const Header& head, std::size_t width);
    Result<std::optional<PosixRule>> footer(char version);

  private:
    std::string_view rest_, name_;
};

Result<Header> Reader::header() {
    TRY(const auto magic, take(4, "header"));
    if (magic != "TZif") {
        return wrong("not a compiled time zone: it does not begin with \"TZif\"");
    }
    TRY(const auto version, take(1, "header"));
    if (version[0] != '\0' && (version[0] < '2' || version[0] > '4')) {
        return wrong(fmt::format("version byte {} is unknown, expected version 1, 2, 3 or 4",
                                 byte_at(version, 0)));
    }
    TRY_DO(take(15, "header"));
    TRY(auto counts, take(24, "header")); // six numbers
    const auto next = [&counts] {
        const auto value = static_cast<std::uint32_t>(big_endian(counts.substr(0, 4)));
        counts.remove_prefix(4);
        return std::uint64_t{value};
    };
    Header head{.version = version[0]};
    head.ut_flags = next();
    head.standard_flags = next();
    head.leap_seconds = next();
    head.transitions = next();
    head.types = next();
    head.name_bytes = next();
    return head;
}

/// Section 3.1: what the counts of a header may be.
Result<void> check_counts(const Reader& in, const Header& head) {
    if (head.leap_seconds != 0) {
        return in.wrong("the file counts leap seconds, as those below right/ do; "
                        "use the zone without them");
    }
    if (head.types == 0 || head.name_bytes == 0) {
        return in.wrong("the file has no time type, or no name of one");
    }
    if ((head.ut_flags != 0 && head.ut_flags != head.types) ||
        (head.standard_flags != 0 && head.standard_flags != head.types)) {
        return in.wrong("the number of flags differs from that of the time types");
    }
    return {};
}

Result<Block> Reader::block(const Header& head, std::size_t width) {
    TRY_DO(check_counts(*this, head));
    Block b;
    TRY(b.times, take(head.transitions * width, "transition times"));
    TRY(b.type_indices, take(head.transitions, "transition types"));
    TRY(b.types, take(head.types * type_bytes, "time types"));
    TRY(b.names, take(head.name_bytes, "abbreviations"));
    TRY(b.standard_flags, take(head.standard_flags, "standard/wall flags"));
    TRY(b.ut_flags, take(head.ut_flags, "UT/local flags"));
    return b;
}

/// The offsets of the time types (section 3.2, "local time type records").
Result<std::vector<seconds>> type_offsets(const Reader& in, const Block& b) {
    if (b.names.back() != '\0') {
        return in.wrong("the last abbreviation does not end");
    }
    std::vector<seconds> offsets;
    for (std::size_t at = 0; at < b.types.size(); at += type_bytes) {
        const seconds offset(big_endian(b.types.substr(at, 4)));
        if (offset <= hours(-25) || offset >= beyond_any_offset) {
            return in.wrong(
                fmt::format("an offset of {} s is not between -25 and 26 hours", offset.count()));
        }
        if (byte_at(b.types, at + 4) > 1 || byte_at(b.types, at + 5) >= b.names.size()) {
            return in.wrong(fmt::format("time type {} is out of range", at / type_bytes));
        }
        offsets.push_back(offset);
    }
    return offsets;
}

/// Section 3.2: each flag is 0 or 1, and what is told in UT is told in standard time.
Result<void> check_flags(const Reader& in, const Block& b) {
    for (std::size_t i = 0; i < std::max(b.standard_flags.size(), b.ut_flags.size()); ++i) {
        const std::size_t standard = b.standard_flags.empty() ? 0 : byte_at(b.standard_flags, i);
        const std::size_t ut = b.ut_flags.empty() ? 0 : byte_at(b.ut_flags, i);
        if (standard > 1 || ut > standard) {
            return in.wrong(fmt::format("the flags of time type {} are out of range", i));
        }
    }
    return {};
}

Result<Tables> Reader::tables(const Header& head, std::size_t width) {
    TRY(const Block b, block(head, width));
    TRY(const auto of_type, type_offsets(*this, b));
    TRY_DO(check_flags(*this, b));
    Tables out;
    out.first_offset = of_type[0];
    for (std::size_t i = 0; i < b.type_indices.size(); ++i) {
        const Instant at{seconds(big_endian(b.times.substr(i * width, width)))};
        const std::size_t type = byte_at(b.type_indices, i);
        if (type >= of_type.size()) {
            return wrong(
                fmt::format("transition {} has time type {} of {}", i, type, of_type.size()));
        }
        if (i > 0 && at <= out.transitions.back()) {
            return wrong(fmt::format("transition {} is not later than the one before", i));
        }
        out.transitions.push_back(at);
        out.offsets.push_back(of_type[type]);
    }
    return out;
}

/// Section 3.3.
Result<std::optional<PosixRule>> Reader::footer(char version) {
    TRY(const auto line, take(rest_.size(), "footer"));
    if (line.size() < 2 || line.front() != '\n' || line.find('\n', 1) != line.size() - 1) {
        return wrong("the footer is not one line between two line ends");
    }
    const auto text = line.substr(1, line.size() - 2);
    if (text.empty()) {
        return std::nullopt;
    }
    auto rule = PosixRule::parse(text, version >= '3');
    if (!rule) {
        return wrong(rule.error().message);
    }
    return *rule;
}

} // namespace

bool is_zone_name(std::string_view name) {
    if (name.empty() || name.size() > max_zone_name_bytes || name.back() == '/') {
        return false;
    }
    char before = '/';
    for (const char c : name) {
        const bool letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
        const bool other = (c >= '0' && c <= '9') || c == '_' || c == '+';
        const bool within = (c == '-' || c == '/') && before != '/';
        if (!letter && !other && !within) {
            return false;
        }
        before = c;
    }
    return true;
}

Result<Zone> Zone::parse(std::string_view tzif_bytes, std::string name) {
    if (!is_zone_name(name)) {
        return fail(
            ErrorKind::invalid,
            fmt::format("\"{}\" is not a zone name such as Europe/Paris", text::shown(name)));
    }
    Reader in(tzif_bytes, name);
    if (tzif_bytes.size() > limits::max_tzif_bytes) {
        return in.wrong(fmt::format("{} bytes are more than limit max_tzif_bytes = {}",
                                    tzif_bytes.size(), limits::max_tzif_bytes));
    }
    Zone zone;
    TRY(Header head, in.header());
    std::size_t width = 4;
    if (head.version != '\0') {
        const char version = head.version;
        TRY_DO(in.take(head.block_bytes(width), "32-bit block"));
        TRY(head, in.header());
        if (head.version != version) {
            return in.wrong("its two headers are of different versions");
        }
        width = 8;
    }
    TRY(Tables tables, in.tables(head, width));
    if (head.version != '\0') {
        TRY(zone.footer_, in.footer(head.version));
    }
    if (!in.rest().empty()) {
        return in.wrong(fmt::format("{} bytes follow its end", in.rest().size()));
    }
    if (zone.footer_ && !tables.transitions.empty() &&
        zone.footer_->period_at(tables.transitions.back()).offset != tables.offsets.back()) {
        return in.wrong("its footer disagrees with its last transition");
    }
    zone.name_ = std::move(name);
    zone.first_offset_ = tables.first_offset;
    zone.transitions_ = std::move(tables.transitions);
    zone.offsets_ = std::move(tables.offsets);
    return zone;
}

Zone Zone::of_changes(std::string name, seconds first, std::span<const OffsetChange> changes) {
    ALLOT_CHECK(std::ranges::adjacent_find(changes, std::ranges::greater_equal(),
                                           &OffsetChange::at) == changes.end(),
                "changes of the clock ascend");
    Zone zone;
    zone.name_ = std::move(name);
    zone.first_offset_ = first;
    for (const OffsetChange& change : changes) {
        zone.transitions_.push_back(change.at);
        zone.offsets_.push_back(change.offset);
    }
    return zone;
}

Zone Zone::utc() {
    Zone zone;
    zone.name_ = "UTC";
    return zone;
}

Period Zone::period_at(Instant t) const {
    const auto next = std::ranges::upper_bound(transitions_, t);
    if (next == transitions_.end() && footer_) {
        return footer_->period_at(t);
    }
    const auto passed = static_cast<std::size_t>(next - transitions_.begin());
    return {.offset = passed == 0 ? first_offset_ : offsets_[passed - 1],
            .until = next == transitions_.end() ? Instant::max() : *next};
}

seconds Zone::offset_at(Instant t) const {
    return period_at(t).offset;
}

std::chrono::local_seconds Zone::to_local(Instant t) const {
    return std::chrono::local_seconds(t.time_since_epoch() + offset_at(t));
}

Instant Zone::to_utc(std::chrono::local_seconds local) const {
    // `local` read as if it were UTC; the clock shows it, or jumps over it, within 26 hours of it.
    const Instant read(local.time_since_epoch());
    std::optional<Instant> in_gap;
    Instant begin = read - beyond_any_offset;
    Period period = period_at(begin);
    while (true) {
        const Instant candidate = read - period.offset;
        if (candidate >= begin && candidate < period.until) {
            return candidate;
        }
        if (period.until > read + beyond_any_offset) {
            ALLOT_CHECK(in_gap, "a clock passes every time or jumps over it");
            return *in_gap;
        }
        const Period next = period_at(period.until);
        const bool jumped = candidate >= period.until && read - next.offset < period.until;
        if (jumped && !in_gap) {
            in_gap = candidate;
        }
        begin = period.until;
        period = next;
    }
}

} // namespace allot::calendar
