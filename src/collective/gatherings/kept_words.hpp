/// What somebody typed stays before her where a command says no.
#pragma once

#include "platform/pages/call.hpp"

#include <functional>
#include <string_view>

namespace allot::gatherings {

/// The answer of a command whose form holds what somebody typed. Where it was refused, be it
/// for what others did meanwhile or because it was too much in an hour, it is the page again with
/// her words and the reason at `field`, with the status of that reason. Where that page is not
/// there for her any more either, the error stays what it was.
[[nodiscard]] Result<pages::Answer>
or_page_again(const pages::Call& call, Result<pages::Answer> answer, std::string_view field,
              const std::function<Result<pages::Page>()>& again);

} // namespace allot::gatherings
