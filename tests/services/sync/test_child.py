"""A run in a process of its own does what one in this process does, stops when told, and says what is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from reader.domain.errors import SyncTargetMissingError
from reader.domain.sync_reports import SyncProgress
from reader.domain.views import View, ViewKind
from reader.services import Library
from reader.services.resources import resource_path
from reader.services.sync.child import run_in_child
from reader.services.sync.run import MuchToReadError


@pytest.fixture
def shared(tmp_path: Path) -> Path:
    """A folder in which a library with the sample has begun."""
    shared = tmp_path / "shared"
    shared.mkdir()
    with Library(tmp_path / "laptop") as laptop:
        for _ in laptop.imports.paths([resource_path("sample", "daily-papers-sample.txt")]):
            pass
        laptop.sync.begin(str(shared), "Laptop")
        laptop.sync.run()
    return shared


def test_a_child_takes_in_what_is_there_while_the_library_is_open(tmp_path: Path, shared: Path) -> None:
    told: list[SyncProgress] = []
    with Library(tmp_path / "desktop") as desktop:
        desktop.sync.join(str(shared), "Desktop")
        report = run_in_child(desktop.folder, told.append, lambda: False)
        assert len(desktop.views.paper_ids(View(ViewKind.ALL))) == 40
        status = desktop.sync.status()
        assert status is not None
        assert status.last is not None
        assert status.pending_out == 0
        assert desktop.news.since(0).items
    assert report.received > 0
    assert not report.cancelled
    assert told


def test_a_child_stops_when_told_and_a_later_run_goes_on(tmp_path: Path, shared: Path) -> None:
    with Library(tmp_path / "desktop") as desktop:
        desktop.sync.join(str(shared), "Desktop")
        assert run_in_child(desktop.folder, lambda _: None, lambda: True).cancelled
        desktop.sync.run()
        assert len(desktop.views.paper_ids(View(ViewKind.ALL))) == 40


def test_a_child_says_what_is_wrong_as_a_run_here_does(tmp_path: Path, shared: Path) -> None:
    with Library(tmp_path / "desktop") as desktop:
        desktop.sync.join(str(shared), "Desktop")
        shared.rename(tmp_path / "away")
        with pytest.raises(SyncTargetMissingError, match="shared"):
            run_in_child(desktop.folder, lambda _: None, lambda: False)


def test_much_to_read_is_said_once_before_anything_is_done(tmp_path: Path, shared: Path) -> None:
    with Library(tmp_path / "desktop") as desktop:
        desktop.sync.join(str(shared), "Desktop")
        with pytest.raises(MuchToReadError):
            desktop.sync.run(most=10)
        assert len(desktop.views.paper_ids(View(ViewKind.ALL))) == 0
        report = desktop.sync.run(most=10)  # what could not be read by the child makes no other one
        assert report.received > 0
        assert desktop.sync.run(most=10).received == 0
