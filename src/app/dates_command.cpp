#include "app/dates_command.hpp"

#include "app/files.hpp"
#include "app/zone_source.hpp"
#include "base/limits.hpp"
#include "base/text.hpp"
#include "engine/calendar/recurrence.hpp"
#include "engine/calendar/zone_table.hpp"

#include <algorithm>
#include <map>

#include <boost/json.hpp>
#include <fmt/format.h>

namespace allot::app {

namespace {

using calendar::format_basic;
using calendar::Recurrence;
using calendar::Rule;
using calendar::TimeForm;
using calendar::WallTime;
using calendar::Zone;
using std::chrono::local_seconds;

/// A start, on the wall and, where a zone is known, as a moment.
struct Start {
    local_seconds local;
    std::optional<Instant> utc;
};

/// What is wanted of a rule.
struct Wanted {
    Rule rule;
    WallTime start;
    const Zone* zone = nullptr;
    local_seconds from = local_seconds::min();
    local_seconds to = local_seconds::max();
    std::size_t limit = default_date_limit;
};

Instant as_utc(local_seconds t) {
    return Instant(t.time_since_epoch());
}

/// UNTIL as a moment, where the rule says it in UTC and the zone of the start is known.
std::optional<Instant> until_of(const Wanted& wanted) {
    const auto& until = wanted.rule.until;
    if (wanted.zone == nullptr || !until || until->form != TimeForm::utc) {
        return std::nullopt;
    }
    return as_utc(until->time);
}

Result<std::vector<Start>> starts_of(const Wanted& wanted) {
    const auto until = until_of(wanted);
    const auto last = until ? std::optional(last_start(*until, *wanted.zone)) : std::nullopt;
    TRY(Recurrence recurrence, Recurrence::make(wanted.rule, wanted.start, last));
    if (wanted.from != local_seconds::min()) {
        recurrence.seek(wanted.from);
    }
    std::vector<Start> starts;
    while (starts.size() < wanted.limit) {
        TRY(const auto local, recurrence.next());
        if (!local || *local >= wanted.to) {
            break;
        }
        const auto utc =
            wanted.zone == nullptr ? std::nullopt : std::optional(wanted.zone->to_utc(*local));
        if (!until || *utc <= *until) {
            starts.push_back({.local = *local, .utc = utc});
        }
    }
    return starts;
}

Result<void> check_zone(const WallTime& start, bool has_zone) {
    if (start.form == TimeForm::utc && has_zone) {
        return fail(ErrorKind::invalid,
                    "the start ends with Z, so it is in UTC already: leave out the Z or the zone");
    }
    return {};
}

std::string utc_text(Instant t) {
    return format_basic({.time = local_seconds(t.time_since_epoch()), .form = TimeForm::utc});
}

/// A bound of the window, on the clock of the start.
Result<local_seconds> bound_of(std::string_view option, const std::string& text, const Zone* zone) {
    const auto bound = calendar::parse_wall_time(text);
    if (!bound) {
        return fail(ErrorKind::invalid, fmt::format("{}: {}", option, bound.error().message));
    }
    const bool convert = bound->form == TimeForm::utc && zone != nullptr;
    return convert ? zone->to_local(as_utc(bound->time)) : bound->time;
}

/// A field of a case; an error where it is missing or no string.
Result<std::string> text_of(const boost::json::object& line, std::string_view name) {
    const auto* const value = line.if_contains(name);
    if (value == nullptr || !value->is_string()) {
        return fail(ErrorKind::invalid, fmt::format("\"{}\" is missing or no string", name));
    }
    return std::string(value->get_string());
}

/// The zones of a file of cases, each read once.
class Zones {
  public:
    /// Null for no zone.
    Result<const Zone*> find(const boost::json::object& line) {
        const auto* const value = line.if_contains("tzid");
        if (value == nullptr || value->is_null()) {
            return nullptr;
        }
        TRY(const std::string name, text_of(line, "tzid"));
        auto found = known_.find(name);
        if (found == known_.end()) {
            found = known_.emplace(name, read_zone(name)).first;
        }
        if (!found->second) {
            return fail(ErrorKind::invalid, fmt::format("tzid \"{}\": {}", text::shown(name),
                                                        found->second.error().message));
        }
        return &*found->second;
    }

  private:
    std::map<std::string, Result<Zone>> known_;
};

Result<std::size_t> limit_of(const boost::json::object& line) {
    const auto* const value = line.if_contains("limit");
    if (value == nullptr || value->is_null()) {
        return default_date_limit;
    }
    boost::json::error_code error;
    const auto limit = value->to_number<std::int64_t>(error);
    if (error || limit < 0) {
        return fail(ErrorKind::invalid, "\"limit\" is not a whole number from 0");
    }
    // One more than may be told, so that it is seen where a rule gives more.
    return std::min(static_cast<std::size_t>(limit), limits::max_instances + 1);
}

Result<Wanted> wanted_of(const boost::json::object& line, Zones& zones) {
    Wanted wanted;
    TRY(const std::string rule, text_of(line, "rrule"));
    TRY(wanted.rule, calendar::parse_rule(rule));
    TRY(const std::string start, text_of(line, "dtstart"));
    TRY(wanted.start, calendar::parse_wall_time(start));
    TRY(wanted.zone, zones.find(line));
    TRY(wanted.limit, limit_of(line));
    TRY_DO(check_zone(wanted.start, wanted.zone != nullptr));
    return wanted;
}

Result<boost::json::object> dates_of_case(const boost::json::object& line, Zones& zones) {
    TRY(const Wanted wanted, wanted_of(line, zones));
    TRY(const auto starts, starts_of(wanted));
    if (starts.size() > limits::max_instances) {
        return fail(
            ErrorKind::invalid,
            fmt::format("more dates than limit max_instances = {}: give a smaller \"limit\"",
                        limits::max_instances));
    }
    boost::json::object answer;
    boost::json::array local;
    boost::json::array utc;
    for (const Start& start : starts) {
        local.emplace_back(format_basic({.time = start.local, .form = wanted.start.form}));
        if (start.utc) {
            utc.emplace_back(utc_text(*start.utc));
        }
    }
    answer["local"] = std::move(local);
    if (wanted.zone != nullptr) {
        answer["utc"] = std::move(utc);
    }
    return answer;
}

boost::json::object answer_to(std::string_view text, std::size_t number, Zones& zones) {
    boost::json::object answer;
    boost::json::error_code error;
    const auto parsed = boost::json::parse(text, error);
    if (error || !parsed.is_object()) {
        answer["line"] = number;
        answer["error"] = error ? "this is not JSON: " + error.message() : "this is no JSON object";
        return answer;
    }
    const auto& line = parsed.get_object();
    if (const auto* const id = line.if_contains("id")) {
        answer["id"] = *id;
    } else {
        answer["line"] = number;
    }
    auto dates = dates_of_case(line, zones);
    if (!dates) {
        answer["error"] = dates.error().message;
        return answer;
    }
    for (auto& [name, value] : *dates) {
        answer[name] = std::move(value);
    }
    return answer;
}

} // namespace

Result<Outcome> run_dates(const DatesOptions& options) {
    Wanted wanted;
    constexpr std::string_view name = "RRULE:";
    const bool named = text::lower_ascii(options.rule).starts_with(text::lower_ascii(name));
    const auto rule = std::string_view(options.rule).substr(named ? name.size() : 0);
    const auto parsed = calendar::parse_rule(rule);
    if (!parsed) {
        return fail(ErrorKind::invalid, "--rule: " + parsed.error().message);
    }
    wanted.rule = *parsed;
    const auto start = calendar::parse_wall_time(options.start);
    if (!start) {
        return fail(ErrorKind::invalid, "--start: " + start.error().message);
    }
    wanted.start = *start;
    std::optional<Zone> zone;
    if (options.zone) {
        auto found = read_zone(*options.zone);
        if (!found) {
            return fail(ErrorKind::invalid, fmt::format("--zone {}: {}", text::shown(*options.zone),
                                                        found.error().message));
        }
        zone = *std::move(found);
        wanted.zone = &*zone;
    }
    TRY_DO(check_zone(wanted.start, zone.has_value()));
    if (options.from) {
        TRY(wanted.from, bound_of("--from", *options.from, wanted.zone));
    }
    if (options.to) {
        TRY(wanted.to, bound_of("--to", *options.to, wanted.zone));
    }
    wanted.limit = options.limit;
    TRY(const auto starts, starts_of(wanted));
    Outcome outcome;
    for (const Start& at : starts) {
        outcome.words += format_basic({.time = at.local, .form = wanted.start.form});
        outcome.words += at.utc ? " " + utc_text(*at.utc) + "\n" : "\n";
    }
    return outcome;
}

Result<Outcome> run_date_cases(const DateCasesOptions& options) {
    TRY_DO(check_output_file(options.out));
    TRY_DO(check_not_input(options.cases, options.out));
    TRY(const auto file, read_file(options.cases));
    std::string results;
    Zones zones;
    std::string_view rest = file.view();
    constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
    rest.remove_prefix(rest.starts_with(byte_order_mark) ? byte_order_mark.size() : 0);
    for (std::size_t number = 1; !rest.empty(); ++number) {
        const auto end = std::min(rest.find('\n'), rest.size());
        const auto line = rest.substr(0, end);
        rest.remove_prefix(std::min(end + 1, rest.size()));
        results += boost::json::serialize(answer_to(line, number, zones)) + "\n";
    }
    TRY_DO(replace_file(options.out, results));
    return Outcome{};
}

} // namespace allot::app
