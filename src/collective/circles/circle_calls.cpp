#include "collective/circles/circle_calls.hpp"

#include "collective/people/person_store.hpp"
#include "platform/auth/audit.hpp"
#include "platform/pages/zone_field.hpp"

#include <algorithm>
#include <iterator>

namespace allot::circles {

using auth::Role;
using pages::Call;
using pages::Need;

bool keeps(const Call& call) {
    return auth::may(auth::Action::keep_circle, call.viewer.role(), call.in_circle);
}

std::string path_of(const Call& call, const Circle& circle, std::string_view rest) {
    return call.path("/circles/" + circle.slug + std::string(rest));
}

Result<Circle> circle_of(Transaction& transaction, const Call& call) {
    TRY(auto circle, circle_named(transaction, call.collective().id, call.part("circle")));
    const bool belongs = call.in_circle != Role::anyone || keeps(call) || call.viewer.is_let_in;
    if (!circle || (is_draft(circle->about) && !belongs)) {
        return fail(ErrorKind::missing, "circles.none_here");
    }
    return *std::move(circle);
}

Result<Circle> open_circle_of(Transaction& transaction, const Call& call) {
    TRY(Circle circle, circle_of(transaction, call));
    TRY_DO(must_be_open(circle));
    return circle;
}

Result<std::vector<InCircle>> people_for_reader(Transaction& transaction, const Call& call,
                                                const CircleId& circle) {
    TRY(auto people, people_of(transaction, call.collective().id, circle));
    call.words->sort_by_name(people, &InCircle::name);
    std::vector<InCircle> hosts;
    std::vector<InCircle> others;
    for (InCircle& one : people) {
        (one.part.name == PartName::host ? hosts : others).push_back(std::move(one));
    }
    std::ranges::move(others, std::back_inserter(hosts));
    return hosts;
}

Result<void> note(Transaction& transaction, const Call& call, std::string_view what) {
    return note(transaction, call, call.member().person, what);
}

Result<void> note(Transaction& transaction, const Call& call, const PersonId& who,
                  std::string_view what) {
    return auth::note_audit(transaction, call.collective().id, who, what, call.now(),
                            call.house.entropy);
}

Newcomer read_newcomer(pages::FormReader& form, const Call& call) {
    if (call.viewer.member) {
        return {};
    }
    return {.name = form.line("name", people::longest_name, Need::required),
            .zone = pages::read_zone_field(form, call)};
}

Result<PersonId> person_of_viewer(Transaction& transaction, const Call& call,
                                  const Newcomer& newcomer, Role role) {
    const CollectiveId& collective = call.collective().id;
    // Asked again inside of the transaction: two forms of hers may come at once.
    TRY(const auto known, people::person_with_mail(transaction, collective, call.viewer.mail));
    if (!known) {
        const people::Profile profile{.name = newcomer.name, .zone = newcomer.zone};
        return people::add_person(transaction, collective, call.viewer.mail, profile, role,
                                  call.now(), call.house.entropy);
    }
    if (role == Role::member) {
        TRY_DO(make_member(transaction, collective, known->id, call.now()));
    }
    return known->id;
}

Result<void> make_member(Transaction& transaction, const CollectiveId& collective,
                         const PersonId& person, Moment now) {
    TRY(const auto known, people::find_person(transaction, collective, person));
    if (!known || known->erased) {
        return fail(ErrorKind::missing, "people.nobody");
    }
    if (known->role != Role::guest) {
        return {};
    }
    return people::save_role(transaction, collective, person, Role::member, now);
}

} // namespace allot::circles
