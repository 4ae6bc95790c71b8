"""Finding in a stored text a quote that a person typed or copied: exactly, else as a person would recognise it.

The second way ignores case, differences of white space (line breaks of a PDF) and of the Unicode form (ligatures,
full-width letters), the kinds of quotation marks and dashes, and soft hyphens.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from reader.domain.spans import Span

_ALIKE = str.maketrans(
    {
        **dict.fromkeys("“”„‟«»″", '"'),
        **dict.fromkeys("‘’‚‛′`´", "'"),
        **dict.fromkeys("‐‑‒–—―−", "-"),
    }
)
_INVISIBLE = frozenset("\u00ad\u200b\u2060\ufeff")


def find_quote(text: str, quote: str) -> list[Span]:
    """Where a quote stands in ``text``, in order, none overlapping the one before; empty where it does not.

    White space around the quote is ignored. Places of the exact quote are the only ones if there are any. A span begins
    and ends with whole characters of ``text``.
    """
    quote = quote.strip()
    if not quote:
        return []
    exact = [Span(start, start + len(quote)) for start in _places(text, quote)]
    if exact:
        return exact
    wanted, _ = _recognisable(quote)
    found, offsets = _recognisable(text)
    if not wanted:
        return []
    return [
        Span(offsets[start][0], offsets[start + len(wanted) - 1][1])
        for start in _places(found, wanted)
        if _is_whole(offsets, start, start + len(wanted))
    ]


def _places(text: str, part: str) -> Iterator[int]:
    """Where a part begins in a text, each place after the end of the one before."""
    place = text.find(part)
    while place >= 0:
        yield place
        place = text.find(part, place + len(part))


def _recognisable(text: str) -> tuple[str, list[tuple[int, int]]]:
    """The form of a text in which alike is the same, and for each of its characters the span it comes from."""
    characters: list[str] = []
    offsets: list[tuple[int, int]] = []
    for start, end in _clusters(text):
        cluster = text[start:end]
        if cluster in _INVISIBLE:
            continue
        folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", cluster.translate(_ALIKE)).casefold())
        for character in folded.translate(_ALIKE):
            if not character.isspace():
                characters.append(character)
                offsets.append((start, end))
            elif characters and characters[-1] != " ":
                characters.append(" ")
                offsets.append((start, end))
    if characters and characters[-1] == " ":
        del characters[-1], offsets[-1]
    return "".join(characters), offsets


def _clusters(text: str) -> Iterator[tuple[int, int]]:
    """The characters of a text with the marks that belong to them, as spans."""
    start = 0
    for end in range(1, len(text) + 1):
        if end == len(text) or not unicodedata.combining(text[end]):
            yield start, end
            start = end


def _is_whole(offsets: list[tuple[int, int]], start: int, end: int) -> bool:
    """Whether a stretch of the recognisable form begins and ends where characters of the text do."""
    return (start == 0 or offsets[start - 1] != offsets[start]) and (
        end == len(offsets) or offsets[end] != offsets[end - 1]
    )
