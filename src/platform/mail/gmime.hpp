/// The library for mail, made ready once; only sources of this folder include it.
#pragma once

#include <gmime/gmime.h>
#include <memory>
#include <string>

namespace allot::mail {

/// Before anything else of gmime is called. Any thread; the first call costs a millisecond.
void start_gmime();

struct Unreference {
    void operator()(gpointer object) const { g_object_unref(object); }
};
/// Owns one reference.
template <class T>
using Owned = std::unique_ptr<T, Unreference>;

struct Free {
    void operator()(gpointer bytes) const { g_free(bytes); }
};
using OwnedText = std::unique_ptr<char, Free>;

/// Empty for null.
[[nodiscard]] inline std::string text_or_empty(const char* text) {
    return text == nullptr ? std::string() : std::string(text);
}

} // namespace allot::mail
