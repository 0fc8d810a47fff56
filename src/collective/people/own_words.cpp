#include "collective/people/own_words.hpp"

#include "base/clock.hpp"
#include "collective/people/person_store.hpp"
#include "platform/auth/audit.hpp"
#include "platform/auth/secrets.hpp"
#include "platform/mail/outbox.hpp"
#include "platform/mail/wishes.hpp"
#include "platform/pages/view.hpp"

namespace allot::people {

namespace {

[[nodiscard]] Result<Person> known_person(Transaction& transaction, const CollectiveId& collective,
                                          const PersonId& id) {
    TRY(auto person, find_person(transaction, collective, id));
    if (!person || person->erased) {
        return fail(ErrorKind::missing, "people.nobody");
    }
    return *std::move(person);
}

struct KnownMail {
    std::string kind;
    std::string state;
    std::string written; ///< the day
};
BOOST_DESCRIBE_STRUCT(KnownMail, (), (kind, state, written))

struct KnownView {
    std::string mail;
    std::string name;
    std::string said;
    std::string own_words;
    std::string how_i_work;
    std::string languages;
    std::string access_needs;
    bool shows_access = false;
    std::vector<std::string> here_for;
    std::string here_for_words;
    std::string zone;
    std::string page_language;
    std::string hours_free;
    std::string hours_maybe;
    std::string role;
    bool resting = false;
    bool has_calendar_link = false;
    std::string joined;
    std::string mail_digest; ///< empty: she was not asked
    bool mail_reminders = false;
    bool mail_paused = false;
    std::vector<KnownMail> mails;
};
BOOST_DESCRIBE_STRUCT(KnownView, (),
                      (mail, name, said, own_words, how_i_work, languages, access_needs,
                       shows_access, here_for, here_for_words, zone, page_language, hours_free,
                       hours_maybe, role, resting, has_calendar_link, joined, mail_digest,
                       mail_reminders, mail_paused, mails))

[[nodiscard]] KnownView view_of_all(const Person& me) {
    const Profile& profile = me.profile;
    return {.mail = me.mail,
            .name = profile.name,
            .said = profile.said,
            .own_words = profile.own_words,
            .how_i_work = profile.how_i_work,
            .languages = profile.languages,
            .access_needs = profile.access_needs,
            .shows_access = profile.shows_access,
            .here_for = profile.here_for,
            .here_for_words = profile.here_for_words,
            .zone = profile.zone,
            .page_language = profile.page_language,
            .hours_free = me.hours.free,
            .hours_maybe = me.hours.maybe,
            .role = std::string(auth::name_of(me.role)),
            .resting = me.resting,
            .has_calendar_link = me.has_calendar_link,
            .joined = format_date(me.joined),
            .mails = {}};
}

[[nodiscard]] Result<void> add_mail(Transaction& transaction, const CollectiveId& collective,
                                    const Person& me, KnownView& view) {
    TRY(const auto wishes, mail::wishes_of(transaction, collective.text(), auth::hash_of(me.mail)));
    view.mail_digest = wishes.digest;
    view.mail_reminders = wishes.reminders;
    TRY(view.mail_paused, mail::is_paused(transaction, me.mail));
    for (const std::string_view scope : {std::string_view(collective.text()), mail::server_scope}) {
        TRY(const auto all, mail::mail_to(transaction, scope, me.mail));
        for (const mail::Kept& kept : all) {
            const auto day = std::chrono::floor<std::chrono::days>(kept.written);
            view.mails.push_back({.kind = std::string(mail::rule_of(kept.mail.kind).name),
                                  .state = std::string(mail::name_of(kept.state)),
                                  .written = format_date(day)});
        }
    }
    return {};
}

} // namespace

Result<pages::View> known_view(Transaction& transaction, const CollectiveId& collective,
                               const PersonId& person) {
    TRY(const Person me, known_person(transaction, collective, person));
    KnownView view = view_of_all(me);
    TRY_DO(add_mail(transaction, collective, me, view));
    return pages::view_of(view);
}

Result<void> erase_own(Transaction& transaction, const pages::House& house,
                       const CollectiveId& collective, const PersonId& person) {
    TRY(const Person me, known_person(transaction, collective, person));
    TRY(const bool last, is_last_steward(transaction, collective, me.id));
    if (last) {
        return fail(ErrorKind::conflict, "erase.last_steward");
    }
    const Moment now = house.clock.now();
    TRY_DO(auth::note_audit(transaction, collective, me.id, "person_erased", now, house.entropy));
    return erase_person(transaction, collective, me, now);
}

} // namespace allot::people
