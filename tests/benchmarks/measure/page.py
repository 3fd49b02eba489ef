"""The figures as Markdown: on the terminal, and as docs/benchmarks.md."""

import os
import platform
import re
import subprocess
from pathlib import Path

from . import goals
from .paths import BENCHMARKS, PAGE

# What the figures of the goals that are not met come from.
NOTES = BENCHMARKS / "measure" / "notes.md"

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


def write(kept):
    text = HEAD + machine(kept) + "\n## Goals\n\n" + goal_table(kept) + "\n" + NOTES.read_text() + "\n" + parts(kept)
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    PAGE.write_text(text)


def tables(measured, kept):
    return parts(measured) + "## Goals\n\n" + goal_table(kept)


def parts(kept):
    text = ""
    for part, compared in (("load", ("envy", "hand-written")), ("dotenv", ("dotenvy + envy",))):
        for group, figures in kept.get(part, {}).get("figures", {}).items():
            text += f"## {title(group)}\n\n{load_table(figures, compared)}\n"
    if "build" in kept:
        text += f"## Clean release build of a service with six fields\n\n{build_table(kept['build']['figures'])}\n"
    return text


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


def goal_table(kept):
    head = ["goal", *goals.LOAD_MEASURES.values(), "verdict"]
    rows = []
    for sentence, ratios, bound in goals.rows(kept):
        cells = [times(ratios[measure]) if measure in ratios else "" for measure in goals.LOAD_MEASURES]
        rows.append([sentence, *cells, goals.verdict(ratios, bound)])
    return table(head, rows)


def times(ratio):
    if ratio is None:
        return "–"
    return f"{ratio:.2f}" if ratio < 10 else f"{ratio:.1f}"


def table(head, rows):
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "".join("| " + " | ".join(line) + " |\n" for line in lines)


def machine(kept):
    model = re.search(r"^model name\s*:\s*(.+)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    dates = sorted({part["date"] for part in kept.values()})
    facts = [
        ("CPU", f"{model.group(1) if model else platform.machine()}, {os.cpu_count()} cores"),
        ("system", f"{platform.system()} {platform.machine()}"),
        ("compiler", first_line("rustc", "--version")),
        ("instructions counted by", first_line("valgrind", "--version")),
        ("measured on", " to ".join(dict.fromkeys((dates[0], dates[-1])))),
    ]
    return "".join(f"* {name}: {value}\n" for name, value in facts)


def first_line(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()[0]
