"""What fetching fifty secrets from real servers takes over a line with a delay: wall time, connections, requests."""

import os
import statistics
import subprocess
import sys

from .paths import BENCHMARKS, TARGET, WORK

ROUNDS, QUICK_ROUNDS = 21, 3


def measure(quick):
    """The load of the machine, and for each scene, delay and client the median, the quartiles and the counts."""
    binary = built()
    before = os.getloadavg()[0]
    print("secrets: fetches", file=sys.stderr, flush=True)
    # No variable of the caller's may lead a client elsewhere.
    environment = {name: os.environ[name] for name in ("PATH", "HOME", "CARGO_TARGET_DIR") if name in os.environ}
    WORK.mkdir(parents=True, exist_ok=True)
    lines = WORK / "secrets.tsv"
    with lines.open("w") as output:
        if subprocess.run([binary, str(QUICK_ROUNDS if quick else ROUNDS)], env=environment, stdout=output).returncode:
            sys.exit("the fetches of secrets stopped")
    return {
        "load": [before, os.getloadavg()[0]],
        "rounds": QUICK_ROUNDS if quick else ROUNDS,
        "scenes": summary(line.split("\t") for line in lines.read_text().splitlines()),
    }


def built():
    """A dev build: what takes the time is the line, and a release build of the AWS SDK takes an hour of a small machine."""
    environment = {**os.environ, "CARGO_TARGET_DIR": str(TARGET)}
    if subprocess.run(["cargo", "build", "--locked"], cwd=BENCHMARKS / "secrets", env=environment).returncode:
        sys.exit("the program that fetches secrets does not compile")
    return TARGET / "debug" / "configcheck-benchmark-secrets"


def summary(lines):
    taken = {}
    for scene, client, delay, seconds, connections, requests in lines:
        runs = taken.setdefault(scene, {}).setdefault(delay, {}).setdefault(client, [])
        runs.append((float(seconds), int(connections), int(requests)))
    return {
        scene: {delay: {client: figures(runs) for client, runs in clients.items()} for delay, clients in delays.items()}
        for scene, delays in taken.items()
    }


def figures(runs):
    seconds = sorted(run[0] for run in runs)
    lower, _, upper = statistics.quantiles(seconds, n=4) if len(seconds) > 1 else seconds * 3
    return {
        "runs": len(runs),
        "seconds": statistics.median(seconds),
        "quartiles": [lower, upper],
        "least": seconds[0],
        "most": seconds[-1],
        "connections": sorted({run[1] for run in runs}),
        "requests": sorted({run[2] for run in runs}),
    }
