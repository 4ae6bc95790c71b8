"""Many runs leave few files, and no more than is needed."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from reader.domain.errors import SyncTargetMissingError
from reader.services.sync import own_files
from reader.services.sync.targets import FolderTarget
from tests.services.sync.machines import Machines, correct, said, say

_DEVICES = ("laptop", "desktop", "third")
_MOST = 100
_SMALLEST = 400
"""The bytes of a file with one write, which are no less in a small library."""


def live_along(meeting: Machines, days: int, runs: int, seed: int = 7) -> None:
    """So many days with so many runs, after each of which something small is said or corrected."""
    chance = random.Random(seed)
    for name in _DEVICES:
        say(meeting.library(name), *(f"{name}{number}" for number in range(10)))
    meeting.set_up(*_DEVICES)
    for day in range(days):
        for _ in range(runs):
            library = meeting.library(chance.choice(_DEVICES))
            correct(library, chance.choice(sorted(said(library))), f"title:{day} abs:{chance.random()}")
            library.sync.run(out_only=chance.random() < 0.5)
            meeting.clock.advance(minutes=5)
    meeting.meet()


def check_size(meeting: Machines) -> tuple[int, int, int]:
    """Few files a device, and the target is at most twice as large as one into which all is written anew.

    The most files of a device, and the bytes of the target and of such a one.
    """
    folders = list((meeting.folder / "devices").iterdir())
    assert len(folders) == len(_DEVICES)
    most = max(len(list(folder.iterdir())) for folder in folders)
    assert most <= _MOST
    size = sum(path.stat().st_size for path in meeting.files())
    files = len(meeting.files())
    for name in _DEVICES:
        meeting.library(name).sync.move(str(meeting.root / "anew"))
        meeting.library(name).sync.run()
    live = sum(path.stat().st_size for path in (meeting.root / "anew").rglob("*.lecs"))
    assert size <= 2 * live + files * _SMALLEST
    assert said(meeting.library("laptop")) == said(meeting.library("desktop")) == said(meeting.library("third"))
    return most, size, live


def test_a_busy_day_leaves_few_files(meeting: Machines) -> None:
    live_along(meeting, days=1, runs=240)
    check_size(meeting)
    (fourth,) = meeting.set_up("fourth")
    assert said(fourth) == said(meeting.library("laptop"))


def test_all_is_written_anew_where_much_no_longer_stands(meeting: Machines) -> None:
    laptop, desktop = meeting.set_up("laptop", "desktop")
    say(laptop, *(f"word{number}" for number in range(300)))
    laptop.sync.run()
    for letter in "abcdefgh":
        for name in said(laptop):
            correct(laptop, name, f"title:{name} abs:{letter * 40}{random.Random(name + letter).random()}")
        laptop.sync.run(out_only=True)
    desktop.sync.run()
    before = sum(path.stat().st_size for path in meeting.files())
    laptop.sync.run()
    laptop.sync.run()
    after = sum(path.stat().st_size for path in meeting.files())
    assert after < before / 2
    assert laptop.sync.run().sent == desktop.sync.run().received == 0
    (third,) = meeting.set_up("third")
    assert said(third) == said(laptop) == said(desktop)


def test_old_files_stay_until_the_new_ones_were_read_back(meeting: Machines, monkeypatch: pytest.MonkeyPatch) -> None:
    (laptop,) = meeting.set_up("laptop")
    for number in range(own_files.MOST_FILES - 1):
        say(laptop, f"word{number}")
        laptop.sync.run(out_only=True)
    put = FolderTarget.put

    def torn(self: FolderTarget, name: str, data: bytes) -> None:
        put(self, name, data[:-1] if "000000000001-" in name else data)

    say(laptop, "last")
    laptop.sync.run(out_only=True)
    files = set(meeting.files())
    monkeypatch.setattr(FolderTarget, "put", torn)
    laptop.sync.run()
    assert files <= set(meeting.files())
    monkeypatch.undo()
    laptop.sync.run()
    laptop.sync.run()
    assert len(meeting.files()) < 5
    (other,) = meeting.set_up("other")
    assert said(other) == said(laptop)


def test_a_folder_that_vanishes_meanwhile_costs_nothing(meeting: Machines, monkeypatch: pytest.MonkeyPatch) -> None:
    laptop, desktop = meeting.set_up("laptop", "desktop")

    def refusing(self: FolderTarget, name: str, data: bytes) -> None:
        raise SyncTargetMissingError("The disk of the folder is full; make room there, then synchronise again.")

    for number in range(own_files.MOST_FILES):
        say(laptop, f"word{number}")
        laptop.sync.run(out_only=True)
    say(desktop, "bees")
    desktop.sync.run()
    monkeypatch.setattr(FolderTarget, "put", refusing)
    say(laptop, "ants")
    report = laptop.sync.run()
    assert "bees" in said(laptop) and report.sent == 0 and "full" in report.troubles[0]
    monkeypatch.undo()
    meeting.meet()
    assert said(laptop) == said(desktop) and "ants" in said(desktop)


def test_two_files_of_one_name_on_the_way_are_both_read(meeting: Machines, tmp_path: Path) -> None:
    """A device that has applied some of the small files takes the large one for the rest."""
    laptop, desktop = meeting.set_up("laptop", "desktop")
    for number in range(own_files.MOST_FILES):
        say(laptop, f"word{number}")
        laptop.sync.run(out_only=True)
        if number == 10:
            desktop.sync.run()
    laptop.sync.run()
    laptop.sync.run()
    assert len(meeting.files()) < 5
    desktop.sync.run()
    assert said(desktop) == said(laptop)
