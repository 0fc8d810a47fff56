#include "engine/calendar/zone_table.hpp"

#include "base/result.hpp"

#include <algorithm>

namespace allot::calendar {

namespace {

using std::chrono::local_seconds;

local_seconds shown_at(Instant t, std::chrono::seconds offset) {
    return local_seconds(t.time_since_epoch() + offset);
}

} // namespace

ZoneTable::ZoneTable(const Zone& zone, Instant from, Instant to) : zone_(zone) {
    // RFC 5545, section 3.3.5: a time that occurs twice is read with the offset before the change,
    // and so is one that the clock jumps over. So an offset is read from the later of the two times
    // that the clock shows at the change.
    Period period = zone.period_at(from - 2 * beyond_any_offset);
    begins_.push_back(shown_at(from, -beyond_any_offset));
    offsets_.push_back(period.offset);
    Instant changed = Instant::min();
    while (period.until < to + 2 * beyond_any_offset) {
        const Period next = zone.period_at(period.until);
        if (next.offset != period.offset) {
            if (changed != Instant::min() && period.until - changed < 2 * beyond_any_offset) {
                begins_.clear();
                return;
            }
            changed = period.until;
            const auto begin = shown_at(changed, std::max(period.offset, next.offset));
            if (begin <= begins_.front()) {
                offsets_.front() = next.offset;
            } else {
                begins_.push_back(begin);
                offsets_.push_back(next.offset);
            }
        }
        period = next;
    }
    const auto end = shown_at(to, beyond_any_offset);
    while (begins_.back() >= end && begins_.size() > 1) {
        begins_.pop_back();
        offsets_.pop_back();
    }
    begins_.push_back(end);
}

void ZoneTable::to_utc(std::span<const local_seconds> local, std::span<Instant> out) const {
    ALLOT_CHECK(local.size() == out.size(), "as many moments as local times");
    std::size_t i = 0;
    while (i < local.size()) {
        const auto later = std::ranges::upper_bound(begins_, local[i]);
        if (later == begins_.begin() || later == begins_.end()) {
            out[i] = zone_.to_utc(local[i]);
            ++i;
            continue;
        }
        for (auto stretch = static_cast<std::size_t>(later - begins_.begin()) - 1;
             i < local.size() && stretch + 1 < begins_.size() && local[i] >= begins_[stretch];
             ++stretch) {
            const auto offset = offsets_[stretch];
            const auto end = begins_[stretch + 1];
            for (; i < local.size() && local[i] < end && local[i] >= begins_[stretch]; ++i) {
                out[i] = Instant(local[i].time_since_epoch() - offset);
            }
        }
    }
}

local_seconds last_start(Instant until, const Zone& zone) {
    // From the time shown at `until` on, what is read as a moment ascends, up to the next jump.
    local_seconds low = zone.to_local(until);
    local_seconds high = low + beyond_any_offset;
    while (high - low > std::chrono::seconds(1)) {
        const local_seconds middle = low + (high - low) / 2;
        (zone.to_utc(middle) <= until ? low : high) = middle;
    }
    return low;
}

} // namespace allot::calendar
