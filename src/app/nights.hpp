/// When people sleep, by the clocks of their zones.
#pragma once

#include "platform/mail/sender.hpp"

namespace allot::app {

/// From 21:00 to 8:00 where she is. A zone that this machine does not know has no night.
class ZoneNights final : public mail::Nights {
  public:
    [[nodiscard]] Moment morning_after(std::string_view zone, Moment at) const override;
};

} // namespace allot::app
