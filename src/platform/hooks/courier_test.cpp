/// Messages from `announce` to a server of HTTP on this machine.
#include "base/test_world.hpp"
#include "platform/ground/ground.hpp"
#include "platform/hooks/announce.hpp"
#include "platform/hooks/courier.hpp"
#include "platform/hooks/hooks_room.hpp"
#include "platform/hooks/test_receiver.hpp"
#include "platform/mail/mail_room.hpp"
#include "platform/store/test_stores.hpp"

#include <algorithm>

#include <doctest/doctest.h>

using namespace allot;
using namespace allot::hooks;
using store::Transaction;
using test::Receiver;
using test::Reply;

namespace {

std::vector<store::Migration> migrations() {
    std::vector<store::Migration> all;
    for (const auto* room : {&ground::room(), &mail::room(), &hooks::room()}) {
        all.insert(all.end(), room->migrations.begin(), room->migrations.end());
    }
    return all;
}

constexpr std::string_view scope = "01a3117e-8000-7000-8000-0000000000aa";

struct Post {
    explicit Post(test::EngineKind engine) : fresh(engine, migrations()) {}
    test::FreshStore fresh;
    test::SetClock clock{test::some_noon};
    test::SeededEntropy entropy;
    std::string logged;
    Log log{clock, [this](std::string_view line) { logged += line; }};
    std::unique_ptr<Poster> poster = http_poster({.reach = Reach::inside,
                                                  .connect_time = std::chrono::milliseconds(2000),
                                                  .whole_time = std::chrono::milliseconds(500)},
                                                 {});
    Courier courier{*fresh.store, clock, entropy, *poster};
    jobs::Runner runner{*fresh.store,
                        clock,
                        entropy,
                        log,
                        {{.kind = job_kind,
                          .task = [this](jobs::Held& held) { return courier.deliver(held); },
                          .every = std::nullopt}}};

    template <class Change>
    auto write(Change&& change) {
        auto done = fresh.store->write(std::forward<Change>(change));
        REQUIRE(done);
        return done;
    }
    HookId add(Kind kind, const std::string& address, std::optional<std::string> circle = {},
               bool hears_all = false) {
        return *write([&](Transaction& transaction) {
            return add_hook(transaction, scope,
                            {.kind = kind,
                             .name = "There",
                             .address = address,
                             .place = "!r:x",
                             .key = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
                             .circle = std::move(circle),
                             .hears_all = hears_all},
                            clock.now(), entropy);
        });
    }
    void announce(std::string key, std::optional<Moment> good_until = std::nullopt) {
        write([&](Transaction& transaction) {
            return hooks::announce(transaction, scope,
                                   {.key = std::move(key),
                                    .circle = std::nullopt,
                                    .is_public = true,
                                    .title = "Moths",
                                    .text = "By lamplight",
                                    .links = {{"Look", "https://lab.example/"}},
                                    .good_until = good_until},
                                   clock.now(), entropy);
        });
    }
    void test(const HookId& hook) {
        write([&](Transaction& transaction) {
            return announce_test(transaction, scope, hook,
                                 {.key = "test", .circle = {}, .title = "A test", .good_until = {}},
                                 clock.now(), entropy);
        });
    }
    void run() {
        while (runner.run_due({}).value()) {
        }
    }
    Hook hook(const HookId& id) {
        const auto found = fresh.store->read(
            [&](Transaction& transaction) { return find_hook(transaction, scope, id); });
        REQUIRE(found);
        REQUIRE(*found);
        return **found;
    }
    /// Of all messages, in the order of ids: "sent waiting".
    std::string states() {
        const auto rows = fresh.store->read([](Transaction& transaction) {
            return transaction.rows("SELECT state FROM hook_delivery ORDER BY id");
        });
        std::string all;
        for (const auto& row : *rows) {
            all += (all.empty() ? "" : " ") + row.text(0);
        }
        return all;
    }
    std::string words_left() {
        const auto rows = fresh.store->read([](Transaction& transaction) {
            return transaction.rows("SELECT title, body, links FROM hook_delivery ORDER BY id");
        });
        std::string all;
        for (const auto& row : *rows) {
            all += row.text(0) + row.text(1) + row.text(2);
        }
        return all;
    }
    /// A process marks the only message and dies; its lease ends.
    void die_over_it() {
        const auto held = jobs::claim(*fresh.store, job_kind, "dead", clock.now());
        REQUIRE(held->size() == 1);
        write([&](Transaction& transaction) {
            return mark(transaction, scope, held->front().about, State::sending);
        });
        clock.advance(jobs::lease_time);
    }
};

std::string name_in(Trouble trouble) {
    return std::string(name_of(trouble));
}

} // namespace

TEST_CASE("what is announced arrives once, and then its words are gone") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        Post post(engine);
        Receiver there;
        const HookId hook = post.add(Kind::slack, there.url("/hook"));
        post.announce("a");
        post.announce("a");
        post.run();
        post.announce("a");
        post.run();
        REQUIRE(there.received().size() == 1);
        CHECK(there.received().front().body.find("By lamplight") != std::string::npos);
        CHECK(post.states() == "sent");
        CHECK(post.words_left().empty());
        CHECK(post.hook(hook).posted_day == std::chrono::floor<std::chrono::days>(test::some_noon));
        CHECK(post.logged.empty());
        post.announce("b");
        post.run();
        CHECK(there.received().size() == 2);
    }
}

TEST_CASE("a command that does not happen announces nothing") {
    Post post(test::EngineKind::sqlite);
    const Receiver there;
    post.add(Kind::slack, there.url());
    const auto failed = post.fresh.store->write([&](Transaction& transaction) -> Result<void> {
        TRY_DO(hooks::announce(transaction, scope,
                               {.key = "a", .circle = {}, .is_public = true, .good_until = {}},
                               post.clock.now(), post.entropy));
        return fail(ErrorKind::conflict, "no");
    });
    CHECK(!failed);
    CHECK(post.states().empty());
}

TEST_CASE("a hook gets what is of its circle and what it may hear, and nothing else") {
    const std::string garden = "01a3117e-8000-7000-8000-0000000000cc";
    const std::string other = "01a3117e-8000-7000-8000-0000000000dd";
    for (const bool paused : {false, true}) {
        for (const bool hears_all : {false, true}) {
            for (const auto& circle : {std::optional<std::string>(), std::optional(garden)}) {
                Hook hook;
                hook.paused = paused;
                hook.about.hears_all = hears_all;
                hook.about.circle = circle;
                for (const bool is_public : {false, true}) {
                    for (const auto& of : {std::optional<std::string>(), std::optional(garden),
                                           std::optional(other)}) {
                        const Message message{
                            .key = "k", .circle = of, .is_public = is_public, .good_until = {}};
                        const bool its = !circle || of == garden;
                        CHECK(listens(hook, message) ==
                              (!paused && its && (is_public || hears_all)));
                    }
                }
            }
        }
    }
}

TEST_CASE("after an error of the other end it is tried again, later each time, under the same id") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        Post post(engine);
        Receiver there;
        const HookId hook = post.add(Kind::json, there.url());
        for (int k = 0; k < 4; ++k) {
            there.then({.status = 500});
        }
        post.announce("a");
        std::chrono::microseconds before{0};
        for (std::size_t tries = 1; tries <= 4; ++tries) {
            post.run();
            CHECK(there.received().size() == tries);
            CHECK(post.states() == "waiting");
            CHECK(name_in(post.hook(hook).trouble) == "broken");
            CHECK(!post.hook(hook).paused);
            const auto pause = *post.hook(hook).quiet_until - post.clock.now();
            CHECK(pause > before);
            before = pause;
            post.clock.advance(pause - std::chrono::microseconds(1));
            post.run();
            CHECK(there.received().size() == tries);
            post.clock.advance(std::chrono::microseconds(1));
        }
        post.run();
        CHECK(post.states() == "sent");
        CHECK(name_in(post.hook(hook).trouble).empty());
        const auto all = there.received();
        for (const auto& one : all) {
            CHECK(one.headers.at("webhook-id") == all.front().headers.at("webhook-id"));
            CHECK(one.body == all.front().body);
        }
        CHECK(all.front().headers.at("webhook-signature") !=
              all.back().headers.at("webhook-signature")); // another time is signed
    }
}

TEST_CASE("who asks to wait is left alone so long, within bounds") {
    for (const auto& [asked, least, most] :
         {std::tuple{"600", 600, 600}, std::tuple{"0", 2, 5}, std::tuple{"1", 2, 5},
          std::tuple{"99999999", 6 * 3600, 6 * 3600}}) {
        CAPTURE(asked);
        Post post(test::EngineKind::sqlite);
        Receiver there;
        const HookId hook = post.add(Kind::discord, there.url());
        there.then({.status = 429, .headers = std::string("Retry-After: ") + asked + "\r\n"});
        post.announce("a");
        post.announce("b");
        post.run();
        CHECK(there.received().size() == 1); // the other message waits, too
        const auto pause = *post.hook(hook).quiet_until - post.clock.now();
        CHECK(pause >= std::chrono::seconds(least));
        CHECK(pause <= std::chrono::seconds(most));
        post.clock.set(*post.hook(hook).quiet_until);
        post.run();
        CHECK(there.received().size() == 3);
        CHECK(post.states() == "sent sent");
    }
}

TEST_CASE("what no later try would mend pauses the hook, until a host goes on") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        for (const int status : {301, 401, 403, 404, 410}) {
            CAPTURE(status);
            Post post(engine);
            Receiver there;
            const HookId hook = post.add(Kind::slack, there.url());
            there.then({.status = status});
            post.announce("a");
            post.announce("b");
            post.run();
            CHECK(there.received().size() == 1);
            CHECK(post.hook(hook).paused);
            CHECK(post.hook(hook).trouble_day);
            CHECK(post.words_left().empty());
            post.announce("c"); // is not written at all
            post.write(
                [&](Transaction& transaction) { return resume_hook(transaction, scope, hook); });
            post.announce("d");
            post.run();
            CHECK(there.received().size() == 2);
            CHECK(!post.hook(hook).paused);
        }
    }
}

TEST_CASE("a message that is not wanted ends, and the hook goes on") {
    Post post(test::EngineKind::sqlite);
    Receiver there;
    const HookId hook = post.add(Kind::zulip, there.url());
    there.then({.status = 400});
    post.announce("a");
    post.run();
    CHECK(post.states() == "refused");
    CHECK(name_in(post.hook(hook).trouble) == "refused");
    post.announce("b");
    post.run();
    CHECK(there.received().size() == 2);
    CHECK(name_in(post.hook(hook).trouble).empty());
}

TEST_CASE("one hook in trouble does not stop the others") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        Post post(engine);
        Receiver silent;
        Receiver broken;
        Receiver well;
        post.add(Kind::json, silent.url());
        post.add(Kind::slack, broken.url());
        post.add(Kind::slack, "http://127.0.0.1:1/nobody");
        post.add(Kind::slack, well.url());
        for (int k = 0; k < 9; ++k) {
            silent.then({.how = Reply::How::hang});
            broken.then({.status = 404});
        }
        for (const char* const key : {"a", "b", "c"}) {
            post.announce(key);
        }
        post.run();
        CHECK(well.received().size() == 3);
        CHECK(silent.received().size() == 1); // one wait, not one a message
        CHECK(broken.received().size() == 1);
    }
}

TEST_CASE("where nobody knows whether it arrived, the kind of the hook decides") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        for (const KindRule& rule : kind_rules()) {
            CAPTURE(rule.name);
            for (const auto how : {Reply::How::hang, Reply::How::break_off}) {
                Post post(engine);
                Receiver there;
                const HookId hook = post.add(rule.kind, there.url());
                there.then({.how = how});
                post.announce("a");
                post.run();
                CHECK(name_in(post.hook(hook).trouble) == "unsure");
                CHECK(post.states() == (rule.again ? "waiting" : "unsure"));
                post.clock.advance(std::chrono::hours(1));
                post.run();
                CHECK(there.received().size() == (rule.again ? 2U : 1U));
            }
        }
    }
}

TEST_CASE("after a process died over it, a message is posted again or not, as its kind says") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        for (const KindRule& rule : kind_rules()) {
            CAPTURE(rule.name);
            Post post(engine);
            Receiver there;
            post.add(rule.kind, there.url());
            post.announce("a");
            post.die_over_it();
            post.run();
            CHECK(there.received().size() == (rule.again ? 1U : 0U));
            CHECK(post.states() == (rule.again ? "sent" : "unsure"));
            CHECK(post.words_left().empty());
        }
    }
}

TEST_CASE("after it was turned away, a message of any kind is sent again") {
    for (const KindRule& rule : kind_rules()) {
        CAPTURE(rule.name);
        Post post(test::EngineKind::sqlite);
        std::string address;
        {
            const Receiver gone;
            address = gone.url();
        }
        const HookId hook = post.add(rule.kind, address);
        post.announce("a");
        post.run();
        CHECK(post.states() == "waiting");
        CHECK(name_in(post.hook(hook).trouble) == "unreachable");
    }
}

TEST_CASE("a message is not posted once it is of no use, nor two days late") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        Post post(engine);
        Receiver there;
        post.add(Kind::slack, there.url());
        post.announce("a", post.clock.now() + std::chrono::minutes(30));
        post.announce("b");
        post.clock.advance(std::chrono::minutes(30));
        post.run();
        CHECK(there.received().size() == 1);
        post.announce("c");
        post.clock.advance(longest_wait);
        post.write([&](Transaction& transaction) {
            return drop_old_deliveries(transaction, post.clock.now() + std::chrono::seconds(1));
        });
        post.run();
        CHECK(there.received().size() == 1);
        CHECK(post.states().find("waiting") == std::string::npos);
        CHECK(post.words_left().empty());
    }
}

TEST_CASE("a test goes out while the hook is paused, is tried once, and says what came of it") {
    Post post(test::EngineKind::sqlite);
    Receiver there;
    const HookId hook = post.add(Kind::slack, there.url());
    post.write([&](Transaction& transaction) {
        return pause_hook(transaction, scope, hook, Trouble::by_hand, post.clock.now());
    });
    const auto test_state = [&] {
        const auto tests = post.fresh.store->read(
            [](Transaction& transaction) { return tests_of(transaction, scope); });
        return std::string(name_of(tests->at(hook)));
    };
    post.test(hook);
    CHECK(test_state() == "waiting");
    post.run();
    CHECK(test_state() == "sent");
    CHECK(post.hook(hook).paused);
    there.then({.status = 500});
    post.test(hook);
    post.run();
    CHECK(test_state() == "refused");
    post.clock.advance(std::chrono::hours(3));
    post.run();
    CHECK(there.received().size() == 2);
    CHECK(post.states() == "refused");
}

TEST_CASE("nothing goes to a private address, and the hook is paused and says so") {
    Post post(test::EngineKind::sqlite);
    Receiver there;
    const auto outside = http_poster({.reach = Reach::outside}, {});
    Courier courier{*post.fresh.store, post.clock, post.entropy, *outside};
    jobs::Runner runner{*post.fresh.store,
                        post.clock,
                        post.entropy,
                        post.log,
                        {{.kind = job_kind,
                          .task = [&](jobs::Held& held) { return courier.deliver(held); },
                          .every = std::nullopt}}};
    const HookId hook =
        post.add(Kind::json, "https://localhost:" + std::to_string(there.port()) + "/");
    post.announce("a");
    while (runner.run_due({}).value()) {
    }
    CHECK(post.hook(hook).paused);
    CHECK(name_in(post.hook(hook).trouble) == "inside");
    CHECK(there.received().empty());
}

TEST_CASE("a hook that is removed takes along what is on its way") {
    for (const auto engine : test::engines()) {
        CAPTURE(test::name_of(engine));
        Post post(engine);
        Receiver there;
        const HookId hook = post.add(Kind::slack, there.url());
        post.announce("a");
        post.write([&](Transaction& transaction) { return remove_hook(transaction, scope, hook); });
        post.run();
        CHECK(there.received().empty());
        CHECK(post.states().empty());
    }
}
