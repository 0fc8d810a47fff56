/// Mustache templates, each made ready once for each language.
///
/// Beside Mustache there are words in double brackets, which come from the catalogue:
///   [[people.title]]                     the words, escaped
///   [[people.said_like said={{said}}]]   filled with arguments, each a Mustache text
///   [[sign_in.sent_how #minutes={{n}}]]  and with numbers, for words that depend on them
///   [[circles.kind.{{kind}}]]            a key that the view decides
/// and {{> name}} sets in another template. Of a list `people` there is also `has_people`: whether
/// anything is in it. {{#day}}{{since}}{{/day}} says a date in words;
/// {{#when}}, {{#hour}} and {{#weekday}} say a wall time: `Catalogue::Time`.
#pragma once

#include "base/result.hpp"
#include "platform/pages/catalogue.hpp"

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include <boost/json/fwd.hpp>

namespace allot::pages {

struct TemplateText {
    std::string_view name; ///< "person", as the file is named
    std::string_view text;
};

/// Immutable after `read_all`; any thread may render.
class Templates {
  public:
    /// Makes every template ready in every language. Errors: two of one name, Mustache that does
    /// not parse, words that the catalogue does not have, a part that does not exist.
    [[nodiscard]] static Result<Templates> read_all(std::span<const TemplateText> texts,
                                                    std::span<const Catalogue> catalogues);

    Templates(Templates&&) noexcept;
    Templates& operator=(Templates&&) noexcept;
    Templates(const Templates&) = delete;
    Templates& operator=(const Templates&) = delete;
    ~Templates();

    [[nodiscard]] bool has(std::string_view name) const;
    /// Fills a template with a view and what the frame adds to it, which wins where both have a
    /// name. `locale` says how dates are written. In a view a text that is empty, null and false
    /// are nothing for a section. O(output).
    [[nodiscard]] std::string render(std::string_view name, const Catalogue& catalogue,
                                     std::string_view locale, const boost::json::object& view,
                                     const boost::json::object& more) const;
    [[nodiscard]] std::string render(std::string_view name, const Catalogue& catalogue,
                                     std::string_view locale,
                                     const boost::json::object& view) const;

  private:
    struct Inner;
    explicit Templates(std::unique_ptr<Inner> inner);
    std::unique_ptr<Inner> inner_;
};

} // namespace allot::pages
