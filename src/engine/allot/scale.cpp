#include "engine/allot/scale.hpp"

#include <algorithm>
#include <numeric>

namespace allot::matching {

namespace {

Result<std::int64_t> score_range(const Sides& sides, Micro largest_score) {
    const auto places = std::accumulate(sides.demand.begin(), sides.demand.end(), std::int64_t{1});
    // A path adds and takes away whole matchings: two bits are kept for that.
    constexpr std::int64_t most = std::int64_t{1} << 60U;
    if (largest_score > 0 && places > most / largest_score) {
        return fail(ErrorKind::invalid,
                    "the scores are too large for so many places: their sum does not fit 60 bits");
    }
    return places * largest_score;
}

} // namespace

Sides without_surplus(const Sides& sides) {
    Sides useful = sides;
    for (Count& places : useful.places) {
        places = std::min(places, sides.asks());
    }
    for (Count& demand : useful.demand) {
        demand = sides.service == Service::partial ? std::min(demand, sides.helpers()) : demand;
    }
    return useful;
}

Result<PlainScale> PlainScale::of(const Sides& sides, Micro largest_score) {
    TRY_DO(score_range(sides, largest_score));
    return PlainScale();
}

Result<WaitingScale> WaitingScale::of(const Sides& sides, Micro largest_score) {
    TRY(const Wide range, score_range(sides, largest_score));
    std::array<Wide, waiting_classes> places{};
    for (Index ask = 0; ask < sides.asks(); ++ask) {
        places[waiting_classes - 1 - sides.waiting_of(ask)] +=
            sides.demand[static_cast<std::size_t>(ask)];
    }
    constexpr Wide most = Wide{1} << 124U;
    WaitingScale scale;
    Wide below = range;
    for (std::size_t k = waiting_classes; k-- > 0;) {
        // Twice, because a price may take away as much as it gives.
        scale.weight_[k] = 2 * below + 1;
        if (scale.weight_[k] > most / (places[k] + 1)) {
            return fail(ErrorKind::invalid,
                        "the round is too large to rank its waiting classes in one number");
        }
        below += scale.weight_[k] * places[k];
    }
    return scale;
}

Value WaitingScale::value(Cost cost) const {
    Value value;
    for (std::size_t k = 0; k < waiting_classes; ++k) {
        // To the nearest multiple: what lies below is less than half a weight either way.
        const Wide half = weight_[k] / 2;
        const Wide places = (cost >= 0 ? cost + half : cost - half) / weight_[k];
        value.places[k] = static_cast<std::int64_t>(places);
        cost -= places * weight_[k];
    }
    value.micro = static_cast<Micro>(cost);
    return value;
}

WaitingScale::Cost WaitingScale::cost(const Value& value) const {
    Wide cost = value.micro;
    for (std::size_t k = 0; k < waiting_classes; ++k) {
        cost += weight_[k] * value.places[k];
    }
    return cost;
}

} // namespace allot::matching
