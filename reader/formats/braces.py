"""Braces in LaTeX source: find the closing one, and cut a text at separators outside all braces."""

from __future__ import annotations

import re
from functools import lru_cache

_BRACES = re.compile(r"\\.|[{}]", re.DOTALL)


def closing_brace(text: str, start: int, limit: int | None = None) -> int:
    """Where the brace at ``start`` is closed, before ``limit``; -1 where none stands there or it stays open."""
    if text[start : start + 1] != "{":
        return -1
    depth = 0
    for match in _BRACES.finditer(text, start, len(text) if limit is None else limit):
        depth += (match[0] == "{") - (match[0] == "}")
        if depth == 0:
            return match.start()
    return -1


def cut_outside_braces(text: str, separator: str) -> list[str]:
    r"""A text cut where the pattern ``separator`` matches outside of braces, without blanks around the pieces.

    A command takes the blanks behind it with it (``\v S``).
    """
    if "{" not in text and "\\" not in text:
        return [piece.strip() for piece in re.split(separator, text)]
    pieces, depth, start = [], 0, 0
    for match in _cuts(separator).finditer(text):
        if match[0] == "{":
            depth += 1
        elif match[0] == "}":
            depth = max(0, depth - 1)
        elif depth == 0 and match["cut"]:
            pieces.append(text[start : match.start()].strip())
            start = match.end()
    return [*pieces, text[start:].strip()]


@lru_cache
def _cuts(separator: str) -> re.Pattern[str]:
    """The separators, and what must be known to tell which of them count."""
    return re.compile(rf"(?P<cut>{separator})|\\(?:[A-Za-z]+\s{{0,9}}|.)|[{{}}]", re.DOTALL)
