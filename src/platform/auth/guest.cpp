#include "platform/auth/guest.hpp"

#include "base/text.hpp"
#include "platform/auth/signed_link.hpp"

#include <algorithm>

namespace allot::auth {

namespace {

constexpr std::string_view purpose = "guest";
/// Between the passes of a cookie; base64url and "." have none.
constexpr char between = '~';

} // namespace

bool GuestPass::lets_into(std::string_view path) const {
    return path.starts_with(place) && (path.size() == place.size() || path[place.size()] == '/');
}

std::string pass_text(std::string_view signing_key, const GuestPass& pass) {
    const auto ends =
        std::chrono::duration_cast<std::chrono::seconds>(pass.ends.time_since_epoch());
    return signed_text(signing_key, purpose, std::to_string(ends.count()) + " " + pass.place);
}

std::optional<GuestPass> read_pass(std::string_view signing_key, std::string_view text,
                                   Moment now) {
    const auto payload = payload_of(signing_key, purpose, text);
    if (!payload) {
        return std::nullopt;
    }
    const std::size_t space = payload->find(' ');
    const auto ends = space == std::string::npos
                          ? std::nullopt
                          : text::parse_int(std::string_view(*payload).substr(0, space));
    if (!ends) {
        return std::nullopt;
    }
    GuestPass pass{.place = payload->substr(space + 1),
                   .ends = Moment(std::chrono::seconds(*ends))};
    return pass.ends > now ? std::optional(std::move(pass)) : std::nullopt;
}

std::vector<GuestPass> read_passes(std::string_view signing_key, std::string_view cookie,
                                   Moment now) {
    std::vector<GuestPass> passes;
    while (!cookie.empty() && passes.size() < most_passes) {
        const std::size_t end = std::min(cookie.find(between), cookie.size());
        if (auto pass = read_pass(signing_key, cookie.substr(0, end), now)) {
            passes.push_back(*std::move(pass));
        }
        cookie.remove_prefix(std::min(end + 1, cookie.size()));
    }
    return passes;
}

std::string cookie_with(std::string_view signing_key, std::string_view cookie,
                        const GuestPass& pass, Moment now) {
    std::string passes = pass_text(signing_key, pass);
    std::size_t count = 1;
    for (const GuestPass& old : read_passes(signing_key, cookie, now)) {
        if (old.place != pass.place && count < most_passes) {
            passes += between + pass_text(signing_key, old);
            ++count;
        }
    }
    return passes;
}

} // namespace allot::auth
