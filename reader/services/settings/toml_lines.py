"""Where in a TOML document each key stands, which parsers do not tell.

Only for documents that a parser has accepted: this follows the structure (tables, keys, where values end) and takes
everything else as correct. Source: TOML 1.0.0, "Keyvalue Pair", "String", "Table".
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

Path = tuple[str, ...]
_BLANK = re.compile(r"(?:[ \t\r\n]+|#[^\n]*)*")
_HEADER = re.compile(r"\[\[?(?:\"(?:\\.|[^\"\\])*\"|'[^']*'|[^\]\"'])*\]\]?")
_KEY = re.compile(r"(?:\"(?:\\.|[^\"\\])*\"|'[^']*'|[^=\"'])+=")
_BARE = re.compile(r"[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*")
_STRING = re.compile(
    r'"""(?:\\.|[^\\])*?"""+|\'\'\'(?:.|\n)*?\'\'\'+|"(?:\\.|[^"\\])*"|\'[^\']*\'', re.DOTALL
)  # the longest of quotes that end a long string: up to two of them belong to it


@dataclass(frozen=True, slots=True)
class Statement:
    """A table's heading, or a key with its value: the path it names, its line (from 1), and from where to where."""

    path: Path
    line: int
    start: int
    end: int
    is_table: bool


def lines_of_keys(text: str) -> dict[Path, int]:
    """The line, from 1, on which each key and table of a valid document stands; the first, if there are several."""
    lines: dict[Path, int] = {}
    for statement in statements(text):
        for length in range(1, len(statement.path) + 1):
            lines.setdefault(statement.path[:length], statement.line)
    return lines


def statements(text: str) -> Iterator[Statement]:
    """Every table and key of a valid document in turn, but not those within inline tables."""
    table: Path = ()
    at, line, counted = _skip_blank(text, 0), 1, 0
    while at < len(text):
        line, counted = line + text.count("\n", counted, at), at
        is_table = text[at] == "["
        match = (_HEADER if is_table else _KEY).match(text, at)
        if match is None:
            return
        end = match.end() if is_table else _skip_value(text, match.end())
        path = _path_of(match.group().strip("[]") if is_table else match.group()[:-1])
        if is_table:
            table = path
        yield Statement(path if is_table else (*table, *path), line, at, end, is_table)
        at = _skip_blank(text, end)


def _path_of(key: str) -> Path:
    """The parts of a dotted key, as a parser reads them."""
    if _BARE.fullmatch(key.strip()):
        return tuple(key.strip().split("."))
    path: list[str] = []
    content: Any = tomllib.loads(f"{key.strip()} = 0")
    while isinstance(content, dict):
        ((part, content),) = content.items()
        path.append(part)
    return tuple(path)


def _skip_blank(text: str, at: int) -> int:
    found = _BLANK.match(text, at)
    return found.end() if found else at


def _skip_value(text: str, at: int) -> int:
    """Where a value that begins at or after ``at`` ends."""
    depth = 0
    while at < len(text):
        character = text[at]
        if character in "\"'":
            found = _STRING.match(text, at)
            at = found.end() if found else len(text)
            continue
        if character == "\n" and not depth:
            return at
        if character == "#":
            if not depth:
                return at
            at = text.find("\n", at)
            if at < 0:
                return len(text)
        depth += (character in "[{") - (character in "]}")
        at += 1
    return at
