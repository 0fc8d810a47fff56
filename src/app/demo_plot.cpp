#include "app/demo_plot.hpp"

#include <cmath>
#include <cstddef>
#include <cstdint>

namespace allot::app {

namespace {

constexpr int width = 480;
constexpr int height = 240;
constexpr int margin = 20;
constexpr std::size_t row_bytes = 1 + width / 8; // each row begins with its filter: none

/// One bit a dot; white at first.
class Canvas {
  public:
    Canvas() : bits_(row_bytes * height, '\xff') {
        for (std::size_t row = 0; row < height; ++row) {
            bits_[row * row_bytes] = '\0';
        }
    }
    void dot(int x, int y) {
        if (x < 0 || x >= width || y < 0 || y >= height) {
            return;
        }
        const std::size_t at =
            static_cast<std::size_t>(y) * row_bytes + 1 + static_cast<std::size_t>(x) / 8;
        const auto kept = static_cast<unsigned char>(~(0x80U >> (static_cast<unsigned>(x) % 8)));
        bits_[at] = static_cast<char>(static_cast<unsigned char>(bits_[at]) & kept);
    }
    [[nodiscard]] const std::string& bits() const { return bits_; }

  private:
    std::string bits_;
};

void draw_axes(Canvas& canvas) {
    constexpr int hours = 6;
    for (int x = margin; x <= width - margin; ++x) {
        canvas.dot(x, height - margin);
    }
    for (int y = margin; y <= height - margin; ++y) {
        canvas.dot(margin, y);
    }
    for (int hour = 0; hour <= hours; ++hour) {
        const int x = margin + hour * (width - 2 * margin) / hours;
        for (int tick = 0; tick < 6; ++tick) {
            canvas.dot(x, height - margin + tick);
        }
    }
}

/// A leaf that folds around an hour after six in the evening; dots `apart` from each other.
void draw_leaf(Canvas& canvas, double folds_at, int apart) {
    constexpr double hours = 6;
    constexpr double steepness = 14; // nine tenths of it within twenty minutes
    for (int x = margin; x <= width - margin; ++x) {
        const double hour = hours * (x - margin) / (width - 2 * margin);
        const double open = 1 / (1 + std::exp(steepness * (hour - folds_at)));
        const int y = height - 2 * margin - static_cast<int>(open * (height - 4 * margin));
        if (x % apart == 0) {
            canvas.dot(x, y);
            canvas.dot(x, y + 1);
        }
    }
}

// -- PNG (RFC 2083), with bytes that are stored as they are ---------------------------------------

void append_number(std::string& out, std::uint32_t number) {
    for (const unsigned shift : {24U, 16U, 8U, 0U}) {
        out += static_cast<char>((number >> shift) & 0xffU);
    }
}

[[nodiscard]] std::uint32_t crc_of(std::string_view bytes) {
    constexpr std::uint32_t polynomial = 0xedb88320U;
    std::uint32_t crc = 0xffffffffU;
    for (const char byte : bytes) {
        crc ^= static_cast<unsigned char>(byte);
        for (int bit = 0; bit < 8; ++bit) {
            crc = (crc & 1U) != 0 ? (crc >> 1U) ^ polynomial : crc >> 1U;
        }
    }
    return ~crc;
}

[[nodiscard]] std::uint32_t adler_of(std::string_view bytes) {
    constexpr std::uint32_t prime = 65521;
    std::uint32_t low = 1;
    std::uint32_t high = 0;
    for (const char byte : bytes) {
        low = (low + static_cast<unsigned char>(byte)) % prime;
        high = (high + low) % prime;
    }
    return (high << 16U) | low;
}

void append_chunk(std::string& out, std::string_view type, std::string_view bytes) {
    append_number(out, static_cast<std::uint32_t>(bytes.size()));
    const std::string body = std::string(type) + std::string(bytes);
    out += body;
    append_number(out, crc_of(body));
}

/// A zlib stream of one stored block (RFC 1950, RFC 1951).
[[nodiscard]] std::string stored(const std::string& bytes) {
    static_assert(row_bytes * height < 0x10000, "one block holds it");
    std::string out("\x78\x01\x01", 3);
    const auto size = static_cast<std::uint32_t>(bytes.size());
    for (const std::uint32_t number : {size, ~size}) {
        out += static_cast<char>(number & 0xffU);
        out += static_cast<char>((number >> 8U) & 0xffU);
    }
    out += bytes;
    append_number(out, adler_of(bytes));
    return out;
}

} // namespace

std::string demo_plot() {
    constexpr double without_lamp = 2.3;
    constexpr double with_lamp = without_lamp + 2.0 / 3;
    Canvas canvas;
    draw_axes(canvas);
    draw_leaf(canvas, without_lamp, 1);
    draw_leaf(canvas, with_lamp, 4);
    std::string head;
    append_number(head, width);
    append_number(head, height);
    head += std::string("\x01\x00\x00\x00\x00", 5); // one bit, grey, nothing interlaced
    std::string out("\x89PNG\r\n\x1a\n", 8);
    append_chunk(out, "IHDR", head);
    append_chunk(out, "IDAT", stored(canvas.bits()));
    append_chunk(out, "IEND", "");
    return out;
}

} // namespace allot::app
