#include "collective/gatherings/gatherings_tidy.hpp"

#include "collective/gatherings/presence.hpp"

namespace allot::gatherings {

Result<void> tidy(const pages::House& house) {
    TRY(const auto collectives, house.store.read([&](Transaction& transaction) {
        return house.directory.collectives(transaction);
    }));
    const auto now = std::chrono::floor<std::chrono::seconds>(house.clock.now());
    ZoneBook zones(house.zones);
    Result<void> outcome;
    for (const auth::Collective& collective : collectives) {
        const auto done = house.store.write([&](Transaction& transaction) {
            return forget_what_is_over(transaction, collective.id, zones, now);
        });
        if (!done && outcome) { // the others do not wait for it
            outcome = done;
        }
    }
    return outcome;
}

} // namespace allot::gatherings
