"""How uids are stored: one that is a digest as its bytes, any other as its text.

A digest is 128 bits in base 32 without padding, in lower case, as
:func:`~reader.storage.sync.values.uid_of_text` makes it: 26 letters are 16 bytes.
"""

from __future__ import annotations

import re

DIGEST_KINDS = frozenset({"paper", "highlight"})
"""The kinds, of many entities, whose uids are stored so. Texts remain where SQL puts uids in order."""
_LETTERS = "abcdefghijklmnopqrstuvwxyz234567"
_is_digest = re.compile("[a-z2-7]{25}[aeimquy4]").fullmatch
"""The last letter has three bits of the 128."""
_AS_DIGITS = str.maketrans(_LETTERS, "0123456789abcdefghijklmnopqrstuv")
_PAIRS = [first + second for first in _LETTERS for second in _LETTERS]
_SHIFTS = range(120, -1, -10)


def stored_uid(uid: str) -> str | bytes:
    """A uid as it is stored; no two are stored alike. This is SQL's function ``stored_uid``."""
    # Python's own base 32 takes ten times as long.
    return (int(uid.translate(_AS_DIGITS), 32) >> 2).to_bytes(16, "big") if _is_digest(uid) else uid


def uid_of(stored: str | bytes) -> str:
    """The uid that is stored so."""
    if isinstance(stored, str):
        return stored
    number = int.from_bytes(stored, "big") << 2
    return "".join([_PAIRS[number >> shift & 1023] for shift in _SHIFTS])


def stored_prefix(letters: str) -> bytes | None:
    """The bytes with which all digests begin that begin with these eight letters; None if none does."""
    filled = stored_uid(letters + "a" * 18)
    return filled[:5] if isinstance(filled, bytes) else None
