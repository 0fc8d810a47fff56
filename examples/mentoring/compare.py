#!/usr/bin/env python3
"""Prints the table of docs/fairness.md: one round under several rules.

    python3 examples/mentoring/compare.py build/release/allotment

Needs Python 3 and nothing else. The rounds are written to a temporary folder and removed.
"""
import csv
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).parent
RULES = [
    ("sum", ["--objective", "sum"]),
    ("leximin", ["--objective", "leximin"]),
    ("maxmin", ["--objective", "maxmin"]),
    ("floor:0.3", ["--objective", "floor:0.3"]),
    ("floor:0.4", ["--objective", "floor:0.4"]),
    ("lottery, cap 1/2, seed 1", ["--pair-cap", "1/2", "--seed", "1"]),
    ("lottery, cap 1/4, seed 1", ["--pair-cap", "1/4", "--seed", "1"]),
]


def fits(program, options, out):
    """The fits of a round's pairs, ascending; None where there is no such round."""
    command = [program, "round", "--offers", HERE / "offers.csv", "--asks", HERE / "asks.csv",
               "--at", "2027-01-11", "--out", out, *options]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode == 3:
        return None
    if done.returncode != 0:
        sys.exit(done.stderr)
    with open(out / "pairings.csv", encoding="utf-8") as file:
        return sorted(float(row["score"]) for row in csv.DictReader(file))


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    with open(HERE / "asks.csv", encoding="utf-8-sig") as file:
        asks = sum(1 for _ in csv.DictReader(file))
    print("| rule | sum of fits | worst off | fits below 0.5 | below 0.75 | fits of 1 | unserved |")
    print("|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for k, (name, options) in enumerate(RULES):
            s = fits(sys.argv[1], options, pathlib.Path(folder) / str(k))
            if s is None:
                print(f"| {name} | no such round | | | | | |")
                continue
            print(f"| {name} | {sum(s):.4f} | {s[0]:.4f} | {sum(x < 0.5 for x in s)} "
                  f"| {sum(x < 0.75 for x in s)} | {sum(x >= 0.9999 for x in s)} "
                  f"| {asks - len(s)} |")


if __name__ == "__main__":
    main()
