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


def rows(kept):
    """Sentence, ratios by measure (None where nothing was measured), bound."""
    for part, sentence, (group, peer), (other_group, other), bound in LOADS:
        figures = kept.get(part, {}).get("figures", {})
        ours, theirs = figures.get(group, {}).get(peer), figures.get(other_group, {}).get(other)
        yield sentence, {measure: ratio(ours, theirs, measure) for measure in LOAD_MEASURES}, bound
    figures = kept.get("build", {}).get("figures", {})
    for sentence, peer, other, bound in BUILDS:
        yield sentence, {"nanoseconds": ratio(figures.get(peer), figures.get(other), "seconds")}, bound


def ratio(ours, theirs, measure):
    return ours[measure] / theirs[measure] if ours and theirs else None


def verdict(ratios, bound):
    if None in ratios.values():
        return "not measured"
    missed = [LOAD_MEASURES[measure] for measure, value in ratios.items() if value > bound]
    if not missed:
        return "met"
    return "**not met**" if len(missed) == len(ratios) else "**not met** by " + " and ".join(missed)
