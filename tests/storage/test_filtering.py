"""The filter leaves of queries, one by one and against plain Python."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.domain.dates import PartialDate
from reader.domain.query.nodes import (
    ArxivTerm,
    DateField,
    DateRange,
    DoiTerm,
    Everything,
    FilterLeaf,
    LabelTerm,
    ListingTerm,
    NumberField,
    NumberRange,
    TagTerm,
    Unknown,
)
from reader.storage.store import LibraryStore
from tests.examples import examples
from tests.storage.support import TickingClock, add, fill, paper

SHOWN = [
    None,
    PartialDate(2024),
    PartialDate(2024, 6),
    PartialDate(2024, 6, 15),
    PartialDate(2024, 12, 31),
    PartialDate(2025, 1, 1),
]
DAYS = st.dates(date(2023, 12, 30), date(2025, 1, 3))


def found(store: LibraryStore, leaf: FilterLeaf) -> list[int]:
    return sorted(store.views.filter_ids(leaf))


@pytest.fixture(scope="module")
def dated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LibraryStore]:
    with LibraryStore(tmp_path_factory.mktemp("filtering") / "library.db", clock=TickingClock()) as store:
        add(store, "page", *(paper(f"Paper {number}", published=shown) for number, shown in enumerate(SHOWN)))
        yield store


@examples(80)
@given(start=st.none() | DAYS, end=st.none() | DAYS)
def test_a_date_lies_in_a_range_if_any_of_its_days_does(
    dated: LibraryStore, start: date | None, end: date | None
) -> None:
    def possible(shown: PartialDate | None) -> bool:
        if shown is None or shown.year is None:
            return False
        first = date(shown.year, shown.month or 1, shown.day or 1)
        last = first if shown.day else date(shown.year, shown.month or 12, 30 if shown.month == 6 else 31)
        return (start is None or last >= start) and (end is None or first <= end)

    expected = [number for number, shown in enumerate(SHOWN, start=1) if possible(shown)]
    assert found(dated, DateRange(DateField.PUBLISHED, start, end)) == expected


def test_days_of_adding_and_seeing(store: LibraryStore, clock: TickingClock) -> None:
    ids = fill(store, 2)
    clock.advance(days=1)
    store.states.set_seen(ids[:1])
    add(store, "later", paper("Later"))
    first, second = date(2026, 3, 1), date(2026, 3, 2)
    assert found(store, DateRange(DateField.ADDED, first, first)) == ids
    assert found(store, DateRange(DateField.ADDED, second, None)) == [3]
    assert found(store, DateRange(DateField.SEEN, first, first)) == []
    assert found(store, DateRange(DateField.SEEN, None, second)) == ids[:1]


def test_figures_that_are_known(store: LibraryStore) -> None:
    add(store, "page", *(paper(f"P {number}", upvotes=number, comments=number or None) for number in range(4)))
    assert found(store, NumberRange(NumberField.UPVOTES, 1, 2)) == [2, 3]
    assert found(store, NumberRange(NumberField.UPVOTES, None, 0)) == [1]
    assert found(store, NumberRange(NumberField.COMMENTS, None, 10**30)) == [2, 3, 4]
    assert found(store, NumberRange(NumberField.AUTHORS, 1, None)) == []


def test_tags_with_and_without_what_is_below(store: LibraryStore) -> None:
    ids = fill(store)
    store.tags.add(ids[:1], ["ml"])
    store.tags.add(ids[1:2], ["ML/vision"])
    assert found(store, TagTerm("ML")) == ids[:2]
    assert found(store, TagTerm("ml", exact=True)) == ids[:1]
    assert found(store, TagTerm("missing")) == []


def test_labels_of_highlights(store: LibraryStore) -> None:
    ids = fill(store)
    store.highlights.add_span(ids[0], "title", 0, 2, label="Method")
    store.highlights.add_span(ids[0], "title", 1, 2, label="Method")
    store.highlights.add_span(ids[1], "title", 0, 2, label="Claim")
    assert found(store, LabelTerm("METHOD")) == ids[:1]
    assert found(store, LabelTerm("nothing")) == []


def test_listings_by_name_or_day(store: LibraryStore) -> None:
    add(store, "Straße der Modelle", paper("One"), day="2025-12-08")
    add(store, "other", paper("Two"), day="2025-11-01")
    assert found(store, ListingTerm("STRASSE")) == [1]
    assert found(store, ListingTerm("2025-11")) == [2]
    assert found(store, ListingTerm("2025")) == [1, 2]


def test_dois_further_ones_too_in_any_case(store: LibraryStore) -> None:
    add(store, "a", paper("One", arxiv_id="2501.00001", doi="10.5555/ONE.a"), paper("Two", doi="10.5555/two"))
    add(store, "b", paper("One", arxiv_id="2501.00001", doi="10.5555/one.b"))
    assert found(store, DoiTerm("10.5555/one.A")) == [1]
    assert found(store, DoiTerm("10.5555/One.B")) == [1]
    assert found(store, DoiTerm("10.5555/TWO")) == [2]
    assert found(store, DoiTerm("10.5555/three")) == []


def test_arxiv_ids_and_everything(store: LibraryStore) -> None:
    add(store, "page", paper("One", arxiv_id="2501.00001"), paper("Two"))
    assert found(store, ArxivTerm("2501.00001")) == [1]
    assert found(store, ArxivTerm("2501.99999")) == []
    assert found(store, Everything()) == [1, 2]


def test_what_is_unknown_is_no_paper(dated: LibraryStore) -> None:
    assert found(dated, Unknown("is:odd")) == []
    assert found(dated, Everything()) != []
