"""Building: in the order of age, cancelled and gone on with, in a child that is killed."""

from __future__ import annotations

import os
import random
import signal
import threading
import time
from pathlib import Path

import pytest
from pyroaring import BitMap

from reader.domain.query import Phrase, Prefix, Word
from reader.domain.selection import IndexedText, IndexPart
from reader.index.builder import BuildProgress, BuildStage, build_part, compact_part
from reader.index.home import IndexHome
from reader.index.whoosh_index import WhooshIndex
from reader.index.worker import BuildError, BuildJob, RunningBuild, TextFactory
from reader.index.writer import IndexBusyError, SegmentBuilder
from tests.patience import PATIENCE, wait_until

from .library import MemoryLibrary, looked_through
from .sources import invented

PAPERS = IndexPart.PAPERS


def library_of(count: int) -> MemoryLibrary:
    """Papers that were never pending, as after an import that the index did not see."""
    return MemoryLibrary({number: invented(number) for number in range(1, count + 1)})


def work_through(build: RunningBuild) -> list[BuildProgress]:
    """Everything a child reports until it ends."""
    found: list[BuildProgress] = []
    wait_until(lambda: not build.is_running, lambda: found.extend(build.progress(0.2)))
    return found


def test_the_newest_papers_come_first(tmp_path: Path) -> None:
    library = library_of(60)
    home = IndexHome(tmp_path)
    index = WhooshIndex(tmp_path)
    for done, progress in enumerate(build_part(home, PAPERS, lambda: library.all_texts(PAPERS), sizes=(10, 20)), 1):
        if progress.stage is BuildStage.INDEXING:
            assert progress.documents == min(10 + 20 * (done - 1), 60)
            newest = BitMap(range(61 - progress.documents, 61))
            assert index.indexed_ids(PAPERS) == newest
            assert index.matching_ids(Word("tide"), library) == BitMap(range(1, 61))
    assert progress == BuildProgress(PAPERS, BuildStage.FINISHED, 60)
    assert index.state().segments[PAPERS] == 1
    assert index.state().needs_build == {IndexPart.ANNOTATIONS}
    index.close()


def test_a_cancelled_building_goes_on_where_it_was(tmp_path: Path) -> None:
    library = library_of(50)
    home = IndexHome(tmp_path)
    stop = threading.Event()
    for progress in build_part(home, PAPERS, lambda: library.all_texts(PAPERS), sizes=(10,), cancelled=stop.is_set):
        if progress.documents >= 20:
            stop.set()
    assert progress == BuildProgress(PAPERS, BuildStage.CANCELLED, 20)
    assert PAPERS not in home.instance.complete
    read = []

    def rest():  # type: ignore[no-untyped-def]
        for text in library.all_texts(PAPERS):
            read.append(text.id)
            yield text

    assert [p.documents for p in build_part(home, PAPERS, rest, sizes=(100,))] == [50, 50]
    assert PAPERS in home.instance.complete


def test_what_was_updated_meanwhile_is_not_overwritten_by_what_the_building_had_read(tmp_path: Path) -> None:
    index, home = WhooshIndex(tmp_path), IndexHome(tmp_path)
    library = library_of(4)
    older = list(library.all_texts(PAPERS))
    newer = IndexedText(2, "Ebb", "", (), ())
    library.put(newer)
    library.take_pending(PAPERS)

    def texts():  # type: ignore[no-untyped-def]
        for text in older:
            if text.id == 1:
                index.update(PAPERS, [newer])
            yield text

    list(build_part(home, PAPERS, texts))
    assert list(index.matching_ids(Word("ebb"), library)) == [2]
    assert list(index.matching_ids(Word("tide"), library)) == [1, 3, 4]
    index.close()


def test_compacting_drops_what_was_deleted_and_changes_no_answer(tmp_path: Path) -> None:
    index, home, library = WhooshIndex(tmp_path), IndexHome(tmp_path), library_of(90)
    list(build_part(home, PAPERS, lambda: library.all_texts(PAPERS), sizes=(7,)))
    for number in range(1, 90, 3):
        library.remove(number)
    for number in range(2, 90, 9):
        library.put(IndexedText(number, "Ebb", "group0 again", (), ()))
    texts, removed = library.take_pending(PAPERS)
    index.update(PAPERS, texts, removed)
    nodes = [Word("ebb"), Word("tide"), Prefix("g"), Prefix("group0"), Phrase(("tide", "5")), Word("author3")]
    before = [index.matching_ids(node, library) for node in nodes]
    assert before == [looked_through(library, node) for node in nodes]
    scores = index.ranked(Word("ebb"), before[0], library, limit=50)
    assert index.state().deleted[PAPERS] > 0
    list(compact_part(home, PAPERS))
    assert index.state().deleted[PAPERS] == 0
    assert index.state().segments[PAPERS] == 1
    assert [index.matching_ids(node, library) for node in nodes] == before
    assert {paper for paper, _ in scores} == set(before[0])
    index.close()


def test_a_cancelled_compacting_changes_nothing(tmp_path: Path) -> None:
    index, home, library = WhooshIndex(tmp_path), IndexHome(tmp_path), library_of(30)
    stages = [
        p.stage
        for p in build_part(home, PAPERS, lambda: library.all_texts(PAPERS), sizes=(5,))
        if p.stage is not BuildStage.INDEXING
    ]
    assert stages == [BuildStage.COMPACTING, BuildStage.FINISHED]
    index.update(PAPERS, [invented(31)])
    library.papers[31] = invented(31)
    stages = [p.stage for p in compact_part(home, PAPERS, cancelled=lambda: True)]
    assert stages == [BuildStage.COMPACTING, BuildStage.CANCELLED]
    assert len(index.matching_ids(Word("tide"), library)) == 31
    list(compact_part(home, PAPERS))
    assert index.state().segments[PAPERS] == 1
    index.close()


def test_two_writers_are_told_of_each_other(tmp_path: Path) -> None:
    index, home = WhooshIndex(tmp_path), IndexHome(tmp_path)
    writer = SegmentBuilder(home.open_part(home.instance, PAPERS), PAPERS)
    with pytest.raises(IndexBusyError):
        index.update(PAPERS, [invented(1)])
    writer.cancel()
    index.update(PAPERS, [invented(1)])
    assert list(index.indexed_ids(PAPERS)) == [1]
    index.close()


def test_a_child_builds_everything(tmp_path: Path) -> None:
    job = BuildJob(tmp_path, TextFactory("tests.index.sources:some_texts", {"count": 1_500}))
    progress = work_through(RunningBuild(job))
    assert [(p.part, p.stage, p.documents) for p in progress] == [
        (PAPERS, BuildStage.INDEXING, 1_000),
        (PAPERS, BuildStage.INDEXING, 1_500),
        (PAPERS, BuildStage.FINISHED, 1_500),
        (IndexPart.ANNOTATIONS, BuildStage.INDEXING, 150),
        (IndexPart.ANNOTATIONS, BuildStage.FINISHED, 150),
    ]
    index = WhooshIndex(tmp_path)
    assert index.state().needs_build == frozenset()
    library = library_of(1_500)
    assert index.matching_ids(Word("group7"), library) == BitMap(range(210, 240))
    index.close()
    assert [p.stage for p in work_through(RunningBuild(BuildJob(tmp_path)))] == [BuildStage.FINISHED] * 2


def test_a_child_brings_changes_in(tmp_path: Path) -> None:
    work_through(RunningBuild(BuildJob(tmp_path, TextFactory("tests.index.sources:some_texts", {"count": 100}))))
    changes = TextFactory("tests.index.sources:some_changes")
    progress = work_through(RunningBuild(BuildJob(tmp_path, changes=changes, parts=(PAPERS,))))
    assert [(p.stage, p.documents) for p in progress] == [
        (BuildStage.REFRESHING, 3),
        (BuildStage.REFRESHING, 5),
        (BuildStage.FINISHED, 99),
    ]
    index, library = WhooshIndex(tmp_path), library_of(100)
    library.papers[1] = library.papers[2] = IndexedText(1, "Ebb", "", (), ())
    del library.papers[50], library.papers[60]
    library.papers[101] = invented(101)
    assert list(index.matching_ids(Word("ebb"), library)) == [1, 2]
    assert index.matching_ids(Word("tide"), library) == BitMap(library.papers) - BitMap([1, 2])
    assert index.state().documents[PAPERS] == 99
    index.close()


def test_compacting_now_and_then_leaves_large_segments_alone(tmp_path: Path) -> None:
    index, home = WhooshIndex(tmp_path), IndexHome(tmp_path)
    index.update(PAPERS, [invented(number) for number in range(1, 101)])
    large = {segment.segment_id() for segment in home.open_part(home.instance, PAPERS)._segments()}
    for number in range(101, 104):
        index.update(PAPERS, [invented(number)])
    assert [p.stage for p in compact_part(home, PAPERS, thorough=False)] == [BuildStage.FINISHED]
    index.update(PAPERS, [invented(104)])
    stages = [p.stage for p in compact_part(home, PAPERS, thorough=False)]
    assert stages == [BuildStage.COMPACTING, BuildStage.FINISHED]
    left = {segment.segment_id() for segment in home.open_part(home.instance, PAPERS)._segments()}
    assert len(left) == 2
    assert large < left
    index.update(PAPERS, [], removed=range(1, 40))
    list(compact_part(home, PAPERS, thorough=False))
    assert index.state().segments[PAPERS] == 1
    assert index.indexed_ids(PAPERS) == BitMap(range(40, 105))
    index.close()


def test_many_small_updates_leave_few_segments(tmp_path: Path) -> None:
    index, library = WhooshIndex(tmp_path), library_of(80)
    for number in range(1, 81):
        index.update(PAPERS, [invented(number)], removed=[number - 5] if number % 9 == 0 else ())
        if number % 9 == 0:
            del library.papers[number - 5]
        assert index.state().segments[PAPERS] <= 16
    assert index.state().documents[PAPERS] == len(library.papers) == 72
    for node in (Word("tide"), Prefix("group"), Word("group1"), Phrase(("tide", "77"))):
        assert index.matching_ids(node, library) == looked_through(library, node)
    index.close()


def test_a_child_stops_when_asked(tmp_path: Path) -> None:
    factory = TextFactory("tests.index.sources:some_texts", {"count": 50_000, "seconds": 100.0})
    build = RunningBuild(BuildJob(tmp_path, factory))
    first = build.progress(PATIENCE)
    build.cancel()
    rest = work_through(build)
    assert first[0].documents == 1_000
    assert (first + rest)[-1].stage is BuildStage.CANCELLED


def test_a_childs_failure_is_told_in_a_sentence(tmp_path: Path) -> None:
    build = RunningBuild(BuildJob(tmp_path, TextFactory("tests.index.sources:failing_texts")))
    with pytest.raises(BuildError, match="the source broke"):
        work_through(build)
    assert not build.is_running


def test_a_child_can_be_closed_at_any_time(tmp_path: Path) -> None:
    build = RunningBuild(BuildJob(tmp_path, TextFactory("tests.index.sources:some_texts", {"count": 200_000})))
    build.close(timeout=0.0)
    assert not build.is_running
    build.cancel()


def kill_in_a_building(folder: Path, count: int, delay: float) -> int:
    """Start a child, kill it a while after its first commit; the number of papers in the index then."""
    build = RunningBuild(BuildJob(folder, TextFactory("tests.index.sources:some_texts", {"count": count})))
    build.progress(PATIENCE)
    time.sleep(delay)
    assert build.pid is not None
    os.kill(build.pid, signal.SIGKILL)
    with pytest.raises(BuildError, match="interrupted"):
        work_through(build)
    index, library = WhooshIndex(folder), library_of(count)
    try:
        indexed = index.indexed_ids(PAPERS)
        assert indexed == BitMap(range(count + 1 - len(indexed), count + 1))
        coverage = index.coverage(library)
        assert coverage.indexed + coverage.direct + coverage.unsearchable == count
        searchable = coverage.indexed + coverage.direct
        assert index.matching_ids(Word("tide"), library) == BitMap(range(count + 1 - searchable, count + 1))
        newest = count // 30 - 1
        assert list(index.matching_ids(Word(f"group{newest}"), library)) == [*range(newest * 30, newest * 30 + 30)]
    finally:
        index.close()
    return len(indexed)


def go_on_after_kills(folder: Path, kills: int, count: int) -> None:
    """Kill a building again and again, then let it finish: nothing is lost or doubled."""
    rng = random.Random(kills)
    counts = [kill_in_a_building(folder, count, rng.random() * 0.6) for _ in range(kills)]
    assert counts == sorted(counts)
    assert counts[-1] > 0
    work_through(RunningBuild(BuildJob(folder, TextFactory("tests.index.sources:some_texts", {"count": count}))))
    index, library = WhooshIndex(folder), library_of(count)
    state = index.state()
    assert state.documents[PAPERS] == count
    assert state.deleted[PAPERS] == 0
    assert state.segments[PAPERS] == 1
    for node in (Word("tide"), Word("group3"), Prefix("group1"), Prefix("ti"), Word("author2")):
        assert index.matching_ids(node, library) == looked_through(library, node)
    index.close()
    left = {path.name.split(".")[0] for path in (folder / home_name(folder) / "papers").iterdir()}
    assert len([name for name in left if not name.endswith("WRITELOCK") and not name.startswith("_")]) == 1


def home_name(folder: Path) -> str:
    return IndexHome(folder).instance.name


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no such signal here")
def test_a_killed_building_goes_on(tmp_path: Path) -> None:
    go_on_after_kills(tmp_path, 3, 15_000)


@pytest.mark.soak
@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no such signal here")
def test_a_building_killed_twenty_times_goes_on(tmp_path: Path) -> None:
    go_on_after_kills(tmp_path, 20, 60_000)
