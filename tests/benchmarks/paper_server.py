"""A server of Daily Papers in a process of its own: a month of days with as many papers each as are wanted."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from tests.web.papers import invent
from tests.web.server import WebServer

DAYS = 32
_ROOT = Path(__file__).resolve().parents[2]


@contextmanager
def paper_server(papers: int) -> Iterator[None]:
    """Send this process's requests to a server with ``papers`` papers on each of the last days."""
    command = [sys.executable, "-m", "tests.benchmarks.paper_server", str(papers)]
    with subprocess.Popen(command, cwd=_ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        variables = json.loads(server.stdout.readline())
        before = {name: os.environ.get(name) for name in variables}
        os.environ.update(variables)
        try:
            yield
        finally:
            server.stdin.close()  # which ends it
            for name, value in before.items():
                os.environ.pop(name) if value is None else os.environ.update({name: value})


def _serve(papers: int, today: date) -> None:
    with WebServer() as server:
        for number in range(DAYS):
            day = today - timedelta(days=number)
            server.pages[day.isoformat()] = [invent(number * papers + each, day) for each in range(papers)]
        print(json.dumps(server.environment()), flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    _serve(int(sys.argv[1]), datetime.now(UTC).date())
