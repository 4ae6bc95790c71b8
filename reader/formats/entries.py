"""Accounting for formats that have entries instead of lines: JSON, HTML, feeds, BibTeX and RIS.

Every entry of a file ends as (part of) a record, as boilerplate, or as a problem that keeps its text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from reader.domain.records import AccountUnit, LineAccount, LineRange, ListingRecord, ParsedListing, Problem
from reader.formats.text_decoder import DecodedText, clean_text

NO_TITLE = "The paper has no title."
_KEPT_TEXT = 20_000
_FILLED_FIELDS = (
    "abstract authors author_count organization published comments upvotes arxiv_id url code_urls project_url keywords "
    "categories submitted_by"
)
_Entry = TypeVar("_Entry")
_NOTHING: tuple[object, ...] = (None, "", ())


class BrokenEntryError(Exception):
    """An entry that gives no record; ``str(error)`` is the sentence to show."""


def fold_lines(text: str) -> str:
    r"""One line of a text that was wrapped: line breaks with the blanks around them become one space each.

    arXiv wraps titles and abstracts and marks a paragraph by an indent; the web page shows them as one run of text,
    so a paper from here and from a text dump of the page have the same title and abstract. Other blanks stay.
    """
    lines = clean_text(text).replace("\r", "\n").split("\n")
    return " ".join(stripped for line in lines if (stripped := line.strip()))


@dataclass(slots=True)
class EntryTally:
    """Collects what a file's entries gave, in their order; each ``add_…`` counts as one entry of the file."""

    records: list[ListingRecord] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    boilerplate: int = 0
    repeated: int = 0
    _places: dict[str, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """How many entries there were so far."""
        return len(self.records) + self.repeated + self.boilerplate + len(self.problems)

    def take(
        self,
        entries: Iterable[_Entry],
        record: Callable[[_Entry, LineRange], ListingRecord | None],
        text: Callable[[_Entry], str],
        *,
        fold_by_url: bool = False,
    ) -> EntryTally:
        """Add what ``record`` makes of each entry, given its place; returns this tally.

        None is boilerplate; :class:`BrokenEntryError`, or no title, makes a problem with the entry's ``text``. With
        ``fold_by_url``, a record whose address was seen before only fills what the earlier one lacks.
        """
        for entry in entries:
            try:
                made = record(entry, self._next_place())
                if made is not None and not made.title:
                    raise BrokenEntryError(NO_TITLE)
            except BrokenEntryError as broken:
                self.add_problem(str(broken), text(entry))
                continue
            if made is None:
                self.add_boilerplate()
            else:
                self.add_record(made, fold_by=made.url if fold_by_url else None)
        return self

    def _next_place(self) -> LineRange:
        """The place of the entry that is added next, counted from 1."""
        return LineRange(self.total + 1, self.total + 1)

    def add_record(self, record: ListingRecord, *, fold_by: str | None = None) -> None:
        """Add a record; one with a ``fold_by`` seen before only fills what the earlier record lacks."""
        first = self._places.setdefault(fold_by, len(self.records)) if fold_by else len(self.records)
        if first == len(self.records):
            self.records.append(record)
            return
        self.records[first] = filled(self.records[first], record)
        self.repeated += 1

    def add_problem(self, reason: str, text: str) -> None:
        """Add an entry that gave no record, with its text (all of it but for absurd lengths)."""
        text = clean_text(text)
        if len(text) > _KEPT_TEXT:
            text = text[:_KEPT_TEXT] + " …"
        self.problems.append(Problem(self._next_place(), reason, text))

    def add_boilerplate(self, count: int = 1) -> None:
        """Add entries that are no papers by their nature."""
        self.boilerplate += count

    def listing(self, format_name: str, decoded: DecodedText, **said: Any) -> ParsedListing:
        """The listing that the entries make; ``said`` is what the file says of itself, such as its ``heading``."""
        account = LineAccount(
            AccountUnit.ENTRIES,
            total=self.total,
            records=len(self.records) + self.repeated,
            boilerplate=self.boilerplate,
            problems=len(self.problems),
        )
        return ParsedListing(
            format=format_name,
            records=tuple(self.records),
            account=account,
            problems=tuple(self.problems),
            encoding=decoded.encoding,
            encoding_uncertain=decoded.uncertain,
            repeated=self.repeated,
            **said,
        )


def filled(record: ListingRecord, later: ListingRecord) -> ListingRecord:
    """A record with what it lacks taken from a later card of the same paper."""
    lacking = {name: getattr(later, name) for name in _FILLED_FIELDS.split() if getattr(record, name) in _NOTHING}
    return replace(record, **lacking)
