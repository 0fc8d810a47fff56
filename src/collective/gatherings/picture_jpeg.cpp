/// JPEG (ITU T.81, annex B): segments that begin with a marker, and scans between them.
#include "collective/gatherings/picture_bytes.hpp"

namespace allot::gatherings {

namespace {

constexpr unsigned char mark = 0xff;
/// Progressive pictures have ten or so; each costs whoever shows it a whole picture of work.
constexpr int most_scans = 64;

enum : unsigned char {
    sof0 = 0xc0, ///< baseline
    sof2 = 0xc2, ///< progressive
    dht = 0xc4,
    rst0 = 0xd0,
    rst7 = 0xd7,
    eoi = 0xd9,
    sos = 0xda,
    dqt = 0xdb,
    dri = 0xdd,
    app0 = 0xe0,
    app1 = 0xe1,
    app14 = 0xee,
    app15 = 0xef,
    com = 0xfe,
};

[[nodiscard]] std::string segment(unsigned char marker, std::string_view content) {
    std::string text = {static_cast<char>(mark), static_cast<char>(marker)};
    text += big_endian_text(content.size() + 2, 2);
    text += content;
    return text;
}

/// Which way is up, 1 to 8 (Exif 2.32, tag 0x0112); 0 where that is not said.
[[nodiscard]] std::uint64_t orientation_in(std::string_view exif) {
    constexpr std::string_view begin("Exif\0\0", 6);
    constexpr std::size_t entry_bytes = 12;
    if (!exif.starts_with(begin)) {
        return 0;
    }
    const std::string_view tiff = exif.substr(begin.size());
    const bool is_big = tiff.starts_with("MM");
    if (!is_big && !tiff.starts_with("II")) {
        return 0;
    }
    const auto number = [&](std::size_t at, std::size_t bytes) -> std::uint64_t {
        if (at > tiff.size() || tiff.size() - at < bytes) {
            return 0;
        }
        const std::string_view text = tiff.substr(at, bytes);
        return is_big ? big_endian(text) : little_endian(text);
    };
    constexpr std::uint64_t tag = 0x0112;
    const std::size_t table = number(4, 4);
    const std::uint64_t entries = number(table, 2);
    for (std::size_t k = 0; k < entries; ++k) {
        const std::size_t at = table + 2 + (k * entry_bytes);
        if (at >= tiff.size()) {
            break;
        }
        if (number(at, 2) == tag) {
            const std::uint64_t said = number(at + 8, 2);
            return said <= 8 ? said : 0;
        }
    }
    return 0;
}

/// Says which way is up, and nothing else.
[[nodiscard]] std::string exif_of(std::uint64_t orientation) {
    std::string content("Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01", 24);
    content += big_endian_text(orientation, 2);
    content += std::string(6, '\0'); // the rest of the value; no other table
    return segment(app1, content);
}

class JpegReader {
  public:
    explicit JpegReader(std::string_view bytes) : reader_(bytes.substr(jpeg_signature.size())) {}

    [[nodiscard]] Result<Picture> read() {
        while (true) {
            TRY(const unsigned char marker, take_marker());
            if (marker == eoi) {
                break; // cameras hang films and larger pictures behind it
            }
            TRY(const std::string_view content, take_content());
            TRY_DO(keep(marker, content));
        }
        if (scans_ == 0) {
            return broken_picture();
        }
        Picture picture{.kind = PictureKind::jpeg, .bytes = std::string(jpeg_signature)};
        picture.bytes += jfif_ + (orientation_ > 1 ? exif_of(orientation_) : "") + kept_;
        picture.bytes += {static_cast<char>(mark), static_cast<char>(eoi)};
        const bool lies = orientation_ >= 5;
        picture.width = static_cast<std::int64_t>(lies ? height_ : width_);
        picture.height = static_cast<std::int64_t>(lies ? width_ : height_);
        return picture;
    }

  private:
    [[nodiscard]] Result<unsigned char> take_marker() {
        auto byte = reader_.take(1);
        if (!byte || static_cast<unsigned char>(byte->front()) != mark) {
            return broken_picture();
        }
        while (byte && static_cast<unsigned char>(byte->front()) == mark) {
            byte = reader_.take(1); // any number of them may fill up
        }
        if (!byte) {
            return broken_picture();
        }
        return static_cast<unsigned char>(byte->front());
    }

    [[nodiscard]] Result<std::string_view> take_content() {
        const auto length = reader_.take(2);
        if (!length || big_endian(*length) < 2) {
            return broken_picture();
        }
        const auto content = reader_.take(big_endian(*length) - 2);
        return content ? Result<std::string_view>(*content) : broken_picture();
    }

    [[nodiscard]] Result<void> keep(unsigned char marker, std::string_view content) {
        if (marker == app0) {
            keep_jfif(content);
        } else if (marker == app1) {
            orientation_ = orientation_ == 0 ? orientation_in(content) : orientation_;
        } else if (marker == app14) {
            keep_adobe(content);
        } else if (marker == dht || marker == dqt || marker == dri) {
            kept_ += segment(marker, content);
        } else if (marker >= sof0 && marker <= sof2) {
            return keep_frame(marker, content);
        } else if (marker == sos) {
            return keep_scan(content);
        } else if ((marker < app0 || marker > app15) && marker != com) {
            return broken_picture(); // what browsers do not show either
        }
        return {};
    }

    /// Its first 12 bytes, without the small picture that it may hold.
    void keep_jfif(std::string_view content) {
        constexpr std::size_t head = 12;
        if (content.starts_with(std::string_view("JFIF\0", 5)) && content.size() >= head + 2 &&
            jfif_.empty()) {
            jfif_ = segment(app0, std::string(content.substr(0, head)) + std::string(2, '\0'));
        }
    }

    /// How colours are to be understood.
    void keep_adobe(std::string_view content) {
        constexpr std::size_t whole = 12;
        if (content.starts_with("Adobe") && content.size() >= whole && !has_adobe_) {
            kept_ += segment(app14, content.substr(0, whole));
            has_adobe_ = true;
        }
    }

    [[nodiscard]] Result<void> keep_frame(unsigned char marker, std::string_view content) {
        constexpr std::size_t head = 6;
        if (width_ != 0 || content.size() < head || content[0] != 8) {
            return broken_picture();
        }
        const auto parts = static_cast<std::size_t>(static_cast<unsigned char>(content[5]));
        if (parts < 1 || parts > 4 || content.size() != head + (3 * parts)) {
            return broken_picture();
        }
        height_ = big_endian(content.substr(1, 2));
        width_ = big_endian(content.substr(3, 2));
        TRY_DO(check_dots(width_, height_));
        kept_ += segment(marker, content);
        return {};
    }

    [[nodiscard]] Result<void> keep_scan(std::string_view content) {
        if (width_ == 0 || ++scans_ > most_scans) {
            return broken_picture();
        }
        kept_ += segment(sos, content);
        const std::string_view all = reader_.rest();
        std::size_t at = 0;
        while (true) {
            at = all.find(static_cast<char>(mark), at);
            if (at == std::string_view::npos || at + 1 >= all.size()) {
                return broken_picture();
            }
            const auto next = static_cast<unsigned char>(all[at + 1]);
            if (next != 0 && (next < rst0 || next > rst7)) {
                break; // a marker, or what fills up before one
            }
            at += 2;
        }
        kept_ += all.substr(0, at);
        return reader_.take(at) ? Result<void>() : broken_picture();
    }

    ByteReader reader_;
    std::string jfif_;
    std::string kept_;
    std::uint64_t orientation_ = 0;
    std::uint64_t width_ = 0;
    std::uint64_t height_ = 0;
    int scans_ = 0;
    bool has_adobe_ = false;
};

} // namespace

Result<Picture> read_jpeg(std::string_view bytes) {
    return JpegReader(bytes).read();
}

} // namespace allot::gatherings
