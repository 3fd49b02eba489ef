"""Builds both programs, runs them in turn, and prints the table of docs/guide/memory.md.

Needs Linux, cargo and Python 3.10. Times are CPU times, the least of all rounds; read the ratios."""

import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
TARGET = Path(os.environ.get("CARGO_TARGET_DIR") or HERE / "target")
ROUNDS = int(sys.argv[1]) if len(sys.argv) > 1 else 5


def measured(program):
    done = subprocess.run([TARGET / "release" / program], capture_output=True, text=True, check=True)
    return dict(line.split("\t") for line in done.stdout.splitlines())


def least(rounds, name):
    return min(float(figures[name]) for figures in rounds)


def row(what, without, with_it):
    print(f"| {what} | {shown(without)} | {shown(with_it)} | {with_it / without:.2f} |")


def shown(nanoseconds):
    return f"{nanoseconds / 1000:.1f} µs" if nanoseconds >= 1000 else f"{nanoseconds:.0f} ns"


subprocess.run(["cargo", "build", "--release", "--locked", "--bins"], cwd=HERE, check=True)
turns = [(measured("system"), measured("wiping")) for _ in range(ROUNDS)]
system, wiping = zip(*turns)
print("| work | without | with | ratio |\n|---|---|---|---|")
for size in (64, 1024, 16384):
    row(f"allocate, fill and free {size} bytes, nobody loads", least(system, f"allocate {size}"), least(wiping, f"allocate {size}"))
    row(f"the same while somebody loads", least(system, f"allocate {size}"), least(wiping, f"wipe {size}"))
row("a load of 100 fields, 50 of them secret, from the environment", least(system, "load"), least(wiping, "load"))
row(f"a text of 66 bytes in a `String` and in a `LockedString` ({system[0]['keeping']})", least(system, "string"), least(system, "locked"))
print(f"| `harden()` | | {shown(least(system, 'harden'))} | |")
print(f"| `take_secrets` of 50 variables | | {shown(least(system, 'take'))} | |")
