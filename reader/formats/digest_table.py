"""Tables in Markdown (GitHub's: https://github.github.com/gfm/#tables-extension-), read row by row."""

from __future__ import annotations

import re

_ROW = re.compile(r"\s{0,3}\|.*\|\s*")
_RULE = re.compile(r"[|:\s-]+")
_CELL_BREAK = re.compile(r"(?<!\\)\|")
_TITLES = ("title", "paper title", "name", "work", "paper", "papers")
_AUTHORS = ("authors", "author")


def is_row(line: str) -> bool:
    """Whether a line is a row of a table."""
    return line.lstrip().startswith("|") and _ROW.fullmatch(line) is not None


class TableReader:
    """Knows a table's columns by its heading while its rows are read."""

    def __init__(self) -> None:
        self._columns: list[str] | None = None

    def read(self, line: str) -> tuple[str, str, str]:
        """A row's title and authors, as far as its columns tell them, and all its text; empty for heading and rule."""
        if _RULE.fullmatch(line):
            return "", "", ""
        cells = [cell.strip() for cell in _CELL_BREAK.split(line.strip()[1:-1])]
        if self._columns is None:
            self._columns = [cell.strip("*_ ").lower() for cell in cells]
            if "://" not in line:
                return "", "", ""
        by_column = dict(zip(self._columns, cells, strict=False))
        title = next((by_column[name] for name in _TITLES if name in by_column), "")
        if not title or ("://" in title and "](" not in title):
            title = max((cell for cell in cells if "://" not in cell), key=_letters, default="")
        authors = next((by_column[name] for name in _AUTHORS if name in by_column), "")
        return title, authors, line


def _letters(cell: str) -> int:
    """How many letters a cell has."""
    return sum(char.isalpha() for char in cell)
