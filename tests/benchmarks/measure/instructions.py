"""Instructions, counted by callgrind: the same on a busy machine as on an idle one.

Nothing is traced by symbol. For a load the process is run with no load, with one and with several; what a load costs
is the difference, so start and end of the process cancel out. Of a command the whole run counts."""

import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

COUNTED = re.compile(r"Collected\s*:\s*(\d+)")


def of(program, group, folder, environment, peers, repeats):
    """Peer names, each with the instructions of its first load and of a further one."""
    counts = (0, 1, 1 + repeats)
    runs = [(peer, count) for peer in peers for count in counts]
    with ThreadPoolExecutor(2) as pool:
        counted = pool.map(lambda run: count(program, group, folder, environment, *run), runs)
        total = dict(zip(runs, counted))
    return {
        peer: {
            "first": total[peer, 1] - total[peer, 0],
            "further": (total[peer, 1 + repeats] - total[peer, 1]) / repeats,
        }
        for peer in peers
    }


def count(program, group, folder, environment, peer, loads):
    return of_run([program.binary, "load", group, peer, folder, str(loads)], folder, environment)


def of_run(command, folder, environment):
    """The instructions of a whole run, without those of the programs that it starts."""
    valgrind = shutil.which("valgrind") or sys.exit("valgrind is needed to count instructions")
    counting = [valgrind, "--tool=callgrind", "--callgrind-out-file=/dev/null", *command]
    done = subprocess.run(counting, env=environment, cwd=folder, capture_output=True, text=True)
    found = COUNTED.search(done.stderr)
    if done.returncode or not found:
        sys.exit(f"{' '.join(str(word) for word in command)}: {done.stderr.strip()}")
    return int(found.group(1))
