"""The figures that the soak run finds, kept for ``docs/reliability.md`` (``scripts/reliability_report.py``)."""

from __future__ import annotations

import json
import os
from pathlib import Path

FILE = "LECTERN_FIGURES"
"""The environment variable that names the file to add figures to, one JSON object a line; unset: they are dropped."""


def record(promise: str, figure: str) -> None:
    """Note what was found out about a promise, such as ``"races"``: "30 of 30 with exactly one writer".

    Only at full size, or where there is one size only. The promises are those of the script.
    """
    place = os.environ.get(FILE)
    if place:
        with Path(place).open("a", encoding="utf-8") as file:
            file.write(json.dumps({"promise": promise, "figure": figure}) + "\n")
