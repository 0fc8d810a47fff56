#include "app/keeping/erased_log.hpp"

#include "app/keeping/new_file.hpp"
#include "base/clock.hpp"
#include "base/text.hpp"
#include "platform/auth/secrets.hpp"

#include <algorithm>
#include <fcntl.h>
#include <fstream>
#include <sys/file.h>

#include <fmt/format.h>

namespace allot::app::keeping {

namespace {

constexpr std::string_view first_words = "allotment erased people 1 ";

[[nodiscard]] std::unexpected<Error> wrong_line(const std::filesystem::path& file,
                                                std::int64_t line) {
    return fail(ErrorKind::invalid,
                fmt::format("{}:{}: this is no line of a log of erased people; take a good copy of "
                            "it",
                            file.string(), line));
}

[[nodiscard]] bool is_hash(std::string_view s) {
    constexpr std::size_t length = 43; // 256 bits as base64url
    return s.size() == length && std::ranges::all_of(s, [](unsigned char c) {
               return std::isalnum(c) != 0 || c == '-' || c == '_';
           });
}

} // namespace

Result<ErasedLog> ErasedLog::read(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    if (!in) {
        return fail(ErrorKind::missing, fmt::format("{}: found no such file", file.string()));
    }
    const std::string bytes{std::istreambuf_iterator<char>(in), {}};
    std::string_view rest(bytes);
    ErasedLog log;
    for (std::int64_t line = 1; rest.find('\n') != std::string_view::npos; ++line) {
        const std::string_view text = rest.substr(0, rest.find('\n'));
        rest.remove_prefix(text.size() + 1);
        if (line == 1) {
            if (!text.starts_with(first_words) || !is_hash(text.substr(first_words.size()))) {
                return wrong_line(file, line);
            }
            log.salt_ = text.substr(first_words.size());
            continue;
        }
        const std::string_view hash = text.substr(0, text.find(' '));
        if (!text.empty() && !is_hash(hash)) {
            return wrong_line(file, line);
        }
        log.hashes_.emplace(hash);
    }
    if (log.salt_.empty()) {
        return wrong_line(file, 1);
    }
    return log;
}

bool ErasedLog::has(const auth::PersonId& person) const {
    return hashes_.contains(hash_of(person));
}

std::string ErasedLog::hash_of(const auth::PersonId& person) const {
    return auth::mac_of(salt_, person.text());
}

Result<void> note_erased(const std::filesystem::path& file, std::span<const auth::PersonId> people,
                         Moment now, Entropy& entropy) {
    const OpenFile open(::open(file.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
    if (open.number() < 0 || ::flock(open.number(), LOCK_EX) != 0) {
        return failed_to("write", file.string(), errno);
    }
    std::string lines;
    std::error_code error;
    if (std::filesystem::file_size(file, error) == 0) {
        lines = fmt::format("{}{}\n", first_words, auth::new_secret(entropy));
        TRY_DO(write_whole(open.number(), lines, file.string()));
        TRY_DO(give_to_owner_of_folder(open.number(), file));
        lines.clear();
    }
    TRY(const ErasedLog log, ErasedLog::read(file));
    const std::string day = format_date(std::chrono::floor<std::chrono::days>(now));
    for (const auth::PersonId& person : people) {
        if (!log.has(person)) {
            lines += fmt::format("{} {}\n", log.hash_of(person), day);
        }
    }
    if (lines.empty()) {
        return {};
    }
    TRY_DO(drop_half_line(open.number(), file.string()));
    TRY_DO(write_whole(open.number(), lines, file.string()));
    return sync(open.number(), file.string());
}

} // namespace allot::app::keeping
