#include "platform/http/multipart.hpp"

#include "base/limits.hpp"
#include "base/text.hpp"
#include "platform/http/header_value.hpp"
#include "platform/utf8.hpp"

#include <initializer_list>
#include <optional>

#include <fmt/format.h>

namespace allot::http {

namespace {

constexpr std::string_view line_end = "\r\n";
constexpr std::size_t max_boundary_bytes = 70; // RFC 2046, section 5.1.1
constexpr std::size_t max_part_head_bytes = 4096;

struct PartHead {
    std::string name;
    std::optional<std::string> filename; ///< present: it is a file
    std::string type;
};

/// Reads one part after the other; `at_` counts them for messages.
class Reader {
  public:
    Reader(std::string_view body, std::string_view boundary)
        : rest_(body), delimiter_(fmt::format("\r\n--{}", boundary)) {}

    Result<Form> read();

  private:
    [[nodiscard]] std::unexpected<Error> refuse(std::string_view what) const {
        return fail(ErrorKind::invalid, fmt::format("part {} of the form {}", at_, what));
    }
    Result<std::string_view> take_line();
    Result<bool> take_delimiter_end();
    Result<PartHead> take_head();
    [[nodiscard]] Result<PartHead> checked(PartHead head) const;
    Result<std::string_view> take_content();
    [[nodiscard]] Result<void> keep(PartHead head, std::string_view content);

    std::string_view rest_;
    std::string delimiter_;
    std::size_t at_ = 0;
    Form form_;
};

Result<Form> Reader::read() {
    const std::string_view first = std::string_view(delimiter_).substr(line_end.size());
    if (!rest_.starts_with(first)) {
        return fail(ErrorKind::invalid, "the form does not begin with its boundary");
    }
    rest_.remove_prefix(first.size());
    for (;;) {
        ++at_;
        TRY(const bool more, take_delimiter_end());
        if (!more) {
            return std::move(form_);
        }
        TRY(PartHead head, take_head());
        TRY(const std::string_view content, take_content());
        TRY_DO(keep(std::move(head), content));
    }
}

/// After a boundary: a line end, or "--" and nothing but line ends. False: that was the last.
Result<bool> Reader::take_delimiter_end() {
    if (rest_.starts_with("--")) {
        if (rest_ == "--" || rest_ == "--\r\n") {
            return false;
        }
        return refuse("comes after the end");
    }
    if (!rest_.starts_with(line_end)) {
        return refuse("does not begin after its boundary");
    }
    rest_.remove_prefix(line_end.size());
    return true;
}

Result<std::string_view> Reader::take_line() {
    const std::size_t end = rest_.substr(0, max_part_head_bytes).find(line_end);
    if (end == std::string_view::npos) {
        return refuse("has a header without an end");
    }
    const std::string_view line = rest_.substr(0, end);
    rest_.remove_prefix(end + line_end.size());
    return line;
}

Result<PartHead> Reader::take_head() {
    PartHead head;
    bool named = false;
    const std::size_t before = rest_.size();
    for (;;) {
        TRY(const std::string_view line, take_line());
        if (line.empty()) {
            break;
        }
        const std::size_t colon = line.find(':');
        const std::string name = text::lower_ascii(line.substr(0, colon));
        if (colon == std::string_view::npos || before - rest_.size() > max_part_head_bytes) {
            return refuse("has a header that cannot be read");
        }
        const auto value = read_header_value(line.substr(colon + 1));
        if (name == "content-transfer-encoding") {
            return refuse("is encoded, which forms are not");
        }
        if (name == "content-type") {
            head.type = text::lower_ascii(text::trim(line.substr(colon + 1)));
        }
        if (name != "content-disposition") {
            continue;
        }
        if (named || !value || value->value != "form-data" || !value->parameter("name")) {
            return refuse("does not say which field it is");
        }
        named = true;
        head.name = *value->parameter("name");
        if (const auto filename = value->parameter("filename")) {
            head.filename = *filename;
        }
    }
    return named ? checked(std::move(head)) : refuse("does not say which field it is");
}

Result<PartHead> Reader::checked(PartHead head) const {
    if (head.name.size() > limits::max_form_name_bytes) {
        return refuse(fmt::format("has a name of more than {} bytes", limits::max_form_name_bytes));
    }
    const std::string filename = head.filename.value_or("");
    if (filename.size() > limits::max_filename_bytes) {
        return refuse(
            fmt::format("has a file name of more than {} bytes", limits::max_filename_bytes));
    }
    for (const std::string* s :
         std::initializer_list<const std::string*>{&head.name, &filename, &head.type}) {
        if (!is_utf8(*s) || has_control(*s)) {
            return refuse("has a name that is no text");
        }
    }
    // Some browsers have told the whole path.
    if (head.filename) {
        head.filename = filename.substr(filename.find_last_of("/\\") + 1);
    }
    return head;
}

Result<std::string_view> Reader::take_content() {
    const std::size_t end = rest_.find(delimiter_);
    if (end == std::string_view::npos) {
        return refuse("has no end");
    }
    const std::string_view content = rest_.substr(0, end);
    rest_.remove_prefix(end + delimiter_.size());
    return content;
}

Result<void> Reader::keep(PartHead head, std::string_view content) {
    if (head.filename) {
        if (head.filename->empty() && content.empty()) {
            return {}; // nobody chose a file
        }
        if (form_.uploads.size() == limits::max_uploads) {
            return fail(ErrorKind::invalid, fmt::format("more than {} files", limits::max_uploads));
        }
        form_.uploads.push_back({.field = std::move(head.name),
                                 .filename = *std::move(head.filename),
                                 .type = std::move(head.type),
                                 .bytes = std::string(content)});
        return {};
    }
    if (form_.fields.size() == limits::max_form_fields) {
        return fail(ErrorKind::invalid,
                    fmt::format("more than {} fields", limits::max_form_fields));
    }
    form_.fields.emplace_back(std::move(head.name), content);
    return {};
}

} // namespace

Result<Form> read_multipart(std::string_view body, std::string_view boundary) {
    if (boundary.empty() || boundary.size() > max_boundary_bytes) {
        return fail(ErrorKind::invalid, "the form has no boundary of 1 to 70 bytes");
    }
    return Reader(body, boundary).read();
}

} // namespace allot::http
