/// What is written around a gathering, as its page shows it: thread, presence, what came of it, and
/// what the last ones came to.
#pragma once

#include "collective/gatherings/series_calls.hpp"
#include "collective/gatherings/thread_store.hpp"

#include <optional>
#include <string>
#include <vector>

#include <boost/describe/class.hpp>

namespace allot::gatherings {

struct PictureLine {
    std::string path;
    std::int64_t width = 0;
    std::int64_t height = 0;
    std::string words; ///< what it shows
};
BOOST_DESCRIBE_STRUCT(PictureLine, (), (path, width, height, words))

struct AnswerLine {
    std::string path;
    std::string words;
    std::optional<PictureLine> picture;
    std::string by;     ///< empty: a member, whose name is for members
    std::string person; ///< id of a member, for members
    bool guest = false;
    bool own = false;
    bool waiting = false;
    bool hidden = false;
    std::string written; ///< the day
};
BOOST_DESCRIBE_STRUCT(AnswerLine, (),
                      (path, words, picture, by, person, guest, own, waiting, hidden, written))

struct AdditionLine {
    std::string path;
    std::string kind;
    std::string words;
    std::optional<PictureLine> picture;
    std::string by;
    std::string person;
    bool guest = false;
    bool own = false;
    bool waiting = false;
    bool hidden = false;
    std::string written;
    std::vector<AnswerLine> answers;
};
BOOST_DESCRIBE_STRUCT(AdditionLine, (),
                      (path, kind, words, picture, by, person, guest, own, waiting, hidden, written,
                       answers))

/// What a gathering came to, in sixty seconds of reading for three of them.
struct RememberedLine {
    std::string path;
    std::string title;
    std::string wall; ///< when it began, on the reader's clock
    std::string learned;
    std::string decided;
    std::optional<PictureLine> picture;
};
BOOST_DESCRIBE_STRUCT(RememberedLine, (), (path, title, wall, learned, decided, picture))

/// How many have a seat, for hosts, and only where somebody has to plan.
struct SeatsLine {
    std::int64_t taken = 0;
    std::int64_t seats = 0;
};
BOOST_DESCRIBE_STRUCT(SeatsLine, (), (taken, seats))

struct KindOption {
    std::string value;
    bool chosen = false;
};
BOOST_DESCRIBE_STRUCT(KindOption, (), (value, chosen))

/// The form of a new addition, as it was typed.
struct AddForm {
    std::vector<KindOption> kinds;
    std::string words;
    std::string picture_words;
    std::string name;
    std::string zone;
    bool guest = false; ///< says a name
    bool waits = false; ///< a host looks first
    bool asks_zone = false;
};
BOOST_DESCRIBE_STRUCT(AddForm, (),
                      (kinds, words, picture_words, name, zone, guest, waits, asks_zone))

/// A plot that may be the first one.
struct PlotOption {
    std::string value; ///< id
    std::string words;
    bool chosen = false;
};
BOOST_DESCRIBE_STRUCT(PlotOption, (), (value, words, chosen))

/// The three lines and the first plot, asked of whoever writes them once a gathering has ended.
struct LinesForm {
    std::string learned; ///< as it was typed
    std::vector<PlotOption> plots;
};
BOOST_DESCRIBE_STRUCT(LinesForm, (), (learned, plots))

struct ThreadSection {
    std::string planned; ///< by the reader: "plan", "not", or empty
    bool may_plan = false;
    bool full = false; ///< no seat is left for the reader
    std::optional<SeatsLine> seats;
    std::string notes;
    std::string learned;
    std::string decided;
    std::optional<PictureLine> first_plot;
    std::string recording_link;
    std::string recording_until;    ///< the last day
    bool recording_refused = false; ///< for those who may write it up
    std::string held;
    std::vector<AdditionLine> additions; ///< the newest ones, as `cut_thread` leaves them
    std::string earlier;                 ///< the page of those before; empty: these are all
    std::optional<AddForm> form;         ///< nothing: no words are taken
    std::string kept_words;              ///< that were typed, where no words are taken any more
    bool closed = false;                 ///< to guests
    bool can_close = false;              ///< the series takes words of guests
    std::string own_address;             ///< of what a guest wrote, for another device
    bool may_prepare = false;
    bool may_write_up = false;
    std::optional<LinesForm> lines; ///< nothing: they are there, or are not asked of the reader
    std::vector<RememberedLine> remembered;
};
BOOST_DESCRIBE_STRUCT(ThreadSection, (),
                      (planned, may_plan, full, seats, notes, learned, decided, first_plot,
                       recording_link, recording_until, recording_refused, held, additions, earlier,
                       form, kept_words, closed, can_close, own_address, may_prepare, may_write_up,
                       lines, remembered))

/// What somebody typed into the form, to be shown again.
struct TypedAddition {
    std::string kind;
    std::string words;
    std::string picture_words;
    std::string name;
    std::string zone;
    std::string answers; ///< id of what it answers; empty: nothing
};

[[nodiscard]] GatheringKey key_of(const pages::Call& call, const Series& series, Wall original);
[[nodiscard]] GatheringKey key_of(const pages::Call& call, const At& at);

/// Whether the viewer wrote it, with an account or with this browser.
[[nodiscard]] bool is_own(const pages::Call& call, const GatheringKey& key,
                          const Addition& addition);
/// Whether this viewer may see it: everyone what is shown, its writer all that is hers, hosts all.
/// Whether this viewer may see it where it stands: an answer to what is hidden is hidden with it.
[[nodiscard]] Result<bool> may_see_in_thread(Transaction& transaction, const pages::Call& call,
                                             const GatheringKey& key, const Addition& addition);
[[nodiscard]] bool may_see_addition(const pages::Call& call, const GatheringKey& key,
                                    const Addition& addition);
/// A thread as this viewer sees it, answers below what they answer.
[[nodiscard]] std::vector<AdditionLine> thread_lines(const pages::Call& call, const Series& series,
                                                     Wall original,
                                                     const std::vector<Addition>& additions);

/// How many things of a thread a page shows, each with its answers.
inline constexpr std::size_t additions_shown = 50;

/// Leaves the last ones of a thread before `end`, an index into `lines`; of all (`end` is their
/// number) also older ones that wait for a host. The page of those before them; empty where there
/// are none.
[[nodiscard]] std::string cut_thread(const pages::Call& call, const Series& series, Wall original,
                                     std::vector<AdditionLine>& lines, std::size_t end);

/// The form for this viewer, with what was typed; nothing where she may not add now.
[[nodiscard]] std::optional<AddForm> add_form(const pages::Call& call, const Series& series,
                                              const Gathering* gathering,
                                              const TypedAddition& typed);

/// What somebody typed for a thread that takes nothing any more, for her to keep.
[[nodiscard]] std::string kept_words(const TypedAddition& typed);

/// Errors: as `occurrences`; of the store.
[[nodiscard]] Result<ThreadSection> thread_section(Transaction& transaction,
                                                   const pages::Call& call, const At& at,
                                                   ZoneBook& zones, const TypedAddition& typed);

/// What the last three gatherings came to, for whoever sees the whole series; without those of
/// which nothing was written. Errors: as `occurrences`.
[[nodiscard]] Result<std::vector<RememberedLine>>
remembered(Transaction& transaction, const pages::Call& call, const Plan& plan, ZoneBook& zones);

/// Whether the viewer prepares a gathering, its title, paper and agenda: who keeps its series, or
/// has its turn of presenter.
[[nodiscard]] Result<bool> may_prepare(Transaction& transaction, const pages::Call& call,
                                       const GatheringKey& key);
/// Whether the viewer writes up what it came to: who keeps its series, or has its turn of scribe.
[[nodiscard]] Result<bool> may_write_up(Transaction& transaction, const pages::Call& call,
                                        const GatheringKey& key);

/// Whether the three lines of a gathering are still to be written: it has ended and took place, as
/// far as anybody said, and there are none.
[[nodiscard]] bool wants_lines(const Occurrence& occurrence, Instant now);

/// The plots of a thread that everyone may see, as options of what was the first one.
[[nodiscard]] std::vector<PlotOption> plot_options(const std::vector<Addition>& additions,
                                                   const std::optional<AdditionId>& first_plot);
[[nodiscard]] bool is_plot(const Addition& addition);

/// Whether its recording may be seen now.
[[nodiscard]] bool has_recording(const Gathering& gathering, std::chrono::sys_days today);

} // namespace allot::gatherings
