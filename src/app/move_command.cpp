#include "app/move_command.hpp"

#include "app/data_folder.hpp"
#include "app/interrupt.hpp"
#include "app/keeping/copy_rows.hpp"
#include "app/keeping/staging.hpp"
#include "app/progress.hpp"
#include "app/rooms.hpp"
#include "base/text.hpp"

#include <unistd.h>

#include <fmt/format.h>

namespace allot::app {

namespace {

[[nodiscard]] Result<void> go_on() {
    if (interrupt::requested()) {
        return fail(ErrorKind::interrupted,
                    "stopped half way; run the same command once more, and it goes on");
    }
    return {};
}

} // namespace

Result<Outcome> run_move(const MoveOptions& options, const Clock& clock) {
    if (options.from == options.to) {
        return fail(ErrorKind::invalid, "--store and --to name the same database");
    }
    TRY(const std::string source, found_store_url({.data = "", .store = options.from}));
    TRY(const auto from, store::Store::open({.url = source, .as_it_is = true}, migrations()));
    TRY_DO(from->be_alone());
    TRY_DO(keeping::check_not_moving(*from));
    TRY(const auto to, store::Store::open({.url = options.to}, migrations()));
    TRY_DO(to->be_alone());
    ProgressLine line(STDERR_FILENO);
    TRY(const std::int64_t rows,
        keeping::move_everything(*from, *to, clock.now(),
                                 [&](std::int64_t done, std::int64_t total) -> Result<void> {
                                     line.show("moving", done, total, "rows");
                                     return go_on();
                                 }));
    line.erase();
    return Outcome{
        .words = fmt::format("{} moved and compared: counts and checksums agree\n"
                             "Start the server with the new --store. Keep the old database until "
                             "you have seen your pages,\nand keep erased.log where the server "
                             "finds it: in the folder of --data.\n",
                             text::count_of(rows, "row", "rows"))};
}

} // namespace allot::app
