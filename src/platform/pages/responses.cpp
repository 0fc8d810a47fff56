#include "platform/pages/responses.hpp"

#include "platform/auth/secrets.hpp"
#include "platform/http/accept.hpp"

#include <algorithm>
#include <variant>

#include <boost/json/serialize.hpp>

namespace allot::pages {

namespace {

namespace json = boost::json;

constexpr std::string_view html_type = "text/html; charset=utf-8";
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

[[nodiscard]] json::string text_of(std::string_view s) {
    return json::string(s.data(), s.size());
}

/// Not copied: a view may be a long list.
[[nodiscard]] const json::object& object_of(const View& view) {
    static const json::object nothing;
    return view.json() == nullptr ? nothing : *view.json();
}

[[nodiscard]] http::HttpResponse json_response(unsigned status, std::string_view type,
                                               const json::object& body) {
    http::HttpResponse response;
    response.status = status;
    response.set("content-type", std::string(type));
    response.text = json::serialize(body);
    return response;
}

void add_cookies(http::HttpResponse& response, const std::vector<std::string>& cookies) {
    for (const std::string& cookie : cookies) {
        response.add("set-cookie", cookie);
    }
}

[[nodiscard]] http::HttpResponse with_cookies(http::HttpResponse response,
                                              const std::vector<std::string>& cookies) {
    response.set("cache-control", "no-store");
    add_cookies(response, cookies);
    return response;
}

[[nodiscard]] std::string words_of(const Call& call, const FieldProblem& problem) {
    std::vector<Argument> given;
    for (const auto& [name, value] : problem.given) {
        given.emplace_back(name, std::string_view(value));
    }
    return call.words->say(problem.words, given);
}

/// {{problem.mail}} beside the field, {{#problems}} in the list on top.
void add_problems(json::object& more, const Call& call, const std::vector<FieldProblem>& problems) {
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

[[nodiscard]] json::array alternates_of(const Page& page) {
    json::array all;
    for (const Alternate& one : page.alternates) {
        all.push_back(json::object{
            {"type", text_of(one.type)}, {"path", text_of(one.path)}, {"name", text_of(one.name)}});
    }
    return all;
}

} // namespace

bool wants_json(const http::HttpRequest& request) {
    return http::choose_media_type(request.header("accept")) == http::MediaType::json;
}

std::string_view form_secret(const Call& call) {
    return call.request.cookie(call.viewer.session ? session_cookie : browser_cookie);
}

void Responses::set_language(Call& call) const {
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
        const auto found = std::ranges::find(parts_->catalogues, tag.substr(0, tag.find('-')),
                                             &Catalogue::language);
        if (found != parts_->catalogues.end()) {
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

http::HttpResponse Responses::respond(Call& call, const Answer& answer) const {
    return std::visit([&](const auto& one) { return as_answered(call, one); }, answer);
}

http::HttpResponse Responses::as_answered(Call& call, const Page& page) const {
    if (wants_json(call.request)) {
        return as_json(call, page);
    }
    return as_html(call, page, {});
}

http::HttpResponse Responses::as_answered(Call& call, const Refusal& refusal) const {
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
        errors.push_back(
            json::object{{"field", text_of(one.field)}, {"detail", text_of(words_of(call, one))}});
    }
    body["errors"] = std::move(errors);
    return json_response(status, problem_type, body);
}

http::HttpResponse Responses::as_answered(Call& call, const Done& done) const {
    if (!wants_json(call.request)) {
        return as_answered(call, Elsewhere{done.next, done.cookies});
    }
    json::object body = object_of(done.view);
    body["next"] = text_of(done.next);
    return with_cookies(json_response(200, json_type, body), done.cookies);
}

http::HttpResponse Responses::as_answered(Call& /*call*/, const Elsewhere& elsewhere) const {
    http::HttpResponse response;
    response.status = 303;
    response.set("location", elsewhere.path);
    return with_cookies(std::move(response), elsewhere.cookies);
}

http::HttpResponse Responses::as_answered(Call& /*call*/, const Download& file) const {
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

http::HttpResponse Responses::as_json(const Call& call, const Page& page) const {
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
    add_cookies(response, page.cookies);
    return response;
}

http::HttpResponse Responses::as_html(Call& call, const Page& page,
                                      const std::vector<FieldProblem>& problems) const {
    http::HttpResponse response;
    response.status = problems.empty() ? page.status : status_of_refusal(page);
    const bool is_private = page.private_ || page.has_form || call.viewer.session.has_value();
    response.set("cache-control", is_private ? "no-store" : "no-cache");
    add_cookies(response, page.cookies);
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
    shell["content_html"] = text_of(parts_->templates.render(
        page.template_name, *call.words, call.locale, object_of(page.view), more));
    response.set("content-type", std::string(html_type));
    response.set("content-security-policy", policy());
    response.set("content-language", call.words->language());
    response.text = parts_->templates.render("layout", *call.words, call.locale, shell);
    return response;
}

std::string Responses::key_for_forms(const Call& call, http::HttpResponse& response) const {
    std::string secret(form_secret(call));
    if (secret.empty()) {
        secret = auth::new_secret(house_.entropy);
        response.add("set-cookie", cookie_of(browser_cookie, secret, std::chrono::hours(24)));
    }
    return auth::new_form_key(secret, house_.entropy);
}

std::string Responses::policy() const {
    return "default-src 'none'; style-src 'self' " + parts_->assets.style_source() +
           "; script-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
           "form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
}

/// What stands around the content: the frame of every page.
json::object Responses::shell_of(const Call& call, const Page& page,
                                 const std::string& title) const {
    json::object shell{{"lang", text_of(call.words->language())},
                       {"dir", call.words->right_to_left() ? "rtl" : "ltr"},
                       {"title", text_of(title)},
                       {"style_html", text_of(parts_->assets.style())},
                       {"script", text_of(parts_->assets.address_of("app"))},
                       {"font", text_of(parts_->assets.address_of("atkinson"))},
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

json::array Responses::places_for(const Call& call, std::string_view current) const {
    json::array shown;
    for (const Place& place : parts_->places) {
        if (call.in && auth::may(place.action, call.viewer.role())) {
            shown.push_back(json::object{{"name", text_of(place.name)},
                                         {"path", text_of(call.path(place.path))},
                                         {"icon", text_of(place.icon)},
                                         {"current", place.name == current}});
        }
    }
    return shown;
}

json::array Responses::languages_for(const Call& call) const {
    json::array all;
    for (const Catalogue& catalogue : parts_->catalogues) {
        all.push_back(json::object{{"tag", text_of(catalogue.language())},
                                   {"name", text_of(catalogue.own_name())},
                                   {"current", catalogue.language() == call.words->language()}});
    }
    return all;
}

http::HttpResponse Responses::problem(Call& call, const Error& error, unsigned status) const {
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

} // namespace allot::pages
