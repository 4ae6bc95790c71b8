"""What is remembered of exports, and stamps that tell what changed since."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from reader.domain.exports import ExportRecord
from reader.domain.papers import PaperState
from reader.domain.selection import ALL_PAPERS
from reader.storage.store import LibraryStore
from tests.storage.support import TickingClock, header, paper, titled


@pytest.fixture
def store(tmp_path: Path) -> Iterator[LibraryStore]:
    with LibraryStore(tmp_path / "library.db", clock=TickingClock()) as store:
        records = [paper(f"Paper {number}", f"An invented abstract {number}.") for number in (1, 2, 3)]
        store.listings.add(header("day"), records, store.begin_operation(titled("import"), "import"))
        yield store


def record(key: str = "aaaa2345", target: str = "/vault", path: str = "a.md", size: int = 1) -> ExportRecord:
    return ExportRecord(target, key, "obsidian", path, size, 2**60, "d" * 64, "f")


def test_what_was_written_is_remembered_by_target_and_paper(store: LibraryStore) -> None:
    log = store.exports
    log.save([(record(), "one"), (record("bbbb2345", path="b.md"), "two"), (record(target="/other"), "three")])
    assert set(log.records("/vault")) == {record(), record("bbbb2345", path="b.md")}
    assert log.written("/vault", ["aaaa2345", "bbbb2345", "cccc2345"]) == {"aaaa2345": "one", "bbbb2345": "two"}
    assert log.written_elsewhere("/vault", ["aaaa2345", "bbbb2345"]) == {"aaaa2345": "three"}
    log.save([(record(path="moved.md", size=2), "newer")])
    assert {(found.path, found.size) for found in log.records("/vault")} == {("b.md", 1), ("moved.md", 2)}
    log.forget("/vault", ["aaaa2345"])
    assert log.written("/vault", ["aaaa2345"]) == {} and log.written("/other", ["aaaa2345"]) == {"aaaa2345": "three"}


def test_files_of_many_papers_are_remembered_by_their_path(store: LibraryStore) -> None:
    log = store.exports
    log.save([(record("", path="x.bib"), "one"), (record("", path="y.bib"), "two")])
    log.save([(record("", path="x.bib", size=5), "three")])
    assert (log.written_file("/vault", "x.bib"), log.written_file("/vault", "y.bib")) == ("three", "two")
    assert log.written_file("/vault", "z.bib") is None
    log.forget("/vault", [""])
    assert len(log.records("/vault")) == 2


def test_citation_keys_are_given_once_and_to_one_paper(store: LibraryStore) -> None:
    log = store.exports
    assert log.give_citation_keys({"one": iter(["key", "keya"])}) == {"one": "key"}
    given = log.give_citation_keys({"one": iter(["other"]), "two": iter(["KEY", "key", "keya"])})
    assert given == {"one": "key", "two": "keya"} == log.citation_keys()


def test_remembering_is_no_step(store: LibraryStore) -> None:
    before = store.history.steps()
    store.exports.save([(record(), "one")])
    store.exports.give_citation_keys({"one": iter(["key"])})
    assert store.history.steps() == before
    store.history.undo()
    assert store.exports.records("/vault") == [record()]


def test_a_stamp_differs_whenever_the_paper_does(store: LibraryStore) -> None:
    ids = list(store.papers.ids(ALL_PAPERS))

    def stamps() -> dict[int, str]:
        return {found.id: found.stamp for found in store.transfers.stamps(ids)}

    seen = [stamps()]
    changes = (
        lambda: store.notes.set(ids[0], "note"),
        lambda: store.notes.set(ids[0], "another"),
        lambda: store.tags.add([ids[0]], ["tag"]),
        lambda: store.tags.rename("tag", "other"),
        lambda: store.states.set_starred([ids[0]], True),
        lambda: store.states.set_seen([ids[0]]),
        lambda: store.states.set([ids[0]], PaperState.QUEUED),
        lambda: store.highlights.add_span(ids[0], "title", 0, 3),
        lambda: store.highlights.update(1, comment="why"),
        lambda: store.labels.update(1, name="Renamed"),
        lambda: store.papers.set_arxiv_id(ids[0], "2401.01234"),
        lambda: store.history.undo(),
    )
    for number, change in enumerate(changes):
        change()
        now = stamps()
        assert now[ids[0]] != seen[-1][ids[0]], number
        assert [now[other] for other in ids[1:]] == [seen[0][other] for other in ids[1:]]
        seen.append(now)
    assert seen[-1][ids[0]] == seen[-3][ids[0]], "undone is as it was"
    store.listings.rename(1, "another name")
    assert all(stamps()[paper_id] != seen[-1][paper_id] for paper_id in ids)


def test_stamps_name_papers_and_follow_merges(store: LibraryStore) -> None:
    ids = list(store.papers.ids(ALL_PAPERS))
    keys = {found.id: found.key for found in store.transfers.stamps(ids)}
    store.papers.merge(ids[0], ids[1])
    (found,) = store.transfers.stamps(ids[:2])
    assert (found.id, found.key, found.aliases) == (ids[0], keys[ids[0]], (keys[ids[1]],))
