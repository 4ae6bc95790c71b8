"""Search indexes damaged, missing or made to do harm: every answer is right all the same, and they are made anew."""

from __future__ import annotations

import json
import logging
import os
import pickle
import random
import shutil
import zlib
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from reader.index import files
from reader.services import Library
from tests.reliability.figures import record
from tests.services.support import clock, finish, listing_text

QUERIES = [
    "sheep",
    "invented subject",
    '"no patience"',
    "number7*",
    "title:counting",
    "noted~",
    "-note:noted",
    "ablations",
]

_PICKLE = b"\x80" + bytes([pickle.HIGHEST_PROTOCOL])
"""What a pickle in Whoosh's tables begins with."""


def fill(folder: Path) -> dict[str, list[int]]:
    """An indexed library, and what its queries find, by reading the papers themselves."""
    with Library(folder, clock=clock) as library:
        titles = [f"Counting {animal} number{number}" for number in range(20) for animal in ("sheep", "geese")]
        finish(library.imports.text(listing_text(*titles), "animals"))
        ids = list(range(1, 41))
        for paper_id in ids[::7]:
            library.notes.save(paper_id, f"Noted of {paper_id}.", revision=None)
        expected = answers(library)
        for _ in library.index.update():
            pass
        assert library.index.state().is_complete
        assert answers(library) == expected
        assert 0 < min(map(len, expected.values())) <= max(map(len, expected.values())) <= 40
    return expected


def answers(library: Library) -> dict[str, list[int]]:
    """What the queries find."""
    return {query: sorted(library.search(query, exact=True).paper_ids) for query in QUERIES}


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, list[int]]]:
    folder = tmp_path_factory.mktemp("indexed") / "library"
    return folder, fill(folder)


class Payload:
    """What writes a file as soon as somebody unpickles it."""

    def __init__(self, canary: Path) -> None:
        self.canary = canary

    def __reduce__(self) -> tuple[Callable[..., object], tuple[object, ...]]:
        return os.mkdir, (str(self.canary),)


def index_files(index: Path) -> list[Path]:
    return sorted(path for path in index.rglob("*") if path.is_file())


def remove_file(index: Path, dice: random.Random, canary: Path) -> None:
    dice.choice(index_files(index)).unlink()


def remove_all(index: Path, dice: random.Random, canary: Path) -> None:
    shutil.rmtree(index)


def remove_part(index: Path, dice: random.Random, canary: Path) -> None:
    shutil.rmtree(dice.choice([path for path in index.rglob("*") if path.is_dir()]))


def a_file_instead(index: Path, dice: random.Random, canary: Path) -> None:
    shutil.rmtree(index)
    index.write_text("no folder")


def flip(index: Path, dice: random.Random, canary: Path) -> None:
    path = dice.choice([path for path in index_files(index) if path.stat().st_size])
    data = bytearray(path.read_bytes())
    for _ in range(dice.choice([1, 3, 50])):
        data[dice.randrange(len(data))] ^= 1 << dice.randrange(8)
    path.write_bytes(data)


def cut(index: Path, dice: random.Random, canary: Path) -> None:
    path = dice.choice(index_files(index))
    path.write_bytes(path.read_bytes()[: dice.randrange(path.stat().st_size + 1)])


def shuffle(index: Path, dice: random.Random, canary: Path) -> None:
    one, other = dice.sample(index_files(index), 2)
    first, second = one.read_bytes(), other.read_bytes()
    one.write_bytes(second)
    other.write_bytes(first)


def garbage(index: Path, dice: random.Random, canary: Path) -> None:
    path = dice.choice(index_files(index))
    path.write_bytes(dice.randbytes(path.stat().st_size))


def hostile_table(index: Path, dice: random.Random, canary: Path) -> None:
    """A table of contents, with a right checksum, whose segments are a payload."""
    path = dice.choice(sorted(index.rglob("*.toc")))
    body = path.read_bytes()[:-4]
    start = body.rindex(_PICKLE)
    evil = body[:start] + pickle.dumps([Payload(canary)], dice.choice([2, 4, 5]))
    path.write_bytes(evil + zlib.crc32(evil).to_bytes(4, "big"))


def hostile_schema(index: Path, dice: random.Random, canary: Path) -> None:
    """A table of contents whose schema is a payload: all of the file from its first pickle on."""
    path = dice.choice(sorted(index.rglob("*.toc")))
    body = path.read_bytes()[:-4]
    evil = body[: body.index(b"\x80")] + pickle.dumps(Payload(canary), 2)
    path.write_bytes(evil + zlib.crc32(evil).to_bytes(4, "big"))


def hostile_file(index: Path, dice: random.Random, canary: Path) -> None:
    """Every pickle in a file of a segment replaced by a payload."""
    path = dice.choice([path for path in index_files(index) if path.suffix not in {".toc", ".json"}])
    data = path.read_bytes()
    place = data.rfind(_PICKLE)
    path.write_bytes((data[:place] if place >= 0 else b"") + pickle.dumps(Payload(canary), 2))


def hostile_name(index: Path, dice: random.Random, canary: Path) -> None:
    """A description that names another place."""
    place = index / "current.json"
    described = json.loads(place.read_text())
    shutil.copytree(index / described["instance"], index.parent / "elsewhere")
    described["instance"] = dice.choice(["../elsewhere", str(index.parent / "elsewhere"), "..", "", "\0", "a" * 5000])
    place.write_text(json.dumps(described))


def left_open(index: Path, dice: random.Random, canary: Path) -> None:
    """The remains of another program's writing."""
    folder = dice.choice([path for path in index.rglob("*") if path.is_dir()])
    (folder / "papers_WRITELOCK").write_bytes(b"")
    (folder / "_papers_9999.toc").write_bytes(dice.randbytes(200))
    for path in folder.iterdir():
        path.chmod(0o700 if path.is_dir() else 0o600)


HARMS: list[Callable[[Path, random.Random, Path], None]] = [
    hostile_table, remove_file, flip, cut, hostile_file, shuffle, garbage, hostile_schema, remove_all, flip,
    remove_part, hostile_name, a_file_instead, left_open, hostile_table,
]  # fmt: skip


def try_harms(place: Path, original: tuple[Path, dict[str, list[int]]], numbers: Iterable[int]) -> int:
    """Harm the index in each of these ways; how many had to be made anew."""
    folder, expected = original
    anew = 0
    for number in numbers:
        dice = random.Random(number)
        library_folder = place / str(number)
        shutil.copytree(folder, library_folder)
        canary = place / f"canary-{number}"
        harm = HARMS[number % len(HARMS)]
        harm(library_folder / "index", dice, canary)
        with Library(library_folder, clock=clock) as library:
            assert answers(library) == expected, f"{number}: {harm.__name__}"
            anew += not library.index.state().is_complete
            for _ in library.index.update():
                pass
            assert library.index.state().is_complete, f"{number}: {harm.__name__}"
            assert answers(library) == expected, f"{number}: {harm.__name__}"
            wrong = [found.sentence for found in library.checks.run().findings if not found.is_harmless]
            assert wrong == [], f"{number}: {harm.__name__}"
        assert not canary.exists(), f"{number}: {harm.__name__} ran a payload"
        shutil.rmtree(library_folder)
    return anew


def test_a_payload_would_run_where_whoosh_reads_as_it_does(
    tmp_path: Path,
    original: tuple[Path, dict[str, list[int]]],
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """That is: these tests can fail."""
    caplog.set_level(logging.CRITICAL)
    shutil.copytree(original[0], tmp_path / "library")
    for table in (tmp_path / "library").rglob("*.toc"):
        hostile_table(table.parent, random.Random(0), tmp_path / "canary")
    monkeypatch.delattr(files._CheckedFile, "read_pickle")
    with Library(tmp_path / "library", clock=clock) as library:
        library.index.state()
    assert (tmp_path / "canary").exists()


def test_harmed_indexes(
    tmp_path: Path, original: tuple[Path, dict[str, list[int]]], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL)
    numbers = range(2, 2 * len(HARMS), 6)
    assert try_harms(tmp_path, original, numbers) > len(numbers) / 2


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_three_hundred_harmed_indexes(
    tmp_path: Path, original: tuple[Path, dict[str, list[int]]], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL)
    anew = try_harms(tmp_path, original, range(300))
    record("harmed indexes", f"300 damaged, missing or hostile: 0 crashes, {anew} rebuilt, every answer right")
    record("harmed indexes", f"{300 * 4 // len(HARMS)} payloads, of which 0 ran")
