"""Refusing files of crumbs: made of so many tiny pieces that reading them takes seconds for a megabyte.

Time is linear all the same; but a piece costs some microseconds whatever is in it, and a file of two-byte lines or of
eleven-byte entries is a mistake or made to hurt. The limits are far from what any listing has.
"""

from __future__ import annotations

from reader.domain.errors import ParseError

_MANY = 10_000


def refuse_crumbs(count: int, size: int, pieces: str, *, least: int) -> None:
    """Raise :class:`ParseError` for many pieces that take fewer than ``least`` characters each, on average.

    ``pieces`` is what they are called ("lines"), ``size`` the length of the text that they make.
    """
    if count > _MANY and size < least * count:
        raise ParseError(f"The file has {count:,} {pieces} with hardly anything in them; that is no listing of papers.")
