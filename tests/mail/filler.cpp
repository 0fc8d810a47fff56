/// mail_filler STORE KIND COUNT PREFIX: writes mail of a kind, as rooms do, into the first
/// collective. For tests of what becomes of it; the rooms that write most kinds come later.
///
/// mail_filler STORE hurry: work that comes again is due now, and what was changed was long ago, so
/// that a test need not wait for minutes.
#include "app/rooms.hpp"
#include "collective/people/person_store.hpp"
#include "platform/auth/secrets.hpp"
#include "platform/mail/outbox.hpp"
#include "platform/mail/wishes.hpp"
#include "platform/world.hpp"

#include <cstdlib>
#include <string>

#include <fmt/format.h>

namespace {

using namespace allot;

/// So many in one transaction as one command of a host might write.
constexpr int at_once = 500;

Result<void> fill(const std::string& url, mail::Kind kind, int count, const std::string& prefix) {
    const SystemClock clock;
    SystemEntropy entropy;
    TRY(const auto store, store::Store::open({.url = url}, app::migrations()));
    for (int done = 0; done < count; done += at_once) {
        const auto some = store->write([&](store::Transaction& transaction) -> Result<void> {
            TRY(const auto all, people::collectives(transaction));
            const std::string& scope = all.front().id.text();
            for (int k = done; k < std::min(count, done + at_once); ++k) {
                const std::string address = fmt::format("{}{}@example.org", prefix, k);
                if (kind == mail::Kind::digest) {
                    TRY_DO(mail::save_wishes(transaction, scope, auth::hash_of(address),
                                             {.digest = "weekly"}));
                }
                TRY_DO(mail::write_mail(transaction, scope,
                                        {.kind = kind,
                                         .recipient = address,
                                         .subject = fmt::format("Żółw {}", k),
                                         .body = "Written by a test, not by a person.\n"},
                                        clock.now(), entropy));
            }
            return {};
        });
        TRY_DO(some);
    }
    return {};
}

Result<void> hurry(const std::string& url) {
    TRY(const auto store, store::Store::open({.url = url}, app::migrations()));
    return store->write([](store::Transaction& transaction) -> Result<void> {
        TRY_DO(transaction.run("UPDATE job SET due_at = 0 WHERE holder = '' "
                               "AND kind IN ('gatherings', 'gatherings_mail')",
                               {}));
        TRY_DO(transaction.run("UPDATE gathering_told SET differs_since = 0 "
                               "WHERE differs_since IS NOT NULL",
                               {}));
        return {};
    });
}

Result<void> obey(int argc, char** argv) {
    if (argc == 3 && std::string_view(argv[2]) == "hurry") {
        return hurry(argv[1]);
    }
    const auto kind = mail::kind_named(argv[2]);
    return kind && argc == 5 ? fill(argv[1], *kind, std::atoi(argv[3]), argv[4])
                             : fail(ErrorKind::invalid, "no such kind");
}

} // namespace

int main(int argc, char** argv) {
    if (argc != 3 && argc != 5) {
        return 2;
    }
    const auto done = obey(argc, argv);
    if (!done) {
        fmt::print(stderr, "{}\n", done.error().message);
        return 1;
    }
    return 0;
}
