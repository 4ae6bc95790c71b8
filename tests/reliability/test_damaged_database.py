"""Databases with flipped bytes, cut short, or beside a log that is not theirs: nothing vanishes, nothing starts anew.

Each is opened as a window opens it. If that, or reading everything, says that it is damaged, it is put right in one of
the two ways there are. Whatever happened, what lay there before still lies somewhere, byte for byte.
"""

from __future__ import annotations

import random
import shutil
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import pytest

from reader.domain.checks import Aspect
from reader.domain.errors import LibraryDamagedError, LibraryError
from reader.domain.papers import PaperState
from reader.domain.views import View, ViewKind
from reader.services import Library
from reader.services.copies.salvage import offer_recovery, recover, salvage
from reader.services.process.ownership import claim_or_hand_over
from tests.reliability.figures import record
from tests.services.support import clock, finish, listing_text

ALL = View(ViewKind.ALL)
_MAGIC_NUMBER_OF_A_PAGE = 4096


@dataclass(frozen=True)
class Originals:
    """A sound library, closed; its database as it was earlier; and logs: of that time, and of another library."""

    folder: Path
    keys: frozenset[str]
    notes: frozenset[str]
    stale_log: bytes
    foreign_log: bytes
    own_log: bytes


def fill(folder: Path, name: str, meanwhile: Callable[[Library], None] = lambda _: None) -> None:
    """A library with two listings, annotations and a backup; ``meanwhile`` may look at it half way, open."""
    with Library(folder, clock=clock) as library:
        finish(library.imports.text(listing_text(*(f"{name} Paper {number}" for number in range(60))), name))
        library.notes.save(library.views.paper_ids(ALL)[0], f"A note of {name}.", revision=None)
        meanwhile(library)
        finish(library.imports.text(listing_text(*(f"{name} Later {number}" for number in range(60))), f"{name} 2"))
        ids = list(library.views.paper_ids(ALL))
        library.tags.add(ids[1:20], ["method"])
        library.states.set(ids[20:40], PaperState.QUEUED)
        for number in range(40, 60):
            library.notes.save(ids[number], f"Note {number} of {name}.", revision=None)


@pytest.fixture(scope="module")
def originals(tmp_path_factory: pytest.TempPathFactory) -> Originals:
    place = tmp_path_factory.mktemp("originals")
    logs: list[bytes] = []

    def copy_log(library: Library) -> None:
        logs.append((library.folder / "library.db-wal").read_bytes())

    fill(place / "own", "Own", copy_log)
    fill(place / "foreign", "Foreign", copy_log)
    with Library(place / "own", clock=clock) as library:
        library.backups.make()
        library.notes.save(library.views.paper_ids(ALL)[70], "Written after the backup.", revision=None)
        copy_log(library)
        keys, notes = told_by(library)
    return Originals(place / "own", keys, notes, *logs)


def told_by(library: Library) -> tuple[frozenset[str], frozenset[str]]:
    """The papers and the notes that a library shows."""
    papers = list(library.papers.read(library.views.paper_ids(ALL)))
    return frozenset(paper.key for paper in papers), frozenset(paper.note for paper in papers if paper.note)


def flip(data: bytearray, dice: random.Random) -> None:
    for _ in range(dice.choice([1, 10, 100, 1000])):
        data[dice.randrange(len(data))] ^= 1 << dice.randrange(8)


def flip_page(data: bytearray, dice: random.Random) -> None:
    page = dice.randrange(len(data) // _MAGIC_NUMBER_OF_A_PAGE) * _MAGIC_NUMBER_OF_A_PAGE
    data[page : page + _MAGIC_NUMBER_OF_A_PAGE] = dice.randbytes(_MAGIC_NUMBER_OF_A_PAGE)


def flip_header(data: bytearray, dice: random.Random) -> None:
    data[dice.randrange(100)] ^= 1 << dice.randrange(8)


def cut(data: bytearray, dice: random.Random) -> None:
    del data[dice.randrange(len(data)) :]


def cut_to_nothing(data: bytearray, dice: random.Random) -> None:
    data.clear()


def blank(data: bytearray, dice: random.Random) -> None:
    start = dice.randrange(len(data))
    data[start : start + 20_000] = bytes(len(data[start : start + 20_000]))


def whole(data: bytearray, dice: random.Random) -> None:
    """Only the log is at fault."""


DATABASE_HARMS = [flip, flip, flip_page, flip_page, flip_header, cut, cut, blank, cut_to_nothing, whole]
LOG_HARMS = ["none", "none", "foreign", "stale", "flipped", "cut"]


def harm(folder: Path, originals: Originals, dice: random.Random, number: int) -> tuple[str, dict[str, bytes]]:
    """Damage a copy of the library in some way; which, and what its files hold now."""
    shutil.copytree(originals.folder, folder)
    database = bytearray((folder / "library.db").read_bytes())
    damage = DATABASE_HARMS[number % len(DATABASE_HARMS)]
    damage(database, dice)
    (folder / "library.db").write_bytes(database)
    kind = LOG_HARMS[number // len(DATABASE_HARMS) % len(LOG_HARMS)]
    if kind == "none" and damage is whole:
        (folder / "library.db").unlink()
        return "no database", {}
    own = bytearray(originals.own_log)
    if kind in {"flipped", "cut"}:
        (flip if kind == "flipped" else cut)(own, dice)
    log = {"none": b"", "foreign": originals.foreign_log, "stale": originals.stale_log}.get(kind, bytes(own))
    files = {"library.db": bytes(database)}
    if log:
        (folder / "library.db-wal").write_bytes(log)
        (folder / "library.lock").write_text("{}")
        for file in folder.glob("library.*"):
            file.chmod(0o600)
        files["library.db-wal"] = log
    return f"{damage.__name__}, log {kind}", files


def look_through(folder: Path) -> tuple[frozenset[str], frozenset[str]]:
    """Start on a library and read everything; what it shows. Raises as a start does."""
    owner = claim_or_hand_over(folder)
    assert owner is not None
    with owner, Library(folder, clock=clock) as library:
        told = told_by(library)
        library.views.counts()
        library.history.steps()
        if any(found.aspect is Aspect.INTEGRITY for found in library.checks.run().findings):
            raise LibraryDamagedError("The library is damaged.")
        return told


def is_kept(files: dict[str, bytes], folder: Path) -> bool:
    """Whether what a library's files held lies in its folder or aside, database and log together.

    SQLite itself takes nothing from a log that it finds no commit in: then the database alone is all there was.
    """
    for place in [folder, *(folder / "aside").glob("*")]:
        if all((place / name).exists() and (place / name).read_bytes() == data for name, data in files.items()):
            return True
    return False


def come_back(folder: Path, dice: random.Random) -> str:
    """Put a damaged library right in one of the two ways that a user has; which."""
    offer = offer_recovery(folder)
    if offer.backup is not None and dice.random() < 0.5:
        recover(folder, offer.backup.path)
        return "backup"
    salvage(folder, clock)
    return "salvage"


def try_damages(place: Path, originals: Originals, numbers: Iterable[int]) -> Counter[str]:
    """Damage a library in each of these ways, and see what became of each."""
    became: Counter[str] = Counter()
    for number in numbers:
        dice = random.Random(number)
        folder = place / str(number)
        kind, files = harm(folder, originals, dice, number)
        try:
            told = look_through(folder)
        except LibraryError:
            assert is_kept(files, folder), f"{number}: {kind}: lost before anything was said"
            became[f"refused, then repaired by {come_back(folder, dice)}"] += 1
            told = look_through(folder)
            assert checked(folder) == [], f"{number}: {kind}"
        else:
            became["opened"] += 1
        assert is_kept(files, folder), f"{number}: {kind}: what lay there is gone"
        keys, notes = told
        # A paper whose key or title was hit is here in two versions: as it is now, and as it was imported.
        assert keys >= originals.keys, f"{number}: {kind}: papers are gone"
        assert len(keys) <= len(originals.keys) + 5, f"{number}: {kind}: {len(keys)} papers"
        assert len(notes) >= len(originals.notes) - 1, f"{number}: {kind}: notes are gone"
        shutil.rmtree(folder)
    return became


def checked(folder: Path) -> list[str]:
    with Library(folder, clock=clock) as library:
        return [found.sentence for found in library.checks.run().findings if not found.is_harmless]


def test_damaged_databases_are_kept_and_never_begun_anew(tmp_path: Path, originals: Originals) -> None:
    became = try_damages(tmp_path, originals, range(0, 120, 11))
    assert became["opened"] < became.total()


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_a_hundred_damaged_databases(tmp_path: Path, originals: Originals) -> None:
    became = try_damages(tmp_path, originals, range(120))
    text = ", ".join(f"{count} {what}" for what, count in sorted(became.items()))
    record("damaged databases", f"120 damaged: {text}; 0 replaced by empty ones, 0 originals lost")
