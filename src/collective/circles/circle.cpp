#include "collective/circles/circle.hpp"

#include "base/names.hpp"
#include "base/text.hpp"

#include <algorithm>

namespace allot::circles {

namespace {

constexpr std::array<std::string_view, 2> state_names = {"open", "ended"};
constexpr std::array<std::string_view, 2> part_names = {"member", "host"};

template <class Enum, std::size_t n>
[[nodiscard]] std::string_view name_in(const std::array<std::string_view, n>& names, Enum value) {
    return names[static_cast<std::size_t>(value)];
}

[[nodiscard]] bool hosts(const Part& part) {
    return part.name == PartName::host;
}

} // namespace

bool is_draft(const About& about) {
    return !first_way(about).has_value();
}

std::optional<std::size_t> first_way(const About& about) {
    for (std::size_t way = 0; way < about.ways.size(); ++way) {
        if (!about.ways[way].empty()) {
            return way;
        }
    }
    return std::nullopt;
}

const Part* part_of(Parts parts, const PersonId& person) {
    const auto found = std::ranges::find(parts, person, &Part::person);
    return found == parts.end() ? nullptr : &*found;
}

bool is_host(Parts parts, const PersonId& person) {
    const Part* const part = part_of(parts, person);
    return part != nullptr && hosts(*part);
}

bool has_host(Parts parts) {
    return std::ranges::any_of(parts, hosts);
}

bool rests(const Part& part) {
    return part.resting || part.away;
}

bool at_risk(Parts parts) {
    return std::ranges::count_if(parts,
                                 [](const Part& part) { return hosts(part) && !rests(part); }) < 2;
}

bool as_large_as_wanted(const About& about, Parts parts) {
    return about.split_size && std::ssize(parts) >= *about.split_size;
}

bool asks_still(const Part& part, std::chrono::sys_days today) {
    return hosts(part) && !rests(part) && part.ask_again <= today;
}

Result<void> must_be_open(const Circle& circle) {
    if (circle.state == State::ended) {
        return fail(ErrorKind::conflict, "circles.has_ended");
    }
    return {};
}

Result<void> may_leave(const Circle& circle, Parts parts, const PersonId& person) {
    if (part_of(parts, person) == nullptr) {
        return fail(ErrorKind::missing, "circles.no_part");
    }
    const bool last = is_host(parts, person) && std::ranges::count_if(parts, hosts) == 1;
    if (last && circle.state == State::open) {
        return fail(ErrorKind::conflict, "circles.last_host");
    }
    return {};
}

Result<void> may_hand_over(Parts parts, const PersonId& from, const PersonId& to) {
    if (!is_host(parts, from)) {
        return fail(ErrorKind::conflict, "circles.no_host_part");
    }
    if (part_of(parts, to) == nullptr) {
        return fail(ErrorKind::missing, "circles.not_in_circle");
    }
    if (from == to) {
        return fail(ErrorKind::conflict, "circles.to_herself");
    }
    return {};
}

std::string next_name(std::string_view name) {
    const std::size_t space = name.rfind(' ');
    if (space != std::string_view::npos) {
        const auto number = text::parse_int(name.substr(space + 1));
        constexpr std::int64_t largest = 1000; // a year at the end of a name counts nothing
        if (number && *number >= 2 && *number < largest) {
            return std::string(name.substr(0, space + 1)) + std::to_string(*number + 1);
        }
    }
    return std::string(name) + " 2";
}

std::string_view name_of(Kind kind) {
    return name_in(kind_names, kind);
}

std::string_view name_of(Joining joining) {
    return name_in(joining_names, joining);
}

std::string_view name_of(State state) {
    return name_in(state_names, state);
}

std::string_view name_of(PartName part) {
    return name_in(part_names, part);
}

bool is_kind(std::string_view name) {
    return std::ranges::find(kind_names, name) != kind_names.end();
}

bool is_joining(std::string_view name) {
    return std::ranges::find(joining_names, name) != joining_names.end();
}

bool is_state(std::string_view name) {
    return std::ranges::find(state_names, name) != state_names.end();
}

bool is_part(std::string_view name) {
    return std::ranges::find(part_names, name) != part_names.end();
}

Kind kind_named(std::string_view name) {
    return named_in<Kind>(kind_names, name);
}

Joining joining_named(std::string_view name) {
    return named_in<Joining>(joining_names, name);
}

State state_named(std::string_view name) {
    return named_in<State>(state_names, name);
}

PartName part_named(std::string_view name) {
    return named_in<PartName>(part_names, name);
}

} // namespace allot::circles
