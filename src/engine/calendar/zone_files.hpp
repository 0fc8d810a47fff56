/// For tests: the compiled zones of this machine.
#pragma once

#include "engine/calendar/zone.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace allot::calendar::testing {

inline std::filesystem::path zoneinfo() {
    const char* const given = std::getenv("TZDIR");
    return given == nullptr ? "/usr/share/zoneinfo" : given;
}

inline std::string zone_bytes(const std::string& name) {
    std::ifstream in(zoneinfo() / name, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

/// Aborts where the zone does not parse: a test of a zone needs it.
inline Zone zone(const std::string& name) {
    auto parsed = Zone::parse(zone_bytes(name), name);
    ALLOT_CHECK(parsed, parsed.error().message.c_str());
    return *std::move(parsed);
}

/// All compiled zones below `below`, as paths in the zoneinfo folder, sorted.
inline std::vector<std::string> zone_names(const std::string& below = "") {
    std::vector<std::string> names;
    const auto root = zoneinfo();
    for (auto it = std::filesystem::recursive_directory_iterator(root / below);
         it != std::filesystem::recursive_directory_iterator(); ++it) {
        const std::string name = it->path().lexically_relative(root).string();
        if (below.empty() && (name == "right" || name == "posix")) {
            it.disable_recursion_pending();
        } else if (it->is_regular_file() && zone_bytes(name).starts_with("TZif")) {
            names.push_back(name);
        }
    }
    std::ranges::sort(names);
    return names;
}

inline Instant at(const char* text) {
    auto t = parse_instant(text);
    ALLOT_CHECK(t, text);
    return *t;
}

/// A local time, written as if it were UTC: `2026-03-29T02:30Z`.
inline std::chrono::local_seconds wall(const char* text) {
    return std::chrono::local_seconds(at(text).time_since_epoch());
}

} // namespace allot::calendar::testing
