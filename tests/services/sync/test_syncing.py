"""Libraries that meet in a folder: setting up, sending and receiving, and what must not harm them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from reader.domain.errors import LibraryBusyError, ReaderError, SyncTargetMissingError
from reader.domain.sync_reports import SyncPhase, SyncProgress
from reader.services.sync.run import MuchToReadError
from reader.services.sync.turn import SyncTurn
from tests.services.sync.machines import Machines, correct, said, say


def test_what_is_said_before_and_after_arrives_on_all_machines(meeting: Machines) -> None:
    laptop, desktop = meeting.library("laptop"), meeting.library("desktop")
    say(laptop, "ants")
    say(desktop, "bees")
    meeting.set_up("laptop", "desktop")
    meeting.meet()
    assert said(laptop) == said(desktop) == {"ants": "title:ants", "bees": "title:bees"}
    correct(desktop, "ants", "abs:ants")
    report = desktop.sync.run()
    assert (report.sent, report.received, bool(report.change)) == (1, 0, False)
    report = laptop.sync.run()
    assert (report.sent, report.received) == (0, 1)
    assert report.change and not report.change.is_own and list(report.arrived) == ["desktop"]
    assert said(laptop)["ants"] == "abs:ants"


def test_a_version_that_shows_something_otherwise_shows_all_anew_once(meeting: Machines) -> None:
    laptop, desktop = meeting.library("laptop"), meeting.library("desktop")
    say(laptop, "ants")
    meeting.set_up("laptop", "desktop")
    with desktop._store.unrecorded() as writer:  # as an earlier version would show it
        writer.execute("UPDATE sync_me SET applying = 1, fields = 0")
        writer.execute("UPDATE saved_searches SET query = 'old'")
        writer.execute("UPDATE sync_me SET applying = 0")
    desktop.sync.run(out_only=True)
    with pytest.raises(MuchToReadError):
        desktop.sync.run(most=1_000_000)
    assert said(desktop) == {"ants": "old"}
    report = desktop.sync.run()
    assert said(desktop) == {"ants": "title:ants"}
    assert report.change and (report.sent, report.received) == (0, 0)
    assert not desktop.sync.run(most=1_000_000).change


def test_the_preview_says_what_setting_up_does_and_does_nothing(meeting: Machines) -> None:
    laptop, desktop = meeting.library("laptop"), meeting.library("desktop")
    say(laptop, "ants")
    preview = laptop.sync.preview(str(meeting.folder))
    assert (preview.joins, preview.name, preview.needs_passphrase) == (False, "laptop", False)
    assert not meeting.folder.exists() and not laptop.is_synced
    meeting.set_up("laptop")
    preview = desktop.sync.preview(str(meeting.folder))
    assert (preview.joins, preview.name, preview.devices, preview.is_sealed) == (True, "laptop", ("laptop",), False)
    assert not desktop.is_synced and desktop.sync.status() is None


def test_a_place_where_no_folder_can_be_made_is_refused_in_the_preview(meeting: Machines, tmp_path: Path) -> None:
    laptop = meeting.library("laptop")
    with pytest.raises(SyncTargetMissingError, match="does not exist; check its name, or attach its disk"):
        laptop.sync.preview(str(tmp_path / "stick" / "lectern"))


def test_beginning_and_joining_are_refused_where_they_are_not_meant(meeting: Machines, tmp_path: Path) -> None:
    laptop, desktop = meeting.library("laptop"), meeting.library("desktop")
    with pytest.raises(ReaderError, match="nothing to join"):
        desktop.sync.join(str(meeting.folder), "desktop")
    laptop.sync.begin(str(meeting.folder), "laptop")
    with pytest.raises(ReaderError, match="join it instead"):
        desktop.sync.begin(str(meeting.folder), "desktop")
    with pytest.raises(ReaderError, match="already; leave that first"):
        laptop.sync.join(str(meeting.folder), "laptop")
    for place in (tmp_path / "laptop" / "inside", tmp_path):
        with pytest.raises(ReaderError, match="library"):
            desktop.sync.begin(str(place), "desktop")
    assert not desktop.is_synced and said(desktop) == {}
    with pytest.raises(ReaderError, match="not synchronised yet"):
        desktop.sync.run()


def test_a_run_without_news_writes_nothing(meeting: Machines) -> None:
    laptop, desktop = meeting.set_up("laptop", "desktop")
    say(laptop, "ants")
    meeting.meet()
    before = {path: path.stat().st_mtime_ns for path in meeting.folder.rglob("*")}
    for library in (laptop, desktop):
        report = library.sync.run()
        assert (report.sent, report.received, report.troubles) == (0, 0, ())
    assert {path: path.stat().st_mtime_ns for path in meeting.folder.rglob("*")} == before


def test_what_a_folder_lost_is_written_again(meeting: Machines) -> None:
    laptop, desktop = meeting.set_up("laptop", "desktop")
    say(laptop, "ants", "bees")
    say(desktop, "cats")
    meeting.meet()
    shutil.rmtree(meeting.folder / "devices")
    say(laptop, "dogs")
    meeting.meet()
    assert set(said(laptop)) == set(said(desktop)) == {"ants", "bees", "cats", "dogs"}
    (third,) = meeting.set_up("third")
    assert said(third) == said(laptop)
    damaged = meeting.files()[0]
    damaged.write_bytes(damaged.read_bytes()[:-5] + b"xxxxx")
    meeting.meet()
    (fourth,) = meeting.set_up("fourth")
    assert said(fourth) == said(laptop)


def test_a_missing_folder_or_header_is_a_question_and_not_an_empty_target(meeting: Machines) -> None:
    laptop, desktop = meeting.set_up("laptop", "desktop")
    say(laptop, "ants")
    meeting.meet()
    meeting.folder.rename(meeting.root / "unplugged")
    say(laptop, "bees")
    with pytest.raises(SyncTargetMissingError, match="is not there"):
        laptop.sync.run()
    assert not meeting.folder.exists()
    meeting.folder.mkdir()
    with pytest.raises(SyncTargetMissingError, match="lectern sync --target"):
        laptop.sync.run()
    assert list(meeting.folder.iterdir()) == []
    status = laptop.sync.status()
    assert status is not None and status.pending_out and "lectern.json" in status.trouble
    meeting.folder.rmdir()
    (meeting.root / "unplugged").rename(meeting.folder)
    meeting.meet()
    assert said(laptop) == said(desktop) == {"ants": "title:ants", "bees": "title:bees"}
    status = laptop.sync.status()
    assert status is not None and not status.trouble


def test_moving_to_the_same_or_an_empty_folder_writes_everything_there(meeting: Machines) -> None:
    laptop, desktop = meeting.set_up("laptop", "desktop")
    say(laptop, "ants")
    say(desktop, "bees")
    meeting.meet()
    shutil.rmtree(meeting.folder)
    laptop.sync.move(str(meeting.folder))
    meeting.meet()
    (third,) = meeting.set_up("third")
    assert set(said(third)) == {"ants", "bees"}
    elsewhere = meeting.root / "elsewhere"
    shutil.copytree(meeting.folder, elsewhere)
    laptop.sync.move(str(elsewhere))
    assert laptop.sync.run().received == 0
    status = laptop.sync.status()
    assert status is not None and status.target == str(elsewhere)
    assert sorted(path.name for path in elsewhere.rglob("*")) == sorted(path.name for path in meeting.folder.rglob("*"))


def test_the_folder_of_another_library_is_refused(meeting: Machines, tmp_path: Path) -> None:
    laptop, _ = meeting.set_up("laptop", "desktop")
    other = meeting.library("other")
    other.sync.begin(str(tmp_path / "others"), "other")
    shutil.copy(tmp_path / "others" / "lectern.json", meeting.folder)
    say(laptop, "ants")
    before = meeting.files()
    with pytest.raises(ReaderError, match="belongs to another library"):
        laptop.sync.run()
    with pytest.raises(ReaderError, match="belongs to another library"):
        laptop.sync.move(str(tmp_path / "others"))
    assert meeting.files() == before


def test_a_half_arrived_folder_is_not_begun_in(meeting: Machines) -> None:
    say(meeting.library("laptop"), "ants")
    meeting.set_up("laptop")
    (meeting.folder / "lectern.json").unlink()
    desktop = meeting.library("desktop")
    with pytest.raises(ReaderError, match="on its way"):
        desktop.sync.begin(str(meeting.folder), "desktop")
    (meeting.folder / "lectern.json").write_bytes(b'{"lectern": "sy')
    with pytest.raises(SyncTargetMissingError, match="has not arrived completely"):
        desktop.sync.join(str(meeting.folder), "desktop")


def test_what_cannot_be_written_keeps_nothing_from_coming_in(meeting: Machines) -> None:
    laptop, desktop = meeting.set_up("laptop", "desktop")
    say(laptop, "ants")
    laptop.sync.run()
    say(desktop, "bees")
    own = meeting.folder / "devices" / _device(desktop)
    if own.exists():
        shutil.rmtree(own)
    own.write_bytes(b"")  # a file in the folder's place
    report = desktop.sync.run()
    assert said(desktop) == {"ants": "title:ants", "bees": "title:bees"}
    assert len(report.troubles) == 1 and report.sent == 0
    status = desktop.sync.status()
    assert status is not None and status.trouble and status.pending_out
    own.unlink()
    meeting.meet()
    assert said(laptop) == said(desktop)


def test_a_newer_format_stops_reading_only(meeting: Machines) -> None:
    laptop, desktop = meeting.set_up("laptop", "desktop")
    header = meeting.folder / "lectern.json"
    before = header.read_bytes()
    header.write_bytes(before.replace(b'"version": 1', b'"version": 2'))
    say(laptop, "ants")
    report = laptop.sync.run()
    assert report.sent and ["newer" in trouble for trouble in report.troubles] == [True]
    assert desktop.sync.run().received == 0
    header.write_bytes(before)
    desktop.sync.run()
    assert said(desktop) == {"ants": "title:ants"}


def test_values_said_at_once_are_kept_beside_until_one_is_taken(meeting: Machines) -> None:
    laptop, desktop = meeting.set_up("laptop", "desktop")
    say(laptop, "ants")
    meeting.meet()
    correct(laptop, "ants", "abs:ants")
    meeting.clock.advance(minutes=1)
    correct(desktop, "ants", "author:ants")
    meeting.meet()
    assert said(laptop) == said(desktop) == {"ants": "author:ants"}
    (kept,) = laptop.sync.kept_beside()
    assert (kept.value, kept.shown, kept.device) == ("abs:ants", "author:ants", "laptop")
    status = desktop.sync.status()
    assert status is not None and status.kept_beside == 1
    desktop.sync.take(desktop.sync.kept_beside()[0].id)
    meeting.meet()
    assert said(laptop) == said(desktop) == {"ants": "abs:ants"}
    assert not laptop.sync.kept_beside() and not desktop.sync.kept_beside()


def test_leaving_keeps_all_and_joining_again_doubles_nothing(meeting: Machines) -> None:
    laptop, desktop = meeting.set_up("laptop", "desktop")
    say(laptop, "ants")
    say(desktop, "bees")
    meeting.meet()
    before = meeting.files()
    desktop.sync.leave()
    assert not desktop.is_synced and desktop.sync.status() is None and meeting.files() == before
    assert set(said(desktop)) == {"ants", "bees"}
    desktop.sync.join(str(meeting.folder), "desktop")
    meeting.meet()
    assert set(said(desktop)) == set(said(laptop)) == {"ants", "bees"}
    assert not laptop.sync.kept_beside()


def test_only_one_process_synchronises(meeting: Machines) -> None:
    (laptop,) = meeting.set_up("laptop")
    turn = SyncTurn(laptop.folder, "another")
    turn.acquire()
    try:
        with pytest.raises(LibraryBusyError, match="another"):
            laptop.sync.run(out_only=True)
    finally:
        turn.release()
    laptop.sync.run(out_only=True)


def test_the_last_run_of_a_window_only_sends(meeting: Machines) -> None:
    laptop, desktop = meeting.set_up("laptop", "desktop")
    say(laptop, "ants")
    laptop.sync.run()
    say(desktop, "bees")
    seen: list[SyncProgress] = []
    report = desktop.sync.run(seen.append, out_only=True)
    assert report.sent and not report.received and said(desktop) == {"bees": "title:bees"}
    assert SyncPhase.SENDING in {step.phase for step in seen}
    laptop.sync.run()
    assert set(said(laptop)) == {"ants", "bees"}


def _device(library: object) -> str:
    return library.sync.status().device  # type: ignore[attr-defined, no-any-return]
