#include "collective/circles/circle_views.hpp"

#include "base/clock.hpp"
#include "platform/pages/view.hpp"

#include <algorithm>

namespace allot::circles {

namespace {

[[nodiscard]] CircleLine line_of(const Circle& circle, bool mine) {
    const About& about = circle.about;
    CircleLine line{.slug = circle.slug,
                    .name = about.name,
                    .kind = std::string(name_of(about.kind)),
                    .issue = about.issue,
                    .mine = mine,
                    .draft = is_draft(about)};
    if (const auto way = first_way(about)) {
        line.way = way_names[*way];
        line.way_words = about.ways[*way];
    }
    return line;
}

struct KnownPart {
    std::string circle;
    std::string part;
    bool resting = false;
    std::string ask_again; ///< the day on which a host is asked; empty for members
};
BOOST_DESCRIBE_STRUCT(KnownPart, (), (circle, part, resting, ask_again))

struct KnownRequest {
    std::string circle;
    std::string words;
    std::string asked;
};
BOOST_DESCRIBE_STRUCT(KnownRequest, (), (circle, words, asked))

struct KnownView {
    std::vector<KnownPart> parts;
    std::vector<KnownRequest> requests;
};
BOOST_DESCRIBE_STRUCT(KnownView, (), (parts, requests))

} // namespace

Result<CircleLines> circle_lines(Transaction& transaction, const pages::Call& call) {
    const CollectiveId& collective = call.collective().id;
    const auth::Viewer& viewer = call.viewer;
    TRY(const auto circles, all_circles(transaction, collective));
    std::vector<OwnPart> own;
    if (viewer.member) {
        TRY(own, parts_of(transaction, collective, viewer.member->person));
    }
    CircleLines lines;
    for (const Circle& circle : circles) {
        const bool mine = std::ranges::any_of(
            own, [&](const OwnPart& part) { return part.circle.id == circle.id; });
        if (!is_draft(circle.about) || mine || viewer.role() == auth::Role::steward) {
            auto& list = circle.state == State::open ? lines.open : lines.ended;
            list.push_back(line_of(circle, mine));
        }
    }
    call.words->sort_by_name(lines.open, &CircleLine::name);
    call.words->sort_by_name(lines.ended, &CircleLine::name);
    return lines;
}

Result<std::vector<CircleLine>>
circles_resting_on(Transaction& transaction, const pages::Call& call, const PersonId& person) {
    const CollectiveId& collective = call.collective().id;
    TRY(const auto own, parts_of(transaction, collective, person));
    std::vector<CircleLine> lines;
    for (const auto& [circle, part] : own) {
        TRY(const auto people, people_of(transaction, collective, circle.id));
        if (circle.state == State::open && !may_leave(circle, parts_in(people), person)) {
            lines.push_back(line_of(circle, true));
        }
    }
    call.words->sort_by_name(lines, &CircleLine::name);
    return lines;
}

Result<pages::View> known_view(Transaction& transaction, const CollectiveId& collective,
                               const PersonId& person) {
    TRY(const auto parts, parts_of(transaction, collective, person));
    TRY(const auto requests, requests_of(transaction, collective, person));
    KnownView view;
    for (const auto& [circle, part] : parts) {
        view.parts.push_back({.circle = circle.about.name,
                              .part = std::string(name_of(part.name)),
                              .resting = part.resting,
                              .ask_again = part.name == PartName::host ? format_date(part.ask_again)
                                                                       : std::string()});
    }
    for (const auto& [circle, request] : requests) {
        view.requests.push_back({.circle = circle.about.name,
                                 .words = request.words,
                                 .asked = format_date(request.asked)});
    }
    return pages::view_of(view);
}

} // namespace allot::circles
