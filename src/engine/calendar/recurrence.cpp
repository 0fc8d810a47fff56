#include "engine/calendar/recurrence.hpp"

#include "base/limits.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace allot::calendar {

namespace {

using std::chrono::local_seconds;

local_seconds local(WallSeconds t) {
    return local_seconds(std::chrono::seconds(t));
}

WallSeconds seconds_of(local_seconds t) {
    return t.time_since_epoch().count();
}

/// The indices of `total` elements that BYSETPOS names, ascending, into `chosen`.
void choose(const std::vector<int>& positions, std::size_t total,
            std::vector<std::size_t>& chosen) {
    chosen.clear();
    const auto size = static_cast<std::int64_t>(total);
    for (const int position : positions) {
        const std::int64_t index = position > 0 ? position - 1 : size + position;
        if (index >= 0 && index < size) {
            chosen.push_back(static_cast<std::size_t>(index));
        }
    }
    std::ranges::sort(chosen);
    chosen.erase(std::ranges::unique(chosen).begin(), chosen.end());
}

WallSeconds last_of(const Rule& rule) {
    if (!rule.until) {
        return seconds_of(end_of_time);
    }
    const bool whole_day = rule.until->form == TimeForm::date;
    return seconds_of(rule.until->time) + (whole_day ? 86400 - 1 : 0);
}

} // namespace

Result<Recurrence> Recurrence::make(const Rule& rule, const WallTime& start,
                                    std::optional<local_seconds> last) {
    if (start.form == TimeForm::date && rule.frequency < Frequency::daily) {
        return fail(ErrorKind::invalid,
                    "a rule by the hour, minute or second needs a start with a time, not a date");
    }
    return Recurrence(rule, start, last ? seconds_of(*last) : last_of(rule));
}

Recurrence::Recurrence(const Rule& rule, const WallTime& start, WallSeconds last)
    : periods_(rule, start), offsets_(periods_.offsets()), start_(seconds_of(start.time)),
      last_(std::min(last, seconds_of(end_of_time))), floor_(start_) {
    // Where a period has one base, BYSETPOS chooses the same offsets in each.
    if (!rule.positions.empty() && periods_.has_one_base()) {
        std::vector<WallSeconds> kept;
        choose(rule.positions, offsets_.size(), chosen_);
        for (const std::size_t index : chosen_) {
            kept.push_back(offsets_[index]);
        }
        offsets_ = std::move(kept);
    } else {
        positions_ = rule.positions;
    }
    if (offsets_.empty()) { // BYSETPOS names none: the set is over before it begins
        offsets_ = {0};
        last_ = start_ - 1;
    } else if (rule.count && periods_.are_even()) {
        bound_even_count(*rule.count);
    } else {
        count_ = rule.count;
    }
    left_ = count_.value_or(0);
}

/// Turns COUNT into a last time: no later seek has to count.
void Recurrence::bound_even_count(std::int64_t count) {
    if (periods_.open_at(start_, budget()) != Periods::Opened::yes) {
        return;
    }
    const WallSeconds first = periods_.bases().front();
    const auto passed = std::ranges::lower_bound(offsets_, start_ - first) - offsets_.begin();
    const auto size = static_cast<std::int64_t>(offsets_.size());
    const std::int64_t index = passed + count - 1;
    WallSeconds to_period = 0;
    if (!__builtin_mul_overflow(index / size, periods_.stride(), &to_period) &&
        to_period < seconds_of(end_of_time) - first) {
        last_ =
            std::min(last_, first + to_period + offsets_[static_cast<std::size_t>(index % size)]);
    }
}

std::int64_t Recurrence::budget() const {
    return limits::max_rule_steps + given_ * limits::rule_steps_a_time;
}

void Recurrence::note(Periods::Opened opened) {
    at_ = 0;
    switch (opened) {
    case Periods::Opened::yes:
        state_ = State::in_a_period;
        if (!positions_.empty()) {
            choose(positions_, periods_.bases().size() * offsets_.size(), chosen_);
        }
        break;
    case Periods::Opened::no_more:
        state_ = State::ended;
        break;
    case Periods::Opened::too_complex:
        state_ = State::too_complex;
        break;
    }
}

void Recurrence::open_at(WallSeconds t) {
    note(periods_.open_at(t, budget()));
}

void Recurrence::open_next() {
    note(periods_.open_next(budget()));
}

std::size_t Recurrence::size_of_period() const {
    return positions_.empty() ? periods_.bases().size() * offsets_.size() : chosen_.size();
}

WallSeconds Recurrence::value_at(std::size_t index) const {
    const std::size_t flat = positions_.empty() ? index : chosen_[index];
    if (offsets_.size() == 1) { // nearly always: no division
        return periods_.bases()[flat] + offsets_[0];
    }
    return periods_.bases()[flat / offsets_.size()] + offsets_[flat % offsets_.size()];
}

Result<std::size_t> Recurrence::read(std::span<local_seconds> out) {
    std::size_t n = 0;
    if (state_ == State::before_a_period) {
        open_at(floor_);
    }
    while (n < out.size() && state_ == State::in_a_period) {
        const auto room = out.subspan(n);
        n += periods_.are_even() && positions_.empty() ? read_even(room) : read_period(room);
    }
    given_ += static_cast<std::int64_t>(n);
    if (n == 0 && state_ == State::too_complex) {
        return fail(ErrorKind::invalid,
                    fmt::format("the rule is too complex: after {} steps the next time was not "
                                "found (limit max_rule_steps = {})",
                                steps(), limits::max_rule_steps));
    }
    return n;
}

/// Whole periods at once: nothing has to be looked at.
std::size_t Recurrence::read_even(std::span<local_seconds> out) {
    const WallSeconds stride = periods_.stride();
    WallSeconds base = periods_.bases().front();
    std::size_t at = at_;
    std::size_t n = 0;
    if (offsets_.size() == 1 && base + offsets_[0] >= floor_) {
        const WallSeconds first = base + offsets_[0];
        const WallSeconds there_are = first > last_ ? 0 : (last_ - first) / stride + 1;
        n = static_cast<std::size_t>(std::min(static_cast<WallSeconds>(out.size()), there_are));
        for (std::size_t i = 0; i < n; ++i) {
            out[i] = local(first + static_cast<WallSeconds>(i) * stride);
        }
        base += static_cast<WallSeconds>(n) * stride;
    } else {
        for (; n < out.size() && base + offsets_[at] <= last_; base += at == 0 ? stride : 0) {
            if (base + offsets_[at] >= floor_) {
                out[n++] = local(base + offsets_[at]);
            }
            at = at + 1 == offsets_.size() ? 0 : at + 1;
        }
    }
    if (n < out.size()) {
        state_ = State::ended;
    } else if (base != periods_.bases().front()) {
        open_at(base);
    }
    at_ = at;
    return n;
}

std::size_t Recurrence::read_period(std::span<local_seconds> out) {
    const std::size_t size = size_of_period();
    std::size_t n = 0;
    for (; at_ < size && n < out.size(); ++at_) {
        const WallSeconds t = value_at(at_);
        if (t < floor_) {
            continue;
        }
        if (t > last_ || (count_ && left_ == 0)) {
            state_ = State::ended;
            return n;
        }
        left_ -= count_ ? 1 : 0;
        out[n++] = local(t);
    }
    if (at_ == size) {
        open_next();
    }
    return n;
}

Result<std::optional<local_seconds>> Recurrence::next() {
    local_seconds t{};
    TRY(const std::size_t n, read({&t, 1}));
    return n == 0 ? std::nullopt : std::optional(t);
}

void Recurrence::seek(local_seconds t) {
    floor_ = std::max(start_, seconds_of(t));
    if (count_) {
        left_ = *count_;
        count_up_to(floor_);
    } else if (floor_ > last_) {
        state_ = State::ended;
    } else {
        open_at(floor_);
    }
}

/// Opens the period of `t`, and takes from COUNT the times before `t` that lie in earlier ones.
void Recurrence::count_up_to(WallSeconds t) {
    open_at(start_);
    for (bool first = true; state_ == State::in_a_period; first = false, open_next()) {
        const std::size_t size = size_of_period();
        if (size == 0) {
            continue;
        }
        const bool ends_before = value_at(size - 1) < t;
        std::size_t passed = ends_before ? size : 0;
        while (!ends_before && value_at(passed) < t) {
            ++passed;
        }
        for (std::size_t i = 0; first && i < size && value_at(i) < start_; ++i) {
            --passed; // DTSTART's period may begin before it
        }
        left_ -= static_cast<std::int64_t>(passed);
        if (left_ <= 0) {
            state_ = State::ended;
        }
        if (!ends_before || left_ <= 0) {
            return;
        }
    }
}

} // namespace allot::calendar
