"""Where things lie. Everything made here goes below the target folder."""

import os
from pathlib import Path

BENCHMARKS = Path(__file__).resolve().parent.parent
REPOSITORY = BENCHMARKS.parent.parent
CONFIGCHECK = REPOSITORY / "crates" / "configcheck"
PAGE = REPOSITORY / "docs" / "benchmarks.md"
COMMAND_PAGE = REPOSITORY / "docs" / "benchmarks-command.md"
SECRETS_PAGE = REPOSITORY / "docs" / "benchmarks-secrets.md"
TARGET = Path(os.environ.get("CARGO_TARGET_DIR", BENCHMARKS / "target")).resolve()
WORK = TARGET / "measured"
