/// What `--help` says below the options of the commands that keep a server.
#pragma once

namespace allot::app::help {

inline constexpr const char* backup_footer = R"(
The server may run and write meanwhile: the backup holds one moment of it. It is read
again and compared before it gets its name. Only you can read it. An existing file is
not touched; where something fails, nothing is left behind.

A database of SQLite becomes a database of SQLite, one of PostgreSQL an archive (.tar).
"allotment restore" takes both. In a folder the file is called allotment-TIME.

erased.log, beside the database, holds who was erased: restore needs it, so that they do
not come back. Keep a copy of it elsewhere than the backups.

Examples:
  allotment backup --to /backups
  allotment backup --data /var/lib/allotment --to /backups/today.sqlite
  allotment backup --store postgres://allotment@localhost/allotment --to /backups

Exit codes:
  0    written and checked
  1    disk or database
  2    bad option; no database; a file that is there already
  130  interrupted (SIGINT or SIGTERM))";

inline constexpr const char* restore_footer = R"(
Checks the backup, brings it up to date if the program is newer, erases again who was
erased since, and puts the database into the folder in one step. Where there is a
database already, nothing happens. A store of PostgreSQL must be new and empty.

Examples:
  allotment restore --from /backups/allotment-2027-01-14T030000Z.sqlite \\
                    --data /var/lib/allotment --erased /elsewhere/erased.log
  allotment restore --from backup.tar --store postgres://allotment@localhost/allotment

Exit codes:
  0    restored
  1    disk or database
  2    bad option; a backup that is damaged or newer; a database that is there already
  130  interrupted (SIGINT or SIGTERM))";

inline constexpr const char* doctor_footer = R"(
One line for each thing that was looked at: "ok", "look" where something should be done
soon, "wrong" where it should be done now; and what to do. It changes nothing.

Examples:
  allotment doctor
  allotment doctor --data /var/lib/allotment --origin https://lab.example
  allotment doctor --json

Exit codes:
  0    nothing is wrong
  1    something is wrong
  2    bad option)";

inline constexpr const char* export_footer = R"(
The archive is a plain .tar with a CSV for each table and a list in front, manifest.json;
docs/archive.md describes it. The same content gives the same bytes. It holds names, mail
addresses and private words of members: keep it as you keep a backup. It does not hold
sessions, letters, invitations, calendar links, or keys; the list says why.

Example:
  allotment export --collective lab --to lab.tar

Exit codes:
  0    written and checked
  1    disk or database
  2    bad option; no such collective; a file that is there already
  130  interrupted (SIGINT or SIGTERM))";

inline constexpr const char* import_footer = R"(
Brings a collective into a server, beside others that may be there. The server may run;
while rows are written, other changes wait. What is wrong with an archive is told with its
entry and line, and then nothing is changed. Who was erased here does not come back.

Examples:
  allotment import --from lab.tar
  allotment import --from lab.tar --as lab-2 --data /var/lib/allotment

Exit codes:
  0    it is here
  1    disk or database
  2    bad option; an archive that cannot be taken; a name that is taken
  130  interrupted (SIGINT or SIGTERM))";

inline constexpr const char* move_footer = R"(
Stop the server first. Some rows at a time are moved, each time whole; where it was
stopped, the same command goes on. At its end counts and checksums of all tables are
compared. The old database stays as it is. Both directions work.

Make the new database so that it sorts by bytes (docs/server.md):
  createdb --template=template0 --encoding=UTF8 --lc-collate=C --lc-ctype=C allotment

Example:
  allotment move --store sqlite:/var/lib/allotment/allotment.sqlite \\
                 --to postgres://allotment@localhost/allotment

Exit codes:
  0    moved and compared
  1    disk or database; somebody has one of them open
  2    bad option; the new database is not empty
  130  interrupted (SIGINT or SIGTERM))";

inline constexpr const char* starter_footer = R"(
A starter is a small file of JSON: what a collective says of itself, and what its circles
and series wrote about how they work. No people, no addresses, no days. docs/starter.md describes it.
The same practices give the same bytes. Read it before you pass it on: hosts may have
written names into their texts.

What is there already stays as it is. What is not planted is told, and why.

Examples:
  allotment starter export lab lab.json
  allotment starter plant lab.json --into garden
  allotment starter plant lab.json --name "Night lab" --zone Africa/Nairobi \
                          --your-name Ada --mail ada@lab.example

Exit codes:
  0    done
  1    disk or database
  2    bad option; a file that cannot be planted; a name that is taken
  130  interrupted (SIGINT or SIGTERM))";

inline constexpr const char* publish_footer = R"(
What anybody may read: the front page, circles, series, the gatherings of the last and the
next weeks, calendars, and news. Links lead from file to file, so any host of pages will
do; what is not for everybody is not in it. There are no forms, scripts or cookies: each
page says of which day it is, and leads to the live one.

The folder is replaced in one step. A folder with anything else in it is not touched. The
same content on the same day gives the same bytes. The server may run meanwhile.

Example, for a timer once a day:
  allotment publish public lab --origin https://lab.example --data /var/lib/allotment

Exit codes:
  0    written
  1    disk or database
  2    bad option; no such collective; a folder that holds something else
  130  interrupted (SIGINT or SIGTERM))";

} // namespace allot::app::help
