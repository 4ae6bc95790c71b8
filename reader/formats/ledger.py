"""The account of a text listing's lines: each non-blank line is part of a record, page boilerplate or a problem."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import compress
from typing import Any

from reader.domain.records import AccountUnit, LineAccount, LineRange, ListingRecord, ParsedListing, Problem
from reader.formats.text_decoder import DecodedText

_UNCLAIMED, _RECORD, _BOILERPLATE, _PROBLEM = range(4)
_NOT_UNDERSTOOD = "This is neither a paper nor a known part of the page."


class LineLedger:
    """Takes note of what each line of a file is; what nobody claimed becomes a problem when the ledger is closed.

    Lines are counted from 0 here and from 1 in what comes out. Blank lines may be claimed but are never counted.
    """

    def __init__(self, lines: Sequence[str]) -> None:
        self._lines = lines
        self._fates = bytearray(len(lines))
        self._problems: list[Problem] = []

    def record(self, first: int, last: int) -> None:
        """Lines ``first`` to ``last`` are parts of a record."""
        self._fates[first : last + 1] = bytes((_RECORD,)) * (last + 1 - first)

    def record_lines(self, indices: Iterable[int]) -> None:
        """Each of these lines is a part of a record."""
        for index in indices:
            self._fates[index] = _RECORD

    def boilerplate(self, index: int) -> None:
        """A line is page boilerplate."""
        self._fates[index] = _BOILERPLATE

    def is_claimed(self, index: int) -> bool:
        """Whether a line is known to be something."""
        return self._fates[index] != _UNCLAIMED

    def problem(self, first: int, last: int, reason: str) -> None:
        """Lines ``first`` to ``last``, as far as nothing else claimed them, were not understood."""
        for index in range(first, last + 1):
            if self._fates[index] == _UNCLAIMED:
                self._fates[index] = _PROBLEM
        text = "\n".join(self._lines[first : last + 1])
        self._problems.append(Problem(LineRange(first + 1, last + 1), reason, text))

    def listing(
        self, format_name: str, decoded: DecodedText, records: Iterable[ListingRecord], **said: Any
    ) -> ParsedListing:
        """The listing of a file with these records; ``said`` is what it says of itself."""
        account, problems = self.close()
        return ParsedListing(
            format_name,
            tuple(records),
            account,
            problems,
            encoding=decoded.encoding,
            encoding_uncertain=decoded.uncertain,
            **said,
        )

    def close(self) -> tuple[LineAccount, tuple[Problem, ...]]:
        """The account, and the problems in the file's order; runs of unclaimed lines are problems of their own."""
        shown = [bool(line) and not line.isspace() for line in self._lines]
        self._claim_leftovers(shown)
        counts = Counter(compress(self._fates, shown))
        account = LineAccount(
            AccountUnit.LINES,
            total=sum(counts.values()),
            records=counts[_RECORD],
            boilerplate=counts[_BOILERPLATE],
            problems=counts[_PROBLEM],
        )
        return account, tuple(sorted(self._problems, key=lambda problem: (problem.lines.first, problem.lines.last)))

    def _claim_leftovers(self, shown: list[bool]) -> None:
        """Make a problem of every run of unclaimed lines that no blank or claimed line interrupts."""
        if _UNCLAIMED not in bytes(compress(self._fates, shown)):
            return
        first: int | None = None
        for index, fate in enumerate(self._fates):
            if fate == _UNCLAIMED and shown[index]:
                first = index if first is None else first
            elif first is not None:
                self.problem(first, index - 1, _NOT_UNDERSTOOD)
                first = None
        if first is not None:
            self.problem(first, len(self._fates) - 1, _NOT_UNDERSTOOD)
