#include "platform/log.hpp"

#include "base/clock.hpp"
#include "platform/utf8.hpp"

#include <chrono>

#include <fmt/format.h>

namespace allot {

namespace {

[[nodiscard]] std::string_view word_of(LogLevel level) {
    switch (level) {
    case LogLevel::info:
        return "info";
    case LogLevel::warning:
        return "warning";
    case LogLevel::error:
        break;
    }
    return "error";
}

/// Readers of logs split at line ends of many kinds: besides what JSON asks for, U+2028 and U+2029
/// are escaped.
void append_string(std::string& line, std::string_view value) {
    const std::string text = as_utf8(value);
    line += '"';
    for (std::size_t k = 0; k < text.size(); ++k) {
        const auto byte = static_cast<unsigned char>(text[k]);
        if (text[k] == '"' || text[k] == '\\') {
            line += '\\';
            line += text[k];
        } else if (byte < 0x20 || byte == 0x7f) {
            line += fmt::format("\\u{:04x}", byte);
        } else if (const std::string_view three(text.data() + k,
                                                std::min<std::size_t>(text.size() - k, 3));
                   three == "\u2028" || three == "\u2029") {
            line += three == "\u2028" ? "\\u2028" : "\\u2029";
            k += 2;
        } else {
            line += text[k];
        }
    }
    line += '"';
}

} // namespace

void Log::write(LogLevel level, std::string_view event, std::initializer_list<Field> fields) {
    const auto at = std::chrono::floor<std::chrono::seconds>(clock_.now());
    std::string line =
        fmt::format(R"({{"at":"{}","level":"{}","event":)", format_instant(at), word_of(level));
    append_string(line, event);
    for (const auto& [name, value] : fields) {
        line += ',';
        append_string(line, name);
        line += ':';
        if (const auto* number = std::get_if<std::int64_t>(&value)) {
            line += std::to_string(*number);
        } else {
            append_string(line, std::get<std::string_view>(value));
        }
    }
    line += "}\n";
    const std::scoped_lock lock(mutex_);
    sink_(line);
}

} // namespace allot
