#include "engine/calendar/reply.hpp"

#include "base/text.hpp"
#include "engine/calendar/ical_text.hpp"
#include "engine/calendar/ical_values.hpp"

#include <algorithm>

namespace allot::calendar {

namespace {

[[nodiscard]] std::string value_of(const Component& component, std::string_view name) {
    const Property* const found = component.find(name);
    return found == nullptr ? std::string() : std::string(text::trim(found->value));
}

/// "mia@example.org" of "MAILTO:Mia@Example.org"; empty for an address of another kind.
[[nodiscard]] std::string address_in(std::string_view value) {
    constexpr std::string_view scheme = "mailto:";
    const std::string all = text::lower_ascii(text::trim(value));
    return all.starts_with(scheme) ? all.substr(scheme.size()) : std::string();
}

/// A DTSTAMP is UTC (RFC 5545, 3.8.7.2); one on an unknown clock says nothing.
[[nodiscard]] std::optional<Instant> stamp_in(const Component& event) {
    const auto time = parse_time_value(value_of(event, "DTSTAMP"));
    return time && time->when.form == TimeForm::utc
               ? std::optional(Instant(time->when.time.time_since_epoch()))
               : std::nullopt;
}

[[nodiscard]] Attends answer_in(const Property& attendee) {
    const auto said = text::lower_ascii(attendee.parameter("PARTSTAT").value_or(""));
    if (said == "accepted") {
        return Attends::yes;
    }
    if (said == "declined") {
        return Attends::no;
    }
    return said == "tentative" ? Attends::perhaps : Attends::unsaid;
}

[[nodiscard]] std::optional<Reply> reply_of(const Component& event) {
    Reply reply{.uid = value_of(event, "UID"),
                .sequence = text::parse_int(value_of(event, "SEQUENCE")).value_or(0)};
    const Property* const attendee = event.find("ATTENDEE");
    if (reply.uid.empty() || attendee == nullptr ||
        std::ranges::count(event.properties, "ATTENDEE", &Property::name) != 1) {
        return std::nullopt;
    }
    reply.attendee = address_in(attendee->value);
    reply.answer = answer_in(*attendee);
    reply.stamp = stamp_in(event);
    if (const Property* const instance = event.find("RECURRENCE-ID")) {
        const auto time = parse_time_value(text::trim(instance->value));
        if (!time) {
            return std::nullopt; // an answer to all of it would say more than was meant
        }
        reply.instance = time->when;
        reply.zone = instance->parameter("TZID").value_or("");
    }
    return reply;
}

} // namespace

Result<std::vector<Reply>> read_replies(std::string_view text) {
    TRY(const auto read, read_components(text));
    std::vector<Reply> replies;
    bool answers = false;
    for (const Component& calendar : read.components) {
        if (calendar.name != "VCALENDAR" ||
            text::lower_ascii(value_of(calendar, "METHOD")) != "reply") {
            continue;
        }
        answers = true;
        for (const Component& event : calendar.components) {
            if (auto reply = event.name == "VEVENT" ? reply_of(event) : std::nullopt) {
                replies.push_back(*std::move(reply));
            }
        }
    }
    if (!answers) {
        return fail(ErrorKind::invalid, "this calendar answers no invitation: its METHOD is no "
                                        "REPLY");
    }
    return replies;
}

} // namespace allot::calendar
