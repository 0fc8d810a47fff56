/// What pages are made of beside words: the style, scripts and the letters, compiled into the
/// program under names that change with their content.
#pragma once

#include "platform/http/message.hpp"

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace allot::pages {

/// A file as the build of web/ wrote it: "app-3f9c2a.js".
struct AssetFile {
    std::string_view name;
    std::string_view bytes;
};

/// Immutable but for bodies that are made when they are first asked for; any thread.
class Assets {
  public:
    explicit Assets(std::span<const AssetFile> files);
    Assets(Assets&&) noexcept;
    Assets& operator=(Assets&&) noexcept;
    Assets(const Assets&) = delete;
    Assets& operator=(const Assets&) = delete;
    ~Assets();

    /// The style that every page carries in itself, and how a policy names it: "'sha256-...'".
    [[nodiscard]] std::string_view style() const;
    [[nodiscard]] const std::string& style_source() const;
    /// The address of the file that begins so ("app"), or "" where the program was built without.
    [[nodiscard]] std::string address_of(std::string_view stem) const;

    struct Found {
        std::string_view type;
        std::shared_ptr<const http::Body> body;
    };
    /// A null body: there is no such file.
    [[nodiscard]] Found find(std::string_view name) const;

  private:
    struct Inner;
    std::unique_ptr<Inner> inner_;
};

} // namespace allot::pages
