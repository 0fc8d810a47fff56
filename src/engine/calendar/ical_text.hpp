/// iCalendar as text: content lines, and the components that they make. No property is understood
/// here but BEGIN and END. Lenient: what clients skip is skipped, and told.
#pragma once

#include "base/result.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace allot::calendar {

/// One thing that is wrong with a calendar, as sentences without a full stop.
struct Finding {
    std::size_t line = 0; ///< of the file, from 1; 0 for the file as a whole
    std::string what;     ///< what is wrong
    std::string clients;  ///< what they will do with it
    std::string mend;     ///< what to write instead

    friend bool operator==(const Finding&, const Finding&) = default;
};

/// The findings of one file: the first `limits::max_calendar_findings`, and how many there were.
class Findings {
  public:
    void add(Finding finding);
    /// By line; those of one line stay in their order.
    void sort();

    [[nodiscard]] const std::vector<Finding>& kept() const { return kept_; }
    [[nodiscard]] std::size_t count() const { return count_; }

  private:
    std::vector<Finding> kept_;
    std::size_t count_ = 0;
};

/// `;NAME=VALUE,VALUE` of a property (RFC 5545, section 3.2).
struct Parameter {
    std::string name; ///< in capitals
    /// Without quotes, carets decoded (RFC 6868); none at all where there was no "=".
    std::vector<std::string> values;

    friend bool operator==(const Parameter&, const Parameter&) = default;
};

/// One content line. Equal if name, parameters and value are, wherever they stand.
struct Property {
    std::string name; ///< in capitals
    std::vector<Parameter> parameters;
    std::string value;      ///< as written, unfolded; of a TEXT the backslashes are still there
    std::size_t line = 0;   ///< where it begins, from 1
    std::size_t height = 1; ///< lines of the file that it takes

    /// The first value of a parameter; nullopt where there is none.
    [[nodiscard]] std::optional<std::string_view> parameter(std::string_view its_name) const;

    friend bool operator==(const Property& a, const Property& b) {
        return a.name == b.name && a.parameters == b.parameters && a.value == b.value;
    }
};

/// What stands between BEGIN and END. Equal as `Property` is.
struct Component {
    std::string name; ///< in capitals
    std::vector<Property> properties;
    std::vector<Component> components;
    std::size_t line = 0; ///< of BEGIN, from 1

    /// The first property of that name; null where there is none.
    [[nodiscard]] const Property* find(std::string_view its_name) const;

    friend bool operator==(const Component& a, const Component& b) {
        return a.name == b.name && a.properties == b.properties && a.components == b.components;
    }
};

struct ComponentsRead {
    std::vector<Component> components; ///< those that stand in no other
    Findings findings;
};

/// Reads content lines (RFC 5545, section 3.1): lines end with CRLF or LF, a line that begins with
/// a space or tab goes on with the one before, also inside a UTF-8 character. A byte order mark and
/// empty lines are passed over. What has no name and value, stands outside any component, is closed
/// without being open or is still open at the end is a finding.
/// Errors: a limit (`max_calendar_bytes`, `max_calendar_components`, `max_calendar_depth`).
[[nodiscard]] Result<ComponentsRead> read_components(std::string_view text);

/// The lines of a component: CRLF, folded at 75 octets and not inside a UTF-8 character, parameters
/// quoted and with carets where they must be. `read_components` reads back an equal one.
[[nodiscard]] std::string format_component(const Component& component);
[[nodiscard]] std::string format_property(const Property& property);

/// A TEXT value (RFC 5545, section 3.3.11) as people read it; a backslash before any other
/// character is dropped, as clients do.
[[nodiscard]] std::string unescape_text(std::string_view value);

} // namespace allot::calendar
