"""The disk under SQLite: full, read-only, and the file moved away or replaced."""

import contextlib
import os
import resource
import shutil
import signal
import sqlite3
import subprocess
import tempfile
import uuid

import outage
from program import (NOBODY, PROGRAM, Client, Failed, Server, SqliteDatabase, expect,
                     expect_unavailable, sign_in)


def fill(client, most=20_000):
    """Sends commands until one is refused. Returns the refusal and what was acknowledged."""
    kept = []
    for number in range(most):
        name = f"full {number}"
        key = str(uuid.uuid4())
        answer = client.open_circle(name, key)
        if answer.status != 200:
            return answer, name, key, kept
        kept.append(name)
    raise Failed(f"{most} commands, and the disk is not full")


def check_full(server, client, database, make_room, what):
    answer, name, key, kept = fill(client)
    expect_unavailable(answer, what)
    outage.expect_alive(Client(server))
    expect_unavailable(Client(server).get("/readyz"), f"{what}: /readyz")
    expect(client.get("/c/night-garden/circles").status == 200, what, ": reading goes on")
    make_room()
    outage.expect_whole(client, f"{what}, then room")
    expect(client.open_circle(name, key).status == 200, what, ": the same command again")
    database.check()
    rows = [row[0] for row in database.rows("SELECT name FROM circle WHERE name LIKE 'full %'")]
    expect(sorted(rows) == sorted([*kept, name]), what, ": kept", len(kept), "found", len(rows))
    print(f"{what}: a clear 503 after {len(kept)} commands, all there, and went on")


def test_file_limit():
    """A file that may not grow, for this process alone: works without mounting anything."""
    def may_grow(pid, size):
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
    with tempfile.TemporaryDirectory() as folder:
        database = SqliteDatabase(f"{folder}/data")
        with Server([*database.options, "--demo"]) as server:
            client = sign_in(server)
            size = max(os.path.getsize(f"{database.file}{end}") for end in ("", "-wal"))
            may_grow(server.child.pid, size + (1 << 18))
            check_full(server, client, database,
                       lambda: may_grow(server.child.pid, resource.RLIM_INFINITY),
                       "a file that may not grow")


@contextlib.contextmanager
def small_disk(folder):
    """None where this machine does not let anybody mount."""
    os.mkdir(folder)
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "allotment-test", folder],
                          capture_output=True, check=False)
    if done.returncode != 0:
        yield None
        return
    try:
        yield folder
    finally:
        subprocess.run(["umount", folder], check=True)


def test_full_disk():
    with tempfile.TemporaryDirectory() as folder, small_disk(f"{folder}/disk") as disk:
        if disk is None:
            print("a full disk: not tried, nothing can be mounted here")
            return
        with open(f"{disk}/ballast", "wb") as file:
            file.write(bytes(1 << 20))
        database = SqliteDatabase(f"{disk}/data")
        with Server([*database.options, "--demo"]) as server:
            check_full(server, sign_in(server), database, lambda: os.remove(f"{disk}/ballast"),
                       "a full disk")


def as_nobody():
    """Root may write everywhere: then the program runs as somebody who may not."""
    if os.geteuid() != 0:
        return []
    return ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]


def test_read_only_folder():
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        # Nobody may not be able to enter the folder of the build.
        program = shutil.copy(PROGRAM, f"{folder}/allotment")
        database = SqliteDatabase(f"{folder}/data")
        with Server([*database.options, "--demo"]):
            pass
        for place, dirs, files in os.walk(database.folder):
            for name in [place, *(os.path.join(place, one) for one in dirs + files)]:
                os.chmod(name, 0o555 if os.path.isdir(name) else 0o444)
        done = subprocess.run(
            [*as_nobody(), program, "serve", "--listen", "localhost:0", *database.options],
            capture_output=True, text=True, timeout=60, check=False)
        expect(done.returncode == 1, "a read-only folder ends with", done.returncode, done.stdout)
        expect(f"{database.file} cannot be written" in done.stderr, "it says", done.stderr)
        os.chmod(database.folder, 0o755)
        print("a read-only folder:", done.stderr.strip())


def expect_out_of_place(server, client, what):
    outage.expect_alive(Client(server))
    expect_unavailable(Client(server).get("/readyz"), f"{what}: /readyz")
    expect_unavailable(client.get("/c/night-garden/circles"), f"{what}: a page")
    expect_unavailable(client.open_circle(what), f"{what}: a command")
    expect("put it back" in server.log(), what, ": the log does not say what to do")


def test_file_out_of_place():
    with tempfile.TemporaryDirectory() as folder:
        database = SqliteDatabase(f"{folder}/data")
        other = SqliteDatabase(f"{folder}/other")
        with Server([*other.options, "--demo"]) as server:
            server.kill(signal.SIGTERM)
        with Server([*database.options, "--demo"]) as server:
            client = sign_in(server)
            outage.expect_whole(client, "before")
            os.rename(database.file, f"{folder}/away")
            expect_out_of_place(server, client, "moved away")
            expect(not os.path.exists(database.file), "an empty database was begun in its place")
            os.rename(f"{folder}/away", database.file)
            outage.expect_whole(client, "put back")
            os.rename(database.file, f"{folder}/away")
            shutil.copy(other.file, database.file)
            with open(other.file, "rb") as file:
                before = file.read()
            expect_out_of_place(server, client, "replaced")
            with open(database.file, "rb") as file:
                expect(file.read() == before, "the file in its place was written to")
            os.rename(f"{folder}/away", database.file)
            outage.expect_whole(client, "put back after another")
            database.check()
            expect(server.still_runs(), "the program has ended")
        names = {row[0].split(" ")[0] for row in database.rows("SELECT name FROM circle")}
        expect({"before", "put"} <= names and "moved" not in names, "there are", names)
    print("a file moved away or replaced: a clear 503, nothing accepted meanwhile, and went on")


def test_held_by_another():
    """Another program holds the lock of the file and does not let go: somebody looks into it."""
    with tempfile.TemporaryDirectory() as folder:
        database = SqliteDatabase(f"{folder}/data")
        with Server([*database.options, "--demo"]) as server:
            client = sign_in(server)
            with contextlib.closing(sqlite3.connect(database.file, isolation_level=None)) as link:
                link.execute("BEGIN IMMEDIATE")
                expect_unavailable(client.open_circle("held"), "a file that another holds")
                page = client.get("/c/night-garden/circles")
                expect(page.status == 200, "meanwhile a page is answered with", page.status)
            outage.expect_whole(client, "let go")
            expect(database.rows("SELECT 1 FROM circle WHERE name = 'held'") == [], "it happened")
    print("a file that another program holds: a clear 503, reading goes on, and went on")


def test():
    test_file_limit()
    test_held_by_another()
    test_full_disk()
    test_read_only_folder()
    test_file_out_of_place()
