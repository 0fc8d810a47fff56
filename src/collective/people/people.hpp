/// The room of people: who is here, in their own words, and what each may do with her own rows.
#pragma once

#include "platform/auth/directory.hpp"
#include "platform/pages/site.hpp"

namespace allot::people {

[[nodiscard]] const pages::Room& room();

} // namespace allot::people
