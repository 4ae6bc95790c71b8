"""The search for a quote in a text: one that a person typed, or that of a highlight whose text has changed.

The selectors are those of the W3C Web Annotation model (https://www.w3.org/TR/annotation-model/#selectors): a text
position, and a quote with some text before and after it. A quote is first searched exactly. Then both are folded: case,
white space, Unicode form, kinds of quotation marks and dashes, and LaTeX notation are ignored. For a highlight, the
last attempt is the most similar stretch that is new in the text (decision 28).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from reader.domain.spans import Span

CONTEXT_LENGTH = 32
LEAST_LIKENESS = 80.0
"""The least similarity between a quote and its new wording, in per cent of rapidfuzz's ``ratio``.

Other sentences of an abstract reach 50 (median) or 74 (99th percentile), see decision 28.
"""
LEAST_LETTERS = 24
"""Shorter quotes resemble too many others; they are placed only exactly or folded."""
MOST_LETTERS = 2_000
"""The longest quote that is compared.

Longer quotes are placed only exactly or folded: the time for comparing grows faster than their length (0.4 s at this
one), and arXiv's abstracts end at 1,920 characters (https://info.arxiv.org/help/prep.html#abstracts).
"""

_ALIKE = str.maketrans(
    {
        **dict.fromkeys("“”„‟«»″", '"'),
        **dict.fromkeys("‘’‚‛′`´", "'"),
        **dict.fromkeys("‐‑‒–—―−", "-"),
        "~": " ",
    }
)
_INVISIBLE = frozenset("\u00ad\u200b\u2060\ufeff${}\\")
_LOOKED_AROUND = 0.35
"""How far from the most similar stretch the new wording may begin and end, relative to the quote's length."""
_MOST_LOOKED_AROUND = 400
"""The same as an absolute limit in letters, for quotes of a page: beyond it each attempt takes too long."""
_PLACES_TRIED = 8
_WORD = re.compile("[^ ]+")


@dataclass(frozen=True, slots=True)
class Placed:
    """The new place of a quote; ``approximate`` is True if the words there are only similar."""

    start: int
    end: int
    approximate: bool = False


@dataclass(frozen=True, slots=True)
class Quote:
    """A quote with its context and its former position; ``start`` is None if it was unplaced."""

    exact: str
    prefix: str = ""
    suffix: str = ""
    start: int | None = None
    end: int | None = None


def quote_context(text: str, start: int, end: int) -> tuple[str, str]:
    """The text before and after a span, at most 32 characters each."""
    return text[max(0, start - CONTEXT_LENGTH) : start], text[end : end + CONTEXT_LENGTH]


def find_quote(text: str, quote: str) -> list[Span]:
    """The places of a quote in ``text``, in order and without overlaps; empty if it does not occur.

    White space around the quote is ignored. If the exact quote occurs, only its places count. A span begins and ends
    with whole characters of ``text``.
    """
    quote = quote.strip()
    if not quote:
        return []
    exact = [Span(start, start + len(quote)) for start in _places(text, quote, len(quote))]
    return exact or _Folded(text).spans(_Folded(quote).text)


def place_quote(text: str, quote: Quote, former: str | None = None) -> Placed | None:
    """The present place of a quote in ``text``, or None if it does not occur.

    Of several places, the one whose surroundings agree best is taken; of equals, the one nearest to the former place,
    or the first. With ``former``, the text that the quote came from, a new wording is searched as well, but only among
    what is new in ``text``: a sentence that was already beside the quote in the former text is a different one.
    """
    if not quote.exact:
        return None
    exact = [Span(start, start + len(quote.exact)) for start in _places(text, quote.exact, 1)]
    found = exact or find_quote(text, quote.exact)
    if found:
        best = max(found, key=lambda span: (_agreement(text, span, quote), -abs(span.start - (quote.start or 0))))
        return Placed(best.start, best.end)
    return None if former is None else _place_reworded(text, quote, former)


def _place_reworded(text: str, quote: Quote, former: str) -> Placed | None:
    """The stretch of a text most like a quote, if it is like enough and does not resemble other former text."""
    from rapidfuzz import fuzz  # imported only here, because every start would pay for it

    wanted, folded = _Folded(quote.exact).text, _Folded(text)
    if not LEAST_LETTERS <= len(wanted) <= MOST_LETTERS:
        return None
    # A sentence that was already in the former text, outside the quote, cannot be the quote's new wording.
    others = former if quote.start is None else f"{former[: quote.start]}\n{former[quote.end :]}"
    elsewhere = _Folded(others).text
    pieces = [(0, len(folded.text))]
    for _ in range(_PLACES_TRIED):
        likest = max((_likest(folded.text, wanted, piece) for piece in pieces), default=(0.0, 0, 0))
        likeness, start, end = likest
        if likeness < LEAST_LIKENESS:
            return None
        words = folded.text[start:end]
        if len(elsewhere) < len(words) or fuzz.partial_ratio(words, elsewhere) < likeness:
            return Placed(folded.offsets[start][0], folded.offsets[end - 1][1], approximate=True)
        pieces = [part for piece in pieces for part in _without(piece, start, end)]
    return None


def _likest(text: str, wanted: str, piece: tuple[int, int]) -> tuple[float, int, int]:
    """The stretch of whole words in a text that is most similar to the wanted words, and its similarity."""
    from rapidfuzz import fuzz

    near = fuzz.partial_ratio_alignment(wanted, text[piece[0] : piece[1]], score_cutoff=LEAST_LIKENESS / 2)
    if near is None:
        return 0.0, 0, 0
    room = min(int(len(wanted) * _LOOKED_AROUND) + 1, _MOST_LOOKED_AROUND)
    first, last = piece[0] + near.dest_start, piece[0] + near.dest_end
    words = [match.span() for match in _WORD.finditer(text, *piece)]
    starts = [start for start, _ in words if first - room <= start < first + room]
    ends = [end for _, end in words if last - room <= end <= last + room]

    def likest(stretches: Iterable[tuple[int, int]]) -> tuple[float, int, int]:
        best = 0.0, 0, 0
        for start, end in stretches:
            if start < end and (likeness := fuzz.ratio(wanted, text[start:end], score_cutoff=best[0])) > best[0]:
                best = likeness, start, end
        return best

    # Move one end after the other until neither moves: trying every pair took seconds for a quote of a page.
    best, found = (0.0, first, last), likest((start, last) for start in starts)
    while found[0] > best[0]:
        best = likest((found[1], end) for end in ends)
        found = likest((start, best[2]) for start in starts)
    return best


def _without(piece: tuple[int, int], start: int, end: int) -> list[tuple[int, int]]:
    """A piece of text without a stretch."""
    if end <= piece[0] or start >= piece[1]:
        return [piece]
    return [part for part in ((piece[0], start), (end, piece[1])) if part[0] < part[1]]


class _Folded:
    """The folded form of a text, in which equivalent text is equal, with the source span of each of its characters."""

    def __init__(self, text: str) -> None:
        characters: list[str] = []
        self.offsets: list[tuple[int, int]] = []
        for start, end in _clusters(text):
            cluster = text[start:end]
            if cluster in _INVISIBLE:
                continue
            folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", cluster.translate(_ALIKE)).casefold())
            for character in folded.translate(_ALIKE):
                self._add(characters, " " if character.isspace() else character, (start, end))
        if characters and characters[-1] == " ":
            del characters[-1], self.offsets[-1]
        self.text = "".join(characters)

    def _add(self, characters: list[str], character: str, span: tuple[int, int]) -> None:
        """Add a character. Spaces and dashes in a row become one, spaces beside a dash go, two quotes are a double."""
        last = characters[-1] if characters else " "
        if character in " -" and last in " -" and (character == " " or last == "-"):
            if character == "-" and self.offsets:
                self.offsets[-1] = (self.offsets[-1][0], span[1])
            return
        if character == "-" and last == " " and characters:
            characters[-1], self.offsets[-1] = character, span
            return
        if character == "'" == last:
            characters[-1], self.offsets[-1] = '"', (self.offsets[-1][0], span[1])
            return
        characters.append(character)
        self.offsets.append(span)

    def spans(self, wanted: str) -> list[Span]:
        """The places of a folded quote, as spans of the original text."""
        if not wanted:
            return []
        return [
            Span(self.offsets[start][0], self.offsets[start + len(wanted) - 1][1])
            for start in _places(self.text, wanted, len(wanted))
            if self._is_whole(start, start + len(wanted))
        ]

    def _is_whole(self, start: int, end: int) -> bool:
        """Whether a stretch begins and ends between characters of the original text."""
        # One character can fold to several (“ﬁ” to “fi”), and a span must not begin or end in the middle of them.
        return (start == 0 or self.offsets[start - 1] != self.offsets[start]) and (
            end == len(self.offsets) or self.offsets[end] != self.offsets[end - 1]
        )


def _places(text: str, part: str, step: int) -> Iterator[int]:
    """The places where a part occurs in a text, each at least so many characters after the one before."""
    place = text.find(part)
    while place >= 0:
        yield place
        place = text.find(part, place + step)


def _clusters(text: str) -> Iterator[tuple[int, int]]:
    """The characters of a text with their combining marks, as spans."""
    start = 0
    for end in range(1, len(text) + 1):
        if end == len(text) or not unicodedata.combining(text[end]):
            yield start, end
            start = end


def _agreement(text: str, span: Span, quote: Quote) -> int:
    """The number of characters around a place that agree with the quote's context, counted outwards, both folded."""
    before, after = (_Folded(part).text for part in quote_context(text, *span))
    prefix, suffix = _Folded(quote.prefix).text, _Folded(quote.suffix).text
    return _common_start(before[::-1], prefix[::-1]) + _common_start(after, suffix)


def _common_start(one: str, other: str) -> int:
    """The length of the common beginning of two texts."""
    length = 0
    for first, second in zip(one, other, strict=False):
        if first != second:
            break
        length += 1
    return length
