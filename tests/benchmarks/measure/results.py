"""The figures of the last full run of each part: parts can be measured one by one, the page shows them all."""

import datetime
import json

from .paths import WORK

FILE = WORK / "results.json"


def dated(figures):
    return {"date": datetime.date.today().isoformat(), "figures": figures}


def keep(measured):
    FILE.parent.mkdir(parents=True, exist_ok=True)
    FILE.write_text(json.dumps({**kept(), **measured}, indent=1))


def kept():
    return json.loads(FILE.read_text()) if FILE.exists() else {}
