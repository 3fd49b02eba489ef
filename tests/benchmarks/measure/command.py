"""The cost of the command as a whole, beside dotenv-linter: its start, large files and a tree of files."""

import shutil
import subprocess
import sys

from . import inputs, instructions, processes
from .binaries import programs
from .paths import WORK

# Numbers of lines. dotenv-linter compares each line with all before it, so it gets the first one only.
LINES = (10_000, 100_000, 1_000_000)
LINTER, OURS = "dotenv-linter", "configcheck"


def measure(quick, with_configcheck):
    """Groups, each with the programs' figures."""
    folder = WORK / "command"
    shutil.rmtree(folder, ignore_errors=True)
    binaries = programs(with_configcheck)
    lines = LINES[:2] if quick else LINES
    inputs.make(folder, lines)
    prove(binaries, folder)
    figures = {}
    for group, words in (("start/version", ["--version"]), ("start/five", ["check", "five.env"])):
        commands = {program: [binary, *words] for program, binary in binaries.items()}
        figures[group] = medians(group, commands, folder, 5 if quick else 50)
        for program, command in commands.items():
            figures[group][program]["instructions"] = instructions.of_run(command, folder, processes.ENVIRONMENT)
    for number in lines:
        able = binaries if number == LINES[0] else {OURS: binaries[OURS]} if with_configcheck else {}
        name = f"{number}.env"
        commands = {program: [binary, "check", name] for program, binary in able.items()}
        figures[f"lines/{number}"] = medians(f"lines/{number}", commands, folder, 3 if quick else 11)
        for cost in figures[f"lines/{number}"].values():
            cost["file"] = (folder / name).stat().st_size
    commands = {program: [binary, "check", *recursively(program), "tree"] for program, binary in binaries.items()}
    figures["tree"] = medians("tree", commands, folder, 5 if quick else 31)
    return figures


def medians(group, commands, folder, runs):
    print(f"command: {group}", file=sys.stderr, flush=True)
    return processes.medians(commands, folder, runs)


def prove(binaries, folder):
    """Both programs must see what is wrong with a line, in a file and below a folder."""
    for program, binary in binaries.items():
        for words in (["check", "spoiled/.env"], ["check", *recursively(program), "spoiled"]):
            done = subprocess.run([binary, *words], cwd=folder, env=processes.ENVIRONMENT, capture_output=True, text=True)
            if done.returncode != 1 or ".env:6" not in done.stdout:
                sys.exit(f"{program} {' '.join(words)}: does not find the spoiled line\n{done.stderr}")


def recursively(program):
    return ["-r"] if program == LINTER else []
