#include "platform/mail/mail_routes.hpp"

#include "base/clock.hpp"
#include "platform/jobs/job_store.hpp"
#include "platform/mail/outbox.hpp"
#include "platform/mail/sender.hpp"
#include "platform/mail/wishes.hpp"
#include "platform/pages/view.hpp"

#include <algorithm>

namespace allot::mail {

namespace {

using auth::Action;
using http::Method;
using pages::Answer;
using pages::Call;
using pages::Page;
using store::Transaction;

// -- For stewards on this machine ----------------------------------------------------------------

struct MailLine {
    std::string kind;
    std::string state;
    std::string written; ///< the day
    std::string recipient;
    std::string subject;
    std::string body; ///< empty once it was sent
};
BOOST_DESCRIBE_STRUCT(MailLine, (), (kind, state, written, recipient, subject, body))

struct OutboxView {
    bool sends = false;
    std::vector<MailLine> mails;
};
BOOST_DESCRIBE_STRUCT(OutboxView, (), (sends, mails))

[[nodiscard]] MailLine line_of(const Kept& kept) {
    return {.kind = std::string(rule_of(kept.mail.kind).name),
            .state = std::string(name_of(kept.state)),
            .written = format_date(std::chrono::floor<std::chrono::days>(kept.written)),
            .recipient = kept.mail.recipient,
            .subject = kept.mail.subject,
            .body = kept.mail.body};
}

[[nodiscard]] Result<Answer> see_outbox(Call& call) {
    OutboxView view{.sends = call.house.sends_mail, .mails = {}};
    const auto looked = call.house.store.read([&](Transaction& transaction) -> Result<void> {
        view.mails.clear();
        for (const std::string_view scope :
             {server_scope, std::string_view(call.collective().id.text())}) {
            TRY(const auto mails, recent_mail(transaction, scope));
            std::ranges::transform(mails, std::back_inserter(view.mails), line_of);
        }
        return {};
    });
    TRY_DO(looked);
    return Page{.template_name = "outbox",
                .view = pages::view_of(view),
                .title = "outbox.title",
                .private_ = true};
}

// -- For stewards --------------------------------------------------------------------------------

struct TroubleLine {
    std::string kind;
    std::string words;
    bool given_up = false;
    std::string ended; ///< the day on which it was given up
};
BOOST_DESCRIBE_STRUCT(TroubleLine, (), (kind, words, given_up, ended))

struct UnreachedLine {
    std::string id;
    std::string name;
};
BOOST_DESCRIBE_STRUCT(UnreachedLine, (), (id, name))

struct MailView {
    bool sends = false;
    std::vector<TroubleLine> troubles;
    std::vector<UnreachedLine> unreached; ///< people whose address does not take mail
};
BOOST_DESCRIBE_STRUCT(MailView, (), (sends, troubles, unreached))

[[nodiscard]] TroubleLine line_of(const jobs::Trouble& trouble) {
    return {.kind = trouble.kind,
            .words = trouble.words,
            .given_up = trouble.given_up.has_value(),
            .ended = trouble.given_up ? format_date(*trouble.given_up) : std::string()};
}

/// By name, and never the address: stewards know people, not where they read their mail.
[[nodiscard]] Result<std::vector<UnreachedLine>> unreached(Transaction& transaction,
                                                           const Call& call) {
    TRY(const auto addresses, paused_addresses(transaction));
    std::vector<UnreachedLine> lines;
    for (const std::string& address : addresses) {
        TRY(const auto member,
            call.house.directory.member_with_mail(transaction, call.collective().id, address));
        if (member) {
            lines.push_back({member->person.text(), member->name});
        }
    }
    std::ranges::sort(lines, {}, [](const UnreachedLine& line) {
        return std::pair<std::string_view, std::string_view>(line.name, line.id);
    });
    return lines;
}

[[nodiscard]] Result<Answer> see_mail(Call& call) {
    const auto looked = call.house.store.read([&](Transaction& transaction) -> Result<MailView> {
        MailView view{.sends = call.house.sends_mail, .troubles = {}, .unreached = {}};
        for (const std::string_view scope :
             {server_scope, std::string_view(call.collective().id.text())}) {
            TRY(const auto some, jobs::troubles(transaction, scope));
            for (const jobs::Trouble& trouble : some) {
                view.troubles.push_back(line_of(trouble));
            }
        }
        TRY(view.unreached, unreached(transaction, call));
        return view;
    });
    TRY(const MailView view, looked);
    return Page{.template_name = "mail",
                .view = pages::view_of(view),
                .title = "mail.title",
                .private_ = true};
}

// -- Out of a stream -----------------------------------------------------------------------------

struct EndView {
    std::string key;
    std::string stream; ///< "one": mail about one thing alone
    bool one = false;
    std::string collective; ///< its name
};
BOOST_DESCRIBE_STRUCT(EndView, (), (key, stream, one, collective))

[[nodiscard]] Result<EndOf> end_named(const Call& call) {
    auto end = end_of(call.house.signing_key, call.part("signed"));
    if (!end) {
        return fail(ErrorKind::missing, "mail.end_unknown");
    }
    return *std::move(end);
}

[[nodiscard]] Result<Page> end_page(Transaction& transaction, const Call& call, const EndOf& end,
                                    std::string_view template_name) {
    TRY(const auto all, call.house.directory.collectives(transaction));
    const auto found = std::ranges::find_if(
        all, [&](const auth::Collective& one) { return one.id.text() == end.scope; });
    if (found == all.end()) {
        return fail(ErrorKind::missing, "mail.end_unknown");
    }
    const EndView view{.key = call.part("signed"),
                       .stream = std::string(end.topic.empty() ? name_of(end.stream) : "one"),
                       .one = !end.topic.empty(),
                       .collective = found->name};
    return Page{.template_name = template_name,
                .view = pages::view_of(view),
                .title = "mail.end_title",
                .private_ = true};
}

/// Shows a button and changes nothing: programs that read mail follow links.
[[nodiscard]] Result<Answer> see_end(Call& call) {
    TRY(const EndOf end, end_named(call));
    TRY(Page page, call.house.store.read([&](Transaction& transaction) {
        return end_page(transaction, call, end, "mail_end");
    }));
    return page;
}

/// Also pressed by a mail program, without a cookie and without having seen the page (RFC 8058,
/// section 3.2): the address itself is the proof. Twice is the same as once.
[[nodiscard]] Result<Answer> end_it(Call& call) {
    TRY(const EndOf end, end_named(call));
    const auto ended = call.house.store.write([&](Transaction& transaction) -> Result<Page> {
        TRY_DO(carry_out(transaction, end));
        return end_page(transaction, call, end, "mail_ended");
    });
    TRY(Page page, ended);
    return page;
}

} // namespace

std::vector<pages::Route> routes() {
    return {
        {Method::get, "/c/{collective}/outbox", Action::read_outbox, see_outbox, ""},
        {Method::get, "/c/{collective}/mail", Action::watch_mail, see_mail, ""},
        {Method::get, "/mail/end/{signed}", Action::read_public, see_end, ""},
        {Method::post, "/mail/end/{signed}", Action::read_public, end_it,
         "RFC 8058: mail programs send it; the address is signed"},
    };
}

} // namespace allot::mail
