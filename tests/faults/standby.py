"""Two servers on one database, which both send mail. Its primary is killed, and its stand-by promoted."""

import collections
import random
import tempfile
import time

from letters import doors
from outage import CLIENTS, EACH, expect_alive, expect_whole, while_sending
from program import (Client, Cluster, PostgresDatabase, Server, expect, lives, rounds_and_seed,
                     sign_in, until)

MAILS = 150  # of each kind, due before the primary is killed
LONGEST = 0.4  # seconds until it is killed at any moment

# As rooms write them. Of one that may have been sent, a change is sent again and a reminder is not.
FILL = f"""
CREATE TEMPORARY TABLE due AS SELECT collective.id AS scope, gen_random_uuid()::text AS id, kind, number,
    (extract(epoch FROM now()) * 1000000)::bigint AS at
    FROM collective, unnest(ARRAY['change', 'reminder']) AS kind, generate_series(1, {MAILS}) AS number;
INSERT INTO mail (collective_id, id, kind, recipient, subject, body, written_at)
    SELECT scope, id, kind, kind || '-' || number || '@example.org', 'Plot', 'Look at it.', at FROM due;
INSERT INTO job (collective_id, id, kind, about, first_due, due_at, holder, tries, trouble)
    SELECT scope, id, 'mail', id, at, at, '', 0, '' FROM due"""


def link_address(name):
    return f"sign_in-{name.replace(' ', '-')}@example.org"


def ask_for_link(client, name, key):
    """A command that writes a mail. Each comes from elsewhere: there is a limit for one address."""
    network = f"2001:db8:{key[:4]}:{key[4:8]}::1"
    return client.command("/sign-in", {"mail": link_address(name)}, key, {"X-Forwarded-For": network})


def failures(server):
    """How often work on a mail could not be brought to its end."""
    return server.log().count('"event":"job","kind":"mail"')


class FailOver:
    """Kills the primary once a quarter of the circles is there, and both servers have sent mail.

    Where `pause` is None, each of them has a letter in hand then: taken, and not answered before the
    database is away. Else it is killed so many seconds after both had one."""

    def __init__(self, primary, standby, servers, doors_, pause):
        self.primary, self.standby, self.servers, self.doors = primary, standby, servers, doors_
        self.pause = pause
        self.after = PostgresDatabase(f"{standby.state}/url", primary.database)

    def __call__(self):
        done = self.after.rows("SELECT COUNT(*) FROM circle WHERE name LIKE 'fail over %'")
        if self.standby.is_promoted or int(done[0][0]) < CLIENTS * EACH // 4:
            return
        until(lambda: all(door.held for door in self.doors), "both servers send")
        if self.pause is None:
            self.kill_in_hand()
        else:
            self.answer()
            time.sleep(self.pause)
            self.primary.kill()
        expect_alive(Client(self.servers[0]))
        self.standby.do("promote")
        self.standby.is_promoted = True

    def answer(self):
        for door in self.doors:
            door.open.set()

    def kill_in_hand(self):
        before = [failures(server) for server in self.servers]
        left = self.primary.kill()
        until(lambda: not any(lives(pid) for pid in left), "nobody is there who could note it")
        self.answer()
        until(lambda: all(failures(server) > old for server, old in zip(self.servers, before)),
              "each server has seen that it cannot note what became of its letter")


def check_letters(database, over):
    """All that was accepted is sent, and what comes twice, or perhaps not, is what the rule says."""
    until(lambda: database.rows("SELECT 1 FROM mail WHERE state IN ('waiting', 'sending') LIMIT 1") == [],
          "all mail is sent")
    mails = {name: (kind, state) for name, kind, state in
             database.rows("SELECT message_id, kind, state FROM mail")}
    times = collections.Counter(letter.name for door in over.doors for letter in door.letters)
    expect(times.keys() <= mails.keys(), "letters that nobody wrote:", times.keys() - mails.keys())
    lost = {name for name in mails if mails[name][1] == "sent" and times[name] == 0}
    expect(not lost, "noted as sent, and never came:", lost)
    unsure = {name for name in mails if mails[name][1] != "sent"}
    expect(all(mails[name] == ("reminder", "unsure") and times[name] <= 1 for name in unsure),
           "not sent:", [mails[name] for name in unsure])
    twice = {name for name in times if times[name] > 1}
    expect(all(times[name] == 2 and mails[name][0] != "reminder" for name in twice),
           "sent again:", [(mails[name], times[name]) for name in twice])
    # A server has one letter in hand, and nothing else can be in doubt.
    expect(len(twice | unsure) <= len(over.doors), "in doubt:", [mails[name] for name in twice | unsure])
    in_hand = {door.held.name for door in over.doors}
    expect(over.pause is not None or twice | unsure == in_hand,
           "in hand:", in_hand, "in doubt:", twice | unsure)
    expect(database.rows("SELECT 1 FROM job WHERE kind = 'mail'") == [], "work that is left")
    return len(mails), len(twice), len(unsure)


def check_accepted(database):
    """Each command that was acknowledged has written its mail."""
    there = {row[0] for row in database.rows("SELECT recipient FROM mail")}
    wanted = {link_address(f"fail over {k} {number}") for k in range(CLIENTS) for number in range(EACH)}
    wanted |= {f"{kind}-{n}@example.org" for kind in ("change", "reminder") for n in range(1, MAILS + 1)}
    expect(wanted <= there, "accepted, and no mail is there:", wanted - there)


def check_shared(over):
    """Both servers have worked; that none came twice, so from both, is seen in `check_letters`."""
    names = [{letter.name for letter in door.letters} for door in over.doors]
    expect(all(names), "one of the servers sent nothing")
    return [len(some) for some in names]


def fail_over(folder, pause):
    with (Cluster(folder) as primary, Cluster(folder, primary) as standby,
          doors("reminder", "change") as both):
        database = PostgresDatabase(f"{primary.state}/url")
        primary.database = database.database
        url = (f"postgres://postgres@/{database.database}?host={primary.folder},{standby.folder}"
               "&target_session_attrs=read-write")
        options = [["--store", url, "--mail", f"smtp://127.0.0.1:{door.port}", "--mail-from",
                    "post@lab.example", "--proxy", "127.0.0.1"] for door in both]
        with Server([*options[0], "--demo"]) as first, Server(options[1]) as second:
            client = sign_in(first)
            expect_whole(Client(second, client.cookies), "the second server")
            database.rows(FILL)
            over = FailOver(primary, standby, [first, second], both, pause)
            refused = while_sending([first, second], client.cookies, over.after, "fail over", over,
                                    [ask_for_link])
            for server in (first, second):
                expect_whole(Client(server, client.cookies), "on the stand-by")
            mails, twice, unsure = check_letters(over.after, over)
            check_accepted(over.after)
            shares = check_shared(over)
            for server in (first, second):
                expect(server.still_runs(), "the program has ended")
    print(f"primary killed {'with letters in hand' if pause is None else f'{pause:.3f} s later'}, "
          f"stand-by promoted: {refused} answers of 503, each command once; {mails} mails, "
          f"{shares[0]} and {shares[1]} by each server, {twice} sent again, {unsure} not to be sent again",
          flush=True)


def test(*given):
    """Once with letters in hand; then so many times at any moment, by the chance of a seed."""
    rounds, seed = rounds_and_seed(given, 0, 3)
    chance = random.Random(seed)
    for pause in [None, *(chance.uniform(0, LONGEST) for _ in range(rounds))]:
        with tempfile.TemporaryDirectory() as folder:
            fail_over(folder, pause)
