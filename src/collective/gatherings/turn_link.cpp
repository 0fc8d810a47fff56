#include "collective/gatherings/turn_link.hpp"

#include "base/text.hpp"
#include "collective/gatherings/given_names.hpp"
#include "platform/auth/signed_link.hpp"

#include <algorithm>

namespace allot::gatherings {

namespace {

constexpr std::string_view purpose = "turn";
/// The last says after which change; links of earlier programs have none.
constexpr std::size_t parts_of_link = 6;

struct QuestionWords {
    std::string_view subject;
    std::string_view body;
};

[[nodiscard]] QuestionWords words_of(TurnQuestion question) {
    switch (question) {
    case TurnQuestion::confirm:
        return {"turns.mail_confirm_subject", "turns.mail_confirm"};
    case TurnQuestion::standby:
        return {"turns.mail_standby_subject", "turns.mail_standby"};
    case TurnQuestion::run:
        break;
    }
    return {"turns.mail_run_subject", "turns.mail_run"};
}

} // namespace

std::string_view name_of(TurnQuestion question) {
    return turn_question_names[static_cast<std::size_t>(question)];
}

std::string link_text(std::string_view signing_key, const TurnLink& link) {
    std::string payload = link.series.text();
    const std::string original = name_of_when(link.original); // outlive the loop
    const std::string change = std::to_string(link.change);
    for (const std::string_view part :
         {std::string_view(original), name_of(link.kind), std::string_view(link.person.text()),
          name_of(link.question), std::string_view(change)}) {
        payload += ',';
        payload += part;
    }
    return auth::signed_text(signing_key, purpose, payload);
}

std::optional<TurnLink> turn_link_in(std::string_view signing_key, std::string_view text) {
    const auto payload = auth::payload_of(signing_key, purpose, text);
    if (!payload) {
        return std::nullopt;
    }
    // Signed by this server, so its parts are what `text_of` wrote; a later version may write more.
    auto parts = text::split_list(*payload, ',');
    if (parts.size() == parts_of_link - 1) {
        parts.emplace_back("0");
    }
    if (parts.size() != parts_of_link || !is_turn(parts[2])) {
        return std::nullopt;
    }
    const auto change = text::parse_int(parts[5]);
    const auto original = when_named(parts[1]);
    const auto* const question = std::ranges::find(turn_question_names, parts[4]);
    if (!original || !change || question == turn_question_names.end()) {
        return std::nullopt;
    }
    return TurnLink{.series = SeriesId(parts[0]),
                    .original = *original,
                    .kind = turn_named(parts[2]),
                    .person = PersonId(parts[3]),
                    .question = static_cast<TurnQuestion>(question - turn_question_names.begin()),
                    .change = *change};
}

Result<void> ask_by_mail(Transaction& transaction, const Teller& teller, const Series& series,
                         const Occurrence& occurrence, TurnLink link) {
    TRY(link.change, changes_so_far(transaction, teller.collective.id, series.id));
    const QuestionWords words = words_of(link.question);
    return write_to(
        transaction, teller, link.person,
        {.kind = mail::Kind::turn,
         .subject = words.subject,
         .body = words.body,
         .title = title_of(series, occurrence.gathering),
         .begin = occurrence.begin,
         .address = teller.address("/turn/" + link_text(teller.house.signing_key, link)),
         .turn = std::string(name_of(link.kind)),
         .more = {},
         .good_until = Moment(occurrence.begin)},
        occurrence.zone);
}

} // namespace allot::gatherings
