#include "base/test_world.hpp"
#include "platform/auth/secrets.hpp"
#include "platform/ground/ground.hpp"
#include "platform/mail/mail_room.hpp"
#include "platform/mail/sender.hpp"
#include "platform/mail/wishes.hpp"
#include "platform/store/test_stores.hpp"

#include <algorithm>
#include <map>

#include <doctest/doctest.h>

using namespace allot;
using namespace allot::mail;
using store::Transaction;

namespace {

std::vector<store::Migration> migrations() {
    std::vector<store::Migration> all;
    for (const auto* room : {&ground::room(), &mail::room()}) {
        all.insert(all.end(), room->migrations.begin(), room->migrations.end());
    }
    return all;
}

/// Everybody whose address does not begin with "guest" is a member, and lives in one zone.
class Everybody final : public auth::Directory {
  public:
    Result<std::vector<auth::Collective>> collectives(Transaction& /*in*/) const override {
        return std::vector{auth::Collective{auth::CollectiveId("c"), "lab", "Plants", "UTC"}};
    }
    Result<std::optional<auth::Collective>>
    collective_named(Transaction& /*in*/, std::string_view /*slug*/) const override {
        return std::nullopt;
    }
    Result<std::optional<auth::Member>> member_with_mail(Transaction& /*in*/,
                                                         const auth::CollectiveId& /*collective*/,
                                                         std::string_view mail) const override {
        if (mail.starts_with("guest")) {
            return std::nullopt;
        }
        return auth::Member{.person = auth::PersonId("p"),
                            .name = "Ada",
                            .role = auth::Role::member,
                            .language = "",
                            .zone = "Night/Zone"};
    }
    Result<auth::Role> role_in_circle(Transaction& /*in*/, const auth::CollectiveId& /*collective*/,
                                      std::string_view /*circle*/,
                                      const auth::PersonId& /*person*/) const override {
        return auth::Role::anyone;
    }
    Result<auth::Role> role_in_series(Transaction& /*in*/, const auth::CollectiveId& /*collective*/,
                                      std::string_view /*series*/,
                                      const auth::PersonId& /*person*/) const override {
        return auth::Role::anyone;
    }
};

class SetNights final : public Nights {
  public:
    Moment ends; ///< of the only night
    Moment morning_after(std::string_view zone, Moment at) const override {
        return zone == "Night/Zone" ? std::max(at, ends) : at;
    }
};

/// Answers as it was told, and keeps what it was given.
class SetCarrier final : public Carrier {
  public:
    Fate fate = Fate::accepted;
    std::vector<std::string> carried;
    Delivery carry(std::string_view /*from*/, std::string_view to, std::string_view letter,
                   const std::function<void()>& pulse) override {
        pulse();
        carried.push_back(std::string(to) + "\n" + std::string(letter));
        return {.fate = fate, .words = fate == Fate::accepted ? "" : "as the test says"};
    }
};

struct Post {
    explicit Post(test::EngineKind engine) : fresh(engine, migrations()) {}
    test::FreshStore fresh;
    test::SetClock clock{test::some_noon};
    test::SeededEntropy entropy;
    Log log{clock, [](std::string_view) {}};
    Everybody everybody;
    SetNights nights;
    SetCarrier carrier;
    Sender sender{
        *fresh.store,
        everybody,
        nights,
        clock,
        carrier,
        {.from = "post@lab.example", .origin = "https://lab.example", .signing_key = "k"}};
    jobs::Runner runner{
        *fresh.store, clock, entropy, log, {{.kind = job_kind, .task = [this](jobs::Held& held) {
                                                 return sender.send(held);
                                             }}}};

    void write(Kind kind, std::string_view to, std::optional<Moment> until = std::nullopt,
               std::string_view scope = "c") {
        REQUIRE(fresh.store->write([&](Transaction& transaction) {
            return write_mail(transaction, scope,
                              {.kind = kind,
                               .recipient = std::string(to),
                               .subject = "About plants",
                               .body = "Words of the letter\n",
                               .good_until = until},
                              clock.now(), entropy);
        }));
    }
    template <class Change>
    void change(Change&& change) {
        REQUIRE(fresh.store->write(std::forward<Change>(change)));
    }
    void run() {
        while (runner.run_due({}).value()) {
        }
    }
    Kept only() {
        const auto all = fresh.store->read(
            [](Transaction& transaction) { return recent_mail(transaction, "c"); });
        REQUIRE(all);
        REQUIRE(all->size() == 1);
        return all->front();
    }
    /// A process marks the mail and dies; its lease ends.
    void die_over_it() {
        const auto held = jobs::claim(*fresh.store, job_kind, "dead", clock.now());
        REQUIRE(held->size() == 1);
        change([&](Transaction& transaction) {
            return mark_sending(transaction, "c", held->front().about, "<first@lab.example>");
        });
        clock.advance(jobs::lease_time);
    }
};

constexpr std::string_view ada = "ada@example.org";

} // namespace

TEST_CASE("mail is sent once, and then its words are gone") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        Post post(engine);
        post.write(Kind::invitation, ada);
        post.run();
        REQUIRE(post.carrier.carried.size() == 1);
        CHECK(post.carrier.carried.front().find("Words of the letter") != std::string::npos);
        const Kept kept = post.only();
        CHECK(kept.state == State::sent);
        CHECK(kept.mail.body.empty());
        CHECK(kept.mail.subject.empty());
        CHECK(kept.ended == std::chrono::floor<std::chrono::days>(test::some_noon));
        CHECK(post.carrier.carried.front().find(kept.message_id) != std::string::npos);
        post.clock.advance(std::chrono::days(8));
        post.change(
            [&](Transaction& transaction) { return drop_old_mail(transaction, post.clock.now()); });
        CHECK(post.only().mail.recipient.empty());
        CHECK(post.only().message_id.empty());
    }
}

TEST_CASE("after a process died over it, mail is sent again or not, as its kind says") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        for (const KindRule& rule : kind_rules()) {
            CAPTURE(rule.name);
            Post post(engine);
            post.change([&](Transaction& transaction) {
                return save_wishes(transaction, "c", auth::hash_of(ada), {.digest = "weekly"});
            });
            post.write(rule.kind, ada);
            post.die_over_it();
            post.run();
            CHECK(post.carrier.carried.size() == (rule.again ? 1U : 0U));
            CHECK(post.only().state == (rule.again ? State::sent : State::unsure));
            if (rule.again) {
                CHECK(post.carrier.carried.front().find("<first@lab.example>") !=
                      std::string::npos);
            }
        }
    }
}

TEST_CASE("what a mail server does not take now goes later, under the same Message-ID") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        Post post(engine);
        post.write(Kind::reminder, ada);
        post.carrier.fate = Fate::failed;
        post.run();
        CHECK(post.only().state == State::waiting);
        const std::string id = post.only().message_id;
        CHECK(!id.empty());
        post.carrier.fate = Fate::accepted;
        post.run();
        CHECK(post.carrier.carried.size() == 1);
        post.clock.advance(std::chrono::minutes(1));
        post.run();
        REQUIRE(post.carrier.carried.size() == 2);
        CHECK(post.carrier.carried.back().find(id) != std::string::npos);
        CHECK(post.only().state == State::sent);
    }
}

TEST_CASE("where nobody knows whether the server took it, the kind decides") {
    for (const Kind kind : {Kind::change, Kind::reminder}) {
        Post post(test::EngineKind::sqlite);
        post.write(kind, ada);
        post.carrier.fate = Fate::unsure;
        post.run();
        CHECK(post.only().state == State::sending);
        post.carrier.fate = Fate::accepted;
        post.clock.advance(std::chrono::minutes(1));
        post.run();
        CHECK(post.carrier.carried.size() == (kind == Kind::change ? 2U : 1U));
    }
}

TEST_CASE("an address that refuses twice gets nothing more, links to sign in apart") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        Post post(engine);
        const auto paused = [&] {
            return *post.fresh.store->read(
                [&](Transaction& transaction) { return is_paused(transaction, ada); });
        };
        post.carrier.fate = Fate::no_such_address;
        post.write(Kind::change, ada);
        post.run();
        CHECK(post.only().state == State::refused);
        CHECK(!paused());
        post.write(Kind::change, ada);
        post.run();
        CHECK(paused());
        CHECK(post.carrier.carried.size() == 2);
        // A link that is refused long after is no sign that mail arrives again.
        post.clock.advance(std::chrono::days(60));
        post.write(Kind::sign_in, ada, std::nullopt, server_scope);
        post.run();
        CHECK(post.carrier.carried.size() == 3);
        CHECK(paused());
        post.carrier.fate = Fate::accepted;
        post.write(Kind::change, ada);
        post.run();
        CHECK(post.carrier.carried.size() == 3);
        post.write(Kind::sign_in, ada, std::nullopt, server_scope);
        post.run();
        CHECK(post.carrier.carried.size() == 4);
        post.change([](Transaction& transaction) { return forget_refusals(transaction, ada); });
        post.write(Kind::change, ada);
        post.run();
        CHECK(post.carrier.carried.size() == 5);
    }
}

TEST_CASE("refusals that are long ago do not count") {
    Post post(test::EngineKind::sqlite);
    post.carrier.fate = Fate::no_such_address;
    for (int k = 0; k < 3; ++k) {
        post.write(Kind::change, ada);
        post.run();
        post.clock.advance(std::chrono::days(40));
    }
    CHECK(!*post.fresh.store->read(
        [](Transaction& transaction) { return is_paused(transaction, ada); }));
}

TEST_CASE("a letter that is refused for what it says is given up, and stewards are told") {
    Post post(test::EngineKind::sqlite);
    post.carrier.fate = Fate::rejected;
    post.write(Kind::change, ada);
    post.run();
    CHECK(post.only().state == State::refused);
    const auto told = post.fresh.store->read(
        [](Transaction& transaction) { return jobs::troubles(transaction, "c"); });
    REQUIRE(told->size() == 1);
    CHECK(told->front().given_up);
    CHECK(!*post.fresh.store->read(
        [](Transaction& transaction) { return is_paused(transaction, ada); }));
}

TEST_CASE("at night mail waits for the morning of its reader, unless it cannot wait") {
    for (const KindRule& rule : kind_rules()) {
        CAPTURE(rule.name);
        Post post(test::EngineKind::sqlite);
        post.change([&](Transaction& transaction) {
            return save_wishes(transaction, "c", auth::hash_of(ada), {.digest = "weekly"});
        });
        post.nights.ends = post.clock.now() + std::chrono::minutes(5);
        post.write(rule.kind, ada);
        post.run();
        CHECK(post.carrier.carried.size() == (rule.at_night ? 1U : 0U));
        post.clock.set(post.nights.ends);
        post.run();
        CHECK(post.carrier.carried.size() == 1);
    }
}

TEST_CASE("what somebody waits for goes before what was written earlier") {
    Post post(test::EngineKind::sqlite);
    for (int k = 0; k < 40; ++k) {
        post.write(Kind::change, "c" + std::to_string(k) + "@example.org");
    }
    post.clock.advance(std::chrono::minutes(1));
    post.write(Kind::sign_in, ada, std::nullopt, server_scope);
    post.run();
    REQUIRE(post.carrier.carried.size() == 41);
    CHECK(post.carrier.carried.front().starts_with(ada));
}

TEST_CASE("mail is not sent once it is of no use") {
    Post post(test::EngineKind::sqlite);
    post.write(Kind::reminder, ada, post.clock.now() + std::chrono::minutes(30));
    post.carrier.fate = Fate::failed;
    post.run();
    post.carrier.fate = Fate::accepted;
    post.clock.advance(std::chrono::minutes(30));
    post.run();
    CHECK(post.carrier.carried.size() == 1);
    CHECK(post.only().state == State::over);
    CHECK(post.only().mail.body.empty());
}

TEST_CASE("a stream that was ended stays silent, and what must be known is sent") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        Post post(engine);
        // Nobody who has not asked for it gets a digest.
        post.write(Kind::digest, ada);
        post.run();
        CHECK(post.carrier.carried.empty());
        post.change([](Transaction& transaction) {
            return end_stream(transaction, "c", auth::hash_of(ada), Stream::appointment);
        });
        post.write(Kind::reminder, ada);
        post.write(Kind::invitation, ada);
        post.run();
        CHECK(post.carrier.carried.empty());
        post.write(Kind::cancellation, ada);
        post.run();
        CHECK(post.carrier.carried.size() == 1);
        post.write(Kind::reminder, "guest@example.org");
        post.run();
        CHECK(post.carrier.carried.size() == 2);
    }
}

TEST_CASE("mail to somebody who was erased is not sent") {
    Post post(test::EngineKind::sqlite);
    post.write(Kind::change, ada);
    post.change([](Transaction& transaction) { return drop_mail_to(transaction, "c", ada); });
    post.run();
    CHECK(post.carrier.carried.empty());
}

TEST_CASE("what perhaps came is not sent again to who has ended it, or once it is of no use") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        for (const bool ends : {true, false}) {
            Post post(engine);
            post.write(Kind::invitation, ada);
            post.carrier.fate = Fate::unsure;
            post.run();
            REQUIRE(post.only().state == State::sending);
            post.carrier.fate = Fate::accepted;
            if (ends) {
                post.clock.advance(std::chrono::minutes(1));
                post.change([](Transaction& transaction) {
                    return end_stream(transaction, "c", auth::hash_of(ada), Stream::appointment);
                });
            } else {
                post.clock.advance(rule_of(Kind::invitation).lasts);
            }
            post.run();
            CHECK(post.carrier.carried.size() == 1);
            CHECK(post.only().state == State::unsure);
        }
    }
}
