#!/usr/bin/env python3
"""Which lines of the product its tests run.

    python3 tests/security/coverage.py           # runs the tests and counts; some minutes
    python3 tests/security/coverage.py --read    # counts what an earlier run left

Needs cargo-llvm-cov (`cargo install cargo-llvm-cov --locked --version 0.9.1`) and `rustup component add llvm-tools`. The tests are those of the
crates themselves and those of the product as a whole, without those that start a server. Lines of tests do not count, nor do the examples in the
documentation.

Prints a figure for each crate and for the three parts of which every line has to be run, with the lines that are not. What stands in mutants.md
under "Lines that no test runs" is explained. Exit code 1: such a part has a line that stands nowhere, or the core has less than 95 %.
"""

import argparse
import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LIST = Path(__file__).with_name("mutants.md")
WORK = ROOT / "target" / "coverage"

# Without the derive, which runs in the compiler.
CRATES = ["core", "reference", "checks", "loader", "files", "dotenv"]
# Beside the unit tests of all crates: those of the product as a whole, then those of configcheck-files and configcheck-dotenv.
TESTS = ["loading", "derive", "leaks", "references", "traps", "memory", "dialects", "dialect_properties", "dialect_table", "properties", "recovery"]

# Parts of which every line has to be run.
PARTS = {
    "redaction": r"configcheck-core/src/(secret|wipe|display|diagnostic|snapshot|display/\w+)\.rs|configcheck-loader/src/render/\w+\.rs",
    "references": r"configcheck-reference/src/",
    "opener": r"configcheck-files/src/",
}
LEAST_OF_CORE = 0.95


def llvm_cov(*arguments):
    environment = os.environ | {"CARGO_TARGET_DIR": os.environ.get("CARGO_TARGET_DIR", str(WORK)), "CARGO_PROFILE_DEV_DEBUG": "0"}
    return subprocess.run(["cargo", "llvm-cov", *arguments], cwd=ROOT, env=environment, check=True)


def run(lcov):
    llvm_cov("clean", "--workspace")
    # The whole workspace, so that dependencies have the features that they have in the other tests too. Examples that are run as programs of their
    # own would be built anew.
    packages = ["--workspace", "--exclude", "configcheck-cli", "--all-features", "--lib"]
    llvm_cov("--no-report", *packages, *(f"--test={test}" for test in TESTS), "--", "--skip", "environment::")
    llvm_cov("report", "--lcov", "--output-path", str(lcov))


def is_of_tests(path):
    return bool(re.search(r"/tests(\.rs|/)|/(testing|samples|faults)\.rs$", path))


def first_line_of_tests(path):
    """Where the unit tests of a file begin; behind its end where it has none."""
    lines = (ROOT / path).read_text().split("\n")
    for number, line in enumerate(lines, 1):
        if line == "#[cfg(test)]" and re.match(r"mod \w+ \{", lines[number]):
            return number
    return len(lines) + 1


def read(lcov):
    """For each file of ours, its lines and how often each was run."""
    files, path = {}, None
    for line in lcov.read_text().split("\n"):
        if line.startswith("SF:"):
            inside = re.search(r"crates/configcheck-\w+/src/.*", line)
            path = inside.group(0) if inside and not is_of_tests(inside.group(0)) and (ROOT / inside.group(0)).exists() else None
            end = first_line_of_tests(path) if path else 0
        elif line.startswith("DA:") and path:
            number, count = map(int, line[3:].split(",")[:2])
            if number < end:
                counts = files.setdefault(path, {})
                counts[number] = max(count, counts.get(number, 0))
    return files


def explained():
    """The rows under the heading: a file and the text of the line."""
    text = LIST.read_text().partition("## Lines that no test runs")[2]
    rows = re.findall(r"^\| `([^`]+)` \| `` ?(.+?) ?`` \|", text, re.MULTILINE)
    return {(file, line.replace(chr(92) + "|", "|")) for file, line in rows}


def figure(name, files):
    lines = [count for counts in files.values() for count in counts.values()]
    run = sum(1 for count in lines if count)
    share = run / len(lines) if lines else 0
    print(f"figure: Q1 {name}.lines={len(lines)} {name}.run={run} {name}.share={100 * share:.1f}%", flush=True)
    return share


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--read", action="store_true", help="count what an earlier run left")
    options = parser.parse_args()
    WORK.mkdir(parents=True, exist_ok=True)
    lcov = WORK / "lcov.info"
    if not options.read:
        run(lcov)
    files, good, reasons = read(lcov), True, explained()
    for crate in CRATES:
        share = figure(crate, {path: counts for path, counts in files.items() if path.startswith(f"crates/configcheck-{crate}/")})
        good &= crate != "core" or share >= LEAST_OF_CORE
    for part, pattern in PARTS.items():
        of_part = {path: counts for path, counts in files.items() if re.search(pattern, path)}
        figure(part, of_part)
        for path, counts in sorted(of_part.items()):
            text = (ROOT / path).read_text().split("\n")
            for number in sorted(number for number, count in counts.items() if not count):
                line = text[number - 1].strip()
                is_explained = (path, line) in reasons
                good &= is_explained
                print(f"  {'explained' if is_explained else 'not run'}: {path}:{number}: {line}")
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
