#include "platform/http/json_form.hpp"

#include "base/limits.hpp"
#include "platform/utf8.hpp"

#include <set>
#include <utility>

#include <boost/json/basic_parser_impl.hpp>
#include <fmt/format.h>

namespace allot::http {

namespace {

namespace json = boost::json;
using boost::system::error_code;

/// What Boost.JSON calls for each token. A value of JSON would hide duplicates: the last one wins
/// there. Numbers are kept as they were written.
struct Fields {
    static constexpr std::size_t max_object_size = std::size_t(-1);
    static constexpr std::size_t max_array_size = std::size_t(-1);
    static constexpr std::size_t max_key_size = std::size_t(-1);
    static constexpr std::size_t max_string_size = std::size_t(-1);

    Form form;
    std::set<std::string> names;
    std::string name;
    std::string value;
    std::string wrong; ///< why it was stopped
    bool in_object = false;
    bool in_array = false;

    bool stop(error_code& error, std::string why) {
        wrong = std::move(why);
        error = make_error_code(boost::system::errc::invalid_argument);
        return false;
    }
    bool nested(error_code& error) {
        return stop(error, in_object ? fmt::format("\"{}\" holds more than a text, a number, true, "
                                                   "false or a list of texts",
                                                   shown_utf8(name))
                                     : std::string("a form is one object of JSON"));
    }
    bool keep(std::string_view s, error_code& error) {
        if (!in_object) {
            return nested(error);
        }
        if (s.find('\0') != std::string_view::npos) {
            return stop(error, fmt::format("\"{}\" holds a NUL", shown_utf8(name)));
        }
        if (form.fields.size() == limits::max_form_fields) {
            return stop(error, fmt::format("more than {} fields", limits::max_form_fields));
        }
        form.fields.emplace_back(name, s);
        return true;
    }
    bool keep_scalar(std::string_view s, error_code& error) {
        return in_array ? nested(error) : keep(s, error);
    }

    bool on_document_begin(error_code&) { return true; }
    bool on_document_end(error_code&) { return true; }
    bool on_object_begin(error_code& error) {
        return std::exchange(in_object, true) ? nested(error) : true;
    }
    bool on_object_end(std::size_t, error_code&) { return true; }
    bool on_array_begin(error_code& error) {
        return !in_object || std::exchange(in_array, true) ? nested(error) : true;
    }
    bool on_array_end(std::size_t, error_code&) {
        in_array = false;
        return true;
    }
    bool on_key_part(json::string_view s, std::size_t, error_code&) {
        value.append(s.data(), s.size());
        return true;
    }
    bool on_key(json::string_view s, std::size_t, error_code& error) {
        value.append(s.data(), s.size());
        name = std::exchange(value, {});
        if (name.find('\0') != std::string::npos) {
            return stop(error, "the name of a field holds a NUL");
        }
        return names.insert(name).second ||
               stop(error, fmt::format("\"{}\" is there twice", shown_utf8(name)));
    }
    bool on_string_part(json::string_view s, std::size_t, error_code&) {
        value.append(s.data(), s.size());
        return true;
    }
    bool on_string(json::string_view s, std::size_t, error_code& error) {
        value.append(s.data(), s.size());
        return keep(std::exchange(value, {}), error);
    }
    bool on_number_part(json::string_view s, error_code&) {
        value.append(s.data(), s.size());
        return true;
    }
    bool on_number(json::string_view s, error_code& error) {
        value.append(s.data(), s.size());
        return keep_scalar(std::exchange(value, {}), error);
    }
    bool on_int64(std::int64_t, json::string_view s, error_code& error) {
        return on_number(s, error);
    }
    bool on_uint64(std::uint64_t, json::string_view s, error_code& error) {
        return on_number(s, error);
    }
    bool on_double(double, json::string_view s, error_code& error) { return on_number(s, error); }
    bool on_bool(bool truth, error_code& error) {
        return keep_scalar(truth ? "true" : "false", error);
    }
    bool on_null(error_code& error) { return nested(error); }
    bool on_comment_part(json::string_view, error_code&) { return true; }
    bool on_comment(json::string_view, error_code&) { return true; }
};

} // namespace

Result<Form> read_json_form(std::string_view body) {
    json::basic_parser<Fields> parser{json::parse_options{}};
    error_code error;
    const std::size_t read = parser.write_some(false, body.data(), body.size(), error);
    Fields& fields = parser.handler();
    if (!fields.wrong.empty()) {
        return fail(ErrorKind::invalid, fields.wrong);
    }
    if (error || read != body.size()) {
        const std::string what = error ? error.message() : "something after the end";
        return fail(ErrorKind::invalid, fmt::format("no JSON at byte {}: {}", read + 1, what));
    }
    return std::move(fields.form);
}

} // namespace allot::http
