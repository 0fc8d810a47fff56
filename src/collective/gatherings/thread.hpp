/// The written thread of a gathering: questions, ideas and plots, and answers to them. Whoever sees
/// a gathering may add to it, also without an account.
#pragma once

#include "collective/gatherings/picture.hpp"
#include "collective/gatherings/series.hpp"

#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace allot::gatherings {

inline constexpr std::array<std::string_view, 4> addition_kind_names = {"question", "idea", "plot",
                                                                        "answer"};
inline constexpr std::array<std::string_view, 3> addition_state_names = {"waiting", "shown",
                                                                         "hidden"};

enum class AdditionKind : std::uint8_t { question, idea, plot, answer };
/// Of a guest, until a host has looked at it; for all who see the gathering; put away by a host.
enum class AdditionState : std::uint8_t { waiting, shown, hidden };

inline constexpr std::size_t longest_addition = 2000;
inline constexpr std::size_t longest_guest_name = 80;
inline constexpr std::size_t longest_picture_words = 500;
/// A thread that has more is not read by anybody.
inline constexpr std::int64_t most_additions = 500;
/// Words of guests that no host has looked at yet.
inline constexpr std::int64_t most_waiting = 50;

/// One gathering, as rows name it.
struct GatheringKey {
    CollectiveId collective;
    SeriesId series;
    Wall original;
};

/// A picture as a page needs it before the picture is there.
struct Frame {
    PictureId id;
    PictureKind kind = PictureKind::png;
    std::int64_t width = 0;
    std::int64_t height = 0;
};

struct Addition {
    AdditionId id;
    std::int64_t number = 0; ///< order in its thread
    AdditionKind kind = AdditionKind::question;
    std::string words;
    std::optional<Frame> frame;
    std::string picture_words; ///< says what the picture shows
    std::optional<PersonId> person;
    std::string person_name; ///< of today
    std::string guest_name;
    std::string guest_hash; ///< `guest_hash_of`; empty where a person wrote, or mail brought it
    std::optional<AdditionId> answers; ///< an addition that is no answer itself
    AdditionState state = AdditionState::shown;
    std::chrono::sys_days written;
};

/// Whether everyone who sees the gathering sees it.
[[nodiscard]] inline bool is_shown(const Addition& addition) {
    return addition.state == AdditionState::shown;
}

/// What a guest's browser is known by in one gathering, and in no other: nobody can tell from two
/// threads that the same guest wrote in both. `secret` is what only her browser has.
[[nodiscard]] std::string guest_hash_of(std::string_view secret, const GatheringKey& key);
/// The same for one addition: it stays hers where it goes along to another gathering.
[[nodiscard]] std::string guest_hash_of(std::string_view secret, const CollectiveId& collective,
                                        const AdditionId& addition);

/// What becomes of words of a guest. Errors: `conflict` where none are taken.
[[nodiscard]] Result<AdditionState> state_for_guest(const Series& series,
                                                    const Gathering* gathering);

[[nodiscard]] std::string_view name_of(AdditionKind kind);
[[nodiscard]] std::string_view name_of(AdditionState state);
[[nodiscard]] bool is_addition_kind(std::string_view name);
[[nodiscard]] bool is_addition_state(std::string_view name);
[[nodiscard]] AdditionKind addition_kind_named(std::string_view name);
[[nodiscard]] AdditionState addition_state_named(std::string_view name);

/// The first `most` words of a text, with "..." where there are more.
[[nodiscard]] std::string first_words(std::string_view text, std::size_t most);

} // namespace allot::gatherings
