/// The room of mail: pages for stewards, and the way out of a stream.
#pragma once

#include "platform/pages/site.hpp"

namespace allot::mail {

[[nodiscard]] const pages::Room& room();

} // namespace allot::mail
