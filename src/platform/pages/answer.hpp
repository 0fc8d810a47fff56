/// What a route answers with, before it becomes HTML or JSON.
#pragma once

#include "platform/http/message.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/json/fwd.hpp>

namespace allot::pages {

/// A view as JSON; `view_of` in view.hpp makes one. Copies share it.
class View {
  public:
    View() = default;
    explicit View(std::shared_ptr<const boost::json::object> json) : json_(std::move(json)) {}
    [[nodiscard]] const boost::json::object* json() const { return json_.get(); }

  private:
    std::shared_ptr<const boost::json::object> json_;
};

/// The same in another form, for programs: a calendar, news. Browsers and readers find it in the
/// head of a page.
struct Alternate {
    std::string type; ///< "text/calendar"
    std::string path; ///< "/c/lab/calendar.ics"
    std::string name; ///< of what it holds, as people wrote it
};

/// A page: what it says, and how it is written in HTML.
struct Page {
    std::string_view template_name;
    View view;
    std::string_view title; ///< key in the catalogue; {name} is `title_name`
    std::string title_name; ///< of whom or what the page is, as people wrote it
    std::string_view place; ///< which place of the navigation is lit: "circles"
    bool has_form = false;  ///< gives it a key that a form must send back
    bool private_ = false;  ///< of one person: no cache keeps it
    unsigned status = 200;
    std::vector<Alternate> alternates;
    std::vector<std::string> cookies; ///< whole set-cookie values; the page is `private_` then
};

/// A command was done. A browser goes on to `next`; JSON gets `view` (or nothing) and `next`.
struct Done {
    std::string next;
    View view;
    std::vector<std::string> cookies; ///< whole set-cookie values
};

/// What is asked for has another address now: whoever asks is sent on, a program as a browser
/// (303). Not for ever: the address may come to name something again.
struct Elsewhere {
    std::string path;
    std::vector<std::string> cookies; ///< whole set-cookie values
};

/// Something that is no page: a file to keep, a calendar.
struct Download {
    std::string type; ///< "application/json"
    std::string name; ///< of the file; empty: shown, not kept
    std::string bytes;
    std::string cache; ///< cache-control of `bytes`; empty: no cache keeps it
    /// Instead of `bytes`: may be kept by who asks, who asks each time whether it is still the same
    /// (304).
    std::shared_ptr<const http::Body> body;
    bool for_all = false; ///< `body` is the same for everybody: caches on the way may keep it too
};

/// What is wrong with one field of a form.
struct FieldProblem {
    std::string field;
    std::string_view words; ///< key in the catalogue
    std::vector<std::pair<std::string, std::string>> given;
};

} // namespace allot::pages
