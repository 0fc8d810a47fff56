/// Does what is due: a thread of `allotment serve`, in each of its processes.
#pragma once

#include "platform/jobs/job_store.hpp"
#include "platform/log.hpp"

#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace allot::jobs {

/// A job that this process has. For one thread.
class Held {
  public:
    Held(Job that, std::string by, store::Store& in, const Clock& clock)
        : job_(std::move(that)), holder_(std::move(by)), store_(in), clock_(clock),
          kept_(clock.now()) {}

    [[nodiscard]] const Job& job() const { return job_; }
    /// Holds it for another `lease_time`, together with what `transaction` changes. Errors:
    /// `conflict`, and nothing is changed, where another process has it.
    [[nodiscard]] Result<void> keep(Transaction& transaction);
    /// For work that takes long: call it now and then; it writes only when that is needed.
    [[nodiscard]] Result<void> keep_alive();
    /// Ends it together with what `transaction` changes. Errors as `keep`.
    [[nodiscard]] Result<void> finish(Transaction& transaction);
    [[nodiscard]] bool finished() const { return finished_; }
    [[nodiscard]] const std::string& holder() const { return holder_; }

  private:
    Job job_;
    std::string holder_;
    store::Store& store_;
    const Clock& clock_;
    Moment kept_;
    bool finished_ = false;
};

/// How a piece of work ended that did not fail.
struct Outcome {
    std::optional<Moment> again; ///< not now: then; it is not counted as a try
    std::string given_up;        ///< it never will: why, in words for stewards
};

/// Something that can be done.
struct Work {
    std::string_view kind;
    /// What is done. Another process may have begun it and died anywhere. An error is tried again
    /// after a pause; its message is shown to stewards.
    std::function<Result<Outcome>(Held&)> task;
    std::optional<std::chrono::seconds> every; ///< comes again by itself, and is never given up
    std::int64_t most_tries = 40;              ///< then it is given up: about a day and a half
};

/// How long to wait after the `tries`th failure, from 1: doubled each time, from 5 seconds to an
/// hour, less up to half of it by chance, so that many do not come back at once.
[[nodiscard]] std::chrono::microseconds pause_after(std::int64_t tries, Entropy& entropy);

/// Life cycle: made once, `run` on one thread; `wake` from any.
class Runner {
  public:
    Runner(store::Store& store, const Clock& clock, Entropy& entropy, Log& log,
           std::vector<Work> works);

    /// Asks for those that come again by themselves, where nobody has.
    [[nodiscard]] Result<void> prepare();
    /// Works until asked to stop; what has begun is ended first.
    void run(const std::stop_token& stop);
    /// Something was written that may be due.
    void wake();
    /// Does what is due now, each once; whether anything was. Errors: the database.
    [[nodiscard]] Result<bool> run_due(const std::stop_token& stop);

  private:
    [[nodiscard]] Result<bool> run_due_of(const Work& work, const std::stop_token& stop);
    [[nodiscard]] Result<void> run_one(const Work& work, Held& held);
    [[nodiscard]] Result<void> settle(const Work& work, Held& held, const Result<Outcome>& outcome);
    [[nodiscard]] Result<void> settle_failed(Transaction& transaction, const Work& work,
                                             const Held& held, std::string_view trouble);
    [[nodiscard]] std::chrono::microseconds until_next();

    store::Store& store_;
    const Clock& clock_;
    Entropy& entropy_;
    Log& log_;
    std::vector<Work> works_;
    std::string holder_;
    std::mutex mutex_;
    std::condition_variable_any woken_;
    bool wake_ = false;
};

} // namespace allot::jobs
