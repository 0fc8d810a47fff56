#include "platform/pages/site.hpp"

#include "base/text.hpp"
#include "platform/auth/secrets.hpp"
#include "platform/http/accept.hpp"
#include "platform/http/caller.hpp"
#include "platform/http/target.hpp"
#include "platform/pages/recent_answers.hpp"
#include "platform/pages/site_parts.hpp"
#include "platform/pages/standing.hpp"

#include <algorithm>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

namespace allot::pages {

struct SiteParts {
    std::vector<Route> routes;
    std::vector<Place> places;
    std::vector<Catalogue> catalogues;
    Templates templates;
    Assets assets;
    Router router; ///< of `routes`
};

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

/// Of a form that was refused: 422 for what its writer can mend, unless the page says otherwise.
[[nodiscard]] unsigned status_of_refusal(const Page& again) {
    return again.status == 200 ? 422 : again.status;
}

/// The key of its title.
[[nodiscard]] std::string title_of_refusal(unsigned status) {
    for (const ErrorKind kind : {ErrorKind::conflict, ErrorKind::too_many, ErrorKind::missing}) {
        if (said(kind).status == status) {
            return std::string(said(kind).words) + ".title";
        }
    }
    return std::string(said(ErrorKind::invalid).words) + ".title";
}

[[nodiscard]] bool wants_json(const http::HttpRequest& request) {
    return http::choose_media_type(request.header("accept")) == http::MediaType::json;
}

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

/// The secret that the forms of this browser are bound to.
[[nodiscard]] std::string_view form_secret(const Call& call) {
    return call.request.cookie(call.viewer.session ? session_cookie : browser_cookie);
}

[[nodiscard]] json::string text_of(std::string_view s) {
    return json::string(s.data(), s.size());
}

/// Not copied: a view may be a long list.
[[nodiscard]] const json::object& object_of(const View& view) {
    static const json::object nothing;
    return view.json() == nullptr ? nothing : *view.json();
}

class WholeSite final : public Site {
  public:
    WholeSite(const House& house, std::shared_ptr<const SiteParts> parts)
        : house_(house), parts_(std::move(parts)), all_routes_(parts_->routes),
          places_(parts_->places), catalogues_(parts_->catalogues), templates_(parts_->templates),
          assets_(parts_->assets), router_(parts_->router) {}

    [[nodiscard]] http::HttpResponse answer(const http::HttpRequest& request) const override {
        if (request.parts.size() == 2 && request.parts.front() == "assets") {
            return asset(request);
        }
        Match match = router_.find(request.method, request.parts);
        Call call(house_, request);
        call.all_words = catalogues_;
        set_language(call);
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
        const Match match = router_.find(head.method, head.parts);
        const std::size_t asked = match.route == nullptr ? 0 : match.route->body_of_strangers;
        return std::max(body_before_sign_in, asked);
    }

    [[nodiscard]] std::span<const Route> routes() const override { return all_routes_; }
    [[nodiscard]] std::span<const Catalogue> catalogues() const override { return catalogues_; }

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

    [[nodiscard]] RecentAnswers::Look look_now() const {
        return {.at = house_.clock.now(), .changes = house_.store.changes()};
    }

    [[nodiscard]] http::HttpResponse from_route(Call& call, const Route& route) const {
        const RecentAnswers::Look asked = look_now();
        const Result<Standing> standing = identify(call);
        if (!standing) {
            return problem(call, standing.error());
        }
        set_language(call);
        if (!may_call(*standing, call.request, route)) {
            const auto before = done_before(call, route);
            return before ? respond(call, *before) : not_allowed(call, route);
        }
        if (route.method == http::Method::post) {
            if (const auto taken = take_form(call, route); !taken) {
                return problem(call, taken.error());
            }
            call.still_may = [&](store::Transaction& transaction) {
                return still_may(transaction, call, route);
            };
        }
        const Result<Answer> answer = route.answer(call);
        if (!answer) {
            return problem(call, answer.error());
        }
        http::HttpResponse response =
            std::visit([&](const auto& one) { return respond(call, one); }, *answer);
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
        const unsigned status = status_of_refusal(refusal.again);
        json::object body{{"type", "about:blank"},
                          {"title", text_of(call.words->say(title_of_refusal(status)))},
                          {"status", status}};
        if (refusal.again.status != 200) { // nothing of one field: a problem like any other
            body["detail"] = text_of(words_of(call, refusal.problems.front()));
            return json_response(status, problem_type, body);
        }
        json::array errors;
        for (const FieldProblem& one : refusal.problems) {
            errors.push_back(json::object{{"field", text_of(one.field)},
                                          {"detail", text_of(words_of(call, one))}});
        }
        body["errors"] = std::move(errors);
        return json_response(status, problem_type, body);
    }

    [[nodiscard]] http::HttpResponse respond(Call& call, const Done& done) const {
        if (!wants_json(call.request)) {
            return respond(call, Elsewhere{done.next, done.cookies});
        }
        json::object body = object_of(done.view);
        body["next"] = text_of(done.next);
        return with_cookies(json_response(200, json_type, body), done.cookies);
    }

    [[nodiscard]] http::HttpResponse respond(Call& /*call*/, const Elsewhere& elsewhere) const {
        http::HttpResponse response;
        response.status = 303;
        response.set("location", elsewhere.path);
        return with_cookies(std::move(response), elsewhere.cookies);
    }

    [[nodiscard]] static http::HttpResponse with_cookies(http::HttpResponse response,
                                                         const std::vector<std::string>& cookies) {
        response.set("cache-control", "no-store");
        for (const std::string& cookie : cookies) {
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
        if (file.body) {
            response.set("cache-control", file.for_all ? "no-cache" : "private, no-cache");
            response.shared = file.body;
        } else {
            response.set("cache-control", file.cache.empty() ? "no-store" : file.cache);
            response.text = file.bytes;
        }
        if (file.for_all) {
            response.set("vary", "accept-encoding"); // and on nothing that says who asks
        }
        return response;
    }

    [[nodiscard]] http::HttpResponse as_json(const Call& call, const Page& page) const {
        http::HttpResponse response;
        if (page.has_form) {
            json::object body = object_of(page.view);
            body["form_key"] = text_of(key_for_forms(call, response));
            response.text = json::serialize(body);
        } else {
            response.text = json::serialize(object_of(page.view));
        }
        response.status = page.status;
        response.set("content-type", std::string(json_type));
        const bool is_private = page.private_ || page.has_form || call.viewer.session.has_value();
        response.set("cache-control", is_private ? "no-store" : "no-cache");
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
        response.status = problems.empty() ? page.status : status_of_refusal(page);
        const bool is_private = page.private_ || page.has_form || call.viewer.session.has_value();
        response.set("cache-control", is_private ? "no-store" : "no-cache");
        json::object more{{"base", text_of(call.in ? "/c/" + call.in->slug : std::string())}};
        add_problems(more, call, problems);
        // Every page of somebody who is signed in has the form that signs out.
        const std::string form_key =
            page.has_form || call.viewer.session ? key_for_forms(call, response) : std::string();
        more["form_key"] = text_of(form_key);
        const std::string title =
            call.words->say(page.title, {{"name", std::string_view(page.title_name)}});
        json::object shell = shell_of(call, page, title);
        shell["form_key"] = text_of(form_key);
        shell["content_html"] = text_of(templates_.render(page.template_name, *call.words,
                                                          call.locale, object_of(page.view), more));
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
    static void add_problems(json::object& more, const Call& call,
                             const std::vector<FieldProblem>& problems) {
        json::object by_field;
        json::array all;
        for (const FieldProblem& one : problems) {
            const std::string words = words_of(call, one);
            by_field.emplace(one.field, text_of(words));
            all.push_back(json::object{{"field", text_of(one.field)}, {"words", text_of(words)}});
        }
        more["has_problems"] = !all.empty();
        more["problem"] = std::move(by_field);
        more["problems"] = std::move(all);
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
        shell["alternates"] = alternates_of(page);
        shell["keeps"] = auth::may(auth::Action::keep_collective, call.viewer.role());
        if (call.viewer.member) {
            shell["viewer"] = text_of(call.viewer.member->name);
        }
        return shell;
    }

    [[nodiscard]] static json::array alternates_of(const Page& page) {
        json::array all;
        for (const Alternate& one : page.alternates) {
            all.push_back(json::object{{"type", text_of(one.type)},
                                       {"path", text_of(one.path)},
                                       {"name", text_of(one.name)}});
        }
        return all;
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
        // Of a database that does not answer, only the host is told, in the log.
        const bool is_own_trouble = code >= 500;
        const std::string detail = error.message.empty() || is_own_trouble
                                       ? call.words->say(words + ".detail")
                                       : call.words->say(error.message);
        json::object body{{"type", "about:blank"},
                          {"title", text_of(title)},
                          {"status", code},
                          {"detail", text_of(detail)}};
        if (wants_json(call.request)) {
            http::HttpResponse response = json_response(code, problem_type, body);
            response.why = is_own_trouble ? error.message : "";
            return response;
        }
        const std::string title_key = words + ".title";
        const Page page{.template_name = "problem",
                        .view = View(std::make_shared<const json::object>(std::move(body))),
                        .title = title_key,
                        .private_ = true,
                        .status = code};
        http::HttpResponse response = as_html(call, page, {});
        response.set("cache-control", "no-store");
        response.why = is_own_trouble ? error.message : "";
        return response;
    }

    House house_;
    std::shared_ptr<const SiteParts> parts_;
    const std::vector<Route>& all_routes_;
    const std::vector<Place>& places_;
    const std::vector<Catalogue>& catalogues_;
    const Templates& templates_;
    const Assets& assets_;
    const Router& router_;
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
