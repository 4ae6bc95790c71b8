"""Pairing a plain listing's paragraphs: which are titles, which are abstracts, and what is left over.

Paragraphs come as *runs*: whatever stands between two blocks of authors and date, or between pieces of boilerplate.
In a sound run titles and abstracts alternate, beginning with a title, and then position alone decides: a title may be
as long and an abstract as short as it likes. Only where a run does not alternate (an odd number, or a paragraph whose
shape contradicts its position) does shape decide, for the whole run at once: of all ways to cut it into papers, lone
titles and lone abstracts, the one is taken that contradicts the shapes least, each lone one counting as a
contradiction of its own. A fault therefore costs the paragraphs next to it and nothing behind it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reader.formats.shape import (
    BEYOND_TITLES,
    CLEARLY_ABSTRACT,
    CLEARLY_TITLE,
    abstractness,
    can_be_abstract,
    can_be_title,
)

_LONE = 4.0
_NEVER = 50.0


@dataclass(slots=True)
class Passage:
    """A paragraph of text: its lines (from 0, both included) and its text."""

    first: int
    last: int
    text: str


@dataclass(frozen=True, slots=True)
class Pair:
    """A title with its abstract; one of the two is None where the other stands alone."""

    title: Passage | None
    abstract: Passage | None


def pair_passages(run: Sequence[Passage], *, closed: bool) -> list[Pair]:
    """Cut a run into pairs, in order; ``closed`` if a block of authors and date follows, which ends a paper."""
    if len(run) % 2 == 0 and _alternates(run, closed=closed):
        return [Pair(run[index], run[index + 1]) for index in range(0, len(run), 2)]
    return _least_contradiction(run, closed=closed)


def _alternates(run: Sequence[Passage], *, closed: bool) -> bool:
    """Whether no paragraph's shape contradicts that titles and abstracts alternate.

    The last abstract of a closed run is believed whatever it looks like.
    """
    titles, abstracts = run[::2], run[1::2]
    if closed:
        abstracts = abstracts[:-1]
    return all(can_be_title(title.text) for title in titles) and all(
        can_be_abstract(abstract.text) for abstract in abstracts
    )


def _least_contradiction(run: Sequence[Passage], *, closed: bool) -> list[Pair]:
    """The cheapest cut of a run, by dynamic programming over its beginnings; linear in its length."""
    values = [abstractness(passage.text) for passage in run]
    costs = [0.0]
    steps: list[Pair] = []
    for end, passage in enumerate(run, start=1):
        value = values[end - 1]
        as_title, as_abstract = max(0.0, value), max(0.0, -value)
        cost, step = costs[end - 1] + _LONE + as_title, Pair(passage, None)
        if (alone := costs[end - 1] + _LONE + as_abstract) <= cost:
            cost, step = alone, Pair(None, passage)
        if end >= 2:
            is_last_of_closed = closed and end == len(run)
            paired = costs[end - 2] + _pair_cost(values[end - 2], value, relaxed=is_last_of_closed)
            if paired <= cost:
                cost, step = paired, Pair(run[end - 2], passage)
        costs.append(cost)
        steps.append(step)
    return _walk_back(steps)


def _pair_cost(title: float, abstract: float, *, relaxed: bool) -> float:
    """How much two shapes contradict being a title and its abstract; most abstracts are beyond any doubt."""
    if title >= BEYOND_TITLES or (abstract <= CLEARLY_TITLE and not relaxed):
        return _NEVER
    return max(0.0, title) + max(0.0, -abstract) + max(0.0, CLEARLY_ABSTRACT - abstract) / 2


def _walk_back(steps: Sequence[Pair]) -> list[Pair]:
    """The steps that lead to the end of a run, in order."""
    chosen = []
    place = len(steps)
    while place:
        step = steps[place - 1]
        chosen.append(step)
        place -= (step.title is not None) + (step.abstract is not None)
    chosen.reverse()
    return chosen
