"""``kill -9`` at random points of importing, annotating, indexing and backing up: nothing acknowledged is lost."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import defaultdict
from pathlib import Path

import pytest

from reader.domain.views import View, ViewKind
from reader.services import Library
from reader.services.process.lock import LibraryLock
from reader.services.process.ownership import claim_or_hand_over
from tests.reliability.figures import record

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.skipif(os.name == "nt", reason="kill -9 is a Unix matter")


class Ledger:
    """What was acknowledged, and what was under way when its process was killed."""

    def __init__(self) -> None:
        self.listings: set[str] = set()
        self.tags: dict[str, set[str]] = defaultdict(set)
        self.seen: set[str] = set()
        self.latest: dict[tuple[str, str], set[str]] = {}
        self.acknowledged = 0

    def read(self, lines: list[str]) -> None:
        """Take in what one process said before it was killed; an operation it only tried may have happened or not."""
        for line in lines:
            if not line.endswith("\n"):
                continue
            said, *words = line.split()
            if said == "ready":
                continue
            kind, *values = words
            self.acknowledged += said == "done"
            if kind in {"note", "state"}:
                slot = (kind, values[0])
                if said == "done":
                    self.latest[slot] = {values[1]}
                else:
                    self.latest.setdefault(slot, {"" if kind == "note" else "inbox"}).add(values[1])
            elif said == "done" and kind == "import":
                self.listings.add(values[0])
            elif said == "done" and kind == "tag":
                self.tags[values[0]].add(values[1])
            elif said == "done" and kind == "seen":
                self.seen.add(values[0])

    def check(self, library: Library) -> None:
        """Everything acknowledged is there; nothing is half there."""
        counts = {listing.name: listing.paper_count for listing in library.listings.all()}
        assert self.listings <= counts.keys()
        assert set(counts.values()) <= {20}
        papers = {paper.key: paper for paper in library.papers.read(library.views.paper_ids(View(ViewKind.ALL)))}
        for key, tags in self.tags.items():
            assert tags <= set(papers[key].tags)
        for key in self.seen:
            assert papers[key].seen
        for (kind, key), possible in self.latest.items():
            value = papers[key].note if kind == "note" else papers[key].state.value
            assert value in possible
            self.latest[kind, key] = {value}


def run_and_kill(folder: Path, seed: int, dice: random.Random) -> list[str]:
    """One process, killed at some moment after some operations; what it said."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.reliability.worker", str(folder), str(seed)],
        cwd=ROOT, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    # However busy the machine is, something was acknowledged by then; and then the moment is anybody's guess.
    lines = [process.stdout.readline() for _ in range(dice.randrange(2, 14))]
    timer = threading.Timer(dice.uniform(0, 0.1), process.send_signal, [signal.SIGKILL])
    timer.start()
    lines += process.stdout.readlines()
    process.wait()
    timer.join()
    assert process.returncode == -signal.SIGKILL
    process.stdout.close()
    return lines


def run_kills(folder: Path, kills: int, seed: int) -> tuple[int, float]:
    """So many kills on one library; how many operations were acknowledged, and the seconds of the slowest start."""
    dice = random.Random(seed)
    ledger = Ledger()
    slowest = 0.0
    for number in range(kills):
        ledger.read(run_and_kill(folder, seed * 1_000 + number, dice))
        begun = time.monotonic()
        owner = claim_or_hand_over(folder / "library")
        assert owner is not None, "a dead process is no owner"
        with owner, Library(folder / "library") as library:
            slowest = max(slowest, time.monotonic() - begun)
            assert not owner.needs_check, "a small library was checked at once"
            ledger.check(library)
            if number % 10 == kills % 10 or number == kills - 1:
                wrong = [found for found in library.checks.run().findings if not found.is_harmless]
                assert wrong == []
    assert not LibraryLock(folder / "library").path.read_bytes()
    assert ledger.acknowledged >= kills
    return ledger.acknowledged, slowest


def test_nothing_acknowledged_is_lost_to_a_few_kills(tmp_path: Path) -> None:
    run_kills(tmp_path, 6, seed=7)


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_nothing_acknowledged_is_lost_to_two_hundred_kills(tmp_path: Path) -> None:
    acknowledged, slowest = run_kills(tmp_path, 200, seed=11)
    record("kill -9", f"200 kills, {acknowledged:,} acknowledged operations, 0 lost, integrity ok")
    record("kill -9", f"slowest start after one {slowest:.2f} s")
