#include "base/clock.hpp"
#include "collective/circles/circle_calls.hpp"
#include "collective/circles/circle_routes.hpp"
#include "collective/people/person_store.hpp"
#include "platform/auth/guest.hpp"
#include "platform/auth/limits.hpp"
#include "platform/http/caller.hpp"
#include "platform/mail/outbox.hpp"
#include "platform/pages/form_reader.hpp"
#include "platform/pages/view.hpp"

#include <algorithm>

namespace allot::circles {

namespace {

using auth::Action;
using auth::Role;
using http::Method;
using pages::Answer;
using pages::Call;
using pages::Done;
using pages::FormReader;
using pages::Need;
using pages::Page;

// Whoever asks many circles at once is a program, or would be answered better by a person.
constexpr auth::Allowance requests_of_one_mail{"circle_request_mail", 6, std::chrono::hours(1)};
constexpr auth::Allowance requests_from_one_address{"circle_request_peer", 30,
                                                    std::chrono::hours(1)};

// -- Asking --------------------------------------------------------------------------------------

[[nodiscard]] Result<Done> keep_request(Transaction& transaction, const Call& call,
                                        const Asking& typed) {
    const CollectiveId& collective = call.collective().id;
    TRY(const Circle circle, open_circle_of(transaction, call));
    if (circle.about.joining == Joining::link) {
        return fail(ErrorKind::conflict, "circles.by_link_only");
    }
    TRY_DO(auth::count_try(transaction, requests_of_one_mail, call.viewer.mail, call.now()));
    TRY_DO(auth::count_try(transaction, requests_from_one_address,
                           http::client_network(call.request.peer), call.now()));
    TRY(const PersonId person,
        person_of_viewer(transaction, call, {typed.name, typed.zone}, Role::guest));
    TRY(const auto people, people_of(transaction, collective, circle.id));
    if (part_of(parts_in(people), person) == nullptr) {
        TRY_DO(ask_to_join(transaction, collective, circle.id, person, typed.words, call.now(),
                           call.house.entropy));
    }
    return Done{path_of(call, circle)};
}

[[nodiscard]] Result<Answer> ask(Call& call) {
    FormReader form(call.form);
    Asking typed{.words = form.prose("words", longest_request, Need::required)};
    const Newcomer newcomer = read_newcomer(form, call);
    typed.name = newcomer.name;
    typed.zone = newcomer.zone;
    if (!form.good()) {
        TRY(Page again, circle_page(call, typed));
        return pages::Refusal{form.problems(), std::move(again)};
    }
    return call.write(
        [&](Transaction& transaction) { return keep_request(transaction, call, typed); });
}

// -- Answering -----------------------------------------------------------------------------------

/// Tells the person who asked, and not who decided.
[[nodiscard]] Result<void> tell(Transaction& transaction, const Call& call, const Circle& circle,
                                const PersonId& person, bool welcome) {
    const CollectiveId& collective = call.collective().id;
    TRY(const auto who, people::find_person(transaction, collective, person));
    if (!who || who->mail.empty()) {
        return {};
    }
    const std::string address =
        call.address(welcome ? path_of(call, circle) : call.path("/circles"));
    const std::initializer_list<pages::Argument> given = {
        {"circle", std::string_view(circle.about.name)}, {"address", std::string_view(address)}};
    const pages::Catalogue& words = call.words_for(who->profile.page_language);
    const mail::Mail mail{
        .kind = mail::Kind::circle_answer,
        .recipient = who->mail,
        .subject = words.say("circles.mail_subject", given),
        .body = words.say(welcome ? "circles.mail_welcome" : "circles.mail_not_now", given)};
    return mail::write_mail(transaction, collective.text(), mail, call.now(), call.house.entropy);
}

/// "Not now" leaves nothing behind: no line, no mark, and no name of who said it.
[[nodiscard]] Result<Done> give_answer(Transaction& transaction, const Call& call, bool welcome) {
    const CollectiveId& collective = call.collective().id;
    TRY(const Circle circle, open_circle_of(transaction, call));
    TRY(const auto waiting, requests_to(transaction, collective, circle.id));
    const auto found = std::ranges::find(waiting, call.id<RequestId>("request"), &Request::id);
    if (found == waiting.end()) {
        return fail(ErrorKind::missing, "circles.answered_already");
    }
    if (welcome) {
        TRY_DO(make_member(transaction, collective, found->person, call.now()));
        TRY_DO(give_part(transaction, collective, circle.id, found->person, PartName::member,
                         call.now()));
        TRY_DO(note(transaction, call, "circle_welcomed"));
    } else {
        TRY_DO(drop_request(transaction, collective, found->id));
    }
    TRY_DO(tell(transaction, call, circle, found->person, welcome));
    return Done{path_of(call, circle, welcome ? "?answered=welcome" : "?answered=not_now")};
}

[[nodiscard]] Result<Answer> answer(Call& call) {
    FormReader form(call.form);
    static constexpr std::array<std::string_view, 2> answers = {"welcome", "not_now"};
    const std::string said = form.choice("answer", answers);
    if (!form.good()) {
        return fail(ErrorKind::invalid, "circles.no_answer");
    }
    return call.write([&](Transaction& transaction) {
        return give_answer(transaction, call, said == "welcome");
    });
}

// -- Invitations ---------------------------------------------------------------------------------

struct InvitationView {
    std::string kind; ///< "link", to join; "guest", to read a draft
    std::string slug;
    std::string name;
    std::string address;
    std::string until; ///< the last day
};
BOOST_DESCRIBE_STRUCT(InvitationView, (), (kind, slug, name, address, until))

[[nodiscard]] Result<Answer> end_invitation(const Call& call) {
    return call.write([&](Transaction& transaction) -> Result<Done> {
        TRY(const Circle circle, open_circle_of(transaction, call));
        TRY_DO(revoke_invitation(transaction, call.collective().id, circle.id));
        return Done{path_of(call, circle)};
    });
}

[[nodiscard]] Page link_page(const InvitationView& view) {
    return {.template_name = "circle_invitation",
            .view = pages::view_of(view),
            .title = view.kind == "guest" ? "circles.guest_title" : "circles.link_title",
            .place = "circles",
            .private_ = true};
}

/// Shown once: the server keeps a hash. Sent twice, the second link is the one that works.
[[nodiscard]] Result<Answer> make_invitation(Call& call) {
    const FormReader form(call.form);
    if (form.ticked("revoke")) {
        return end_invitation(call);
    }
    auto made = call.house.store.write([&](Transaction& transaction) -> Result<InvitationView> {
        TRY_DO(call.still_may(transaction));
        TRY(const Circle circle, open_circle_of(transaction, call));
        TRY(const std::string secret, new_invitation(transaction, call.collective().id, circle.id,
                                                     call.now(), call.house.entropy));
        const auto until = std::chrono::floor<std::chrono::days>(call.now() + invitation_time);
        return InvitationView{.kind = "link",
                              .slug = circle.slug,
                              .name = circle.about.name,
                              .address = call.address(call.path("/join/" + secret)),
                              .until = format_date(until)};
    });
    TRY(const InvitationView view, std::move(made));
    return link_page(view);
}

/// For somebody without an account, to read a draft. The server keeps nothing of it.
[[nodiscard]] Result<Answer> make_guest_link(Call& call) {
    TRY(const Circle circle, call.house.store.read([&](Transaction& transaction) {
        return open_circle_of(transaction, call);
    }));
    const auth::GuestPass pass{.place = path_of(call, circle),
                               .ends = call.now() + auth::guest_time};
    const std::string text = auth::pass_text(call.house.signing_key, pass);
    const auto until = std::chrono::floor<std::chrono::days>(pass.ends);
    return link_page({.kind = "guest",
                      .slug = circle.slug,
                      .name = circle.about.name,
                      .address = call.address("/g/" + text),
                      .until = format_date(until)});
}

// -- Joining by a link ---------------------------------------------------------------------------

struct JoinView {
    std::string key;
    std::string slug;
    std::string circle;
    std::string issue;
    bool to_sign_in = false; ///< first
    bool is_new = false;
    std::string name;
    std::string zone;
    std::vector<std::string> zones;
};
BOOST_DESCRIBE_STRUCT(JoinView, (),
                      (key, slug, circle, issue, to_sign_in, is_new, name, zone, zones))

[[nodiscard]] Result<Circle> circle_of_link(Transaction& transaction, const Call& call) {
    TRY(auto circle, invited_to(transaction, call.collective().id, call.part("key"), call.now()));
    if (!circle) {
        return fail(ErrorKind::missing, "circles.link_over");
    }
    return *std::move(circle);
}

[[nodiscard]] Result<Page> join_page(const Call& call, const Newcomer& typed) {
    TRY(const Circle circle, call.house.store.read([&](Transaction& transaction) {
        return circle_of_link(transaction, call);
    }));
    const bool is_new = call.viewer.session && !call.viewer.member;
    const JoinView view{.key = call.part("key"),
                        .slug = circle.slug,
                        .circle = circle.about.name,
                        .issue = circle.about.issue,
                        .to_sign_in = !call.viewer.session,
                        .is_new = is_new,
                        .name = typed.name,
                        .zone = typed.zone,
                        .zones = is_new ? call.house.zones.names() : std::vector<std::string>()};
    return Page{.template_name = "circle_join",
                .view = pages::view_of(view),
                .title = "circles.join_title",
                .title_name = circle.about.name,
                .place = "circles",
                .has_form = true,
                .private_ = true};
}

[[nodiscard]] Result<Answer> see_join(Call& call) {
    TRY(Page page, join_page(call, {}));
    return page;
}

[[nodiscard]] Result<Answer> join(Call& call) {
    FormReader form(call.form);
    const Newcomer newcomer = read_newcomer(form, call);
    if (!form.good()) {
        TRY(Page again, join_page(call, newcomer));
        return pages::Refusal{form.problems(), std::move(again)};
    }
    return call.write([&](Transaction& transaction) -> Result<Done> {
        const CollectiveId& collective = call.collective().id;
        TRY(const Circle circle, circle_of_link(transaction, call));
        TRY(const PersonId person, person_of_viewer(transaction, call, newcomer, Role::member));
        TRY(const auto people, people_of(transaction, collective, circle.id));
        if (part_of(parts_in(people), person) == nullptr) {
            TRY_DO(give_part(transaction, collective, circle.id, person, PartName::member,
                             call.now()));
            TRY_DO(note(transaction, call, person, "circle_joined"));
        }
        return Done{path_of(call, circle)};
    });
}

} // namespace

std::vector<pages::Route> join_routes() {
    return {
        {Method::post, "/c/{collective}/circles/{circle}/request", Action::ask_to_join, ask},
        {Method::post, "/c/{collective}/circles/{circle}/requests/{request}/answer",
         Action::keep_circle, answer},
        {Method::post, "/c/{collective}/circles/{circle}/invitation", Action::keep_circle,
         make_invitation},
        {Method::post, "/c/{collective}/circles/{circle}/guest-link", Action::keep_circle,
         make_guest_link},
        {Method::get, "/c/{collective}/join/{key}", Action::sign_in, see_join},
        {Method::post, "/c/{collective}/join/{key}", Action::join_by_link, join},
    };
}

} // namespace allot::circles
