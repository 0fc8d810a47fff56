#include "app/publish_command.hpp"

#include "app/files.hpp"
#include "app/keeping/staging.hpp"
#include "app/published_page.hpp"
#include "app/rooms.hpp"
#include "app/zone_source.hpp"
#include "base/clock.hpp"
#include "base/text.hpp"
#include "collective/gatherings/series_store.hpp"
#include "collective/gatherings/zone_book.hpp"
#include "collective/people/person_store.hpp"
#include "platform/http/target.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <deque>
#include <map>
#include <regex>
#include <set>

#include <fmt/format.h>

namespace allot::app {

namespace {

using std::chrono::days;

constexpr days weeks_back{28};
constexpr std::string_view marker_name = "allotment-publish.txt";
constexpr std::string_view marker_begin = "Made by allotment publish";

/// What one path of the server answered.
struct Fetched {
    std::string file; ///< its name in the folder
    std::string bytes;
    bool is_page = false;
};

[[nodiscard]] bool is_ours(const std::string& folder) {
    const auto marker = read_file(folder + "/" + std::string(marker_name));
    return marker && marker->view().starts_with(marker_begin);
}

/// "https://lab.example", without a slash at the end.
[[nodiscard]] Result<void> check_origin(const std::string& origin) {
    const std::size_t scheme = origin.find("://");
    const bool fits = (origin.starts_with("https://") || origin.starts_with("http://")) &&
                      origin.size() > scheme + 3 &&
                      origin.find_first_of("/?#\"<> ", scheme + 3) == std::string::npos;
    if (!fits) {
        return fail(ErrorKind::invalid,
                    fmt::format("--origin {}: write it as https://lab.example, without a slash at "
                                "the end",
                                text::shown(origin)));
    }
    return {};
}

/// Where a picture or a file of another kind gets an ending that hosts of pages understand.
[[nodiscard]] std::string ending_of(std::string_view type) {
    using Ending = std::pair<std::string_view, std::string_view>;
    static constexpr std::array<Ending, 5> endings = {
        Ending{"image/png", ".png"}, Ending{"image/jpeg", ".jpg"}, Ending{"image/webp", ".webp"},
        Ending{"image/svg+xml", ".svg"}, Ending{"image/gif", ".gif"}};
    const auto* const found =
        std::ranges::find(endings, type.substr(0, type.find(';')), &Ending::first);
    return found == endings.end() ? std::string() : std::string(found->second);
}

[[nodiscard]] std::string_view header_of(const http::HttpResponse& response,
                                         std::string_view name) {
    const auto found = std::ranges::find(response.headers, name, &http::Field::first);
    return found == response.headers.end() ? std::string_view() : found->second;
}

/// Reads a site as a visitor without an account does, page after page.
class Visitor {
  public:
    Visitor(const pages::Site& site, LivePlace live) : site_(&site), live_(std::move(live)) {}

    /// Goes to all of them and on to all that they lead to and that is published.
    [[nodiscard]] Result<void> visit(std::vector<std::string> paths) {
        std::deque<std::string> to_see(paths.begin(), paths.end());
        std::set<std::string, std::less<>> known(paths.begin(), paths.end());
        while (!to_see.empty()) {
            const std::string path = std::move(to_see.front());
            to_see.pop_front();
            TRY(const auto leads_to, see(path));
            for (const std::string& next : leads_to) {
                if (may_be_published(next) && known.insert(next).second) {
                    to_see.push_back(next);
                }
            }
        }
        return {};
    }

    /// All files, pages with links from one to the other.
    [[nodiscard]] FolderContent files(std::string_view note) const {
        const FileOfPath file_of = [&](std::string_view path) {
            const auto found = fetched_.find(path);
            return found == fetched_.end() ? std::string() : found->second.file;
        };
        FolderContent content;
        for (const auto& [path, one] : fetched_) {
            content[one.file] =
                one.is_page ? published_page(one.bytes, path, live_, file_of, note_on(path, note))
                            : one.bytes;
        }
        return content;
    }

  private:
    /// The addresses that it leads to.
    [[nodiscard]] Result<std::vector<std::string>> see(const std::string& path) {
        const auto target = http::read_target(path);
        if (!target) { // somebody typed it: no page of ours is called so
            return std::vector<std::string>();
        }
        http::HttpRequest request;
        request.parts = target->parts;
        request.headers = {{"accept", "text/html"}, {"accept-language", "en"}};
        request.host = live_.origin.substr(live_.origin.find("://") + 3);
        request.secure = live_.origin.starts_with("https:");
        const http::HttpResponse answer = site_->answer(request);
        if (answer.status >= 500) {
            return fail(ErrorKind::io, fmt::format("{} could not be read: {}", path, answer.why));
        }
        if (answer.status != 200) {
            return std::vector<std::string>(); // not for everybody, or not there
        }
        const std::string_view type = header_of(answer, "content-type");
        Fetched one{.file = file_name_of(path, live_.base),
                    .bytes = answer.shared ? answer.shared->plain : answer.text,
                    .is_page = type.starts_with("text/html")};
        if (const std::string ending = ending_of(type); !ending.empty()) {
            one.file = file_name_of(path + ending, live_.base);
        }
        auto leads_to = one.is_page ? paths_in(one.bytes, live_) : std::vector<std::string>();
        fetched_.emplace(path, std::move(one));
        return leads_to;
    }

    /// Pages that tell something, and what they are made of; none that is a form to fill in.
    [[nodiscard]] bool may_be_published(std::string_view path) const {
        if (path.starts_with("/assets/")) {
            return !path.ends_with(".js");
        }
        if (path != live_.base && !path.starts_with(live_.base + "/")) {
            return false;
        }
        static const std::regex published(
            "|/events(/[0-9]{4}-[0-9]{2}-[0-9]{2})?|/circles|/calendar\\.ics|/events\\.atom|/"
            "circles/[^/]+(/calendar\\.ics)?"
            "|/series/[^/]+(/calendar\\.ics|/[0-9]{8}T[0-9]{6})?|.*/pictures/[^/]+");
        const std::string below(path.substr(live_.base.size()));
        return std::regex_match(below, published);
    }

    [[nodiscard]] std::string note_on(std::string_view path, std::string_view note) const {
        return fmt::format("<div class=\"notice plain\"><p>{} <a href=\"{}{}\">To the live "
                           "page</a></p></div>",
                           note, live_.origin, path);
    }

    const pages::Site* site_;
    LivePlace live_;
    std::map<std::string, Fetched, std::less<>> fetched_; ///< by path
};

/// Gatherings of the last and the next weeks of all public series.
[[nodiscard]] Result<std::vector<std::string>> where_to_begin(const pages::House& house,
                                                              const auth::Collective& collective,
                                                              const std::string& base) {
    TRY(const auto plans, house.store.read([&](store::Transaction& transaction) {
        return gatherings::all_plans(transaction, collective.id);
    }));
    const auto now = std::chrono::floor<std::chrono::seconds>(house.clock.now());
    std::vector<std::string> paths = {base, base + "/events", base + "/circles"};
    gatherings::ZoneBook zones(house.zones);
    for (const gatherings::Plan& plan : plans) {
        if (plan.series.about.audience != gatherings::Audience::everyone) {
            continue;
        }
        const std::string series = base + "/series/" + plan.series.slug;
        paths.push_back(series);
        const Instant end = std::min<Instant>(now + gatherings::events_ahead, plan.series.renew);
        TRY(const auto all, gatherings::occurrences(plan, zones, now - weeks_back, end));
        for (const gatherings::Occurrence& one : all) {
            paths.push_back(series + "/" + gatherings::name_of_when(one.original));
        }
    }
    return paths;
}

[[nodiscard]] Result<auth::Collective> collective_of(store::Store& store, const std::string& slug) {
    TRY(auto found, store.read([&](store::Transaction& transaction) {
        return people::collective_named(transaction, slug);
    }));
    if (!found) {
        return fail(ErrorKind::invalid,
                    fmt::format("there is no collective {} here; its name is what stands behind "
                                "/c/ in addresses",
                                text::shown(slug)));
    }
    return *std::move(found);
}

} // namespace

Result<Outcome> run_publish(const PublishOptions& options, const Clock& clock, Entropy& entropy) {
    TRY_DO(check_origin(options.origin));
    TRY_DO(check_output_folder(options.folder, is_ours));
    TRY(const std::string url, found_store_url(options.place));
    TRY(const auto store, store::Store::open({.url = url, .as_it_is = true}, migrations()));
    TRY_DO(keeping::check_not_moving(*store));
    TRY(const auto collective, collective_of(*store, options.collective));
    const HouseDirectory directory;
    const ZoneFolder zones;
    const pages::House house{.store = *store,
                             .directory = directory,
                             .zones = zones,
                             .clock = clock,
                             .entropy = entropy,
                             .origin = options.origin,
                             .signing_key = {},
                             .after_erasure = {}};
    TRY(const auto site, pages::Site::of(house, rooms(), assets()));
    const std::string base = "/c/" + collective.slug;
    TRY(auto paths, where_to_begin(house, collective, base));
    Visitor visitor(*site, {.origin = options.origin, .base = base});
    TRY_DO(visitor.visit(std::move(paths)));
    const std::string day = format_date(std::chrono::floor<days>(clock.now()));
    auto content = visitor.files(fmt::format("This is a copy of {}.", day));
    const std::size_t files = content.size();
    content[std::string(marker_name)] =
        fmt::format("{} on {}, from {}{}\nThe next time it replaces this folder.\n", marker_begin,
                    day, options.origin, base);
    TRY_DO(replace_directory(options.folder, content, is_ours));
    return Outcome{
        .words = fmt::format("{}: {}, to be put on any host of pages\n", options.folder,
                             text::count_of(static_cast<std::int64_t>(files), "file", "files")),
        .code = ExitCode::done};
}

} // namespace allot::app
