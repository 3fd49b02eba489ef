#!/usr/bin/env python3
"""Looks for the secrets of the tests in everything that test programs trace at TRACE.

    python3 tests/security/trace_scan.py

Runs the suites below with a subscriber that writes every event and span of every crate to a file (tests/traced.rs), and searches the file for
the secrets of the tests, which are made up and have one of the beginnings in SECRETS: as they are, reversed, and in hex, base64, percent
escapes, lists of bytes and UTF-16. Each program traces one such secret on purpose, once; a file in which it is not found proves nothing, and
fails.

The suite of the secret managers and the tests of the clients have a search of their own, for every thread at TRACE; they are not run again.
The cells of the leak matrix trace into the matrix; what its kinds of failures trace elsewhere is heard here.
"""

import base64
import json
import os
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent

# Test programs, with the arguments that choose tests; all one after another, so that the one that listens comes first.
SUITES = {
    # Without those that load many thousands of times, or start processes.
    "loading": ["--skip", "fidelity::", "--skip", "precedence::", "--skip", "five_faults::"],
    "leaks": ["failures::", "channels::", "all_traces::"],
    "openbao": [],
}

# How every secret of a test begins, or what it has in it. One letter case counts as the other.
SECRETS = ["not-a-real", "hunter2", "hunter3", "walrus7", "quokka55", "quokkabear", "wombat31", "zygote8", "canary", "-fake", "fake-"]

PLANTED = "not-a-real-planted-one"
FILE = "CONFIGCHECK_TEST_TRACES"


def forms(secret: str) -> set[str]:
    """The secret in every form that a trace could have it in, in small letters."""
    raw = secret.encode()
    found = {secret, secret[::-1], raw.hex(), ":".join(f"{byte:02x}" for byte in raw), "".join(f"%{byte:02x}" for byte in raw)}
    found |= {", ".join(str(byte) for byte in raw), secret.encode("utf-16-le").decode("latin-1")}
    for offset in range(3):
        encoded = base64.b64encode(b"\0" * offset + raw).decode().rstrip("=")
        # The first letters and the last one depend on what stands around it.
        inside = encoded[(offset * 8 + 5) // 6 : (offset + len(raw)) * 8 // 6]
        if len(inside) >= 8:
            found |= {inside, inside.replace("+", "-").replace("/", "_")}
    return {form.lower() for form in found}


NEEDLES = sorted({form for secret in SECRETS for form in forms(secret)})


def programs() -> dict[str, tuple[str, str]]:
    """The test programs by name; cargo builds those that are not built."""
    names = [argument for name in SUITES for argument in ("--test", name)]
    command = ["cargo", "test", "--workspace", "--all-features", "--locked", "--no-run", "--message-format=json", *names]
    built = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    messages = [json.loads(line) for line in built.stdout.splitlines() if line.startswith("{")]
    # The command has a suite of leaks too, which loads nothing in its own process.
    own = [message for message in messages if message.get("executable") and "configcheck-cli" not in message["manifest_path"]]
    return {message["target"]["name"]: (message["executable"], message["manifest_path"]) for message in own}


def hits(lines: list[str]) -> list[str]:
    return [line for line in lines if any(needle in line.lower() for needle in NEEDLES)]


def main() -> int:
    built = programs()
    told, heard, failed = [], 0, 0
    with tempfile.TemporaryDirectory() as folder:
        for name, arguments in SUITES.items():
            program, manifest = built[name]
            path = pathlib.Path(folder, name)
            run = subprocess.run(
                [program, "--test-threads=1", *arguments],
                cwd=pathlib.Path(manifest).parent,
                env={**os.environ, FILE: str(path), "RUST_LOG": "trace"},
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                check=False,
            )
            lines = path.read_text(errors="replace").splitlines() if path.exists() else []
            found = hits(lines)
            planted = [line for line in found if PLANTED in line]
            told += [f"{name}: {line}" for line in found if PLANTED not in line]
            heard += len(lines)
            if run.returncode != 0:
                print(f"{name}: its tests fail while they are listened to\n{run.stdout[-4000:]}", file=sys.stderr)
                failed += 1
            if len(planted) != 1 or len(lines) < 2:
                print(f"{name}: {len(lines)} lines, {len(planted)} of them planted: nothing is proven", file=sys.stderr)
                failed += 1
    for line in told[:40]:
        print(line[:400])
    print(f"figure: L2 suites={len(SUITES)} lines={heard} planted={len(SUITES) - failed} hits={len(told)}")
    return 1 if told or failed else 0


if __name__ == "__main__":
    sys.exit(main())
