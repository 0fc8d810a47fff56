#include "platform/hooks/hooks_room.hpp"

#include "platform/hooks/hooks_tables.hpp"
#include "platform/hooks/hooks_texts.hpp"

#include <array>

namespace allot::hooks {

const pages::Room& room() {
    static constexpr std::array words = {pages::WordList{"en", texts::hooks_en}};
    static constexpr std::array migrations = {store::Migration{"hooks_0001", texts::hooks_0001}};
    static constexpr std::array<store::Statement, 2> clear = {
        "DELETE FROM hook_delivery WHERE collective_id = $1",
        "DELETE FROM hook WHERE collective_id = $1"};
    // What was not posted when the backup was made may have been posted since.
    static constexpr std::array<store::Statement, 1> restored = {
        "UPDATE hook_delivery SET state = 'unsure', title = '', body = '', links = '', "
        "circle_id = NULL, good_until = NULL WHERE state IN ('waiting', 'sending')"};
    static const pages::Room room{.name = "hooks",
                                  .routes = {},
                                  .templates = {},
                                  .words = words,
                                  .places = {},
                                  .migrations = migrations,
                                  .clear = clear,
                                  .tables = tables(),
                                  .restored = restored};
    return room;
}

} // namespace allot::hooks
