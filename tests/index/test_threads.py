"""Searching while another thread, or another index object, writes."""

from __future__ import annotations

import shutil
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from pyroaring import BitMap

from reader.domain.query import And, Phrase, Prefix, Word
from reader.domain.selection import IndexedText, IndexPart
from reader.index.builder import compact_part
from reader.index.home import IndexHome
from reader.index.whoosh_index import WhooshIndex
from tests.patience import PATIENCE

from .library import MemoryLibrary, looked_through
from .sources import invented

PAPERS = IndexPart.PAPERS


def test_searches_beside_updates_and_compacting_find_every_paper_once(tmp_path: Path) -> None:
    """All papers hold a word all the time, whatever is rewritten: no search may miss or double one."""
    library = MemoryLibrary({number: invented(number) for number in range(1, 121)})
    index = WhooshIndex(tmp_path)
    index.update(PAPERS, list(library.papers.values()))
    done = threading.Event()
    everything = BitMap(range(1, 121))

    def searching() -> int:
        count = 0
        while not done.is_set() or count < 20:
            for node in (Word("tide"), Prefix("ti", typed=True), And((Word("tides"), Prefix("grou")))):
                assert index.matching_ids(node, library) == everything
            count += 1
        return count

    def writing() -> None:
        home, writer = IndexHome(tmp_path), WhooshIndex(tmp_path)
        try:
            for round_number in range(12):
                chosen = range(1 + round_number * 7, 30 + round_number * 7)
                writer.update(PAPERS, [invented(number) for number in chosen if number <= 120])
                if round_number % 4 == 3:
                    list(compact_part(home, PAPERS))
        finally:
            writer.close()
            done.set()

    with ThreadPoolExecutor(4) as pool:
        futures = [pool.submit(searching) for _ in range(3)] + [pool.submit(writing)]
        for future in futures:
            future.result(timeout=PATIENCE)
    assert index.state().documents[PAPERS] == 120
    index.close()


def test_telling_its_state_beside_a_writer_keeps_the_index(tmp_path: Path) -> None:
    """A builder makes folders for its temporary files and takes them away again."""
    index = WhooshIndex(tmp_path)
    index.update(PAPERS, [invented(number) for number in range(1, 21)])
    name, done = index.home.instance.name, threading.Event()

    def building() -> None:
        while not done.is_set():
            for number in range(20):
                folder = tmp_path / f"papers{number}.tmp"
                folder.mkdir()
                (folder / "part").write_bytes(b"x")
                shutil.rmtree(folder)

    with ThreadPoolExecutor(1) as pool:
        future = pool.submit(building)
        try:
            assert all(index.state().documents[PAPERS] == 20 for _ in range(300))
        finally:
            done.set()
        future.result(timeout=PATIENCE)
    assert index.home.instance.name == name
    index.close()


def test_files_of_older_commits_are_closed(tmp_path: Path) -> None:
    library = MemoryLibrary()
    index = WhooshIndex(tmp_path)
    for number in range(1, 80):
        index.update(PAPERS, [IndexedText(number % 5 + 1, f"tide {number}", "", (), ())])
        library.papers[number % 5 + 1] = IndexedText(number % 5 + 1, f"tide {number}", "", (), ())
        assert len(index.matching_ids(Word("tide"), library)) == len(library.papers)
    assert index.state().segments[PAPERS] < 9
    folder = Path("/proc/self/fd")
    if folder.is_dir():
        targets = []
        for entry in folder.iterdir():
            try:
                targets.append(str(entry.readlink()))
            except FileNotFoundError:
                continue
        opened = [target for target in targets if target.startswith(str(tmp_path))]
        assert len(opened) <= 3 * index.state().segments[PAPERS]
        assert not [target for target in opened if target.endswith("(deleted)")]
    index.close()


def test_a_commit_of_another_process_is_seen_at_once(tmp_path: Path) -> None:
    library = MemoryLibrary({number: invented(number) for number in range(1, 2_101)})
    one, other = WhooshIndex(tmp_path), WhooshIndex(tmp_path)
    assert len(one.matching_ids(Word("tide"), library)) == 2_000
    other.update(PAPERS, list(library.papers.values()))
    assert len(one.matching_ids(Word("tide"), library)) == 2_100
    phrase = Phrase(("tide", "7"))
    assert one.matching_ids(phrase, library) == looked_through(library, phrase)
    read = library.texts_read
    assert one.matching_ids(phrase, library) == BitMap([7])
    assert library.texts_read == read  # a phrase's texts are read once for every commit
    typed = [Phrase(("tide", "200"[:length]), open_ended=True) for length in (1, 2, 3)]
    for node in typed:
        assert one.matching_ids(node, library) == looked_through(library, node)
    assert library.texts_read - read < 3_000  # what lacks "tide 2…" is not read again for "tide 20…"
    assert one.matching_ids(Phrase(("tide", "200")), library) == BitMap([200])
    other.home.start_anew()
    assert len(one.matching_ids(Word("tide"), library)) == 2_000
    one.close()
    other.close()
