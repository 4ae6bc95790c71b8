"""Ranks: short texts whose order is an order that people make by hand, such as the queue's.

Between any two ranks there are others, so that moving a paper gives a new rank to that paper alone and two devices can
move different papers at the same time. A rank is a fraction between 0 and 1, written in digits of base 62 without the
"0." (fractional indexing; https://www.figma.com/blog/realtime-editing-of-ordered-sequences/).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_VALUE = {digit: value for value, digit in enumerate(_DIGITS)}
_BASE = len(_DIGITS)
_USUAL = 5
"""Digits of a rank at either end: 62⁵ papers can be added there."""
_LONGEST, _SHORT = 12, 8
"""A rank that would be longer is avoided: the papers around it get new ranks, until none is longer than the second."""


def new_ranks(order: Sequence[tuple[str, str | None]]) -> dict[str, str]:
    """The ranks to give so that papers stand in this order, for as few of them as possible.

    ``order`` has uids with their present ranks. Equal ranks are in order if their uids are.
    """
    ranks = [rank if rank and _is_rank(rank) else None for _, rank in order]
    keys = [(rank or "", uid) for rank, (uid, _) in zip(ranks, order, strict=True)]
    stays = [rank is not None for rank in ranks]
    kept = set(increasing_run([key for key, stay in zip(keys, stays, strict=True) if stay]))
    places = [place for place, stay in enumerate(stays) if stay]
    stays = [False] * len(order)
    for at in kept:
        stays[places[at]] = True
    start = 0
    while start < len(order):
        start = start + 1 if stays[start] else _rank_gap(ranks, stays, start)
    return {uid: new for (uid, old), new in zip(order, ranks, strict=True) if new is not None and new != old}


def increasing_run(keys: Sequence[tuple[str, str]]) -> list[int]:
    """The places of a longest increasing run, in order."""
    tails: list[tuple[str, str]] = []
    places: list[int] = []
    before: list[int | None] = []
    for place, key in enumerate(keys):
        at = bisect_right(tails, key)
        before.append(places[at - 1] if at else None)
        tails[at : at + 1], places[at : at + 1] = [key], [place]
    run: list[int] = []
    last = places[-1] if places else None
    while last is not None:
        run.append(last)
        last = before[last]
    return run[::-1]


def between(low: str | None, high: str | None, count: int, longest: int) -> list[str] | None:
    """So many ranks in rising order between two (None: an end), evenly placed; None if they would be longer."""
    for length in range(_USUAL, longest + 1):
        if low is None and high is None:
            first = (_BASE**length - count) // 2
            bottom, top = first - 1, first + count
        else:
            bottom = _number(low, length, up=False) if low is not None else 0
            top = _number(high, length, up=True) if high is not None else _BASE**length
            if high is None:
                top = min(top, bottom + count + 1)
            if low is None:
                bottom = max(bottom, top - count - 1)
        if bottom >= 0 and top - bottom > count:
            return [_rank(bottom + (top - bottom) * at // (count + 1), length) for at in range(1, count + 1)]
    return None


def _rank_gap(ranks: list[str | None], stays: list[bool], start: int) -> int:
    """Give ranks to the papers from here to the next that keeps its own; the place of that one.

    If the ranks would be too long, the papers around get new ones as well: one on each side, two, four, …
    """
    end = _next_staying(stays, start)
    longest, further = _LONGEST, 1
    while True:
        low = ranks[start - 1] if start else None
        high = ranks[end] if end < len(ranks) else None
        made = between(low, high, end - start, longest)
        if made is not None:
            ranks[start:end] = made
            return end
        start, end = max(0, start - further), _next_staying(stays, min(len(ranks), end + further))
        longest, further = _SHORT, further * 2


def _next_staying(stays: Sequence[bool], place: int) -> int:
    while place < len(stays) and not stays[place]:
        place += 1
    return place


def _is_rank(text: str) -> bool:
    """Whether a text is a rank; two that differ by noughts at the end only would have nothing between them."""
    return all(letter in _VALUE for letter in text) and not text.endswith("0")


def _number(rank: str, length: int, up: bool) -> int:
    """The number made by so many of a rank's digits, rounded."""
    number = 0
    for digit in rank[:length].ljust(length, "0"):
        number = number * _BASE + _VALUE[digit]
    return number + (up and len(rank) > length)


def _rank(number: int, length: int) -> str:
    digits = []
    for _ in range(length):
        number, digit = divmod(number, _BASE)
        digits.append(_DIGITS[digit])
    return "".join(reversed(digits)).rstrip("0")
