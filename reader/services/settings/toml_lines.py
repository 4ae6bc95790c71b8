"""The places of the keys in a TOML document, which parsers do not report.

Only for documents that a parser has accepted: this follows the structure (tables, keys, where values end) and takes
everything else as correct, in time that grows with the document's length. Source: TOML 1.0.0, "Keyvalue Pair",
"String", "Table".
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

KeyPath = tuple[str, ...]
_QUOTED = r"\"(?:\\.|[^\"\\])*\"|'[^']*'"
_BLANK = re.compile(r"(?:[ \t\r\n]+|#[^\n]*)*")
_HEADING = re.compile(rf"\[\[?(?:{_QUOTED}|[^\]\"'])*\]\]?")
_KEY = re.compile(rf"(?:{_QUOTED}|[^=\"'])+=[ \t]*")
_BARE = re.compile(r"[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*")
# Up to two quotes before the three that end a long string belong to it, so the longest run is taken.
_PIECE = re.compile(
    rf"\"\"\"(?:\\.|[^\\])*?\"\"\"+|'''.*?'''+|{_QUOTED}|#[^\n]*|[\[\]{{}}\n]|[^\"'#\[\]{{}}\n]+", re.DOTALL
)


@dataclass(frozen=True, slots=True)
class Statement:
    """A table's heading, or a key with its value.

    ``path`` is what it names, ``table`` the table it stands in (a heading stands in its own), ``line`` counts from 1.
    The statement is ``text[start:end]``, its value ``text[value:end]``; both are empty of blanks at their ends.
    """

    path: KeyPath
    table: KeyPath
    line: int
    start: int
    value: int
    end: int

    @property
    def is_heading(self) -> bool:
        """Whether this is a table's heading."""
        return self.path == self.table


def lines_of_keys(text: str) -> dict[KeyPath, int]:
    """The line, from 1, of each key and table of a valid document; the first, if there are several."""
    lines: dict[KeyPath, int] = {}
    for statement in statements(text):
        for length in range(1, len(statement.path) + 1):
            lines.setdefault(statement.path[:length], statement.line)
    return lines


def statements(text: str) -> Iterator[Statement]:
    """Every table and key of a valid document in turn, but not those within inline tables."""
    table: KeyPath = ()
    line, counted, start = 1, 0, _skip_blank(text, 0)
    while match := (_HEADING if text.startswith("[", start) else _KEY).match(text, start):
        line, counted = line + text.count("\n", counted, start), start
        if match.re is _HEADING:
            path, end = _path_of(match.group().strip("[]")), match.end()
            table = path
        else:
            path, end = (*table, *_path_of(match.group().rstrip("= \t"))), _end_of_value(text, match.end())
        yield Statement(path, table, line, start, match.end(), end)
        start = _skip_blank(text, end)


def _skip_blank(text: str, at: int) -> int:
    found = _BLANK.match(text, at)
    return found.end() if found else at


def _path_of(key: str) -> KeyPath:
    """The parts of a dotted key, as a parser reads them."""
    if _BARE.fullmatch(key.strip()):
        return tuple(key.strip().split("."))
    path: list[str] = []
    content: Any = tomllib.loads(f"{key.strip()} = 0")
    while isinstance(content, dict):
        ((part, content),) = content.items()
        path.append(part)
    return tuple(path)


def _end_of_value(text: str, at: int) -> int:
    """Where the value that begins at ``at`` ends: before a comment or the end of a line outside of all brackets."""
    depth, end = 0, at
    for piece in _PIECE.finditer(text, at):
        found = piece.group()
        if not depth and found[0] in "#\n":
            break
        depth += (found in "[{") - (found in "]}")
        end = piece.end()
    return at + len(text[at:end].rstrip())
