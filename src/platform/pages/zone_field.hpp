/// The field "zone" of a form: the zone itself, or a city that stands for one.
#pragma once

#include "platform/pages/call.hpp"
#include "platform/pages/form_reader.hpp"

#include <string>

namespace allot::pages {

/// Reads it: "Europe/Warsaw", and for "warsaw" or "New York" the one zone whose city that is. Notes
/// a problem where this machine knows no such zone, or several cities; then what was typed is given
/// back.
[[nodiscard]] std::string read_zone_field(FormReader& form, const Call& call);

} // namespace allot::pages
