#include "collective/gatherings/thread_routes.hpp"
#include "platform/auth/guest.hpp"
#include "platform/pages/view.hpp"

#include <algorithm>

namespace allot::gatherings {

namespace {

using auth::Action;
using http::Method;
using pages::Answer;
using pages::Call;
using pages::Done;
using pages::FormReader;
using pages::Page;

/// Shows what a guest wrote, or puts something away; what is put away can be shown again.
[[nodiscard]] Result<Answer> decide(Call& call) {
    FormReader form(call.form);
    static constexpr std::array<std::string_view, 2> states = {"shown", "hidden"};
    const std::string state = form.choice("state", states);
    if (!form.good()) {
        return fail(ErrorKind::invalid, "thread.no_state");
    }
    ZoneBook zones(call.house.zones);
    return call.write([&](Transaction& transaction) -> Result<Done> {
        TRY(const At at, gathering_of(transaction, call, zones));
        const GatheringKey key = key_of(call, at);
        const auto id = call.id<AdditionId>("addition");
        TRY(const auto addition, find_addition(transaction, key, id));
        if (!addition) {
            return fail(ErrorKind::missing, "thread.none_here");
        }
        TRY_DO(set_addition_state(transaction, key, id, addition_state_named(state)));
        TRY_DO(note(transaction, call, state == "shown" ? "words_shown" : "words_hidden"));
        TRY_DO(note_change(transaction, key.collective));
        return Done{path_of(call, at.plan.series, key.original, "#thread")};
    });
}

/// Closes a thread to guests, or opens it again.
[[nodiscard]] Result<Answer> close(Call& call) {
    const FormReader form(call.form);
    const bool closed = form.ticked("closed");
    ZoneBook zones(call.house.zones);
    return call.write([&](Transaction& transaction) -> Result<Done> {
        TRY(const At at, running_gathering_of(transaction, call, zones));
        const GatheringKey key = key_of(call, at);
        TRY(Gathering gathering,
            gathering_at(transaction, key.collective, key.series, key.original));
        gathering.closed_to_guests = closed;
        TRY_DO(save_gathering(transaction, key.collective, key.series, gathering));
        TRY_DO(note(transaction, call, closed ? "thread_closed" : "thread_opened"));
        return Done{path_of(call, at.plan.series, key.original, "#thread")};
    });
}

struct LinkView {
    std::string path; ///< of the gathering
    std::string title;
    std::string address;
    std::string until; ///< the last day
};
BOOST_DESCRIBE_STRUCT(LinkView, (), (path, title, address, until))

/// Lets somebody without an account in to this gathering, to read and to write. The server keeps
/// nothing of it.
[[nodiscard]] Result<Answer> make_link(Call& call) {
    ZoneBook zones(call.house.zones);
    TRY(const At at, call.house.store.read([&](Transaction& transaction) {
        return gathering_of(transaction, call, zones);
    }));
    const std::string path = path_of(call, at.plan.series, at.occurrence.original);
    const Moment from = std::max<Moment>(call.now(), at.occurrence.end);
    const auth::GuestPass pass{.place = path, .ends = from + auth::guest_time};
    const auto until = std::chrono::floor<std::chrono::days>(pass.ends);
    const LinkView view{.path = path,
                        .title = title_of(at.plan.series, at.occurrence.gathering),
                        .address =
                            call.address("/g/" + auth::pass_text(call.house.signing_key, pass)),
                        .until = format_date(until)};
    return Page{.template_name = "thread_link",
                .view = pages::view_of(view),
                .title = "thread.link_title",
                .title_name = view.title,
                .place = "events",
                .private_ = true};
}

} // namespace

std::vector<pages::Route> thread_host_routes() {
    return {
        {Method::post, "/c/{collective}/series/{series}/{when}/thread/{addition}/state",
         Action::keep_series, decide},
        {Method::post, "/c/{collective}/series/{series}/{when}/guests", Action::keep_series, close},
        {Method::post, "/c/{collective}/series/{series}/{when}/guest-link", Action::keep_series,
         make_link},
    };
}

} // namespace allot::gatherings
