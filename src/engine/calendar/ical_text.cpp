#include "engine/calendar/ical_text.hpp"

#include "base/limits.hpp"
#include "base/text.hpp"
#include "engine/calendar/ical_lines.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include <fmt/format.h>

namespace allot::calendar {

namespace {

char upper(char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

std::string upper_ascii(std::string_view s) {
    std::string out(s);
    std::ranges::transform(out, out.begin(), upper);
    return out;
}

/// RFC 5545 has letters, digits and hyphens; "_" and "." are met.
bool is_name(std::string_view s) {
    return !s.empty() && std::ranges::all_of(s, [](char c) {
        const char u = upper(c);
        return (u >= 'A' && u <= 'Z') || (u >= '0' && u <= '9') || u == '-' || u == '_' || u == '.';
    });
}

/// One content line, unfolded.
struct ContentLine {
    std::string text;
    std::size_t line = 0;
    std::size_t height = 0;
};

/// Takes lines off the front of a file.
class Lines {
  public:
    explicit Lines(std::string_view text) : rest_(text) {
        constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
        rest_.remove_prefix(rest_.starts_with(byte_order_mark) ? byte_order_mark.size() : 0);
    }

    std::optional<ContentLine> next() {
        if (rest_.empty()) {
            return std::nullopt;
        }
        ContentLine line{.text = std::string(take()), .line = at_, .height = 1};
        while (rest_.starts_with(' ') || rest_.starts_with('\t')) {
            line.text += take().substr(1);
            ++line.height;
        }
        return line;
    }

  private:
    std::string_view take() {
        const auto end = std::min(rest_.find('\n'), rest_.size());
        auto line = rest_.substr(0, end);
        rest_.remove_prefix(std::min(end + 1, rest_.size()));
        line.remove_suffix(line.ends_with('\r') ? 1 : 0);
        ++at_;
        return line;
    }

    std::string_view rest_;
    std::size_t at_ = 0;
};

std::string decode_carets(std::string_view s) {
    std::string out;
    for (std::size_t i = 0; i < s.size(); ++i) {
        const char next = s[i] == '^' && i + 1 < s.size() ? s[i + 1] : '\0';
        if (next == 'n' || next == '^' || next == '\'') {
            out += next == 'n' ? '\n' : next == '^' ? '^' : '"';
            ++i;
        } else {
            out += s[i];
        }
    }
    return out;
}

std::string encode_carets(std::string_view s) {
    std::string out;
    for (const char c : s) {
        switch (c) {
        case '^':
            out += "^^";
            break;
        case '\n':
            out += "^n";
            break;
        case '"':
            out += "^'";
            break;
        default:
            out += c;
        }
    }
    return out;
}

/// Reads the parts of one content line.
class PropertyReader {
  public:
    explicit PropertyReader(const ContentLine& line) : line_(line), rest_(line.text) {}

    /// nullopt where the line is no property.
    std::optional<Property> read() {
        Property property{.line = line_.line, .height = line_.height};
        property.name = upper_ascii(take_until(";:"));
        while (rest_.starts_with(';')) {
            rest_.remove_prefix(1);
            property.parameters.push_back(parameter());
        }
        if (!is_name(property.name) || !rest_.starts_with(':')) {
            return std::nullopt;
        }
        property.value = rest_.substr(1);
        return property;
    }

    /// Whether a quote was opened and not closed.
    [[nodiscard]] bool has_open_quote() const { return open_quote_; }

  private:
    std::string_view take_until(std::string_view ends) {
        const auto taken = rest_.substr(0, rest_.find_first_of(ends));
        rest_.remove_prefix(taken.size());
        return taken;
    }

    Parameter parameter() {
        Parameter read{.name = upper_ascii(take_until("=;:")), .values = {}};
        for (char before = '='; rest_.starts_with(before); before = ',') {
            rest_.remove_prefix(1);
            read.values.push_back(decode_carets(value()));
        }
        return read;
    }

    std::string value() {
        std::string read;
        if (rest_.starts_with('"')) {
            const auto end = rest_.find('"', 1);
            if (end == std::string_view::npos) {
                open_quote_ = true;
            } else {
                read = rest_.substr(1, end - 1);
                rest_.remove_prefix(end + 1);
            }
        }
        return read += take_until(",;:");
    }

    const ContentLine& line_;
    std::string_view rest_;
    bool open_quote_ = false;
};

/// Puts content lines into components.
class Tree {
  public:
    Result<void> add(const ContentLine& line) {
        PropertyReader reader(line);
        auto property = reader.read();
        if (!property) {
            if (!text::trim(line.text).empty()) {
                note_no_property(line);
            }
            return {};
        }
        if (reader.has_open_quote()) {
            read_.findings.add({.line = line.line,
                                .what = fmt::format("{} has a parameter whose quote is not closed",
                                                    property->name),
                                .clients = "some refuse the line, others the whole file",
                                .mend = "close it with a \" before the colon, or leave it out"});
        }
        if (property->name == "BEGIN") {
            return open(*property);
        }
        if (property->name == "END") {
            close(*property);
        } else if (open_.empty()) {
            note_outside(*property);
        } else {
            open_.back().properties.push_back(*std::move(property));
        }
        return {};
    }

    ComponentsRead finish() {
        while (!open_.empty()) {
            note_left_open(open_.back());
            close_last();
        }
        return std::move(read_);
    }

  private:
    Result<void> open(const Property& begin) {
        if (open_.size() == limits::max_calendar_depth ||
            components_ == limits::max_calendar_components) {
            return fail(
                ErrorKind::invalid,
                fmt::format("line {}: more components than limit max_calendar_depth = {} allows "
                            "inside each other, or max_calendar_components = {} in all",
                            begin.line, limits::max_calendar_depth,
                            limits::max_calendar_components));
        }
        ++components_;
        open_.push_back({.name = upper_ascii(text::trim(begin.value)), .line = begin.line});
        return {};
    }

    void close(const Property& end) {
        const std::string name = upper_ascii(text::trim(end.value));
        const auto opened = std::ranges::find(open_.rbegin(), open_.rend(), name, &Component::name);
        if (opened == open_.rend()) {
            read_.findings.add(
                {.line = end.line,
                 .what = fmt::format("END:{} closes what is not open", text::shown(name)),
                 .clients = "some skip it, others refuse the whole file",
                 .mend = "remove the line, or add the BEGIN that belongs to it"});
            return;
        }
        for (auto inner = opened - open_.rbegin(); inner > 0; --inner) {
            note_left_open(open_.back());
            close_last();
        }
        close_last();
    }

    void close_last() {
        Component last = std::move(open_.back());
        open_.pop_back();
        auto& to = open_.empty() ? read_.components : open_.back().components;
        to.push_back(std::move(last));
    }

    void note_no_property(const ContentLine& line) {
        read_.findings.add(
            {.line = line.line,
             .what = fmt::format("\"{}\" is no NAME:VALUE", text::shown(line.text)),
             .clients = "some skip the line, others refuse the whole file",
             .mend = "if it belongs to the line before, begin it with a space (a line break inside "
                     "a text is written \\n)"});
    }

    void note_outside(const Property& property) {
        read_.findings.add(
            {.line = property.line,
             .what = fmt::format("{} stands outside any component", text::shown(property.name)),
             .clients = "some skip the line, others refuse the whole file",
             .mend = "move it between BEGIN:VCALENDAR and END:VCALENDAR"});
    }

    void note_left_open(const Component& component) {
        read_.findings.add(
            {.line = component.line,
             .what = fmt::format("BEGIN:{} has no END", text::shown(component.name)),
             .clients = "most refuse the whole file, as it looks cut off",
             .mend = fmt::format("add END:{0} where the {0} ends", text::shown(component.name))});
    }

    ComponentsRead read_;
    std::vector<Component> open_;
    std::size_t components_ = 0;
};

void append(std::string& out, const Component& component) {
    append_line(out, "BEGIN:" + component.name);
    for (const Property& property : component.properties) {
        out += format_property(property);
    }
    for (const Component& inner : component.components) {
        append(out, inner);
    }
    append_line(out, "END:" + component.name);
}

} // namespace

void Findings::add(Finding finding) {
    if (++count_ <= limits::max_calendar_findings) {
        kept_.push_back(std::move(finding));
    }
}

void Findings::sort() {
    std::multimap<std::size_t, Finding> by_line; // keeps the order of those that are alike
    for (Finding& finding : kept_) {
        const std::size_t line = finding.line;
        by_line.emplace(line, std::move(finding));
    }
    std::ranges::transform(by_line, kept_.begin(),
                           [](auto& entry) { return std::move(entry.second); });
}

std::optional<std::string_view> Property::parameter(std::string_view its_name) const {
    const auto found = std::ranges::find(parameters, its_name, &Parameter::name);
    if (found == parameters.end() || found->values.empty()) {
        return std::nullopt;
    }
    return found->values.front();
}

const Property* Component::find(std::string_view its_name) const {
    const auto found = std::ranges::find(properties, its_name, &Property::name);
    return found == properties.end() ? nullptr : &*found;
}

Result<ComponentsRead> read_components(std::string_view text) {
    if (text.size() > limits::max_calendar_bytes) {
        return fail(ErrorKind::invalid,
                    fmt::format("{} bytes are more than limit max_calendar_bytes = {}", text.size(),
                                limits::max_calendar_bytes));
    }
    Lines lines(text);
    Tree tree;
    while (const auto line = lines.next()) {
        TRY_DO(tree.add(*line));
    }
    return tree.finish();
}

std::string format_property(const Property& property) {
    std::string line = property.name;
    for (const Parameter& parameter : property.parameters) {
        line += ';' + parameter.name;
        for (char before = '='; const std::string& value : parameter.values) {
            const bool quoted = value.find_first_of(",;:") != std::string::npos;
            const std::string quote = quoted ? "\"" : "";
            line += before + quote + encode_carets(value) + quote;
            before = ',';
        }
    }
    std::string out;
    append_line(out, line + ':' + property.value);
    return out;
}

std::string format_component(const Component& component) {
    std::string out;
    append(out, component);
    return out;
}

std::string unescape_text(std::string_view value) {
    std::string out;
    for (std::size_t i = 0; i < value.size(); ++i) {
        if (value[i] == '\\' && i + 1 < value.size()) {
            ++i;
            out += value[i] == 'n' || value[i] == 'N' ? '\n' : value[i];
        } else {
            out += value[i];
        }
    }
    return out;
}

} // namespace allot::calendar
