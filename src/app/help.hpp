/// What `--help` says below the options: rules, files, examples and exit codes of each command.
#pragma once

namespace allot::app::help {

inline constexpr const char* exit_codes = R"(Exit codes:
  0    done
  1    disk or internal failure
  2    bad option or input
  3    infeasible: not every demand or bound can be met
  130  interrupted (SIGINT or SIGTERM))";

inline constexpr const char* round_exit_codes = R"(Exit codes:
  0    done, also where somebody was not served
  1    disk or internal failure
  2    bad option or input
  3    infeasible: a minimum or a floor that cannot be reached
  130  interrupted (SIGINT or SIGTERM))";

inline constexpr const char* why_exit_codes = R"(Exit codes:
  0    done
  2    bad option, or files that cannot be read or do not hold together)";

inline constexpr const char* verify_exit_codes = R"(Exit codes:
  0    it holds
  1    it does not hold, or disk or internal failure
  2    bad option, or no round: a file that is missing or cannot be understood)";

inline constexpr const char* program_footer = R"(
Examples:
  allotment round --offers offers.csv --asks asks.csv --out this-week
  allotment why --round this-week --ask ask-05
  allotment assign --scores scores.csv --demand 1 --capacity 2 \
                   --out pairs.csv --certificate cert.json
  allotment serve --demo

"allotment COMMAND --help" says all about a command.

)";

inline constexpr const char* assign_footer = R"(
Every demand is met in full, as the objective says. A helper helps an ask at
most once. Where that cannot be, the exit code is 3: the certificate and stderr
say who lacks what, and the old file of pairs is removed.

Objectives (an ask counts the sum of the scores of its pairs):
  sum        the largest sum of all
  leximin    the worst off as well off as possible, then the next, and so on
  maxmin     the worst off as well off as possible, then the largest sum
  floor:X    every ask at least X, then the largest sum
Fair objectives with groups are leximin only, and they need a demand of 1; so do
fair objectives with minimum loads. With a larger demand a fair objective is a
good allotment and a bound; the certificate says how far it is proved.

Input:
  scores     CSV with the columns ask,helper,score; a pair without a row is not
             allowed. Or a NumPy .npy matrix of float32 or float64: rows are
             asks, columns are helpers; negative or NaN means not allowed.
             Scores are at most 1000000000. The content tells which it is.
  factors    two .npy with as many columns: a row for each ask, and for each
             helper. A score is 0.5 + 0.5 u.v; negative means not allowed.
  demand,    a whole number for everybody (demand from 1, the others from 0), or
  capacity,  a file. With CSV scores: CSV with the columns id,n. With .npy: one
  min-load   whole number a line, in the order of rows or columns. An ask or a
             helper of the scores must be in the file; others may be there too.
             Who is not in a file of minimum loads has none.
             A file whose name is a number: write ./3.
  conflicts  CSV with the columns ask,helper: pairs that are not allowed. With
             .npy: numbers of rows and columns, counted from 0.
  groups     CSV with the columns scope,side,group,member,min,max, a row for each
             member. Scope is ask (counted for each ask) or round, side is ask or
             helper. An empty min is 0, an empty max no limit. Two groups of one
             scope and side share nobody, or one holds all of the other.
  CSV is UTF-8 with a header, columns in any order. Semicolons, tabs, decimal
  commas beside semicolons, quotes and CRLF are understood.

Output:
  pairs      CSV ask,helper,score, by ask, then helper. Ids are ordered bytewise,
             numbers of a .npy by value, from 0. A score is the shortest decimal
             that reads back as the same float64 (float32 is widened first).
  marginals  with --pair-cap: CSV ask,helper,probability. The pairs are a draw.
  certificate  JSON. Bound and prices prove the sum, levels the worst off.
             Scores count in whole millionths: llround(1e6 * score).
  A file is replaced only on success, in one step.

The same input and seed give the same pairs, for any order of CSV rows and any
number of threads.

Examples:
  allotment assign --scores scores.csv --demand 1 --capacity places.csv \
                   --out pairs.csv --certificate cert.json
  allotment assign --scores scores.npy --demand 3 --capacity 6 \
                   --conflicts conflicts.csv --out pairs.csv --certificate cert.json
  allotment assign --scores scores.csv --demand 1 --capacity 2 --objective leximin \
                   --out pairs.csv --certificate cert.json
  allotment assign --scores scores.csv --demand 1 --capacity 2 --pair-cap 1/2 --seed 7 \
                   --out pairs.csv --certificate cert.json

)";

inline constexpr const char* round_footer = R"(
As many places as possible go to those who waited longest. Then come those who
waited less. Then the objective decides. Minimums and groups come before waiting,
and in a lottery waiting can raise a chance. Not to be served is no error.

Objectives, over the asks that are served:
  leximin    the least well served as well as possible, then the next, and so on
  maxmin     the least well served as well as possible, then the sum of fits
  floor:X    nobody who is served below X, then the sum of fits
  sum        the sum of fits
  With --pair-cap 1/2 no pair has a chance above a half: chances with the largest
  expected sum, then a draw from the seed, which anybody can repeat.

Input, CSV from any spreadsheet. Lists are separated by |, dates are 2027-01-25,
ids are your own, unknown columns are left alone:
  offers     offer,person,kinds,places,minutes; and topics,languages,zone,
             windows,valid_until,not_with,again
  asks       ask,person,kind,minutes; and demand,topics,languages,zone,windows,
             needed_by,wishes,waited,not_with,again,newcomer
  windows    local hours: Mon 18:00-20:00|Sat 09:30-11:00; zone: Europe/Paris
  conflicts  ask,helper: ids of an ask and of an offer that are not paired
  history    ask_person,offer_person,what,on: declined, or paired (paired again
             only when both name each other under again)
  scores     ask,helper,score: used as fit; a pair without a row is not possible
  kinds      kind,how: kinds of help of your own, hours or written
  min-load   id,n: how many asks an offer must get; a number is for every offer,
             or all its places where it has fewer
  groups     scope,side,group,member,min,max, one row a member: how often all
             members together are used, in the round or for each ask
Missing zone, windows or languages are unknown: possible, and said in the reason.
An offer without places is not in this round. docs/fit.md has rules and formula.

Output, a folder that is made, with the folders above it, or replaced in one step:
  report.html    who is paired and why, who is not, what help is scarce
  letters/       one for each ask, and for each offer that was paired
  pairings.csv   the pairs with reasons and hours (UTC)
  waiting.csv    who waits on: what to carry to the next round
  marginals.csv  of a lottery: the chance of each pair
  round.json, instance.csv, sides.csv, groups.csv   what "why" and "verify" read

The same input, time and seed give the same bytes, for any order of rows.

Example:
  allotment round --offers offers.csv --asks asks.csv --history history.csv \
                  --at 2027-01-14 --out this-week

)";

inline constexpr const char* why_footer = R"(
For a pair that was not made: what would change if it were, by the rule of the
round; of a lottery, its chance. A pair that was declined, excluded or in
conflict is "not possible in this round".

Examples:
  allotment why --round this-week --ask ask-05
  allotment why --round this-week --ask ask-05 --helper offer-01

)";

inline constexpr const char* verify_footer = R"(
Are the pairs possible, and is nothing better for the scores and places in this
folder? It is for rounds: assign checks its certificate before it writes it. Reads instance.csv, sides.csv and pairings.csv, groups.csv and
marginals.csv if they are there, and computes again what the rule of round.json
makes largest, with other code than the round; where that is not so, it says it.
What round.json claims must agree, and the tables must be those that it names.

Example:
  allotment verify --round this-week

)";

inline constexpr const char* dates_footer = R"(
The starts that a recurrence rule gives (RFC 5545, section 3.3.10), in order,
one a line. With a zone each is followed by the same moment in UTC.

A rule is written as after RRULE: in a calendar file. S is a time such as
20260105T090000, 2026-01-05T09:00 or 2026-01-05T09:00:00, or a date such as
2026-01-05. The start itself counts only if it fits the rule. A time that the
clock jumps over is read as if the clock had not yet jumped; one that it shows
twice is the first of the two. A zone is a name such as Europe/London. --from and
--to are on the clock of that zone, or in UTC if they end with Z.

Cases are JSON Lines: {"id":"a","rrule":"FREQ=DAILY","dtstart":"20260105T090000",
"tzid":"Europe/London","limit":10}; tzid may be null, limit may be missing. The
answer to each is a line {"id":"a","local":[...],"utc":[...]}, or with an "error".

Examples:
  allotment dates --rule "FREQ=WEEKLY;INTERVAL=2;BYDAY=TH" --start 2026-01-08T17:00 \
                  --zone Europe/London --limit 10
  allotment dates --rule "FREQ=MONTHLY;BYDAY=-1FR" --start 20260130 --to 20270101
  allotment dates --cases cases.jsonl --out results.jsonl

Exit codes:
  0    done
  1    disk or internal failure
  2    bad option; a rule, time, zone or file that cannot be read; too complex)";

inline constexpr const char* calendar_footer = R"(
Calendars are iCalendar files (.ics, RFC 5545). They are read as most clients
read them; "check" says where clients will disagree.

"allotment calendar COMMAND --help" says all about a command.
)";

inline constexpr const char* check_footer = R"(
Each finding is three lines: the line of the file and what is wrong with it, what
clients (Google, Outlook, Apple, Thunderbird and others) will do, how to mend it.

Example:
  allotment calendar check meetings.ics

Exit codes:
  0    nothing to mend
  1    findings
  2    bad option, or a file that cannot be read or is no calendar)";

inline constexpr const char* list_footer = R"(
One meeting a line, by the moment at which it begins: UTC, local time, title,
apart by tabs, such as
  20260105T170000Z  20260105T180000  Reading group
Local times are on the clock of --zone. A meeting of whole days has a date there;
it begins at midnight of that clock, and a time without a zone is read on it too.
What was cancelled has "[cancelled] " before its title. A moved meeting is where
it was moved to.

S is a time such as 20260105T090000 or 2026-01-05T09:00, or a date; on the clock
of --zone, or in UTC if it ends with Z.

Example:
  allotment calendar list meetings.ics --from 2026-01-01 --to 2026-02-01 \
      --zone Europe/Paris

Exit codes:
  0    done
  1    a series was left out, as stderr says; or disk or internal failure
  2    bad option, a file that cannot be read, no rule that can be followed)";

inline constexpr const char* reanchor_footer = R"(
A weekly meeting at 17:00 UTC is at 18:00 in Paris in winter and at 19:00 in
summer. Those of the file that come again at an hour of UTC are written anew at
an hour of the zone: the first meeting stays where it is, all others have its
time on the wall. Weekdays, UNTIL, RDATE, EXDATE and RECURRENCE-ID go along, a
meeting that was moved stays where it was moved to, and SEQUENCE is raised so
that calendars take the change. A VTIMEZONE is added; the rest of the file stays
as it is, byte for byte.

A series is left as it was, and told, where its day is another one in that zone
and no rule gives those days (such as the day after the last Friday of a month).

Example:
  allotment calendar reanchor meetings.ics --zone Europe/Paris --out mended.ics

Exit codes:
  0    done
  1    disk or internal failure
  2    bad option, or a file that cannot be read or is no calendar)";

inline constexpr const char* serve_footer = R"(
Serves the pages of a collective, until SIGINT or SIGTERM. Needs no configuration: the
first start makes a database, and prints a link for whoever begins the collective.

  ready http://localhost:8080/        once it answers
  begin http://localhost:8080/welcome/...   while there is no collective
  sign-in http://localhost:8080/sign-in/... with --demo, for ten minutes

Browsers sign in only over https, or on localhost. For others, let a proxy with TLS stand in
front (docs/server.md has samples for nginx and Caddy):
  allotment serve --origin https://lab.example --proxy 127.0.0.1

Mail goes out by a mail server, over TLS; without --mail a steward on this machine reads it at
/c/NAME/outbox. What it could not send is told to stewards at /c/NAME/mail:
  allotment serve --mail smtps://post%40lab.example@mail.example --mail-from post@lab.example \
                  --mail-password-file /etc/allotment/mail-password

The log is JSON, a line for each request, on stderr. It holds no names, addresses or bodies.

Examples:
  allotment serve
  allotment serve --demo
  allotment serve --data /var/lib/allotment --listen 127.0.0.1:8080
  allotment serve --store postgres://allotment@localhost/allotment

)";

inline constexpr const char* mail_in_footer = R"(
For mail systems: give it what comes to the address of --mail-from. It reads reports that a mail
did not arrive, and wishes for less mail, and works beside a server that runs. docs/server.md has
samples for Postfix.

Exit codes (sysexits, as mail systems know them):
  0    done, or a mail of a program, to which nobody answers
  2    bad option
  75   no database, or it does not answer: keep the mail and come again
  77   a person wrote: send it back, with the words of standard output

Examples:
  allotment mail-in --data /var/lib/allotment < mail)";

inline constexpr const char* demo_footer = R"(
Makes a collective of invented people in twelve time zones, with two circles. It stands beside
what the database has already, and one button on its front page takes it away again. The server
may run meanwhile, and prints a link to sign in when it starts next.

Examples:
  allotment demo --data /tmp/garden && allotment serve --data /tmp/garden

Exit codes:
  0    done
  1    disk or database
  2    bad option, or the invented people are there already)";

} // namespace allot::app::help
