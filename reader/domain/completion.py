"""The decision whether a record that was found elsewhere describes a paper of the library.

A wrong record costs more than a missing one. So a record is taken only if an identifier leads to it or its title is the
same, it is the only one, and nothing known contradicts it. Anything less is offered, with the reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from reader.domain.identity import YEARS_APART, Identity, are_different_people, are_same_person, have_same_identifier
from reader.domain.preparation import PreparedRecord
from reader.domain.title_likeness import are_near, are_similar, are_unrelated, likeness

_WORDS_OF_A_TELLING_TITLE = 4
_DAYS_APART = 31
_DAYS_APART_OF_A_GUESS = 3
_YEARS_APART_OF_NEAR_TITLES = 1
_MOST_OFFERS = 5
_FORMULA = frozenset("$\\^_")
_FULL_DATE = 10


@dataclass(frozen=True, slots=True)
class Titled:
    """A title, and its fold with formulas in Unicode, by which titles from different sources are compared."""

    title: str
    fold: str

    def is_same(self, other: Titled) -> bool:
        """Whether two titles are the same; sources space the signs of a formula differently."""
        if not self.fold or not other.fold:
            return False
        if self.fold == other.fold:
            return True
        has_formula = not _FORMULA.isdisjoint(self.title + other.title)
        return has_formula and self.fold.replace(" ", "") == other.fold.replace(" ", "")


@dataclass(frozen=True, slots=True)
class Sought:
    """What is known of a paper. ``published`` is ISO 8601 or None; ``identity`` has no year if that is a guess."""

    titled: Titled
    identity: Identity
    published: str | None = None
    published_guessed: bool = False
    is_stub: bool = False


@dataclass(frozen=True, slots=True)
class Candidate:
    """A record that was found, the source it is from ("arXiv"), and the content rank of that source."""

    titled: Titled
    prepared: PreparedRecord
    source: str
    rank: int

    @property
    def identity(self) -> Identity:
        """The facts that identify the record's work."""
        return replace(self.prepared.identity, address="")


@dataclass(frozen=True, slots=True)
class Offer:
    """A record that may be the paper's, and why that is not certain: a sentence without its full stop."""

    candidate: Candidate
    reason: str


@dataclass(frozen=True, slots=True)
class Decision:
    """The record to take, if any; otherwise those to offer, the likeliest first."""

    taken: Candidate | None = None
    offers: tuple[Offer, ...] = ()


def decide_by_identifier(sought: Sought, candidate: Candidate) -> Decision:
    """Decide on the record that has one of the paper's identifiers: taken unless its title is quite another."""
    if sought.is_stub or sought.titled.is_same(candidate.titled):
        return Decision(candidate)
    if are_unrelated(sought.titled.fold, candidate.titled.fold):
        return Decision(offers=(Offer(candidate, "It has the identifier, but quite another title"),))
    return Decision(candidate)


def decide_by_title(sought: Sought, candidates: Iterable[Candidate]) -> Decision:
    """Decide on the records that a search for the paper's title found."""
    if sought.is_stub or not sought.titled.fold:
        return Decision()
    works = _distinct(candidates)
    same = [work for work in works if sought.titled.is_same(work.titled)]
    taken = _only_same(sought, same) if same else _only_near(sought, works)
    if taken is not None:
        return Decision(taken)
    similar = sorted(
        (work for work in works if work not in same and are_similar(sought.titled.fold, work.titled.fold)),
        key=lambda work: -likeness(sought.titled.fold, work.titled.fold),
    )
    offers = [Offer(work, _doubt(sought, work, same)) for work in (*same, *similar)]
    return Decision(offers=tuple(offers[:_MOST_OFFERS]))


def _only_same(sought: Sought, same: Sequence[Candidate]) -> Candidate | None:
    """The record with the paper's title, if it is the only one, or the only one that what is known confirms."""
    fitting = [work for work in same if not contradiction(sought, work)]
    if len(fitting) != 1:
        return None
    is_telling = len(same) == 1 and len(sought.titled.fold.split()) >= _WORDS_OF_A_TELLING_TITLE
    return fitting[0] if is_telling or _is_confirmed(sought, fitting[0]) else None


def _only_near(sought: Sought, works: Sequence[Candidate]) -> Candidate | None:
    """The record whose title differs in spelling only, if it has the paper's first author and year."""
    near = [work for work in works if are_near(sought.titled.fold, work.titled.fold)]
    if len(near) != 1 or contradiction(sought, near[0]) or not _has_author(sought, near[0]):
        return None
    one, other = sought.identity.year, near[0].identity.year
    is_of_the_year = one is not None and other is not None and abs(one - other) <= _YEARS_APART_OF_NEAR_TITLES
    return near[0] if is_of_the_year else None


def contradiction(sought: Sought, work: Candidate) -> str:
    """What of a record contradicts what is known of the paper: a sentence without its full stop, empty for nothing."""
    one, other = sought.identity, work.identity
    if one.arxiv_id and other.arxiv_id and one.arxiv_id != other.arxiv_id:
        return "It has another arXiv identifier"
    if one.dois and other.dois and not have_same_identifier(one, other):
        return "It has another DOI"
    if are_different_people(one.first_author, other.first_author):
        return f"Its first author is {other.first_author}"
    if one.year is not None and other.year is not None and abs(one.year - other.year) > YEARS_APART:
        return f"It is from {other.year}"
    return ""


def _doubt(sought: Sought, work: Candidate, same: Sequence[Candidate]) -> str:
    """Why a record is not taken."""
    if found := contradiction(sought, work):
        return found
    if work not in same:
        return "Its title is similar, not the same"
    if len(same) > 1:
        return f"{len(same)} papers have this title"
    return "The title is short, and neither its first author nor its date is known to be the same"


def _is_confirmed(sought: Sought, work: Candidate) -> bool:
    """Whether first author or date confirm what the title says."""
    return _has_author(sought, work) or _has_date(sought, work)


def _has_author(sought: Sought, work: Candidate) -> bool:
    return are_same_person(sought.identity.first_author, work.identity.first_author)


def _has_date(sought: Sought, work: Candidate) -> bool:
    """Whether the dates agree, as precisely as both are known; of a date with a guessed year, month and day count."""
    one, other = sought.published, work.prepared.published
    if one is None or other is None or work.prepared.published_guessed:
        return False
    if min(len(one), len(other)) < _FULL_DATE:
        shorter, longer = sorted((one, other), key=len)
        return not sought.published_guessed and longer.startswith(shorter)
    day = date.fromisoformat(other)
    if not sought.published_guessed:
        return abs(day - date.fromisoformat(one)).days <= _DAYS_APART
    guesses = (_in_year(date.fromisoformat(one), year) for year in (day.year - 1, day.year, day.year + 1))
    return any(abs(day - guess).days <= _DAYS_APART_OF_A_GUESS for guess in guesses)


def _in_year(day: date, year: int) -> date:
    """The day of another year; of 29 February the day before."""
    return day.replace(year=year, day=min(day.day, 28) if day.month == 2 else day.day)


def _distinct(candidates: Iterable[Candidate]) -> list[Candidate]:
    """The records, one of each work: sources may have the same one."""
    works: list[Candidate] = []
    for candidate in candidates:
        if not any(_are_one(candidate, work) for work in works):
            works.append(candidate)
    return works


def _are_one(one: Candidate, other: Candidate) -> bool:
    """Whether two records describe the same work beyond doubt."""
    first, second = one.identity, other.identity
    if have_same_identifier(first, second):
        return True
    if (first.arxiv_id or first.dois) and (second.arxiv_id or second.dois):
        return False
    is_same_text = one.titled.is_same(other.titled) and first.year is not None and first.year == second.year
    return is_same_text and are_same_person(first.first_author, second.first_author)
