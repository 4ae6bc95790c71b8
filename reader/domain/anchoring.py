"""Highlights by quote: finding a quoted span again in a text that has changed.

The selectors are those of the W3C Web Annotation model (https://www.w3.org/TR/annotation-model/#selectors): a text
position, and a quote with some text before and after it.
"""

from __future__ import annotations

from collections.abc import Iterator

CONTEXT_LENGTH = 32


def quote_context(text: str, start: int, end: int) -> tuple[str, str]:
    """The text before and after a span, 32 characters at most each."""
    return text[max(0, start - CONTEXT_LENGTH) : start], text[end : end + CONTEXT_LENGTH]


def place_quote(text: str, exact: str, prefix: str, suffix: str, start: int | None) -> tuple[int, int] | None:
    """Where a quote stands in ``text`` now (start, end), or None if it does not.

    Of several places, the one whose surroundings agree best with ``prefix`` and ``suffix``; among equals the one
    nearest to ``start``, its former place (else the first).
    """
    if not exact:
        return None
    places = _occurrences(text, exact)
    best = max(
        places,
        key=lambda place: (_agreement(text, place, place + len(exact), prefix, suffix), -abs(place - (start or 0))),
        default=None,
    )
    return None if best is None else (best, best + len(exact))


def _occurrences(text: str, exact: str) -> Iterator[int]:
    """Every place at which a quote begins, overlapping ones included."""
    place = text.find(exact)
    while place >= 0:
        yield place
        place = text.find(exact, place + 1)


def _agreement(text: str, start: int, end: int, prefix: str, suffix: str) -> int:
    """How many characters of a place's surroundings agree with the quote's, counted outwards."""
    before = text[max(0, start - len(prefix)) : start]
    after = text[end : end + len(suffix)]
    return _common_start(before[::-1], prefix[::-1]) + _common_start(after, suffix)


def _common_start(one: str, other: str) -> int:
    """The length of what two texts begin with alike."""
    length = 0
    for first, second in zip(one, other, strict=False):
        if first != second:
            break
        length += 1
    return length
