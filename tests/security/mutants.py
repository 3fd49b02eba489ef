#!/usr/bin/env python3
"""Changes the code in small ways, one after the other, and counts the changes that no test notices.

    python3 tests/security/mutants.py                          # every area, some hours
    python3 tests/security/mutants.py redaction opener         # these areas
    python3 tests/security/mutants.py loader --sample 10       # every tenth mutant of the area
    python3 tests/security/mutants.py loader --files sources/  # only files with this in their path
    python3 tests/security/mutants.py --read                   # no run: counts what earlier runs left

Needs cargo-mutants 27 (`cargo install cargo-mutants --locked --version 27.1.0`). A mutant is tried with the tests of its own crate first, which
takes seconds; what survives them is tried with the behaviour tests of the whole product. What survives both has to stand in mutants.md with
its reason. Exit code 1: an area has a survivor that stands nowhere, or notices fewer than it has to.

The results stay below target/mutants/results, one folder for each area, and later runs add to them. A result counts for as long as the mutant
is listed under the same name, which has its line in it; delete the folder of an area to start anew.
"""

import argparse
import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LIST = Path(__file__).with_name("mutants.md")
WORK = ROOT / "target" / "mutants"

# The tests that hold the product's behaviour as a whole; without servers, so that a mutant takes seconds.
WIDER = ["loading", "derive", "leaks", "references"]


@dataclass(frozen=True)
class Area:
    """Files that are changed, the package that they belong to, and what is asked of its tests."""

    package: str
    files: tuple[str, ...]
    # The test programs of the package itself.
    own: tuple[str, ...] = ("--lib",)
    wider: bool = True
    # The share of mutants that have to be noticed; `None` where no unexplained survivor is allowed.
    least: float | None = None


def crate(name, *files):
    return tuple(f"crates/{name}/src/{file}" for file in files)


AREAS = {
    "redaction": Area(
        "configcheck-core",
        crate("configcheck-core", "secret.rs", "wipe.rs", "display.rs", "display/*.rs", "diagnostic.rs", "snapshot.rs"),
    ),
    "references": Area("configcheck-core", crate("configcheck-core", "reference.rs", "reference/*.rs")),
    "rendering": Area("configcheck-loader", crate("configcheck-loader", "render/*.rs")),
    "formats": Area("configcheck-cli", crate("configcheck-cli", "formats/**"), own=("--bins",), wider=False),
    "opener": Area("configcheck-files", crate("configcheck-files", "**"), own=("--lib", "--tests"), wider=False),
    "core": Area("configcheck-core", crate("configcheck-core", "**"), least=0.9),
    "checks": Area("configcheck-checks", crate("configcheck-checks", "**"), least=0.9),
    "loader": Area("configcheck-loader", crate("configcheck-loader", "**"), least=0.9),
}


def cargo_mutants(area, *arguments, **keywords):
    command = ["cargo", "mutants", "--package", area.package, "--all-features", "--colors", "never"]
    for file in area.files:
        command += ["--file", file]
    environment = os.environ | {
        "CARGO_PROFILE_DEV_DEBUG": "0",
        "CARGO_PROFILE_TEST_DEBUG": "0",
        "CARGO_TARGET_DIR": os.environ.get("CARGO_TARGET_DIR", str(WORK / "build")),
    }
    return subprocess.run([*command, *arguments], cwd=ROOT, env=environment, check=False, text=True, **keywords)


def listed(area, arguments):
    """The names of the mutants as the code is now."""
    done = cargo_mutants(area, "--list", "--json", *arguments, stdout=subprocess.PIPE)
    if done.returncode != 0:
        sys.exit("cargo mutants --list failed")
    return [mutant["name"] for mutant in json.loads(done.stdout)]


def outcomes(folder):
    """What became of each mutant in all runs; a mutant that one run noticed is noticed."""
    best = {}
    weight = {"MissedMutant": 0, "Timeout": 1, "CaughtMutant": 2, "Unviable": 3}
    for file in sorted(folder.glob("**/*.json")):
        document = json.loads(file.read_text())
        for outcome in document.get("outcomes", []) if isinstance(document, dict) else []:
            if outcome["scenario"] == "Baseline" or outcome["summary"] not in weight:
                continue
            name = outcome["scenario"]["Mutant"]["name"]
            if name not in best or weight[outcome["summary"]] > weight[best[name]]:
                best[name] = outcome["summary"]
    return best


def without_place(name):
    """`file: what was changed`, without line and column, which move."""
    file, _, _, change = re.fullmatch(r"([^:]+):(\d+):(\d+): (.*)", name).groups()
    return f"{file}: {change}"


def explained():
    """The rows of mutants.md: how many mutants of a name are explained."""
    counts = {}
    for file, change, times in re.findall(r"^\| `([^`]+)` \| ``? ?(.+?) ?``? \| (?:(\d+) × )?", LIST.read_text(), re.MULTILINE):
        name = f"{file}: {change.replace(chr(92) + '|', '|')}"
        counts[name] = counts.get(name, 0) + int(times or 1)
    return counts


def run(name, area, arguments, results):
    """Both tiers; the second sees what the first left."""
    own = [f"--cargo-arg={argument}" for argument in area.own]
    # Exit codes 2 and 3 say that there are survivors and timeouts, which are counted below.
    if cargo_mutants(area, "--timeout", "60", "--output", results / "own", *own, *arguments).returncode not in (0, 2, 3):
        sys.exit(f"{name}: cargo mutants failed")
    keep(results / "own")
    missed = (results / "own" / "mutants.out" / "missed.txt").read_text().split("\n")
    survivors = [f"--re=^{re.escape(mutant)}$" for mutant in missed if mutant]
    if area.wider and survivors:
        wider = [f"--cargo-arg=--test={test}" for test in WIDER]
        tests = ["--test-package", "configcheck-tests", "--timeout", "300", *wider]
        if cargo_mutants(area, "--output", results / "wider", *tests, *survivors).returncode not in (0, 2, 3):
            sys.exit(f"{name}: cargo mutants failed with the tests of the whole product")
        keep(results / "wider")


def keep(output):
    """The outcomes under a name of their own, since cargo-mutants keeps those of two runs."""
    number = len(list(output.glob("run-*.json")))
    (output / f"run-{number}.json").write_text((output / "mutants.out" / "outcomes.json").read_text())


def count(name, area, arguments, results, reasons):
    """Prints the figure and the survivors; whether the area is as it has to be."""
    found = outcomes(results)
    names = listed(area, arguments)
    of = lambda *kinds: [mutant for mutant in names if found.get(mutant) in kinds]
    noticed, viable = of("CaughtMutant", "Timeout"), len(of("CaughtMutant", "Timeout", "MissedMutant"))
    left, survivors = dict(reasons), []
    for mutant in of("MissedMutant"):
        key = without_place(mutant)
        if left.get(key, 0) > 0:
            left[key] -= 1
        else:
            survivors.append(mutant)
    told = len(of("MissedMutant")) - len(survivors)
    share = f"{100 * len(noticed) / viable:.1f}%" if viable else "none"
    print(
        f"figure: Q2.{name} mutants={len(names)} tried={viable + len(of('Unviable'))} not-compiling={len(of('Unviable'))} "
        f"noticed={len(noticed)} timeouts={len(of('Timeout'))} explained={told} survivors={len(survivors)} share={share}",
        flush=True,
    )
    for mutant in survivors:
        print(f"  survivor: {mutant}")
    if area.least is None:
        return viable > 0 and not survivors
    return viable > 0 and len(noticed) >= area.least * viable


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("areas", nargs="*", help=", ".join(AREAS))
    parser.add_argument("--sample", type=int, metavar="N", help="only every N-th mutant")
    parser.add_argument("--files", metavar="TEXT", help="only files with this text in their path")
    parser.add_argument("--read", action="store_true", help="count what earlier runs left")
    parser.add_argument("--results", type=Path, default=WORK / "results", help="where the results are")
    options = parser.parse_args()
    for name in options.areas:
        if name not in AREAS:
            parser.error(f"{name} is none of {', '.join(AREAS)}")
    reasons, good = explained(), True
    for name in options.areas or AREAS:
        area, arguments = AREAS[name], []
        if options.files:
            arguments.append(f"--re=^[^:]*{re.escape(options.files)}")
        if options.sample:
            arguments += ["--sharding", "round-robin", "--shard", f"0/{options.sample}"]
        results = options.results / name
        if not options.read:
            results.mkdir(parents=True, exist_ok=True)
            run(name, area, arguments, results)
        good &= count(name, area, arguments if options.files or options.sample else [], results, reasons)
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
