#include "base/result.hpp"

#include <cstdio>
#include <cstdlib>

namespace allot {

void check_failed(const char* condition, const char* file, int line, const char* message) {
    std::fprintf(stderr, "allotment: broken invariant at %s:%d: %s (%s)\n", file, line, message,
                 condition);
    std::abort();
}

} // namespace allot
