#include "collective/people/own_words.hpp"

#include "base/clock.hpp"
#include "collective/people/person_store.hpp"
#include "platform/auth/audit.hpp"
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
};
BOOST_DESCRIBE_STRUCT(KnownView, (),
                      (mail, name, said, own_words, how_i_work, languages, access_needs,
                       shows_access, here_for, here_for_words, zone, page_language, hours_free,
                       hours_maybe, role, resting, has_calendar_link, joined))

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
            .joined = format_date(me.joined)};
}

} // namespace

Result<pages::View> known_view(Transaction& transaction, const CollectiveId& collective,
                               const PersonId& person) {
    TRY(const Person me, known_person(transaction, collective, person));
    return pages::view_of(view_of_all(me));
}

Result<void> erase_own(Transaction& transaction, const pages::House& house,
                       const CollectiveId& collective, const PersonId& person) {
    TRY(const Person me, known_person(transaction, collective, person));
    TRY(const auto keepers, stewards(transaction, collective));
    TRY(const auto people, all_people(transaction, collective));
    if (keepers == std::vector{me.id} && people.size() > 1) {
        return fail(ErrorKind::conflict, "erase.last_steward");
    }
    const Moment now = house.clock.now();
    TRY_DO(auth::note_audit(transaction, collective, me.id, "person_erased", now, house.entropy));
    return erase_person(transaction, collective, me);
}

} // namespace allot::people
