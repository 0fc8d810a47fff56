"""PostgreSQL goes away while `allotment serve` runs, and comes back."""

import contextlib
import http.client
import itertools
import os
import socket
import tempfile
import threading
import time
import uuid

from program import (Client, Cluster, PostgresDatabase, Server, expect, expect_unavailable, sign_in)

CLIENTS = 4
EACH = 40
RESTARTS = 3
PAUSE = 0.02  # seconds before what was refused is sent again


@contextlib.contextmanager
def own_cluster():
    """For a run by hand, beside any CTest."""
    with tempfile.TemporaryDirectory() as folder, Cluster(folder) as cluster:
        os.environ["ALLOTMENT_TEST_POSTGRES"] = f"{cluster.state}/url"
        yield


def expect_alive(client):
    expect(client.get("/healthz").status == 200, "/healthz is no longer 200")


def expect_whole(client, what):
    """All is as before: a page, a command, and what watches it."""
    expect(client.get("/readyz").status == 200, what, "and /readyz is not 200 again")
    expect(client.get("/c/night-garden/circles").status == 200, what, "and a page is not shown")
    answer = client.open_circle(f"{what} {uuid.uuid4()}")
    expect(answer.status == 200, what, "and a command is answered with", answer.status)


def expect_away(server, client, what):
    expect_alive(Client(server))
    expect_unavailable(Client(server).get("/readyz"), f"{what}: /readyz")
    expect_unavailable(client.get("/c/night-garden/circles"), f"{what}: a page")
    key = str(uuid.uuid4())
    expect_unavailable(client.open_circle(what, key), f"{what}: a command")
    page = client.get("/c/night-garden/circles", {"Accept": "text/html"})
    expect(page.status == 503 and "The server is busy" in page.text, what, "the page is", page.text)
    return key


def cut_off_sessions(database):
    database.psql(database.server, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                                   f"WHERE datname = '{database.database}'")


class Sender(threading.Thread):
    """Opens circles, and gives the other commands, each again with its key, to each server in turn,
    until it is acknowledged."""

    def __init__(self, servers, cookies, label, others=()):
        super().__init__()
        self.clients = itertools.cycle([Client(server, cookies) for server in servers])
        self.label = label
        self.commands = [Client.open_circle, *others]
        self.odd, self.refused = [], 0

    def run(self):
        for number in range(EACH):
            for command in self.commands:
                key = str(uuid.uuid4())
                while not self.once(command, f"{self.label} {number}", key):
                    time.sleep(PAUSE)

    def once(self, command, name, key):
        try:
            answer = command(next(self.clients), name, key)
        except (OSError, http.client.HTTPException) as problem:
            self.odd.append(repr(problem))
            return True
        if answer.status not in (200, 503):
            self.odd.append((answer.status, answer.text))
        self.refused += answer.status == 503
        return answer.status != 503


def while_sending(servers, cookies, database, label, disturb, others=()):
    """`disturb` is called again and again until all has been sent; then all circles are there once."""
    senders = [Sender(servers, cookies, f"{label} {k}", others) for k in range(CLIENTS)]
    for sender in senders:
        sender.start()
    while any(sender.is_alive() for sender in senders):
        disturb()
        for sender in senders:
            sender.join(0.05)
    expect(all(sender.odd == [] for sender in senders), label, [one.odd for one in senders])
    rows = database.rows(f"SELECT name FROM circle WHERE name LIKE '{label} %'")
    expect(len(rows) == CLIENTS * EACH and len(set(rows)) == len(rows), label, "left", len(rows))
    return sum(sender.refused for sender in senders)


def test_database():
    with tempfile.TemporaryDirectory() as folder, Cluster(folder) as cluster:
        database = PostgresDatabase(f"{cluster.state}/url")
        with Server([*database.options, "--demo"]) as server:
            client = sign_in(server)
            cut_off_sessions(database)
            expect_whole(client, "each session was ended")
            refused = while_sending([server], client.cookies, database, "cut off",
                                    lambda: cut_off_sessions(database))
            print(f"sessions ended while commands came: {refused} answers of 503, each command once")
            cluster.do("halt")
            key = expect_away(server, client, "no database")
            cluster.do("resume")
            expect_whole(client, "started again")
            expect(client.open_circle("no database", key).status == 200, "the same key")

            times = iter(range(RESTARTS))

            def restart():
                if next(times, None) is not None:
                    cluster.do("halt")
                    cluster.do("resume")
            refused = while_sending([server], client.cookies, database, "restart", restart)
            print(f"database restarted {RESTARTS} times while commands came: {refused} answers of 503, each "
                  "command once")
            expect(server.still_runs(), "the program has ended")


def expect_silent(server, client, key):
    """Nobody waits for ever, and who waits does not keep others from what needs no database."""
    answers = []
    asking = [lambda one: one.open_circle("silent", key), lambda one: one.get("/readyz"),
              lambda one: one.get("/c/night-garden/circles")]
    threads = [threading.Thread(target=lambda ask=ask: answers.append(
        ask(Client(server, client.cookies)))) for ask in asking]
    for thread in threads:
        thread.start()
    expect_alive(Client(server))
    for thread in threads:
        thread.join()
    expect(len(answers) == len(asking), "where the network is silent, some got no answer")
    for answer in answers:
        expect_unavailable(answer, "the network is silent: this")


class Wire:
    """A way from TCP to the socket of PostgreSQL, which can be cut, or silent."""

    def __init__(self, target):
        self.target = target
        self.open, self.flows = True, threading.Event()
        self.flows.set()
        self.ends = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            here, _ = self.listener.accept()
            if not self.open:
                here.close()
                continue
            there = socket.socket(socket.AF_UNIX)
            there.connect(self.target)
            self.ends += [here, there]
            for one, other in ((here, there), (there, here)):
                threading.Thread(target=self.carry, args=(one, other), daemon=True).start()

    def carry(self, one, other):
        with contextlib.suppress(OSError):
            while data := one.recv(65536):
                self.flows.wait()
                other.sendall(data)
        for end in (one, other):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def cut(self):
        self.open = False
        for end in self.ends:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)


def test_network():
    with tempfile.TemporaryDirectory() as folder, Cluster(folder) as cluster:
        database = PostgresDatabase(f"{cluster.state}/url")
        wire = Wire(f"{cluster.folder}/.s.PGSQL.5432")
        url = f"postgres://postgres@127.0.0.1:{wire.port}/{database.database}?sslmode=disable"
        with Server(["--store", url, "--demo"]) as server:
            client = sign_in(server)
            wire.cut()
            key = expect_away(server, client, "the network is cut")
            wire.open = True
            expect_whole(client, "the network is back")
            expect(client.open_circle("the network is cut", key).status == 200, "the same key")
            wire.flows.clear()
            key = str(uuid.uuid4())
            expect_silent(server, client, key)
            wire.flows.set()
            expect_whole(client, "the network speaks again")
            answer = client.open_circle("silent", key)
            expect(answer.status == 200, "the same key is answered with", answer.status)
            rows = database.rows("SELECT name FROM circle WHERE name IN ('the network is cut', "
                                 "'silent')")
            expect(len(rows) == 2, "each command happened once; there are", rows)
            expect(server.still_runs(), "the program has ended")
    print("network cut, silent, and back: answered with 503 and went on")
