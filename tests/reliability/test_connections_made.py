"""No connection without a subscription, and with one only to its host: shown by the system's calls (strace).

The fetch of a subscription is the canary: the same watch must see it connect.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from tests.reliability.figures import record
from tests.reliability.test_hostile_text import can_trace
from tests.services.support import listing_text
from tests.web.papers import invent
from tests.web.server import WebServer

ROOT = Path(__file__).parents[2]
_WATCHED = "connect,sendto,sendmsg,sendmmsg"
_PORT = re.compile(r"sin6?_port=htons\((\d+)\)")
_RUN = """
import json, sys
from reader.cli import cli
for arguments in json.load(sys.stdin):
    try:
        cli.main(arguments)
    except SystemExit as end:
        assert end.code == 0, arguments
"""
DAY = date(2025, 9, 18)


@pytest.fixture
def server() -> Iterator[WebServer]:
    with WebServer() as server:
        server.pages[DAY.isoformat()] = [invent(1)]
        yield server


@pytest.fixture(autouse=True)
def tracing(tmp_path: Path) -> None:
    if not can_trace(tmp_path):
        pytest.skip("strace is not there, or may not trace")


def calls_of(folder: Path, server: WebServer, *commands: tuple[str, ...]) -> list[str]:
    """What commands, in one process, and its children send to another machine, or to this one by the network."""
    trace = folder / "trace"
    done = subprocess.run(
        [
            *("strace", "-f", "--seccomp-bpf", "-qq", "-e", f"trace={_WATCHED}", "-e", "signal=none"),
            *("-o", str(trace), sys.executable, "-c", _RUN),
        ],
        cwd=ROOT, input=json.dumps(commands), capture_output=True, text=True, check=False, timeout=300,
        env=server.environment() | {"PATH": "/usr/bin:/bin", "HOME": str(folder), "LANG": "C.UTF-8",
                                    "LECTERN_LIBRARY": str(folder / "library"), "TMPDIR": str(folder)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return [line for line in trace.read_text("utf-8", "replace").splitlines() if "AF_INET" in line]


def test_only_a_subscription_connects_and_only_with_its_host(tmp_path: Path, server: WebServer) -> None:
    page = tmp_path / "page.txt"
    page.write_text(listing_text("A Paper", "Another Paper"), "utf-8")
    days = ("--since", DAY.isoformat(), "--until", DAY.isoformat())
    quiet = [
        ("import", str(page)), ("papers", "paper"), ("subscriptions",), ("fetch",), ("fetch", *days),
        ("subscribe", "daily"), ("subscribe", "arxiv", "cs.CL"), ("subscribe", "feed", "https://example.org/feed"),
        ("subscriptions", "--json"), ("subscriptions", "--opml"), ("unsubscribe", "example.org/feed"),
        ("unsubscribe", "arXiv cs.CL"), ("listings",), ("stats",), ("undo",), ("redo",), ("check",),
    ]  # fmt: skip
    assert calls_of(tmp_path, server, *quiet) == []
    assert server.seen == []
    calls = calls_of(tmp_path, server, ("fetch", *days))
    assert len(server.seen) == 1
    assert calls, "the watch sees a connection"
    assert {port for call in calls for port in _PORT.findall(call)} == {str(server.port)}
    figure = (
        f"{len(quiet)} commands without and with subscriptions: 0 connections; a fetch: {len(server.seen)}, to its host"
    )
    record("connections", figure)
