"""The real program on a database of its own, and somebody who is signed in."""

import contextlib
import http.client
import json
import os
import random
import re
import signal
import sqlite3
import subprocess
import tempfile
import threading
import time
import urllib.parse
import uuid

HERE = os.path.dirname(os.path.realpath(__file__))
PROGRAM = os.environ.get("ALLOTMENT_PROGRAM", f"{HERE}/../../build/release/allotment")
CLUSTER = f"{HERE}/../postgres/cluster"
NOBODY = 65534
START_SECONDS = 60  # generous: under sanitizers, on a busy machine
ANSWER_SECONDS = 60  # an answer that takes longer counts as none: a hang
PATIENCE = 120  # seconds for all else; generous, and nothing that is shown depends on it


class Failed(Exception):
    """What the program should have survived and did not."""


def expect(truth, *words):
    if not truth:
        raise Failed(" ".join(str(word) for word in words))


def until(what, why):
    """Waits until `what()` is true. What never comes is a failure, not a test that hangs."""
    end = time.monotonic() + PATIENCE
    while not what():
        expect(time.monotonic() < end, f"still not after {PATIENCE} seconds:", why)
        time.sleep(0.05)


def lives(pid):
    """Whether there is such a process, and not only what nobody has asked about yet."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8") as file:
            return file.read().rpartition(")")[2].split()[0] not in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return False


def rounds_and_seed(given, few, many):
    """What was given, or `few`, or `many` in `script/test --all`; and the seed, which is printed."""
    rounds = int(given[0]) if given else many if os.environ.get("ALLOTMENT_TEST_ALL") else few
    seed = int(given[1]) if len(given) > 1 else random.SystemRandom().randrange(1 << 32)
    print(f"seed {seed}", flush=True)
    return rounds, seed


class Server:
    """`allotment serve` from its line `ready`. Ends with SIGKILL: nothing is put in order."""

    def __init__(self, options, prefix=(), **popen):
        self.errors = tempfile.TemporaryFile(mode="w+", encoding="utf-8")
        self.child = subprocess.Popen(
            [*prefix, PROGRAM, "serve", "--listen", "localhost:0", *options], text=True,
            encoding="utf-8", stdout=subprocess.PIPE, stderr=self.errors, **popen)
        self.lines = {}
        late = threading.Timer(START_SECONDS, self.child.kill)
        late.start()
        for line in self.child.stdout:
            word, _, address = line.strip().partition(" ")
            self.lines[word] = urllib.parse.urlsplit(address)
            if word in ("sign-in", "begin"):
                break
        late.cancel()
        if "ready" not in self.lines:
            self.child.wait()
            raise Failed(f"the program ended with {self.child.returncode} before it was ready: "
                         f"{self.log()[-2000:]}")
        self.port = self.lines["ready"].port

    def log(self):
        # Opened once more: the program writes where this one stands.
        with open(f"/proc/self/fd/{self.errors.fileno()}", encoding="utf-8") as file:
            return file.read()

    def kill(self, how=signal.SIGKILL):
        self.child.send_signal(how)
        self.child.wait()
        self.child.stdout.close()
        self.errors.close()

    def still_runs(self):
        return self.child.poll() is None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.child.returncode is None:
            self.kill()


class Answer:
    def __init__(self, response):
        self.status = response.status
        self.type = response.getheader("content-type", "")
        self.cookies = response.headers.get_all("set-cookie") or []
        self.text = response.read().decode("utf-8")

    def json(self):
        return json.loads(self.text)


class Client:
    """Somebody with the cookies of a browser. One thread."""

    def __init__(self, server, cookies=""):
        self.port = server.port
        self.cookies = cookies
        self.wire = None

    def ask(self, method, path, body=None, headers=None):
        """Raises OSError or HTTPException where there is no whole answer."""
        if self.wire is None:
            self.wire = http.client.HTTPConnection("127.0.0.1", self.port, timeout=ANSWER_SECONDS)
        sent = {"Host": f"localhost:{self.port}", "Cookie": self.cookies,
                "Accept": "application/json", **(headers or {})}
        try:
            self.wire.request(method, path, body, sent)
            return Answer(self.wire.getresponse())
        except (OSError, http.client.HTTPException):
            self.close()
            raise

    def close(self):
        if self.wire is not None:
            self.wire.close()
            self.wire = None

    def get(self, path, headers=None):
        return self.ask("GET", path, headers=headers)

    def command(self, path, fields, key=None, headers=None):
        return self.ask("POST", path, json.dumps(fields),
                        {"Content-Type": "application/json",
                         "Idempotency-Key": key or str(uuid.uuid4()), **(headers or {})})

    def open_circle(self, name, key=None):
        return self.command("/c/night-garden/circles", {
            "name": name, "kind": "lab", "issue": "What is left after the light went out?",
            "way_quarter": "Look at one plot."}, key)


def sign_in(server):
    """The steward of the invented people."""
    client = Client(server)
    answer = client.command(server.lines["sign-in"].path, {})
    expect(answer.status == 200, "signing in was answered with", answer.status, answer.text)
    client.cookies = "; ".join(cookie.partition(";")[0] for cookie in answer.cookies)
    return client


def expect_unavailable(answer, what):
    """A clear 503: problem details with words for people, and nothing of the database in them."""
    expect(answer.status == 503, what, "was answered with", answer.status, answer.text[:300])
    expect(answer.type.startswith("application/problem+json"), what, "has the type", answer.type)
    said = answer.json()
    expect(said["title"] == "The server is busy" and said["status"] == 503, what, "says", said)
    expect(not re.search(r"sql|disk|/tmp", answer.text, re.IGNORECASE), what, "tells", said)


class SqliteDatabase:
    """A folder for data."""
    name = "SQLite"

    def __init__(self, folder):
        self.folder = folder
        self.file = f"{folder}/allotment.sqlite"
        self.options = ["--data", folder]

    def rows(self, sql):
        with contextlib.closing(sqlite3.connect(self.file)) as link:
            return link.execute(sql).fetchall()

    def check(self):
        expect(self.rows("PRAGMA integrity_check") == [("ok",)], "the file is damaged")
        expect(not self.rows("PRAGMA foreign_key_check"), "a reference leads nowhere")


class PostgresDatabase:
    """A fresh one, or that of this name, in a cluster, whose address `url_file` holds, as tests/postgres
    writes it."""
    name = "PostgreSQL"

    def __init__(self, url_file, database=None):
        with open(url_file, encoding="utf-8") as file:
            pattern = file.readline().strip()
        self.database = database or f"faults_{uuid.uuid4().hex}"
        self.server = pattern.replace("DATABASE", "postgres")
        self.url = pattern.replace("DATABASE", self.database)
        self.options = ["--store", self.url]
        if database is None:
            self.psql(self.server, f"CREATE DATABASE {self.database}")

    @staticmethod
    def psql(url, sql):
        done = subprocess.run(["psql", "-XAtq", "-F", "\t", "-v", "ON_ERROR_STOP=1", "-d", url,
                               "-c", sql], capture_output=True, text=True, check=False)
        expect(done.returncode == 0, "psql:", done.stderr)
        return [tuple(line.split("\t")) for line in done.stdout.splitlines()]

    def rows(self, sql):
        return self.psql(self.url, sql)

    def check(self):
        """Keys and references are checked by PostgreSQL itself."""

    def drop(self):
        self.psql(self.server, f"DROP DATABASE {self.database} WITH (FORCE)")


@contextlib.contextmanager
def database_of(engine, folder):
    if engine == "sqlite":
        yield SqliteDatabase(f"{folder}/data")
        return
    database = PostgresDatabase(os.environ["ALLOTMENT_TEST_POSTGRES"])
    try:
        yield database
    finally:
        database.drop()


class Cluster:
    """A PostgreSQL of this test alone, which may be ended and started."""

    def __init__(self, folder, follows=None):
        self.state = f"{folder}/{'postgres' if follows is None else 'standby'}"
        self.do(*(["start"] if follows is None else ["standby", follows.state]))
        with open(f"{self.state}/folder", encoding="utf-8") as file:
            self.folder = file.read().strip()

        self.is_promoted = False

    def kill(self):
        """Returns its processes, each of which goes on until it sees that it is alone."""
        with open(f"{self.folder}/data/postmaster.pid", encoding="utf-8") as file:
            pid = int(file.readline())
        with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as file:
            left = [int(one) for one in file.read().split()]
        os.kill(pid, signal.SIGKILL)
        return left

    def do(self, what, *more):
        done = subprocess.run([CLUSTER, what, self.state, *more], capture_output=True, text=True,
                              check=False)
        expect(done.returncode == 0, f"cluster {what}:", done.stdout, done.stderr)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.do("stop")
