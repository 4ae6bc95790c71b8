"""Damaged, foreign and hostile files: the index is set aside, and every answer still comes."""

from __future__ import annotations

import errno
import json
import logging
import os
import random
import shutil
from pathlib import Path

import pytest
from pyroaring import BitMap

from reader.domain.query import Family, Fuzzy, Node, Not, Phrase, Prefix, Word
from reader.domain.selection import AnnotationText, IndexPart
from reader.index.builder import build_part
from reader.index.files import IndexUnavailableError
from reader.index.home import IndexHome
from reader.index.whoosh_index import WhooshIndex

from .library import MemoryLibrary, looked_through
from .sources import invented

PAPERS = IndexPart.PAPERS
NODES: tuple[Node, ...] = (
    Word("tide"),
    Word("group1"),
    Prefix("g"),
    Prefix("ti", typed=True),
    Fuzzy("grup2"),
    Family("group0"),
    Phrase(("tide", "7")),
    Not(Word("group2")),
    Word("noted"),
)


def full_library() -> MemoryLibrary:
    library = MemoryLibrary({number: invented(number) for number in range(1, 101)})
    library.annotations = {number: AnnotationText(number, f"noted {number}", ()) for number in range(10, 101, 10)}
    return library


def build(folder: Path, library: MemoryLibrary) -> None:
    home = IndexHome(folder)
    for part in IndexPart:
        list(build_part(home, part, lambda part=part: library.all_texts(part), sizes=(30,)))


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of a hundred papers in one segment."""
    folder = tmp_path_factory.mktemp("built")
    build(folder, full_library())
    return folder


def assert_answers(folder: Path, library: MemoryLibrary) -> bool:
    """Every answer is right, if need be from the texts; whether the index survived."""
    index = WhooshIndex(folder)
    try:
        for node in NODES:
            ids = index.matching_ids(node, library)
            assert ids == looked_through(library, node)
            assert {paper for paper, _ in index.ranked(node, ids, library, limit=200)} <= set(ids)
        index.corrections(Word("tiide"), library)
        survived = not index.state().needs_build
        if not survived:
            assert index.indexed_ids(PAPERS) == BitMap()
    finally:
        index.close()
    return survived


def assert_recovers(folder: Path, library: MemoryLibrary) -> None:
    """Building anew gives a sound index, and what was set aside is gone."""
    build(folder, library)
    assert assert_answers(folder, library)
    assert len([path for path in folder.iterdir() if path.is_dir()]) == 1


def index_files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file() and not path.name.endswith("LOCK"))


def test_an_index_that_is_whole_is_kept(built: Path, tmp_path: Path) -> None:
    shutil.copytree(built, tmp_path / "index")
    assert assert_answers(tmp_path / "index", full_library())


@pytest.mark.parametrize("harm", ["emptied", "cut off", "removed", "longer", "garbage", "zeros"])
def test_harm_to_any_file(built: Path, tmp_path: Path, harm: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL)
    rng, library = random.Random(harm), full_library()
    names = [path.relative_to(built) for path in index_files(built)]
    assert len(names) > 12
    set_aside = 0
    for number, name in enumerate(names):
        folder = tmp_path / str(number)
        shutil.copytree(built, folder)
        content = (folder / name).read_bytes()
        if harm == "removed":
            (folder / name).unlink()
        else:
            harmed = {
                "emptied": b"",
                "cut off": content[: len(content) // 2],
                "longer": content + b"more",
                "garbage": rng.randbytes(len(content)),
                "zeros": bytes(len(content)),
            }[harm]
            (folder / name).write_bytes(harmed)
        if not assert_answers(folder, library):
            set_aside += 1
            if set_aside == 1:
                assert_recovers(folder, library)
    assert set_aside == len(names)


@pytest.mark.parametrize("seed", range(16))
def test_flipped_bits(built: Path, tmp_path: Path, seed: int, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL)
    rng, library = random.Random(seed), full_library()
    folder = tmp_path / "index"
    shutil.copytree(built, folder)
    path = rng.choice(index_files(folder))
    content = bytearray(path.read_bytes())
    for _ in range(rng.randint(1, 3)):
        if content:
            content[rng.randrange(len(content))] ^= 1 << rng.randrange(8)
    path.write_bytes(content)
    assert_answers(folder, library)


def test_damage_while_it_is_open(built: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL)
    folder, library = tmp_path / "index", full_library()
    shutil.copytree(built, folder)
    index = WhooshIndex(folder)
    assert index.matching_ids(Word("group1"), library) == looked_through(library, Word("group1"))
    for path in index_files(folder):
        if path.suffix in (".pst", ".lexicon"):
            path.write_bytes(b"x" * path.stat().st_size)
    for node in NODES:
        assert index.matching_ids(node, library) == looked_through(library, node)
    assert index.state().needs_build == frozenset(IndexPart)
    index.update(PAPERS, [invented(3)])
    assert list(index.indexed_ids(PAPERS)) == [3]
    index.close()


def test_what_was_set_aside_is_said_once(built: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    folder, library = tmp_path / "index", full_library()
    shutil.copytree(built, folder)
    next(path for path in index_files(folder) if path.suffix == ".toc").write_bytes(b"no table")
    assert not assert_answers(folder, library)
    said = [record.getMessage() for record in caplog.records]
    assert said == ["The search index is damaged and will be rebuilt."]
    caplog.clear()


@pytest.mark.parametrize(
    "current",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        json.dumps({"format": "0", "instance": "a", "complete": []}).encode(),
        json.dumps({"format": None, "instance": "../../etc", "complete": ["papers", "annotations"]}).encode(),
        b"\xff\xfe",
    ],
)
def test_an_index_of_another_format_is_not_read(built: Path, tmp_path: Path, current: bytes) -> None:
    folder, library = tmp_path / "index", full_library()
    shutil.copytree(built, folder)
    (folder / "current.json").write_bytes(current)
    assert not assert_answers(folder, library)
    assert_recovers(folder, library)


def test_an_instance_that_names_a_path_is_refused(built: Path, tmp_path: Path) -> None:
    folder = tmp_path / "index"
    shutil.copytree(built, folder)
    described = json.loads((folder / "current.json").read_text())
    shutil.copytree(folder / described["instance"], tmp_path / "elsewhere")
    described["instance"] = "../elsewhere"
    (folder / "current.json").write_text(json.dumps(described))
    assert IndexHome(folder).instance.name.isalnum()


def test_a_full_disk_is_no_damage(built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, library = tmp_path / "index", full_library()
    shutil.copytree(built, folder)
    index = WhooshIndex(folder)

    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("os.fsync", full)
        before = index_files(folder)
        with pytest.raises(IndexUnavailableError, match="No space left"):
            index.update(PAPERS, [invented(200)])
        assert index_files(folder) == before, "nothing half written stays behind"
        with pytest.raises(IndexUnavailableError, match="No space left"):
            index.home.start_anew()
        assert index_files(folder) == before
    assert not index.state().needs_build
    assert index.matching_ids(Word("tide"), library) == BitMap(range(1, 101))
    index.update(PAPERS, [invented(200)])
    assert 200 in index.indexed_ids(PAPERS)
    index.close()


def test_a_folder_that_cannot_be_made_is_told_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(IndexUnavailableError, match="cannot be written"):
        WhooshIndex(tmp_path / "file" / "index")


def test_the_folder_is_closed_to_others(tmp_path: Path) -> None:
    home = IndexHome(tmp_path / "index")
    assert home.folder.stat().st_mode & 0o077 == 0
    build(home.folder, full_library())
    assert all(path.stat().st_mode & 0o077 == 0 for path in home.folder.rglob("*"))


def test_files_are_closed_to_others_from_their_first_moment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """So that even what a killed process left is nobody else's to read."""
    seen = set()
    real = os.fsync

    def looking(descriptor: int) -> None:
        seen.update(path for path in tmp_path.rglob("*") if path.stat().st_mode & 0o077)
        real(descriptor)

    monkeypatch.setattr("os.fsync", looking)
    build(tmp_path / "index", full_library())
    assert seen == set()
