#include "collective/gatherings/late.hpp"

namespace allot::gatherings {

bool is_late(const calendar::Zone& of_reader, Instant now, Instant begin) {
    using std::chrono::days;
    constexpr std::chrono::hours morning{8};
    constexpr std::chrono::hours noon{12};
    const Wall here = of_reader.to_local(now);
    const auto day = std::chrono::floor<days>(here);
    const bool is_night = here - day < morning;
    return begin < of_reader.to_utc((is_night ? day : day + days(1)) + noon);
}

} // namespace allot::gatherings
