#include "collective/circles/circle_starter.hpp"

#include "collective/circles/circle_store.hpp"
#include "platform/pages/clean_text.hpp"
#include "platform/pages/view.hpp"

#include <algorithm>
#include <set>
#include <tuple>

namespace allot::circles {

namespace {

using pages::Need;
using pages::Planting;
using pages::StarterReader;

constexpr std::size_t most_circles = 500;

struct Ways {
    std::string quarter;
    std::string evening;
    std::string year;

    friend auto operator<=>(const Ways&, const Ways&) = default;
};
BOOST_DESCRIBE_STRUCT(Ways, (), (quarter, evening, year))

struct Charter {
    std::string purpose;
    std::string meeting;
    std::string treating;
    std::string hosting;
    std::string concern;
    std::string ending;

    friend auto operator<=>(const Charter&, const Charter&) = default;
};
BOOST_DESCRIBE_STRUCT(Charter, (), (purpose, meeting, treating, hosting, concern, ending))

struct CirclePractice {
    std::string name;
    std::string kind;
    std::string issue;
    std::string framework;
    Ways ways;
    Charter charter;
    std::string joining;

    friend auto operator<=>(const CirclePractice&, const CirclePractice&) = default;
};
BOOST_DESCRIBE_STRUCT(CirclePractice, (), (name, kind, issue, framework, ways, charter, joining))

struct Members {
    std::vector<CirclePractice> circles;
};
BOOST_DESCRIBE_STRUCT(Members, (), (circles))

[[nodiscard]] CirclePractice practice_of(const About& about) {
    const auto way = [&](std::size_t which) { return pages::in_one_line(about.ways.at(which)); };
    const auto line = [&](std::size_t which) {
        return pages::in_one_line(about.charter.at(which));
    };
    return {.name = pages::in_one_line(about.name),
            .kind = std::string(name_of(about.kind)),
            .issue = pages::in_one_line(about.issue),
            .framework = pages::in_lines(about.framework),
            .ways = {way(0), way(1), way(2)},
            .charter = {line(0), line(1), line(2), line(3), line(4), line(5)},
            .joining = std::string(name_of(about.joining))};
}

/// In the order of what they say: ids would tell another order in another place.
[[nodiscard]] Result<pages::View> write(Transaction& transaction, const CollectiveId& collective) {
    TRY(const auto all, all_circles(transaction, collective));
    Members members;
    for (const Circle& circle : all) {
        if (circle.state == State::open && !is_draft(circle.about)) {
            members.circles.push_back(practice_of(circle.about));
        }
    }
    std::ranges::sort(members.circles);
    return pages::view_of(members);
}

[[nodiscard]] About read_circle(StarterReader& reader) {
    About about;
    about.name = reader.line("name", longest_name, Need::required);
    about.kind = kind_named(reader.choice("kind", kind_names, name_of(about.kind)));
    about.issue = reader.line("issue", longest_line, Need::required);
    about.framework = reader.prose("framework", longest_words);
    reader.inside("ways", [&](StarterReader& ways) {
        for (std::size_t way = 0; way < way_names.size(); ++way) {
            about.ways.at(way) = ways.line(way_names.at(way), longest_line);
        }
    });
    reader.inside("charter", [&](StarterReader& charter) {
        for (std::size_t line = 0; line < charter_names.size(); ++line) {
            about.charter.at(line) = charter.line(charter_names.at(line), longest_line);
        }
    });
    about.joining = joining_named(reader.choice("joining", joining_names, name_of(about.joining)));
    return about;
}

[[nodiscard]] Result<std::set<std::string>> names_here(Transaction& transaction,
                                                       const CollectiveId& collective) {
    TRY(const auto all, all_circles(transaction, collective));
    std::set<std::string> names;
    for (const Circle& circle : all) {
        names.insert(circle.about.name);
    }
    return names;
}

[[nodiscard]] Result<void> plant(Planting& planting, StarterReader& reader) {
    TRY(const auto here, names_here(planting.transaction, planting.collective));
    std::vector<About> circles;
    reader.each("circles", most_circles, [&](StarterReader& circle) {
        const About about = read_circle(circle);
        if (here.contains(about.name)) {
            circle.leave_out("", "a circle of that name is here already");
        } else {
            circles.push_back(about);
        }
    });
    if (!reader.good()) {
        return {};
    }
    for (const About& about : circles) {
        TRY_DO(add_circle(planting.transaction, planting.collective, about, planting.now,
                          planting.entropy));
    }
    return {};
}

} // namespace

pages::StarterPart starter_part() {
    return {.write = write, .plant = plant};
}

} // namespace allot::circles
