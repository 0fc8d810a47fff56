/// What goes wrong in a year, and how the server goes on.
#include "tests/simulation/year.hpp"

namespace allot::simulation {

namespace {

// In percent of steps, one above the other.
constexpr std::uint64_t disk_for_good = 5;
constexpr std::uint64_t disk_once = 12;
constexpr std::uint64_t line_cut = 19;
constexpr std::uint64_t new_start = 22;

constexpr std::uint64_t most_operations = 80; ///< until it fails
constexpr int again_percent = 10;
constexpr int lost_percent = 2;
constexpr std::uint64_t faults = 3;

[[nodiscard]] std::string folder_of(const std::string& url) {
    constexpr std::string_view scheme = "sqlite:";
    return url.substr(scheme.size(), url.rfind('/') - scheme.size());
}

/// In each year the same for the same seed, and another after each start.
[[nodiscard]] test::Trouble trouble_of(std::uint64_t seed) {
    return {.seed = seed, .again = again_percent, .lost = lost_percent};
}

} // namespace

Year::Year(test::EngineKind engine, std::uint64_t seed)
    : seed_(seed), engine_(engine), chance_(seed),
      postman_(mix64(seed),
               [this](const std::string& to, const std::string& message_id, std::string_view letter,
                      mail::Fate fate) {
                   ledger_.carried(to, message_id, fate);
                   heard(to + message_id + std::to_string(static_cast<int>(fate)));
                   keep_way_to_end(letter, message_id, fate);
               }),
      house_(std::make_unique<test::House>(engine, trouble_of(seed))) {
    // No gathering begins in such a minute: where a page shows it, it shows when somebody did
    // something.
    house_->clock.advance(std::chrono::minutes(41) + std::chrono::seconds(37));
    if (engine_ == test::EngineKind::sqlite) {
        disk_ = std::make_unique<test::FaultyDisk>(folder_of(house_->fresh.database.url()));
    }
    start_anew();
    constexpr int number_of_reader = 9999;
    reader_ = std::make_unique<Someone>(*house_, number_of_reader);
    auto& first = *people_.emplace_back(std::make_unique<Someone>(*house_, 0));
    first.browser = house_->begin("lab", first.mail);
    *house_->fresh.in_trouble = true;
    open_circle(first);
    begin_series(first);
}

/// On what the disk holds: one that fails also fails while the server ends.
void Year::start_anew() {
    household_.reset();
    const bool in_trouble = house_->fresh.in_trouble->exchange(false);
    const Moment now = house_->clock.now();
    test::FreshStore found = house_->stop();
    if (disk_) {
        disk_->heal();
    }
    found.line->mend();
    const std::uint64_t chance = mix64(seed_ + static_cast<std::uint64_t>(++starts_));
    found.open_anew(app::migrations(), trouble_of(chance));
    house_ = std::make_unique<test::House>(std::move(found), now, chance);
    *house_->fresh.in_trouble = in_trouble;
    for (const auto& one : people_) {
        one->browser.turn_to(*house_);
    }
    if (reader_) {
        reader_->browser.turn_to(*house_);
    }
    household_ = std::make_unique<Household>(*house_, postman_);
}

void Year::stir() {
    const std::uint64_t percent = chance_.below(100);
    const auto n = static_cast<std::int64_t>(1 + chance_.below(most_operations));
    const auto fault = static_cast<test::Fault>(chance_.below(faults));
    if (percent < disk_once && disk_) {
        disk_->fail_at(n, fault, percent < disk_for_good);
        is_armed_ = true;
    } else if (percent < disk_once) {
        house_->fresh.database.end_sessions();
        ++failures_;
    } else if (percent < line_cut) {
        house_->fresh.line->cut_at(n);
        is_armed_ = true;
    } else if (percent < new_start) {
        start_anew();
    }
}

/// Somebody has looked at what failed: it works again, and perhaps the server was started anew.
void Year::mend() {
    const bool disk_failed = disk_ && disk_->has_failed();
    if (!is_armed_ || (!disk_failed && !house_->fresh.line->is_cut())) {
        return;
    }
    is_armed_ = false;
    ++failures_;
    if (chance_.below(2) == 0) {
        start_anew();
    } else {
        calm();
    }
    if (disk_failed) {
        for (const store::Row& row : rows("PRAGMA integrity_check")) {
            if (row.text(0) != "ok") {
                ledger_.wrong.push_back("the database is damaged: " + row.text(0));
            }
        }
    }
}

void Year::calm() {
    is_armed_ = false;
    house_->fresh.line->mend();
    if (disk_) {
        disk_->heal();
    }
}

void Year::look_into_ledger() {
    const store::Rows mails = rows(Ledger::all_mail);
    ledger_.look(mails, rows(Ledger::all_refusals), house_->clock.now());
}

/// What does not come to an end now is done the next time.
void Year::keep_house() {
    constexpr std::uint64_t one_in = 8;
    if (!household_->look_after()) {
        mend();
    }
    look_into_ledger();
    postman_.is_away = chance_.below(one_in) == 0;
    if (!household_->send_mail()) {
        mend();
    }
    look_into_ledger();
}

void Year::heard(std::string_view what) {
    told_ = mix64(told_ ^ seeded_hash(0, what));
}

void Year::keep_way_to_end(std::string_view letter, const std::string& message_id,
                           mail::Fate fate) {
    constexpr std::string_view path = "/mail/end/";
    const std::size_t begin = letter.find(path);
    const std::size_t end = letter.find('>', begin);
    if (fate != mail::Fate::accepted || end == std::string_view::npos) {
        return;
    }
    std::string way(letter.substr(begin, end - begin));
    std::erase_if(way, [](char c) { return c == '\r' || c == '\n' || c == ' ' || c == '\t'; });
    const Entry* const entry = ledger_.entry_of(message_id);
    if (entry != nullptr) {
        ways_to_end_.push_back({.path = way, .mail = *entry});
    }
}

} // namespace allot::simulation
