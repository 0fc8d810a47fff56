#include "platform/pages/assets.hpp"

#include "platform/http/body.hpp"

#include <array>
#include <map>
#include <mutex>

#include <sodium/crypto_hash_sha256.h>
#include <sodium/utils.h>

namespace allot::pages {

namespace {

constexpr std::string_view style_name = "style.css";

[[nodiscard]] std::string_view type_of(std::string_view name) {
    using Type = std::pair<std::string_view, std::string_view>;
    static constexpr std::array<Type, 5> types = {
        Type{".js", "text/javascript; charset=utf-8"}, Type{".css", "text/css; charset=utf-8"},
        Type{".woff2", "font/woff2"}, Type{".svg", "image/svg+xml"},
        Type{".json", "application/json"}};
    for (const auto& [ending, type] : types) {
        if (name.ends_with(ending)) {
            return type;
        }
    }
    return "application/octet-stream";
}

[[nodiscard]] std::string source_of(std::string_view text) {
    std::array<unsigned char, crypto_hash_sha256_BYTES> hash{};
    const void* const begin = text.data();
    crypto_hash_sha256(hash.data(), static_cast<const unsigned char*>(begin), text.size());
    std::array<char, sodium_base64_ENCODED_LEN(hash.size(), sodium_base64_VARIANT_ORIGINAL)>
        base64{};
    sodium_bin2base64(base64.data(), base64.size(), hash.data(), hash.size(),
                      sodium_base64_VARIANT_ORIGINAL);
    return "'sha256-" + std::string(base64.data()) + "'";
}

struct Asset {
    std::string_view bytes;
    mutable std::once_flag once;
    mutable std::shared_ptr<const http::Body> body;
};

} // namespace

struct Assets::Inner {
    std::map<std::string_view, Asset> files;
    std::string style_source;
};

Assets::Assets(std::span<const AssetFile> files) : inner_(std::make_unique<Inner>()) {
    for (const auto& [name, bytes] : files) {
        inner_->files[name].bytes = bytes;
    }
    inner_->style_source = source_of(style());
}
Assets::Assets(Assets&&) noexcept = default;
Assets& Assets::operator=(Assets&&) noexcept = default;
Assets::~Assets() = default;

std::string_view Assets::style() const {
    const auto found = inner_->files.find(style_name);
    return found == inner_->files.end() ? std::string_view() : found->second.bytes;
}

const std::string& Assets::style_source() const {
    return inner_->style_source;
}

std::string Assets::address_of(std::string_view stem) const {
    // "atkinson-VejLn9.woff2" and not "atkinson-ext-DTWv1m.woff2": the shortest that begins so.
    std::string_view name;
    const std::string prefix = std::string(stem) + "-";
    for (const auto& [file, asset] : inner_->files) {
        if (file.starts_with(prefix) && (name.empty() || file.size() < name.size())) {
            name = file;
        }
    }
    return name.empty() ? std::string() : "/assets/" + std::string(name);
}

Assets::Found Assets::find(std::string_view name) const {
    const auto found = inner_->files.find(name);
    if (found == inner_->files.end()) {
        return {};
    }
    const Asset& asset = found->second;
    std::call_once(asset.once, [&] { asset.body = http::make_body(std::string(asset.bytes)); });
    return {type_of(name), asset.body};
}

} // namespace allot::pages
