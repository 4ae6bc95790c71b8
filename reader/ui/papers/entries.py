"""What stands in which row of a paper list: papers, and the headings and folded lines of an import. Pure."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from reader.domain.papers import PaperRow, PaperState
from reader.domain.views import ListingSection, ViewKind


@dataclass(frozen=True, slots=True)
class Section:
    """One part of a grouped list, such as a listing's: its heading, the facts beside it, the line that folds papers.

    Without a title there is no heading. ``explanation`` is shown where the folded line is current. ``is_extra`` tells
    that the papers are shown here, but are none of the view's; ``is_seen`` that they are the inbox's, seen already.
    """

    listing_id: int
    title: str
    facts: str
    known_line: str
    new_ids: tuple[int, ...]
    known_ids: tuple[int, ...]
    explanation: str = "Papers that were in the library before. Enter shows them."
    is_extra: bool = False
    is_seen: bool = False

    @classmethod
    def of(cls, section: ListingSection, title: str, facts: str, known_line: str) -> Section:
        """A listing's section under its heading."""
        return cls(section.listing_id, title, facts, known_line, section.new_ids, section.known_ids)


class Entries:
    """The rows of a list as one array: a positive number is a paper's id, a negative one names a section's line."""

    def __init__(
        self,
        paper_ids: array[int] | None = None,
        sections: Sequence[Section] = (),
        unfolded: Collection[int] = (),
    ) -> None:
        """Papers, then sections; a section's known papers begin folded, but for those of the ``listing_id`` given."""
        self.sections = tuple(sections)
        self._unfolded: set[int] = set()
        self._lines: list[int] = []
        """The rows that are no papers, in order: there may be 100,000 others."""
        if sections:
            self.rows = array("q", paper_ids or ())
            for number, section in enumerate(self.sections):
                if section.title:
                    self._add_line(_heading(number))
                self.rows.extend(section.new_ids)
                if section.known_ids:
                    self._add_line(_fold(number))
            for at in reversed(self._lines.copy()):
                folded = self.fold(at)
                if folded is not None and folded.listing_id in unfolded:
                    self.set_unfolded(at, True)
        else:
            self.rows = paper_ids if paper_ids is not None else array("q")

    def _add_line(self, value: int) -> None:
        self._lines.append(len(self.rows))
        self.rows.append(value)

    def __len__(self) -> int:
        return len(self.rows)

    def paper_id(self, row: int) -> int | None:
        """The paper of a row; None for a heading, a folded line, or no row at all."""
        if not 0 <= row < len(self.rows):
            return None
        value = self.rows[row]
        return value if value > 0 else None

    def papers_between(self, first: int, last: int) -> list[int]:
        """The papers of the rows from ``first`` to ``last``, both included; by slices, as they may be all rows."""
        values = self.rows[first : last + 1].tolist()
        return [value for value in values if value > 0] if self.sections else values

    def heading(self, row: int) -> Section | None:
        """The section whose heading stands in a row."""
        value = self.rows[row]
        return self.sections[(-value - 1) // 2] if value < 0 and value % 2 else None

    def fold(self, row: int) -> Section | None:
        """The section whose line for known papers stands in a row."""
        value = self.rows[row]
        return self.sections[(-value - 1) // 2] if value < 0 and value % 2 == 0 else None

    def is_unfolded(self, section: Section) -> bool:
        """Whether a section's known papers are shown."""
        return section.listing_id in self._unfolded

    @property
    def unfolded(self) -> frozenset[int]:
        """The ``listing_id`` of the sections whose known papers are shown."""
        return frozenset(self._unfolded)

    def fold_of(self, paper_id: int) -> int | None:
        """The row of the line below which a paper is folded away; None if it is not."""
        for row in self._lines:
            section = self.fold(row)
            if section is not None and not self.is_unfolded(section) and paper_id in section.known_ids:
                return row
        return None

    def set_unfolded(self, row: int, unfolded: bool) -> None:
        """Show or hide the known papers below the line in ``row``."""
        section = self.fold(row)
        if section is None or self.is_unfolded(section) == unfolded:
            return
        if unfolded:
            self._unfolded.add(section.listing_id)
            self.rows[row + 1 : row + 1] = array("q", section.known_ids)
        else:
            self._unfolded.discard(section.listing_id)
            del self.rows[row + 1 : row + 1 + len(section.known_ids)]
        moved = len(section.known_ids) if unfolded else -len(section.known_ids)
        self._lines = [line + moved if line > row else line for line in self._lines]

    @property
    def folded_count(self) -> int:
        """How many of the view's papers are folded away."""
        folded = (section for section in self.sections if not (section.is_extra or self.is_unfolded(section)))
        return sum(len(section.known_ids) for section in folded)

    def section_of(self, row: int) -> Section | None:
        """The section a row belongs to."""
        above = self._lines[: bisect_right(self._lines, row)]
        return next((found for at in reversed(above) if (found := self.heading(at)) is not None), None)

    def row_of(self, paper_id: int) -> int | None:
        """The first row of a paper."""
        try:
            return self.rows.index(paper_id)
        except ValueError:
            return None

    def position(self, row: int) -> tuple[int, int]:
        """Which paper of how many a row is; folded lines and headings count with the paper above them."""
        row = min(row, len(self.rows) - 1)
        return row + 1 - bisect_right(self._lines, row), len(self.rows) - len(self._lines)

    def step(self, row: int, by: int) -> int | None:
        """The next row from ``row`` in the direction ``by`` (1 or -1) that can be current; None at the end."""
        at = row + by
        while 0 <= at < len(self.rows):
            if self.heading(at) is None:
                return at
            at += by
        return None


def _heading(section: int) -> int:
    return -2 * section - 1


def _fold(section: int) -> int:
    return -2 * section - 2


_HOME_STATES = {
    ViewKind.INBOX: PaperState.INBOX,
    ViewKind.CATCH_UP: PaperState.INBOX,
    ViewKind.QUEUE: PaperState.QUEUED,
    ViewKind.READING: PaperState.READING,
    ViewKind.DONE: PaperState.DONE,
    ViewKind.DISMISSED: PaperState.DISMISSED,
}


def is_dimmed(kind: ViewKind, row: PaperRow) -> bool:
    """Whether a paper stands in a view only until that is left, or is decided and rests."""
    if (row.buried_until is not None) is not (kind is ViewKind.BURIED):
        return True
    if kind is ViewKind.BURIED:
        return False
    home = _HOME_STATES.get(kind)
    if home is not None:
        return row.state is not home
    if kind is ViewKind.STARRED:
        return not row.starred
    return row.state in {PaperState.DONE, PaperState.DISMISSED}
