/// Addresses of mail, as people type them.
#pragma once

#include "base/result.hpp"

#include <string>
#include <string_view>

namespace allot::auth {

/// The form in which addresses are compared and kept: without white space around it, ASCII letters
/// lowered. Errors: no single "@" with something on both sides, a domain without a dot, white space
/// or control characters inside, more than 254 bytes (RFC 5321, section 4.5.3.1). Whether mail
/// arrives there only mail can tell.
[[nodiscard]] Result<std::string> normal_mail(std::string_view typed);

} // namespace allot::auth
