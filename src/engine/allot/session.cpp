#include "engine/allot/session.hpp"

#include "engine/allot/check_instance.hpp"
#include "engine/allot/refill.hpp"
#include "engine/allot/shortage.hpp"
#include "engine/allot/slackness.hpp"
#include "engine/allot/solution.hpp"

#include <iterator>

namespace allot::matching {

class Session::Impl {
  public:
    Impl() = default;
    Impl(const Impl&) = delete;
    Impl& operator=(const Impl&) = delete;
    Impl(Impl&&) = delete;
    Impl& operator=(Impl&&) = delete;
    virtual ~Impl() = default;

    virtual Change forbid(Index ask, Index helper) = 0;
    virtual Change withdraw_ask(Index ask) = 0;
    virtual Change withdraw_helper(Index helper) = 0;
    [[nodiscard]] virtual const Sides& sides() const = 0;
    [[nodiscard]] virtual std::vector<Pair> pairs() const = 0;
    [[nodiscard]] virtual Value objective() const = 0;
    [[nodiscard]] virtual Certificate check_all() const = 0;
};

namespace {

std::size_t at(Index k) {
    return static_cast<std::size_t>(k);
}

template <class Rows, class Scale>
class Kept final : public Session::Impl {
  public:
    using Cost = typename Scale::Cost;
    using Move = typename State<Rows, Scale>::Move;

    Kept(Rows rows, Sides sides, Scale scale, const Options& options)
        : rows_(std::move(rows)), sides_(std::move(sides)), scale_(scale), options_(options) {
        rows_.index_columns();
    }

    [[nodiscard]] Result<void> solve() {
        solution_ =
            std::make_unique<Solution<Rows, Scale>>(rows_, sides_, scale_, options_.threads);
        refill_ = std::make_unique<Refill<Rows, Scale>>(state(), solution_->lists);
        TRY_DO(serve_all(state(), solution_->lists, options_));
        short_.clear();
        for (Index ask = 0; ask < sides_.asks(); ++ask) {
            if (!state().may_stay_empty() && state().missing(ask) > 0) {
                short_.push_back(ask);
            }
        }
        options_.keep_going = nullptr; // a change takes no time worth asking
        return {};
    }

    Change forbid(Index ask, Index helper) override {
        const auto edit = [&] { rows_.forbid(ask, helper); };
        return change(edit, [&] {
            const bool was_held = state().holds(ask, helper);
            if (was_held) {
                state().drop(ask, helper);
            }
            solution_->lists.forget(ask, helper);
            if (was_held) {
                // Until it is served again the ask takes no part.
                --sides_.demand[at(ask)];
                refill(helper);
                ++sides_.demand[at(ask)];
                short_.push_back(ask);
            }
        });
    }

    Change withdraw_ask(Index ask) override {
        const auto edit = [&] { sides_.demand[at(ask)] = 0; };
        return change(edit, [&] {
            std::vector<Index> freed;
            while (!state().held(ask).empty()) {
                freed.push_back(state().held(ask).front().helper);
                state().drop(ask, freed.back());
            }
            for (const Index helper : freed) {
                refill(helper);
            }
        });
    }

    Change withdraw_helper(Index helper) override {
        const auto edit = [&] { sides_.places[at(helper)] = 0; };
        return change(edit, [&] {
            while (!state().holders(helper).empty()) {
                short_.push_back(state().holders(helper).front().ask);
                state().drop(short_.back(), helper);
            }
            price_out(helper);
        });
    }

    [[nodiscard]] const Sides& sides() const override { return sides_; }
    [[nodiscard]] std::vector<Pair> pairs() const override { return state().pairs(); }
    [[nodiscard]] Value objective() const override {
        return state().scale().value(objective_of(state()));
    }
    [[nodiscard]] Certificate check_all() const override {
        return certificate_of(state(), options_.threads);
    }

  private:
    [[nodiscard]] State<Rows, Scale>& state() { return solution_->state; }
    [[nodiscard]] const State<Rows, Scale>& state() const { return solution_->state; }

    /// Edits the instance, repairs the allotment, serves whom that left short, and checks what
    /// moved. Paths need an allotment that is whole: another one is solved anew.
    template <class Edit, class Repair>
    Change change(const Edit& edit, const Repair& repair) {
        if (!short_.empty()) {
            return solve_anew(edit);
        }
        std::vector<Move> moves;
        const std::vector<Cost> prices_before = state().prices.all();
        state().journal = &moves;
        edit();
        repair();
        serve_short();
        state().journal = nullptr;
        Change result = net_effect(std::move(moves));
        if (!short_.empty()) {
            result.shortages = ShortageSearch(state()).run();
        } else {
            check_moved(result, prices_before);
        }
        return result;
    }

    template <class Edit>
    Change solve_anew(const Edit& edit) {
        const std::vector<Pair> before = pairs();
        edit();
        ALLOT_CHECK(solve(), "a smaller instance is solved as the first one was");
        const std::vector<Pair> after = pairs();
        Change result;
        std::ranges::set_difference(before, after, std::back_inserter(result.ended));
        std::ranges::set_difference(after, before, std::back_inserter(result.begun));
        if (!short_.empty()) {
            result.shortages = ShortageSearch(state()).run();
        } else {
            result.proved = check_all().proved();
            result.rows_checked = sides_.asks();
            result.columns_checked = sides_.helpers();
        }
        return result;
    }

    void refill(Index helper) {
        while (!state().full(helper) && state().prices[helper] > 0) {
            refill_->run(helper);
        }
    }

    /// In a round, an ask whose place stays empty is not short: that is best for all.
    void serve_short() {
        Augmenter<Rows, Scale> augmenter(state(), solution_->lists);
        std::erase_if(short_, [&](Index ask) {
            while (state().missing(ask) > 0 && augmenter.serve(ask)) {
            }
            return state().may_stay_empty() || state().missing(ask) == 0;
        });
    }

    /// Up to where nobody would rather have the helper, which has no place any more.
    void price_out(Index helper) {
        Cost price = state().prices[helper];
        const Slackness slack(state());
        rows_.scan_column(helper, [&](Index ask, Micro score) {
            const Cost least = state().may_stay_empty()
                                   ? std::min(slack.least_held(ask), -state().lift(ask))
                                   : slack.least_held(ask);
            if (least != slack.unheld) {
                price = std::max(price, static_cast<Cost>(score) - least);
            }
        });
        state().prices.set(helper, price);
    }

    static Change net_effect(std::vector<Move> moves) {
        std::ranges::sort(moves, {}, &Move::pair);
        Change change;
        for (std::size_t k = 0; k < moves.size();) {
            const Pair& pair = moves[k].pair;
            int balance = 0;
            for (; k < moves.size() && moves[k].pair == pair; ++k) {
                balance += moves[k].taken ? 1 : -1;
            }
            if (balance != 0) {
                (balance > 0 ? change.begun : change.ended).push_back(pair);
            }
        }
        return change;
    }

    /// Complementary slackness where pairs or prices moved; elsewhere it holds as before.
    void check_moved(Change& change, const std::vector<Cost>& prices_before) const {
        std::vector<Index> asks;
        std::vector<Index> helpers;
        std::vector<Index> fallen;
        for (const auto* pairs : {&change.ended, &change.begun}) {
            for (const Pair& pair : *pairs) {
                asks.push_back(pair.ask);
                helpers.push_back(pair.helper);
            }
        }
        for (Index helper = 0; helper < sides_.helpers(); ++helper) {
            if (state().prices[helper] != prices_before[at(helper)]) {
                helpers.push_back(helper);
                for (const auto& holder : state().holders(helper)) {
                    asks.push_back(holder.ask);
                }
            }
            if (state().prices[helper] < prices_before[at(helper)]) {
                fallen.push_back(helper);
            }
        }
        std::ranges::sort(asks);
        const auto repeated = std::ranges::unique(asks);
        asks.erase(repeated.begin(), repeated.end());
        change.rows_checked = static_cast<Index>(asks.size());
        change.columns_checked = static_cast<Index>(fallen.size());
        const Slackness slack(state());
        change.proved =
            std::ranges::all_of(asks, [&](Index ask) { return slack.row_holds(ask); }) &&
            std::ranges::all_of(fallen, [&](Index j) { return slack.column_holds(j); }) &&
            std::ranges::all_of(helpers, [&](Index j) { return slack.place_holds(j); });
    }

    Rows rows_;
    Sides sides_;
    Scale scale_;
    Options options_;
    std::unique_ptr<Solution<Rows, Scale>> solution_;
    std::unique_ptr<Refill<Rows, Scale>> refill_;
    std::vector<Index> short_; ///< asks that lack a place that they must have
};

template <class Scale, class Rows>
Result<std::unique_ptr<Session::Impl>> keep(Rows rows, const Sides& asked, const Options& options) {
    Sides sides = without_surplus(asked);
    TRY(const Scale scale, Scale::of(sides, rows.largest_score()));
    auto kept =
        std::make_unique<Kept<Rows, Scale>>(std::move(rows), std::move(sides), scale, options);
    TRY_DO(kept->solve());
    return kept;
}

} // namespace

Result<Session> Session::start(ScoreRows rows, Sides sides, const Options& options) {
    check_instance(rows, sides, options);
    if (!sides.groups.empty() || sides.has_least() || options.objective.rule != Rule::sum) {
        return fail(ErrorKind::invalid,
                    "found groups, minimum loads or another objective; expected the sum alone for "
                    "an allotment that is kept");
    }
    sides.least.clear(); // minimums of 0 are none
    TRY(auto impl, std::visit(
                       [&](auto& r) {
                           return sides.service == Service::full
                                      ? keep<PlainScale>(std::move(r), sides, options)
                                      : keep<WaitingScale>(std::move(r), sides, options);
                       },
                       rows));
    return Session(std::move(impl));
}

Session::Session(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Session::Session(Session&&) noexcept = default;
Session& Session::operator=(Session&&) noexcept = default;
Session::~Session() = default;

Change Session::forbid(Index ask, Index helper) {
    ALLOT_CHECK(ask >= 0 && ask < sides().asks() && helper >= 0 && helper < sides().helpers(),
                "a pair lies outside the instance");
    return impl_->forbid(ask, helper);
}

Change Session::withdraw_ask(Index ask) {
    ALLOT_CHECK(ask >= 0 && ask < sides().asks(), "an ask lies outside the instance");
    return impl_->withdraw_ask(ask);
}

Change Session::withdraw_helper(Index helper) {
    ALLOT_CHECK(helper >= 0 && helper < sides().helpers(), "a helper lies outside the instance");
    return impl_->withdraw_helper(helper);
}

const Sides& Session::sides() const {
    return impl_->sides();
}

std::vector<Pair> Session::pairs() const {
    return impl_->pairs();
}

Value Session::objective() const {
    return impl_->objective();
}

Certificate Session::check_all() const {
    return impl_->check_all();
}

} // namespace allot::matching
