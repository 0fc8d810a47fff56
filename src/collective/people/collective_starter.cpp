#include "collective/people/collective_starter.hpp"

#include "collective/people/person.hpp"
#include "platform/pages/clean_text.hpp"
#include "platform/pages/view.hpp"

namespace allot::people {

namespace {

using pages::Planting;
using pages::StarterReader;
using store::Statement;
using store::Transaction;

constexpr Statement find_practice = "SELECT about, zone FROM collective WHERE id = $1";
constexpr Statement give_about = "UPDATE collective SET about = $2 WHERE id = $1 AND about = ''";
constexpr Statement give_zone = "UPDATE collective SET zone = $2 WHERE id = $1 AND zone = ''";

constexpr std::size_t longest_zone = 100;

struct CollectivePractice {
    std::string about;
    std::string zone;
};
BOOST_DESCRIBE_STRUCT(CollectivePractice, (), (about, zone))

struct Members {
    CollectivePractice collective;
};
BOOST_DESCRIBE_STRUCT(Members, (), (collective))

[[nodiscard]] Result<pages::View> write(Transaction& transaction, const CollectiveId& collective) {
    TRY(const auto row, transaction.row(find_practice, {collective}));
    if (!row) {
        return fail(ErrorKind::missing, "the collective is not there any more");
    }
    return pages::view_of(Members{{pages::in_one_line(row->text(0)), row->text(1)}});
}

/// Writes a text where there is none yet. Whether nothing stands in its way.
[[nodiscard]] Result<bool> give(Planting& planting, Statement statement, const std::string& text) {
    if (text.empty()) {
        return true;
    }
    TRY(const std::int64_t changed,
        planting.transaction.run(statement, {planting.collective, text}));
    return changed == 1;
}

[[nodiscard]] Result<void> plant(Planting& planting, StarterReader& reader) {
    Result<void> done;
    reader.inside("collective", [&](StarterReader& collective) {
        const std::string about = collective.line("about", longest_line);
        const std::string zone = collective.line("zone", longest_zone);
        if (!zone.empty() && !planting.zones.has(zone)) {
            collective.note("zone", "this machine knows no such time zone");
        }
        if (!collective.good()) {
            return;
        }
        const auto says = give(planting, give_about, about);
        const auto lies = says ? give(planting, give_zone, zone) : says;
        if (!lies) {
            done = std::unexpected(lies.error());
            return;
        }
        if (!*says) {
            collective.leave_out("about", "this collective has words of its own");
        }
        if (!*lies) {
            collective.leave_out("zone", "this collective has one of its own");
        }
    });
    return done;
}

} // namespace

pages::StarterPart starter_part() {
    return {.write = write, .plant = plant};
}

} // namespace allot::people
