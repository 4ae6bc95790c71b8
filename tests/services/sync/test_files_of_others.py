"""Files in the folder that carriers renamed, doubled, tore, delayed or left behind."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path

import pytest

from reader.services.sync.targets import FolderTarget
from tests.services.sync.machines import Machines, correct, said, say


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often each file of the folder was read."""
    counted: Counter[str] = Counter()
    get = FolderTarget.get

    def counting(self: FolderTarget, name: str) -> bytes | None:
        counted[name] += 1
        return get(self, name)

    monkeypatch.setattr(FolderTarget, "get", counting)
    return counted


def test_renamed_and_doubled_files_are_as_good_as_the_first(meeting: Machines, reads: Counter[str]) -> None:
    laptop, desktop = meeting.set_up("laptop", "desktop")
    say(laptop, "ants")
    laptop.sync.run()
    say(laptop, "bees")
    laptop.sync.run()
    for path in meeting.files():
        shutil.copy(path, path.with_name(f"{path.stem} (conflicted copy){path.suffix}"))
        path.rename(path.with_name(f"{path.stem}.sync-conflict-20261130-101010-ABCDEFG{path.suffix}"))
    report = desktop.sync.run()
    assert said(desktop) == said(laptop) == {"ants": "title:ants", "bees": "title:bees"}
    assert report.troubles == ()
    meeting.meet()
    reads.clear()
    assert desktop.sync.run().received == 0
    assert set(reads) == {"lectern.json"}
    (third,) = meeting.set_up("third")
    assert said(third) == said(laptop)


def test_torn_files_wait_until_they_are_whole(meeting: Machines, reads: Counter[str]) -> None:
    laptop, desktop = meeting.set_up("laptop", "desktop")
    say(laptop, "ants")
    laptop.sync.run()
    (file,) = meeting.files()
    whole = file.read_bytes()
    for torn in (b"", whole[:30], whole[:-1], bytes(len(whole)), whole[:-1] + b"x"):
        file.write_bytes(torn)
        report = desktop.sync.run()
        assert (report.received, report.troubles) == (0, ())
    reads.clear()
    desktop.sync.run()
    assert set(reads) == {"lectern.json"}  # the torn one has not changed
    status = desktop.sync.status()
    assert status is not None and [each.files for each in status.waiting] == [1]
    file.write_bytes(whole)
    assert desktop.sync.run().received
    status = desktop.sync.status()
    assert status is not None and status.waiting == ()
    file.with_name(f"{file.stem} (copy).lecs").write_bytes(whole[:-1])
    desktop.sync.run()
    status = desktop.sync.status()
    assert status is not None and status.waiting == ()  # a torn copy of what is here
    assert said(desktop) == {"ants": "title:ants"}


def test_a_later_file_waits_for_the_one_before_it_and_stops_no_other_device(meeting: Machines) -> None:
    laptop, desktop, third = meeting.set_up("laptop", "desktop", "third")
    for name in ("ants", "bees", "cats"):
        say(laptop, name)
        laptop.sync.run()
    middle = meeting.files()[1]
    middle.rename(meeting.root / "late")
    say(third, "dogs")
    third.sync.run()
    desktop.sync.run()
    assert set(said(desktop)) == {"ants", "dogs"}
    status = desktop.sync.status()
    assert status is not None
    assert [(each.device, each.files) for each in status.waiting] == [("laptop", 1)]
    (meeting.root / "late").rename(middle)
    desktop.sync.run()
    assert set(said(desktop)) == {"ants", "bees", "cats", "dogs"}
    status = desktop.sync.status()
    assert status is not None and status.waiting == ()


def test_what_lectern_did_not_write_is_left_alone(meeting: Machines) -> None:
    laptop, desktop = meeting.set_up("laptop", "desktop")
    say(laptop, "ants")
    laptop.sync.run()
    folder = meeting.files()[0].parent
    strange = {
        folder / "desktop.ini": b"[x]",
        folder / "000000000009-9.lecs": b"not a segment",
        folder / "photo.lecs.jpg": b"\xff\xd8",
        meeting.folder / "readme.txt": b"?",
        meeting.folder / "devices" / "stray.lecs": b"?",
    }
    for path, content in strange.items():
        path.write_bytes(content)
    meeting.meet()
    assert said(desktop) == {"ants": "title:ants"}
    assert {path: path.read_bytes() for path in strange} == strange
    status = desktop.sync.status()
    assert status is not None and not status.trouble and status.waiting == ()


def test_nothing_is_taken_back_because_a_file_is_missing(meeting: Machines) -> None:
    laptop, desktop = meeting.set_up("laptop", "desktop")
    say(laptop, "ants")
    say(desktop, "bees")
    meeting.meet()
    meeting.close("laptop")
    for path in meeting.files():
        path.unlink()
    meeting.meet("desktop")
    assert set(said(desktop)) == {"ants", "bees"}


def test_ten_thousand_files_are_each_read_once(meeting: Machines, reads: Counter[str]) -> None:
    laptop, desktop = meeting.set_up("laptop", "desktop")
    say(laptop, "ants")
    laptop.sync.run()
    (file,) = meeting.files()
    for number in range(10_000):
        (file.parent / f"{number}.lecs").hardlink_to(file)
    desktop.sync.run()
    assert said(desktop) == {"ants": "title:ants"}
    reads.clear()
    desktop.sync.run()
    assert set(reads) == {"lectern.json"}


def test_an_older_file_that_comes_again_changes_nothing(meeting: Machines, tmp_path: Path) -> None:
    laptop, desktop = meeting.set_up("laptop", "desktop")
    say(laptop, "ants")
    laptop.sync.run()
    old = meeting.files()[0]
    shutil.copy(old, tmp_path / "old")
    correct(laptop, "ants", "abs:ants")
    meeting.meet()
    shutil.copy(tmp_path / "old", old.with_name("again.lecs"))
    meeting.meet()
    assert said(laptop) == said(desktop) == {"ants": "abs:ants"}
    assert len({path.parent for path in meeting.files()}) == 1  # nobody took a new name
