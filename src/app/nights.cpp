#include "app/nights.hpp"

#include "app/zone_source.hpp"

namespace allot::app {

namespace {

using std::chrono::days;
using std::chrono::floor;
using std::chrono::hours;
using std::chrono::seconds;

constexpr hours evening{21};
constexpr hours morning{8};

} // namespace

Moment ZoneNights::morning_after(std::string_view zone, Moment at) const {
    const auto found = read_zone(zone);
    if (!found) {
        return at;
    }
    const auto local = found->to_local(floor<seconds>(at));
    const auto day = floor<days>(local);
    if (local - day >= morning && local - day < evening) {
        return at;
    }
    const auto next = local - day < morning ? day : day + days(1);
    return found->to_utc(next + morning);
}

} // namespace allot::app
