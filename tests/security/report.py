#!/usr/bin/env python3
"""Measures what docs/security.md says, and prints it as one table.

    python3 tests/security/report.py                     # every row that can be measured here
    python3 tests/security/report.py --quick             # without the rows that take many minutes
    python3 tests/security/report.py --only L1 --only F7 # these rows; a letter alone is its whole group
    python3 tests/security/report.py --write             # and puts what was measured into docs/security.md
    python3 tests/security/report.py --list              # the rows and their commands, without running any

A program that measures something prints lines `figure: ROW NAME=VALUE …`; those of a program `…_of_peers` are the figures of other libraries under the same
measure. Some rows, such as those of faults, are counted by their tests. A command that fails, or measures nothing of its row, makes the row FAILED and the exit code 1.
"""

import argparse
import re
import subprocess
import sys
import time
from pathlib import Path

sys.dont_write_bytecode = True
from rows import ROWS  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "security.md"
BEGIN, END = "<!-- table: begin -->", "<!-- table: end -->"
HEAD = ["| row | what is asked | measured here | others, by the same measure or as noted | command |", "|---|---|---|---|---|"]
FAILED = "**FAILED**"


def main():
    options = arguments()
    rows = [row for row in ROWS if chosen(row, options.only)]
    if not rows:
        sys.exit(f"there is no row {', '.join(options.only)}")
    if options.list:
        for row in rows:
            print(f"{row.id:4} {'; '.join(row.commands) or 'not measured: ' + row.missing}")
        return
    runs, lines, failed = {}, {}, []
    for row in rows:
        if options.quick and row.slow:
            print(f"{row.id}: SKIPPED, takes long (--quick)", flush=True)
            continue
        measured, peers = measure(row, runs, options)
        lines[row.id] = line(row, measured, peers)
        if measured.startswith(FAILED):
            failed.append(row.id)
        print(f"{row.id}: {measured}" + (f" | {peers}" if peers else ""), flush=True)
    print("\n" + "\n".join([*HEAD, *lines.values()]))
    if options.write and not failed:
        write(lines)
        print(f"\nwritten: {PAGE.relative_to(ROOT)}")
    if failed:
        sys.exit(f"\nFAILED: {', '.join(failed)}" + ("; nothing was written" if options.write else ""))


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", action="append", help="this row, or this group of rows; may be repeated")
    parser.add_argument("--quick", action="store_true", help="leave out what takes many minutes")
    parser.add_argument("--write", action="store_true", help="put the rows that were measured into docs/security.md")
    parser.add_argument("--list", action="store_true", help="show rows and commands, and run nothing")
    parser.add_argument("--all-features", action="store_true", help="build the tests with all features, as the lints do")
    return parser.parse_args()


def chosen(row, only):
    return not only or any(row.id == wish or (wish.isalpha() and re.fullmatch(wish + r"\d+", row.id)) for wish in only)


def measure(row, runs, options):
    """What was measured, and of the peers; the first starts with FAILED where it could not be."""
    if not row.commands:
        return f"not measured: {row.missing}", row.elsewhere
    own, peers, output = [], [], ""
    for command in row.commands:
        if command not in runs:
            runs[command] = run(command, options)
        code, text = runs[command]
        if code != 0:
            return f"{FAILED}: `{command}` ended with {code}", row.elsewhere
        output += text
        (peers if "_of_peers" in command else own).extend(figures(row, text))
    if row.tests:
        # The exit code says that all of them passed; what a test prints may stand between its name and its `ok`.
        ran = set(re.findall(r"^test (\S+) \.\.\.(?! ignored)", output, re.M))
        passed = [name for name in ran if (row.id in faults(name) if row.tests == "faults" else re.search(row.tests, name))]
        if not passed:
            return f"{FAILED}: no test of this row ran", row.elsewhere
        own.insert(0, f"{len(passed)} test{'s pass' if len(passed) > 1 else ' passes'}")
    if row.counted:
        passed = sum(int(number) for number in re.findall(r"^test result: ok\. (\d+) passed", output, re.M))
        if passed:
            own.insert(0, f"{passed} {row.counted}")
    if not own:
        return f"{FAILED}: no figure of this row was printed", row.elsewhere
    return "; ".join(own), "; ".join([*peers, *([row.elsewhere] if row.elsewhere else [])])


def figures(row, output):
    """The figures of a row, in the order in which they were printed, each with what stands behind the row's name."""
    found = []
    # A line of a test may begin with the name that the test runner has just printed.
    for name, values in re.findall(r"figure: (\S+) (.+)$", output, re.M):
        of = next((wanted for wanted in (row.id, *row.also) if name == wanted or name.startswith(f"{wanted}.")), None)
        if of:
            part = name.removeprefix(of).removeprefix(".").removeprefix("peer.")
            found.append(f"{part}: {values.strip()}" if part else values.strip())
    return list(dict.fromkeys(found))


def faults(name):
    """The faults in the name of a test: `f2_f14_…`, `f12_to_f15_…`."""
    found, spans = set(), re.match(r"(?:f\d+_(?:to_)?)+", name.rsplit("::", 1)[-1])
    for start, end in re.findall(r"f(\d+)_(?:to_f(\d+)_)?", spans[0] if spans else ""):
        found |= {f"F{number}" for number in range(int(start), int(end or start) + 1)}
    return found


def run(command, options):
    words = command.split(" ")
    if words[:3] == ["cargo", "test", "--workspace"] and options.all_features:
        words.insert(3, "--all-features")
    started = time.monotonic()
    print(f"$ {' '.join(words)}", file=sys.stderr, flush=True)
    finished = subprocess.run(words, cwd=ROOT, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    text = finished.stdout.decode(errors="replace")
    print(f"  {time.monotonic() - started:.0f} s, exit code {finished.returncode}", file=sys.stderr, flush=True)
    if finished.returncode != 0:
        print("\n".join(text.splitlines()[-40:]), file=sys.stderr)
    return finished.returncode, text


def line(row, measured, peers):
    commands = "<br>".join(f"`{command}`" for command in row.commands)
    cells = [row.id, row.asked, measured, peers or "", commands]
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def write(lines):
    """Puts the measured rows into the page, and leaves the others as they stand there."""
    page = PAGE.read_text()
    before, rest = page.split(BEGIN)
    table, after = rest.split(END)
    kept = {found.split("|")[1].strip(): found for found in table.splitlines() if re.match(r"\| [A-Z]\d", found)}
    kept.update(lines)
    known = [kept[row.id] for row in ROWS if row.id in kept]
    PAGE.write_text(before + "\n".join([BEGIN, "", *HEAD, *known, "", END]) + after)


if __name__ == "__main__":
    main()
