"""Power cuts, simulated: no image is corrupt, and none lacks what was acknowledged."""

from __future__ import annotations

import random
import sqlite3
from contextlib import closing
from pathlib import Path

import apsw
import pytest

from reader.domain.papers import PaperState
from reader.domain.selection import ALL_PAPERS
from reader.storage.store import LibraryStore
from tests.reliability.figures import record
from tests.reliability.power import Disk, Event, Image, Statement, cut, recording, replay
from tests.storage.support import add, paper, read_tables

_SMALL_LOG = "PRAGMA wal_autocheckpoint=40"
"""Checkpoints are rare in use; here they happen all the time, because cuts in their midst are what is to be tried."""


def record_work(folder: Path, monkeypatch: pytest.MonkeyPatch, rounds: int) -> list[Statement | Event]:
    """The statements of making a library, importing and annotating."""
    with recording(monkeypatch) as made, LibraryStore(folder / "library.db") as store:
        for number in range(rounds):
            add(store, f"page {number}", *(paper(f"Subject {number} {part}", "long " * 60) for part in range(12)))
            ids = store.papers.ids(ALL_PAPERS)
            for paper_id in ids[:6]:
                store.notes.set(paper_id, f"note {number} on {paper_id}")
            store.tags.add(ids[-5:], ["method", f"tag {number}"])
            store.states.set(ids[:4], PaperState.QUEUED)
            store.queue.move_by(ids[:1], 2)
            store.states.set_seen(ids[-3:], True, automatic=True)
            store.history.undo()
            store.history.redo()
        store.tidy()
    (log,) = [each.log for each in made if any(isinstance(it, Statement) and "INSERT" in it.sql for it in each.log)]
    return log


class Workload:
    """Recorded work, what it wrote, and the state after each of its commits."""

    def __init__(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch, *, rounds: int, synchronous: str = "FULL"
    ) -> None:
        self.folder = folder
        statements = record_work(folder / "original", monkeypatch, rounds)
        again = folder / "again"
        again.mkdir()
        self.disk = Disk(f"disk-{folder.name}-{synchronous}")
        pragmas = [_SMALL_LOG, f"PRAGMA synchronous={synchronous}"]
        self.states: dict[str, set[int]] = {"": {0}}
        self.commits = replay(statements, again / "library.db", self.disk, pragmas=pragmas, committed=self._note_state)
        original, replayed = (read_tables(place / "library.db") for place in (folder / "original", again))
        assert replayed == original, "what is replayed is what was done"

    def _note_state(self, connection: apsw.Connection, number: int) -> None:
        """After which commits the library was in which state; before all of them it was empty."""
        self.states.setdefault(fingerprint_of(connection), set()).add(number)

    def check(self, image: Image) -> tuple[bool, bool]:
        """Whether an image is corrupt, and whether it lacks something acknowledged."""
        place = self.folder / "image"
        place.mkdir(exist_ok=True)
        for old in place.iterdir():
            old.unlink()
        for name, content in image.files.items():
            if not name.endswith("-shm"):
                (place / name).write_bytes(content)
        if not image.files.get("library.db") and not image.files.get("library.db-wal"):
            return False, image.acknowledged > 0
        try:
            with closing(sqlite3.connect(place / "library.db")) as connection:
                sound = connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
                fingerprint = fingerprint_of(connection)
        except sqlite3.DatabaseError:
            return True, True
        if fingerprint not in self.states:
            return True, True
        # The state may be that of a commit whose acknowledgement was still under way.
        return not sound, max(self.states[fingerprint]) < image.acknowledged

    def images(self, count: int, seed: int) -> tuple[int, int]:
        """How many of so many cuts at random moments left something corrupt, and how many lost something."""
        dice = random.Random(seed)
        corrupt = lost = 0
        for _ in range(count):
            image = cut(self.disk.events, dice.randrange(1, len(self.disk.events) + 1), dice)
            is_corrupt, has_lost = self.check(image)
            corrupt += is_corrupt
            lost += has_lost
        return corrupt, lost


def fingerprint_of(connection: sqlite3.Connection | apsw.Connection) -> str:
    """What tells the state after one commit from that after another."""
    tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
    parts = []
    for table in tables:
        rows = connection.execute(f'SELECT * FROM "{table}" ORDER BY 1').fetchall()
        parts.append(f"{table}:{hash(tuple(rows))}")
    return " ".join(parts)


def test_power_cuts_lose_nothing_acknowledged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    work = Workload(tmp_path, monkeypatch, rounds=2)
    assert work.images(100, seed=3) == (0, 0)


def test_the_simulation_can_fail(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With NORMAL instead of FULL, which syncs the log only at checkpoints, acknowledged commits are lost."""
    work = Workload(tmp_path, monkeypatch, rounds=2, synchronous="NORMAL")
    corrupt, lost = work.images(40, seed=3)
    assert corrupt == 0
    assert lost > 5


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_three_hundred_power_cuts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    work = Workload(tmp_path, monkeypatch, rounds=6)
    corrupt, lost = work.images(300, seed=17)
    (tmp_path / "normal").mkdir()
    canary = Workload(tmp_path / "normal", monkeypatch, rounds=6, synchronous="NORMAL")
    corrupt_normal, lost_normal = canary.images(300, seed=17)
    record("power cuts", f"300 images of {work.commits} commits: {corrupt} corrupt, {lost} lost something acknowledged")
    record("power cuts", f"canary with synchronous=NORMAL: {corrupt_normal} corrupt, {lost_normal} lost something")
    assert (corrupt, lost) == (0, 0)
    assert lost_normal > 30
