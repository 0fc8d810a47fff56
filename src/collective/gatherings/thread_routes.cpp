#include "collective/gatherings/thread_routes.hpp"

#include "collective/gatherings/kept_words.hpp"
#include "collective/gatherings/own_key.hpp"
#include "collective/gatherings/picture.hpp"
#include "platform/auth/limits.hpp"
#include "platform/http/caller.hpp"
#include "platform/pages/site.hpp"
#include "platform/pages/view.hpp"
#include "platform/pages/zone_field.hpp"

#include <algorithm>
#include <array>

namespace allot::gatherings {

namespace {

using auth::Action;
using http::Method;
using pages::Answer;
using pages::Call;
using pages::Done;
using pages::FormReader;
using pages::Need;
using pages::Page;

// Whoever writes more than this in an hour is a program. Many guests may share one address.
constexpr auth::Allowance words_of_one_guest{"thread_peer", 20, std::chrono::hours(1)};
constexpr auth::Allowance words_of_guests{"thread_guests", 100, std::chrono::hours(24)};
constexpr auth::Allowance words_of_one_member{"thread_person", 120, std::chrono::hours(1)};

/// A picture, and the fields beside it.
constexpr std::size_t body_with_picture = largest_picture + (std::size_t{64} << 10U);
constexpr std::string_view picture_field = "picture";

// -- Adding --------------------------------------------------------------------------------------

struct ReadAddition {
    TypedAddition typed;
    std::optional<Picture> picture;
};

void read_picture_field(FormReader& form, const Call& call, ReadAddition& read) {
    const http::Upload* const upload = call.form.upload(picture_field);
    const bool has_file = upload != nullptr && !upload->bytes.empty();
    if (!has_file) {
        if (read.typed.kind == name_of(AdditionKind::plot)) {
            form.note(picture_field, "thread.picture_missing");
        }
        return;
    }
    auto picture = read_picture(upload->bytes);
    if (!picture) {
        const std::array<std::string_view, 5> keys = {
            "thread.picture_kind", "thread.picture_broken", "thread.picture_size",
            "thread.picture_heavy", "thread.picture_moves"};
        const auto* const key = std::ranges::find(keys, picture.error().message);
        form.note(picture_field, key == keys.end() ? keys[1] : *key);
        return;
    }
    read.picture = *std::move(picture);
    if (read.typed.picture_words.empty()) {
        form.note("picture_words", "thread.picture_words_missing");
    }
}

/// Reads the form, and notes what is wrong.
[[nodiscard]] ReadAddition read_addition(FormReader& form, const Call& call) {
    ReadAddition read;
    TypedAddition& typed = read.typed;
    typed.kind = form.choice("kind", addition_kind_names);
    const bool is_plot = typed.kind == name_of(AdditionKind::plot);
    typed.words = form.prose("words", longest_addition, is_plot ? Need::optional : Need::required);
    typed.picture_words = form.line("picture_words", longest_picture_words);
    typed.answers = form.line("answers", longest_line);
    if (!call.viewer.member) {
        typed.name = form.line("name", longest_guest_name, Need::required);
        if (!call.form.value("zone").value_or("").empty()) {
            typed.zone = pages::read_zone_field(form, call);
        }
    }
    if ((typed.kind == name_of(AdditionKind::answer)) == typed.answers.empty()) {
        form.note("kind", "form.not_offered");
    }
    read_picture_field(form, call, read);
    return read;
}

[[nodiscard]] Result<Done> keep_addition(Transaction& transaction, const Call& call,
                                         const ReadAddition& read, const std::string& own,
                                         ZoneBook& zones) {
    TRY(const At at, running_gathering_of(transaction, call, zones));
    const GatheringKey key = key_of(call, at);
    NewAddition addition{.kind = addition_kind_named(read.typed.kind),
                         .words = read.typed.words,
                         .picture = read.picture ? &*read.picture : nullptr,
                         .picture_words = read.typed.picture_words};
    if (!read.typed.answers.empty()) {
        addition.answers = AdditionId(read.typed.answers);
        TRY(const auto answered, find_addition(transaction, key, *addition.answers));
        if (!answered || !may_see_addition(call, key, *answered)) {
            return fail(ErrorKind::missing, "thread.none_here");
        }
    }
    if (call.viewer.member) {
        addition.person = call.viewer.member->person;
        TRY_DO(
            auth::count_try(transaction, words_of_one_member, addition.person->text(), call.now()));
    } else {
        addition.guest_name = read.typed.name;
        addition.guest_key = own;
    }
    if (!belongs(call)) {
        TRY(addition.state, state_for_guest(at.plan.series, at.occurrence.gathering));
        TRY_DO(count_guest(transaction, call, path_of(call, at.plan.series, key.original)));
    }
    TRY_DO(add_addition(transaction, key, addition, call.now(), call.house.entropy));
    TRY_DO(note_change(transaction, key.collective));
    const bool waits = addition.state == AdditionState::waiting;
    return Done{path_of(call, at.plan.series, key.original, waits ? "?waits#thread" : "#thread")};
}

/// What was typed into a form of the page of one addition: an answer to it, or other words of hers.
struct Change {
    bool take_back = false;
    std::string words;
    std::optional<std::string> picture_words; ///< nothing: they stay
};
struct TypedOne {
    TypedAddition answer;
    std::optional<Change> change;
};
[[nodiscard]] Result<Page> addition_page(const Call& call, const TypedOne& typed);

/// Where it was typed, with what was typed; where what it answers is gone, below its gathering.
[[nodiscard]] Result<Page> typed_again(Call& call, const TypedAddition& typed) {
    if (!typed.answers.empty()) {
        call.parts["addition"] = typed.answers;
        auto page = addition_page(call, {.answer = typed, .change = {}});
        if (page || page.error().kind != ErrorKind::missing) {
            return page;
        }
    }
    return gathering_page(call, typed);
}

[[nodiscard]] Result<Answer> add(Call& call) {
    FormReader form(call.form);
    const ReadAddition read = read_addition(form, call);
    if (!form.good()) {
        TRY(Page again, typed_again(call, read.typed));
        return pages::Refusal{form.problems(), std::move(again)};
    }
    const std::string own = call.viewer.member ? std::string() : key_to_write(call);
    ZoneBook zones(call.house.zones);
    auto answer = call.write([&](Transaction& transaction) {
        return keep_addition(transaction, call, read, own, zones);
    });
    if (!answer) {
        return or_page_again(call, std::move(answer), "thread",
                             [&] { return typed_again(call, read.typed); });
    }
    Answer done = *std::move(answer);
    if (!own.empty()) {
        Done& kept = std::get<Done>(done);
        keep_key(call, own, kept);
        if (!read.typed.zone.empty()) {
            kept.cookies.push_back(cookie_of_zone(read.typed.zone));
        }
    }
    return done;
}

// -- One addition --------------------------------------------------------------------------------

struct OneView {
    std::string path; ///< of the gathering
    std::string title;
    std::vector<AdditionLine> additions; ///< this one
    std::optional<AddForm> form;         ///< of an answer
    std::string id;                      ///< of what an answer answers
    bool answering = true;               ///< what is added here is an answer
    bool may_change = false;
    bool keeping = false;
    std::string own_words; ///< to be changed
    std::string own_picture_words;
    bool has_picture = false;
    bool changing = false;  ///< what is wrong is wrong with her own words
    std::string kept_words; ///< that were typed, where nothing can be added any more
};
BOOST_DESCRIBE_STRUCT(OneView, (),
                      (path, title, additions, form, id, answering, may_change, keeping, own_words,
                       own_picture_words, has_picture, changing, kept_words))

/// The addition of the path, where this viewer may see it.
[[nodiscard]] Result<Addition> addition_of(Transaction& transaction, const Call& call,
                                           const GatheringKey& key) {
    TRY(auto addition, find_addition(transaction, key, call.id<AdditionId>("addition")));
    const auto seen =
        addition ? may_see_in_thread(transaction, call, key, *addition) : Result<bool>(false);
    TRY(const bool may_see, seen);
    if (!may_see) {
        return fail(ErrorKind::missing, "thread.none_here");
    }
    return *std::move(addition);
}

/// The one that is named, and answers to it.
[[nodiscard]] std::vector<Addition> with_answers(const std::vector<Addition>& all,
                                                 const AdditionId& id) {
    std::vector<Addition> some;
    std::ranges::copy_if(all, std::back_inserter(some), [&](const Addition& one) {
        return one.id == id || one.answers == std::optional(id);
    });
    for (Addition& one : some) {
        if (one.id == id) {
            one.answers.reset(); // an answer may be looked at alone
        }
    }
    return some;
}

[[nodiscard]] Result<OneView> one_view(Transaction& transaction, const Call& call,
                                       const TypedOne& typed, ZoneBook& zones) {
    TRY(const At at, gathering_of(transaction, call, zones));
    const GatheringKey key = key_of(call, at);
    TRY(const Addition addition, addition_of(transaction, call, key));
    TRY(const auto all, additions_of(transaction, key));
    const Series& series = at.plan.series;
    OneView view{.path = path_of(call, series, key.original),
                 .title = title_of(series, at.occurrence.gathering),
                 .additions =
                     thread_lines(call, series, key.original, with_answers(all, addition.id)),
                 .form = add_form(call, series, at.occurrence.gathering, typed.answer),
                 .id = (addition.answers ? *addition.answers : addition.id).text(),
                 .may_change = is_own(call, key, addition),
                 .keeping = keeps(call),
                 .has_picture = addition.frame.has_value()};
    if (view.may_change) {
        view.own_words = addition.words;
        view.own_picture_words = addition.picture_words;
    }
    if (typed.change) {
        view.own_words = typed.change->words;
        view.own_picture_words = typed.change->picture_words.value_or(addition.picture_words);
        view.changing = true;
        view.form.reset(); // its fields have the same names
    } else if (!view.form) {
        view.kept_words = kept_words(typed.answer);
    }
    return view;
}

Result<Page> addition_page(const Call& call, const TypedOne& typed) {
    ZoneBook zones(call.house.zones);
    TRY(const OneView view, call.house.store.read([&](Transaction& transaction) {
        return one_view(transaction, call, typed, zones);
    }));
    return Page{.template_name = "thread_one",
                .view = pages::view_of(view),
                .title = "thread.one_title",
                .title_name = view.title,
                .place = "events",
                .has_form = true,
                .private_ = view.may_change || view.keeping || call.viewer.is_let_in};
}

[[nodiscard]] Result<Answer> see_one(Call& call) {
    TRY(Page page, addition_page(call, {}));
    return page;
}

/// Words of a guest that were changed are looked at again.
[[nodiscard]] AdditionState state_after_change(const Call& call, const At& at,
                                               const Addition& addition) {
    const auto now_written = state_for_guest(at.plan.series, at.occurrence.gathering);
    const bool looks_again = !belongs(call) && addition.state == AdditionState::shown &&
                             (!now_written || *now_written == AdditionState::waiting);
    return looks_again ? AdditionState::waiting : addition.state;
}

[[nodiscard]] Result<Done> keep_change(Transaction& transaction, const Call& call,
                                       const Change& change, ZoneBook& zones) {
    TRY(const At at, gathering_of(transaction, call, zones));
    const GatheringKey key = key_of(call, at);
    TRY(const Addition addition, addition_of(transaction, call, key));
    if (!is_own(call, key, addition)) {
        return fail(ErrorKind::missing, "thread.not_yours");
    }
    if (!belongs(call) && !change.take_back) {
        TRY_DO(count_guest(transaction, call, path_of(call, at.plan.series, key.original)));
    }
    if (change.take_back) {
        TRY_DO(drop_addition(transaction, key.collective, addition.id));
    } else {
        const std::string shows = change.picture_words.value_or(addition.picture_words);
        TRY_DO(rewrite_addition(transaction, key, addition.id, change.words, shows,
                                state_after_change(call, at, addition)));
    }
    TRY_DO(note_change(transaction, key.collective));
    return Done{path_of(call, at.plan.series, key.original, "#thread")};
}

/// Hers, of the path. Errors: `missing` where it is not.
[[nodiscard]] Result<Addition> own_addition_of(Transaction& transaction, const Call& call,
                                               ZoneBook& zones) {
    TRY(const At at, gathering_of(transaction, call, zones));
    const GatheringKey key = key_of(call, at);
    TRY(Addition addition, addition_of(transaction, call, key));
    if (!is_own(call, key, addition)) {
        return fail(ErrorKind::missing, "thread.not_yours");
    }
    return addition;
}

/// A plot may say nothing, but what it shows is said always; nothing else may be empty.
[[nodiscard]] Change read_change(FormReader& form, const Call& call, const Addition& addition) {
    const bool may_be_empty = addition.kind == AdditionKind::plot && addition.frame;
    Change change;
    change.words =
        form.prose("words", longest_addition, may_be_empty ? Need::optional : Need::required);
    if (may_be_empty && !call.form.value("words")) {
        change.words = addition.words;
    }
    if (addition.frame && call.form.value("picture_words")) {
        change.picture_words = form.line("picture_words", longest_picture_words);
        if (change.picture_words->empty()) {
            form.note("picture_words", "thread.picture_words_missing");
        }
    }
    return change;
}

/// Her own words again, or none.
[[nodiscard]] Result<Answer> change_one(Call& call) {
    FormReader form(call.form);
    ZoneBook zones(call.house.zones);
    if (form.ticked("take_back")) { // sent twice it is not there any more, and was taken back
        return call.write([&](Transaction& transaction) {
            return keep_change(transaction, call,
                               {.take_back = true, .words = {}, .picture_words = {}}, zones);
        });
    }
    TRY(const Addition addition, call.house.store.read([&](Transaction& transaction) {
        return own_addition_of(transaction, call, zones);
    }));
    const Change change = read_change(form, call, addition);
    const auto again = [&] { return addition_page(call, {.answer = {}, .change = change}); };
    if (!form.good()) {
        TRY(Page page, again());
        return pages::Refusal{form.problems(), std::move(page)};
    }
    return or_page_again(call, call.write([&](Transaction& transaction) {
        return keep_change(transaction, call, change, zones);
    }),
                         "words", again);
}

/// From another device: this browser may change from now on what that one wrote.
[[nodiscard]] Result<Answer> adopt(Call& call) {
    const auto key = key_of_link(call);
    if (!key) {
        return fail(ErrorKind::missing, "thread.none_here");
    }
    ZoneBook zones(call.house.zones);
    TRY(const At at, call.house.store.read([&](Transaction& transaction) {
        return gathering_of(transaction, call, zones);
    }));
    Done done{path_of(call, at.plan.series, at.occurrence.original, "#thread")};
    OwnKeys keys = own_keys(call);
    if (*key != keys.own && std::ranges::find(keys.others, *key) == keys.others.end()) {
        keys.others.insert(keys.others.begin(), *key);
        keys.others.resize(std::min(keys.others.size(), most_other_keys));
        done.cookies.push_back(cookie_of_keys(keys));
    }
    return done;
}

// -- Pictures ------------------------------------------------------------------------------------

/// Its address names these bytes for ever, so whoever may see it keeps it as long as she likes.
[[nodiscard]] Result<Answer> see_picture(Call& call) {
    auto read = call.house.store.read([&](Transaction& transaction) -> Result<pages::Download> {
        TRY(const Series series, series_of(transaction, call));
        TRY(const Wall original, when_named(call.part("when")));
        const GatheringKey key = key_of(call, series, original);
        const auto id = call.id<PictureId>("picture");
        TRY(const auto addition, addition_with_picture(transaction, key, id));
        const auto seen =
            addition ? may_see_in_thread(transaction, call, key, *addition) : Result<bool>(false);
        TRY(const bool may_see, seen);
        if (!may_see) {
            return fail(ErrorKind::missing, "thread.none_here");
        }
        const bool is_public = is_shown(*addition) && series.about.audience == Audience::everyone;
        pages::Download picture{.type = type_of(addition->frame->kind),
                                .name = {},
                                .bytes = {},
                                .cache = is_public ? "public, max-age=31536000, immutable"
                                                   : "private, max-age=31536000, immutable"};
        TRY(picture.bytes, picture_bytes(transaction, key.collective, id));
        return picture;
    });
    TRY(pages::Download picture, std::move(read));
    return picture;
}

} // namespace

Result<At> running_gathering_of(Transaction& transaction, const Call& call, ZoneBook& zones) {
    TRY_DO(running_series_of(transaction, call));
    return gathering_of(transaction, call, zones);
}

Result<void> count_guest(Transaction& transaction, const Call& call, std::string_view place) {
    TRY_DO(auth::count_try(transaction, words_of_one_guest, http::client_network(call.request.peer),
                           call.now()));
    return auth::count_try(transaction, words_of_guests, place, call.now());
}

std::vector<pages::Route> thread_routes() {
    constexpr std::string_view thread = "/c/{collective}/series/{series}/{when}/thread";
    constexpr std::string_view one = "/c/{collective}/series/{series}/{when}/thread/{addition}";
    return {
        {.method = Method::post,
         .pattern = thread,
         .action = Action::add_words,
         .answer = add,
         .open_because = {},
         .body_of_strangers = body_with_picture},
        {Method::get, one, Action::read_public, see_one},
        {Method::post, one, Action::add_words, change_one},
        {Method::get, "/c/{collective}/series/{series}/{when}/own/{signed}", Action::read_public,
         adopt},
        {Method::get, "/c/{collective}/series/{series}/{when}/pictures/{picture}",
         Action::read_public, see_picture},
    };
}

} // namespace allot::gatherings
