"""The measured program of this folder: builds it, asks it for its peers and inputs, and starts it in an environment
that holds the group's variables and nothing else."""

import os
import subprocess
import sys

from .paths import BENCHMARKS, TARGET, WORK


class Program:
    def __init__(self, binary):
        self.binary = str(binary)

    @classmethod
    def built(cls, with_configcheck):
        features = ["--features", "configcheck"] if with_configcheck else []
        command = ["cargo", "build", "--release", *features]
        environment = {**os.environ, "CARGO_TARGET_DIR": str(TARGET)}
        if subprocess.run(command, cwd=BENCHMARKS, env=environment).returncode:
            sys.exit("the measured program does not compile; --peers-only leaves Configcheck out")
        return cls(TARGET / "release" / "configcheck-benchmarks")

    def peers(self):
        """Group names, each with its peers, in the order of the tables."""
        groups = {}
        for line in self.ask("peers").splitlines():
            group, peer = line.split("\t")
            groups.setdefault(group, []).append(peer)
        return dict(sorted(groups.items(), key=lambda item: group_order(item[0])))

    def prepare(self, group):
        """Puts the group's .env file in place and returns its folder and its environment; every peer has then shown
        that it loads the right values from them."""
        folder = WORK / group
        folder.mkdir(parents=True, exist_ok=True)
        (folder / ".env").write_text(self.ask("dotenv", group))
        environment = dict(line.split("=", 1) for line in self.ask("environment", group).splitlines())
        checked = subprocess.run([self.binary, "check", group, folder], env=environment, cwd=WORK)
        if checked.returncode:
            sys.exit(f"{group}: not every peer loads the right values")
        return str(folder), environment

    def ask(self, *words, environment=None):
        answer = subprocess.run([self.binary, *words], env=environment, cwd=WORK.parent, capture_output=True, text=True)
        if answer.returncode:
            sys.exit(f"{' '.join(words)}: {answer.stderr.strip()}")
        return answer.stdout


def group_order(group):
    kind, size = group.split("/")
    return kind != "env", int(size)
