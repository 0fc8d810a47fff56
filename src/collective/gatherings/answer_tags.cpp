#include "collective/gatherings/answer_tags.hpp"

#include "collective/gatherings/given_names.hpp"
#include "platform/auth/secrets.hpp"

#include <fmt/format.h>

namespace allot::gatherings {

namespace {

using store::Statement;

constexpr Statement put_tag =
    "INSERT INTO answer_tag (collective_id, tag, about, original, mail_hash, until_day) "
    "VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (collective_id, tag) DO UPDATE SET until_day = $6";
// Across collectives: an answer comes to the server and knows its tag alone.
constexpr Statement find_by_tag =
    "SELECT collective_id, about, original, mail_hash FROM answer_tag "
    "WHERE tag = $1 AND until_day >= $2";
constexpr Statement delete_of =
    "DELETE FROM answer_tag WHERE collective_id = $1 AND mail_hash = $2";
constexpr Statement delete_old =
    "DELETE FROM answer_tag WHERE collective_id = $1 AND until_day < $2";

/// 112 bits in small letters and digits: mail servers change capitals, and of an address no more
/// than 64 bytes may stand before the "@". `change`: of `changes_so_far`; a name that means another
/// gathering after it gets another tag, and answers to mails from before keep going to the other.
[[nodiscard]] std::string tag_text(std::string_view key, const CollectiveId& collective,
                                   const AnswerTag& tag, std::int64_t change) {
    constexpr std::size_t tag_bytes = 14;
    std::string said =
        fmt::format("answer {} {} {} {} {}", static_cast<char>(tag.kind), collective.text(),
                    tag.about, tag.original.time_since_epoch().count(), tag.mail_hash);
    if (change > 0) {
        said += fmt::format(" {}", change);
    }
    const auto bytes = auth::text_of_base64url(auth::mac_of(key, said));
    ALLOT_CHECK(bytes && bytes->size() >= tag_bytes, "a mac is base64url");
    std::string text = fmt::format("{}.", static_cast<char>(tag.kind));
    for (const char c : bytes->substr(0, tag_bytes)) {
        text += fmt::format("{:02x}", static_cast<unsigned char>(c));
    }
    return text;
}

} // namespace

Result<std::string> tag_for(Transaction& transaction, const Teller& teller, const AnswerTag& tag) {
    const CollectiveId& collective = teller.collective.id;
    std::int64_t change = 0;
    if (tag.kind == Answered::thread) {
        TRY(change, changes_so_far(transaction, collective, SeriesId(tag.about)));
    }
    std::string text = tag_text(teller.house.signing_key, collective, tag, change);
    const auto until = std::chrono::floor<std::chrono::days>(teller.now) +
                       (tag.kind == Answered::invitation ? invitations_answered : words_answered);
    TRY_DO(
        transaction.run(put_tag, {collective, text, tag.about,
                                  tag.original.time_since_epoch().count(), tag.mail_hash, until}));
    return text;
}

Result<std::optional<FoundTag>> find_tag(Transaction& transaction, std::string_view tag,
                                         std::chrono::sys_days today) {
    TRY(const auto row, transaction.row(find_by_tag, {tag, today}));
    if (!row) {
        return std::nullopt;
    }
    FoundTag found{.collective = row->id<CollectiveId>(0),
                   .tag = {.about = row->text(1),
                           .original = Wall(std::chrono::seconds(row->integer(2))),
                           .mail_hash = row->text(3)}};
    switch (tag.front()) {
    case 'i':
        found.tag.kind = Answered::invitation;
        return found;
    case 't':
        found.tag.kind = Answered::thread;
        return found;
    case 'l':
        found.tag.kind = Answered::letter;
        return found;
    default:
        return std::nullopt;
    }
}

Result<void> forget_tags_of(Transaction& transaction, const CollectiveId& collective,
                            std::string_view mail_hash) {
    TRY_DO(transaction.run(delete_of, {collective, mail_hash}));
    return {};
}

Result<void> drop_old_tags(Transaction& transaction, const CollectiveId& collective,
                           std::chrono::sys_days today) {
    TRY_DO(transaction.run(delete_old, {collective, today}));
    return {};
}

} // namespace allot::gatherings
