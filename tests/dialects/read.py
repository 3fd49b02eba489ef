"""Reads each `.env` text of a list with python-dotenv and prints what it makes of them, as JSON: a list of objects, in which null is a key without
a value. The texts come by stdin. OUTER=outer is in the environment and nothing else."""

import io
import json
import logging
import os
import sys

from dotenv import dotenv_values

logging.disable(logging.CRITICAL)
texts = json.load(sys.stdin)
os.environ.clear()
os.environ["OUTER"] = "outer"


def read(text):
    # As from a file: universal line ends, and the file's encoding.
    return dict(dotenv_values(stream=io.TextIOWrapper(io.BytesIO(text.encode()), encoding="utf-8")))


json.dump([read(text) for text in texts], sys.stdout)
