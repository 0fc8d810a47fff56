#include "platform/pages/site.hpp"

#include "platform/auth/secrets.hpp"
#include "platform/auth/sign_in.hpp"
#include "platform/http/accept.hpp"
#include "platform/http/caller.hpp"
#include "platform/http/target.hpp"

#include <algorithm>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

namespace allot::pages {

namespace {

namespace json = boost::json;

constexpr std::size_t body_before_sign_in = std::size_t{64} << 10U;
constexpr std::size_t body_after_sign_in = std::size_t{8} << 20U;
constexpr std::string_view html_type = "text/html; charset=utf-8";
constexpr std::string_view json_type = "application/json";
constexpr std::string_view problem_type = "application/problem+json";

/// How each kind of error is said in HTTP, and under which words.
struct Said {
    unsigned status;
    std::string_view words;
};

[[nodiscard]] Said said(ErrorKind kind) {
    switch (kind) {
    case ErrorKind::invalid:
        return {422, "problem.invalid"};
    case ErrorKind::missing:
        return {404, "problem.missing"};
    case ErrorKind::forbidden:
        return {403, "problem.forbidden"};
    case ErrorKind::conflict:
        return {409, "problem.conflict"};
    case ErrorKind::too_many:
        return {429, "problem.too_many"};
    case ErrorKind::unavailable:
        return {503, "problem.unavailable"};
    case ErrorKind::infeasible:
    case ErrorKind::io:
    case ErrorKind::interrupted:
        break;
    }
    return {500, "problem.broken"};
}

[[nodiscard]] bool wants_json(const http::HttpRequest& request) {
    return http::choose_media_type(request.header("accept")) == http::MediaType::json;
}

[[nodiscard]] bool brings_json(const http::HttpRequest& request) {
    return request.header("content-type").starts_with(json_type);
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

/// The secret that the forms of this browser are bound to.
[[nodiscard]] std::string_view form_secret(const Call& call) {
    return call.request.cookie(call.viewer.session ? session_cookie : browser_cookie);
}

[[nodiscard]] json::string text_of(std::string_view s) {
    return json::string(s.data(), s.size());
}

class WholeSite final : public Site {
  public:
    WholeSite(const House& house, std::vector<Route> routes, std::vector<Place> places,
              std::vector<Catalogue> catalogues, Templates templates, Assets assets)
        : house_(house), all_routes_(std::move(routes)), places_(std::move(places)),
          catalogues_(std::move(catalogues)), templates_(std::move(templates)),
          assets_(std::move(assets)) {}

    [[nodiscard]] Result<void> prepare() {
        TRY(router_, Router::of(all_routes_));
        for (const std::string_view needed : {"layout", "problem"}) {
            if (!templates_.has(needed)) {
                return fail(ErrorKind::invalid, fmt::format("there is no template \"{}\"", needed));
            }
        }
        return {};
    }

    [[nodiscard]] http::HttpResponse answer(const http::HttpRequest& request) const override {
        if (request.parts.size() == 2 && request.parts.front() == "assets") {
            return asset(request);
        }
        Match match = router_.find(request.method, request.parts);
        Call call(house_, request);
        set_language(call);
        http::HttpResponse response;
        if (match.route == nullptr) {
            response = no_route(call, match.other_method);
        } else {
            call.parts = std::move(match.parts);
            response = from_route(call, *match.route);
            response.route = match.route->pattern;
        }
        response.set("vary", "accept, accept-language, cookie");
        return response;
    }

    [[nodiscard]] std::size_t body_limit(const http::HttpRequest& head) const override {
        const auto session = house_.store.read([&](store::Transaction& transaction) {
            return auth::session_of(transaction, head.cookie(session_cookie), house_.clock.now());
        });
        return session && *session ? body_after_sign_in : body_before_sign_in;
    }

    [[nodiscard]] std::span<const Route> routes() const override { return all_routes_; }

  private:
    [[nodiscard]] http::HttpResponse asset(const http::HttpRequest& request) const {
        http::HttpResponse response;
        response.route = "/assets/{file}";
        const auto [type, body] = assets_.find(request.parts.back());
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
            return problem(call, {ErrorKind::missing, ""});
        }
        http::HttpResponse response = problem(call, {ErrorKind::missing, "problem.method"}, 405);
        response.set("allow", call.request.method == http::Method::get ? "POST" : "GET, HEAD");
        return response;
    }

    [[nodiscard]] http::HttpResponse from_route(Call& call, const Route& route) const {
        if (const auto known = identify(call); !known) {
            return problem(call, known.error());
        }
        set_language(call);
        if (!may_call(call, route)) {
            return not_allowed(call, route);
        }
        if (route.method == http::Method::post) {
            if (const auto taken = take_form(call); !taken) {
                return problem(call, taken.error());
            }
        }
        const Result<Answer> answer = route.answer(call);
        if (!answer) {
            return problem(call, answer.error());
        }
        return std::visit([&](const auto& one) { return respond(call, one); }, *answer);
    }

    /// Who asks, about which collective, and what she is there.
    [[nodiscard]] Result<void> identify(Call& call) const {
        std::optional<auth::Session> session;
        const auto looked = house_.store.read([&](store::Transaction& transaction) -> Result<void> {
            const std::string_view secret = call.request.cookie(session_cookie);
            if (!secret.empty()) {
                TRY(session, auth::session_of(transaction, secret, call.now()));
            }
            return identify_in(transaction, call, session);
        });
        TRY_DO(looked);
        if (session && session->wants_renewal(call.now())) {
            return house_.store.write([&](store::Transaction& transaction) {
                return auth::renew_session(transaction, session->id, call.now());
            });
        }
        return {};
    }

    [[nodiscard]] Result<void> identify_in(store::Transaction& transaction, Call& call,
                                           const std::optional<auth::Session>& session) const {
        if (session) {
            call.viewer.session = session->id;
            call.viewer.mail = session->mail;
        }
        const auto slug = call.parts.find("collective");
        if (slug == call.parts.end()) {
            return {};
        }
        TRY(call.in, house_.directory.collective_named(transaction, slug->second));
        if (!call.in) {
            return fail(ErrorKind::missing, "");
        }
        if (!session) {
            return {};
        }
        TRY(call.viewer.member,
            house_.directory.member_with_mail(transaction, call.in->id, session->mail));
        const auto circle = call.parts.find("circle");
        if (call.viewer.member && circle != call.parts.end()) {
            TRY(call.in_circle,
                house_.directory.role_in_circle(transaction, call.in->id, circle->second,
                                                call.viewer.member->person));
        }
        return {};
    }

    [[nodiscard]] static bool may_call(const Call& call, const Route& route) {
        const auth::Permission& needed = auth::permission_for(route.action);
        return auth::may(route.action, call.viewer.role(), call.in_circle) &&
               (!needed.signed_in || call.viewer.session) &&
               (!needed.here_only || http::is_from_this_machine(call.request));
    }

    [[nodiscard]] http::HttpResponse not_allowed(Call& call, const Route& route) const {
        if (call.viewer.session) {
            return problem(call, {ErrorKind::forbidden, ""});
        }
        if (route.method == http::Method::post || wants_json(call.request)) {
            http::HttpResponse response =
                problem(call, {ErrorKind::forbidden, "problem.sign_in"}, 401);
            response.set("www-authenticate", "Cookie");
            return response;
        }
        http::HttpResponse response;
        response.status = 303;
        response.set("location", "/sign-in?next=" + http::percent_encoded(call.request.path()));
        response.set("cache-control", "no-store");
        return response;
    }

    /// Reads the form and makes sure that a page of ours sent it.
    [[nodiscard]] static Result<void> take_form(Call& call) {
        if (!from_this_site(call.request)) {
            return fail(ErrorKind::forbidden, "problem.other_site");
        }
        TRY(call.form, http::read_form(call.request));
        if (brings_json(call.request)) {
            // Another site's page cannot send this type without asking us first (CORS), and we say
            // no.
            call.key = std::string(call.request.header("idempotency-key")).substr(0, 200);
            return {};
        }
        const auto key = call.form.value("form_key");
        if (!key || !auth::is_form_key(*key, form_secret(call))) {
            return fail(ErrorKind::forbidden, "problem.stale_form");
        }
        call.key = *key;
        return {};
    }

    // -- Languages
    // ---------------------------------------------------------------------------------

    void set_language(Call& call) const {
        std::vector<std::string> wanted;
        if (const auto asked = call.request.query_value("lang")) {
            wanted.emplace_back(*asked);
        }
        if (call.viewer.member && !call.viewer.member->language.empty()) {
            wanted.push_back(call.viewer.member->language);
        }
        const auto accepted = http::accepted_languages(call.request.header("accept-language"));
        wanted.insert(wanted.end(), accepted.begin(), accepted.end());
        wanted.emplace_back("en");
        for (const std::string& tag : wanted) {
            const auto found =
                std::ranges::find(catalogues_, tag.substr(0, tag.find('-')), &Catalogue::language);
            if (found != catalogues_.end()) {
                call.words = &*found;
                break;
            }
        }
        // Dates as the reader's region writes them, in the words of the page.
        const auto region = std::ranges::find_if(accepted, [&](const std::string& tag) {
            return tag.starts_with(call.words->language() + "-");
        });
        call.locale = region == accepted.end() ? call.words->language() : *region;
    }

    // -- Answers
    // -----------------------------------------------------------------------------------

    [[nodiscard]] http::HttpResponse respond(Call& call, const Page& page) const {
        if (wants_json(call.request)) {
            return as_json(call, page);
        }
        return as_html(call, page, {});
    }

    [[nodiscard]] http::HttpResponse respond(Call& call, const Refusal& refusal) const {
        if (!wants_json(call.request)) {
            return as_html(call, refusal.again, refusal.problems);
        }
        json::array errors;
        for (const FieldProblem& one : refusal.problems) {
            errors.push_back(json::object{{"field", text_of(one.field)},
                                          {"detail", text_of(words_of(call, one))}});
        }
        const json::object body{{"type", "about:blank"},
                                {"title", text_of(call.words->say("problem.invalid.title"))},
                                {"status", 422},
                                {"errors", std::move(errors)}};
        return json_response(422, problem_type, body);
    }

    [[nodiscard]] http::HttpResponse respond(Call& call, const Done& done) const {
        http::HttpResponse response;
        if (wants_json(call.request)) {
            json::object body;
            if (done.view.json() != nullptr) {
                body = *done.view.json();
            }
            body["next"] = text_of(done.next);
            response = json_response(200, json_type, body);
        } else {
            response.status = 303;
            response.set("location", done.next);
        }
        response.set("cache-control", "no-store");
        for (const std::string& cookie : done.cookies) {
            response.add("set-cookie", cookie);
        }
        return response;
    }

    [[nodiscard]] http::HttpResponse respond(Call& /*call*/, const Download& file) const {
        http::HttpResponse response;
        response.set("content-type", file.type);
        if (!file.name.empty()) {
            response.set("content-disposition", "attachment; filename=\"" + file.name + "\"");
        }
        response.set("cache-control", "no-store");
        response.text = file.bytes;
        return response;
    }

    [[nodiscard]] http::HttpResponse as_json(const Call& call, const Page& page) const {
        json::object body;
        if (page.view.json() != nullptr) {
            body = *page.view.json();
        }
        http::HttpResponse response;
        if (page.has_form) {
            body["form_key"] = text_of(key_for_forms(call, response));
        }
        response.status = page.status;
        response.set("content-type", std::string(json_type));
        const bool is_private = page.private_ || page.has_form || call.viewer.session.has_value();
        response.set("cache-control", is_private ? "no-store" : "no-cache");
        response.text = json::serialize(body);
        return response;
    }

    [[nodiscard]] static http::HttpResponse json_response(unsigned status, std::string_view type,
                                                          const json::object& body) {
        http::HttpResponse response;
        response.status = status;
        response.set("content-type", std::string(type));
        response.text = json::serialize(body);
        return response;
    }

    [[nodiscard]] http::HttpResponse as_html(Call& call, const Page& page,
                                             const std::vector<FieldProblem>& problems) const {
        http::HttpResponse response;
        response.status = problems.empty() ? page.status : 422;
        const bool is_private = page.private_ || page.has_form || call.viewer.session.has_value();
        response.set("cache-control", is_private ? "no-store" : "no-cache");
        json::object view;
        if (page.view.json() != nullptr) {
            view = *page.view.json();
        }
        view["base"] = text_of(call.in ? "/c/" + call.in->slug : std::string());
        add_problems(view, call, problems);
        // Every page of somebody who is signed in has the form that signs out.
        const std::string form_key =
            page.has_form || call.viewer.session ? key_for_forms(call, response) : std::string();
        view["form_key"] = text_of(form_key);
        const std::string title =
            call.words->say(page.title, {{"name", std::string_view(page.title_name)}});
        json::object shell = shell_of(call, page, title);
        shell["form_key"] = text_of(form_key);
        shell["content_html"] =
            text_of(templates_.render(page.template_name, *call.words, call.locale, view));
        response.set("content-type", std::string(html_type));
        response.set("content-security-policy", policy());
        response.set("content-language", call.words->language());
        response.text = templates_.render("layout", *call.words, call.locale, shell);
        return response;
    }

    [[nodiscard]] static std::string words_of(const Call& call, const FieldProblem& problem) {
        std::vector<Argument> given;
        for (const auto& [name, value] : problem.given) {
            given.emplace_back(name, std::string_view(value));
        }
        return call.words->say(problem.words, given);
    }

    /// {{problem.mail}} beside the field, {{#problems}} in the list on top.
    static void add_problems(json::object& view, const Call& call,
                             const std::vector<FieldProblem>& problems) {
        json::object by_field;
        json::array all;
        for (const FieldProblem& one : problems) {
            const std::string words = words_of(call, one);
            by_field.emplace(one.field, text_of(words));
            all.push_back(json::object{{"field", text_of(one.field)}, {"words", text_of(words)}});
        }
        view["has_problems"] = !all.empty();
        view["problem"] = std::move(by_field);
        view["problems"] = std::move(all);
    }

    [[nodiscard]] std::string key_for_forms(const Call& call, http::HttpResponse& response) const {
        std::string secret(form_secret(call));
        if (secret.empty()) {
            secret = auth::new_secret(house_.entropy);
            response.add("set-cookie", cookie_of(browser_cookie, secret, std::chrono::hours(24)));
        }
        return auth::new_form_key(secret, house_.entropy);
    }

    [[nodiscard]] std::string policy() const {
        return "default-src 'none'; style-src 'self' " + assets_.style_source() +
               "; script-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
               "form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
    }

    /// What stands around the content: the frame of every page.
    [[nodiscard]] json::object shell_of(const Call& call, const Page& page,
                                        const std::string& title) const {
        json::object shell{{"lang", text_of(call.words->language())},
                           {"dir", call.words->right_to_left() ? "rtl" : "ltr"},
                           {"title", text_of(title)},
                           {"style_html", text_of(assets_.style())},
                           {"script", text_of(assets_.address_of("app"))},
                           {"font", text_of(assets_.address_of("atkinson"))},
                           {"signed_in", call.viewer.session.has_value()},
                           {"path", text_of(call.request.path())}};
        shell["places"] = places_for(call, page.place);
        shell["languages"] = languages_for(call);
        if (call.in) {
            shell["collective"] = text_of(call.in->name);
            shell["base"] = text_of("/c/" + call.in->slug);
        }
        if (call.viewer.member) {
            shell["viewer"] = text_of(call.viewer.member->name);
        }
        return shell;
    }

    [[nodiscard]] json::array places_for(const Call& call, std::string_view current) const {
        json::array shown;
        for (const Place& place : places_) {
            if (call.in && auth::may(place.action, call.viewer.role())) {
                shown.push_back(json::object{{"name", text_of(place.name)},
                                             {"path", text_of(call.path(place.path))},
                                             {"icon", text_of(place.icon)},
                                             {"current", place.name == current}});
            }
        }
        return shown;
    }

    [[nodiscard]] json::array languages_for(const Call& call) const {
        json::array all;
        for (const Catalogue& catalogue : catalogues_) {
            all.push_back(
                json::object{{"tag", text_of(catalogue.language())},
                             {"name", text_of(catalogue.own_name())},
                             {"current", catalogue.language() == call.words->language()}});
        }
        return all;
    }

    // -- Problems
    // ----------------------------------------------------------------------------------

    [[nodiscard]] http::HttpResponse problem(Call& call, const Error& error,
                                             unsigned status = 0) const {
        const Said how = said(error.kind);
        const std::string words(how.words);
        const unsigned code = status == 0 ? how.status : status;
        const std::string title = call.words->say(words + ".title");
        // What rooms say is a key of the catalogue; what the platform says is English.
        const std::string detail = error.message.empty() ? call.words->say(words + ".detail")
                                                         : call.words->say(error.message);
        json::object body{{"type", "about:blank"},
                          {"title", text_of(title)},
                          {"status", code},
                          {"detail", text_of(detail)}};
        if (wants_json(call.request)) {
            return json_response(code, problem_type, body);
        }
        const std::string title_key = words + ".title";
        const Page page{.template_name = "problem",
                        .view = View(std::make_shared<const json::object>(std::move(body))),
                        .title = title_key,
                        .private_ = true,
                        .status = code};
        http::HttpResponse response = as_html(call, page, {});
        response.set("cache-control", "no-store");
        return response;
    }

    House house_;
    std::vector<Route> all_routes_;
    std::vector<Place> places_;
    std::vector<Catalogue> catalogues_;
    Templates templates_;
    Assets assets_;
    Router router_;
};

} // namespace

std::string cookie_of(std::string_view name, std::string_view value, std::chrono::seconds lasts) {
    return fmt::format("{}={}; Path=/; Max-Age={}; Secure; HttpOnly; SameSite=Lax", name, value,
                       lasts.count());
}

Result<std::unique_ptr<Site>> Site::of(const House& house, std::span<const Room> rooms,
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
    auto site =
        std::make_unique<WholeSite>(house, std::move(routes), std::move(places),
                                    std::move(catalogues), std::move(templates), Assets(assets));
    TRY_DO(site->prepare());
    return std::unique_ptr<Site>(std::move(site));
}

} // namespace allot::pages
