"""``kill -9`` at random moments of fetching: a page is stored whole or as it was, and the next fetch goes on."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from reader.services import Library
from tests.reliability.figures import record
from tests.services.fetching import day, fetch_all, subscribe_daily
from tests.web.papers import invent
from tests.web.server import WebServer, playing

ROOT = Path(__file__).parents[2]
DAYS, PAPERS = 8, 60
pytestmark = pytest.mark.skipif(os.name == "nt", reason="kill -9 is a Unix matter")


def serve(server: WebServer, version: int) -> None:
    """Give every paper of every day as many upvotes as the version, and each day one more paper."""
    for place in range(DAYS):
        first = place * 1_000
        papers = range(first, first + PAPERS + version)
        server.pages[day(place).isoformat()] = [invent(number, day(place), upvotes=version) for number in papers]


def check(library: Library, versions: int) -> int:
    """Every page is one that the server had, whole; their number."""
    listings = library.listings.all()
    for listing in listings:
        (section,) = library.listings.sections([listing.id])
        papers = list(library.papers.read([*section.new_ids, *section.known_ids]))
        (version,) = {paper.sightings[0].upvotes for paper in papers}
        assert version in range(versions + 1)
        assert len(papers) == PAPERS + version
        assert {paper.upvotes for paper in papers} == {version}
    wrong = [found for found in library.checks.run().findings if not found.is_harmless]
    assert wrong == []
    return len(listings)


def run_kills(folder: Path, kills: int, seed: int, monkeypatch: pytest.MonkeyPatch) -> int:
    """So many kills on one library; how many pages had been stored by then, all in all."""
    dice, stored = random.Random(seed), 0
    with playing(monkeypatch) as server:
        with Library(folder / "library") as library:
            subscribe_daily(library)
        for number in range(kills):
            serve(server, number)
            process = subprocess.Popen(
                [sys.executable, "-m", "tests.reliability.fetcher", str(folder), str(DAYS)],
                cwd=ROOT, stdout=subprocess.PIPE, text=True,
            )  # fmt: skip
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
            timer = threading.Timer(dice.uniform(0, 1.5), process.send_signal, [signal.SIGKILL])
            timer.start()
            process.wait()
            timer.join()
            process.stdout.close()
            assert process.returncode == -signal.SIGKILL
            with Library(folder / "library") as library:
                stored += check(library, number)
        with Library(folder / "library") as library:
            assert fetch_all(library, days=DAYS).failed == 0
            assert check(library, kills - 1) == DAYS
            assert {paper.upvotes for paper in library.papers.read(range(1, 10))} == {kills - 1}
            while library.history.undo() is not None:
                pass
            assert library.listings.all() == []
    return stored


def test_pages_are_whole_after_a_few_kills(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run_kills(tmp_path, 4, 3, monkeypatch)


@pytest.mark.soak
@pytest.mark.timeout(1800)
def test_pages_are_whole_after_fifty_kills(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stored = run_kills(tmp_path, 50, 19, monkeypatch)
    record("kill -9", f"50 kills while fetching: {stored:,} pages looked at, 0 of them half stored")
