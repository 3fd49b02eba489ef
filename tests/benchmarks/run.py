#!/usr/bin/env python3
"""Measures Configcheck beside its peers: loading, .env files, the command, build cost, secrets. README.md says what and why."""

import argparse
import sys

sys.dont_write_bytecode = True

from measure import builds, command, loads, page, results, secret_builds, secrets
from measure.program import Program

PARTS = ("load", "dotenv", "command", "build", "secrets", "secrets-build")


def main():
    options = arguments()
    measured = measure(options.only or PARTS, options.quick, not options.peers_only)
    if not options.quick:
        results.keep(measured)
    everything = {**results.kept(), **measured}
    print(page.tables(measured, everything))
    if options.write:
        written = page.write(everything)
        print("written: " + (", ".join(written) or "nothing, since no page has all its parts measured"))


def measure(parts, quick, with_configcheck):
    measured = {}
    if "load" in parts or "dotenv" in parts:
        program = Program.built(with_configcheck)
        for part in ("load", "dotenv"):
            if part in parts:
                measured[part] = results.dated(loads.measure(program, part, quick))
    if "command" in parts:
        measured["command"] = results.dated(command.measure(quick, with_configcheck))
    if "build" in parts:
        measured["build"] = results.dated(builds.measure(quick, with_configcheck))
    if "secrets" in parts and with_configcheck:
        measured["secrets"] = results.dated(secrets.measure(quick))
    if "secrets-build" in parts:
        measured["secrets-build"] = results.dated(secret_builds.measure(quick, with_configcheck))
    return measured


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", action="append", choices=PARTS, help="measure this part only; may be repeated")
    parser.add_argument("--quick", action="store_true", help="fewer repetitions: a first look, not for the page")
    parser.add_argument("--write", action="store_true", help="rewrite the pages whose parts are all measured, with the last figures of each")
    parser.add_argument("--peers-only", action="store_true", help="leave Configcheck out, while it does not compile")
    options = parser.parse_args()
    if options.quick and options.write:
        parser.error("quick figures are not for the page")
    return options


if __name__ == "__main__":
    main()
