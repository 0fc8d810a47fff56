#include "platform/pages/call.hpp"

namespace allot::pages {

namespace {

using store::Statement;

constexpr Statement find_command =
    "SELECT next FROM command WHERE collective_id = $1 AND form_key = $2";
constexpr Statement insert_command =
    "INSERT INTO command (collective_id, form_key, next, done_day) VALUES ($1, $2, $3, $4)";

/// Commands outside of any collective.
constexpr std::string_view server_scope = "-";

} // namespace

const std::string& Call::part(std::string_view name) const {
    const auto found = parts.find(name);
    ALLOT_CHECK(found != parts.end(), "a route asks for a part that its pattern does not have");
    return found->second;
}

const auth::Collective& Call::collective() const {
    ALLOT_CHECK(in.has_value(), "a route asks for a collective that its pattern does not have");
    return *in;
}

const auth::Member& Call::member() const {
    ALLOT_CHECK(viewer.member.has_value(), "a route asks who looks where anyone may");
    return *viewer.member;
}

std::string Call::path(std::string_view rest) const {
    return "/c/" + collective().slug + std::string(rest);
}

std::string Call::address(std::string_view path) const {
    if (!house.origin.empty()) {
        return house.origin + std::string(path);
    }
    return (request.secure ? "https://" : "http://") + request.host + std::string(path);
}

Result<std::optional<std::string>> Call::next_of_earlier(store::Transaction& transaction) const {
    if (key.empty()) {
        return std::nullopt;
    }
    const std::string_view scope = in ? std::string_view(in->id.text()) : server_scope;
    TRY(const auto row, transaction.row(find_command, {scope, key}));
    return row ? std::optional(row->text(0)) : std::nullopt;
}

Result<void> Call::remember(store::Transaction& transaction, const Done& done) const {
    if (key.empty()) {
        return {};
    }
    const std::string_view scope = in ? std::string_view(in->id.text()) : server_scope;
    const auto today = std::chrono::floor<std::chrono::days>(now());
    TRY_DO(transaction.run(insert_command, {scope, key, done.next, today}));
    return {};
}

} // namespace allot::pages
