#include "engine/allot/network_allot.hpp"

#include "engine/allot/check_instance.hpp"
#include "engine/allot/network_shortage.hpp"

namespace allot::matching {

namespace {

template <class Scale, class Rows>
Result<Allotment> allot_scaled(const Rows& rows, const Sides& sides, const Options& options) {
    // The bounds stay as they were said, so that a shortage can be told in them.
    TRY(const Scale scale, Scale::of(without_surplus(sides), rows.largest_score()));
    Network<Rows, Scale> network(rows, sides, scale, Units{}, options);
    TRY_DO(network.solve());
    Allotment allotment;
    if (!network.feasible()) {
        allotment.shortages = NetworkShortages(network).run();
        return allotment;
    }
    network.for_each_pair([&](const Pair& pair, std::int64_t) { allotment.pairs.push_back(pair); });
    allotment.prices = network.prices();
    allotment.certificate = network.certificate();
    allotment.group_prices = network.group_prices();
    return allotment;
}

} // namespace

Result<Allotment> allot_in_network(const ScoreRows& rows, const Sides& sides,
                                   const Options& options) {
    check_instance(rows, sides, options);
    TRY_DO(check_groups(sides));
    return std::visit(
        [&](const auto& r) {
            return sides.service == Service::full ? allot_scaled<PlainScale>(r, sides, options)
                                                  : allot_scaled<WaitingScale>(r, sides, options);
        },
        rows);
}

} // namespace allot::matching
