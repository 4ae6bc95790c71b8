"""What a reader's decisions say about taste: which papers count as liked or dismissed, and by how much.

Weights are whole tenths and moments are ISO 8601 texts in UTC, so that sums over decisions are exact and the order of
decisions never matters.
"""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from math import ceil, floor, sqrt
from typing import NamedTuple

from reader.domain.numerals import counted
from reader.domain.papers import PaperState

BULK = 20
"""Setting the state of more papers than this in one step, in the window, is a decision in bulk."""
NEEDED = 5
"""The liked and the dismissed papers that an order for the reader needs to begin."""
ENOUGH_LIKED = 20
"""So many liked papers do without dismissed ones; with fewer, the order is a guess."""
TENTHS = 10
_STARRED, _EXTRA, _MOST = 20, 5, 30
_LIKED: dict[str, int] = {PaperState.DONE: 15, PaperState.QUEUED: 10, PaperState.READING: 10}
_DISMISSED, _IN_BULK = 10, 2
_EXPLORED = 10
_THIRDS = 3
_OF_99_PERCENT = 2.576


class PaperSignals(NamedTuple):
    """What a library knows of a reader's interest in one paper; moments are None for what was not done.

    ``paper_id`` is negative for an example from a file of liked papers that is not in the library. ``example_added``
    is when a file of liked papers that has the paper was learned from.
    """

    key: str
    paper_id: int
    state: str = PaperState.INBOX
    changed: str | None = None
    is_bulk: int = 0
    starred: int = 0
    starred_changed: str | None = None
    tagged: str | None = None
    noted: str | None = None
    highlighted: str | None = None
    example_added: str | None = None


class Decision(NamedTuple):
    """A paper that was liked or dismissed: its weight in tenths, and the moment of the decision (empty if unknown)."""

    key: str
    paper_id: int
    is_liked: bool
    weight: int
    moment: str

    @property
    def day(self) -> str:
        """The day of the decision in UTC."""
        return self.moment[:10]


class TasteStatus(Enum):
    """How far an order for the reader is.

    OFF: switched off. NEEDS: too few decisions to begin. UNREADY: the library has too few papers to compare, or they
    were not compared yet. GUESSING: few liked papers to learn from. LEARNED: enough of them.
    """

    OFF = "off"
    NEEDS = "needs"
    UNREADY = "unready"
    GUESSING = "guessing"
    LEARNED = "learned"

    @property
    def is_order(self) -> bool:
        """Whether papers stand in the order of the reader's taste."""
        return self in (TasteStatus.GUESSING, TasteStatus.LEARNED)


@dataclass(frozen=True, slots=True)
class TasteOrder:
    """Papers in the order of a reader's taste, or where ``status`` is no order, as they were given.

    ``missing`` are the papers to keep and to dismiss that a beginning needs. ``outside`` are papers from outside the
    reader's usual that were put into every tenth place. ``learned_from`` are the decisions that the order learned from,
    and ``forgotten`` the words that it was to leave out.
    """

    paper_ids: array[int]
    status: TasteStatus
    missing: tuple[int, int] = (0, 0)
    outside: frozenset[int] = frozenset()
    learned_from: frozenset[Decision] = frozenset()
    forgotten: tuple[str, ...] = ()

    @property
    def decisions(self) -> int:
        """How many decisions the order learned from."""
        return len(self.learned_from)

    def changed_since(self, earlier: TasteOrder) -> int:
        """The number of papers that were decided otherwise since another order, decisions taken back included."""
        return len({decision.key for decision in self.learned_from ^ earlier.learned_from})

    @property
    def needed(self) -> int:
        """The number of decisions that a beginning needs."""
        return sum(self.missing)

    @property
    def message(self) -> str:
        """A sentence about an order that is not what was asked for, or a guess; empty if there is nothing to say."""
        return {
            TasteStatus.OFF: "“For you” is switched off; the papers are sorted by date.",
            TasteStatus.NEEDS: f"“For you” {needs(self.missing)}; until then the papers are sorted by date.",
            TasteStatus.UNREADY: "“For you” has not compared the papers yet, or there are too few to compare; they are "
            "sorted by date.",
            TasteStatus.GUESSING: "“For you” is still guessing: it has few liked papers to learn from.",
            TasteStatus.LEARNED: "",
        }[self.status]


@dataclass(frozen=True, slots=True)
class WordPart:
    """A word, or two neighbouring words, and its part in a score."""

    word: str
    part: float


@dataclass(frozen=True, slots=True)
class PaperPart:
    """A decided paper and its part in a score; ``key`` is empty for an example from a file of liked papers."""

    key: str
    title: str
    part: float
    is_liked: bool
    paper_id: int | None = None


@dataclass(frozen=True, slots=True)
class Reasons:
    """Why a paper has its place: ``words`` and ``papers`` each sum to ``score``, the largest parts first.

    A score is in standard deviations of the library: 0 is the average paper. ``always`` and ``lately`` are the scores
    by all decisions alike and by the recent ones; ``score`` is their mean.
    """

    score: float
    words: tuple[WordPart, ...]
    papers: tuple[PaperPart, ...]
    always: float
    lately: float

    @property
    def are_strong(self) -> bool:
        """Whether there is a reason to speak of: the score is away from the middle, and some word says as much."""
        telling = self.words_for if self.score > 0 else self.words_against
        return abs(self.score) >= _WEAK and bool(telling)

    @property
    def words_for(self) -> tuple[WordPart, ...]:
        """The words that speak most for the paper, at most three, each with a twentieth of all parts or more.

        None repeats a word of another: "attention" beside "sparse attention" would say little more.
        """
        return _distinct((each for each in self._telling_words if each.part > 0), _MOST_FOR)

    @property
    def words_against(self) -> tuple[WordPart, ...]:
        """The words that speak most against the paper, at most two."""
        return _distinct((each for each in self._telling_words if each.part < 0), _MOST_AGAINST)

    @property
    def papers_for(self) -> tuple[PaperPart, ...]:
        """The kept papers with the largest parts, at most three: "because you kept …"."""
        return tuple(each for each in self.papers if each.is_liked and each.part > 0)[:_MOST_FOR]

    @property
    def papers_against(self) -> tuple[PaperPart, ...]:
        """The dismissed papers with the largest parts, at most two: "although you dismissed …"."""
        return tuple(each for each in self.papers if not each.is_liked and each.part < 0)[:_MOST_AGAINST]

    @property
    def _telling_words(self) -> Iterator[WordPart]:
        least = _LEAST_SHARE * sum(abs(each.part) for each in self.words)
        return (each for each in self.words if each.word and abs(each.part) >= least)


_WEAK = 0.3
"""Scores closer to the middle than this have no strong reason."""
_LEAST_SHARE = 0.05
_MOST_FOR, _MOST_AGAINST = 3, 2


@dataclass(frozen=True, slots=True)
class Foretelling:
    """How well liked papers were foretold, each ranked by what was decided before it.

    Of the last ``kept`` papers ``hits`` stood in the upper third of the papers undecided then. By chance that would be
    ``chance``, and in 99 of 100 cases between ``low`` and ``high``.
    """

    kept: int
    hits: int

    @property
    def chance(self) -> int:
        """The hits to be expected if nothing was learned."""
        return round(self.kept / _THIRDS)

    @property
    def low(self) -> int:
        """The fewest hits that chance explains."""
        return max(0, ceil(self.kept / _THIRDS - self._spread))

    @property
    def high(self) -> int:
        """The most hits that chance explains."""
        return floor(self.kept / _THIRDS + self._spread)

    @property
    def is_above_chance(self) -> bool:
        """Whether more papers were foretold than chance explains."""
        return self.hits > self.high

    @property
    def _spread(self) -> float:
        """Half the width of the 99 % interval of a binomial distribution, by its normal approximation."""
        return _OF_99_PERCENT * sqrt(self.kept * (_THIRDS - 1)) / _THIRDS


class TopicTaste(NamedTuple):
    """How many papers of a topic were kept and dismissed."""

    name: str
    kept: int
    dismissed: int


@dataclass(frozen=True, slots=True)
class Learned:
    """What was learned from a reader's decisions, and the reader's wishes about it.

    ``liked`` and ``dismissed`` are the papers that count; ``examples`` were liked in a file; ``left_out`` is the number
    of decisions before ``since``. ``words_for`` and ``words_against`` have the largest weights, the largest first.
    ``foretelling`` is None with fewer than 30 liked papers that could be foretold.
    """

    status: TasteStatus
    missing: tuple[int, int]
    liked: int
    dismissed: int
    examples: int
    left_out: int
    since: str | None
    forgotten: tuple[str, ...]
    words_for: tuple[WordPart, ...] = ()
    words_against: tuple[WordPart, ...] = ()
    foretelling: Foretelling | None = None
    topics: tuple[TopicTaste, ...] = ()
    """The library's topics with decided papers, those with most first; none before the library has a map."""

    @property
    def decisions(self) -> int:
        """How many decisions count."""
        return self.liked + self.dismissed


def needs(missing_papers: tuple[int, int]) -> str:
    """What is missing for a beginning: "needs 3 more decisions (1 to keep, 2 to dismiss)"."""
    liked, dismissed = missing_papers
    total = liked + dismissed
    named = [f"{count} to {verb}" for count, verb in ((liked, "keep"), (dismissed, "dismiss")) if count]
    return f"needs {counted(total, 'more decision')} ({', '.join(named)})"


def decision_of(signals: PaperSignals) -> Decision | None:
    """The decision that signals amount to; None if they say nothing.

    A star weighs 2, done 1.5, queued or reading 1; tags, a note and highlights 0.5 each; at most 3. An example counts
    as starred. Dismissed is a no, unless the paper is starred. Snoozing, seeing and not opening say nothing.
    """
    extras = [moment for moment in (signals.tagged, signals.noted, signals.highlighted) if moment]
    if signals.state == PaperState.DISMISSED and not signals.starred:
        weight = _IN_BULK if signals.is_bulk else _DISMISSED
        return Decision(signals.key, signals.paper_id, False, weight, signals.changed or "")
    wanted = _STARRED if signals.starred or signals.example_added else _LIKED.get(signals.state, 0)
    weight = min(_MOST, wanted + _EXTRA * len(extras))
    if not weight:
        return None
    if signals.is_bulk and not (signals.starred or signals.example_added or extras):
        weight = weight * _IN_BULK // TENTHS
    return Decision(signals.key, signals.paper_id, True, weight, _moment(signals, extras))


def missing(decisions: Sequence[Decision]) -> tuple[int, int]:
    """How many liked and dismissed papers are missing for a beginning."""
    liked = sum(decision.is_liked for decision in decisions)
    if liked >= ENOUGH_LIKED:
        return 0, 0
    return max(0, NEEDED - liked), max(0, NEEDED - (len(decisions) - liked))


def explored(ordered: Sequence[int], keys: Mapping[int, str], day: date) -> tuple[list[int], frozenset[int]]:
    """An order in which every tenth place has a paper from its lower two thirds, drawn by the hash of key and day.

    The other papers keep their order, and each paper is there once. Also returns the papers that were drawn.
    """
    count, start = len(ordered) // _EXPLORED, len(ordered) // _THIRDS
    drawn = sorted(range(start, len(ordered)), key=lambda place: _hash(f"{day} {keys[ordered[place]]}"))[:count]
    outside = [ordered[place] for place in drawn]
    taken = set(drawn)
    rest = [paper_id for place, paper_id in enumerate(ordered) if place not in taken]
    result: list[int] = []
    for paper_id in outside:
        used = len(result) - len(result) // _EXPLORED
        result += rest[used : used + _EXPLORED - 1]
        result.append(paper_id)
    return [*result, *rest[len(result) - len(outside) :]], frozenset(outside)


def kept_in_place(standing: Sequence[int], fresh: Sequence[int]) -> list[int]:
    """The papers of ``fresh``, in which those of ``standing`` keep the order that they have there.

    Papers that are not in ``standing`` have the places of ``fresh``; those that are not in ``fresh`` are left out.
    """
    wanted = set(fresh)
    known = [paper_id for paper_id in standing if paper_id in wanted]
    is_known, following = set(known), iter(known)
    return [next(following) if paper_id in is_known else paper_id for paper_id in fresh]


def active_days(days: Iterable[str]) -> dict[str, int]:
    """The days on which anything was decided, numbered from 0: a holiday makes nothing older."""
    return {day: number for number, day in enumerate(sorted(set(days)))}


def shuffled_by_time(decisions: Sequence[Decision]) -> list[Decision]:
    """Decisions by time; those of one moment in an order that depends on their keys alone, and says nothing."""
    return sorted(decisions, key=lambda each: (each.moment, _hash(each.key)))


def _distinct(parts: Iterable[WordPart], limit: int) -> tuple[WordPart, ...]:
    """The first parts of which none repeats a word of another."""
    chosen: list[WordPart] = []
    for each in parts:
        words = set(each.word.split())
        if len(chosen) < limit and all(words.isdisjoint(other.word.split()) for other in chosen):
            chosen.append(each)
    return tuple(chosen)


def _moment(signals: PaperSignals, extras: Sequence[str]) -> str:
    """When a liked paper was decided: of its state and its star the later, else the latest of the rest."""
    own = [signals.changed] if signals.state != PaperState.INBOX and signals.changed else []
    own += [signals.starred_changed] if signals.starred and signals.starred_changed else []
    own += [signals.example_added] if signals.example_added and not own else []
    return max(own, default=max(extras, default=""))


def _hash(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()
