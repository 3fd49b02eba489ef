"""Runs a program once and says what it took: wall time, CPU time and the most memory it held."""

import os
import resource
import statistics
import sys
import time

# What a program is told of its surroundings: where others lie, and nothing that changes its output.
ENVIRONMENT = {"PATH": os.environ["PATH"]}


def once(command, folder):
    """One run. A run that ends with anything but 0 stops the benchmark: it would be cheap because it does not work."""
    arguments = [str(word) for word in command]
    files = [(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0), (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0)]
    here = os.getcwd()
    os.chdir(folder)
    try:
        start = time.perf_counter()
        process = os.posix_spawn(arguments[0], arguments, ENVIRONMENT, file_actions=files)
        _, status, used = os.wait4(process, 0)
        wall = time.perf_counter() - start
    finally:
        os.chdir(here)
    if os.waitstatus_to_exitcode(status) != 0:
        sys.exit(f"{' '.join(arguments)}: ended with {os.waitstatus_to_exitcode(status)}")
    return {"wall": wall, "cpu": used.ru_utime + used.ru_stime, "memory": used.ru_maxrss * 1024}


def medians(commands, folder, runs):
    """The median of each measure for each program. The programs take turns, so that a busy moment meets them all."""
    taken = {program: [] for program in commands}
    for _ in range(runs):
        for program, command in commands.items():
            taken[program].append(once(command, folder))
    figures = {
        program: {measure: statistics.median(run[measure] for run in all_runs) for measure in all_runs[0]}
        for program, all_runs in taken.items()
    }
    # A process begins with the figure of the one that started it, so that no less than our own can be seen.
    least = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    for cost in figures.values():
        cost["memory"] = cost["memory"] if cost["memory"] > least else None
    return figures
