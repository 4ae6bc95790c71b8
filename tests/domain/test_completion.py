"""When a record is a paper's: the same title, nothing that contradicts it, and near misses that are only offered."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from reader.domain.completion import (
    Candidate,
    Decision,
    Sought,
    Titled,
    decide_by_identifier,
    decide_by_title,
)
from reader.domain.folding import fold_title
from reader.domain.identity import Identity, are_same_person
from reader.domain.preparation import PreparedRecord
from reader.domain.records import LineRange, ListingRecord
from reader.domain.title_likeness import are_near, are_similar, are_unrelated

TITLE = "Silt and Song of the Lower River"


def _titled(title: str) -> Titled:
    return Titled(title, fold_title(title.replace("$\\alpha$", "α").replace("$\\ell_2$", "ℓ₂")))


def sought(title: str = TITLE, *, author: str = "", published: str | None = None, **known: Any) -> Sought:
    guessed, dois = known.pop("guessed", False), known.pop("dois", ())
    identity = Identity.of(
        fold_title(title),
        known.pop("arxiv_id", None),
        dois,
        (author,) if author else (),
        None if guessed else published,
    )
    return Sought(_titled(title), identity, published, guessed, **known)


def found(title: str = TITLE, *authors: str, published: str | None = None, **fields: Any) -> Candidate:
    record = ListingRecord(title, "", LineRange(1, 1), authors=authors, **fields)
    prepared = PreparedRecord(record, fold_title(title), published, False, ())
    return Candidate(_titled(title), prepared, "arXiv", 2)


def _reasons(decision: Decision) -> list[str]:
    assert decision.taken is None
    return [offer.reason for offer in decision.offers]


def test_the_only_record_with_the_title_is_taken() -> None:
    right = found("SILT and song, of the lower river", "Ann Bee", arxiv_id="2501.00007")
    assert decide_by_title(sought(), [found("Rivers and What They Carry"), right]).taken is right
    assert decide_by_title(sought(), []) == Decision()


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ("Deep $\\alpha$ Nets of the River", "Deep α Nets of the River"),
        ("On $\\ell_2$ Norms of Wide Rivers", "On ℓ 2 Norms of Wide Rivers"),
        ("{L}earning the {R}iver with CO$_2$", "Learning the River with CO₂"),
    ],
)
def test_signs_of_latex_and_unicode_are_alike(stored: str, shown: str) -> None:
    right = found(shown, "Ann Bee")
    assert decide_by_title(sought(stored), [right]).taken is right


def test_two_works_with_the_title_are_offered_and_one_work_twice_is_one() -> None:
    one, other = found(TITLE, "Ann Bee", arxiv_id="2501.00007"), found(TITLE, "Cai Dee", arxiv_id="2502.00001")
    assert _reasons(decide_by_title(sought(), [one, other])) == ["2 papers have this title"] * 2
    assert decide_by_title(sought(), [one, replace(one, source="Hugging Face")]).taken is one


def test_of_two_works_the_one_that_is_confirmed_is_taken() -> None:
    one, other = found(TITLE, "Ann Bee", arxiv_id="2501.00007"), found(TITLE, "Cai Dee", arxiv_id="2502.00001")
    assert decide_by_title(sought(author="Dee, C."), [one, other]).taken is other
    assert decide_by_title(sought(author="Dee, C."), [one, found(TITLE, doi="10.1/x")]).taken is None


@pytest.mark.parametrize(
    ("known", "record", "reason"),
    [
        (sought(author="Cai Dee"), found(TITLE, "Ann Bee"), "Its first author is Ann Bee"),
        (sought(published="2025-01-03"), found(TITLE, published="2022-12-31"), "It is from 2022"),
        (sought(arxiv_id="2501.00001"), found(arxiv_id="2501.00002"), "It has another arXiv identifier"),
        (sought(dois=["10.1/a"]), found(doi="10.1/b"), "It has another DOI"),
    ],
)
def test_what_contradicts_is_offered(known: Sought, record: Candidate, reason: str) -> None:
    assert _reasons(decide_by_title(known, [record])) == [reason]


@pytest.mark.parametrize(
    ("known", "record"),
    [
        (sought(author="Bee, A. M."), found(TITLE, "Ann Bee")),
        (sought(published="2025-01-03"), found(TITLE, published="2023-12-31")),
        (sought(published="2025-01-03", guessed=True), found(TITLE, published="2019-12-31")),
        (sought(arxiv_id="2501.00001"), found(doi="10.1/b")),
    ],
)
def test_what_does_not_contradict_is_taken(known: Sought, record: Candidate) -> None:
    assert decide_by_title(known, [record]).taken is record


def test_a_short_title_needs_author_or_date() -> None:
    short = "Quiet Rivers"
    record = found(short, "Ann Bee", published="2025-03-04")
    assert len(_reasons(decide_by_title(sought(short), [record]))) == 1
    assert decide_by_title(sought(short, author="A. Bee"), [record]).taken is record
    assert decide_by_title(sought(short, published="2025-03-01"), [record]).taken is record
    assert decide_by_title(sought(short, published="2025"), [record]).taken is record
    assert decide_by_title(sought(short, published="2025-10-01"), [record]).taken is None
    assert decide_by_title(sought(short, published="2026-03-04", guessed=True), [record]).taken is record
    assert decide_by_title(sought(short, published="2026-03-14", guessed=True), [record]).taken is None
    assert decide_by_title(sought(short, published="2026", guessed=True), [record]).taken is None


NEAR = [
    "The Silt and Song of the Lower River in Deltaic Landscapes",
    "Silt and Song of a Lower River in Deltaic Landscapes",
    "Silt and Song of the Lower River in Deltaic Landscpaes",
    "Silt and Song of the Lowerriver in Deltaic Landscapes",
]
NOT_NEAR = [
    "Silt and Song of the Lower River in Deltaic Landscapes II",
    "Silt and Song of the Lower River in Deltaic Landscapes, Part II",
    "Silt and Song of the Lower River in Deltaic Landscapes 2",
    "Silt and Song of the Lower River in Deltaic Landscapes: A Survey",
    "Silt and Song of the Lower River in Deltaic Landscape",
    "Silt and Song of the Lower Rivers in Deltaic Landscapes",
    "Silt and No Song of the Lower River in Deltaic Landscapes",
    "Silt and Song of the Lower River in Nondeltaic Landscapes",
    "Silt and Song of the Upper River in Deltaic Landscapes",
    "Reply to Silt and Song of the Lower River in Deltaic Landscapes",
    "Erratum: Silt and Song of the Lower River in Deltaic Landscapes",
    "Rethinking Silt and Song of the Lower River in Deltaic Landscapes",
    "Silt and Song of the Lower River in Deltaic Landscapes Revisited",
]
LONG = "Silt and Song of the Lower River in Deltaic Landscapes"


@pytest.mark.parametrize("near", NEAR)
def test_a_near_title_needs_first_author_and_year(near: str) -> None:
    record = found(near, "Ann Bee", published="2024-12-30")
    assert decide_by_title(sought(LONG, author="A. Bee", published="2025-01-03"), [record]).taken is record
    for known in (sought(LONG, author="A. Bee"), sought(LONG, published="2025-01-03"), sought(LONG)):
        assert _reasons(decide_by_title(known, [record])) == ["Its title is similar, not the same"]
    two_years_on = sought(LONG, author="A. Bee", published="2026-12-30")
    assert decide_by_title(two_years_on, [record]).taken is None


@pytest.mark.parametrize("title", NOT_NEAR)
def test_another_wording_is_offered_whatever_else_is_known(title: str) -> None:
    record = found(title, "Ann Bee", published="2025-01-03")
    known = sought(LONG, author="Ann Bee", published="2025-01-03")
    assert _reasons(decide_by_title(known, [record])) == ["Its title is similar, not the same"]


def test_what_is_not_similar_is_not_offered() -> None:
    assert decide_by_title(sought(), [found("Rivers and What They Carry"), found("Silt")]) == Decision()


def test_the_record_of_the_identifier_is_taken_even_if_the_title_was_revised() -> None:
    known = sought("Silt and Song of the Lower River: First Soundings", arxiv_id="2501.00007")
    revised = found("Song and Silt: Sounding the Lower River", "Ann Bee", arxiv_id="2501.00007")
    assert decide_by_identifier(known, revised).taken is revised
    other = found("Counting Beetles on Glass", arxiv_id="2501.00007")
    assert _reasons(decide_by_identifier(known, other)) == ["It has the identifier, but quite another title"]


def test_a_stub_takes_the_record_of_its_identifier_and_has_no_title_to_look_for() -> None:
    stub = sought("arXiv:2501.00007", arxiv_id="2501.00007", is_stub=True)
    record = found("Counting Beetles on Glass", arxiv_id="2501.00007")
    assert decide_by_identifier(stub, record).taken is record
    assert decide_by_title(stub, [found("arXiv:2501.00007")]) == Decision()


def test_an_empty_title_is_like_nothing() -> None:
    assert decide_by_title(sought("???"), [found("!!!"), found("")]) == Decision()


def test_likeness_of_folded_titles() -> None:
    assert are_near("counting beetles modelling glass", "counting beetles modeling glass")
    assert not are_near("counting macroscopic beetles on glass", "counting microscopic beetles on glass")
    assert not are_near("training of intramodal nets at scale", "training of intermodal nets at scale")
    assert are_similar("counting beetles on glass", "counting beetles on glass a field guide")
    assert are_unrelated("counting beetles on glass", "silt and song of the lower river")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [("Ann Bee", "Bee, A.", True), ("Ann Bee", "Cai Bee", False), ("Ann Bee", "", False), ("李明", "Ming Li", False)],
)
def test_the_same_person(one: str, other: str, same: bool) -> None:
    assert are_same_person(one, other) is same
