"""Values of cells as they are stored: their JSON text, or something shorter that stands for it.

A number is a number of SQLite's; the two forms that hundreds of thousands of values have (when a paper was seen, when
its state changed) are five bytes; what is long is compressed, or few would fit on a page of the table.
"""

from __future__ import annotations

import re
import zlib

Stored = str | bytes | int | None
_LONG = 200
"""The characters from which on a value is stored compressed."""
_DIGITS = 18
"""Numbers of more digits may not fit into SQLite's."""
_WORDS = ("", "inbox", "dismissed", "queued", "done", "reading")
"""The words that a number stands for, by their places; what is stored depends on these."""
_PLACES = {word: place for place, word in enumerate(_WORDS)}
_dated = re.compile(r'\[(?:"([a-z]+)",)?([1-9][0-9]{0,9}),([01])\]').fullmatch
"""A time in seconds since 1970 and a mark, perhaps after a word."""
_LAST = 2**32
_ZLIB = 0x78
"""The first byte of everything compressed (RFC 1950, for the window that is used)."""


def packed(text: str | None) -> Stored:
    """What is stored for a value's JSON text, as short as :func:`unpacked` can read it."""
    if text is None:
        return None
    if len(text) >= _LONG:
        return zlib.compress(text.encode())
    if text[:1] == "[":
        found = _dated(text)
        if found is not None and (found[1] or "") in _PLACES and int(found[2]) < _LAST:
            first = 2 * _PLACES[found[1] or ""] + int(found[3])
            return bytes((first,)) + int(found[2]).to_bytes(4, "big")
    elif len(text) <= _DIGITS and text.isascii() and text.isdigit():
        return int(text)
    return text


def unpacked(stored: Stored) -> str | None:
    """The text that is stored so."""
    if isinstance(stored, int):
        return str(stored)
    if not isinstance(stored, bytes):
        return stored
    if stored[0] == _ZLIB:
        return zlib.decompress(stored).decode()
    word = _WORDS[stored[0] >> 1]
    start = f'["{word}",' if word else "["
    return f"{start}{int.from_bytes(stored[1:], 'big')},{stored[0] & 1}]"
