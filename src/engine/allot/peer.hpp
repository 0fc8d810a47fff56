/// Runs a peer of tests/peers on a text and returns its lines; for the tests of `engine/allot`.
#pragma once

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <unistd.h>
#include <vector>

namespace allot::matching::testing {

inline std::vector<std::string> lines_of_peer(const std::string& command, const std::string& text) {
    const auto path = std::filesystem::temp_directory_path() /
                      ("allotment-peer-" + std::to_string(getpid()) + ".txt");
    std::ofstream(path) << text;
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> pipe(
        popen((command + " " + path.string()).c_str(), "r"), pclose);
    std::vector<std::string> lines;
    std::array<char, 256> line{};
    while (pipe != nullptr && std::fgets(line.data(), line.size(), pipe.get()) != nullptr) {
        lines.emplace_back(line.data());
    }
    std::filesystem::remove(path);
    return lines;
}

} // namespace allot::matching::testing
