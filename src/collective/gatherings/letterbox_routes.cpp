#include "base/clock.hpp"
#include "collective/circles/circle_calls.hpp"
#include "collective/gatherings/answer_tags.hpp"
#include "collective/gatherings/letterbox.hpp"
#include "collective/gatherings/series_routes.hpp"
#include "platform/auth/limits.hpp"
#include "platform/auth/mail_address.hpp"
#include "platform/auth/secrets.hpp"
#include "platform/http/caller.hpp"
#include "platform/pages/form_reader.hpp"
#include "platform/pages/view.hpp"

#include <array>

namespace allot::gatherings {

namespace {

using auth::Action;
using circles::Circle;
using http::Method;
using pages::Answer;
using pages::Call;
using pages::Done;
using pages::FormReader;
using pages::Need;
using pages::Page;
using std::chrono::days;
using std::chrono::hours;

constexpr std::size_t longest_mail = 254;
constexpr auth::Allowance letters_of_one_mail{"letter_mail", 5, hours(24)};
constexpr auth::Allowance letters_from_one_address{"letter_peer", 10, hours(24)};

// -- Writing one ---------------------------------------------------------------------------------

struct Typed {
    std::string name;
    std::string mail;
    std::string words;
};

struct LetterView {
    std::string slug;
    std::string circle;
    std::string name;
    std::string mail;
    std::string words;
    bool signed_in = false; ///< the address is known
    bool sent = false;      ///< just now
};
BOOST_DESCRIBE_STRUCT(LetterView, (), (slug, circle, name, mail, words, signed_in, sent))

[[nodiscard]] Result<Page> letter_page(const Call& call, const Typed& typed) {
    TRY(const Circle circle, call.house.store.read([&](Transaction& transaction) {
        return circles::open_circle_of(transaction, call);
    }));
    const LetterView view{.slug = circle.slug,
                          .circle = circle.about.name,
                          .name = typed.name,
                          .mail = typed.mail,
                          .words = typed.words,
                          .signed_in = !call.viewer.mail.empty(),
                          .sent = call.request.query_value("sent").has_value()};
    return Page{.template_name = "letter_new",
                .view = pages::view_of(view),
                .title = "letterbox.write_title",
                .title_name = view.circle,
                .place = "circles",
                .has_form = true,
                .private_ = true};
}

[[nodiscard]] Result<Answer> see_form(Call& call) {
    const auto& member = call.viewer.member;
    TRY(Page page, letter_page(call, {.name = member ? member->name : std::string()}));
    return page;
}

[[nodiscard]] Result<Done> keep_letter(Transaction& transaction, const Call& call,
                                       const Typed& typed) {
    TRY(const Circle circle, circles::open_circle_of(transaction, call));
    TRY_DO(auth::count_try(transaction, letters_of_one_mail, typed.mail, call.now()));
    TRY_DO(auth::count_try(transaction, letters_from_one_address,
                           http::client_network(call.request.peer), call.now()));
    const Letter letter{
        .circle = circle.id, .name = typed.name, .mail = typed.mail, .words = typed.words};
    TRY_DO(write_letter(transaction, call.collective().id, letter, call.now(), call.house.entropy));
    return Done{circles::path_of(call, circle, "/letter?sent")};
}

[[nodiscard]] Result<Answer> send_letter(Call& call) {
    FormReader form(call.form);
    Typed typed{.name = form.line("name", longest_letter_name),
                .mail = call.viewer.mail,
                .words = form.prose("words", longest_letter, Need::required)};
    if (typed.mail.empty()) {
        typed.mail = form.line("mail", longest_mail, Need::required);
        if (const auto mail = auth::normal_mail(typed.mail)) {
            typed.mail = *mail;
        } else if (!typed.mail.empty()) {
            form.note("mail", "subscribe.no_mail");
        }
    }
    if (!form.good()) {
        TRY(Page again, letter_page(call, typed));
        return pages::Refusal{form.problems(), std::move(again)};
    }
    return call.write(
        [&](Transaction& transaction) { return keep_letter(transaction, call, typed); });
}

// -- Reading and answering -----------------------------------------------------------------------

struct LetterLine {
    std::string id;
    std::string name;
    std::string words;
    std::string answer;
    bool open = false;
    std::string written; ///< the day
    bool again = false;  ///< an answer to it was typed and could not be sent
    std::string draft;   ///< that answer
};
BOOST_DESCRIBE_STRUCT(LetterLine, (), (id, name, words, answer, open, written, again, draft))

struct LettersView {
    std::string slug;
    std::string circle;
    std::vector<LetterLine> letters;
    std::string answered; ///< what a host has just done: "sent", "away"
};
BOOST_DESCRIBE_STRUCT(LettersView, (), (slug, circle, letters, answered))

/// What was typed for one letter, where it could not be sent.
struct Draft {
    LetterId letter;
    std::string answer;
};

[[nodiscard]] Result<Page> letters_page(const Call& call, const Draft& draft) {
    const auto looked = call.house.store.read([&](Transaction& transaction) -> Result<LettersView> {
        TRY(const Circle circle, circles::circle_of(transaction, call));
        LettersView view{.slug = circle.slug, .circle = circle.about.name};
        TRY(const auto letters, letters_to(transaction, call.collective().id, circle.id));
        for (const Letter& letter : letters) {
            view.letters.push_back({.id = letter.id.text(),
                                    .name = letter.name,
                                    .words = letter.words,
                                    .answer = letter.answer,
                                    .open = letter.open,
                                    .written = format_date(letter.written),
                                    .again = letter.open && letter.id == draft.letter,
                                    .draft = letter.id == draft.letter ? draft.answer : ""});
        }
        return view;
    });
    TRY(LettersView view, looked);
    const auto answered = call.request.query_value("answered");
    if (answered == "sent" || answered == "away") {
        view.answered = *answered;
    }
    return Page{.template_name = "letters",
                .view = pages::view_of(view),
                .title = "letterbox.title",
                .title_name = view.circle,
                .place = "circles",
                .has_form = true,
                .private_ = true};
}

[[nodiscard]] Result<Answer> see_letters(Call& call) {
    TRY(Page page, letters_page(call, {}));
    return page;
}

/// In the name of the circle: it says not which host wrote, unless she does.
[[nodiscard]] Result<void> mail_answer(Transaction& transaction, const Call& call,
                                       const Circle& circle, const Letter& letter,
                                       std::string_view answer) {
    const Teller teller = teller_of(call);
    TRY(const std::string tag, tag_for(transaction, teller,
                                       {.kind = Answered::letter,
                                        .about = letter.id.text(),
                                        .mail_hash = auth::hash_of(letter.mail)}));
    const std::initializer_list<pages::Argument> given = {
        {"circle", std::string_view(circle.about.name)},
        {"collective", std::string_view(call.collective().name)},
        {"answer", answer},
        {"letter", std::string_view(letter.words)}};
    mail::Mail mail{.kind = mail::Kind::circle_answer,
                    .recipient = letter.mail,
                    .subject = call.words->say("letterbox.mail_subject", given),
                    .body = call.words->say("letterbox.mail_body", given)};
    mail.answer_tag = tag;
    return write(transaction, teller, mail);
}

[[nodiscard]] Result<Done> give_answer(Transaction& transaction, const Call& call,
                                       std::string_view answer) {
    TRY(const Circle circle, circles::circle_of(transaction, call));
    const CollectiveId& collective = call.collective().id;
    TRY(const auto letter,
        find_letter(transaction, collective, circle.id, call.id<LetterId>("letter")));
    if (!letter) {
        return fail(ErrorKind::missing, "letterbox.answered_already");
    }
    TRY_DO(close_letter(transaction, collective, letter->id, answer,
                        std::chrono::floor<days>(call.now())));
    if (!answer.empty()) {
        TRY_DO(mail_answer(transaction, call, circle, *letter, answer));
    }
    return Done{circles::path_of(
        call, circle, answer.empty() ? "/letters?answered=away" : "/letters?answered=sent")};
}

/// Without words it is put away, for which nobody needs a reason.
[[nodiscard]] Result<Answer> answer_letter(Call& call) {
    FormReader form(call.form);
    const bool away = form.ticked("away");
    const std::string answer =
        form.prose("answer", longest_letter, away ? Need::optional : Need::required);
    if (!form.good()) {
        TRY(Page again, letters_page(call, {call.id<LetterId>("letter"), answer}));
        return pages::Refusal{form.problems(), std::move(again)};
    }
    return call.write([&](Transaction& transaction) {
        return give_answer(transaction, call, away ? std::string_view() : answer);
    });
}

} // namespace

std::vector<pages::Route> letterbox_routes() {
    return {
        {Method::get, "/c/{collective}/circles/{circle}/letter", Action::write_letter, see_form},
        {Method::post, "/c/{collective}/circles/{circle}/letter", Action::write_letter,
         send_letter},
        {Method::get, "/c/{collective}/circles/{circle}/letters", Action::keep_circle, see_letters},
        {Method::post, "/c/{collective}/circles/{circle}/letters/{letter}/answer",
         Action::keep_circle, answer_letter},
    };
}

} // namespace allot::gatherings
