"""Which records are one paper: by arXiv id and DOI, else by title unless something tells them apart."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from reader.domain.dates import PartialDate
from reader.domain.papers import Paper
from reader.domain.preparation import SOURCE_RANK, PreparedRecord
from reader.domain.selection import ALL_PAPERS
from reader.services.copies.merge import merge_library
from reader.storage.store import LibraryStore
from tests.storage.support import add, content, paper, query, titled


def all_papers(store: LibraryStore) -> list[Paper]:
    return sorted(store.papers.read(store.papers.ids(ALL_PAPERS)), key=lambda found: found.id)


def dois(found: Paper) -> tuple[str | None, tuple[str, ...]]:
    return found.doi, found.further_dois


def work(title: str, author: str = "", year: int | None = None, **fields: Any) -> PreparedRecord:
    """A record as a bibliography gives it: without abstract, with a whole year."""
    return paper(
        title,
        fields.pop("abstract", ""),
        authors=(author,) if author else (),
        published=PartialDate(year) if year else None,
        **fields,
    )


FOREWORDS = (
    work("Foreword", "Ida Elm", 2018, doi="10.5555/FW.1"),
    work("Foreword", "Jon Oak", 2019, doi="10.5555/fw.2"),
    work("Strong Ropes", "Ida Elm", 1979),
    work("Strong Ropes", "Kim Ash and Jon Oak", 2008),
)


@pytest.mark.parametrize("apart", [False, True])
def test_the_same_title_is_not_always_the_same_work(store: LibraryStore, apart: bool) -> None:
    if apart:
        for number, record in enumerate(FOREWORDS):
            add(store, f"page {number}", record)
    else:
        add(store, "all", *FOREWORDS)
    found = all_papers(store)
    assert [(one.title, one.authors[0], one.published) for one in found] == [
        ("Foreword", "Ida Elm", "2018"),
        ("Foreword", "Jon Oak", "2019"),
        ("Strong Ropes", "Ida Elm", "1979"),
        ("Strong Ropes", "Kim Ash and Jon Oak", "2008"),
    ]
    assert len({one.key for one in found}) == 4
    again = add(store, "again", *FOREWORDS)
    assert (again.new, again.updated, again.known) == (0, 0, 4)
    assert all_papers(store)[0].sightings[-1].listing == "again"


def test_a_doi_is_one_work_whatever_its_title_and_case(store: LibraryStore) -> None:
    add(store, "a", work("Quiet Rivers", doi="10.5555/QR"))
    stored = add(store, "b", work("Quiet Rivers, Revisited", doi="10.5555/qr"), work("Quiet Rivers", doi="10.5555/qr2"))
    assert (stored.new, stored.updated) == (1, 1)
    assert [(one.title, one.doi) for one in all_papers(store)] == [
        ("Quiet Rivers, Revisited", "10.5555/qr"),
        ("Quiet Rivers", "10.5555/qr2"),
    ]
    assert not any(one.further_dois for one in all_papers(store)), "the same DOI in other letters is no further one"


def test_different_arxiv_ids_are_two_papers_even_with_one_doi(store: LibraryStore) -> None:
    add(store, "a", work("Part One", arxiv_id="2401.00001", doi="10.5555/both"))
    add(store, "b", work("Part Two", arxiv_id="2401.00002", doi="10.5555/both"))
    assert [one.arxiv_id for one in all_papers(store)] == ["2401.00001", "2401.00002"]
    add(store, "c", work("Part Two", doi="10.5555/both"))
    assert [len(one.sightings) for one in all_papers(store)] == [1, 2], "of two with one DOI, the title tells"


def test_one_arxiv_id_keeps_all_dois(store: LibraryStore) -> None:
    add(store, "a", work("Tide Gauges", arxiv_id="2401.00001", doi="10.5555/first"))
    add(store, "b", work("Tide Gauges", arxiv_id="2401.00001", doi="10.5555/second"))
    (found,) = all_papers(store)
    assert dois(found) == ("10.5555/second", ("10.5555/first",))
    stored = add(store, "c", work("Gauges", doi="10.5555/first"))
    (found,) = all_papers(store)
    assert (stored.new, dois(found)) == (0, ("10.5555/first", ("10.5555/second",)))
    add(store, "d", work("Gauges", arxiv_id="2401.00001", doi="10.5555/third"), rank=SOURCE_RANK)
    add(store, "e", work("Gauges", arxiv_id="2401.00001", doi="10.5555/FOURTH"))
    (found,) = all_papers(store)
    assert found.doi == "10.5555/third"
    assert set(found.further_dois) == {"10.5555/first", "10.5555/second", "10.5555/FOURTH"}


def test_further_dois_go_and_come_back_with_their_step(store: LibraryStore) -> None:
    add(store, "a", work("Tide Gauges", arxiv_id="2401.00001", doi="10.5555/first"))
    before = content(store)
    add(store, "b", work("Tide Gauges", arxiv_id="2401.00001", doi="10.5555/second"))
    after = content(store)
    store.history.undo()
    assert content(store) == before
    store.history.redo()
    assert content(store) == after


def test_a_preprint_and_its_publication_are_one(store: LibraryStore) -> None:
    add(store, "a", work("Calm Seas", "Ida Elm", 2021, arxiv_id="2101.00001"))
    add(store, "b", work("Calm Seas", "Kim Ash", 2023, doi="10.5555/cs"))
    (found,) = all_papers(store)
    assert (found.arxiv_id, found.doi) == ("2101.00001", "10.5555/cs")


def test_papers_that_a_record_shows_to_be_one_are_joined(store: LibraryStore) -> None:
    add(store, "a", work("Calm Seas", doi="10.5555/cs"))
    add(store, "b", work("Calmer Seas", arxiv_id="2101.00001"))
    assert len(all_papers(store)) == 2
    add(store, "c", work("Calmer Seas", arxiv_id="2101.00001", doi="10.5555/CS"))
    (found,) = all_papers(store)
    assert found.doi is not None  # of two spellings of equal rank and day, the digest of their listings decides
    assert (found.arxiv_id, found.doi.lower(), found.further_dois) == ("2101.00001", "10.5555/cs", ())
    assert (len(found.sightings), len(found.aliases)) == (3, 1)


def test_what_is_known_by_its_title_alone_joins_no_one_where_several_may_be_it(store: LibraryStore) -> None:
    add(store, "a", *FOREWORDS[:2])
    add(store, "b", work("Foreword"))
    assert [one.doi for one in all_papers(store)] == ["10.5555/FW.1", "10.5555/fw.2", None]
    add(store, "c", *FOREWORDS[:2])
    assert [one.doi for one in all_papers(store)] == ["10.5555/FW.1", "10.5555/fw.2", None]


def test_author_and_year_choose_among_works_of_one_title(store: LibraryStore) -> None:
    add(store, "a", *FOREWORDS[:2])
    add(store, "b", work("Foreword", "Oak, J.", 2019))
    assert [len(one.sightings) for one in all_papers(store)] == [1, 2]


def test_a_guessed_year_tells_nothing_apart(store: LibraryStore) -> None:
    add(store, "a", work("Strong Ropes", "Ida Elm", 1979))
    guessed = paper(
        "Strong Ropes", "", authors=("Kim Ash",), published=PartialDate(None, 3, 4), year=2026, guessed=True
    )
    add(store, "b", guessed)
    assert len(all_papers(store)) == 1


def test_merging_by_hand_keeps_both_dois_and_taking_apart_gives_them_back(store: LibraryStore) -> None:
    add(store, "a", *FOREWORDS[:2])
    one, other = all_papers(store)
    before = content(store)
    store.papers.merge(one.id, other.id)
    (found,) = all_papers(store)
    assert dois(found) == ("10.5555/FW.1", ("10.5555/fw.2",))
    stored = add(store, "b", *FOREWORDS[:2])
    assert (stored.new, len(all_papers(store))) == (0, 1), "what was joined by hand stays joined"
    store.history.undo()
    store.papers.split(other.key)
    assert content(store) == before


def test_an_arxiv_id_set_by_hand_joins_papers_of_one_doi(store: LibraryStore) -> None:
    add(store, "a", work("Part One", arxiv_id="2401.00001", doi="10.5555/both"))
    add(store, "b", work("Part Two", arxiv_id="2401.00002", doi="10.5555/both"))
    store.papers.set_arxiv_id(all_papers(store)[1].id, "2401.00001")
    (found,) = all_papers(store)
    assert found.arxiv_id == "2401.00001"


class TestTakingOver:
    """Another library's papers follow the same rule."""

    @pytest.fixture
    def other(self, tmp_path: Path) -> Path:
        path = tmp_path / "other" / "library.db"
        with LibraryStore(path) as other:
            add(
                other,
                "theirs",
                work("Foreword", "Jon Oak", 2019, doi="10.5555/fw.2"),
                work("Strong Ropes", "K. Ash", 2008),
            )
            foreword, ropes = all_papers(other)
            other.notes.set(foreword.id, "Theirs.")
            other.highlights.add_span(ropes.id, "title", 0, 6, label="", comment="strong")
        return path

    def test_one_key_of_two_works_becomes_two(self, store: LibraryStore, other: Path) -> None:
        add(store, "ours", FOREWORDS[0], FOREWORDS[2])
        store.notes.set(all_papers(store)[0].id, "Ours.")
        report, _ = merge_library(store, other, titled("merge"))
        assert (report.new, report.known, report.updated) == (2, 0, 0)
        assert [(one.authors[0], one.doi, one.note, len(one.highlights)) for one in all_papers(store)] == [
            ("Ida Elm", "10.5555/FW.1", "Ours.", 0),
            ("Ida Elm", None, "", 0),
            ("Jon Oak", "10.5555/fw.2", "Theirs.", 0),
            ("K. Ash", None, "", 1),
        ]
        report, _ = merge_library(store, other, titled("merge again"))
        assert (report.new, report.updated, report.known) == (0, 0, 2)

    def test_one_doi_is_one_paper(self, store: LibraryStore, other: Path) -> None:
        add(store, "ours", work("A Foreword to Ropes", doi="10.5555/FW.2", arxiv_id="2401.00001"))
        merge_library(store, other, titled("merge"))
        found = all_papers(store)
        assert [(one.arxiv_id, one.note) for one in found] == [("2401.00001", "Theirs."), (None, "")]

    def test_further_dois_come_along(self, store: LibraryStore, other: Path) -> None:
        with LibraryStore(other) as theirs:
            add(theirs, "more", work("X", arxiv_id="2401.00009", doi="10.5555/x1"))
            add(theirs, "still more", work("X", arxiv_id="2401.00009", doi="10.5555/x2"))
        add(store, "ours", work("X", arxiv_id="2401.00009", doi="10.5555/x3"))
        merge_library(store, other, titled("merge"))
        found = all_papers(store)[0]
        assert {found.doi, *found.further_dois} == {"10.5555/x1", "10.5555/x2", "10.5555/x3"}
        merge_library(store, other, titled("merge again"))
        assert all_papers(store)[0] == found
        assert query(store, "SELECT count(*) FROM further_dois") == [(2,)]

    def test_what_was_joined_by_hand_takes_its_annotations_back(self, store: LibraryStore, tmp_path: Path) -> None:
        add(store, "ours", FOREWORDS[2], FOREWORDS[3])
        one, two = all_papers(store)
        store.notes.set(two.id, "On ropes.")
        store.backup(tmp_path / "before.db")
        store.papers.merge(one.id, two.id)
        report, _ = merge_library(store, tmp_path / "before.db", titled("merge"))
        assert (report.new, len(all_papers(store))) == (0, 1)
