/// A whole house for tests, without sockets: rooms, an empty database, a clock that is set; and
/// browsers that keep cookies and fill in forms.
#pragma once

#include "app/rooms.hpp"
#include "base/test_world.hpp"
#include "platform/mail/outbox.hpp"
#include "platform/pages/site.hpp"
#include "platform/store/test_stores.hpp"

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace allot::test {

/// Offers three zones, and reads any of this machine.
class FewZones final : public pages::Zones {
  public:
    [[nodiscard]] bool has(std::string_view name) const override;
    [[nodiscard]] Result<std::string> bytes(std::string_view name) const override;
    [[nodiscard]] const std::vector<std::string>& names() const override { return names_; }

  private:
    std::vector<std::string> names_ = {"Africa/Nairobi", "America/New_York", "Europe/London"};
};

class House {
  public:
    explicit House(EngineKind engine, const Trouble& trouble = {});
    /// One that finds its database as another has left it.
    House(FreshStore found, Moment now, std::uint64_t chance);
    /// Ends it: only the destructor may come after that. What is left is its closed database.
    [[nodiscard]] FreshStore stop();

    SetClock clock{some_noon};
    SeededEntropy entropy;
    FreshStore fresh;
    app::HouseDirectory directory;
    FewZones zones;
    pages::House parts;
    std::unique_ptr<pages::Site> site;

    /// Begins a collective by its form, and signs its first steward in.
    class Browser begin(std::string_view slug, std::string_view mail);
    /// Adds a person of that role straight to the database, and signs her in by mail.
    class Browser person(std::string_view slug, std::string_view mail, auth::Role role);
    /// A browser in which somebody signs in by mail who belongs to a collective.
    class Browser sign_in(std::string_view mail);
    /// Of the newest mail to that address.
    [[nodiscard]] std::string link_mailed_to(std::string_view mail);
};

using Fields = std::vector<http::Field>;

/// One browser of one person. Follows no redirects by itself.
class Browser {
  public:
    explicit Browser(House& house) : house_(&house) {}
    /// The server was started anew: what it said before is still known here.
    void turn_to(House& house) { house_ = &house; }

    http::HttpResponse get(std::string_view target, Fields headers = {});
    /// Sends a form of the page `from` (its key is taken from there) to `to`.
    http::HttpResponse send(std::string_view from, std::string_view to, const Fields& fields);
    /// The same with one file in it, as browsers send forms with files.
    http::HttpResponse send_file(std::string_view from, std::string_view to, const Fields& fields,
                                 std::string_view file_field, std::string_view bytes);
    /// Sends a form with a key that is given.
    http::HttpResponse post(std::string_view to, const Fields& fields, Fields headers = {});
    http::HttpResponse post_json(std::string_view to, std::string body, Fields headers = {});

    std::map<std::string, std::string> cookies;
    std::string peer = "203.0.113.7";
    std::string host = "localhost:8080";

  private:
    http::HttpResponse answer(http::HttpRequest request);
    House* house_;
};

/// The value of the first form key in a page; "" where it has no form.
[[nodiscard]] std::string form_key_in(std::string_view html);
[[nodiscard]] std::string header_of(const http::HttpResponse& response, std::string_view name);

} // namespace allot::test
