/// An engine whose transactions fail now and then, as those of a busy or a failing database do.
#pragma once

#include "platform/store/engine.hpp"
#include "platform/store/test_stores.hpp"

#include <atomic>

namespace allot::test {

/// `real`, with trouble once `in_trouble` is set, behind a line that may be cut.
[[nodiscard]] std::unique_ptr<store::Engine>
troubled(std::unique_ptr<store::Engine> real, const Trouble& trouble,
         std::shared_ptr<const std::atomic<bool>> in_trouble, std::shared_ptr<Line> line);

} // namespace allot::test
