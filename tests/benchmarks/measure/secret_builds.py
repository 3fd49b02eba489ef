"""What a service pays at compile time for a manager of secrets: a clean build of a hello world that reads one secret.

A dev build, which is what its developers wait for. CPU time of cargo and all its children, as for the builds without managers."""

import shutil
import subprocess
import sys

from . import builds, stub

TOKIO = 'tokio = { version = "1", features = ["macros", "rt"] }'
SDK = 'default-features = false, features = ["behavior-version-latest", "default-https-client", "rt-tokio"] }'

AWS = [f'aws-config = {{ version = "=1.13.0", {SDK}', f'aws-sdk-secretsmanager = {{ version = "=1.125.0", {SDK}', 'serde_json = "1"']


def ours(feature):
    name = f"configcheck, {feature}"
    return name, f"{feature}_configcheck", [f'{builds.OURS}, default-features = false, features = ["derive", "{feature}"] }}']


# Name in the tables, source in hello/, dependencies; each of ours beside its peer, so that both meet the same busy hours.
PACKAGES = [
    ("vaultrs", "vault_vaultrs", ['vaultrs = "=0.8.0"', TOKIO]),
    ours("vault"),
    ("aws-sdk-secretsmanager", "aws_sdk", [*AWS, TOKIO]),
    ours("aws"),
]
SAYS = "16\n"


def measure(quick, with_configcheck):
    """Names, each with crates of `cargo tree`, CPU seconds and bytes of the binary."""
    figures = {}
    for name, source, dependencies in PACKAGES:
        if name.startswith("configcheck") and not with_configcheck:
            continue
        print(f"secrets: build of {name}", file=sys.stderr, flush=True)
        folder = builds.package(name, source, dependencies)
        builds.cargo(folder, "fetch")
        runs = [clean_build(folder) for _ in range(1 if quick else 2)]
        figures[name] = min(runs, key=lambda run: run["seconds"])
        figures[name]["crates"] = crates(folder)
        shutil.rmtree(folder / "target")
    return figures


def crates(folder):
    """How many crates end up in the binary or are compiled on the way to it as a normal dependency, each version once."""
    command = ["cargo", "tree", "--offline", "--edges", "normal", "--prefix", "none", "--no-dedupe", "--format", "{p}"]
    listed = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout
    return len(set(listed.split("\n")) - {""}) - 1


def clean_build(folder):
    shutil.rmtree(folder / "target", ignore_errors=True)
    before = builds.children_cpu_seconds()
    builds.cargo(folder, "build", "--offline", "--jobs", "2")
    seconds = builds.children_cpu_seconds() - before
    binary = folder / "target" / "debug" / "hello"
    check(folder, binary)
    return {"seconds": seconds, "bytes": binary.stat().st_size}


def check(folder, binary):
    with stub.running() as variables:
        done = subprocess.run([binary], env=variables, cwd=folder, capture_output=True, text=True)
    if done.stdout != SAYS:
        sys.exit(f"{folder.name}: hello world says {done.stdout!r} {done.stderr!r}")
