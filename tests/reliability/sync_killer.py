"""A process that kills others in the midst of synchronising: at each statement and each change of the shared folder.

Two libraries and the folder in which they meet are prepared once and put back, byte by byte and in the same files,
before each kill. This process opens nothing itself: what prepares, synchronises and checks are children of it, which
share what has been imported. The result is printed as JSON.
"""

from __future__ import annotations

import json
import os
import pickle
import random
import re
import shutil
import signal
import sqlite3
import sys
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from reader.domain.views import View, ViewKind
from reader.services import Library
from reader.services.library.files import DATABASE_NAME
from reader.services.library.highlights import TargetSpan
from reader.services.sync import own_files
from reader.services.sync.outgoing import Outgoing
from reader.storage.schema import JOURNALLED
from tests.reliability.power import (
    Disk,
    Event,
    Image,
    OtherFiles,
    RecordingConnection,
    Statement,
    cut,
    recording,
    replay,
)
from tests.reliability.sync import tables
from tests.services.annotating import bring
from tests.storage.support import read_tables

_READING = ("SELECT", "PRAGMA", "EXPLAIN", "WITH")
_TITLES = ("Ants", "Bees", "Cats", "Dogs", "Eels", "Fish")
_TOKEN = re.compile(r"\b(?:laptop|desktop)-\w+")
_FILES_AT_MOST = 4
_DATED = ("sync_dirty",)
"""Tables in which SQLite itself notes the present time."""
_SMALL_LOG = "PRAGMA wal_autocheckpoint=40"
"""Checkpoints are rare in use; here they happen in each run."""


class Killer:
    """Counts what is written, and kills this process just before a certain moment."""

    def __init__(self, folder: Path, limit: int | None) -> None:
        """``folder`` is the shared one; without a ``limit`` it only counts."""
        self.count, self._limit, self._folder = 0, limit, str(folder)
        real = sqlite3.connect
        killer = self

        class Cursor(sqlite3.Cursor):
            def execute(self, sql: str, parameters: Any = (), /) -> sqlite3.Cursor:
                killer.before(sql)
                return super().execute(sql, parameters)

            def executemany(self, sql: str, rows: Any, /) -> sqlite3.Cursor:
                killer.before(sql)
                return super().executemany(sql, rows)

        class Connection(sqlite3.Connection):
            def cursor(self, factory: Any = None) -> sqlite3.Cursor:
                return super().cursor(Cursor)

            def execute(self, sql: str, parameters: Any = (), /) -> sqlite3.Cursor:
                return self.cursor().execute(sql, parameters)

            def executemany(self, sql: str, rows: Any, /) -> sqlite3.Cursor:
                return self.cursor().executemany(sql, rows)

            def commit(self) -> None:
                killer.before("COMMIT")
                super().commit()

        flush = os.fsync

        def fsync(descriptor: int) -> None:
            killer._tick()
            flush(descriptor)

        sqlite3.connect = lambda *given, **named: real(*given, **named, factory=Connection)  # type: ignore[assignment]
        os.fsync = fsync  # type: ignore[assignment]
        sys.addaudithook(self._hear)

    def before(self, sql: str) -> None:
        """A statement is about to be executed."""
        if not sql.lstrip().upper().startswith(_READING):
            self._tick()

    def _hear(self, event: str, given: tuple[Any, ...]) -> None:
        if event in {"os.rename", "os.remove"} and str(given[0]).startswith(self._folder):
            self._tick()
        elif event == "open" and str(given[0]).startswith(self._folder):
            writes = (given[2] or 0) & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
            if writes:
                self._tick()

    def _tick(self) -> None:
        self.count += 1
        if self.count == self._limit:
            os.kill(os.getpid(), signal.SIGKILL)


class Place:
    """Where two libraries and their folder are."""

    def __init__(self, root: Path) -> None:
        self.root, self.folder = root, root / "meeting"

    def open(self, name: str) -> Library:
        """A machine's library."""
        return Library(self.root / name)

    def annotate(self, library: Library, name: str, number: int) -> set[str]:
        """Say several things; what names them."""
        ids = sorted(library.views.paper_ids(View(ViewKind.ALL)))
        note, tag, comment, search = (f"{name}-{what}{number}" for what in ("note", "tag", "comment", "search"))
        for paper_id in ids[number % 3 : number % 3 + 2]:
            library.notes.append(paper_id, note)
        library.tags.add(ids[number % 4 :], [tag])
        library.highlights.add(ids[(number + 3) % len(ids)], [TargetSpan("title", 0, 4)], comment=comment)
        library.searches.add(search, "title:ants")
        library.states.set_starred(ids[:1], True)
        library.history.undo()
        return {note, tag, comment, search}


def tokens(library: Library) -> set[str]:
    """What names the annotations that a library has."""
    papers = list(library.papers.read(library.views.paper_ids(View(ViewKind.ALL))))
    texts = [paper.note or "" for paper in papers]
    texts += [tag for paper in papers for tag in paper.tags]
    texts += [mark.comment for paper in papers for mark in paper.highlights]
    texts += [search.name for search in library.searches.all()]
    return {token for text in texts for token in _TOKEN.findall(text)}


def prepare(place: Place, scenario: str) -> dict[str, list[str]]:
    """Make both libraries; the names of what each of them has acknowledged."""
    own_files.MOST_FILES = _FILES_AT_MOST
    with place.open("laptop") as laptop, place.open("desktop") as desktop:
        bring(laptop, *_TITLES)
        laptop.sync.begin(str(place.folder), "Laptop", None)
        said = {"laptop": place.annotate(laptop, "laptop", 0), "desktop": set[str]()}
        laptop.sync.run()
        if scenario != "join":
            desktop.sync.join(str(place.folder), "Desktop", None)
            desktop.sync.run()
            said["desktop"] |= place.annotate(desktop, "desktop", 0)
        rounds = 4 if scenario == "compact" else 2
        for number in range(1, rounds):
            said["laptop"] |= place.annotate(laptop, "laptop", number)
            if scenario not in {"flush", "publish"}:
                laptop.sync.run(out_only=True)
    if scenario == "join":
        place.open("desktop").close()
    if scenario == "heal":
        own = sorted(place.folder.glob("devices/*/*.lecs"), key=lambda path: path.stat().st_size)
        own[-1].unlink()
        own[0].write_bytes(own[0].read_bytes()[:40])
    return {name: sorted(words) for name, words in said.items()}


def who_runs(scenario: str) -> str:
    """The machine whose run is killed."""
    return "desktop" if scenario in {"apply", "join"} else "laptop"


def synchronise(place: Place, scenario: str) -> None:
    """The run that is killed."""
    own_files.MOST_FILES = _FILES_AT_MOST
    with place.open(who_runs(scenario)) as library:
        if scenario == "flush":
            library._store.sync.flush()
            return
        if scenario == "join":
            library.sync.join(str(place.folder), "Desktop", None)
        library.sync.run()


def check(place: Place, said: dict[str, list[str]], reference: Path) -> str:
    """What is wrong after a kill, before and after both meet again; empty if nothing is.

    In the end both have to say what two that were never interrupted do; the first time that is kept as ``reference``.
    """
    for name, words in said.items():
        with place.open(name) as library:
            if lost := set(words) - tokens(library):
                return f"{name} lost {sorted(lost)}"
            if wrong := [found for found in library.checks.run().findings if not found.is_harmless]:
                return f"{name} is not sound: {wrong}"
    with place.open("laptop") as laptop, place.open("desktop") as desktop:
        if desktop.sync.status() is None:
            desktop.sync.join(str(place.folder), "Desktop", None)
        for library in (laptop, desktop) * 3:
            library.sync.run()
        everything = {token for words in said.values() for token in words}
        if wrong := _what_is_missing({"laptop": laptop, "desktop": desktop}, everything):
            return wrong
    names = [table.name for table in JOURNALLED]
    laptops, desktops = (tables.tables(place.root / name / DATABASE_NAME, names) for name in ("laptop", "desktop"))
    if not reference.exists():
        reference.write_bytes(pickle.dumps(laptops))
    if wrong := tables.differences(laptops, desktops):
        return f"laptop and desktop differ: {wrong}"
    if wrong := tables.differences(pickle.loads(reference.read_bytes()), laptops):
        return f"not what comes of a run without a kill: {wrong}"
    return ""


def _what_is_missing(libraries: dict[str, Library], everything: set[str]) -> str:
    """What is wrong with libraries that have met; empty if nothing is."""
    for name, library in libraries.items():
        if lost := everything - tokens(library):
            return f"{name} never got {sorted(lost)}"
        if library._store.sync.pending():
            return f"{name} has not said all"
        if library.sync.kept_beside():
            return f"{name} keeps something beside"
    return ""


def record_disk(place: Place, scenario: str, before: dict[Path, bytes], to: Path) -> None:
    """Note in a file all that a run writes to the disk, by itself and through SQLite, in its order."""
    (library := place.root / "again").mkdir()
    database = place.root / who_runs(scenario) / DATABASE_NAME
    for path in (database, database.with_name(f"{DATABASE_NAME}-wal")):
        if path in before:
            (library / path.name).write_bytes(before[path])
    with pytest.MonkeyPatch.context() as patch, recording(patch) as made:
        OtherFiles(place.folder, lambda event: writing(made).append(event))
        synchronise(place, scenario)
        log = writing(made)
    disk = Disk("sync")
    replay(log, library / DATABASE_NAME, disk, pragmas=[_SMALL_LOG])
    did, again = (read_tables(path, leave_out=_DATED) for path in (database, library / DATABASE_NAME))
    assert again == did, "what is replayed is what was done"
    to.write_bytes(pickle.dumps(disk.events))
    shutil.rmtree(library)


def writing(made: list[RecordingConnection]) -> list[Statement | Event]:
    """The log of the one connection that writes."""
    (log,) = [
        each.log for each in made if any(isinstance(it, Statement) and "BEGIN IMMEDIATE" in it.sql for it in each.log)
    ]
    return log


def in_child(work: Callable[[], object]) -> tuple[int, str]:
    """Do something in a child process: its signal, and what it returned, as text."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        try:
            said = json.dumps(work())
        except BaseException:
            said = json.dumps("".join(traceback.format_exc()))
        os.write(writing, said.encode()[-60_000:])
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        said = pipe.read().decode()
    _, status = os.waitpid(child, 0)
    return os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0, said


def files(root: Path) -> dict[Path, bytes]:
    """All files below a folder."""
    return {path: path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}


def put_back(root: Path, content: dict[Path, bytes]) -> None:
    """Give files the content they had, without making new ones of those that are there."""
    for path in [path for path in root.rglob("*") if path.is_file() and path not in content]:
        path.unlink()
    for path, data in content.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("r+b" if path.exists() else "wb") as file:
            file.write(data)
            file.truncate()


def cut_power(place: Place, before: dict[Path, bytes], dice: random.Random) -> None:
    """Have the disk forget some of what was written into the shared folder since, as if it had not been synced."""
    for path in [path for path in place.folder.rglob("*") if path.is_file()]:
        if before.get(path) != path.read_bytes():
            data = path.read_bytes()
            kept = dice.choice((None, 0, len(data) // 2, len(data)))
            if kept is None:
                path.unlink()
            else:
                path.write_bytes(data[:kept] + bytes(dice.choice((0, len(data) - kept))))


def points(total: int, count: int, dice: random.Random) -> Iterator[int]:
    """So many moments of all, or each."""
    yield from range(1, total + 1) if count == 0 else sorted(dice.sample(range(1, total + 1), min(count, total)))


class Trial:
    """A scenario that was prepared once, and is played again for each kill or cut."""

    def __init__(self, place: Place, scenario: str) -> None:
        self.place, self.scenario = place, scenario
        self.reference = place.root.with_name(f"{place.root.name}.reference")
        self.said = self._do(lambda: prepare(place, scenario), dict)
        self.before = files(place.root)
        self.was = self.segments()
        self.moments = self._do(lambda: self.run(None), int)
        self.now = self.segments()
        if wrong := self.check():
            raise AssertionError(f"{scenario} without a kill: {wrong}")

    def run(self, limit: int | None) -> int:
        """Synchronise up to a moment; how many there were. For a child process."""
        killer = Killer(self.place.folder, limit)
        synchronise(self.place, self.scenario)
        return killer.count

    def check(self) -> str:
        """See :func:`check`."""
        return self._do(lambda: check(self.place, self.said, self.reference), str)

    def kill(self, moment: int) -> bool:
        """Have a run killed just before a moment; whether it was."""
        put_back(self.place.root, self.before)
        ended, _ = in_child(lambda: self.run(moment))
        return ended == signal.SIGKILL

    def record(self) -> list[Event]:
        """What a run writes to the disk, in its order."""
        put_back(self.place.root, self.before)
        to = self.place.root.with_name(f"{self.place.root.name}.events")
        told = self._do(lambda: record_disk(self.place, self.scenario, self.before, to), object)
        assert told is None, told
        events: list[Event] = pickle.loads(to.read_bytes())
        to.unlink()
        return events

    def restart_from(self, image: Image) -> None:
        """Put everything where a cut left it."""
        library = self.place.root / who_runs(self.scenario)
        content = {path: data for path, data in self.before.items() if not self.is_on_disk(path)}
        for name, data in image.files.items():
            content[(library if name.startswith(DATABASE_NAME) else self.place.root) / name] = data
        put_back(self.place.root, content)  # in the same files: a database in a new one is a library that was moved

    def is_on_disk(self, path: Path) -> bool:
        """Whether a file is among those whose writes are recorded."""
        library = self.place.root / who_runs(self.scenario)
        return path.is_relative_to(self.place.folder) or (
            path.name.startswith(DATABASE_NAME) and path.parent == library
        )

    def segments(self) -> int:
        """How many segments the shared folder has."""
        return len(list(self.place.folder.glob("devices/*/*.lecs")))

    @staticmethod
    def _do(work: Callable[[], object], kind: type[Any]) -> Any:
        _, told = in_child(work)
        result = json.loads(told)
        assert isinstance(result, kind), result
        return result


def kill_all(trial: Trial, count: int, dice: random.Random, *, forgets: bool) -> Iterator[str]:
    """Kill at so many moments; what is wrong after each, mostly nothing. With ``forgets`` the disk does so, too."""
    for moment in points(trial.moments, count, dice):
        assert trial.kill(moment)
        if forgets:
            cut_power(trial.place, trial.before, dice)
        wrong = trial.check()
        yield wrong and f"{trial.scenario} at {moment} of {trial.moments}: {wrong}"


def cut_all(trial: Trial, count: int, dice: random.Random, *, lies: bool) -> Iterator[str]:
    """Cut the power just before and just after so many syncs of the disk, which ``lies`` about those of the folder."""
    names = {path: path.name if path.name.startswith(DATABASE_NAME) else path.relative_to(trial.place.root).as_posix()
             for path in trial.before if trial.is_on_disk(path)}  # fmt: skip
    events = [event for event in trial.record() if not (lies and "sync" in event.kind and "/" in event.file)]
    syncs = [number for number, event in enumerate(events) if "sync" in event.kind]
    for point in points(2 * len(syncs), count, dice):
        at = syncs[(point - 1) // 2] + point % 2
        trial.restart_from(cut(events, at, dice, {name: trial.before[path] for path, name in names.items()}))
        wrong = trial.check()
        yield wrong and f"{trial.scenario} cut at {at} of {len(events)}: {wrong}"


def main(root: Path, scenario: str, count: int, how: str, seed: int) -> None:
    """Kill ``count`` times (0: at every moment), and print what came of it.

    ``how`` is "kill", "power" for a disk that then forgets what was written into the folder, or "disk" for images of
    a disk that lost what it was not yet asked to sync, of the database, too. "canary" and "lying" are the latter two
    without healing, the last for a disk that says it has synced the folder and has not.
    """
    dice = random.Random(seed)
    root.mkdir(exist_ok=True)
    trial = Trial(Place(root), scenario)
    if how in {"canary", "lying"}:
        Outgoing.heal = lambda self, published: None  # type: ignore[method-assign]
    if how in {"disk", "lying"}:
        wrong = list(cut_all(trial, count, dice, lies=how == "lying"))
    else:
        wrong = list(kill_all(trial, count, dice, forgets=how != "kill"))
    acknowledged = sum(map(len, trial.said.values()))
    result = {"moments": trial.moments, "tried": len(wrong), "acknowledged": acknowledged}
    print(json.dumps({**result, "files": [trial.was, trial.now], "problems": [each for each in wrong if each]}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), sys.argv[4], int(sys.argv[5]))
