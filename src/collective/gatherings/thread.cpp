#include "collective/gatherings/thread.hpp"

#include "base/names.hpp"
#include "platform/auth/secrets.hpp"

namespace allot::gatherings {

std::string guest_hash_of(std::string_view secret, const GatheringKey& key) {
    return auth::mac_of(secret, key.collective.text() + " " + key.series.text() + " " +
                                    name_of_when(key.original));
}

std::string guest_hash_of(std::string_view secret, const CollectiveId& collective,
                          const AdditionId& addition) {
    return auth::mac_of(secret, collective.text() + " " + addition.text());
}

Result<AdditionState> state_for_guest(const Series& series, const Gathering* gathering) {
    const bool closed = gathering != nullptr && gathering->closed_to_guests;
    if (closed || series.about.guests == Guests::none) {
        return fail(ErrorKind::conflict, "thread.closed");
    }
    return series.about.guests == Guests::shown ? AdditionState::shown : AdditionState::waiting;
}

std::string_view name_of(AdditionKind kind) {
    return addition_kind_names.at(static_cast<std::size_t>(kind));
}
std::string_view name_of(AdditionState state) {
    return addition_state_names.at(static_cast<std::size_t>(state));
}
bool is_addition_kind(std::string_view name) {
    return is_name_in(addition_kind_names, name);
}
bool is_addition_state(std::string_view name) {
    return is_name_in(addition_state_names, name);
}
AdditionKind addition_kind_named(std::string_view name) {
    return named_in<AdditionKind>(addition_kind_names, name);
}
AdditionState addition_state_named(std::string_view name) {
    return named_in<AdditionState>(addition_state_names, name);
}

std::string first_words(std::string_view text, std::size_t most) {
    std::size_t words = 0;
    bool inside = false;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const bool blank = text[at] == ' ' || text[at] == '\n' || text[at] == '\t';
        if (!blank && !inside && words++ == most) {
            return std::string(text.substr(0, text.find_last_not_of(" \n\t", at - 1) + 1)) + " ...";
        }
        inside = !blank;
    }
    return std::string(text);
}

} // namespace allot::gatherings
