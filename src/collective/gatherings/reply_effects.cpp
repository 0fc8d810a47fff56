#include "collective/gatherings/reply_effects.hpp"

#include "base/text.hpp"
#include "collective/gatherings/presence.hpp"
#include "collective/gatherings/thread_store.hpp"

namespace allot::gatherings {

namespace {

using store::Statement;

constexpr Statement drop_presence = "DELETE FROM presence WHERE collective_id = $1 "
                                    "AND series_id = $2 AND original = $3 AND who = $4";

/// A line that ends in a question mark asks; marks of other scripts too.
[[nodiscard]] AdditionKind kind_of(std::string_view words) {
    for (const std::string& line : text::split_list(words, '\n')) {
        const std::string_view said = text::trim(line);
        for (const std::string_view mark : {"?", "\xef\xbc\x9f", "\xd8\x9f"}) {
            if (said.ends_with(mark)) {
                return AdditionKind::question;
            }
        }
    }
    return AdditionKind::idea;
}

} // namespace

std::string who_of(const Writer& writer) {
    return writer.person ? writer.person->text() : "m:" + writer.mail_hash;
}

Result<void> note_presence(Transaction& transaction, const CollectiveId& collective,
                           const Series& series, Wall original, const Writer& writer,
                           std::optional<bool> comes) {
    const std::string who = who_of(writer);
    if (!comes) {
        TRY_DO(transaction.run(drop_presence, {collective, series.id, count_of(original), who}));
        return {};
    }
    const GatheringKey key{.collective = collective, .series = series.id, .original = original};
    const auto saved =
        save_plan(transaction, key, who, plan_names[*comes ? 0 : 1], series.about.seats);
    const bool is_full = !saved && saved.error().kind == ErrorKind::conflict;
    return is_full ? Result<void>() : saved;
}

Result<Noted> note_words(Transaction& transaction, const CollectiveId& collective,
                         const Series& series, Wall original, const Writer& writer,
                         std::string_view words, ZoneBook& zones, Moment now, Entropy& entropy) {
    const GatheringKey key{.collective = collective, .series = series.id, .original = original};
    TRY(const Plan plan, plan_of(transaction, collective, series));
    TRY(const auto one, occurrence_of(plan, zones, original));
    if (!one || is_over(series, std::chrono::floor<std::chrono::days>(now))) {
        return Noted::nowhere;
    }
    AdditionState state = AdditionState::shown;
    if (!writer.person) {
        const auto of_guest = state_for_guest(series, one->gathering);
        if (!of_guest) {
            return Noted::closed;
        }
        state = *of_guest;
    }
    const NewAddition addition{.kind = kind_of(words),
                               .words = std::string(words),
                               .person = writer.person,
                               .guest_name = writer.person ? std::string() : writer.name,
                               .state = state};
    const auto added = add_addition(transaction, key, addition, now, entropy);
    if (!added && added.error().kind != ErrorKind::too_many) {
        return std::unexpected(added.error());
    }
    if (added) {
        TRY_DO(note_change(transaction, collective));
    }
    return added ? Noted::kept : Noted::full;
}

} // namespace allot::gatherings
