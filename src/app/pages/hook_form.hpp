/// What a host types about a hook: read, checked, and shown again.
#pragma once

#include "platform/hooks/hook.hpp"
#include "platform/hooks/reach.hpp"
#include "platform/pages/form_reader.hpp"

namespace allot::app {

/// The parts that its kind has; the circle is not among them. What is wrong is noted in the form.
[[nodiscard]] hooks::About read_hook(pages::FormReader& form, hooks::Reach reach);

} // namespace allot::app
