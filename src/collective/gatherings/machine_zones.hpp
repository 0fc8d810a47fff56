/// For tests: the zones of this machine.
#pragma once

#include "engine/calendar/zone_files.hpp"
#include "platform/pages/call.hpp"

namespace allot::gatherings::testing {

class MachineZones final : public pages::Zones {
  public:
    [[nodiscard]] bool has(std::string_view name) const override {
        return !calendar::testing::zone_bytes(std::string(name)).empty();
    }
    [[nodiscard]] Result<std::string> bytes(std::string_view name) const override {
        return calendar::testing::zone_bytes(std::string(name));
    }
    [[nodiscard]] const std::vector<std::string>& names() const override { return names_; }

  private:
    std::vector<std::string> names_ = {"America/Los_Angeles", "America/Sao_Paulo", "Africa/Lagos",
                                       "Asia/Kolkata", "Europe/London"};
};

} // namespace allot::gatherings::testing
