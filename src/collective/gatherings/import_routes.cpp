#include "base/text.hpp"
#include "collective/gatherings/announcement.hpp"
#include "collective/gatherings/kept_words.hpp"
#include "collective/gatherings/rhythm.hpp"
#include "collective/gatherings/series_form.hpp"
#include "collective/gatherings/series_import.hpp"
#include "collective/gatherings/start_routes.hpp"
#include "platform/pages/view.hpp"
#include "platform/pages/zone_field.hpp"
#include "platform/utf8.hpp"

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
using pages::Page;

constexpr std::size_t findings_shown = 20;
constexpr std::size_t dates_shown = 3;
constexpr std::chrono::days looks_ahead{800};

// -- The page ------------------------------------------------------------------------------------

/// Something wrong with the file.
struct FindingLine {
    std::int64_t line = 0;
    std::string what;
    std::string clients;
    std::string mend;
};
BOOST_DESCRIBE_STRUCT(FindingLine, (), (line, what, clients, mend))

/// A meeting of the file, as a series that could begin.
struct ImportLine {
    std::string number; ///< which one of the file, for the form
    std::string name;   ///< its title
    std::string rhythm;
    std::string where;
    std::string about;
    std::string ended; ///< its last day, where it is over
    bool possible = false;
    bool chosen = false;
    std::vector<DateLine> dates;
    std::vector<std::string> notes; ///< what could not be kept, and what was read in another way
};
BOOST_DESCRIBE_STRUCT(ImportLine, (),
                      (number, name, rhythm, where, about, ended, possible, chosen, dates, notes))

struct ImportView {
    std::string text; ///< the calendar, to be sent again
    std::string zone;
    std::vector<std::string> zones;
    bool keep_utc = false;
    bool has_utc = false; ///< some of it meets at an hour of UTC
    bool looked = false;  ///< there is a calendar to choose from
    std::string old;      ///< the day on which it was written, where that is long ago
    std::vector<Option> audiences;
    std::vector<ImportLine> events;
    std::vector<FindingLine> findings;
};
BOOST_DESCRIBE_STRUCT(ImportView, (),
                      (text, zone, zones, keep_utc, has_utc, looked, old, audiences, events,
                       findings))

[[nodiscard]] Page import_page(const ImportView& view) {
    return {.template_name = "series_import",
            .view = pages::view_of(view),
            .title = "import.title",
            .place = "events",
            .has_form = true,
            .private_ = true};
}

/// What was taken from elsewhere is for members, unless somebody says otherwise.
constexpr std::array<std::string_view, 2> audiences = {audience_names[1], audience_names[0]};

[[nodiscard]] ImportView empty_view(const Call& call) {
    return {.zone = zone_of_reader(call),
            .zones = call.house.zones.names(),
            .audiences = options_of(audiences, audiences.front())};
}

[[nodiscard]] Result<Answer> see_import(Call& call) {
    return import_page(empty_view(call));
}

// -- What was sent -------------------------------------------------------------------------------

struct SentCalendar {
    ImportView view;
    std::vector<std::string> chosen;  ///< numbers
    std::optional<ReadCalendar> read; ///< nothing where something is wrong: noted in the form
};

/// A file, or what was pasted.
[[nodiscard]] std::string calendar_in(FormReader& form, const http::Form& sent) {
    const http::Upload* const file = sent.upload("file");
    std::string text(file != nullptr ? std::string_view(file->bytes)
                                     : sent.value("text").value_or(""));
    if (text::trim(text).empty()) {
        form.note("text", "import.no_calendar");
    } else if (text.size() > most_import_bytes) {
        form.note("text", "import.too_long", {{"most", std::to_string(most_import_bytes / 1024)}});
    } else if (!is_utf8(text)) {
        form.note("text", "import.no_text");
    } else {
        return text;
    }
    return {};
}

[[nodiscard]] std::string in_words(const Call& call, const ImportRemark& told) {
    std::vector<pages::Argument> given;
    for (const auto& [name, value] : told.given) {
        given.emplace_back(name, std::string_view(value));
    }
    return call.words->say(told.words, given);
}

[[nodiscard]] Result<ImportLine> line_of(const Call& call, const ImportedSeries& series,
                                         std::size_t number, ZoneBook& zones) {
    ImportLine line{.number = std::to_string(number),
                    .name = series.title,
                    .where = series.where,
                    .about = series.about,
                    .ended = series.ended ? format_date(*series.ended) : std::string(),
                    .possible = !series.rhythms.empty(),
                    .chosen = !series.rhythms.empty() && !series.ended};
    for (const ImportRemark& told : series.told) {
        line.notes.push_back(in_words(call, told));
    }
    if (!line.possible) {
        return line;
    }
    line.rhythm = say_rhythm(series.rhythms.front(), call.house.zones.names());
    const Plan plan{.rhythms = series.rhythms, .gatherings = series.gatherings};
    const auto now = std::chrono::floor<std::chrono::seconds>(call.now());
    TRY(const auto all, occurrences(plan, zones, now, now + looks_ahead));
    for (const Occurrence& one : all) {
        if (line.dates.size() < dates_shown && !one.cancelled) {
            TRY(Times times, times_of(one, zones, zone_of_reader(call)));
            line.dates.push_back({std::move(times)});
        }
    }
    return line;
}

[[nodiscard]] Result<void> describe(SentCalendar& sent, const Call& call) {
    ImportView& view = sent.view;
    ZoneBook zones(call.house.zones);
    const auto today = std::chrono::floor<std::chrono::days>(call.now());
    view.looked = true;
    if (sent.read->written && *sent.read->written < today - old_after) {
        view.old = format_date(*sent.read->written);
    }
    for (const ImportedSeries& series : sent.read->series) {
        TRY(ImportLine line, line_of(call, series, view.events.size(), zones));
        view.has_utc = view.has_utc || series.was_utc;
        view.events.push_back(std::move(line));
    }
    for (const calendar::Finding& one : sent.read->findings.kept()) {
        if (view.findings.size() < findings_shown) {
            view.findings.push_back(
                {static_cast<std::int64_t>(one.line), one.what, one.clients, one.mend});
        }
    }
    return {};
}

/// Reads the form, and the calendar in it. Writes nothing.
[[nodiscard]] Result<SentCalendar> read_import(FormReader& form, const Call& call) {
    SentCalendar sent{.view = empty_view(call)};
    sent.view.text = calendar_in(form, call.form);
    sent.view.zone = pages::read_zone_field(form, call);
    sent.view.keep_utc = form.ticked("keep_utc");
    if (call.form.value("audience")) {
        sent.view.audiences = options_of(audiences, form.choice("audience", audiences));
    }
    if (!form.good()) {
        return sent;
    }
    const ImportOptions options{.zone = sent.view.zone,
                                .keep_utc = sent.view.keep_utc,
                                .now = std::chrono::floor<std::chrono::seconds>(call.now())};
    auto read = series_in(sent.view.text, call.house.zones, options);
    if (!read) {
        form.note("text", "import.unreadable", {{"what", read.error().message}});
        return sent;
    }
    sent.read = *std::move(read);
    TRY_DO(describe(sent, call));
    if (sent.view.events.empty()) {
        form.note("text", "import.nothing");
    }
    return sent;
}

[[nodiscard]] Result<Answer> look(Call& call) {
    FormReader form(call.form);
    TRY(const SentCalendar sent, read_import(form, call));
    if (!form.good()) {
        return pages::Refusal{form.problems(), import_page(sent.view)};
    }
    return import_page(sent.view);
}

// -- Beginning -----------------------------------------------------------------------------------

/// Notes where nothing is chosen, or something that cannot be.
void read_chosen(FormReader& form, const Call& call, SentCalendar& sent) {
    for (const std::string_view number : call.form.values("event")) {
        const auto found = std::ranges::find(sent.view.events, number, &ImportLine::number);
        if (found != sent.view.events.end() && found->possible) {
            sent.chosen.emplace_back(number);
        }
    }
    for (ImportLine& line : sent.view.events) {
        line.chosen = std::ranges::find(sent.chosen, line.number) != sent.chosen.end();
    }
    if (sent.chosen.empty()) {
        form.note("event", "import.none_chosen");
    }
}

[[nodiscard]] About about_of(const Call& call, const ImportedSeries& series,
                             const ImportView& view) {
    About about{.title = series.title.empty() ? call.words->say("import.untitled") : series.title,
                .about = series.about};
    const auto audience = std::ranges::find(view.audiences, true, &Option::chosen);
    about.audience =
        audience_named(audience == view.audiences.end() ? audience_names[1] : audience->value);
    set_where(about, series.where);
    return about;
}

[[nodiscard]] Result<Series> begin_imported(Transaction& transaction, const Call& call,
                                            const ImportedSeries& imported, const About& about) {
    const CollectiveId& collective = call.collective().id;
    TRY(const Series series,
        open_series(transaction, collective, std::nullopt, about, imported.rhythms.front(),
                    call.member().person, call.now(), call.house.entropy));
    for (std::size_t k = 1; k < imported.rhythms.size(); ++k) {
        Rhythm rhythm = imported.rhythms[k];
        rhythm.uid = new_uuid(call.now(), call.house.entropy);
        rhythm.revision = {.day = std::chrono::floor<std::chrono::days>(call.now())};
        TRY_DO(add_rhythm(transaction, collective, series.id, rhythm));
    }
    for (const Gathering& gathering : imported.gatherings) {
        TRY_DO(save_gathering(transaction, collective, series.id, gathering));
    }
    TRY_DO(note(transaction, call, "series_begun"));
    TRY_DO(announce_begun(transaction, teller_of(call), series));
    return series;
}

[[nodiscard]] Result<Answer> begin_chosen(Call& call) {
    FormReader form(call.form);
    TRY(SentCalendar sent, read_import(form, call));
    read_chosen(form, call, sent);
    if (!form.good()) {
        return pages::Refusal{form.problems(), import_page(sent.view)};
    }
    auto answer = call.write([&](Transaction& transaction) -> Result<Done> {
        std::string next;
        for (std::size_t k = 0; k < sent.read->series.size(); ++k) {
            if (!sent.view.events[k].chosen) {
                continue;
            }
            const ImportedSeries& imported = sent.read->series[k];
            TRY(const Series series,
                begin_imported(transaction, call, imported, about_of(call, imported, sent.view)));
            next = path_of(call, series, "/begun");
        }
        return Done{sent.chosen.size() == 1 ? next : call.path("/events")};
    });
    return or_page_again(call, std::move(answer), "event",
                         [&] { return Result<Page>(import_page(sent.view)); });
}

} // namespace

std::vector<pages::Route> import_routes() {
    return {
        {Method::get, "/c/{collective}/import", Action::open_series, see_import},
        {Method::post, "/c/{collective}/import", Action::open_series, look},
        {Method::post, "/c/{collective}/import/begin", Action::open_series, begin_chosen},
    };
}

} // namespace allot::gatherings
