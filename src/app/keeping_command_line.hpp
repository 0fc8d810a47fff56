/// The commands that keep a server: backup, restore, doctor, export, import, move, starter,
/// publish.
#pragma once

#include "app/command_line.hpp"

#include <optional>

// NOLINTNEXTLINE(readability-identifier-naming): the name of the library
namespace CLI {
class App;
} // namespace CLI

namespace allot::app {

/// Adds them to the program; the one that is written becomes `chosen`.
void add_keeping(CLI::App& program, std::optional<Command>& chosen);

} // namespace allot::app
