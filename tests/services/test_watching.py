"""What of a watched folder is new, whole and not dealt with before."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path

import pytest

from reader.domain.errors import ReaderError
from reader.services.imports.watched_folder import FolderWatch


@dataclass
class Seconds:
    now: float = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "library").mkdir()
    (tmp_path / "listings").mkdir()
    return tmp_path / "listings"


@pytest.fixture
def watch(folder: Path, seconds: Seconds) -> FolderWatch:
    return FolderWatch(folder, folder.parent / "library", seconds)


def names(watch: FolderWatch, seconds: Seconds, *, after: float) -> list[str]:
    seconds.now += after
    return [file.path.name for file in watch.look()]


def test_a_file_is_told_of_once_it_has_stopped_growing(watch: FolderWatch, folder: Path, seconds: Seconds) -> None:
    with (folder / "page.txt").open("w", encoding="utf-8") as file:
        for _ in range(4):
            file.write("more and more\n")
            file.flush()
            assert names(watch, seconds, after=1.5) == []
    assert names(watch, seconds, after=1.0) == []
    assert names(watch, seconds, after=1.1) == ["page.txt"]
    assert names(watch, seconds, after=60) == []


def test_only_what_may_be_a_listing_is_looked_at(watch: FolderWatch, folder: Path, seconds: Seconds) -> None:
    for name in ("a.txt", "b.HTML", "c.bib", "d.pdf", "e.zip", "f", ".g.txt", "~h.md", "i.txt.part", "empty.txt"):
        (folder / name).write_text("" if name == "empty.txt" else name, encoding="utf-8")
    (folder / "folder.txt").mkdir()
    os.mkfifo(folder / "pipe.txt")
    watch.look()
    assert names(watch, seconds, after=3) == ["a.txt", "b.HTML", "c.bib"]


def test_the_same_bytes_are_told_of_once(watch: FolderWatch, folder: Path, seconds: Seconds) -> None:
    (folder / "one.txt").write_text("same", encoding="utf-8")
    (folder / "two.txt").write_text("same", encoding="utf-8")
    watch.look()
    assert names(watch, seconds, after=3) == ["one.txt"]
    (folder / "one.txt").rename(folder / "three.txt")
    assert names(watch, seconds, after=1) == []
    assert names(watch, seconds, after=3) == []


def test_a_changed_file_is_a_new_one(watch: FolderWatch, folder: Path, seconds: Seconds) -> None:
    (folder / "page.txt").write_text("one", encoding="utf-8")
    watch.look()
    assert names(watch, seconds, after=3) == ["page.txt"]
    (folder / "page.txt").write_text("one and two", encoding="utf-8")
    assert names(watch, seconds, after=1) == []
    assert names(watch, seconds, after=3) == ["page.txt"]


def test_what_was_dealt_with_is_remembered_for_good(watch: FolderWatch, folder: Path, seconds: Seconds) -> None:
    (folder / "page.txt").write_text("one", encoding="utf-8")
    watch.look()
    seconds.now += 3
    watch.remember(watch.look())
    again = FolderWatch(folder, folder.parent / "library", seconds)
    again.look()
    assert names(again, seconds, after=3) == []
    assert (folder.parent / "library" / "watched.json").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("content", ["", "{}", "[1, null, {}]", "[" * 10_000, '["x"'])
def test_a_damaged_memory_is_as_good_as_none(folder: Path, seconds: Seconds, content: str) -> None:
    memory = folder.parent / "library" / "watched.json"
    memory.write_text(content, encoding="utf-8")
    watch = FolderWatch(folder, folder.parent / "library", seconds)
    (folder / "page.txt").write_text("one", encoding="utf-8")
    watch.look()
    seconds.now += 3
    watch.remember(watch.look())
    assert len(json.loads(memory.read_text(encoding="utf-8"))) == 1


def test_a_folder_that_goes_is_told_of_once_and_watched_again(
    watch: FolderWatch, folder: Path, seconds: Seconds
) -> None:
    folder.rename(folder.with_name("away"))
    with pytest.raises(ReaderError, match="is not there"):
        watch.look()
    assert names(watch, seconds, after=3) == []
    folder.with_name("away").rename(folder)
    (folder / "page.txt").write_text("one", encoding="utf-8")
    assert names(watch, seconds, after=3) == []
    assert names(watch, seconds, after=3) == ["page.txt"]
    folder.rename(folder.with_name("away"))
    with pytest.raises(ReaderError, match="once it is, watching goes on"):
        watch.look()


def test_a_file_that_goes_while_it_is_read_is_no_error(watch: FolderWatch, folder: Path, seconds: Seconds) -> None:
    (folder / "page.txt").write_text("one", encoding="utf-8")
    (folder / "gone.txt").symlink_to(folder / "nowhere")
    watch.look()
    (folder / "page.txt").chmod(0)
    seconds.now += 3
    if os.geteuid():
        assert watch.look() == []
    (folder / "page.txt").chmod(0o600)
    assert isinstance(watch.look(), list)
