/// A collective of invented people in twelve time zones, to look at and to take away again.
#pragma once

#include "app/demo_gatherings.hpp"
#include "platform/auth/viewer.hpp"
#include "platform/store/store.hpp"

#include <string>
#include <string_view>

namespace allot::app {

inline constexpr std::string_view demo_slug = "night-garden";
/// Under a name that no mail can reach (RFC 2606).
inline constexpr std::string_view demo_steward = "wieslawa@night-garden.invalid";

/// What the collective begins with.
struct DemoBegun {
    auth::CollectiveId collective;
    DemoHosts hosts;
    DemoCircles circles;
};
/// Its people and circles alone. Errors as `make_demo`.
[[nodiscard]] Result<DemoBegun> begin_demo(store::Transaction& transaction, Moment now,
                                           Entropy& entropy);
/// Makes the collective, its people, two circles and three series. Errors: `conflict` where it is
/// there already.
[[nodiscard]] Result<void> make_demo(store::Store& store, Moment now, Entropy& entropy);

[[nodiscard]] Result<bool> has_demo(store::Store& store);

/// A path that signs its steward in, once and within ten minutes, in any browser: for the person at
/// the machine.
[[nodiscard]] Result<std::string> demo_sign_in_path(store::Store& store, Moment now,
                                                    Entropy& entropy);

} // namespace allot::app
