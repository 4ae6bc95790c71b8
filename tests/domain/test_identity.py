"""The rule of what identifies a work, and what tells two of the same title apart."""

from __future__ import annotations

import pytest

from reader.domain.identity import Identity, are_different_people, are_told_apart, have_same_identifier


def work(
    arxiv_id: str | None = None, *dois: str, author: str = "", published: str | None = None, fold: str = "editorial"
) -> Identity:
    return Identity.of(fold, arxiv_id, dois, (author,) if author else (), published)


@pytest.mark.parametrize(
    ("one", "other", "same", "apart"),
    [
        (work(), work(), False, False),
        (work("2401.00001"), work("2401.00001"), True, False),
        (work("2401.00001"), work("2401.00002"), False, True),
        (work("2401.00001", "10.5555/a"), work("2401.00001", "10.5555/b"), True, False),
        (work("2401.00001", "10.5555/a"), work("2401.00002", "10.5555/a"), False, True),
        (work(None, "10.5555/A"), work(None, "10.5555/a"), True, False),
        (work(None, "10.5555/a"), work(None, "10.5555/b"), False, True),
        (work(None, "10.5555/a", "10.5555/b"), work(None, "10.5555/b"), True, False),
        (work("2401.00001", "10.5555/a"), work(None, "10.5555/b"), False, True),
        (work("2401.00001"), work(None, "10.5555/b"), False, False),
        (work(author="Ann Bee", published="1981"), work(author="Bo Cee", published="2009-05"), False, True),
        (work(author="Ann Bee", published="1981"), work(author="A. Bee", published="2009"), False, False),
        (work(author="Ann Bee", published="2007"), work(author="Bo Cee", published="2009-12-31"), False, False),
        (work(author="Ann Bee", published="2006"), work(author="Bo Cee", published="2009"), False, True),
        (work(author="Ann Bee", published="1981"), work(author="Bo Cee"), False, False),
        (work(published="1981"), work(author="Bo Cee", published="2009"), False, False),
        (
            *(work(None, "10.5555/a", author="Ann Bee", published="1981"),),
            *(work(None, "10.5555/a", author="Bo Cee", published="2009"), True, False),
        ),
    ],
)
def test_identifiers_come_first_then_authors_and_years(one: Identity, other: Identity, same: bool, apart: bool) -> None:
    for first, second in ((one, other), (other, one)):
        assert have_same_identifier(first, second) is same
        assert are_told_apart(first, second) is apart


@pytest.mark.parametrize(
    ("one", "other", "different"),
    [
        ("Ann Bee", "Bee, Ann", False),
        ("Ann Bee", "A. Bee", False),
        ("Ann Maria Bee", "A. M. Bee", False),
        ("Ann M. Bee", "Ann Bee", False),
        ("Jean-Pierre Bee", "Bee JP", False),
        ("Jürgen Müller", "Juergen Mueller", False),
        ("Søren Ørn", "Soren Orn", False),
        ("José Núñez", "Jose Nunez", False),
        ("van der Bee, Ann", "Ann van der Bee", False),
        ("The Ladder Collaboration", "Ladder Collaboration", False),
        ("王 伟", "Wei Wang", False),
        ("", "Ann Bee", False),
        ("Ann Bee", "Bo Cee", True),
        ("Li Wang", "Jun Wang", True),
        ("Ann van der Bee", "Ann van der Cee", True),
        ("A. Bee", "B. Bee", True),
    ],
)
def test_one_person_is_written_in_many_ways(one: str, other: str, different: bool) -> None:
    assert are_different_people(one, other) is different
    assert are_different_people(other, one) is different
