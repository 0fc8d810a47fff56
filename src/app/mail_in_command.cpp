#include "app/mail_in_command.hpp"

#include "app/data_folder.hpp"
#include "app/rooms.hpp"
#include "app/zone_source.hpp"
#include "collective/gatherings/replies.hpp"
#include "platform/auth/signed_link.hpp"
#include "platform/mail/inbound.hpp"
#include "platform/mail/outbox.hpp"
#include "platform/mail/sender.hpp"
#include "platform/mail/wishes.hpp"
#include "platform/world.hpp"

#include <algorithm>
#include <array>
#include <iostream>

namespace allot::app {

namespace {

using store::Transaction;

constexpr std::string_view nobody_reads = "Nobody reads mail to this address. Please write to the "
                                          "people of your collective directly; the "
                                          "mail that you answer was written by their server.\n";
constexpr std::string_view unknown_end =
    "This is not a wish that the server can read. Please use the link for less mail in the mail "
    "itself, or your settings.\n";

/// For the writer of an answer that could not be taken; empty: nothing is said.
[[nodiscard]] std::string_view words_about(gatherings::Taken taken) {
    switch (taken) {
    case gatherings::Taken::no_words:
        return "No words could be read in your answer. Please write it as plain text, above what "
               "you answer to, or write on the page that the mail names.\n";
    case gatherings::Taken::not_wanted:
        return "Words of guests are not taken there. Please write to the people who meet.\n";
    case gatherings::Taken::no_room:
        return "Your words were not taken: there are too many now. Please write again after a "
               "day, or on the page that the mail names.\n";
    case gatherings::Taken::calendar_only:
        return "Only calendars answer at this address. Please write on the page that the "
               "invitation names.\n";
    case gatherings::Taken::done:
    case gatherings::Taken::dropped:
        break;
    }
    return {};
}

/// The beginning of what comes, all of which is taken: else the mail system would think it failed.
[[nodiscard]] std::string read_input() {
    std::string bytes;
    std::array<char, 65'536> some{};
    do {
        std::cin.read(some.data(), some.size());
        const auto n = static_cast<std::size_t>(std::cin.gcount());
        bytes.append(some.data(), std::min(n, mail::max_inbound_bytes -
                                                  std::min(bytes.size(), mail::max_inbound_bytes)));
    } while (std::cin);
    return bytes;
}

struct Handle {
    store::Store& store;
    const Clock& clock;
    Entropy& entropy;

    /// A report is counted once, however often it comes.
    Result<Outcome> operator()(const mail::Bounce& bounce) const {
        if (!bounce.for_good) {
            return Outcome{};
        }
        const auto noted = store.write([&](Transaction& transaction) -> Result<void> {
            TRY(const auto sent, mail::mail_with_message_id(transaction, bounce.message_id));
            if (!sent || sent->kept.state != mail::State::sent) {
                return {};
            }
            if (bounce.address) {
                TRY_DO(mail::note_refusal(transaction, sent->kept.mail.recipient, clock.now()));
            }
            return mail::mark_ended(transaction, sent->scope, sent->kept.id, mail::State::refused,
                                    clock.now());
        });
        TRY_DO(noted);
        return Outcome{};
    }

    Result<Outcome> operator()(const mail::EndRequest& request) const {
        TRY(const std::string key, auth::signing_key(store, entropy));
        const auto end = mail::end_of(key, request.text);
        if (!end) {
            return Outcome{.words = std::string(unknown_end), .code = ExitCode::unwanted};
        }
        TRY_DO(store.write(
            [&](Transaction& transaction) { return mail::carry_out(transaction, *end); }));
        return Outcome{};
    }

    /// Who forges an answer, or answers too late, hears nothing.
    Result<Outcome> operator()(const mail::Reply& reply) const {
        const ZoneFolder zones;
        TRY(const auto taken, store.write([&](Transaction& transaction) {
            return gatherings::take_reply(transaction, zones, reply, clock.now(), entropy);
        }));
        const std::string_view words = words_about(taken);
        return words.empty() ? Outcome{}
                             : Outcome{.words = std::string(words), .code = ExitCode::unwanted};
    }

    /// Never an answer to a program: two of them would write to each other for ever.
    Result<Outcome> operator()(const mail::OtherMail& other) const {
        if (other.by_program) {
            return Outcome{};
        }
        return Outcome{.words = std::string(nobody_reads), .code = ExitCode::unwanted};
    }
};

[[nodiscard]] Result<Outcome> take(const MailInOptions& options) {
    TRY(const std::string url, found_store_url({.data = options.data, .store = options.store}));
    const mail::Inbound inbound = mail::read_inbound(read_input());
    const SystemClock clock;
    SystemEntropy entropy;
    TRY(const auto store, store::Store::open({.url = url}, migrations()));
    return std::visit(Handle{*store, clock, entropy}, inbound);
}

} // namespace

Outcome run_mail_in(const MailInOptions& options) {
    auto outcome = take(options);
    if (!outcome) {
        // Whatever it was, somebody can mend it: until then the mail system keeps the mail.
        return {.words = "", .code = ExitCode::try_again, .notes = outcome.error().message + "\n"};
    }
    return *std::move(outcome);
}

} // namespace allot::app
