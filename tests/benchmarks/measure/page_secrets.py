"""The page docs/benchmarks-secrets.md: fifty secrets over a line with a delay, and the build cost of the managers' clients."""

from . import goals
from .page_tables import goal_table, table, times

HEAD = """\
# Benchmarks of secrets

What fetching secrets costs, beside the clients a service would otherwise use. Written by

```text
python3 tests/benchmarks/run.py --only secrets --only secrets-build --write
```

and not edited by hand; [how it measures](../tests/benchmarks/README.md). OpenBao and moto are real servers of the tests on this machine,
behind a proxy that lets every byte arrive late; a new connection costs a round trip more, as on a real line. Each time is from nothing to
fifty values: settings, connections, login, requests. All clients are dev builds, so that their own work weighs more than in production.

"""
LINE = ("line", "round trip")


def page(kept, machine):
    text = HEAD + machine
    fetched = kept["secrets"]["figures"]
    text += f"* load of the machine (1 minute) before and after: {fetched['load'][0]:.1f}, {fetched['load'][1]:.1f}\n"
    text += "\n## Goals\n\n" + goals_table(kept) + "\n"
    return text + tables(kept)


def goals_table(kept):
    return goal_table("goal", goals.SECRET_MEASURES, goals.secret_rows(kept))


def tables(kept):
    text = ""
    if "secrets" in kept:
        text += fetch_tables(kept["secrets"]["figures"])
    if "secrets-build" in kept:
        text += "## Clean dev build of a hello world that reads one secret\n\n" + build_table(kept["secrets-build"]["figures"]) + "\n"
    return text


def fetch_tables(figures):
    scenes, text = figures["scenes"], ""
    trips = {delay: clients[LINE[1]] for delay, clients in scenes[LINE[0]].items()}
    for delay, trip in trips.items():
        text += f"## {delay} ms there and back\n\n"
        text += f"A request on a warm connection takes {trip['seconds'] * 1000:.1f} ms: the round trip (RTT) below. "
        text += "The times are medians; the clients take turns.\n\n"
        head = ["server", "client", "fetches", "ms", "quartiles", "least", "× RTT", "least × RTT", "× in turn", "connections", "requests"]
        rows = []
        for scene, delays in scenes.items():
            if scene != LINE[0]:
                clients = delays[delay]
                in_turn = next((cost for client, cost in clients.items() if client.endswith("in turn")), None)
                rows += [fetch_row(scene, client, cost, trip, in_turn) for client, cost in clients.items()]
        text += table(head, rows) + "\n"
    return text


def fetch_row(scene, client, cost, trip, in_turn):
    lower, upper = (f"{value * 1000:.0f}" for value in cost["quartiles"])
    row = [scene, client, str(cost["runs"]), f"{cost['seconds'] * 1000:.0f}", f"{lower} to {upper}", f"{cost['least'] * 1000:.0f}"]
    row += [times(cost["seconds"] / trip["seconds"]), times(cost["least"] / trip["least"])]
    row += [times(in_turn and cost["seconds"] / in_turn["seconds"])]
    return row + [span(cost["connections"]), span(cost["requests"])]


def span(counts):
    return str(counts[0]) if len(counts) == 1 else f"{counts[0]} to {counts[-1]}"


def build_table(figures):
    head = ["hello world with", "crates", "× peer", "CPU s", "× peer", "binary with debug information, MB"]
    rows = []
    for name, cost in figures.items():
        peer = figures.get(goals.SECRET_PEERS.get(name, ""), None)
        beside = [times(peer and cost[measure] / peer[measure]) for measure in ("crates", "seconds")]
        rows.append([name, str(cost["crates"]), beside[0], f"{cost['seconds']:.0f}", beside[1], f"{cost['bytes'] / 1e6:.0f}"])
    return table(head, rows)
