"""Topics of a library: groups of papers about the same thing, their share of each quarter, and their map."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from math import sqrt

LEAST_PAPERS = 60
"""A library with fewer papers has no topics: groups of so few are accidents."""
QUARTERS_SHOWN = 8
_Z = 1.959964
"""The normal distribution's quantile of a 95 % interval."""
LEAST_OF_QUARTER = 20
"""A quarter with fewer papers says nothing about shares."""


class Trend(StrEnum):
    """Whether a topic's share of papers changed by more than chance explains."""

    RISING = "rising"
    FALLING = "falling"
    STEADY = "steady"


@dataclass(frozen=True, slots=True)
class Share:
    """A topic's part of the papers of one quarter (``2026 Q1``): its ``count`` of all the quarter's ``total`` papers.

    ``low`` and ``high`` bound the share, between 0 and 1, with 95 % confidence.
    """

    quarter: str
    count: int
    total: int
    low: float
    high: float

    @property
    def value(self) -> float:
        """The share, between 0 and 1."""
        return self.count / self.total if self.total else 0.0


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic. ``name`` is the user's, else made of ``words``; ``central`` are its most typical papers, by id.

    ``shares`` are those of the last quarters, oldest first; ``place`` is where it is on the picture of the map, both
    coordinates between 0 and 1.
    """

    id: int
    name: str
    words: tuple[str, ...]
    papers: int
    central: tuple[int, ...]
    is_named: bool = False
    shares: tuple[Share, ...] = ()
    trend: Trend = Trend.STEADY
    place: tuple[float, float] = (0.5, 0.5)


@dataclass(frozen=True, slots=True)
class TopicMap:
    """The topics of a library, the largest first. ``papers`` counts all papers, ``placed`` those that are in a topic.

    ``dots`` are the places of papers on the picture as pairs of coordinates, one after the other, and ``dot_topics``
    their topics by position in ``topics``; of many papers they are a part.
    """

    topics: tuple[Topic, ...]
    papers: int
    placed: int
    dots: Sequence[float] = ()
    dot_topics: Sequence[int] = ()

    @property
    def central(self) -> list[int]:
        """The typical papers of all topics."""
        return [paper_id for topic in self.topics for paper_id in topic.central]


@dataclass(frozen=True, slots=True)
class TopicsMissing:
    """Why there is no map yet: too few papers, or papers that Lectern has not read for it yet."""

    papers: int
    least: int = LEAST_PAPERS

    @property
    def is_too_small(self) -> bool:
        """Whether the library has too few papers."""
        return self.papers < self.least

    @property
    def sentence(self) -> str:
        """What is missing."""
        if self.is_too_small:
            return f"A map needs {self.least} papers; this library has {self.papers}."
        return "Lectern is still reading the papers for the map. This takes about a second for every 100 papers."


@dataclass(frozen=True, slots=True)
class StoredTopic:
    """A topic as the library keeps it. Everything else about it follows from this and the papers.

    ``given_name`` is the user's, empty if there is none. ``centres`` are points among the vectors of ``basis`` (each as
    16-bit whole numbers, little-endian): several where topics were merged. ``examples`` has for each centre the ids of
    its most typical papers, from which it is made again under another basis. ``newest`` is the largest paper id when
    the papers were last sorted into topics. ``place`` is on the picture, in ten-thousandths.
    """

    id: int
    given_name: str
    words: tuple[str, ...]
    basis: str
    centres: tuple[bytes, ...] = field(repr=False)
    examples: tuple[tuple[int, ...], ...] = field(repr=False)
    newest: int
    place: tuple[int, int]

    @property
    def name(self) -> str:
        """The user's name, else the words."""
        return self.given_name or ", ".join(self.words) or "Other"


@dataclass(frozen=True, slots=True)
class TopicPlan:
    """Topics as they would be, and what that would change; ``before`` are those the plan was made from.

    ``moved`` counts papers that would change from one topic to another. ``new`` and ``gone`` are names, ``renamed``
    pairs of the old name and the new.
    """

    before: tuple[StoredTopic, ...]
    topics: tuple[StoredTopic, ...]
    moved: int = 0
    new: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    renamed: tuple[tuple[str, str], ...] = ()

    @property
    def changes_anything(self) -> bool:
        """Whether there is anything to tell about the plan."""
        return bool(self.moved or self.new or self.gone or self.renamed)


def wilson(count: int, total: int) -> tuple[float, float]:
    """The 95 % interval of a share: E. B. Wilson, "Probable inference", JASA 22 (1927). (0, 1) for no papers."""
    if total == 0:
        return 0.0, 1.0
    share, weight = count / total, _Z * _Z / total
    middle = share + weight / 2
    spread = _Z * sqrt(share * (1 - share) / total + weight / (4 * total))
    return max(0.0, (middle - spread) / (1 + weight)), min(1.0, (middle + spread) / (1 + weight))


def share_of(quarter: str, count: int, total: int) -> Share:
    """The share of a quarter's papers, with its interval."""
    return Share(quarter, count, total, *wilson(count, total))


def quarter_of(day: str) -> str | None:
    """The quarter of a date as ISO 8601 writes it (``2026-02``, ``2026-02-07``); None where the month is unknown."""
    year, _, rest = day.partition("-")
    month = rest[:2]
    if not (len(year) == 4 and year.isdecimal() and len(month) == 2 and month.isdecimal() and 1 <= int(month) <= 12):
        return None
    return f"{year} Q{(int(month) + 2) // 3}"


def trend_of(shares: Sequence[Share]) -> Trend:
    """Whether a topic's share differs between the later half of some quarters and the earlier half.

    Steady where the intervals of the two overlap. Quarters of few papers are left out; with eight quarters a year is
    compared with the year before, so that one odd quarter makes no trend.
    """
    told = [share for share in shares if share.total >= LEAST_OF_QUARTER]
    if len(told) < 2:
        return Trend.STEADY
    halves = told[: -(len(told) // 2)], told[-(len(told) // 2) :]
    before, now = (wilson(sum(each.count for each in half), sum(each.total for each in half)) for half in halves)
    if now[0] > before[1]:
        return Trend.RISING
    return Trend.FALLING if now[1] < before[0] else Trend.STEADY
