/// Pages on which several rooms meet: the front page of a collective, Today, and what the server
/// knows about somebody. They read, and write nothing but an erasure.
#pragma once

#include "platform/pages/site.hpp"

namespace allot::app {

[[nodiscard]] const pages::Room& front_pages();

} // namespace allot::app
