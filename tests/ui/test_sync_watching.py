"""Watching a real folder: files of other devices are told, one's own are not, and a folder may be missing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from shutil import rmtree

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from reader.ui.sync.watching import FolderWatch


@pytest.fixture
def target(tmp_path: Path) -> Path:
    for folder in ("devices/me", "devices/other", "packs"):
        (tmp_path / "shared" / folder).mkdir(parents=True)
    return tmp_path / "shared"


@pytest.fixture
def watch(target: Path, qapp: QObject) -> Iterator[FolderWatch]:
    watch = FolderWatch(str(target), "me", qapp)
    yield watch
    watch.stop()
    assert not watch.is_watching


def until_told(qtbot: QtBot, watch: FolderWatch, files: Iterator[Path]) -> None:
    """Write files until one is told: the watch may not have begun yet when the first is written."""
    told: list[bool] = []
    watch.arrived.connect(lambda: told.append(True))

    def look() -> bool:
        if not told:
            next(files).write_bytes(b"x")
        return bool(told)

    qtbot.waitUntil(look)


def names(folder: Path, ending: str = ".lecs") -> Iterator[Path]:
    number = 0
    while True:
        number += 1
        yield folder / f"{number:012}-{number}{ending}"


def test_files_of_another_device_are_told(qtbot: QtBot, watch: FolderWatch, target: Path) -> None:
    watch.start()
    until_told(qtbot, watch, names(target / "devices" / "other"))


def test_a_device_that_is_new_is_told(qtbot: QtBot, watch: FolderWatch, target: Path) -> None:
    watch.start()
    (target / "devices" / "third").mkdir()
    until_told(qtbot, watch, names(target / "devices" / "third"))


def test_what_this_device_writes_and_unknown_files_are_no_news(watch: FolderWatch, target: Path) -> None:
    devices = target / "devices"
    assert watch.is_news(devices / "other" / "000000000001-1.lecs")
    assert watch.is_news(devices / "other" / "000000000001-1.sync-conflict-20260402.lecs")
    assert watch.is_news(target / "packs" / "00ff.lecp")
    assert not watch.is_news(devices / "me" / "000000000001-1.lecs")
    assert not watch.is_news(devices / "other" / ".000000000001-1.lecs.tmp")
    assert not watch.is_news(target / "desktop.ini")


def test_a_folder_that_is_missing_is_watched_when_it_is_back(qtbot: QtBot, watch: FolderWatch, target: Path) -> None:
    rmtree(target)
    watch.start()
    qtbot.waitUntil(lambda: not watch.is_watching)
    (target / "devices" / "other").mkdir(parents=True)
    watch.start()
    until_told(qtbot, watch, names(target / "devices" / "other"))
