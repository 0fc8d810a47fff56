/// What must hold after each step of a year: the invariants of the rooms that there are.
#pragma once

#include "tests/simulation/year.hpp"

namespace allot::simulation {

/// Reads the database. What does not hold is a failed check of doctest.
void check_rows(Year& year);
/// No table holds a word, a name or an address of somebody who was erased. SQLite only: it asks for
/// the tables that there are, so that one that comes later is looked at, too.
void check_erased_are_nowhere(Year& year);
/// Reads pages as people do: drafts, what stewards are told, what is exported.
void check_pages(Year& year);
/// What was acknowledged is there once, and mail that is not sent has somebody who sends it.
void check_kept(Year& year);
/// Reads pages and feeds of gatherings, as a stranger, a member and a host find them.
void check_gatherings(Year& year);

} // namespace allot::simulation
