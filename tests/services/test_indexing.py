"""The search index kept in step with a real library, and searches through it."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from reader.domain.selection import IndexPart
from reader.domain.views import View, ViewKind
from reader.services import Library
from reader.services.search import indexer, searcher
from reader.services.search.indexer import INDEX_FOLDER
from tests.services.support import LISTINGS, clock, finish, listing_text

ALL = View(ViewKind.ALL)


@pytest.fixture
def library(tmp_path: Path) -> Library:
    with Library(tmp_path / "library", clock=clock) as opened:
        finish(opened.imports.text(listing_text("Sparse Masks", "Naïve $\\mathbb{USCD}$ Codes", "Dense Fields"), "a"))
        yield opened


def index(library: Library, **options: bool) -> None:
    for _ in library.index.update(**options):
        pass


def titles(library: Library, query: str, **options: bool) -> list[str]:
    return sorted(paper.title for paper in library.papers.read(library.search(query, **options).paper_ids))


def test_what_is_pending_is_found_before_and_after_it_is_indexed(library: Library) -> None:
    assert library.index.is_behind()
    before = titles(library, "sparse")
    index(library)
    assert not library.index.is_behind()
    assert library.index.state().papers == 3
    assert library.index.state().pending == 0
    assert before == titles(library, "sparse") == ["Sparse Masks"]


@pytest.mark.parametrize("indexed", [False, True])
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("uscd", ["Naïve $\\mathbb{USCD}$ Codes"]),
        ("naive codes", ["Naïve $\\mathbb{USCD}$ Codes"]),
        ('"sparse masks"', ["Sparse Masks"]),
        ("title:sparse OR title:dense", ["Dense Fields", "Sparse Masks"]),
        ("-title:sparse", ["Dense Fields", "Naïve $\\mathbb{USCD}$ Codes"]),
        ("title:spar*", ["Sparse Masks"]),
        ("title:sparce~", ["Sparse Masks"]),
        ("title:sparse is:starred", []),
    ],
)
def test_queries(library: Library, indexed: bool, query: str, found: list[str]) -> None:
    if indexed:
        index(library)
    assert titles(library, query) == titles(library, query, exact=True) == found


def test_changes_reach_the_index(library: Library) -> None:
    index(library)
    finish(library.imports.text(listing_text("Quiet Rivers", heading="Dec 9"), "b"))
    assert titles(library, "title:rivers") == ["Quiet Rivers"]
    index(library)
    assert titles(library, "title:rivers") == ["Quiet Rivers"]
    library.history.undo()
    assert titles(library, "title:rivers") == []
    index(library)
    assert library.index.state().papers == 3
    assert titles(library, "title:rivers") == []


def test_a_lost_index_is_made_anew(library: Library, tmp_path: Path) -> None:
    index(library)
    library.close()
    shutil.rmtree(library.folder / INDEX_FOLDER)
    with Library(library.folder, clock=clock) as again:
        assert titles(again, "sparse", exact=True) == ["Sparse Masks"]
        assert again.index.is_behind()
        index(again)
        assert titles(again, "sparse") == ["Sparse Masks"]


def test_an_older_index_is_made_anew(library: Library, tmp_path: Path) -> None:
    index(library)
    library._files.indexer().close()
    shutil.copytree(library.folder / INDEX_FOLDER, tmp_path / "older")
    finish(library.imports.text(listing_text("Quiet Rivers", heading="Dec 9"), "b"))
    index(library)
    library.close()
    shutil.rmtree(library.folder / INDEX_FOLDER)
    shutil.copytree(tmp_path / "older", library.folder / INDEX_FOLDER)
    with Library(library.folder, clock=clock) as again:
        assert again.index.is_behind()
        index(again)
        assert titles(again, "title:rivers") == ["Quiet Rivers"]
        assert again.index.state().papers == 4


def test_a_restored_library_is_indexed_anew(library: Library) -> None:
    backup = library.backups.make()
    finish(library.imports.text(listing_text("Quiet Rivers", heading="Dec 9"), "b"))
    index(library)
    library.backups.restore(backup.path)
    assert titles(library, "title:rivers", exact=True) == []
    index(library)
    assert library.index.state().papers == 3
    assert titles(library, "title:sparse") == ["Sparse Masks"]


def test_rebuilding_finds_the_same(library: Library) -> None:
    index(library)
    index(library, rebuild=True)
    assert titles(library, "title:sparse") == ["Sparse Masks"]
    assert not library.index.is_behind()


def test_few_hits_are_followed_by_related_papers(library: Library) -> None:
    index(library)
    result = library.search("title:sparsity title:fields")
    assert list(result.paper_ids) == []
    related = [paper.title for paper in library.papers.read(result.related_ids)]
    assert sorted(related) == ["Dense Fields", "Sparse Masks"]


def test_a_misspelt_word_brings_a_suggestion(library: Library) -> None:
    index(library)
    assert library.search("title:sparze").did_you_mean == "title:sparse"
    assert library.search("title:sparze title:dence").did_you_mean == "title:sparse title:dense", "finds related ones"


def test_words_find_titles_first(library: Library) -> None:
    """Papers with the words in their abstracts only stand below, however new they are."""
    finish(library.imports.text(listing_text("On Ebb", "On Tides", heading="Dec 9", block=""), "b"))
    text = listing_text("Quiet Rivers", heading="Dec 10").replace("invented subject", "low rank low rank low rank")
    finish(library.imports.text(text, "c"))
    finish(library.imports.text(listing_text("Low Tides of a Rank", heading="Dec 7"), "d"))
    index(library)

    def shown(query: str, **options: Any) -> list[str]:
        return [paper.title for paper in library.papers.read(library.search(query, **options).paper_ids)]

    assert shown("low rank") == ["Quiet Rivers", "Low Tides of a Rank"]
    for options in ({"by_relevance": True}, {"sort": "relevance"}, {"by_relevance": True, "typing": True}):
        assert shown("low rank", **options) == ["Low Tides of a Rank", "Quiet Rivers"], options
    assert shown("a low rank", by_relevance=True)[0] == "Low Tides of a Rank"
    assert shown("low rank -is:starred", by_relevance=True)[0] == "Low Tides of a Rank"
    by_date = shown("title:tides")
    assert shown("title:tides", by_relevance=True) == by_date == ["On Tides", "Low Tides of a Rank"]
    assert shown("low rank sort:date", by_relevance=True) == shown("low rank")


def test_of_very_many_papers_titles_stand_first_by_date(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    finish(library.imports.text(listing_text("Invented Rivers", heading="Dec 7"), "b"))
    index(library)
    monkeypatch.setattr(searcher, "_MOST_RANKED", 1)
    found = list(library.papers.read(library.search("invented", by_relevance=True).paper_ids))
    assert [paper.title for paper in found][:1] == ["Invented Rivers"]
    assert {paper.id for paper in found} == set(library.search("invented").paper_ids)


def test_numbers_are_not_corrected_and_what_is_nearly_a_field_is(library: Library) -> None:
    """“year:2025” was taken for a misspelt “year 2023”."""
    finish(library.imports.text(listing_text("A Report of 2023 on Year 2023 Codes"), "b"))
    index(library)
    for query in ("year:2031", "year 2031", "codes 2031"):
        for typing in (False, True):
            assert library.search(query, typing=typing).did_you_mean is None, query
    assert library.search("tilte:sparse").did_you_mean == "title:sparse"
    assert library.search("tilte:sparse sort:title", typing=True).did_you_mean == "title:sparse sort:title"
    assert library.search("sparze -dense sort:title").did_you_mean == "sparse -dense sort:title"
    assert library.search("sparze sort:title", typing=True).did_you_mean == "sparse sort:title", "without a star"
    assert library.search("is:unsen").did_you_mean == "is:unseen"
    assert library.search("is:strred").did_you_mean is None, "nothing is starred"


def test_what_would_find_nothing_either_is_not_suggested(library: Library) -> None:
    index(library)
    assert library.search("title:sparze is:starred").did_you_mean is None
    assert library.search("title:sparse title:dence").did_you_mean is None


def test_a_large_library_is_indexed_in_a_child(library: Library) -> None:
    finish(library.imports.text(listing_text(*(f"Invented Paper Number {n}" for n in range(2_100))), "many"))
    found = library.search("title:invented")
    assert found.unsearchable > 0
    assert len(library.search("title:invented", exact=True).paper_ids) == 2_100
    steps = list(library.index.update())
    assert steps
    result = library.search("title:invented")
    assert (len(result.paper_ids), result.unsearchable) == (2_100, 0)


def test_many_changes_are_brought_in_by_a_child(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(indexer, "_CHANGES_AT_ONCE", 2)
    index(library)
    monkeypatch.setattr(indexer.Indexer, "_update", None)
    finish(library.imports.text(listing_text(*(f"Quiet River Number {n}" for n in range(30)), heading="Dec 9"), "b"))
    index(library)
    assert (library.index.state().papers, library.index.state().pending) == (33, 0)
    assert len(library.search("title:river").paper_ids) == 30
    library.history.undo()
    assert [step.total for step in library.index.update()] == [30, 30]
    assert (library.index.state().papers, library.index.state().pending) == (3, 0)
    assert titles(library, "title:river") == []
    assert not library.index.is_behind()


def _scatter(library: Library) -> None:
    """Let an index come to lie in one large segment and four small ones; a paper is gone again."""
    finish(library.imports.text(listing_text(*(f"Invented Tide Number {n}" for n in range(60))), "many"))
    index(library)
    for number in range(5):
        finish(library.imports.text(listing_text(f"Quiet River {number}", heading=f"Dec {number + 9}"), f"r{number}"))
        index(library)
    listing = next(each for each in library.listings.all() if each.name == "r2")
    library.listings.remove(listing.id)
    index(library)


def test_what_is_scattered_is_compacted_when_idle(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    _scatter(library)
    state = library._files.indexer().index.state
    queries = ("title:tide", "title:river", "-title:tide", '"quiet river"', "title:inv*", "title:rivr~")
    before = [list(library.search(query).paper_ids) for query in queries]
    assert state().scattered == {IndexPart.PAPERS}
    assert list(library.index.compact()) == [], "so small an index is left alone"
    monkeypatch.setattr(indexer, "_LEAST_COMPACTED", 10)
    during = [[list(library.search(query).paper_ids) for query in queries] for _ in library.index.compact()]
    assert during
    assert all(found == before for found in during)
    assert state().segments[IndexPart.PAPERS] == 2
    assert not state().scattered
    assert [list(library.search(query).paper_ids) for query in queries] == before
    assert not library.index.is_behind()
    assert list(library.index.compact()) == []
    finish(library.imports.text(listing_text("Loud River", heading="Jan 4"), "last"))
    index(library)
    assert len(library.search("title:river").paper_ids) == 5


def test_a_cancelled_compacting_leaves_the_index_as_it_was(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    _scatter(library)
    monkeypatch.setattr(indexer, "_LEAST_COMPACTED", 10)
    before = library.search("title:river").paper_ids
    assert len(list(library.index.compact(cancelled=lambda: True))) <= 2
    assert library.search("title:river").paper_ids == before
    assert not library.index.is_behind()


@pytest.mark.skipif(not LISTINGS.is_dir(), reason="the real listings are not here")
def test_real_listings_are_searched_exactly(library: Library) -> None:
    finish(library.imports.paths([LISTINGS]))
    index(library)
    for word in ("gumbel", "softmax", "pruning"):
        direct = {
            paper.id
            for paper in library.papers.read(library.views.paper_ids(ALL))
            if word in f"{paper.title} {paper.abstract}".lower().replace("-", " ").replace("(", " ").split()
        }
        assert direct <= set(library.search(word).paper_ids)


@pytest.mark.skipif(os.name != "posix", reason="permissions")
def test_the_index_is_private(library: Library) -> None:
    index(library)
    modes = {path.is_dir(): set() for path in (library.folder, library.folder / "library.db")}
    for path in [library.folder / INDEX_FOLDER, *(library.folder / INDEX_FOLDER).rglob("*")]:
        modes[path.is_dir()].add(path.stat().st_mode & 0o777)
    assert modes == {True: {0o700}, False: {0o600}}
