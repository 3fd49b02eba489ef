"""What a service pays at compile time: a clean release build of the six-field hello world, once for each peer.

CPU time of cargo and all its children is what counts; wall time says more about the machine's other guests."""

import os
import re
import resource
import shutil
import subprocess
import sys

from .paths import BENCHMARKS, CONFIGCHECK, WORK

SERDE = 'serde = { version = "1", features = ["derive"] }'
ENVY = ['envy = "=0.4.2"', 'dotenvy = "=0.15.7"', SERDE]
FIGMENT = ['figment = { version = "=0.10.19", features = ["env", "toml"] }', SERDE]
OURS = f'configcheck = {{ path = "{CONFIGCHECK}"'

# Name in the tables, source in hello/, dependencies.
PACKAGES = [
    ("no library", "no_library", []),
    ("envy + dotenvy", "envy_dotenvy", ENVY),
    ("confique", "confique", ['confique = { version = "=0.4.0", default-features = false }']),
    ("config, minimal", "config", ['config = { version = "=0.15.27", default-features = false }', SERDE]),
    ("conf", "conf", ['conf = "=0.4.5"']),
    ("figment + toml", "figment", FIGMENT),
]
CONFIGCHECK_PACKAGES = [
    ("configcheck, default", "configcheck", [OURS + " }"]),
    ("configcheck, leanest", "configcheck", [OURS + ', default-features = false, features = ["derive"] }']),
]

MANIFEST = """\
[package]
name = "hello"
version = "0.0.0"
edition = "2024"

[workspace]

[dependencies]
{dependencies}

[profile.release]
strip = true
"""

VARIABLES = {
    "APP_ENV": "development",
    "PORT": "8080",
    "DATABASE_URL": "postgres://localhost/orders",
    "JWT_SECRET": "an example, thirty-two bytes long",
    "POOL_SIZE": "5",
    "FF_NEW_CHECKOUT": "true",
}
SAYS = "8080 5 true\n"

# A wrapper or flags from outside would change what is measured.
FOREIGN = ("CARGO_TARGET_DIR", "CARGO_BUILD_TARGET_DIR", "RUSTFLAGS", "RUSTC_WRAPPER", "CARGO_BUILD_RUSTC_WRAPPER")


def measure(quick, with_configcheck):
    """Peer names, each with crates, CPU seconds and bytes of the binary."""
    packages = PACKAGES + (CONFIGCHECK_PACKAGES if with_configcheck else [])
    figures = {}
    for name, source, dependencies in packages:
        print(f"build: {name}", file=sys.stderr, flush=True)
        folder = package(name, source, dependencies)
        cargo(folder, "fetch")
        builds = [clean_build(folder) for _ in range(1 if quick else 2)]
        figures[name] = min(builds, key=lambda build: build["seconds"])
        shutil.rmtree(folder / "target")
    return figures


def package(name, source, dependencies):
    folder = WORK / "build" / re.sub(r"\W+", "-", name)
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "src").mkdir(parents=True)
    (folder / "Cargo.toml").write_text(MANIFEST.format(dependencies="\n".join(dependencies)))
    shutil.copy(BENCHMARKS / "hello" / f"{source}.rs", folder / "src" / "main.rs")
    return folder


def clean_build(folder):
    shutil.rmtree(folder / "target", ignore_errors=True)
    before = children_cpu_seconds()
    said = cargo(folder, "build", "--release", "--offline")
    seconds = children_cpu_seconds() - before
    binary = folder / "target" / "release" / "hello"
    check(folder, binary)
    return {
        "crates": len(re.findall(r"^\s*Compiling ", said, re.MULTILINE)),
        "seconds": seconds,
        "bytes": binary.stat().st_size,
    }


def cargo(folder, *words):
    environment = {name: value for name, value in os.environ.items() if name not in FOREIGN}
    done = subprocess.run(["cargo", *words], cwd=folder, env=environment, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{folder.name}: cargo {' '.join(words)}\n{done.stderr}")
    return done.stderr


def check(folder, binary):
    """A build that is cheap because it does not work must not get into a table."""
    done = subprocess.run([binary], env=VARIABLES, cwd=folder, capture_output=True, text=True)
    if done.stdout != SAYS:
        sys.exit(f"{folder.name}: hello world says {done.stdout!r} {done.stderr!r}")


def children_cpu_seconds():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
