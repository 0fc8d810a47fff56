#include "app/test_house.hpp"

#include "app/zone_source.hpp"
#include "collective/people/person_store.hpp"
#include "collective/people/welcome_routes.hpp"
#include "platform/http/target.hpp"
#include "platform/pages/site_parts.hpp"

#include <algorithm>

namespace allot::test {

namespace {

constexpr std::uint64_t usual_chance = 7;

/// Read once for all houses of a test program: that takes longer than many a test.
[[nodiscard]] const std::shared_ptr<const pages::SiteParts>& site_parts() {
    static const auto parts = [] {
        auto read = pages::read_parts(app::rooms(), app::assets());
        ALLOT_CHECK(read.has_value(), read ? "" : read.error().message.c_str());
        return *std::move(read);
    }();
    return parts;
}

[[nodiscard]] http::HttpRequest request_of(http::Method method, std::string_view target) {
    const auto read = http::read_target(target);
    ALLOT_CHECK(read.has_value(), "a test asks for an address that is one");
    http::HttpRequest request;
    request.method = method;
    request.parts = read->parts;
    request.query = read->query;
    return request;
}

[[nodiscard]] std::string encoded(const Fields& fields) {
    std::string body;
    for (const auto& [name, value] : fields) {
        body += (body.empty() ? "" : "&") + http::percent_encoded(name) + "=" +
                http::percent_encoded(value);
    }
    return body;
}

} // namespace

bool FewZones::has(std::string_view name) const {
    return std::ranges::find(names_, name) != names_.end();
}

Result<std::string> FewZones::bytes(std::string_view name) const {
    return app::zone_bytes(name);
}

House::House(EngineKind engine, const Trouble& trouble)
    : House(FreshStore(engine, app::migrations(), trouble), some_noon, usual_chance) {}

House::House(FreshStore found, Moment now, std::uint64_t chance)
    : clock(now), entropy(chance), fresh(std::move(found)), parts{.store = *fresh.store,
                                                                  .directory = directory,
                                                                  .zones = zones,
                                                                  .clock = clock,
                                                                  .entropy = entropy,
                                                                  .origin = "",
                                                                  .signing_key = "a key of tests",
                                                                  .mail_from = "post@lab.example",
                                                                  .data = "",
                                                                  .store_url = fresh.database.url(),
                                                                  .after_erasure = {}} {
    site = pages::site_of(parts, site_parts());
}

FreshStore House::stop() {
    site.reset();
    fresh.store.reset();
    return std::move(fresh);
}

Browser House::begin(std::string_view slug, std::string_view mail) {
    const auto path = people::new_welcome_path(*fresh.store, entropy);
    ALLOT_CHECK(path.has_value(), "a way in can be made");
    Browser browser(*this);
    const auto done = browser.send(*path, *path,
                                   {{"name", "Plants at night"},
                                    {"slug", std::string(slug)},
                                    {"your_name", "Ada of " + std::string(slug)},
                                    {"mail", std::string(mail)},
                                    {"zone", "Europe/London"}});
    ALLOT_CHECK(done.status == 303, "a collective begins by its form");
    return browser;
}

Browser House::person(std::string_view slug, std::string_view mail, auth::Role role) {
    const auto added = fresh.store->write([&](store::Transaction& transaction) -> Result<void> {
        TRY(const auto collective, people::collective_named(transaction, slug));
        TRY_DO(people::add_person(transaction, collective->id, mail,
                                  {.name = std::string(mail), .zone = "Africa/Nairobi"}, role,
                                  clock.now(), entropy));
        return {};
    });
    ALLOT_CHECK(added.has_value(), "a person can be added");
    return sign_in(mail);
}

Browser House::sign_in(std::string_view mail) {
    Browser browser(*this);
    browser.send("/sign-in", "/sign-in", {{"mail", std::string(mail)}, {"next", "/"}});
    const std::string link = link_mailed_to(mail);
    const auto done = browser.send(link, link, {});
    ALLOT_CHECK(done.status == 303, "a person signs in by mail");
    return browser;
}

std::string House::link_mailed_to(std::string_view mail) {
    const auto mails = fresh.store->read([](store::Transaction& transaction) {
        return mail::recent_mail(transaction, mail::server_scope);
    });
    ALLOT_CHECK(mails.has_value(), "the outbox can be read");
    const auto found = std::ranges::find_if(
        *mails, [&](const mail::Kept& kept) { return kept.mail.recipient == mail; });
    ALLOT_CHECK(found != mails->end(), "a mail was written");
    const std::size_t begin = found->mail.body.find("/sign-in/");
    return found->mail.body.substr(begin, found->mail.body.find('\n', begin) - begin);
}

http::HttpResponse Browser::get(std::string_view target, Fields headers) {
    http::HttpRequest request = request_of(http::Method::get, target);
    request.headers = std::move(headers);
    return answer(std::move(request));
}

http::HttpResponse Browser::send(std::string_view from, std::string_view to, const Fields& fields) {
    Fields all = fields;
    all.emplace_back("form_key", form_key_in(get(from).text));
    return post(to, all, {{"sec-fetch-site", "same-origin"}, {"origin", "http://" + host}});
}

http::HttpResponse Browser::send_file(std::string_view from, std::string_view to,
                                      const Fields& fields, std::string_view file_field,
                                      std::string_view bytes) {
    constexpr std::string_view head = "\r\ncontent-disposition: form-data; name=\"";
    const std::string boundary = "--a-boundary-of-tests";
    Fields all = fields;
    all.emplace_back("form_key", form_key_in(get(from).text));
    std::string body;
    for (const auto& [name, value] : all) {
        body += boundary + std::string(head) + name + "\"\r\n\r\n" + value + "\r\n";
    }
    body += boundary + std::string(head) + std::string(file_field) +
            "\"; filename=\"plot\"\r\n\r\n" + std::string(bytes) + "\r\n" + boundary + "--\r\n";
    http::HttpRequest request = request_of(http::Method::post, to);
    request.headers = {{"sec-fetch-site", "same-origin"},
                       {"content-type", "multipart/form-data; boundary=" + boundary.substr(2)}};
    request.body = body;
    return answer(std::move(request));
}

http::HttpResponse Browser::post(std::string_view to, const Fields& fields, Fields headers) {
    http::HttpRequest request = request_of(http::Method::post, to);
    request.headers = std::move(headers);
    request.headers.emplace_back("content-type", "application/x-www-form-urlencoded");
    request.body = encoded(fields);
    return answer(std::move(request));
}

http::HttpResponse Browser::post_json(std::string_view to, std::string body, Fields headers) {
    http::HttpRequest request = request_of(http::Method::post, to);
    request.headers = std::move(headers);
    request.headers.emplace_back("content-type", "application/json");
    request.headers.emplace_back("accept", "application/json");
    request.body = std::move(body);
    return answer(std::move(request));
}

http::HttpResponse Browser::answer(http::HttpRequest request) {
    request.host = host;
    request.peer = peer;
    request.id = "0000000000000000";
    std::string sent;
    for (const auto& [name, value] : cookies) {
        sent += (sent.empty() ? "" : "; ") + name + "=" + value;
    }
    request.headers.emplace_back("cookie", sent);
    auto known = house_->site->answer_at_once(request);
    http::HttpResponse response =
        known ? *std::move(known) : house_->site->answer(request); // as `allotment serve` does
    for (const auto& [name, value] : response.headers) {
        if (name == "set-cookie") {
            const std::size_t equals = value.find('=');
            cookies[value.substr(0, equals)] =
                value.substr(equals + 1, value.find(';') - equals - 1);
        }
    }
    std::erase_if(cookies, [](const auto& cookie) { return cookie.second.empty(); });
    return response;
}

std::string form_key_in(std::string_view html) {
    constexpr std::string_view before = "name=\"form_key\" value=\"";
    const std::size_t found = html.find(before);
    if (found == std::string_view::npos) {
        return {};
    }
    const std::size_t begin = found + before.size();
    return std::string(html.substr(begin, html.find('"', begin) - begin));
}

std::string header_of(const http::HttpResponse& response, std::string_view name) {
    const auto found = std::ranges::find(response.headers, name, &http::Field::first);
    return found == response.headers.end() ? std::string() : found->second;
}

} // namespace allot::test
