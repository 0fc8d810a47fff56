#include "collective/gatherings/follow.hpp"
#include "collective/gatherings/kept_words.hpp"
#include "collective/gatherings/series_import.hpp"
#include "collective/gatherings/start_routes.hpp"
#include "platform/pages/form_reader.hpp"
#include "platform/pages/view.hpp"

namespace allot::gatherings {

namespace {

using auth::Action;
using http::Method;
using pages::Answer;
using pages::Call;
using pages::Done;
using pages::FormReader;
using pages::Page;

struct FollowView {
    std::string slug;
    std::string name;
    bool follows = false;
    std::string url; ///< as typed, or as it is followed; empty: a file
    std::string which;
    std::string trouble; ///< in words
    std::string looked;  ///< the day; empty: not yet
};
BOOST_DESCRIBE_STRUCT(FollowView, (), (slug, name, follows, url, which, trouble, looked))

[[nodiscard]] Page page_of(const FollowView& view) {
    return {.template_name = "follow",
            .view = pages::view_of(view),
            .title = "follow.title",
            .place = "events",
            .has_form = true,
            .private_ = true};
}

[[nodiscard]] Result<FollowView> find_view(const Call& call) {
    return call.house.store.read([&](Transaction& transaction) -> Result<FollowView> {
        TRY(const Series series, series_of(transaction, call));
        TRY(const auto followed, followed_by(transaction, call.collective().id, series.id));
        FollowView view{.slug = series.slug, .name = series.about.title};
        if (followed) {
            view.follows = true;
            view.url = followed->url;
            view.which = followed->which;
            const bool has_looked = followed->url.empty() || !followed->bytes_hash.empty() ||
                                    !followed->trouble.empty();
            view.looked = has_looked ? format_date(followed->looked) : std::string();
            if (!followed->trouble.empty()) {
                view.trouble = call.words->say(followed->trouble);
            }
        }
        return view;
    });
}

/// Also of one that rests since its calendar has nothing ahead: here its hosts read why.
[[nodiscard]] Result<Answer> see_follow(Call& call) {
    TRY(const FollowView view, find_view(call));
    if (!view.follows) {
        TRY_DO(call.house.store.read(
            [&](Transaction& transaction) { return running_series_of(transaction, call); }));
    }
    return page_of(view);
}

/// What a form says: an address, or a file that is taken at once.
struct Typed {
    std::string url;
    std::string which;
    const http::Upload* file = nullptr;
};

[[nodiscard]] Typed read_typed(FormReader& form, const Call& call) {
    Typed typed{.url = form.line("url", longest_link),
                .which = form.line("which", longest_line),
                .file = call.form.upload("file")};
    if (typed.file == nullptr && !is_link(typed.url)) {
        form.note("url", "follow.no_address");
    }
    return typed;
}

[[nodiscard]] Result<Page> typed_again(const Call& call, const Typed& typed) {
    TRY(FollowView view, find_view(call));
    view.follows = false;
    view.url = typed.url;
    view.which = typed.which;
    return page_of(view);
}

[[nodiscard]] Result<Answer> begin_to_follow(Call& call) {
    FormReader form(call.form);
    const Typed typed = read_typed(form, call);
    std::string_view trouble;
    if (form.good()) {
        auto done = call.write([&](Transaction& transaction) -> Result<Done> {
            TRY(const Series series, running_series_of(transaction, call));
            const CollectiveId& collective = call.collective().id;
            const auto today = std::chrono::floor<std::chrono::days>(call.now());
            if (typed.file != nullptr) {
                TRY(trouble, take_calendar(transaction, call.house, call.collective(), series,
                                           typed.file->bytes, typed.which));
                if (!trouble.empty()) {
                    return fail(ErrorKind::invalid, std::string(trouble)); // nothing is kept
                }
            }
            TRY_DO(follow(transaction, collective, series.id,
                          typed.file != nullptr ? "" : typed.url, typed.which, today));
            TRY_DO(note(transaction, call, "series_follows"));
            return Done{path_of(call, series, "/follow")};
        });
        if (done || trouble.empty()) {
            return or_page_again(call, std::move(done), "url",
                                 [&] { return typed_again(call, typed); });
        }
        form.note(trouble == "follow.no_calendar" ? "file" : "which", trouble);
    }
    TRY(Page again, typed_again(call, typed));
    return pages::Refusal{form.problems(), std::move(again)};
}

[[nodiscard]] Result<Answer> stop_following(Call& call) {
    return call.write([&](Transaction& transaction) -> Result<Done> {
        TRY(const Series series, series_of(transaction, call));
        TRY_DO(unfollow(transaction, call.collective().id, series.id));
        TRY_DO(note(transaction, call, "series_unfollowed"));
        return Done{path_of(call, series)};
    });
}

} // namespace

std::vector<pages::Route> follow_routes() {
    return {
        {Method::get, "/c/{collective}/series/{series}/follow", Action::keep_series, see_follow},
        {Method::post, "/c/{collective}/series/{series}/follow", Action::keep_series,
         begin_to_follow},
        {Method::post, "/c/{collective}/series/{series}/unfollow", Action::keep_series,
         stop_following},
    };
}

} // namespace allot::gatherings
