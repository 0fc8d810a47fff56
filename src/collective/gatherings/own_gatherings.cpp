#include "collective/gatherings/own_gatherings.hpp"

#include "collective/gatherings/answer_tags.hpp"
#include "collective/gatherings/letterbox.hpp"
#include "collective/gatherings/subscribers.hpp"
#include "collective/people/person_store.hpp"
#include "platform/auth/secrets.hpp"
#include "platform/pages/view.hpp"

namespace allot::gatherings {

namespace {

using store::Statement;

constexpr Statement delete_hosting =
    "DELETE FROM series_host WHERE collective_id = $1 AND person_id = $2";

struct KnownView {
    std::vector<std::string> hosted;     ///< titles of series
    std::vector<std::string> subscribed; ///< titles of series that send her mail
    std::vector<std::string> letters;    ///< that she wrote to hosts
};
BOOST_DESCRIBE_STRUCT(KnownView, (), (hosted, subscribed, letters))

constexpr Statement delete_digest =
    "DELETE FROM digest_done WHERE collective_id = $1 AND person_id = $2";

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
        TRY(const auto series, find_series(transaction, collective, id));
        view.hosted.push_back(series ? series->about.title : std::string());
    }
    TRY(const auto me, people::find_person(transaction, collective, person));
    if (me && !me->mail.empty()) {
        TRY_DO(add_by_mail(view, transaction, collective, me->mail));
    }
    return pages::view_of(view);
}

Result<void> erase_person(Transaction& transaction, const pages::House& /*house*/,
                          const CollectiveId& collective, const PersonId& person) {
    TRY_DO(transaction.run(delete_hosting, {collective, person}));
    TRY_DO(transaction.run(delete_digest, {collective, person}));
    TRY(const auto who, people::find_person(transaction, collective, person));
    return who && !who->mail.empty() ? forget_mail(transaction, collective, who->mail)
                                     : Result<void>();
}

} // namespace allot::gatherings
