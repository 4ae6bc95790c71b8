r"""Cutting arXiv's mail into entries and what stands between them, line by line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

_RULE = re.compile(r"-{10,}|(?:%-){5,}%?|(?:%%--){3,}%{0,2}-{0,2}|(?:%%%---){3,}%{0,3}-{0,3}")
_END_RULE = re.compile(r"\s{0,3}(?:%%%---){3}")
_CLOSING = re.compile(r"\\\\\s{1,3}\(\s{0,3}(https?://[^\s,]{1,300})?")
_FIELD = re.compile(r"([A-Z][A-Za-z-]{1,20})\s{0,3}:(.*)")
_IDENTIFIER = re.compile(r"arXiv:|Paper\b")
_DATE = re.compile(r"Date\b|replaced with revised version|(?:figures|part) added", re.IGNORECASE)
_BAR = "\\\\"
_FIELD_NAMES = frozenset(
    {
        "Title",
        "Authors",
        "Author",
        "Categories",
        "Comments",
        "Proxy",
        "Report-no",
        "ACM-class",
        "MSC-class",
        "Journal-ref",
        "DOI",
        "License",
        "From",
        "Subj-class",
        "Notes",
    }
)


@dataclass(slots=True)
class MailBlock:
    """Non-blank lines outside of entries, the first at index ``first`` (counted from 0), the last at ``last``."""

    first: int
    last: int


@dataclass(slots=True)
class MailEntry:
    r"""One entry: its metadata lines, its abstract's lines, and the address in its closing line.

    ``first`` and ``last`` are the indices of its lines. ``cut_off`` tells that the file ends within it.
    """

    first: int
    last: int
    metadata: list[str] = field(default_factory=list)
    abstract: list[str] = field(default_factory=list)
    url: str | None = None
    cut_off: bool = True

    @property
    def identifier_line(self) -> str:
        """The line that names the paper (``arXiv:…``, in older mails ``Paper: …``), or an empty one."""
        return next((line for line in self.metadata if _IDENTIFIER.match(line)), "")

    @property
    def date_line(self) -> str:
        """The line with the date, or that says that the paper was replaced; or an empty one."""
        return next((line for line in self.metadata if _DATE.match(line)), "")

    def text_of(self, *names: str) -> str:
        """A field's text with its continuation lines; empty where the entry lacks it.

        A line that begins no known field goes on with the one before it, even if it lost its indent on the way.
        """
        found: list[str] = []
        inside = False
        for line in self.metadata:
            match = _FIELD.match(line)
            if match and match[1] in _FIELD_NAMES:
                if found:
                    break
                inside = match[1] in names
                line = match[2]
            if inside:
                found.append(line)
        return "\n".join(found)


def split_mail(lines: list[str]) -> Iterator[MailEntry | MailBlock]:
    """The entries of a mail and the blocks of lines outside of them, in order; rules and blank lines are left out."""
    shown = iter([(index, line) for index, line in enumerate(lines) if line.strip()])
    block: MailBlock | None = None
    for index, line in shown:
        is_bar = line.strip() == _BAR
        if not is_bar and not is_rule(line):
            block = MailBlock(block.first if block else index, index)
            continue
        if block is not None:
            yield block
            block = None
        if is_bar:
            yield _read_entry(index, shown)
    if block is not None:
        yield block


def is_rule(line: str) -> bool:
    """Whether a line is one of the mail's rules."""
    return _RULE.fullmatch(line.strip()) is not None


def is_end_rule(line: str) -> bool:
    """Whether a line is the rule after a mail's last entry."""
    return _END_RULE.match(line) is not None


def _read_entry(first: int, following: Iterator[tuple[int, str]]) -> MailEntry:
    """The entry whose opening bar is line ``first``, up to its closing line or the rule that ends it."""
    entry = MailEntry(first, first)
    part = entry.metadata
    for index, line in following:
        if is_rule(line):
            entry.cut_off = False
            break
        entry.last = index
        is_bar = line.strip() == _BAR
        closing = _CLOSING.match(line)
        if closing or (is_bar and part is entry.abstract):
            entry.url = closing[1] if closing else None
            entry.cut_off = False
            break
        if is_bar:
            part = entry.abstract
        else:
            part.append(line)
    return entry
