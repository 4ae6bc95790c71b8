"""A server in a process of its own, as real ones are: its pages are the days that the benchmark of fetching fetches.

Prints the variables that send Lectern to it as JSON, and ends with its standard input.
"""

from __future__ import annotations

import json
import sys
from datetime import date, timedelta

from tests.web.papers import hugging_face_entry, invent
from tests.web.server import WebServer

DAYS, PAPERS = 100, 100
FIRST = date(2025, 1, 1)
LAST = FIRST + timedelta(days=DAYS - 1)
WORDS = "of tides and ladders that moths measure in kettles under lanterns while orchards sail "


def pages() -> dict[str, bytes]:
    """By day: the answer for 100 papers with abstracts of a usual length."""
    made = {}
    for place in range(DAYS):
        day = FIRST + timedelta(days=place)
        papers = [
            invent(place * PAPERS + number, day, abstract=f"Number {place}-{number} {WORDS * 14}")
            for number in range(PAPERS)
        ]
        made[day.isoformat()] = json.dumps([hugging_face_entry(paper) for paper in papers]).encode()
    return made


def main() -> None:
    """Serve."""
    with WebServer() as server:
        for name, content in pages().items():
            for number, answer in enumerate((content, b"[]")):
                path = f"/api/daily_papers?date={name}&p={number}&limit=100&sort=publishedAt"
                server.files[path] = (answer, "application/json")
        print(json.dumps(server.environment()), flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()
