/// Sends what the outbox holds: the work of the jobs of kind "mail".
///
/// A mail is marked `sending` in a transaction of its own before anything goes out, under a
/// Message-ID that stays. Where a process ends in between, nobody knows whether the mail was sent;
/// its kind says whether it is sent again or not.
#pragma once

#include "platform/auth/directory.hpp"
#include "platform/jobs/runner.hpp"
#include "platform/mail/carrier.hpp"
#include "platform/mail/letter.hpp"
#include "platform/mail/outbox.hpp"

#include <string>
#include <string_view>
#include <variant>

namespace allot::mail {

/// When people sleep. Any thread.
class Nights {
  public:
    Nights() = default;
    Nights(const Nights&) = delete;
    Nights& operator=(const Nights&) = delete;
    virtual ~Nights() = default;
    /// `at` itself where it is day in the zone; else the end of that night.
    [[nodiscard]] virtual Moment morning_after(std::string_view zone, Moment at) const = 0;
};

struct SenderOptions {
    std::string from;        ///< the address of this server
    std::string origin;      ///< "https://lab.example"; empty: ways to end a stream by mail alone
    std::string signing_key; ///< `auth::signing_key`
};

/// The path and the text of a link that ends a stream for an address.
[[nodiscard]] std::string end_path(std::string_view text);
[[nodiscard]] std::string end_text(std::string_view signing_key, std::string_view scope,
                                   std::string_view mail_hash, Stream stream,
                                   std::string_view topic = {});
/// Whose stream such a text ends.
struct EndOf {
    std::string scope;
    Stream stream;
    std::string mail_hash;
    std::string topic; ///< it ends mail about this alone (`Mail::topic`); empty: the stream
};
/// Ends it. Twice is the same as once.
[[nodiscard]] Result<void> carry_out(store::Transaction& transaction, const EndOf& end);
/// nullopt: nobody made it.
[[nodiscard]] std::optional<EndOf> end_of(std::string_view signing_key, std::string_view text);

/// For one thread; what it is made from outlives it.
class Sender {
  public:
    Sender(store::Store& store, const auth::Directory& directory, const Nights& nights,
           const Clock& clock, Carrier& carrier, SenderOptions options)
        : store_(store), directory_(directory), nights_(nights), clock_(clock), carrier_(carrier),
          options_(std::move(options)) {}

    /// One try. Errors: the mail server or the database; then it is tried again.
    [[nodiscard]] Result<jobs::Outcome> send(jobs::Held& held);

  private:
    using Next = std::variant<jobs::Outcome, Letter>;
    [[nodiscard]] Result<Next> begin(store::Transaction& transaction, jobs::Held& held);
    [[nodiscard]] Result<Next> mark(store::Transaction& transaction, jobs::Held& held,
                                    const Kept& kept);
    [[nodiscard]] Result<std::optional<State>> why_not(store::Transaction& transaction,
                                                       std::string_view scope, const Kept& kept);
    [[nodiscard]] Result<std::optional<Moment>> morning(store::Transaction& transaction,
                                                        std::string_view scope, const Kept& kept);
    [[nodiscard]] Result<Letter> letter_of(store::Transaction& transaction, std::string_view scope,
                                           const Kept& kept);
    [[nodiscard]] Result<jobs::Outcome> end(store::Transaction& transaction, jobs::Held& held,
                                            State state);
    [[nodiscard]] Result<jobs::Outcome> note(jobs::Held& held, const Letter& letter,
                                             const Delivery& delivery);
    [[nodiscard]] Result<jobs::Outcome> note_failed(jobs::Held& held, const Delivery& delivery);

    store::Store& store_;
    const auth::Directory& directory_;
    const Nights& nights_;
    const Clock& clock_;
    Carrier& carrier_;
    SenderOptions options_;
};

} // namespace allot::mail
