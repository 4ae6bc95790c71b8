"""Pairs of titles and abstracts among a plain listing's paragraphs.

Paragraphs come as *runs*: whatever stands between two blocks of authors and date, or between pieces of boilerplate.
In a sound run titles and abstracts alternate, beginning with a title, and then position alone decides: a title may be
as long and an abstract as short as it likes. Only where a run does not alternate (an odd number, or a paragraph whose
shape contradicts its position) does shape decide, for the whole run at once: of all ways to cut it into papers, lone
titles and lone abstracts, the one is taken that contradicts the shapes least, each lone one counting as a
contradiction of its own. A fault therefore costs the paragraphs next to it and nothing behind it.

Titles of real pages have up to 175 characters, may hold a sentence end ("Words Are All You Need? ...") and may close
with "?" or "."; abstracts go down to 165 characters. Lengths alone therefore overlap between about 120 and 300
characters, where the way of writing decides: sentences, first person, links, and capitals.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

CLEARLY_ABSTRACT = 4.0
"""From this value of :func:`abstractness` on, a text is an abstract unless its place says that it is a title."""

BEYOND_TITLES = 8.0
"""From this value of :func:`abstractness` on, a text cannot be a title."""

CLEARLY_TITLE = -3.0
"""Up to this value of :func:`abstractness`, a text is not believed to be an abstract without other evidence."""

_CERTAIN_LENGTH = 400
_SHORT = 100
_LONG = 150
_CERTAIN = 12.0
_LENGTHS = (0, 60, 100, 150, 200, 250, 300, _CERTAIN_LENGTH)
_VALUES = (-6.0, -5.0, -3.5, -1.5, 0.5, 2.0, 4.0, 8.0)
_DENSE_SCRIPT = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_SENTENCE_BREAK = re.compile(r"[a-z)\]%\d][.!?] [A-Z]|[。！？].")
_SENTENCE_END = re.compile(r"[^.]\.[\")'”’]?$|[。．]$")
_FIRST_PERSON = re.compile(r"\b(?:[Ww]e|[Oo]ur)\b|\b[Tt]his (?:paper|work|study|article|survey|report)\b")
_WORD = re.compile(r"[A-Za-z][A-Za-z-]{3,}")
_LIST_ITEM = re.compile(r"(?:[-*•‣–—]|\(?(?:\d{1,2}|[ivx]{1,4}|[a-h])[.)]) \S")
_FEW_WORDS = 12
_LONE = 4.0
_NEVER = 50.0


def abstractness(text: str) -> float:
    """How much a text looks like an abstract (positive) rather than like a title (negative), about -10 to 16."""
    length = len(text)
    if length >= _CERTAIN_LENGTH:
        return _CERTAIN
    if not text.isascii():
        length += 2 * len(_DENSE_SCRIPT.findall(text))  # such a script says in one character what others say in three
        if length >= _CERTAIN_LENGTH:
            return _CERTAIN
    value = _by_length(length)
    value += 2.0 * min(2, len(_SENTENCE_BREAK.findall(text)))
    if _SENTENCE_END.search(text):
        value += 2.0
    if _FIRST_PERSON.search(text):
        value += 2.0
    if "http" in text:
        value += 2.0
    return value + _by_capitals(text)


def can_be_title(text: str) -> bool:
    """Whether a text's shape does not rule out that it is a title."""
    if len(text) < _SHORT and text.isascii():
        return True  # its length alone keeps its value below the limit
    return abstractness(text) < BEYOND_TITLES


def can_be_abstract(text: str) -> bool:
    """Whether a text's shape does not rule out that it is an abstract."""
    return len(text) >= _LONG or abstractness(text) > CLEARLY_TITLE


def is_list_item(text: str) -> bool:
    """Whether a paragraph is an item of a list, which no title is."""
    return _LIST_ITEM.match(text) is not None


def _by_length(length: int) -> float:
    """What a length says, read off a line through measured points."""
    place = bisect_right(_LENGTHS, length) - 1
    step = (length - _LENGTHS[place]) / (_LENGTHS[place + 1] - _LENGTHS[place])
    return _VALUES[place] + step * (_VALUES[place + 1] - _VALUES[place])


def _by_capitals(text: str) -> float:
    """Titles often capitalise most longer words; running text capitalises few."""
    words: list[str] = _WORD.findall(text)
    if len(words) < 3:
        return 0.0
    capitals = sum(word[0].isupper() for word in words) / len(words)
    if capitals > 0.6:
        return -1.0
    return 1.0 if capitals < 0.25 and len(words) >= _FEW_WORDS else 0.0


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
        # On equal costs the later alternative wins: a pair before a lone paragraph, a lone abstract before a title.
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
