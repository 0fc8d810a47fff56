#include "collective/gatherings/mail_work.hpp"

#include "collective/gatherings/answer_tags.hpp"
#include "collective/gatherings/digest.hpp"
#include "collective/gatherings/invitations.hpp"
#include "collective/gatherings/letterbox.hpp"
#include "collective/gatherings/subscribers.hpp"

namespace allot::gatherings {

namespace {

[[nodiscard]] Result<void> forget(Transaction& transaction, const CollectiveId& collective,
                                  std::chrono::sys_days today) {
    TRY_DO(tidy_subscribers(transaction, collective, today));
    TRY_DO(drop_old_letters(transaction, collective, today));
    return drop_old_tags(transaction, collective, today);
}

/// A zone or a rule that cannot be read of one series keeps nobody else from her mail.
[[nodiscard]] bool is_of_one(const Result<void>& done) {
    return !done &&
           (done.error().kind == ErrorKind::missing || done.error().kind == ErrorKind::invalid);
}

[[nodiscard]] Result<void> invite_all(const Post& post, std::span<const Plan> plans) {
    for (const Plan& plan : plans) {
        const auto done = post.house.store.write([&](Transaction& transaction) -> Result<void> {
            TRY(const auto all, invitees(transaction, post, plan.series));
            ZoneBook zones(post.house.zones);
            for (const Invitee& whom : all) {
                TRY_DO(invite(transaction, post, plan, zones, whom));
            }
            return {};
        });
        if (!done && !is_of_one(done)) {
            return done;
        }
    }
    return {};
}

[[nodiscard]] Result<void> write_digests(const Post& post, std::span<const Plan> plans) {
    ZoneBook zones(post.house.zones);
    TRY(const auto due, post.house.store.read([&](Transaction& transaction) {
        return due_for_digest(transaction, post, zones);
    }));
    for (const people::Person& person : due) {
        const auto done = post.house.store.write([&](Transaction& transaction) {
            return write_digest(transaction, post, plans, zones, person);
        });
        if (!done && !is_of_one(done)) {
            return done;
        }
    }
    return {};
}

/// Those whose calendars may have to hear something; others cost no change of the database.
[[nodiscard]] Result<std::vector<Plan>> with_calendars(Transaction& transaction, const Post& post,
                                                       std::span<const Plan> plans) {
    std::vector<Plan> some;
    for (const Plan& plan : plans) {
        TRY(const auto all, invitees(transaction, post, plan.series));
        if (!all.empty()) {
            some.push_back(plan);
        }
    }
    return some;
}

[[nodiscard]] Result<void> work_in(const Post& post) {
    const auto today = std::chrono::floor<std::chrono::days>(post.now());
    TRY_DO(post.house.store.write(
        [&](Transaction& transaction) { return forget(transaction, post.collective.id, today); }));
    TRY(const auto plans, post.house.store.read([&](Transaction& transaction) {
        return all_plans(transaction, post.collective.id);
    }));
    TRY(const auto some, post.house.store.read([&](Transaction& transaction) {
        return with_calendars(transaction, post, plans);
    }));
    TRY_DO(invite_all(post, some));
    return write_digests(post, plans);
}

} // namespace

Result<void> do_mail_work(const pages::House& house, std::span<const pages::Catalogue> words,
                          const std::string& origin) {
    TRY(const auto all, house.store.read([&](Transaction& transaction) {
        return house.directory.collectives(transaction);
    }));
    for (const auth::Collective& collective : all) {
        TRY_DO(work_in(post_outside(house, collective, words, origin)));
    }
    return {};
}

} // namespace allot::gatherings
