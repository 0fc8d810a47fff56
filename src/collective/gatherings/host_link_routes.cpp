#include "base/clock.hpp"
#include "collective/circles/circle_calls.hpp"
#include "collective/gatherings/host_link.hpp"
#include "collective/gatherings/kept_words.hpp"
#include "collective/gatherings/series_calls.hpp"
#include "collective/gatherings/start_routes.hpp"
#include "platform/auth/audit.hpp"
#include "platform/pages/form_reader.hpp"
#include "platform/pages/view.hpp"

namespace allot::gatherings {

namespace {

using auth::Action;
using auth::Role;
using http::Method;
using pages::Answer;
using pages::Call;
using pages::Done;
using pages::FormReader;
using pages::Page;

struct HostLinkView {
    std::string slug;
    std::string title;
    std::string address;
    std::string until; ///< the last day
};
BOOST_DESCRIBE_STRUCT(HostLinkView, (), (slug, title, address, until))

/// Shown once: the server keeps a hash. Sent twice, the second link is the one that works.
[[nodiscard]] Result<Answer> make_host_link(Call& call) {
    auto made = call.house.store.write([&](Transaction& transaction) -> Result<HostLinkView> {
        TRY_DO(call.still_may(transaction));
        TRY(const Series series, running_series_of(transaction, call));
        TRY(const std::string secret, new_host_link(transaction, call.collective().id, series.id,
                                                    call.now(), call.house.entropy));
        const auto until = std::chrono::floor<std::chrono::days>(call.now() + host_link_time);
        return HostLinkView{.slug = series.slug,
                            .title = series.about.title,
                            .address = call.address(call.path("/host/" + secret)),
                            .until = format_date(until)};
    });
    TRY(const HostLinkView view, std::move(made));
    return Page{.template_name = "host_link",
                .view = pages::view_of(view),
                .title = "host_link.title",
                .place = "events",
                .private_ = true};
}

struct BeHostView {
    std::string key;
    std::string title;
    std::string about;
    bool to_sign_in = false; ///< first
    bool is_new = false;
    std::string name;
    std::string zone;
    std::vector<std::string> zones;
};
BOOST_DESCRIBE_STRUCT(BeHostView, (), (key, title, about, to_sign_in, is_new, name, zone, zones))

[[nodiscard]] Result<Series> series_of_link(Transaction& transaction, const Call& call) {
    TRY(auto series,
        series_of_host_link(transaction, call.collective().id, call.part("key"), call.now()));
    if (!series) {
        return fail(ErrorKind::missing, "host_link.over");
    }
    return *std::move(series);
}

[[nodiscard]] Result<Page> be_host_page(const Call& call, const circles::Newcomer& typed) {
    TRY(const Series series, call.house.store.read([&](Transaction& transaction) {
        return series_of_link(transaction, call);
    }));
    const bool is_new = call.viewer.session && !call.viewer.member;
    const BeHostView view{.key = call.part("key"),
                          .title = series.about.title,
                          .about = series.about.about,
                          .to_sign_in = !call.viewer.session,
                          .is_new = is_new,
                          .name = typed.name,
                          .zone = typed.zone,
                          .zones = is_new ? call.house.zones.names() : std::vector<std::string>()};
    return Page{.template_name = "host_link_join",
                .view = pages::view_of(view),
                .title = "host_link.join_title",
                .title_name = series.about.title,
                .place = "events",
                .has_form = true,
                .private_ = true};
}

[[nodiscard]] Result<Answer> see_be_host(Call& call) {
    TRY(Page page, be_host_page(call, {}));
    return page;
}

[[nodiscard]] Result<Answer> be_host(Call& call) {
    FormReader form(call.form);
    const circles::Newcomer newcomer = circles::read_newcomer(form, call);
    if (!form.good()) {
        TRY(Page again, be_host_page(call, newcomer));
        return pages::Refusal{form.problems(), std::move(again)};
    }
    auto answer = call.write([&](Transaction& transaction) -> Result<Done> {
        const CollectiveId& collective = call.collective().id;
        TRY(const Series series, series_of_link(transaction, call));
        TRY_DO(must_run(series, std::chrono::floor<std::chrono::days>(call.now())));
        TRY(const PersonId person,
            circles::person_of_viewer(transaction, call, newcomer, Role::member));
        TRY_DO(add_host(transaction, collective, series.id, person));
        TRY_DO(end_host_link(transaction, collective, series.id));
        TRY_DO(auth::note_audit(transaction, collective, person, "series_hosted", call.now(),
                                call.house.entropy));
        return Done{path_of(call, series)};
    });
    return or_page_again(call, std::move(answer), "name",
                         [&] { return be_host_page(call, newcomer); });
}

} // namespace

std::vector<pages::Route> host_link_routes() {
    return {
        {Method::post, "/c/{collective}/series/{series}/host-link", Action::keep_series,
         make_host_link},
        {Method::get, "/c/{collective}/host/{key}", Action::sign_in, see_be_host},
        {Method::post, "/c/{collective}/host/{key}", Action::join_by_link, be_host},
    };
}

} // namespace allot::gatherings
