"""The figures as Markdown: on the terminal, and as the pages docs/benchmarks.md, docs/benchmarks-command.md and docs/benchmarks-secrets.md."""

import os
import platform
import re
import subprocess
from pathlib import Path

from . import goals, page_secrets
from .page_tables import goal_table, table, times
from .paths import BENCHMARKS, COMMAND_PAGE, PAGE, SECRETS_PAGE

# What the figures of the goals that are not met come from.
NOTES = BENCHMARKS / "measure" / "notes.md"
COMMAND_NOTES = BENCHMARKS / "measure" / "notes-command.md"

HEAD = """\
# Benchmarks

What Configcheck costs, beside the libraries a service would otherwise use. Written by

```text
python3 tests/benchmarks/run.py --write
```

and not edited by hand; [how it measures](../tests/benchmarks/README.md). Instructions are the same on a busy machine and
an idle one; CPU time is the fastest of many short batches. A service loads once, so the first load is what it pays and
what the ratios of instructions compare; further loads show the work without what only the first one does.

"""

COMMAND_HEAD = """\
# Benchmarks of the command

What `configcheck` costs, beside dotenv-linter 4.0, built without its update check. Written by

```text
python3 tests/benchmarks/run.py --only command --write
```

and not edited by hand; [how it measures](../tests/benchmarks/README.md). Both run the same files in turn, and the figures are medians.
[What the library costs](benchmarks.md) has a page of its own.

"""

# The pages, each with the parts that it needs, and those that it shows too where they were measured.
PAGES = (
    ("library", ("load", "dotenv", "build"), ()),
    ("command", ("command",), ()),
    ("secrets", ("secrets",), ("secrets-build",)),
)


def write(kept):
    """Writes the pages whose parts are all measured, and names them."""
    written = []
    for name, needed, shown in PAGES:
        if all(part in kept for part in needed):
            of_page = {part: kept[part] for part in (*needed, *shown) if part in kept}
            WRITERS[name](of_page)
            written.append(name)
    return written


def write_library(kept):
    table = goal_table("goal", goals.LOAD_MEASURES, goals.rows(kept))
    text = HEAD + machine(kept) + "\n## Goals\n\n" + table + "\n" + NOTES.read_text() + "\n" + parts(kept)
    PAGE.write_text(text)


def write_command(kept):
    table = goal_table("goal", goals.RUN_MEASURES, goals.run_rows(kept))
    text = COMMAND_HEAD + machine(kept) + "\n## Goals\n\n" + table + "\n" + COMMAND_NOTES.read_text() + "\n" + parts(kept)
    COMMAND_PAGE.write_text(text)


def write_secrets(kept):
    SECRETS_PAGE.write_text(page_secrets.page(kept, machine(kept, "instructions")))


WRITERS = {"library": write_library, "command": write_command, "secrets": write_secrets}


def tables(measured, kept):
    return parts(measured) + "## Goals\n\n" + goal_tables(kept)


def parts(kept):
    text = ""
    for part, compared in (("load", ("envy", "hand-written")), ("dotenv", ("dotenvy + envy",))):
        for group, figures in kept.get(part, {}).get("figures", {}).items():
            text += f"## {title(group)}\n\n{load_table(figures, compared)}\n"
    if "command" in kept:
        text += command_tables(kept["command"]["figures"])
    if "build" in kept:
        text += f"## Clean release build of a service with six fields\n\n{build_table(kept['build']['figures'])}\n"
    return text + page_secrets.tables(kept)


def title(group):
    kind, size = group.split("/")
    if kind == "env":
        return f"{size} fields from the process environment"
    return f"`.env` file of {int(size):,} lines, {min(int(size), 100)} fields"


def load_table(figures, compared):
    beside = [name for name in compared if name in figures]
    head = ["peer", "first load, instructions", *(f"× {name}" for name in beside), "further load, instructions"]
    head += ["CPU time, µs", *(f"× {name}" for name in beside)]
    rows = []
    for peer, cost in figures.items():
        row = [peer, f"{cost['first']:,}"]
        row += [times(cost["first"] / figures[name]["first"]) for name in beside]
        row += [f"{cost['further']:,.0f}", f"{cost['nanoseconds'] / 1000:,.2f}"]
        row += [times(cost["nanoseconds"] / figures[name]["nanoseconds"]) for name in beside]
        rows.append(row)
    return table(head, rows)


def build_table(figures):
    head = ["peer", "crates compiled", "CPU s", "× envy + dotenvy", "× figment + toml", "stripped binary, bytes"]
    lean, full = figures["envy + dotenvy"]["seconds"], figures["figment + toml"]["seconds"]
    rows = [
        [peer, str(cost["crates"]), f"{cost['seconds']:.1f}", times(cost["seconds"] / lean),
         times(cost["seconds"] / full), f"{cost['bytes']:,}"]
        for peer, cost in figures.items()
    ]
    return table(head, rows)


def command_tables(figures):
    text = ""
    for group, title in (("start/version", "`--version`"), ("start/five", "`check` of a file of 5 keys")):
        text += f"## The command: {title}\n\n{run_table(figures[group], ('instructions', 'wall', 'cpu'))}\n"
    ten_thousand = run_table(figures["lines/10000"], ("cpu", "wall"))
    text += f"## The command: `check` of a file of 10,000 lines\n\n{ten_thousand}\n"
    text += f"## The command: `check` of larger and larger files\n\n{growth_table(figures)}\n"
    return text + f"## The command: `check` of 2,000 files in 2,000 folders\n\n{run_table(figures['tree'], ('wall', 'cpu'))}\n"


def run_table(figures, measures):
    """The first program is the one that the others are compared with."""
    other, base = next(iter(figures.items()))
    milliseconds = (1000, ",.2f")
    units = {
        "instructions": ("instructions", 1, ",.0f"),
        "wall": ("wall time, ms", *milliseconds),
        "cpu": ("CPU time, ms", *milliseconds),
    }
    head = ["program"]
    for measure in measures:
        head += [units[measure][0], f"× {other}"]
    rows = []
    for program, cost in figures.items():
        row = [program]
        for measure in measures:
            _, factor, form = units[measure]
            row += [format(cost[measure] * factor, form), times(cost[measure] / base[measure])]
        rows.append(row)
    return table(head, rows)


def growth_table(figures):
    head = ["lines", "file, MB", "CPU time, ms", "CPU time, ns for each line", "memory, MB", "× file"]
    rows = []
    for group, programs in figures.items():
        kind, _, lines = group.partition("/")
        if kind == "lines" and goals.OURS in programs:
            cost = programs[goals.OURS]
            row = [f"{int(lines):,}", f"{cost['file'] / 1e6:,.1f}", f"{cost['cpu'] * 1000:,.1f}"]
            row += [f"{cost['cpu'] / int(lines) * 1e9:,.0f}", f"{cost['memory'] / 1e6:,.1f}" if cost["memory"] else "–"]
            rows.append([*row, times(goals.ratio(cost, {"memory": cost["file"]}, "memory"))])
    return table(head, rows)


def goal_tables(kept):
    of_library = goal_table("goal of the library", goals.LOAD_MEASURES, goals.rows(kept))
    of_command = goal_table("goal of the command", goals.RUN_MEASURES, goals.run_rows(kept))
    return of_library + "\n" + of_command + "\n" + page_secrets.goals_table(kept)


def machine(kept, without=None):
    model = re.search(r"^model name\s*:\s*(.+)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    dates = sorted({part["date"] for part in kept.values()})
    facts = [
        ("CPU", f"{model.group(1) if model else platform.machine()}, {os.cpu_count()} cores"),
        ("system", f"{platform.system()} {platform.machine()}"),
        ("compiler", first_line("rustc", "--version")),
        ("instructions counted by", first_line("valgrind", "--version")),
        ("measured on", " to ".join(dict.fromkeys((dates[0], dates[-1])))),
    ]
    return "".join(f"* {name}: {value}\n" for name, value in facts if not without or not name.startswith(without))


def first_line(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()[0]
