"""server_bench.py PROGRAMS [--quick]: `allotment serve` beside hello worlds and nginx, on one machine.

PROGRAMS is the folder of a build. Prints tables as docs/performance.md has them. Each figure is the
median of rounds in which all programs take turns, so that what else runs strikes all alike.
"""

import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

from garden import Garden
from programs import Nginx, Program, file_of

CONNECTIONS = 16  # of the closed loop
RATE = 200        # requests a second of the open loop
WRITES = "a write (settings)"
MIXED = "95 % reads, 5 % writes"
HELLO = "hello, our HTTP server"
BEAST = "hello, Boost.Beast alone"


class Bench:
    def __init__(self, programs, folder, quick):
        self.programs, self.folder = programs, folder
        self.rounds, self.closed_s, self.open_s = (1, 1, 3) if quick else (3, 3, 8)
        self.load = f"{programs}/bench/server_bench_load"
        self.figures = {}
        self.fsyncs = []

    def note(self, row, **figures):
        for name, value in figures.items():
            self.figures.setdefault(row, {}).setdefault(name, []).append(value)

    def of(self, row, name):
        return statistics.median(self.figures[row][name])

    # -- One measurement

    def run_load(self, program, rate, seconds, reads, writes=None, share=0.0, right=(200, 303)):
        more = [] if writes is None else [writes, str(share)]
        before = program.cpu_us()
        out = subprocess.run([self.load, str(program.port), str(rate), str(seconds), reads, *more],
                             check=True, capture_output=True, text=True).stdout
        found = json.loads(out)
        wrong = {status for status in found["status"] if int(status) not in right}
        if wrong:
            raise SystemExit(f"answers with {wrong}")
        found["cpu_us"] = (program.cpu_us() - before) / found["answers"]
        return found

    def closed(self, row, program, path, headers, seconds):
        """By wrk, which everybody knows."""
        before = program.cpu_us()
        options = [part for name, value in headers.items() for part in ("-H", f"{name}: {value}")]
        out = subprocess.run(["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", *options,
                              f"http://localhost:{program.port}{path}"],
                             check=True, capture_output=True, text=True).stdout
        if "Non-2xx" in out or "Socket errors" in out:
            raise SystemExit(f"{row}: wrk met errors\n{out}")
        answers = int(re.search(r"(\d+) requests in", out)[1])
        self.note(row, per_second=float(re.search(r"Requests/sec:\s+([\d.]+)", out)[1]),
                  cpu_us=(program.cpu_us() - before) / answers)

    def open(self, row, program, reads, right, **writes):
        found = self.run_load(program, RATE, self.open_s, reads, right=right, **writes)
        self.note(row, p50=found["p50_ms"], p99=found["p99_ms"], largest=found["max_ms"],
                  cpu_open_us=found["cpu_us"])

    def both(self, row, program, path, headers, raw, right=200):
        self.closed(row, program, path, headers, self.closed_s)
        self.open(row, program, file_of(self.folder, [raw]), (right,))

    def write_alone(self, garden, program, reads):
        """The disk right before, in the same folder."""
        per_second = fsyncs_a_second(self.folder)
        self.fsyncs.append(per_second)
        most = file_of(self.folder, garden.writes(min(20_000, int(self.closed_s * 2500))))
        found = self.run_load(program, 0, self.closed_s, reads, writes=most, share=1)
        self.note(WRITES, per_second=found["answers"] / found["seconds"], cpu_us=found["cpu_us"])
        some = file_of(self.folder, garden.writes(int(RATE * self.open_s * 1.3)))
        self.open(WRITES, program, reads, (303,), writes=some, share=1)

    def mixed(self, garden, program, reads):
        writes = file_of(self.folder, garden.writes(int(RATE * self.open_s * 0.1) + 50))
        self.open(MIXED, program, reads, (200, 303, 304), writes=writes, share=0.05)

    # -- All of them

    def measure(self):
        data = f"{self.folder}/data"
        os.makedirs(data)
        subprocess.run([f"{self.programs}/bench/server_bench_plant", data], check=True)
        serve = [f"{self.programs}/allotment", "serve", "--demo", "--data", data, "--listen", "127.0.0.1:0"]
        self.start_times(serve, data)
        ours = Program(serve, self.folder, "ours")
        self.rss_start = ours.rss_mb()
        garden = Garden(ours)
        self.page_bytes = garden.page_bytes
        hello = Program([f"{self.programs}/bench/server_bench_hello"], self.folder, "hello")
        beast = Program([f"{self.programs}/bench/server_bench_beast"], self.folder, "beast")
        nginx = Nginx(f"{self.folder}/nginx", os.urandom(garden.page_bytes))
        reads = file_of(self.folder, garden.reads())
        try:
            for number in range(self.rounds):
                print(f"round {number + 1} of {self.rounds}", file=sys.stderr)
                for row, one, path in ((BEAST, beast, "/"), (HELLO, hello, "/"), (self.nginx_row(), nginx, "/page")):
                    raw = f"GET {path} HTTP/1.1\r\nHost: localhost:{one.port}\r\n\r\n".encode()
                    self.both(row, one, path, {}, raw)
                for row, (path, headers, right) in garden.requests.items():
                    self.both(row, ours, path, headers, garden.raw("GET", path, headers), right)
                self.write_alone(garden, ours, reads)
                self.mixed(garden, ours, reads)
            self.rss_end = ours.rss_mb()
        finally:
            for one in (ours, hello, beast, nginx):
                one.end()

    def nginx_row(self):
        return f"nginx, a file of {self.page_bytes / 1000:.0f} kB"

    def start_times(self, serve, data):
        self.starts, self.first_starts = [], []
        for number in range(11):
            one = Program(serve, self.folder, "start")
            self.starts.append(one.start_ms)
            one.end()
            fresh = f"{self.folder}/fresh{number}"
            one = Program([fresh if part == data else part for part in serve], self.folder, "start")
            self.first_starts.append(one.start_ms)
            one.end()
            shutil.rmtree(fresh)

    # -- Tables

    def table(self):
        hello, nginx = self.of(HELLO, "per_second"), self.of(self.nginx_row(), "per_second")
        print("| what | requests/s | by hello | by nginx | CPU us | CPU us at 200/s | p50 ms | p99 ms | largest |")
        print("|---|---|---|---|---|---|---|---|---|")
        for row, found in self.figures.items():
            cells = [row] + [""] * 4
            if "per_second" in found:
                rate = self.of(row, "per_second")
                cells[1:] = [f"{rate:,.0f}", ratio(rate, hello), ratio(rate, nginx), f"{self.of(row, 'cpu_us'):,.0f}"]
            cells += [f"{self.of(row, 'cpu_open_us'):,.0f}", f"{self.of(row, 'p50'):.2f}", f"{self.of(row, 'p99'):.2f}",
                      f"{max(found['largest']):.1f}"]
            print("| " + " | ".join(cells) + " |")
        print(f"\nThe disk: {statistics.median(self.fsyncs):,.0f} fsync/s (4 KiB and fdatasync, in the same folder, "
              f"before each round of writes: {', '.join(f'{one:,.0f}' for one in self.fsyncs)}).\n")

    def goals(self):
        stripped = stripped_mb(f"{self.programs}/allotment", self.folder)
        start, first = statistics.median(self.starts), statistics.median(self.first_starts)
        rss = max(self.rss_start, self.rss_end)
        p99 = self.of(MIXED, "p99")
        print("| what | goal | measured | |\n|---|---|---|---|")
        for what, goal, found, words in (
                ("start to `ready`", 100, start, f"{start:.0f} ms (median of 11; {max(self.starts):.0f} the longest)"),
                ("first start, with tables and demo", 100, first, f"{first:.0f} ms (median of 11)"),
                ("RSS, 200 members", 45, rss, f"{self.rss_start:.0f} MB at start, {self.rss_end:.0f} MB after the run"),
                ("stripped program", 15, stripped, f"{stripped:.1f} MB"),
                (f"calendar p99, warm, 200 series, {RATE}/s", 2, self.of("a calendar of 200 series", "p99"),
                 f"{self.of('a calendar of 200 series', 'p99'):.2f} ms"),
                (f"calendar p50, 304, {RATE}/s", 0.3, self.of("a calendar of 200 series, 304", "p50"),
                 f"{self.of('a calendar of 200 series, 304', 'p50'):.2f} ms"),
                (f"page p99, {MIXED}, {RATE}/s", 50, p99, f"{p99:.1f} ms")):
            unit = "ms" if "ms" in words else "MB"
            print(f"| {what} | {goal} {unit} | {words} | {'met' if found < goal else 'missed'} |")


def ratio(a, b):
    return f"{a / b:.2f}" if a / b >= 0.1 else f"{a / b:.3f}"


def fsyncs_a_second(folder, seconds=2.0):
    block, count = b"x" * 4096, 0
    with tempfile.TemporaryFile(dir=folder) as file:
        began = time.monotonic()
        while time.monotonic() - began < seconds:
            os.pwrite(file.fileno(), block, count % 1024 * 4096)
            os.fdatasync(file.fileno())
            count += 1
        return count / (time.monotonic() - began)


def stripped_mb(program, folder):
    subprocess.run(["strip", "-o", f"{folder}/stripped", program], check=True)
    return os.path.getsize(f"{folder}/stripped") / 1e6


def main():
    quick = "--quick" in sys.argv[1:]
    load_before = os.getloadavg()
    # Not below /tmp, which may be memory: the disk is measured too.
    with tempfile.TemporaryDirectory(prefix="server-bench-", dir=sys.argv[1]) as folder:
        bench = Bench(os.path.abspath(sys.argv[1]), os.path.abspath(folder), quick)
        bench.measure()
        bench.table()
        bench.goals()
    print(f"\nLoad of the machine before: {load_before[0]:.1f} (1 minute), {load_before[1]:.1f} (5 minutes), "
          f"{os.cpu_count()} processors.")


if __name__ == "__main__":
    main()
