/// What a site says: answers of routes and problems, in HTML or JSON and in the reader's language.
#pragma once

#include "base/result.hpp"
#include "platform/http/message.hpp"
#include "platform/pages/call.hpp"
#include "platform/pages/site_parts.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

namespace allot::pages {

inline constexpr std::string_view json_type = "application/json";

[[nodiscard]] bool wants_json(const http::HttpRequest& request);

/// The secret that the forms of this browser are bound to.
[[nodiscard]] std::string_view form_secret(const Call& call);

/// Immutable; any thread. Templates, words and routes outlive every call.
class Responses {
  public:
    Responses(const House& house, std::shared_ptr<const SiteParts> parts)
        : house_(house), parts_(std::move(parts)) {}

    /// Chooses the words and how dates are written: as the address asks, as the viewer wishes, as
    /// the browser says, in English.
    void set_language(Call& call) const;

    [[nodiscard]] http::HttpResponse respond(Call& call, const Answer& answer) const;
    /// `status` other than 0 instead of the one of the error's kind. What goes wrong in the house
    /// itself (500 and more) is told to the host alone, as `why`.
    [[nodiscard]] http::HttpResponse problem(Call& call, const Error& error,
                                             unsigned status = 0) const;

  private:
    [[nodiscard]] http::HttpResponse as_answered(Call& call, const Page& page) const;
    [[nodiscard]] http::HttpResponse as_answered(Call& call, const Refusal& refusal) const;
    [[nodiscard]] http::HttpResponse as_answered(Call& call, const Done& done) const;
    [[nodiscard]] http::HttpResponse as_answered(Call& call, const Elsewhere& elsewhere) const;
    [[nodiscard]] http::HttpResponse as_answered(Call& call, const Download& file) const;
    [[nodiscard]] http::HttpResponse as_json(const Call& call, const Page& page) const;
    [[nodiscard]] http::HttpResponse as_html(Call& call, const Page& page,
                                             const std::vector<FieldProblem>& problems) const;
    [[nodiscard]] std::string key_for_forms(const Call& call, http::HttpResponse& response) const;
    [[nodiscard]] std::string policy() const;
    [[nodiscard]] boost::json::object shell_of(const Call& call, const Page& page,
                                               const std::string& title) const;
    [[nodiscard]] boost::json::array places_for(const Call& call, std::string_view current) const;
    [[nodiscard]] boost::json::array languages_for(const Call& call) const;

    House house_;
    std::shared_ptr<const SiteParts> parts_;
};

} // namespace allot::pages
