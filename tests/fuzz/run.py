"""Builds the fuzz targets of Configcheck and runs each of them a while, from the committed corpus on. Needs Rust stable and a C++ compiler, since
libFuzzer is C++; neither cargo-fuzz nor nightly.

  python3 tests/fuzz/run.py                                   each target for 15 seconds
  python3 tests/fuzz/run.py --seconds 900 --keep /tmp/corpus dotenv loading
  python3 tests/fuzz/run.py --merge /tmp/corpus               the smallest corpus of the same edges, into the repository
  python3 tests/fuzz/run.py --reproduce FILE dotenv           one input once more

Prints a line of figures for each target. Ends with 1 when a target fails; the input is kept, and how to run it again is printed.
"""

import argparse
import base64
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
TARGET = ROOT / os.environ.get("CARGO_TARGET_DIR", "target") / "fuzz"
CORPUS = HERE / "corpus"

# Each target: the row of its figures, and the largest input that is worth trying.
TARGETS = {
    "dotenv": ("Z1", 1024),
    "dotenv_time": ("Z1.time", 70),
    "references": ("Z2", 512),
    "schemas": ("Z3", 2048),
    "documents": ("Z4", 2048),
    "loading": ("Z5", 1024),
}

# What `cargo fuzz run -s none` gives to the compiler: edges are counted and comparisons are traced, without a sanitizer.
COVERAGE = [
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    "-Cllvm-args=-sanitizer-coverage-trace-compares",
    "-Cllvm-args=-simplifycfg-branch-fold-threshold=0",
    "-Ccodegen-units=1",
]

# An input that takes longer, or a process that grows larger, is a finding. A schema that is read lives as long as its process, so that a long
# run of `schemas` is made of several processes.
LIMITS = ["-timeout=20", "-rss_limit_mb=2048"]
LONGEST_RUN_OF_ONE_PROCESS = 300


def host():
    lines = subprocess.run(["rustc", "-vV"], check=True, text=True, stdout=subprocess.PIPE).stdout.splitlines()
    return next(line.split()[1] for line in lines if line.startswith("host:"))


def build():
    """The folder of the programs."""
    compilers = [os.environ.get("CXX", ""), "c++", "g++", "clang++"]
    if not any(name and shutil.which(name) for name in compilers):
        sys.exit("fuzzing needs a C++ compiler, which builds libFuzzer: install g++ or clang, or say with CXX which one it is")
    # With a target named, build scripts and macros are built without the counters.
    triple = host()
    command = ["cargo", "build", "--release", "--locked", "--manifest-path", str(HERE / "Cargo.toml"), "--target", triple, "--target-dir", str(TARGET)]
    subprocess.run(command, check=True, env={**os.environ, "CARGO_ENCODED_RUSTFLAGS": "\x1f".join(COVERAGE)})
    return TARGET / triple / "release"


def fuzz(program, name, seconds, corpus):
    """Runs one process, and gives back its figures and the input that it failed on, or none."""
    crashes = TARGET / "crashes"
    crashes.mkdir(parents=True, exist_ok=True)
    before = set(crashes.iterdir())
    start = time.monotonic()
    command = [str(program), f"-max_total_time={seconds}", f"-max_len={TARGETS[name][1]}", *LIMITS, "-print_final_stats=1"]
    command += ["-reload=0", f"-artifact_prefix={crashes}/{name}-", str(corpus)]
    # Longer than it may run by itself, so that nothing hangs for ever.
    done = subprocess.run(command, text=True, errors="replace", stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, timeout=seconds + 600)
    edges = re.findall(r" cov: (\d+)", done.stderr)
    executions = re.findall(r"stat::number_of_executed_units: (\d+)", done.stderr)
    figures = {
        "executions": int(executions[-1]) if executions else 0,
        "edges": int(edges[-1]) if edges else 0,
        "seconds": time.monotonic() - start,
    }
    if done.returncode == 0:
        return figures, None
    told = done.stderr.splitlines()
    panic = [at for at, line in enumerate(told) if "panicked at" in line]
    print("\n".join(told[panic[-1] : panic[-1] + 20] if panic else told[-40:]))
    new = sorted(set(crashes.iterdir()) - before)
    return figures, new[-1] if new else crashes / f"{name}-nothing-was-kept"


def run(programs, names, seconds, keep):
    failed = False
    for name in names:
        row, _ = TARGETS[name]
        with tempfile.TemporaryDirectory() as temporary:
            # The committed corpus stays as it is.
            corpus = pathlib.Path(keep or temporary) / name
            shutil.copytree(CORPUS / name, corpus, dirs_exist_ok=True)
            total, crash, left = {"executions": 0, "edges": 0, "seconds": 0.0}, None, seconds
            while left > 0 and crash is None:
                figures, crash = fuzz(programs / name, name, min(left, LONGEST_RUN_OF_ONE_PROCESS), corpus)
                left -= LONGEST_RUN_OF_ONE_PROCESS
                total = {
                    "executions": total["executions"] + figures["executions"],
                    "edges": max(total["edges"], figures["edges"]),
                    "seconds": total["seconds"] + figures["seconds"],
                }
        per_second = total["executions"] / max(total["seconds"], 1)
        print(
            f"figure: {row} executions={total['executions']} edges={total['edges']} seconds={total['seconds']:.0f} "
            f"per_second={per_second:.0f} crashes={int(crash is not None)}",
            flush=True,
        )
        if crash is not None:
            failed = True
            print(f"{name} failed. The input is {crash}")
            if crash.exists():
                print(f"  in base64: {base64.b64encode(crash.read_bytes()).decode()}")
            print(f"  once more: python3 tests/fuzz/run.py --reproduce {crash} {name}", flush=True)
    return failed


def merge(programs, names, folder):
    for name in names:
        with tempfile.TemporaryDirectory() as temporary:
            command = [str(programs / name), "-merge=1", *LIMITS, temporary, str(CORPUS / name), str(pathlib.Path(folder) / name)]
            subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
            # Findings that were mended keep their names and stay, whatever edges they have.
            kept = [file for file in (CORPUS / name).iterdir() if file.name.startswith("mended-")]
            for file in set((CORPUS / name).iterdir()) - set(kept):
                file.unlink()
            for file in pathlib.Path(temporary).iterdir():
                shutil.copy(file, CORPUS / name / file.name)
        files = list((CORPUS / name).iterdir())
        print(f"{name}: {len(files)} inputs, {sum(file.stat().st_size for file in files)} bytes")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=f"of {', '.join(TARGETS)}; all when none is named")
    parser.add_argument("--seconds", type=int, default=15, help="how long each target runs")
    parser.add_argument("--keep", metavar="FOLDER", help="where the corpus grows, in a folder for each target")
    action = parser.add_mutually_exclusive_group()
    action.add_argument("--merge", metavar="FOLDER", help="take a grown corpus into the repository, as small as it can be")
    action.add_argument("--reproduce", metavar="FILE", help="run a target on one input")
    options = parser.parse_args()
    names = options.targets or list(TARGETS)
    for name in names:
        if name not in TARGETS:
            parser.error(f"no target is called {name}; there are {', '.join(TARGETS)}")
    programs = build()
    if options.reproduce:
        results = [subprocess.run([str(programs / name), options.reproduce]).returncode for name in names]
        sys.exit(int(any(results)))
    if options.merge:
        return merge(programs, names, options.merge)
    sys.exit(int(run(programs, names, options.seconds, options.keep)))


if __name__ == "__main__":
    main()
