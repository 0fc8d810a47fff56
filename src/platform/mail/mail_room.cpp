#include "platform/mail/mail_room.hpp"

#include "platform/jobs/jobs_texts.hpp"
#include "platform/mail/mail_routes.hpp"
#include "platform/mail/mail_tables.hpp"
#include "platform/mail/mail_texts.hpp"

#include <array>

namespace allot::mail {

const pages::Room& room() {
    static const std::vector<pages::Route> all_routes = routes();
    static constexpr std::array templates = {
        pages::TemplateText{"outbox", texts::outbox},
        pages::TemplateText{"mail", texts::mail},
        pages::TemplateText{"mail_end", texts::mail_end},
        pages::TemplateText{"mail_ended", texts::mail_ended},
    };
    static constexpr std::array words = {pages::WordList{"en", texts::mail_en}};
    static constexpr std::array migrations = {
        store::Migration{"jobs_0001", jobs::texts::jobs_0001},
        store::Migration{"mail_0001", texts::mail_0001},
        store::Migration{"mail_0002", texts::mail_0002},
    };
    static constexpr std::array<store::Statement, 4> clear = {
        "DELETE FROM mail_end WHERE collective_id = $1",
        "DELETE FROM mail_wish WHERE collective_id = $1",
        "DELETE FROM mail WHERE collective_id = $1", "DELETE FROM job WHERE collective_id = $1"};
    // What was not sent when the backup was made may have been sent since.
    static constexpr std::array<store::Statement, 2> restored = {
        "DELETE FROM job",
        "UPDATE mail SET state = 'unsure', subject = '', body = '', calendar = '', "
        "ended_day = written_at / 86400000000 "
        "WHERE state IN ('waiting', 'sending')"};
    static const pages::Room room{.name = "mail",
                                  .routes = all_routes,
                                  .templates = templates,
                                  .words = words,
                                  .places = {},
                                  .migrations = migrations,
                                  .clear = clear,
                                  .tables = tables(),
                                  .restored = restored};
    return room;
}

} // namespace allot::mail
