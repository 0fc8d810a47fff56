#include "collective/gatherings/gathering_tables.hpp"

#include "base/ids.hpp"
#include "collective/gatherings/series.hpp"
#include "collective/gatherings/thread.hpp"
#include "engine/calendar/rule.hpp"
#include "platform/auth/mail_address.hpp"
#include "platform/auth/secrets.hpp"
#include "platform/pages/router.hpp"

#include <array>

namespace allot::gatherings {

namespace {

using store::Belongs;
using store::Column;
using store::ColumnKind;
using store::Table;

[[nodiscard]] bool is_rule(std::string_view text) {
    return text.empty() || calendar::parse_rule(text).has_value();
}

[[nodiscard]] bool is_empty_or_link(std::string_view text) {
    return text.empty() || is_link(text);
}

[[nodiscard]] bool is_empty_or_mail(std::string_view text) {
    return text.empty() || auth::normal_mail(text) == text;
}

[[nodiscard]] bool is_base64url(std::string_view text) {
    return auth::text_of_base64url(text).has_value();
}

[[nodiscard]] bool is_held(std::string_view text) {
    return text.empty() || text == "yes" || text == "no";
}

constexpr std::array series = {Column{"collective_id", ColumnKind::id},
                               Column{"id", ColumnKind::id},
                               Column{.name = "slug", .fits = pages::is_slug},
                               Column{"circle_id", ColumnKind::id, true},
                               Column{"title"},
                               Column{"about"},
                               Column{.name = "audience", .fits = is_audience},
                               Column{"agenda"},
                               Column{.name = "lighter", .fits = is_lighter},
                               Column{"place"},
                               Column{.name = "link", .fits = is_empty_or_link},
                               Column{.name = "link_for", .fits = is_link_for},
                               Column{"access"},
                               Column{"seats", ColumnKind::integer, true},
                               Column{.name = "turns", .fits = is_turns},
                               Column{.name = "guests", .fits = is_guests},
                               Column{.name = "calendar_mail", .fits = is_empty_or_mail},
                               Column{.name = "state", .fits = is_state},
                               Column{"renew_day", ColumnKind::day},
                               Column{"began_day", ColumnKind::day}};

constexpr std::array rhythm = {Column{"collective_id", ColumnKind::id},
                               Column{"series_id", ColumnKind::id},
                               Column{"number", ColumnKind::integer},
                               Column{"uid"},
                               Column{.name = "zone", .fits = calendar::is_zone_name},
                               Column{"start_wall", ColumnKind::integer},
                               Column{"minutes", ColumnKind::integer},
                               Column{.name = "rule", .fits = is_rule},
                               Column{"sequence", ColumnKind::integer},
                               Column{"changed_day", ColumnKind::day},
                               Column{"change_of_day", ColumnKind::integer}};

constexpr std::array series_host = {Column{"collective_id", ColumnKind::id},
                                    Column{"series_id", ColumnKind::id},
                                    Column{"person_id", ColumnKind::id}};

constexpr std::array series_host_link = {Column{"collective_id", ColumnKind::id},
                                         Column{"series_id", ColumnKind::id}, Column{"secret_hash"},
                                         Column{"ends_at", ColumnKind::moment}};

constexpr std::array gathering = {Column{"collective_id", ColumnKind::id},
                                  Column{"series_id", ColumnKind::id},
                                  Column{"original", ColumnKind::integer},
                                  Column{"moved_wall", ColumnKind::integer, true},
                                  Column{"moved_minutes", ColumnKind::integer, true},
                                  Column{"cancelled", ColumnKind::truth},
                                  Column{"why"},
                                  Column{"title"},
                                  Column{"agenda"},
                                  Column{"lighter", ColumnKind::truth},
                                  Column{"paper_title"},
                                  Column{.name = "paper_link", .fits = is_empty_or_link},
                                  Column{"notes"},
                                  Column{"learned"},
                                  Column{"decided"},
                                  Column{"first_plot", ColumnKind::id, true},
                                  Column{.name = "recording_link", .fits = is_empty_or_link},
                                  Column{"recording_until", ColumnKind::day, true},
                                  Column{"recording_refused", ColumnKind::truth},
                                  Column{.name = "held", .fits = is_held},
                                  Column{"closed_to_guests", ColumnKind::truth}};

constexpr std::array picture = {
    Column{"collective_id", ColumnKind::id}, Column{"id", ColumnKind::id},
    Column{.name = "kind", .fits = is_picture_kind}, Column{"width", ColumnKind::integer},
    Column{"height", ColumnKind::integer}};

constexpr std::array picture_part = {
    Column{"collective_id", ColumnKind::id}, Column{"picture_id", ColumnKind::id},
    Column{"number", ColumnKind::integer}, Column{.name = "bytes", .fits = is_base64url}};

constexpr std::array addition = {Column{"collective_id", ColumnKind::id},
                                 Column{"id", ColumnKind::id},
                                 Column{"series_id", ColumnKind::id},
                                 Column{"original", ColumnKind::integer},
                                 Column{"number", ColumnKind::integer},
                                 Column{.name = "kind", .fits = is_addition_kind},
                                 Column{"words"},
                                 Column{"picture_id", ColumnKind::id, true},
                                 Column{"picture_words"},
                                 Column{"person_id", ColumnKind::id, true},
                                 Column{"guest_name"},
                                 Column{.name = "guest_hash", .secret = true},
                                 Column{"answers", ColumnKind::id, true},
                                 Column{.name = "state", .fits = is_addition_state},
                                 Column{"written_day", ColumnKind::day}};

constexpr std::array presence = {
    Column{"collective_id", ColumnKind::id}, Column{"series_id", ColumnKind::id},
    Column{"original", ColumnKind::integer}, Column{"who"}, Column{"answer"}};

constexpr std::array turn = {
    Column{"collective_id", ColumnKind::id},   Column{"series_id", ColumnKind::id},
    Column{"original", ColumnKind::integer},   Column{.name = "kind", .fits = is_turn},
    Column{"person_id", ColumnKind::id, true}, Column{"confirmed", ColumnKind::truth},
    Column{"asked_id", ColumnKind::id, true},  Column{"standby_id", ColumnKind::id, true}};

constexpr std::array turn_swap = {
    Column{"collective_id", ColumnKind::id}, Column{"series_id", ColumnKind::id},
    Column{.name = "kind", .fits = is_turn}, Column{"original", ColumnKind::integer},
    Column{"other_original", ColumnKind::integer}};

constexpr std::array gathering_step = {Column{"collective_id", ColumnKind::id},
                                       Column{"series_id", ColumnKind::id},
                                       Column{"original", ColumnKind::integer},
                                       Column{"name"},
                                       Column{"who"},
                                       Column{"done_day", ColumnKind::day}};

constexpr std::array gathering_told = {Column{"collective_id", ColumnKind::id},
                                       Column{"series_id", ColumnKind::id},
                                       Column{"original", ColumnKind::integer},
                                       Column{"begins_at", ColumnKind::moment},
                                       Column{"ends_at", ColumnKind::moment},
                                       Column{"cancelled", ColumnKind::truth},
                                       Column{"differs_since", ColumnKind::moment, true}};

constexpr std::array gathering_renamed = {
    Column{"collective_id", ColumnKind::id}, Column{"series_id", ColumnKind::id},
    Column{"number", ColumnKind::integer}, Column{"original", ColumnKind::integer},
    Column{"became", ColumnKind::integer, true}};

constexpr std::array subscriber = {Column{"collective_id", ColumnKind::id},
                                   Column{"series_id", ColumnKind::id},
                                   Column{"mail_hash"},
                                   Column{"mail"},
                                   Column{"language"},
                                   Column{"zone"},
                                   Column{"state"},
                                   Column{"invited", ColumnKind::truth},
                                   Column{"since_day", ColumnKind::day}};

constexpr std::array letter_to_hosts = {Column{"collective_id", ColumnKind::id},
                                        Column{"id", ColumnKind::id},
                                        Column{"circle_id", ColumnKind::id},
                                        Column{"name"},
                                        Column{"mail"},
                                        Column{"words"},
                                        Column{"answer"},
                                        Column{"state"},
                                        Column{"written_day", ColumnKind::day},
                                        Column{"closed_day", ColumnKind::day, true}};

constexpr std::array invited = {Column{"collective_id", ColumnKind::id},
                                Column{"series_id", ColumnKind::id},
                                Column{"mail_hash"},
                                Column{"number", ColumnKind::integer},
                                Column{"sequence", ColumnKind::integer},
                                Column{"whole", ColumnKind::integer},
                                Column{"cancelled", ColumnKind::truth}};

constexpr std::array invited_one = {Column{"collective_id", ColumnKind::id},
                                    Column{"series_id", ColumnKind::id},
                                    Column{"mail_hash"},
                                    Column{"number", ColumnKind::integer},
                                    Column{"original", ColumnKind::integer},
                                    Column{"sequence", ColumnKind::integer},
                                    Column{"answered_sequence", ColumnKind::integer},
                                    Column{"answered_at", ColumnKind::moment}};

constexpr std::array waiting_told = {
    Column{"collective_id", ColumnKind::id}, Column{"addition_id", ColumnKind::id},
    Column{"person_id", ColumnKind::id}, Column{"told_day", ColumnKind::day}};

constexpr std::array answer_tag = {Column{"collective_id", ColumnKind::id},
                                   Column{"tag"},
                                   Column{"about", ColumnKind::id},
                                   Column{"original", ColumnKind::integer},
                                   Column{"mail_hash"},
                                   Column{"until_day", ColumnKind::day}};

constexpr std::array digest_done = {Column{"collective_id", ColumnKind::id},
                                    Column{"person_id", ColumnKind::id},
                                    Column{"monday", ColumnKind::day}};

constexpr std::array followed_calendar = {Column{"collective_id", ColumnKind::id},
                                          Column{"series_id", ColumnKind::id},
                                          Column{"url"},
                                          Column{"uid"},
                                          Column{"bytes_hash"},
                                          Column{"etag"},
                                          Column{"trouble"},
                                          Column{"looked_day", ColumnKind::day}};

constexpr std::array gathering_change = {Column{"collective_id", ColumnKind::id},
                                         Column{"number", ColumnKind::integer}};

constexpr std::array all = {
    Table{"series", series, 2, Belongs::to_collective, ""},
    Table{"rhythm", rhythm, 3, Belongs::to_collective, ""},
    Table{"series_host", series_host, 3, Belongs::to_collective, ""},
    Table{"series_host_link", series_host_link, 2, Belongs::stays,
          "Links that make somebody host; hosts make new ones"},
    Table{"gathering", gathering, 3, Belongs::to_collective, ""},
    Table{"picture", picture, 2, Belongs::to_collective, ""},
    Table{"picture_part", picture_part, 3, Belongs::to_collective, ""},
    Table{"addition", addition, 2, Belongs::to_collective, ""},
    Table{"presence", presence, 4, Belongs::stays, "Who plans to come is nobody else's business"},
    Table{"turn", turn, 4, Belongs::to_collective, ""},
    Table{"turn_swap", turn_swap, 4, Belongs::to_collective, ""},
    Table{"gathering_step", gathering_step, 5, Belongs::to_collective, ""},
    Table{"gathering_told", gathering_told, 3, Belongs::to_collective, ""},
    Table{"gathering_renamed", gathering_renamed, 4, Belongs::to_collective, ""},
    Table{"subscriber", subscriber, 3, Belongs::stays,
          "Addresses that said yes to mail from this server"},
    Table{"letter_to_hosts", letter_to_hosts, 2, Belongs::stays,
          "Letters from people who wrote to this server"},
    Table{"invited", invited, 4, Belongs::stays, "Calendars that this server has invited"},
    Table{"invited_one", invited_one, 5, Belongs::stays, "What calendars were sent and answered"},
    Table{"waiting_told", waiting_told, 3, Belongs::to_collective, ""},
    Table{"answer_tag", answer_tag, 2, Belongs::stays,
          "Addresses to which answers come on this server alone"},
    Table{"digest_done", digest_done, 2, Belongs::to_collective, ""},
    Table{"followed_calendar", followed_calendar, 2, Belongs::to_collective, ""},
    Table{"gathering_change", gathering_change, 1, Belongs::to_collective, ""},
};

} // namespace

std::span<const Table> tables() {
    return all;
}

} // namespace allot::gatherings
