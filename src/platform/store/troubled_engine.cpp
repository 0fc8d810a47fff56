#include "platform/store/troubled_engine.hpp"

#include "base/random.hpp"

#include <atomic>

namespace allot::test {

namespace {

using store::Access;
using store::Answer;
using store::Bound;
using store::Connection;
using store::Failure;

/// How one transaction fails, and at which of its statements; those that it does not come to mean
/// its commit.
struct Fate {
    Failure failure = Failure::none;
    std::uint64_t statement = 0;
};

class TroubledConnection final : public Connection {
  public:
    TroubledConnection(std::unique_ptr<Connection> real, const Trouble& trouble,
                       const std::atomic<bool>& in_trouble, Line& line,
                       std::atomic<std::uint64_t>& counter)
        : real_(std::move(real)), trouble_(trouble), in_trouble_(in_trouble), line_(line),
          counter_(counter) {}

    Result<Answer> execute(std::string_view sql, std::span<const Bound> given) override {
        if (fate_.failure != Failure::none && fate_.statement-- == 0) {
            return strike();
        }
        if (!line_.carries()) {
            return lose();
        }
        return real_->execute(sql, given);
    }
    Result<void> execute_script(const std::string& sql) override {
        return real_->execute_script(sql);
    }
    Result<void> begin(Access access) override {
        fate_ = in_trouble_ ? draw() : Fate();
        struck_ = Failure::none;
        if (!line_.carries()) {
            return lose();
        }
        return real_->begin(access);
    }
    Result<void> commit() override {
        if (fate_.failure == Failure::again) {
            return strike();
        }
        const bool is_heard = line_.carries();
        auto done = real_->commit();
        if (!is_heard) {
            return lose();
        }
        if (done && fate_.failure == Failure::lost) {
            return strike(); // it has happened, and nobody hears of it
        }
        return done;
    }
    void roll_back() noexcept override { real_->roll_back(); }
    Result<void> copy_to(const std::string& path, const store::Progress& told) override {
        return real_->copy_to(path, told);
    }
    Failure failure() const override {
        return struck_ == Failure::none ? real_->failure() : struck_;
    }

  private:
    [[nodiscard]] Fate draw() const {
        constexpr std::uint64_t statements = 8;
        const std::uint64_t number = counter_.fetch_add(1, std::memory_order_relaxed);
        Random chance(mix64(trouble_.seed + number));
        const auto percent = static_cast<int>(chance.below(100));
        const std::uint64_t statement = chance.below(statements);
        if (percent < trouble_.again) {
            return {Failure::again, statement};
        }
        if (percent < trouble_.again + trouble_.lost) {
            return {Failure::lost, statement};
        }
        return {};
    }

    [[nodiscard]] std::unexpected<Error> strike() {
        struck_ = fate_.failure;
        return fail(ErrorKind::unavailable, "trouble that a test made");
    }

    [[nodiscard]] std::unexpected<Error> lose() {
        struck_ = Failure::lost;
        return fail(ErrorKind::unavailable, "a line that a test has cut");
    }

    std::unique_ptr<Connection> real_;
    const Trouble& trouble_;
    const std::atomic<bool>& in_trouble_;
    Line& line_;
    std::atomic<std::uint64_t>& counter_;
    Fate fate_;
    Failure struck_ = Failure::none;
};

class TroubledEngine final : public store::Engine {
  public:
    TroubledEngine(std::unique_ptr<store::Engine> real, const Trouble& trouble,
                   std::shared_ptr<const std::atomic<bool>> in_trouble, std::shared_ptr<Line> line)
        : real_(std::move(real)), trouble_(trouble), in_trouble_(std::move(in_trouble)),
          line_(std::move(line)) {}

    [[nodiscard]] Result<std::unique_ptr<Connection>> connect(bool writes) const override {
        if (line_->is_cut()) {
            return fail(ErrorKind::unavailable, "a line that a test has cut");
        }
        TRY(auto connection, real_->connect(writes));
        return std::make_unique<TroubledConnection>(std::move(connection), trouble_, *in_trouble_,
                                                    *line_, counter_);
    }
    [[nodiscard]] std::size_t writers() const override { return real_->writers(); }
    [[nodiscard]] std::string name() const override { return real_->name(); }
    [[nodiscard]] Result<void> drop_traces(Connection& connection) const override {
        return real_->drop_traces(connection);
    }
    [[nodiscard]] Result<void> check(Connection& connection) const override {
        return real_->check(connection);
    }
    [[nodiscard]] bool is_sqlite() const override { return real_->is_sqlite(); }
    [[nodiscard]] Result<void> be_alone(Connection& connection) override {
        return real_->be_alone(connection);
    }

  private:
    std::unique_ptr<store::Engine> real_;
    Trouble trouble_;
    std::shared_ptr<const std::atomic<bool>> in_trouble_;
    std::shared_ptr<Line> line_;
    mutable std::atomic<std::uint64_t> counter_ = 0; ///< of transactions
};

} // namespace

std::unique_ptr<store::Engine> troubled(std::unique_ptr<store::Engine> real, const Trouble& trouble,
                                        std::shared_ptr<const std::atomic<bool>> in_trouble,
                                        std::shared_ptr<Line> line) {
    return std::make_unique<TroubledEngine>(std::move(real), trouble, std::move(in_trouble),
                                            std::move(line));
}

} // namespace allot::test
