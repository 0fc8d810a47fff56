#include "engine/calendar/ical_lines.hpp"

#include <algorithm>

namespace allot::calendar {

namespace {

bool continues_a_character(char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
}

/// How much of `text` goes on a line that has `room` octets left.
std::size_t fitting(std::string_view text, std::size_t room) {
    if (text.size() <= room) {
        return text.size();
    }
    // A character has at most four octets; what goes on for longer is none.
    for (std::size_t n = room; n + 4 > room; --n) {
        if (!continues_a_character(text[n])) {
            return n;
        }
    }
    return room;
}

} // namespace

void append_line(std::string& out, std::string_view line) {
    std::size_t room = max_line_octets;
    while (true) {
        const std::size_t n = fitting(line, room);
        out += line.substr(0, n);
        out += "\r\n";
        line.remove_prefix(n);
        if (line.empty()) {
            return;
        }
        out += ' ';
        room = max_line_octets - 1;
    }
}

std::string escape_text(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (c == '\r' || c == '\n') {
            out += "\\n";
            i += text.substr(i).starts_with("\r\n") ? 1U : 0U;
        } else if (c == '\\' || c == ';' || c == ',') {
            out += '\\';
            out += c;
        } else if (c == '\t' || (static_cast<unsigned char>(c) >= 0x20U && c != '\x7F')) {
            out += c;
        }
    }
    return out;
}

} // namespace allot::calendar
