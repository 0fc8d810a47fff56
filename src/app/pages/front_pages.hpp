/// Pages on which several rooms meet: the front page of a collective, and Today. They read, and
/// write nothing.
#pragma once

#include "platform/pages/site.hpp"

namespace allot::app {

[[nodiscard]] const pages::Room& front_pages();

} // namespace allot::app
