#include "platform/jobs/runner.hpp"

#include <algorithm>
#include <array>
#include <bit>

namespace allot::jobs {

namespace {

using std::chrono::microseconds;
using std::chrono::seconds;

/// What other processes wrote is seen at the latest after this.
constexpr seconds poll_time{3};
constexpr seconds first_pause{5};
constexpr seconds longest_pause{3600};

/// Uniform in [0, 1).
[[nodiscard]] double chance(Entropy& entropy) {
    std::array<std::uint8_t, 8> bytes{};
    entropy.fill(bytes);
    return static_cast<double>(std::bit_cast<std::uint64_t>(bytes) >> 11U) * 0x1.0p-53;
}

} // namespace

Result<void> Held::keep(Transaction& transaction) {
    const Moment now = clock_.now();
    TRY_DO(jobs::keep(transaction, job_, holder_, now));
    kept_ = now;
    return {};
}

Result<void> Held::keep_alive() {
    if (clock_.now() - kept_ < lease_time / 4) {
        return {};
    }
    return store_.write([&](Transaction& transaction) { return keep(transaction); });
}

Result<void> Held::finish(Transaction& transaction) {
    TRY_DO(jobs::finish(transaction, job_, holder_));
    finished_ = true;
    return {};
}

microseconds pause_after(std::int64_t tries, Entropy& entropy) {
    const auto doublings = std::clamp<std::int64_t>(tries - 1, 0, 20);
    const seconds longest =
        std::min<seconds>(longest_pause, first_pause * (std::int64_t{1} << doublings));
    const double part = 1.0 - chance(entropy) / 2.0;
    return std::chrono::floor<microseconds>(std::chrono::duration<double>(longest) * part);
}

Runner::Runner(store::Store& store, const Clock& clock, Entropy& entropy, Log& log,
               std::vector<Work> works)
    : store_(store), clock_(clock), entropy_(entropy), log_(log), works_(std::move(works)),
      holder_(new_uuid(clock.now(), entropy)) {}

Result<void> Runner::prepare() {
    return store_.write([&](Transaction& transaction) -> Result<void> {
        for (const Work& work : works_) {
            if (work.every) {
                TRY_DO(ask_for(transaction, server_scope, work.kind, work.kind, "", clock_.now()));
            }
        }
        return {};
    });
}

void Runner::run(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
        const auto worked = run_due(stop);
        if (!worked) {
            log_.write(LogLevel::warning, "jobs", {{"why", worked.error().message}});
        }
        const microseconds pause = !worked ? poll_time : *worked ? microseconds(0) : until_next();
        std::unique_lock lock(mutex_);
        woken_.wait_for(lock, stop, pause, [&] { return wake_; });
        wake_ = false;
    }
}

void Runner::wake() {
    {
        const std::lock_guard lock(mutex_);
        wake_ = true;
    }
    woken_.notify_one();
}

/// At most `poll_time`.
microseconds Runner::until_next() {
    microseconds wait = poll_time;
    for (const Work& work : works_) {
        const auto next =
            store_.read([&](Transaction& transaction) { return next_due(transaction, work.kind); });
        if (next && *next) {
            wait = std::clamp(**next - clock_.now(), microseconds(0), wait);
        }
    }
    return wait;
}

Result<bool> Runner::run_due(const std::stop_token& stop) {
    bool worked = false;
    for (const Work& work : works_) {
        TRY(const bool some, run_due_of(work, stop));
        worked = worked || some;
    }
    return worked;
}

Result<bool> Runner::run_due_of(const Work& work, const std::stop_token& stop) {
    // Looking first: a claim takes the place of whoever writes, also where nothing is due.
    TRY(const auto next,
        store_.read([&](Transaction& transaction) { return next_due(transaction, work.kind); }));
    if (!next || *next > clock_.now()) {
        return false;
    }
    TRY(auto jobs, claim(store_, work.kind, holder_, clock_.now()));
    std::vector<Held> all;
    all.reserve(jobs.size());
    for (Job& job : jobs) {
        all.emplace_back(std::move(job), holder_, store_, clock_);
    }
    for (Held& held : all) {
        if (stop.stop_requested()) {
            // Others need not wait for the end of the lease.
            TRY_DO(store_.write([&](Transaction& transaction) {
                return put_off(transaction, held.job(), holder_, clock_.now(), held.job().tries,
                               "");
            }));
            continue;
        }
        if (const auto done = run_one(work, held); !done) {
            log_.write(LogLevel::warning, "job",
                       {{"kind", work.kind}, {"why", done.error().message}});
        }
    }
    return !all.empty();
}

Result<void> Runner::run_one(const Work& work, Held& held) {
    TRY_DO(held.keep_alive());
    if (!work.every && held.job().tries >= work.most_tries) {
        return settle(work, held,
                      fail(ErrorKind::unavailable, "the server ended over it each time"));
    }
    return settle(work, held, work.task(held));
}

Result<void> Runner::settle(const Work& work, Held& held, const Result<Outcome>& outcome) {
    if (held.finished()) {
        return {};
    }
    return store_.write([&](Transaction& transaction) -> Result<void> {
        if (!outcome) {
            return settle_failed(transaction, work, held, outcome.error().message);
        }
        if (outcome->again) {
            return put_off(transaction, held.job(), holder_, *outcome->again, held.job().tries, "");
        }
        if (work.every) {
            return put_off(transaction, held.job(), holder_, clock_.now() + *work.every, 0, "");
        }
        if (!outcome->given_up.empty()) {
            return give_up(transaction, held.job(), holder_, outcome->given_up, clock_.now());
        }
        return held.finish(transaction);
    });
}

Result<void> Runner::settle_failed(Transaction& transaction, const Work& work, const Held& held,
                                   std::string_view trouble) {
    const Job& job = held.job();
    const std::int64_t tries = job.tries + 1;
    if (!work.every && tries >= work.most_tries) {
        return give_up(transaction, job, holder_, trouble, clock_.now());
    }
    const Moment again = clock_.now() + pause_after(tries, entropy_);
    return put_off(transaction, job, holder_, again, tries, trouble);
}

} // namespace allot::jobs
