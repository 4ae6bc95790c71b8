"""Highlights in texts that another sighting, another library or a merge has changed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from reader.domain.papers import Highlight
from reader.domain.preparation import SOURCE_RANK
from reader.domain.selection import ALL_PAPERS
from reader.services.copies.merge import merge_library
from reader.storage.store import LibraryStore
from tests.storage.support import add, content, paper, query, titled, write

PLAIN = (
    'We ask -- once more -- how tides change. The "calm" sea is a harbour\'s friend, as two hundred buoys show. '
    "On rock they lose 4.7 percent of their signals. All records are published."
)
TYPESET = (
    "We ask – once more – how tides\nchange. The “calm” sea is a harbour’s friend, as two hundred buoys show. On rock\n"
    "they lose 4.7 percent of their signals. All records are published."
)
REVISED = (
    "We ask once more how the tides change. The calm sea is every harbour’s best friend, as three hundred buoys show. "
    "Nothing else is known."
)
QUOTES = [
    "We ask -- once more -- how tides change.",
    'The "calm" sea is a harbour\'s friend, as two hundred buoys show.',
    "On rock they lose 4.7 percent of their signals.",
]


def brought(store: LibraryStore, abstract: str, name: str, **fields: Any) -> None:
    add(store, name, paper("Tides", abstract, arxiv_id="2401.00001"), **fields)


def highlights(store: LibraryStore) -> list[Highlight]:
    return [each for found in store.papers.read(store.papers.ids(ALL_PAPERS)) for each in found.highlights]


def words(store: LibraryStore) -> list[tuple[str | None, bool]]:
    """What each highlight covers now (None where it is unplaced), and whether it is only like the quote."""
    return [
        (None if each.start is None else one.abstract[each.start : each.end], each.approximate)
        for one in store.papers.read(store.papers.ids(ALL_PAPERS))
        for each in sorted(one.highlights, key=lambda each: each.id)
    ]


@pytest.fixture
def marked(store: LibraryStore) -> LibraryStore:
    """A paper with three highlights."""
    brought(store, PLAIN, "plain")
    (paper_id,) = store.papers.ids(ALL_PAPERS)
    for quote in QUOTES:
        start = PLAIN.index(quote)
        store.highlights.add_span(paper_id, "abstract", start, start + len(quote))
    return store


def test_typography_alone_moves_them_along(marked: LibraryStore) -> None:
    before = content(marked)
    brought(marked, TYPESET, "typeset", rank=SOURCE_RANK)
    assert words(marked) == [
        ("We ask – once more – how tides\nchange.", False),
        ("The “calm” sea is a harbour’s friend, as two hundred buoys show.", False),
        ("On rock\nthey lose 4.7 percent of their signals.", False),
    ]
    assert [each.exact for each in highlights(marked)] == QUOTES, "the quotes stay as they were made"
    assert marked.findings() == []
    brought(marked, PLAIN, "again", rank=SOURCE_RANK)
    assert words(marked) == [(quote, False) for quote in QUOTES]
    marked.history.undo()
    marked.history.undo()
    assert content(marked) == before


def test_reworded_ones_say_so_until_they_are_confirmed(marked: LibraryStore) -> None:
    brought(marked, REVISED, "revised", rank=SOURCE_RANK)
    calm = "The calm sea is every harbour’s best friend, as three hundred buoys show."
    assert words(marked) == [("We ask once more how the tides change.", True), (calm, True), (None, False)]
    assert marked.findings() == []
    first, second, _ = sorted(highlights(marked), key=lambda each: each.id)
    marked.highlights.update(first.id)
    marked.highlights.update(second.id, comment="Still true.")
    assert [doubtful for _, doubtful in words(marked)] == [False, False, False]
    assert marked.findings() == []
    brought(
        marked,
        REVISED.replace(" as ", "\nas ").replace("Nothing else is known.", "No more."),
        "wrapped",
        rank=SOURCE_RANK,
    )
    assert words(marked)[:2] == [
        ("We ask once more how the tides change.", False),
        (calm.replace(" as ", "\nas "), False),
    ]
    for _ in range(3):
        marked.history.undo()
    assert [doubtful for _, doubtful in words(marked)] == [True, True, False]
    brought(marked, PLAIN, "back", rank=SOURCE_RANK)
    assert words(marked) == [(quote, False) for quote in QUOTES], "what was unplaced is placed again, too"


def test_another_library_s_are_placed_here(marked: LibraryStore, tmp_path: Path) -> None:
    for number, (abstract, doubtful) in enumerate(((TYPESET, False), (REVISED, True))):
        with LibraryStore(tmp_path / f"other{number}" / "library.db") as other:
            brought(other, abstract, "theirs")
            merge_library(other, marked.path, titled("merge"))
            assert [mark for _, mark in words(other)][:2] == [doubtful, doubtful]
            assert words(other)[1][0] is not None
            assert other.findings() == []
            before = content(other)
            merge_library(other, marked.path, titled("merge again"))
            assert content(other)["highlights"] == before["highlights"]


def test_those_of_joined_papers_are_placed_by_their_own_text(marked: LibraryStore) -> None:
    add(marked, "other", paper("Tides Revised", REVISED, arxiv_id=None), rank=SOURCE_RANK)
    one, other = sorted(marked.papers.ids(ALL_PAPERS))
    start = REVISED.index("Nothing")
    marked.highlights.add_span(other, "abstract", start, len(REVISED))
    before = content(marked)
    marked.papers.merge(one, other)
    assert words(marked) == [
        ("We ask once more how the tides change.", True),
        ("The calm sea is every harbour’s best friend, as three hundred buoys show.", True),
        (None, False),
        ("Nothing else is known.", False),
    ]
    marked.history.undo()
    assert content(marked) == before


def test_a_highlight_that_stands_elsewhere_is_still_a_finding(marked: LibraryStore) -> None:
    brought(marked, TYPESET, "typeset", rank=SOURCE_RANK)
    write(marked, 'UPDATE highlights SET start = start + 3, "end" = "end" + 3 WHERE id = 1')
    (found,) = marked.findings()
    assert found.count == 1
    marked.repair()
    assert marked.findings() == []
    assert words(marked)[0] == ("We ask – once more – how tides\nchange.", False)
    assert query(marked, "SELECT count(*) FROM highlights WHERE start IS NULL") == [(0,)]


def test_what_an_earlier_version_left_without_a_place_gets_it_back(marked: LibraryStore) -> None:
    brought(marked, TYPESET, "typeset", rank=SOURCE_RANK)
    placed = words(marked)
    write(marked, 'UPDATE highlights SET start = NULL, "end" = NULL WHERE id <> 2')
    (found,) = marked.findings()
    assert (found.count, found.is_harmless) == (2, True)
    marked.repair()
    assert words(marked) == placed
    assert marked.findings() == []
