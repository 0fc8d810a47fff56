#include "collective/gatherings/own_gatherings.hpp"

#include "collective/gatherings/answer_tags.hpp"
#include "collective/gatherings/letterbox.hpp"
#include "collective/gatherings/presence.hpp"
#include "collective/gatherings/series_calls.hpp"
#include "collective/gatherings/subscribers.hpp"
#include "collective/gatherings/thread_store.hpp"
#include "collective/gatherings/turn_store.hpp"
#include "collective/people/person_store.hpp"
#include "platform/auth/secrets.hpp"
#include "platform/pages/view.hpp"

namespace allot::gatherings {

namespace {

using store::Statement;

constexpr Statement delete_hosting =
    "DELETE FROM series_host WHERE collective_id = $1 AND person_id = $2";

struct WrittenLine {
    std::string words;
    std::string written; ///< the day
};
BOOST_DESCRIBE_STRUCT(WrittenLine, (), (words, written))

struct PlannedLine {
    std::string series; ///< its title
    std::string wall;   ///< when it would have begun, on the clock of the series
    std::string plan;
};
BOOST_DESCRIBE_STRUCT(PlannedLine, (), (series, wall, plan))

struct KnownView {
    std::vector<std::string> hosted; ///< titles of series
    std::vector<std::string> turns; ///< that she has, is asked for or stands by for: series and day
    std::vector<WrittenLine> written;
    std::vector<PlannedLine> planned;
    std::vector<std::string> subscribed; ///< titles of series that send her mail
    std::vector<std::string> letters;    ///< that she wrote to hosts
};
BOOST_DESCRIBE_STRUCT(KnownView, (), (hosted, turns, written, planned, subscribed, letters))

[[nodiscard]] Result<std::string> title_in(Transaction& transaction, const CollectiveId& collective,
                                           const SeriesId& id) {
    TRY(const auto series, find_series(transaction, collective, id));
    return series ? series->about.title : std::string();
}

[[nodiscard]] Result<void> add_turns(KnownView& view, Transaction& transaction,
                                     const CollectiveId& collective, const PersonId& person) {
    TRY(const auto turns, turns_by(transaction, collective, person, Wall()));
    for (const SeriesTurn& one : turns) {
        TRY(std::string line, title_in(transaction, collective, one.series));
        const auto day = std::chrono::floor<std::chrono::days>(one.turn.original);
        line += ", " + format_date(std::chrono::sys_days(day.time_since_epoch())) + ", " +
                std::string(name_of(one.turn.kind));
        view.turns.push_back(std::move(line));
    }
    return {};
}

constexpr Statement delete_digest =
    "DELETE FROM digest_done WHERE collective_id = $1 AND person_id = $2";

constexpr Statement delete_told_of_waiting =
    "DELETE FROM waiting_told WHERE collective_id = $1 AND person_id = $2";

/// By her address, as those have it that need no account.
[[nodiscard]] Result<void> add_by_mail(KnownView& view, Transaction& transaction,
                                       const CollectiveId& collective, const std::string& mail) {
    TRY(const auto subscribed, subscribed_by(transaction, collective, auth::hash_of(mail)));
    for (const SeriesId& id : subscribed) {
        TRY(const auto series, find_series(transaction, collective, id));
        view.subscribed.push_back(series ? series->about.title : std::string());
    }
    TRY(const auto letters, letters_from(transaction, collective, mail));
    for (const Letter& letter : letters) {
        view.letters.push_back(letter.words);
    }
    return {};
}

[[nodiscard]] Result<std::vector<PlannedLine>>
planned_by(Transaction& transaction, const CollectiveId& collective, const PersonId& person) {
    TRY(const auto plans, plans_by(transaction, collective, person));
    std::vector<PlannedLine> lines;
    for (const OwnPlan& plan : plans) {
        TRY(const auto series, find_series(transaction, collective, plan.series));
        lines.push_back({.series = series ? series->about.title : std::string(),
                         .wall = wall_text(plan.original),
                         .plan = plan.plan});
    }
    return lines;
}

[[nodiscard]] Result<void> forget_mail(Transaction& transaction, const CollectiveId& collective,
                                       const std::string& mail) {
    TRY_DO(forget_subscriber(transaction, collective, auth::hash_of(mail)));
    TRY_DO(forget_tags_of(transaction, collective, auth::hash_of(mail)));
    return forget_letters_from(transaction, collective, mail);
}

} // namespace

Result<pages::View> known_view(Transaction& transaction, const CollectiveId& collective,
                               const PersonId& person) {
    TRY(const auto hosted, hosted_by(transaction, collective, person));
    KnownView view;
    for (const SeriesId& id : hosted) {
        TRY(std::string title, title_in(transaction, collective, id));
        view.hosted.push_back(std::move(title));
    }
    TRY_DO(add_turns(view, transaction, collective, person));
    TRY(const auto written, additions_by(transaction, collective, person));
    for (const OwnAddition& one : written) {
        view.written.push_back({one.words, format_date(one.written)});
    }
    TRY(view.planned, planned_by(transaction, collective, person));
    TRY(const auto me, people::find_person(transaction, collective, person));
    if (me && !me->mail.empty()) {
        TRY_DO(add_by_mail(view, transaction, collective, me->mail));
    }
    return pages::view_of(view);
}

Result<void> erase_person(Transaction& transaction, const pages::House& /*house*/,
                          const CollectiveId& collective, const PersonId& person) {
    TRY_DO(transaction.run(delete_hosting, {collective, person}));
    TRY_DO(open_turns_of(transaction, collective, person));
    TRY(const auto written, additions_by(transaction, collective, person));
    for (const OwnAddition& one : written) {
        TRY_DO(drop_addition(transaction, collective, one.id));
    }
    if (!written.empty()) {
        TRY_DO(note_change(transaction, collective));
    }
    TRY_DO(drop_plans_by(transaction, collective, person));
    TRY_DO(transaction.run(delete_digest, {collective, person}));
    TRY_DO(transaction.run(delete_told_of_waiting, {collective, person}));
    TRY(const auto who, people::find_person(transaction, collective, person));
    return who && !who->mail.empty() ? forget_mail(transaction, collective, who->mail)
                                     : Result<void>();
}

} // namespace allot::gatherings
