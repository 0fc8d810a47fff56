#include "collective/gatherings/mail_work.hpp"

#include "collective/gatherings/answer_tags.hpp"
#include "collective/gatherings/digest.hpp"
#include "collective/gatherings/invitations.hpp"
#include "collective/gatherings/letterbox.hpp"
#include "collective/gatherings/lost_zones.hpp"
#include "collective/gatherings/subscribers.hpp"
#include "collective/gatherings/telling.hpp"
#include "collective/gatherings/words_wait.hpp"

namespace allot::gatherings {

namespace {

constexpr std::string_view log_event = "gatherings_mail";

[[nodiscard]] Result<void> forget(Transaction& transaction, const CollectiveId& collective,
                                  std::chrono::sys_days today) {
    TRY_DO(tidy_subscribers(transaction, collective, today));
    TRY_DO(drop_old_letters(transaction, collective, today));
    TRY_DO(forget_waiting(transaction, collective, today));
    return drop_old_tags(transaction, collective, today);
}

/// What people are still to be told waits until they are: it may be undone meanwhile, and the news
/// of it bring calendars what they need.
[[nodiscard]] Result<void> invite_to(Transaction& transaction, const Teller& teller,
                                     const Plan& plan) {
    ZoneBook zones(teller.house.zones);
    TRY(const auto told, told_of(transaction, teller.collective.id, plan.series.id));
    TRY(const bool settled, is_settled(plan, zones, told, teller.now));
    if (!settled) {
        return {};
    }
    TRY(const auto all, invitees(transaction, teller, plan.series));
    for (const Invitee& whom : all) {
        TRY_DO(invite(transaction, teller, plan, zones, whom));
    }
    return {};
}

[[nodiscard]] Result<void> write_digests(const Teller& teller, std::span<const Plan> plans,
                                         const MailWork::Pulse& pulse) {
    ZoneBook zones(teller.house.zones);
    TRY(const auto due, teller.house.store.read([&](Transaction& transaction) {
        return due_for_digest(transaction, teller, zones);
    }));
    for (const people::Person& person : due) {
        TRY_DO(pulse());
        const auto done = teller.house.store.write([&](Transaction& transaction) {
            return write_digest(transaction, teller, plans, zones, person);
        });
        if (!done && !is_of_one(done)) {
            return done;
        }
    }
    return {};
}

[[nodiscard]] Result<void> tell_hosts(const Teller& teller, const MailWork::Pulse& pulse) {
    TRY(const auto hosts, teller.house.store.read([&](Transaction& transaction) {
        return hosts_to_tell(transaction, teller);
    }));
    for (const PersonId& host : hosts) {
        TRY_DO(pulse());
        TRY_DO(teller.house.store.write(
            [&](Transaction& transaction) { return tell_of_waiting(transaction, teller, host); }));
    }
    return {};
}

/// Those whose calendars may have to hear something; others cost no change of the database.
[[nodiscard]] Result<std::vector<Plan>>
with_calendars(Transaction& transaction, const Teller& teller, std::span<const Plan> plans) {
    std::vector<Plan> some;
    for (const Plan& plan : plans) {
        TRY(const auto all, invitees(transaction, teller, plan.series));
        if (!all.empty()) {
            some.push_back(plan);
        }
    }
    return some;
}

} // namespace

Result<void> MailWork::invite_all(const Teller& teller, std::span<const Plan> plans,
                                  const Pulse& pulse) {
    for (const Plan& plan : plans) {
        TRY_DO(pulse());
        const auto done = house_.store.write(
            [&](Transaction& transaction) { return invite_to(transaction, teller, plan); });
        if (is_of_one(done)) {
            log_.warn(log_event, "series", plan.series.id.text(), done.error().message);
        } else if (!done) {
            return done;
        }
    }
    return {};
}

Result<void> MailWork::warn_of_zones(const Teller& teller) {
    TRY(const auto lost, house_.store.read([&](Transaction& transaction) {
        return lost_zones(transaction, teller.collective.id, house_.zones);
    }));
    for (const LostZone& zone : lost) {
        log_.warn(log_event, "zone", zone.name,
                  "this machine does not know it; allotment doctor says what to do");
    }
    return {};
}

Result<void> MailWork::run_in(const Teller& teller, const Pulse& pulse) {
    const auto today = std::chrono::floor<std::chrono::days>(teller.now);
    TRY_DO(pulse());
    TRY_DO(warn_of_zones(teller));
    TRY_DO(house_.store.write([&](Transaction& transaction) {
        return forget(transaction, teller.collective.id, today);
    }));
    TRY(const auto plans, house_.store.read([&](Transaction& transaction) {
        return all_plans(transaction, teller.collective.id);
    }));
    TRY(const auto some, house_.store.read([&](Transaction& transaction) {
        return with_calendars(transaction, teller, plans);
    }));
    TRY_DO(invite_all(teller, some, pulse));
    TRY_DO(write_digests(teller, plans, pulse));
    return tell_hosts(teller, pulse);
}

Result<void> MailWork::run(const Pulse& pulse) {
    TRY(const auto all, house_.store.read([&](Transaction& transaction) {
        return house_.directory.collectives(transaction);
    }));
    for (const auth::Collective& collective : all) {
        const Teller teller{.house = house_,
                            .words = words_,
                            .origin = origin_,
                            .collective = collective,
                            .now = house_.clock.now()};
        TRY_DO(run_in(teller, pulse));
    }
    return {};
}

} // namespace allot::gatherings
