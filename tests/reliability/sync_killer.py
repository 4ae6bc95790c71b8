"""A process that kills others in the midst of synchronising: at each statement and each change of the shared folder.

Two libraries and the folder in which they meet are prepared once and put back, byte by byte and in the same files,
before each kill. This process opens nothing itself: what prepares, synchronises and checks are children of it, which
share what has been imported. The result is printed as JSON.
"""

from __future__ import annotations

import json
import os
import random
import re
import signal
import sqlite3
import sys
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from reader.domain.views import View, ViewKind
from reader.services import Library
from reader.services.library.highlights import TargetSpan
from reader.services.sync import own_files
from reader.services.sync.outgoing import Outgoing
from tests.services.annotating import bring

_READING = ("SELECT", "PRAGMA", "EXPLAIN", "WITH")
_TITLES = ("Ants", "Bees", "Cats", "Dogs", "Eels", "Fish")
_TOKEN = re.compile(r"\b(?:laptop|desktop)-\w+")
_FILES_AT_MOST = 4


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

        sqlite3.connect = lambda *given, **named: real(*given, **named, factory=Connection)  # type: ignore[assignment]
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
            if scenario != "publish" or number < rounds - 1:
                laptop.sync.run(out_only=True)
    if scenario == "heal":
        own = sorted(place.folder.glob("devices/*/*.lecs"), key=lambda path: path.stat().st_size)
        own[-1].unlink()
        own[0].write_bytes(own[0].read_bytes()[:40])
    return {name: sorted(words) for name, words in said.items()}


def synchronise(place: Place, scenario: str) -> None:
    """The run that is killed."""
    own_files.MOST_FILES = _FILES_AT_MOST
    name = "desktop" if scenario in {"apply", "join"} else "laptop"
    with place.open(name) as library:
        if scenario == "join":
            library.sync.join(str(place.folder), "Desktop", None)
        library.sync.run()


def check(place: Place, said: dict[str, list[str]]) -> str:
    """What is wrong after a kill, before and after both meet again; empty if nothing is."""
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
        return _what_differs({"laptop": laptop, "desktop": desktop}, everything)


def _what_differs(libraries: dict[str, Library], everything: set[str]) -> str:
    """What is wrong with libraries that have met; empty if nothing is."""
    for name, library in libraries.items():
        if lost := everything - tokens(library):
            return f"{name} never got {sorted(lost)}"
        if library._store.sync.pending():
            return f"{name} has not said all"
        if library.sync.kept_beside():
            return f"{name} keeps something beside"
    return ""


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


def main(root: Path, scenario: str, count: int, how: str, seed: int) -> None:
    """Kill ``count`` times (0: at every moment), and print what came of it.

    ``how`` is "kill", "power" for a disk that then forgets what it was given, or "canary" for that without healing.
    """
    place, dice, problems = Place(root), random.Random(seed), []
    if how == "canary":
        Outgoing.heal = lambda self, published: None  # type: ignore[method-assign]
    _, told = in_child(lambda: prepare(place, scenario))
    said = json.loads(told)
    assert isinstance(said, dict), said
    before = files(root)

    def run(limit: int | None) -> int:
        killer = Killer(place.folder, limit)
        synchronise(place, scenario)
        return killer.count

    was = len(list(place.folder.glob("devices/*/*.lecs")))
    _, told = in_child(lambda: run(None))
    total = json.loads(told)
    assert isinstance(total, int), total
    now = len(list(place.folder.glob("devices/*/*.lecs")))
    killed = 0
    for point in points(total, count, dice):
        put_back(root, before)
        ended, _ = in_child(lambda point=point: run(point))  # type: ignore[misc]
        killed += ended == signal.SIGKILL
        if how != "kill":
            cut_power(place, before, dice)
        _, told = in_child(lambda: check(place, said))
        if json.loads(told):
            problems.append(f"{scenario} at {point} of {total}: {json.loads(told)}")
    acknowledged = sum(map(len, said.values()))
    result = {"moments": total, "kills": killed, "acknowledged": acknowledged, "files": [was, now]}
    print(json.dumps({**result, "problems": problems}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), sys.argv[4], int(sys.argv[5]))
