"""kill -9 during `allotment move`, from SQLite to PostgreSQL and back, again and again on the same half."""

import contextlib
import csv
import io
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import tempfile
import time

from outage import own_cluster
from program import PROGRAM, PostgresDatabase, Server, SqliteDatabase, expect, rounds_and_seed, until

ROWS = 4000  # in each of three tables; the program takes a thousand in a transaction
ODD = "Żółw's \"plot\", \\N\n\ttomorrow; 🌱 {}"
IN_USE = "is in use"
HALF = "half of a move"


def plant(database):
    """Invented people, and enough rows that a kill lands among them."""
    with Server([*database.options, "--demo"]) as server:
        server.kill(signal.SIGTERM)
    with contextlib.closing(sqlite3.connect(database.file)) as link, link:
        scope = link.execute("SELECT id FROM collective").fetchone()[0]
        link.executemany("INSERT INTO rate (what, whom, began_at, times) VALUES (?, ?, ?, ?)",
                         [(f"plot {k}", ODD.format(k), k, -k) for k in range(ROWS)])
        link.executemany("INSERT INTO audit (collective_id, id, day, who, what) VALUES (?, ?, ?, '', ?)",
                         [(scope, f"plot {k}", k, ODD.format(k)) for k in range(ROWS)])
        link.executemany("INSERT INTO mail (collective_id, id, kind, recipient, subject, body, written_at, "
                         "state) VALUES (?, ?, 'change', ?, '', ?, ?, 'sent')",
                         [(scope, f"plot {k}", f"{k}@example.org", ODD.format(k) * 5, k * 10**9)
                          for k in range(ROWS)])


def plain(value):
    """The two databases write whole numbers among fractions each in their way."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def tables_of(database):
    listed = ("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
              if isinstance(database, SqliteDatabase) else
              "SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    return sorted(row[0] for row in database.rows(listed))


def objects_of_sqlite(database):
    with contextlib.closing(sqlite3.connect(database.file)) as link:
        link.row_factory = sqlite3.Row
        for table in tables_of(database):
            for row in link.execute(f"SELECT * FROM {table}"):
                yield table, dict(row)


def objects_of_postgres(database):
    each = " UNION ALL ".join(f"SELECT '{table}', row_to_json({table})::text FROM {table}"
                              for table in tables_of(database))
    done = subprocess.run(["psql", "-XAtq", "-d", database.url, "-c",
                           f"COPY ({each}) TO STDOUT (FORMAT csv)"],
                          capture_output=True, text=True, check=True)
    for table, text in csv.reader(io.StringIO(done.stdout, newline="")):
        yield table, json.loads(text)


def content(database):
    """All rows of all tables, read without the program."""
    rows = (objects_of_sqlite if isinstance(database, SqliteDatabase) else objects_of_postgres)(database)
    return sorted((table, json.dumps({name: plain(value) for name, value in row.items()}, sort_keys=True))
                  for table, row in rows)


def begin_move(from_, to):
    return subprocess.Popen([PROGRAM, "move", "--store", url_of(from_), "--to", url_of(to)],
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def url_of(database):
    return database.options[1] if database.options[0] == "--store" else f"sqlite:{database.file}"


def is_half(database):
    """Without touching what the kill has left: to open a file of SQLite is to put it in order."""
    if isinstance(database, PostgresDatabase):
        return "moving" in tables_of(database) and database.rows("SELECT 1 FROM moving") != []
    with tempfile.TemporaryDirectory() as folder:
        copy = SqliteDatabase(folder)
        for end in ("", "-wal"):
            with contextlib.suppress(FileNotFoundError):
                shutil.copy(database.file + end, copy.file + end)
        return "moving" in tables_of(copy) and copy.rows("SELECT 1 FROM moving") != []


def expect_refused(database):
    """No server begins on half of a collective."""
    def refused():
        done = subprocess.run([PROGRAM, "serve", "--listen", "localhost:0", *database.options],
                              capture_output=True, text=True, check=False)
        expect(done.returncode != 0 and (HALF in done.stderr or IN_USE in done.stderr),
               "on half of a move, serve ended with", done.returncode, done.stderr)
        return HALF in done.stderr
    until(refused, "PostgreSQL sees that the killed program is gone")


class Kills:
    """Ends moves at moments of `chance`, up to `longest` seconds after they began: as long as the
    quickest of those took that nobody ended, since the machine has other work too."""

    def __init__(self, chance, longest):
        self.chance, self.longest = chance, longest
        self.landed, self.halves = 0, 0

    def run(self, from_, to):
        """True: the move has ended by itself. What a session of PostgreSQL still holds is waited for."""
        child = begin_move(from_, to)
        try:
            said, errors = child.communicate(timeout=self.chance.uniform(0, self.longest))
        except subprocess.TimeoutExpired:
            child.kill()
            child.communicate()
            self.landed += 1
            return False
        expect(child.returncode == 0 or IN_USE in errors, "a move that goes on ended with",
               child.returncode, errors)
        expect(child.returncode != 0 or "counts and checksums agree" in said, "a move says", said)
        return child.returncode == 0

    def move(self, from_, to):
        began, before = time.monotonic(), self.landed
        while not self.run(from_, to):
            if is_half(to):
                self.halves += 1
                expect_refused(to)
        if self.landed == before:
            self.longest = min(self.longest, time.monotonic() - began)


def undisturbed(from_, to):
    """Returns how long it takes."""
    began = time.monotonic()
    child = begin_move(from_, to)
    said, errors = child.communicate()
    expect(child.returncode == 0, "a move ended with", child.returncode, said, errors)
    return time.monotonic() - began


def expect_same(from_, to, before):
    to.check()
    expect(content(from_) == before, "the old database has changed")
    expect(content(to) == before, "the new database has other rows than the old one")


def move_both_ways(folder, kills, seed):
    chance = random.Random(seed)
    old = SqliteDatabase(f"{folder}/data")
    plant(old)
    before = content(old)
    url_file = os.environ["ALLOTMENT_TEST_POSTGRES"]
    with contextlib.ExitStack() as stack:
        def new_postgres():
            database = PostgresDatabase(url_file)
            stack.callback(database.drop)
            return database
        there = new_postgres()
        under_way = Kills(chance, undisturbed(old, there))
        expect_same(old, there, before)
        moves = 0
        while under_way.landed < kills:
            forth = new_postgres()
            under_way.move(old, forth)
            expect_same(old, forth, before)
            os.mkdir(f"{folder}/back{moves}")
            back = SqliteDatabase(f"{folder}/back{moves}")
            under_way.move(there, back)
            expect_same(there, back, before)
            moves += 1
        for database in (old, forth, back):
            with Server(database.options):
                pass
    print(f"{len(before)} rows moved {moves} times to PostgreSQL and {moves} times to SQLite, killed "
          f"{under_way.landed} times, {under_way.halves} of them half way: all rows are there and alike, "
          "the old database is as it was")


def test(*given):
    kills, seed = rounds_and_seed(given, 5, 40)
    beside = contextlib.nullcontext() if "ALLOTMENT_TEST_POSTGRES" in os.environ else own_cluster()
    with tempfile.TemporaryDirectory() as folder, beside:
        move_both_ways(folder, kills, seed)
