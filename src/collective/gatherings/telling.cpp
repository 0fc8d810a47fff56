#include "collective/gatherings/telling.hpp"

#include <algorithm>
#include <map>

namespace allot::gatherings {

namespace {

using std::chrono::days;
using std::chrono::floor;
using std::chrono::seconds;

/// A gathering as it is.
struct True {
    Told told;
    std::string title;
    std::string zone;
    std::string why;
};

[[nodiscard]] True truth_from(const Plan& plan, const Occurrence& one) {
    return {.told = {.original = one.original,
                     .begin = one.begin,
                     .end = one.end,
                     .cancelled = one.cancelled,
                     .differs_since = std::nullopt},
            .title = title_of(plan.series, one.gathering),
            .zone = one.zone,
            .why = one.gathering != nullptr ? one.gathering->why : std::string()};
}

using Truths = std::map<Wall, True>;

/// Those ahead, by original.
[[nodiscard]] Result<Truths> truths_ahead(const Plan& plan, ZoneBook& zones, Instant now) {
    Truths truths;
    if (is_over(plan.series, floor<days>(now))) {
        return truths;
    }
    const Instant until = std::min<Instant>(now + told_ahead, plan.series.renew);
    TRY(const auto all, occurrences(plan, zones, now, until));
    for (const Occurrence& one : all) {
        truths.emplace(one.original, truth_from(plan, one));
    }
    return truths;
}

/// What has become of a gathering that people were told of; cancelled where the series has none.
[[nodiscard]] Result<True> truth_about(const Plan& plan, ZoneBook& zones, const Truths& ahead,
                                       const Told& told, Instant now) {
    if (const auto found = ahead.find(told.original); found != ahead.end()) {
        return found->second;
    }
    if (!is_over(plan.series, floor<days>(now))) {
        TRY(const auto one, occurrence_of(plan, zones, told.original));
        if (one) {
            return truth_from(plan, *one);
        }
    }
    True gone{.told = told,
              .title = plan.series.about.title,
              .zone = plan.rhythms.back().zone,
              .why = {}};
    gone.told.cancelled = true;
    gone.told.differs_since.reset();
    return gone;
}

[[nodiscard]] bool says_the_same(const Told& one, const Told& other) {
    if (one.cancelled || other.cancelled) {
        return one.cancelled == other.cancelled;
    }
    return one.begin == other.begin && one.end == other.end;
}

/// Not of what has begun, or is not any more.
[[nodiscard]] bool is_ahead(const Told& told, const True& truth, Instant now) {
    return told.begin > now || (truth.told.begin > now && !truth.told.cancelled);
}

void settle(Compared& compared, const Told& told, const True& truth, Moment now) {
    if (says_the_same(told, truth.told)) {
        if (told.differs_since) {
            compared.to_keep.push_back(told);
            compared.to_keep.back().differs_since.reset();
        }
        return;
    }
    // A clock that was put back begins the time anew.
    if (!told.differs_since || *told.differs_since > now) {
        compared.to_keep.push_back(told);
        compared.to_keep.back().differs_since = now;
        return;
    }
    if (now - *told.differs_since < grace) {
        return;
    }
    compared.to_keep.push_back(truth.told);
    auto& into = truth.told.cancelled ? compared.cancelled : compared.changed;
    into.push_back({.before = told,
                    .now = truth.told,
                    .title = truth.title,
                    .zone = truth.zone,
                    .why = truth.why,
                    .lighter = false});
}

} // namespace

Result<Compared> compare(const Plan& plan, ZoneBook& zones, const std::vector<Told>& told,
                         Moment at) {
    const Instant now = floor<seconds>(at);
    TRY(Truths ahead, truths_ahead(plan, zones, now));
    Compared compared;
    for (const Told& one : told) {
        TRY(const True truth, truth_about(plan, zones, ahead, one, now));
        if (is_ahead(one, truth, now)) {
            settle(compared, one, truth, at);
        }
        ahead.erase(one.original);
    }
    for (const auto& [original, truth] : ahead) {
        compared.to_keep.push_back(truth.told);
    }
    return compared;
}

Result<bool> is_settled(const Plan& plan, ZoneBook& zones, const std::vector<Told>& told,
                        Moment at) {
    const Instant now = floor<seconds>(at);
    TRY(const Truths ahead, truths_ahead(plan, zones, now));
    for (const Told& one : told) {
        TRY(const True truth, truth_about(plan, zones, ahead, one, now));
        if (is_ahead(one, truth, now) && !says_the_same(one, truth.told)) {
            return false;
        }
    }
    return true;
}

Result<void> tell_changes(Transaction& transaction, const Teller& teller, const SeriesId& id) {
    const CollectiveId& collective = teller.collective.id;
    TRY(const auto series, find_series(transaction, collective, id));
    if (!series) {
        return {};
    }
    TRY(const Plan plan, plan_of(transaction, collective, *series));
    TRY(const auto told, told_of(transaction, collective, id));
    ZoneBook zones(teller.house.zones);
    TRY(const Compared compared, compare(plan, zones, told, teller.now));
    for (const Told& one : compared.to_keep) {
        TRY_DO(save_told(transaction, collective, id, one));
    }
    for (const Change& change : compared.changed) {
        if (phase_at(change.now.begin, floor<seconds>(teller.now)) == Phase::far) {
            TRY_DO(ask_anew(transaction, collective, id, change.now.original));
        }
    }
    for (const auto& [news, changes] : {std::pair(Occasion::changed, &compared.changed),
                                        {Occasion::cancelled, &compared.cancelled}}) {
        if (!changes->empty()) {
            TRY_DO(announce(transaction, teller,
                            {.news = news, .series = &plan.series, .changes = *changes}));
        }
    }
    // Of what was moved or cancelled by new rules of a zone, feeds show another time as well.
    if (!compared.changed.empty()) {
        TRY_DO(note_change(transaction, collective));
    }
    return {};
}

} // namespace allot::gatherings
