#!/usr/bin/env python3
"""Changes the code in small ways, one after the other, and counts the changes that no test notices.

    python3 tests/security/mutants.py                        # every area
    python3 tests/security/mutants.py redaction opener       # these areas
    python3 tests/security/mutants.py --read                 # no run: counts what earlier runs left

Needs cargo-mutants 27 (`cargo install cargo-mutants --locked --version 27.1.0`), which lists the mutants. Building each for itself would take a
day, so that they are compiled together: in a copy of the repository each function holds its mutants beside its own body, and the variable
`MUTANT` chooses one when a test program starts. A mutant that cannot be put beside the others, as in a `const fn`, is built for itself.

A mutant is tried with the unit tests of its crate first; what survives them is tried with the behaviour tests of the whole product; what
survives both has to stand in mutants.md with its reason. Exit code 1: an area has a survivor that stands nowhere, or notices fewer than it has
to. The results stay in target/mutants/results; later runs add to them, and a result counts for as long as the mutant is listed under the same
name, which has its line in it.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import time
from dataclasses import replace
from fnmatch import fnmatch
from pathlib import Path

import mutants_together

ROOT = Path(__file__).resolve().parents[2]
LIST = Path(__file__).with_name("mutants.md")
WORK = ROOT / "target" / "mutants"

# The behaviour tests of the whole product, without those that start a server, and the packages that they see; the quickest first.
WIDER = [
    (["references", "loading", "derive", "leaks"], ["reference", "core", "checks", "loader"]),
    (["machine"], ["files"]),
]

# Unit tests that take seconds, by a part of their name; they see what the others left.
SLOW = ["hostile", "agree", "comes_back"]

# An area: a package, the files in its `src`, and the share of mutants that have to be noticed; `None` where no unexplained survivor may be.
AREAS = {
    "redaction": ("core", ["secret.rs", "wipe.rs", "display.rs", "display/*", "diagnostic.rs", "snapshot.rs"], None),
    "references": ("reference", ["*"], None),
    "rendering": ("loader", ["render/*"], None),
    "formats": ("cli", ["formats/*"], None),
    "opener": ("files", ["*"], None),
    "core": ("core", ["*"], 0.9),
    "checks": ("checks", ["*"], 0.9),
    "loader": ("loader", ["*"], 0.9),
}


def environment():
    return os.environ | {
        "CARGO_PROFILE_DEV_DEBUG": "0",
        "CARGO_PROFILE_TEST_DEBUG": "0",
        "CARGO_TARGET_DIR": os.environ.get("CARGO_TARGET_DIR", str(WORK / "build")),
        # A function that holds many bodies needs a larger frame.
        "RUST_MIN_STACK": str(256 << 20),
        "RUST_BACKTRACE": "0",
    }


def listed(package):
    """The mutants of a package as the code is now."""
    command = ["cargo", "mutants", "--list", "--json", "--package", f"configcheck-{package}"]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode != 0:
        sys.exit("cargo mutants --list failed")
    return json.loads(done.stdout)


def of_area(name):
    package, patterns, _ = AREAS[name]
    source = f"crates/configcheck-{package}/src/"
    return [mutant for mutant in listed(package) if any(fnmatch(mutant["file"].removeprefix(source), pattern) for pattern in patterns)]


class Results:
    """What became of each mutant, in one file for each package."""

    def __init__(self, folder):
        self.folder = folder
        self.known = {}
        for file in sorted(folder.glob("*.json")):
            self.known |= json.loads(file.read_text())

    def put(self, name, outcome):
        self.known[name] = outcome

    def save(self):
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / "outcomes.json").write_text(json.dumps(self.known, indent=1, sort_keys=True))


def try_together(packages, mutants, results, with_wider):
    """Builds all mutants at once and runs the tests with each; gives back those that have to be built for themselves."""
    tree = WORK / "tree"
    mutants_together.copy(ROOT, tree)
    together, alone, refused = mutants_together.build(tree, mutants, environment())
    for mutant in refused:
        results.put(mutant["name"], "not compiling")
    own = mutants_together.programs_of(tree, packages, environment())
    skipped = tuple(argument for name in SLOW for argument in ("--skip", name))
    quick, slow = {}, {}
    for package, programs in own.items():
        units = [program for program in programs if Path(program.path).name.startswith(f"{package.replace('-', '_')}-")]
        units = units or programs
        quick[package] = [replace(program, arguments=skipped) for program in units]
        slow[package] = [replace(program, arguments=tuple(SLOW)) for program in units] + [program for program in programs if program not in units]
    run_all("quick unit tests", quick, together, results)
    left = {n: m for n, m in together.items() if results.known[m["name"]] == "missed"}
    if with_wider:
        for tests, packages in WIDER:
            of_tests = {n: m for n, m in left.items() if m["package"].removeprefix("configcheck-") in packages}
            if of_tests:
                # Examples that are run as programs of their own would be built without the mutants.
                # Random values from every source take minutes.
                skipped = ("--skip", "environment::", "--skip", "random")
                wider = [replace(program, arguments=skipped) for program in mutants_together.programs_of_product(tree, tests, environment())]
                run_all("tests of the product", {m["package"]: wider for m in of_tests.values()}, of_tests, results)
        left = {n: m for n, m in left.items() if results.known[m["name"]] == "missed"}
    # The slow unit tests are about text that comes in and what is made of it.
    left = {n: m for n, m in left.items() if m["package"] == "configcheck-files" or re.search("/(formats|render)/", m["file"])}
    run_all("slow unit tests", slow, left, results)
    return alone


def run_all(what, programs, mutants, results):
    """Runs test programs with one mutant after the other, until one notices it."""
    print(f"  {what}, {len(mutants)} mutants", file=sys.stderr, flush=True)
    wanted = {program.path: program for mutant in mutants.values() for program in programs[mutant["package"]]}
    for program in wanted.values():
        if (outcome := program.run(0, environment())) != "missed":
            sys.exit(f"{program.path}: the tests fail without a mutant: {outcome}")
        print(f"  {Path(program.path).name}: {program.usual:.1f} s", file=sys.stderr, flush=True)
    begun = time.monotonic()
    for count, (number, mutant) in enumerate(mutants.items(), 1):
        outcome = "missed"
        for program in programs[mutant["package"]]:
            outcome = program.run(number, environment())
            if outcome != "missed":
                break
        results.put(mutant["name"], outcome)
        if count % 50 == 0 or count == len(mutants):
            results.save()
            print(f"  {count} of {len(mutants)} after {time.monotonic() - begun:.0f} s", file=sys.stderr, flush=True)


def try_alone(mutants, results):
    """Mutants that are built for themselves, by cargo-mutants in place of a copy of the tree."""
    for package in sorted({mutant["package"] for mutant in mutants}):
        names = [mutant["name"] for mutant in mutants if mutant["package"] == package]
        own = "--bins" if package == "configcheck-cli" else "--lib"
        for tests in [["--test-package", package, "--all-features", f"--cargo-arg={own}"],
                      ["--test-package", "configcheck-tests", *(f"--cargo-arg=--test={test}" for tests, _ in WIDER for test in tests)]]:
            names = [name for name in names if results.known.get(name, "missed") == "missed"]
            if not names:
                break
            output = WORK / "alone" / package
            output.mkdir(parents=True, exist_ok=True)
            command = ["cargo", "mutants", "--package", package, "--baseline", "skip", "--timeout", "300", "--output", str(output), *tests]
            subprocess.run([*command, *(f"--re=^{re.escape(name)}$" for name in names)], cwd=ROOT, env=environment(), check=False)
            words = {"MissedMutant": "missed", "CaughtMutant": "noticed", "Timeout": "timeout", "Unviable": "not compiling"}
            for outcome in json.loads((output / "mutants.out" / "outcomes.json").read_text())["outcomes"]:
                if outcome["scenario"] != "Baseline":
                    results.put(outcome["scenario"]["Mutant"]["name"], words.get(outcome["summary"], "missed"))
            results.save()


def without_place(name):
    """`file: what was changed`, without line and column, which move."""
    file, change = re.fullmatch(r"([^:]+):\d+:\d+: (.*)", name, re.DOTALL).groups()
    return f"{file}: {change}"


def explained():
    """The rows of mutants.md: how many mutants of a name are explained."""
    counts = {}
    table = LIST.read_text().partition("## Lines that no test runs")[0]
    for file, change, times in re.findall(r"^\| `([^`]+)` \| `` ?(.+?) ?`` \| (?:(\d+) × )?", table, re.MULTILINE):
        name = f"{file}: {change.replace(chr(92) + '|', '|')}"
        counts[name] = counts.get(name, 0) + int(times or 1)
    return counts


def count(name, mutants, results, reasons):
    """Prints the figure and the survivors; whether the area is as it has to be."""
    of = {"noticed": [], "timeout": [], "missed": [], "not compiling": [], None: []}
    for mutant in mutants:
        of[results.known.get(mutant["name"])].append(mutant["name"])
    left, survivors = dict(reasons), []
    for mutant in of["missed"]:
        key = without_place(mutant)
        if left.get(key, 0) > 0:
            left[key] -= 1
        else:
            survivors.append(mutant)
    noticed = len(of["noticed"]) + len(of["timeout"])
    tried = noticed + len(of["missed"])
    print(
        f"figure: Q2.{name} mutants={len(mutants)} not-compiling={len(of['not compiling'])} tried={tried} noticed={noticed} "
        f"timeouts={len(of['timeout'])} explained={len(of['missed']) - len(survivors)} survivors={len(survivors)} "
        f"share={100 * noticed / max(tried, 1):.1f}%",
        flush=True,
    )
    for mutant in survivors:
        print(f"  survivor: {mutant}")
    for mutant in of[None]:
        print(f"  not tried: {mutant}")
    least = AREAS[name][2]
    return tried > 0 and (not survivors and not of[None] if least is None else noticed >= least * tried)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("areas", nargs="*", help=", ".join(AREAS))
    parser.add_argument("--read", action="store_true", help="count what earlier runs left")
    parser.add_argument("--new", action="store_true", help="only mutants that no earlier run noticed")
    parser.add_argument("--sample", type=int, metavar="N", help="only every N-th mutant")
    parser.add_argument("--own", action="store_true", help="only the tests of the crate itself")
    parser.add_argument("--together-only", action="store_true", help="leave out the mutants that have to be built for themselves")
    parser.add_argument("--results", type=Path, default=WORK / "results", help="where the results are")
    options = parser.parse_args()
    for name in options.areas:
        if name not in AREAS:
            parser.error(f"{name} is none of {', '.join(AREAS)}")
    areas = options.areas or list(AREAS)
    mutants = {name: of_area(name) for name in areas}
    results = Results(options.results)
    if not options.read:
        chosen = {mutant["name"]: mutant for of in mutants.values() for mutant in of}
        if options.sample:
            chosen = {name: mutant for at, (name, mutant) in enumerate(chosen.items()) if at % options.sample == 0}
        if options.new:
            chosen = {name: mutant for name, mutant in chosen.items() if results.known.get(name, "missed") == "missed"}
        packages = sorted({AREAS[name][0] for name in areas})
        alone = try_together(packages, list(chosen.values()), results, not options.own)
        results.save()
        if not options.together_only:
            try_alone(alone, results)
    reasons = explained()
    good = [count(name, mutants[name], results, reasons) for name in areas]
    sys.exit(0 if all(good) else 1)


if __name__ == "__main__":
    main()
