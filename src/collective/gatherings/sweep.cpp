#include "collective/gatherings/sweep.hpp"

#include "collective/gatherings/telling.hpp"
#include "collective/gatherings/turn_sweep.hpp"

#include <algorithm>

namespace allot::gatherings {

namespace {

using std::chrono::days;
using std::chrono::floor;
using std::chrono::seconds;

constexpr std::string_view job_kind = "gatherings";
constexpr std::chrono::minutes between{1};
/// A wall may be a day from UTC on either side.
constexpr days widest{2};

[[nodiscard]] Wall wall_before(Instant now) {
    return Wall(now.time_since_epoch()) - widest;
}

/// The database is gone; anything else is about one series, and the others go on.
[[nodiscard]] bool ends_the_sweep(const Error& error) {
    return error.kind == ErrorKind::unavailable || error.kind == ErrorKind::conflict;
}

} // namespace

Result<Sweep::Due> Sweep::look(Transaction& transaction, const Teller& teller, const Plan& plan,
                               const std::set<Step>& done) const {
    const CollectiveId& collective = teller.collective.id;
    const Series& series = plan.series;
    const Instant now = floor<seconds>(teller.now);
    ZoneBook zones(house_.zones);
    TRY(const auto told, told_of(transaction, collective, series.id));
    TRY(const auto compared, compare(plan, zones, told, teller.now));
    Due due{.to_tell = !compared.is_nothing(), .steps = {}};
    if (is_over(series, floor<days>(now))) {
        return due;
    }
    const Instant until = std::min<Instant>(now + asked_first + seconds(1), series.renew);
    TRY(const auto soon, occurrences(plan, zones, now, until));
    for (const Occurrence& one : soon) {
        TRY(const auto turns, turns_between(transaction, collective, series.id, one.original,
                                            one.original + seconds(1)));
        TRY(auto steps, steps_due(transaction, collective, series, one, turns, now));
        std::erase_if(steps, [&](const Step& step) { return done.contains(step); });
        due.steps.insert(due.steps.end(), steps.begin(), steps.end());
    }
    return due;
}

Result<void> Sweep::run_series(const Teller& teller, const Plan& plan, const std::set<Step>& done,
                               const Pulse& pulse) const {
    TRY(const Due due, house_.store.read([&](Transaction& transaction) {
        return look(transaction, teller, plan, done);
    }));
    if (due.to_tell) {
        TRY_DO(house_.store.write([&](Transaction& transaction) {
            return tell_changes(transaction, teller, plan.series.id);
        }));
    }
    for (const Step& step : due.steps) {
        TRY_DO(pulse());
        TRY_DO(house_.store.write(
            [&](Transaction& transaction) { return do_step(transaction, teller, step); }));
    }
    return {};
}

Result<void> Sweep::run_in(const auth::Collective& collective, const Pulse& pulse) const {
    const Teller teller{.house = house_,
                        .words = words_,
                        .origin = origin_,
                        .collective = collective,
                        .now = house_.clock.now()};
    struct Read {
        std::vector<Plan> plans;
        std::vector<SeriesTurn> of_gone;
        std::set<Step> done;
    };
    // A gathering may have been moved by months: its steps go by its original all the same.
    constexpr days longest_move{400};
    const Wall ahead = wall_before(floor<seconds>(teller.now));
    const Wall from = ahead - longest_move;
    const auto looked = house_.store.read([&](Transaction& transaction) -> Result<Read> {
        Read read;
        TRY(read.plans, all_plans(transaction, collective.id));
        TRY(read.done, steps_since(transaction, collective.id, from));
        TRY(const auto turns, all_turns(transaction, collective.id, ahead));
        TRY(read.of_gone, turns_of_gone(transaction, collective.id, read.plans, turns));
        return read;
    });
    TRY(const Read read, looked);
    for (const SeriesTurn& one : read.of_gone) { // before anybody is asked
        TRY_DO(house_.store.write(
            [&](Transaction& transaction) { return give_back(transaction, teller, one); }));
    }
    for (const Plan& plan : read.plans) {
        TRY_DO(pulse());
        const auto ran = run_series(teller, plan, read.done, pulse);
        if (!ran && ends_the_sweep(ran.error())) {
            return ran;
        }
        if (!ran) {
            log_.warn("gatherings", "series", plan.series.id.text(), ran.error().message);
        }
    }
    return {};
}

Result<void> Sweep::run(const Pulse& pulse) const {
    TRY(const auto collectives, house_.store.read([&](Transaction& transaction) {
        return house_.directory.collectives(transaction);
    }));
    for (const auth::Collective& collective : collectives) {
        TRY_DO(run_in(collective, pulse));
    }
    return {};
}

jobs::Work gathering_work(const Sweep& sweep) {
    return {.kind = job_kind,
            .task = [&sweep](jobs::Held& held) -> Result<jobs::Outcome> {
                TRY_DO(sweep.run([&held] { return held.keep_alive(); }));
                return jobs::Outcome{};
            },
            .every = between};
}

Result<void> forget_old_gatherings(Transaction& transaction, const auth::Directory& directory,
                                   Moment now) {
    constexpr days kept{400};
    const Wall before = Wall(floor<seconds>(now).time_since_epoch()) - kept;
    TRY(const auto collectives, directory.collectives(transaction));
    for (const auth::Collective& collective : collectives) {
        TRY_DO(forget_steps(transaction, collective.id, before));
    }
    return {};
}

} // namespace allot::gatherings
