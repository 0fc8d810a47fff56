/// What a round says in words: the same sentences in letters, report, files and on the command
/// line.
#pragma once

#include "round/round.hpp"

namespace allot::round {

/// Who reads a reason.
enum class Reader : std::uint8_t { hosts, asker, helper };

/// Why these two were paired, one short reason each: shared topics, languages, a wish, hours; and
/// what is unknown.
[[nodiscard]] std::vector<std::string> reasons_of(const Round& round, const Pairing& pairing,
                                                  Reader reader = Reader::hosts);

/// The shared stretches that are not over when the round is held, and long enough from then on.
[[nodiscard]] std::vector<calendar::Stretch> slots_to_come(const Round& round,
                                                           const Pairing& pairing);

/// Why an ask has empty places, and the nearest thing that exists, in full sentences. Facts of this
/// ask only: nobody else is named. Nothing is near an ask that came too late: empty.
[[nodiscard]] std::string why_in_words(const Round& round, const Waiting& waiting);
[[nodiscard]] std::string nearest_in_words(const Round& round, const Waiting& waiting);

/// What could make a pair possible for an ask for which none is, as a list without a full stop.
[[nodiscard]] std::string help_in_words(const Round& round, const Waiting& waiting);

/// What stands in the way of a pair. Obstacle::barred says no more than that it is not possible.
[[nodiscard]] std::string obstacle_in_words(Obstacle obstacle);

/// "conversation about statistics, in the evening".
[[nodiscard]] std::string scarce_in_words(const Scarce& scarce);

/// What the rule means, in plain sentences for a letter or a page.
[[nodiscard]] std::string rule_in_words(const Round& round);

/// "The hosts' limits (minimums and groups) come before waiting."; empty where they set none.
[[nodiscard]] std::string limits_in_words(const Round& round);

/// What is proved of the pairs, and what is not, in full sentences for hosts.
[[nodiscard]] std::string proof_in_words(const Round& round);

/// Are the pairs the best by the rule, though no second program has proved it?
[[nodiscard]] bool is_computed_exactly(const Round& round);

/// Of leximin among very many asks, for how many of them it is proved; nullopt where the rule is
/// proved for all, or not at all.
[[nodiscard]] std::optional<std::string> partly_proved_in_words(const Round& round);

/// "1 in 2", "2 in 3".
[[nodiscard]] std::string chance_in_words(matching::Chance chance);

/// What everybody together would lose: "the sum of fits would fall by 0.25".
[[nodiscard]] std::string loss_in_words(const matching::Value& loss);

/// What other pairs would change, by the rule: "the least well served would get 0.42 instead of
/// 0.55".
[[nodiscard]] std::string change_in_words(const matching::Objective& rule,
                                          const matching::Sides& sides,
                                          std::span<const matching::Pair> before,
                                          std::span<const matching::Pair> after);

/// "Tue 12 Jan 18:00-20:00 (Europe/Berlin)": the stretch on the clock of `mine`, in UTC if that is
/// unknown; then the same on the clock of `theirs` in brackets where it is another one.
[[nodiscard]] std::string slot_in_words(const calendar::Stretch& slot, const Hours& mine,
                                        const Hours& theirs);

/// "11 January 2027".
[[nodiscard]] std::string date_in_words(std::chrono::year_month_day date);

/// Millionths as a decimal number, without trailing zeros.
[[nodiscard]] std::string decimal(matching::Micro micro);

/// `2027-01-12T18:00Z/2027-01-12T20:00Z`, joined by `|`.
[[nodiscard]] std::string slots_utc(const std::vector<calendar::Stretch>& slots);

} // namespace allot::round
