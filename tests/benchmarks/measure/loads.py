"""The cost of one load, by instructions and by CPU time, for every peer of a group."""

import sys

from . import instructions

GROUPS = {"load": "env/", "dotenv": "dotenv/"}


def measure(program, part, quick):
    """Group names, each with its peers' figures."""
    figures = {}
    for group, peers in program.peers().items():
        if group.startswith(GROUPS[part]):
            print(f"{group}: {', '.join(peers)}", file=sys.stderr, flush=True)
            figures[group] = measure_group(program, group, peers, quick)
    return figures


def measure_group(program, group, peers, quick):
    folder, environment = program.prepare(group)
    large = group.endswith("/10000")
    repeats = 2 if large else 5 if quick else 20
    rounds, batch_microseconds = (20, 1000) if quick else (200, 3000)
    counted = instructions.of(program, group, folder, environment, peers, repeats)
    timed = program.ask(
        "time", group, folder, str(rounds), str(batch_microseconds), environment=environment
    )
    for line in timed.splitlines():
        peer, nanoseconds = line.split("\t")
        counted[peer]["nanoseconds"] = float(nanoseconds)
    return counted
