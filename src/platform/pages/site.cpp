#include "platform/pages/site.hpp"

#include "base/text.hpp"
#include "platform/auth/secrets.hpp"
#include "platform/http/caller.hpp"
#include "platform/http/target.hpp"
#include "platform/pages/recent_answers.hpp"
#include "platform/pages/responses.hpp"
#include "platform/pages/site_parts.hpp"
#include "platform/pages/standing.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace allot::pages {

namespace {

constexpr std::size_t body_before_sign_in = std::size_t{64} << 10U;
constexpr std::size_t body_after_sign_in = std::size_t{8} << 20U;

[[nodiscard]] bool brings_json(const http::HttpRequest& request) {
    return text::lower_ascii(request.header("content-type")).starts_with(json_type);
}

/// Whether a browser says that the request comes from a page of ours. One that says nothing is no
/// browser of today, and has no cookies of somebody else.
[[nodiscard]] bool from_this_site(const http::HttpRequest& request) {
    const std::string_view site = request.header("sec-fetch-site");
    if (!site.empty() && site != "same-origin" && site != "none") {
        return false;
    }
    const std::string_view origin = request.header("origin");
    return origin.empty() || origin == "http://" + request.host ||
           origin == "https://" + request.host;
}

class WholeSite final : public Site {
  public:
    WholeSite(const House& house, std::shared_ptr<const SiteParts> parts)
        : house_(house), parts_(std::move(parts)), responses_(house, parts_) {}

    [[nodiscard]] http::HttpResponse answer(const http::HttpRequest& request) const override {
        if (request.parts.size() == 2 && request.parts.front() == "assets") {
            return asset(request);
        }
        Match match = parts_->router.find(request.method, request.parts);
        Call call(house_, request);
        call.all_words = parts_->catalogues;
        responses_.set_language(call);
        http::HttpResponse response;
        if (match.route == nullptr) {
            response = no_route(call, match.other_method);
        } else {
            call.parts = std::move(match.parts);
            response = from_route(call, *match.route);
            response.route = match.route->pattern;
        }
        const bool says_itself = std::ranges::find(response.headers, "vary", &http::Field::first) !=
                                 response.headers.end();
        if (!says_itself) {
            response.set("vary", "accept, accept-language, cookie");
        }
        return response;
    }

    [[nodiscard]] std::optional<http::HttpResponse>
    answer_at_once(const http::HttpRequest& request) const override {
        return recent_.find(request, look_now());
    }

    [[nodiscard]] std::size_t body_limit(const http::HttpRequest& head) const override {
        const auto session = house_.store.read([&](store::Transaction& transaction) {
            return auth::session_of(transaction, head.cookie(session_cookie), house_.clock.now());
        });
        if (session && *session) {
            return body_after_sign_in;
        }
        const Match match = parts_->router.find(head.method, head.parts);
        const std::size_t asked = match.route == nullptr ? 0 : match.route->body_of_strangers;
        return std::max(body_before_sign_in, asked);
    }

    [[nodiscard]] std::span<const Route> routes() const override { return parts_->routes; }
    [[nodiscard]] std::span<const Catalogue> catalogues() const override {
        return parts_->catalogues;
    }

  private:
    [[nodiscard]] http::HttpResponse asset(const http::HttpRequest& request) const {
        http::HttpResponse response;
        response.route = "/assets/{file}";
        const auto [type, body] = parts_->assets.find(request.parts.back());
        if (request.method != http::Method::get || !body) {
            response.status = 404;
            return response;
        }
        response.set("content-type", std::string(type));
        response.set("cache-control", "public, max-age=31536000, immutable");
        response.shared = body;
        return response;
    }

    [[nodiscard]] http::HttpResponse no_route(Call& call, bool other_method) const {
        if (!other_method) {
            return responses_.problem(call, {ErrorKind::missing, ""});
        }
        http::HttpResponse response =
            responses_.problem(call, {ErrorKind::missing, "problem.method"}, 405);
        response.set("allow", call.request.method == http::Method::get ? "POST" : "GET, HEAD");
        return response;
    }

    [[nodiscard]] RecentAnswers::Look look_now() const {
        return {.at = house_.clock.now(), .changes = house_.store.changes()};
    }

    [[nodiscard]] http::HttpResponse from_route(Call& call, const Route& route) const {
        const RecentAnswers::Look asked = look_now();
        const Result<Standing> standing = identify(call);
        if (!standing) {
            return responses_.problem(call, standing.error());
        }
        responses_.set_language(call);
        if (!may_call(*standing, call.request, route)) {
            const auto before = done_before(call, route);
            return before ? responses_.respond(call, *before) : not_allowed(call, route);
        }
        if (route.method == http::Method::post) {
            if (const auto taken = take_form(call, route); !taken) {
                return responses_.problem(call, taken.error());
            }
            call.still_may = [&](store::Transaction& transaction) {
                return still_may(transaction, call, route);
            };
        }
        const Result<Answer> answer = route.answer(call);
        if (!answer) {
            return responses_.problem(call, answer.error());
        }
        http::HttpResponse response = responses_.respond(call, *answer);
        response.route = route.pattern;
        if (is_same_for_all(*answer)) {
            recent_.keep(call.request, response, asked);
        }
        return response;
    }

    [[nodiscard]] static bool is_same_for_all(const Answer& answer) {
        const auto* const file = std::get_if<Download>(&answer);
        return file != nullptr && file->for_all && file->body;
    }

    /// What the call did not know: who asks, about which collective, and what she is there.
    [[nodiscard]] Result<Standing> identify(Call& call) const {
        if (call.request.cookie(session_cookie).empty() && !call.parts.contains("collective")) {
            return Standing(); // such as /healthz, which answers where the database does not
        }
        TRY(Standing standing, house_.store.read([&](store::Transaction& transaction) {
            return standing_of(transaction, call);
        }));
        call.viewer = standing.viewer;
        call.in = standing.in;
        call.in_circle = standing.in_circle;
        if (standing.session && standing.session->wants_renewal(call.now())) {
            // What can be read is shown also where nothing can be written: a later request renews.
            [[maybe_unused]] const auto renewed =
                house_.store.write([&](store::Transaction& transaction) {
                    return auth::renew_session(transaction, standing.session->id, call.now());
                });
        }
        return standing;
    }

    /// Asked again with the rows that a command works on.
    [[nodiscard]] static Result<void> still_may(store::Transaction& transaction, const Call& call,
                                                const Route& route) {
        TRY(const Standing standing, standing_of(transaction, call));
        if (!may_call(standing, call.request, route)) {
            return fail(ErrorKind::forbidden, "");
        }
        return {};
    }

    /// A command that took away the right to itself, such as handing over, and was sent twice.
    [[nodiscard]] std::optional<Done> done_before(Call& call, const Route& route) const {
        if (route.method != http::Method::post || !call.viewer.session || !take_form(call, route)) {
            return std::nullopt;
        }
        const auto next = house_.store.read(
            [&](store::Transaction& transaction) { return call.next_of_earlier(transaction); });
        return next && *next ? std::optional(Done{**next}) : std::nullopt;
    }

    [[nodiscard]] http::HttpResponse not_allowed(Call& call, const Route& route) const {
        if (call.viewer.session) {
            return responses_.problem(call, {ErrorKind::forbidden, ""});
        }
        if (route.method == http::Method::post || wants_json(call.request)) {
            http::HttpResponse response =
                responses_.problem(call, {ErrorKind::forbidden, "problem.sign_in"}, 401);
            response.set("www-authenticate", "Cookie");
            return response;
        }
        http::HttpResponse response;
        response.status = 303;
        response.set("location", "/sign-in?next=" + http::percent_encoded(call.request.path()));
        response.set("cache-control", "no-store");
        return response;
    }

    /// Reads the form and makes sure that a page of ours sent it, unless the route is open.
    [[nodiscard]] static Result<void> take_form(Call& call, const Route& route) {
        if (!route.open_because.empty()) {
            TRY(call.form, http::read_form(call.request));
            return {};
        }
        if (!from_this_site(call.request)) {
            return fail(ErrorKind::forbidden, "problem.other_site");
        }
        TRY(call.form, http::read_form(call.request));
        if (brings_json(call.request)) {
            // Another site's page cannot send this type without asking us first (CORS), and we say
            // no.
            call.key = name_of_command(call, call.request.header("idempotency-key"));
            return {};
        }
        const auto key = call.form.value("form_key");
        if (!key || !auth::is_form_key(*key, form_secret(call))) {
            return fail(ErrorKind::forbidden, "problem.stale_form");
        }
        call.key = name_of_command(call, *key);
        return {};
    }

    /// Of one person, at one address, with one content: a page's key comes with each of its forms,
    /// and again when somebody goes back, changes what she wrote, and sends that.
    [[nodiscard]] static std::string name_of_command(const Call& call, std::string_view key) {
        if (key.empty()) {
            return {};
        }
        const std::string path = call.request.path();
        std::string all;
        for (const std::string_view part : std::initializer_list<std::string_view>{
                 key, form_secret(call), call.viewer.mail, path, call.request.body}) {
            all += std::to_string(part.size()) + ":";
            all += part;
        }
        return auth::hash_of(all);
    }

    House house_;
    std::shared_ptr<const SiteParts> parts_;
    Responses responses_;
    mutable RecentAnswers recent_;
};

} // namespace

std::string cookie_of(std::string_view name, std::string_view value, std::chrono::seconds lasts) {
    return fmt::format("{}={}; Path=/; Max-Age={}; Secure; HttpOnly; SameSite=Lax", name, value,
                       lasts.count());
}

Result<std::shared_ptr<const SiteParts>> read_parts(std::span<const Room> rooms,
                                                    std::span<const AssetFile> assets) {
    std::vector<Route> routes;
    std::vector<Place> places;
    std::vector<WordList> words;
    std::vector<TemplateText> texts;
    for (const Room& room : rooms) {
        routes.insert(routes.end(), room.routes.begin(), room.routes.end());
        places.insert(places.end(), room.places.begin(), room.places.end());
        words.insert(words.end(), room.words.begin(), room.words.end());
        texts.insert(texts.end(), room.templates.begin(), room.templates.end());
    }
    std::ranges::sort(places, {},
                      [](const Place& place) { return std::pair(place.position, place.name); });
    TRY(auto catalogues, Catalogue::read_all(words));
    TRY(auto templates, Templates::read_all(texts, catalogues));
    for (const std::string_view needed : {"layout", "problem"}) {
        if (!templates.has(needed)) {
            return fail(ErrorKind::invalid, fmt::format("there is no template \"{}\"", needed));
        }
    }
    auto parts = std::make_shared<SiteParts>(SiteParts{.routes = std::move(routes),
                                                       .places = std::move(places),
                                                       .catalogues = std::move(catalogues),
                                                       .templates = std::move(templates),
                                                       .assets = Assets(assets),
                                                       .router = {}});
    TRY(parts->router, Router::of(parts->routes));
    return std::shared_ptr<const SiteParts>(std::move(parts));
}

std::unique_ptr<Site> site_of(const House& house, std::shared_ptr<const SiteParts> parts) {
    return std::make_unique<WholeSite>(house, std::move(parts));
}

Result<std::unique_ptr<Site>> Site::of(const House& house, std::span<const Room> rooms,
                                       std::span<const AssetFile> assets) {
    TRY(auto parts, read_parts(rooms, assets));
    return site_of(house, std::move(parts));
}

} // namespace allot::pages
