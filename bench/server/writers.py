"""writers.py PROGRAMS: what writes to SQLite wait for, and what group commit could save at most.

PROGRAMS is the folder of a build. The same server is measured with its data on the disk, and in memory,
where fsync costs nothing: nothing that shares fsyncs can be faster. Then once more on the disk, where
strace makes each fsync last longer, as that of a tired machine. Each figure is the median of rounds in
which all take turns.
"""

import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time

from garden import Garden
from programs import Program, file_of
from server_bench import RATE, fsyncs_a_second

ROUNDS, WRITERS, AT_ONCE = 3, (1, 4, 16), 600
LONGEST_S, OPEN_S = 20, 8
SLOW_MS = 10  # an fsync of a memory card, or of a busy disk of turning plates
SYNCS = "trace=fsync,fdatasync"
MEMORY = "/dev/shm"


class Served:
    """`allotment serve` with 200 members in `folder`, perhaps below strace."""

    def __init__(self, programs, folder, name, below=()):
        self.folder = os.path.join(folder, name)
        os.makedirs(self.folder)
        self.load = f"{programs}/bench/server_bench_load"
        data = os.path.join(self.folder, "data")
        os.makedirs(data)
        subprocess.run([f"{programs}/bench/server_bench_plant", data], check=True)
        self.program = Program([*below, f"{programs}/allotment", "serve", "--demo", "--data", data,
                                "--listen", "127.0.0.1:0"], self.folder, "served")
        self.garden = Garden(self.program)
        self.reads = file_of(self.folder, self.garden.reads())

    def run(self, rate, seconds, writes, share, connections=16):
        out = subprocess.run([self.load, str(self.program.port), str(rate), str(seconds), self.reads,
                              file_of(self.folder, writes), str(share), str(connections)],
                             check=True, capture_output=True, text=True).stdout
        found = json.loads(out)
        if any(int(status) not in (200, 303, 304) for status in found["status"]):
            raise SystemExit(f"answers with {found['status']}")
        return found

    def writes_a_second(self, writers):
        found = self.run(0, LONGEST_S, self.garden.writes(AT_ONCE), 1, writers)
        return found["answers"] / found["seconds"]

    def mixed(self):
        """A twentieth of the requests writes."""
        return self.run(RATE, OPEN_S, self.garden.writes(int(RATE * OPEN_S * 0.1) + 50), 0.05)


def share_of_syncs(served, trace, writers):
    """Which part of the time somebody waited for the disk, as strace sees it."""
    began = time.time()
    rate = served.writes_a_second(writers)
    seconds = AT_ONCE / rate
    with open(trace, encoding="utf-8") as file:
        lines = [re.search(r"^\d+ +(\d+\.\d+) .*<(\d+\.\d+)>$", line) for line in file]
    waited = [float(one[2]) for one in lines if one and float(one[1]) >= began]
    return min(1.0, sum(waited) / seconds), len(waited) / AT_ONCE


def measure(programs, disk, memory):
    trace = os.path.join(disk, "trace")
    strace = ["strace", "-f", "-I2", "--seccomp-bpf", "-e", SYNCS]
    kinds = {"disk": Served(programs, disk, "disk"), "memory": Served(programs, memory, "memory"),
             "slow": Served(programs, disk, "slow", [*strace, "-o", "/dev/null", "-e", "signal=none", "-e",
                                                     f"inject=fsync,fdatasync:delay_exit={SLOW_MS * 1000}"])}
    traced = Served(programs, disk, "traced", [*strace, "-ttt", "-T", "-o", trace])
    found, shares, syncs = {}, {}, []
    try:
        for number in range(ROUNDS):
            print(f"round {number + 1} of {ROUNDS}", file=sys.stderr)
            syncs.append(fsyncs_a_second(disk))
            for writers in WRITERS:
                for kind, served in kinds.items():
                    found.setdefault((kind, writers), []).append(served.writes_a_second(writers))
                shares.setdefault(writers, []).append(share_of_syncs(traced, trace, writers))
            for kind, served in kinds.items():
                found.setdefault((kind, "mixed"), []).append(served.mixed())
    finally:
        for served in (*kinds.values(), traced):
            served.program.end()
    return found, shares, syncs


def tell(found, shares, syncs):
    print(f"| writers | writes/s | {SLOW_MS} ms an fsync | fsync costs nothing | at most faster by | time in fsync "
          "| fsyncs a write |\n|---|---|---|---|---|---|---|")
    for writers in WRITERS:
        disk, slow, memory = (statistics.median(found[kind, writers]) for kind in ("disk", "slow", "memory"))
        share, each = (statistics.median(values) for values in zip(*shares[writers]))
        print(f"| {writers} | {disk:,.0f} | {slow:,.0f} | {memory:,.0f} | {memory / disk:.2f} | {share:.0%} "
              f"| {each:.2f} |")
    print(f"\n| {RATE} requests/s, 5 % of them write | p50 ms | p99 ms |\n|---|---|---|")
    for kind, words in (("disk", "as it is"), ("slow", f"{SLOW_MS} ms an fsync"),
                        ("memory", "fsync costs nothing")):
        middle, high = (statistics.median(one[name] for one in found[kind, "mixed"])
                        for name in ("p50_ms", "p99_ms"))
        print(f"| {words} | {middle:.2f} | {high:.2f} |")
    print(f"\nThe disk: {statistics.median(syncs):,.0f} fsync/s ({', '.join(f'{one:,.0f}' for one in syncs)}). "
          f"Load of the machine: {os.getloadavg()[1]:.1f} (5 minutes).")


def main():
    programs = os.path.abspath(sys.argv[1])
    with (tempfile.TemporaryDirectory(prefix="writers-", dir=programs) as disk,
          tempfile.TemporaryDirectory(prefix="writers-", dir=MEMORY) as memory):
        tell(*measure(programs, disk, memory))


if __name__ == "__main__":
    main()
