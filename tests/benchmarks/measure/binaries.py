"""The programs that are run as a whole: configcheck as a release build, and dotenv-linter as its package installs it."""

import os
import subprocess
import sys

from .builds import FOREIGN
from .paths import REPOSITORY, TARGET

VERSION = "4.0.0"


def programs(with_configcheck):
    """Names and paths, in the order of the tables."""
    linter = {"dotenv-linter": dotenv_linter()}
    return {**linter, "configcheck": configcheck()} if with_configcheck else linter


def configcheck():
    cargo("build", "--release", "--locked", "-p", "configcheck-cli", "--target-dir", TARGET)
    return TARGET / "release" / "configcheck"


def dotenv_linter():
    """Without its default features, which are the check for updates: it would ask the network at the end of each run."""
    folder = TARGET / f"dotenv-linter-{VERSION}"
    binary = folder / "bin" / "dotenv-linter"
    if not binary.exists():
        cargo("install", "dotenv-linter", "--version", VERSION, "--locked", "--no-default-features", "--root", folder)
    return binary


def cargo(*words):
    environment = {name: value for name, value in os.environ.items() if name not in FOREIGN}
    if subprocess.run(["cargo", *words], cwd=REPOSITORY, env=environment).returncode:
        sys.exit(f"cargo {' '.join(str(word) for word in words)} does not work")
