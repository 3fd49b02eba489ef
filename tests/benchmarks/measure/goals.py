"""The goals, and whether the figures meet them. Nothing here is written by hand: a goal that is missed says so."""

OURS = "configcheck"
LOAD_MEASURES = {
    "first": "first load, instructions",
    "further": "further load, instructions",
    "nanoseconds": "CPU time",
}

# Part, sentence, group and peer that are measured, group and peer they are compared with, bound of the ratio.
LOADS = [
    ("load", "10 fields from the environment: at most 0.6 × envy", ("env/10", OURS), ("env/10", "envy"), 0.6),
    ("load", "100 fields from the environment: at most 0.65 × envy", ("env/100", OURS), ("env/100", "envy"), 0.65),
    ("dotenv", "`.env` of 100 lines: at most 0.4 × dotenvy + envy",
     ("dotenv/100", OURS), ("dotenv/100", "dotenvy + envy"), 0.4),
    ("dotenv", "`.env` of 10,000 lines: about 100 × (at most 125 ×) that of 100",
     ("dotenv/10000", OURS), ("dotenv/100", OURS), 125),
]
BUILDS = [
    ("build, default features: at most 1.0 × figment + toml", "configcheck, default", "figment + toml", 1.0),
    ("build, leanest: at most 1.5 × envy + dotenvy", "configcheck, leanest", "envy + dotenvy", 1.5),
]

# What a run of the command is measured by, and what a goal compares it with: a group and a program, or a number.
RUN_MEASURES = {"instructions": "instructions", "cpu": "CPU time", "wall": "wall time", "memory": "memory"}
LINTER = "dotenv-linter"
RUNS = [
    ("`--version`: at most 1.0 × dotenv-linter",
     ("start/version", OURS), ("start/version", LINTER), ("instructions", "wall"), 1.0),
    ("`check` of 5 keys: at most 1.0 × dotenv-linter",
     ("start/five", OURS), ("start/five", LINTER), ("instructions", "wall"), 1.0),
    ("`check` of 5 keys: less than 10 ms, as a share of it", ("start/five", OURS), 0.010, ("wall",), 1.0),
    ("10,000 lines: at most 0.02 × dotenv-linter", ("lines/10000", OURS), ("lines/10000", LINTER), ("cpu",), 0.02),
    ("1,000,000 lines: about 100 × (at most 130 ×) 10,000 lines",
     ("lines/1000000", OURS), ("lines/10000", OURS), ("cpu",), 130),
    ("1,000,000 lines: at most 10 × the size of the file", ("lines/1000000", OURS), "file", ("memory",), 10),
    ("2,000 files in 2,000 folders: at most 0.5 × dotenv-linter", ("tree", OURS), ("tree", LINTER), ("wall",), 0.5),
]

# Fetches: sentence, scene, client, whom it is compared with, bound. The round trip is that of the same delay.
SECRET_MEASURES = {"20": "20 ms", "40": "40 ms", "200": "200 ms", "crates": "crates", "seconds": "CPU time"}
ROUND_TRIP = ("line", "round trip")
FETCHES = [
    ("50 paths of Vault, http: at most 4 × RTT", "vault, http", OURS, ROUND_TRIP, 4),
    ("50 paths of Vault, TLS: at most 4 × RTT", "vault, TLS", OURS, ROUND_TRIP, 4),
    ("50 keys of one path of Vault, TLS: at most 4 × RTT", "vault, TLS", f"{OURS}, one path", ROUND_TRIP, 4),
    ("50 secrets of Secrets Manager, http: at most 4 × RTT", "aws, http", OURS, ROUND_TRIP, 4),
    ("50 secrets of Secrets Manager, TLS: at most 4 × RTT", "aws, TLS", OURS, ROUND_TRIP, 4),
    ("Vault, TLS: at most 1.0 × vaultrs at once", "vault, TLS", OURS, ("vault, TLS", "vaultrs, at once"), 1.0),
    ("Secrets Manager, TLS: at most 1.0 × the SDK at once",
     "aws, TLS", OURS, ("aws, TLS", "aws-sdk-secretsmanager, at once"), 1.0),
]
SECRET_PEERS = {f"{OURS}, vault": "vaultrs", f"{OURS}, aws": "aws-sdk-secretsmanager"}
SECRET_BUILD_BOUND = 1.15


def rows(kept):
    """Sentence, ratios by measure (None where nothing was measured), bound."""
    for part, sentence, (group, peer), (other_group, other), bound in LOADS:
        figures = kept.get(part, {}).get("figures", {})
        ours, theirs = figures.get(group, {}).get(peer), figures.get(other_group, {}).get(other)
        yield sentence, {measure: ratio(ours, theirs, measure) for measure in LOAD_MEASURES}, bound
    figures = kept.get("build", {}).get("figures", {})
    for sentence, peer, other, bound in BUILDS:
        yield sentence, {"nanoseconds": ratio(figures.get(peer), figures.get(other), "seconds")}, bound


def run_rows(kept):
    """The same for the runs of the command."""
    figures = kept.get("command", {}).get("figures", {})
    for sentence, (group, program), against, measures, bound in RUNS:
        ours = figures.get(group, {}).get(program)
        if isinstance(against, tuple):
            theirs = figures.get(against[0], {}).get(against[1])
        else:
            number = (ours or {}).get(against) if isinstance(against, str) else against
            theirs = number and dict.fromkeys(measures, number)
        yield sentence, {measure: ratio(ours, theirs, measure) for measure in measures}, bound


def secret_rows(kept):
    """The same for fetches and for the builds of the managers' clients."""
    scenes = kept.get("secrets", {}).get("figures", {}).get("scenes", {})
    for sentence, scene, client, (other_scene, other), bound in FETCHES:
        ratios = {}
        for delay in ("20", "40", "200"):
            ours = scenes.get(scene, {}).get(delay, {}).get(client)
            ratios[delay] = ratio(ours, scenes.get(other_scene, {}).get(delay, {}).get(other), "seconds")
        yield sentence, ratios, bound
    figures = kept.get("secrets-build", {}).get("figures", {})
    for name, peer in SECRET_PEERS.items():
        sentence = f"build, {name}: at most {SECRET_BUILD_BOUND} × {peer}"
        ratios = {measure: ratio(figures.get(name), figures.get(peer), measure) for measure in ("crates", "seconds")}
        yield sentence, ratios, SECRET_BUILD_BOUND


def ratio(ours, theirs, measure):
    return ours[measure] / theirs[measure] if ours and theirs and ours[measure] else None


def verdict(ratios, bound, names):
    if None in ratios.values():
        return "not measured"
    missed = [names[measure] for measure, value in ratios.items() if value > bound]
    if not missed:
        return "met"
    return "**not met**" if len(missed) == len(ratios) else "**not met** by " + " and ".join(missed)
