"""The vectors of a library kept in step with it: what is made, gone on with, made again, and left alone."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from reader.domain.reports import IndexProgress
from reader.meaning.manifest import NEXT, read_manifest, write_manifest
from reader.meaning.space import MeaningSpace
from reader.services import Library
from reader.services.library.permissions import exposed_paths
from reader.services.meaning import upkeep, vector_building
from reader.services.meaning.upkeep import MEANING_FOLDER, MeaningUpkeep
from tests.meaning.invented_topics import InventedPaper, as_bibtex, invented_papers
from tests.meaning.invented_word_vectors import invented_word_vectors
from tests.services.support import clock, finish

PAPERS = invented_papers(range(6), 10)
ROOT = Path(__file__).parents[2]


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library(tmp_path / "library", clock=clock) as opened:
        bring(opened, PAPERS)
        yield opened


def bring(library: Library, papers: list[InventedPaper], name: str = "papers") -> None:
    finish(library.imports.text(as_bibtex(papers), name))


def index(library: Library) -> list[IndexProgress]:
    return list(library.index.update())


def folder(library: Library) -> Path:
    return library.folder / MEANING_FOLDER


def known(library: Library) -> MeaningSpace:
    space = library.meaning.space()
    assert space is not None
    return space


def everything(space: MeaningSpace) -> tuple[list[int], bytes, str]:
    return space.paper_ids.tolist(), space.rows.tobytes(), space.basis.id


def test_nothing_is_known_before_the_library_was_indexed_and_everything_after(library: Library) -> None:
    assert library.meaning.space() is None
    assert library.index.is_behind()
    progress = [step for step in index(library) if step.by_meaning]
    assert [step.done for step in progress] == sorted(step.done for step in progress)
    assert progress[-1] == IndexProgress(60, 60, by_meaning=True)
    assert not library.index.is_behind()
    space = known(library)
    keys = [library.papers.titles([paper_id])[paper_id].key for paper_id in space.paper_ids.tolist()]
    assert keys == sorted(keys)
    assert len(keys) == 60
    assert library.meaning.space() is space


def test_few_new_papers_are_brought_in_without_a_child_and_with_the_same_basis(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    index(library)
    before = known(library)
    monkeypatch.setattr(upkeep, "RunningBuild", None)
    bring(library, invented_papers(range(6), 2, seed=9), "more")
    index(library)
    after = known(library)
    assert len(after) == 72
    assert after.basis.id == before.basis.id
    assert len(before) == 60
    for paper_id in before.paper_ids.tolist():
        assert (after.vectors([paper_id]) == before.vectors([paper_id])).all()


def test_removed_papers_are_left_out_and_come_back(library: Library) -> None:
    index(library)
    before = everything(known(library))
    bring(library, invented_papers(range(6), 2, seed=9), "more")
    index(library)
    library.history.undo()
    index(library)
    assert everything(known(library)) == before
    library.history.redo()
    index(library)
    assert len(known(library)) == 72


def test_a_library_that_has_doubled_gets_a_basis_of_all_its_papers(library: Library) -> None:
    index(library)
    first = known(library).basis
    bring(library, invented_papers(range(6), 12, seed=9), "more")
    index(library)
    space = known(library)
    assert (first.papers, space.basis.papers, len(space)) == (60, 132, 132)
    assert sorted(path.suffix for path in folder(library).iterdir()) == [".basis", ".json", ".rows"]


def test_many_unknown_words_lead_to_a_new_basis(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reader.meaning.manifest._LEAST_NEW", 12)
    index(library)
    bring(library, invented_papers(range(6), 2, seed=9), "of the same")
    index(library)
    assert known(library).basis.papers == 60
    bring(library, invented_papers(range(20, 24), 3, seed=9), "of other words")
    index(library)
    assert library.index.is_behind()
    assert list(MeaningUpkeep(library._store, folder(library)).work())
    assert known(library).basis.papers == 84


def test_a_text_that_changed_gets_another_row(library: Library) -> None:
    index(library)
    before = known(library)
    first, second = before.paper_ids.tolist()[:2]
    merged = library.papers.merge(first, second)
    assert merged
    index(library)
    after = known(library)
    assert second not in after.place_of
    assert len(after) == 59
    library.history.undo()
    index(library)
    assert everything(known(library)) == everything(before)


def test_building_that_was_given_up_goes_on(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vector_building, "_BATCH", 5)
    monkeypatch.setattr(vector_building, "_PER_SEGMENT", 10)
    building = MeaningUpkeep(library._store, folder(library))
    steps = 0

    def after_seven() -> bool:
        nonlocal steps
        steps += 1
        return steps > 7

    assert list(building.work(after_seven))
    begun = read_manifest(folder(library), NEXT)
    assert begun is not None
    assert 0 < begun.rows < 60
    assert library.meaning.space() is None
    made = []
    monkeypatch.setattr(vector_building.Basis, "train", None)
    original = vector_building.Basis.rows
    monkeypatch.setattr(
        vector_building.Basis, "rows", lambda self, texts: made.append(len(texts)) or original(self, texts)
    )
    assert list(MeaningUpkeep(library._store, folder(library)).work())
    assert sum(made) == 60 - begun.rows
    assert len(known(library)) == 60


def test_a_killed_process_leaves_what_was_there(library: Library) -> None:
    index(library)
    before = everything(known(library))
    bring(library, invented_papers(range(6), 12, seed=9), "more")
    script = (
        "import os, sys\n"
        "from pathlib import Path\n"
        "from reader.services.meaning import vector_building\n"
        "from reader.services.meaning.upkeep import MeaningUpkeep\n"
        "from reader.storage.store import LibraryStore\n"
        "vector_building._PER_SEGMENT, vector_building._BATCH = 50, 50\n"
        "store = LibraryStore(Path(sys.argv[1]) / 'library.db', read_only=True)\n"
        "for step in MeaningUpkeep(store, Path(sys.argv[1]) / 'meaning').work():\n"
        "    if step.done >= 50: os._exit(9)\n"
    )
    done = subprocess.run([sys.executable, "-c", script, str(library.folder)], cwd=ROOT, check=False)
    assert done.returncode == 9
    space = known(library)
    assert (space.paper_ids.tolist(), space.rows.tobytes(), space.basis.id) == before
    assert read_manifest(folder(library), NEXT) is not None
    index(library)
    assert len(known(library)) == 132
    assert read_manifest(folder(library), NEXT) is None


def test_two_processes_find_the_same(library: Library, tmp_path: Path) -> None:
    script = (
        "import sys\n"
        "from pathlib import Path\n"
        "from reader.services import Library\n"
        "with Library(Path(sys.argv[1])) as library:\n"
        "    space = library.meaning.space(complete=True)\n"
        "    titles = {each: library.papers.titles([each])[each].title for each in space.paper_ids.tolist()}\n"
        "    found = space.nearest(space.vectors([min(titles, key=titles.get)])[0], 100)\n"
        "    print([(titles[each], closeness) for each, closeness in found], space.floor, space.basis.id)\n"
    )
    told = []
    for name, papers in {"one": PAPERS, "other": PAPERS[::-1]}.items():
        with Library(tmp_path / name, clock=clock) as other:
            for start in range(0, 60, 20):
                bring(other, papers[start : start + 20], f"part {start}")
        arguments = [sys.executable, "-c", script, str(tmp_path / name)]
        done = subprocess.run(arguments, cwd=ROOT, capture_output=True, text=True, check=True)
        told.append(done.stdout)
    assert told[0] == told[1]
    assert len(told[0]) > 1_000


def test_what_a_command_asks_for_is_made_at_once_and_only_once(library: Library) -> None:
    space = library.meaning.space(complete=True)
    assert space is not None
    assert len(space) == 60
    before = {path.name: path.stat().st_mtime_ns for path in folder(library).iterdir()}
    again = library.meaning.space(complete=True)
    assert again is not None
    assert everything(again) == everything(space)
    assert {path.name: path.stat().st_mtime_ns for path in folder(library).iterdir()} == before
    assert library.index.is_behind()


def test_a_library_that_was_restored_is_looked_at_again(library: Library) -> None:
    index(library)
    before = everything(known(library))
    backup = library.backups.make()
    bring(library, invented_papers(range(6), 2, seed=9), "more")
    index(library)
    library.backups.restore(backup.path)
    index(library)
    assert everything(known(library)) == before


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_is_done_without(library: Library) -> None:
    folder(library).mkdir(mode=0o500)
    try:
        space = library.meaning.space(complete=True)
        assert space is not None
        assert len(space) == 60
    finally:
        folder(library).chmod(0o700)


def test_a_file_in_the_place_of_the_folder_is_done_without(library: Library) -> None:
    folder(library).write_text("in the way")
    space = library.meaning.space(complete=True)
    assert space is not None
    assert len(space) == 60


def test_papers_without_abstracts_are_compared_by_their_titles(tmp_path: Path) -> None:
    with Library(tmp_path / "library", clock=clock) as library:
        bring(library, [replace(paper, abstract="") for paper in PAPERS])
        space = library.meaning.space(complete=True)
        assert space is not None
        assert len(space) == 60
        assert space.rows.any(axis=1).mean() > 0.8


def test_word_vectors_that_come_or_go_lead_to_a_new_basis(library: Library, tmp_path: Path) -> None:
    vectors = invented_word_vectors(tmp_path / "words")
    widths = []
    for words in (None, vectors, None):
        building = MeaningUpkeep(library._store, folder(library), lambda words=words: words)
        assert list(building.work())
        space = building.load()
        assert space is not None
        assert len(space) == 60
        widths.append(space.basis.width - space.basis.rank)
    assert widths == [0, vectors.width, 0]


def test_segments_are_joined_as_they_become_many(library: Library) -> None:
    index(library)
    for number in range(10):
        bring(library, invented_papers([number % 6], 1, seed=20 + number), f"day {number}")
        index(library)
    current = read_manifest(folder(library))
    assert current is not None
    assert len(current.segments) <= 4
    assert len(known(library)) == 70
    assert {path.name for path in folder(library).glob("*.rows")} == {each.name for each in current.segments}


def test_rows_of_papers_that_are_gone_are_dropped_in_time(library: Library) -> None:
    index(library)
    bring(library, invented_papers(range(6), 6, seed=9), "more")
    index(library)
    library.history.undo()
    index(library)
    current = read_manifest(folder(library))
    assert current is not None
    assert current.rows == 60


def test_a_manifest_of_another_format_counts_as_none(library: Library) -> None:
    index(library)
    current = folder(library) / "current.json"
    content = current.read_text()
    current.write_text(content.replace("unicode", "latin"))
    assert library.meaning.space() is None
    assert library.index.is_behind()
    for text in ("", "{}", "[]", content[:-9], content.replace('.rows"', '/../x.rows"')):
        current.write_text(text)
        assert read_manifest(folder(library)) is None
    index(library)
    assert len(known(library)) == 60


def test_what_is_owed_is_not_forgotten(library: Library) -> None:
    index(library)
    current = read_manifest(folder(library))
    assert current is not None
    write_manifest(folder(library), replace(current, segments=(), owed=(1, 2, 3)))
    assert library.index.is_behind()
    assert library.meaning.space(complete=True) is not None
    assert len(known(library)) == 60


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
def test_vectors_are_their_owners_alone_and_the_librarys_own(library: Library) -> None:
    index(library)
    assert {path.stat().st_mode & 0o077 for path in (folder(library), *folder(library).iterdir())} == {0}
    library.folder.chmod(0o755)
    assert exposed_paths(library.folder) == [library.folder]
