"""Dumps of the Daily Papers page that keep its links: the cards of papers, gathered line by line.

A reader for each way in which dumps write links (:mod:`reader.formats.markdown`, :mod:`reader.formats.address_lines`,
:mod:`reader.formats.numbered_links`) says what a line is; here stands what they have in common.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from reader.domain.arxiv import normalize_arxiv_id
from reader.domain.dates import PartialDate
from reader.domain.records import LineRange, ListingRecord, Organization, ParsedListing
from reader.formats.entries import filled
from reader.formats.ledger import LineLedger
from reader.formats.page import Origin, collapse, heading_with_year, paper_id_of, read_count, read_front_matter
from reader.formats.text_decoder import decode

_LONGEST_QUERY = 300
_NO_TITLE = "This paper has no title."
CUT_OFF = "This paper is cut off: the file ends in the middle of it."
"""Why a card at the end of an incomplete dump is a problem."""


@dataclass(slots=True)
class Card:
    """One paper's card. ``lines`` (from 0) are all its lines so far; ``broken`` is why it is a problem, if it is."""

    title: str = ""
    address: str | None = None
    lines: list[int] = field(default_factory=list)
    abstract: str | None = None
    author_count: int | None = None
    organization: Organization | None = None
    published: PartialDate | None = None
    comments: int | None = None
    upvotes: int | None = None
    arxiv_id: str | None = None
    code_urls: list[str] = field(default_factory=list)
    project_url: str | None = None
    submitted_by: str | None = None
    broken: str | None = None

    @property
    def paper_id(self) -> str | None:
        """The id in the address of the paper's page."""
        return paper_id_of(self.address) if self.address else None

    @property
    def has_details(self) -> bool:
        """Whether anything that stands below the abstract was read already."""
        return self.author_count is not None or self.organization is not None or self.published is not None

    @property
    def awaits_abstract(self) -> bool:
        """Whether its abstract may still come."""
        return self.abstract is None and not self.has_details

    def record(self) -> ListingRecord:
        """The card as a record."""
        url = self.address
        if url is not None and url.startswith("/"):
            url = f"https://huggingface.co{url}"
        return ListingRecord(
            self.title,
            self.abstract or "",
            LineRange(min(self.lines) + 1, max(self.lines) + 1),
            author_count=self.author_count,
            organization=self.organization,
            published=self.published,
            comments=self.comments,
            upvotes=self.upvotes,
            arxiv_id=self.arxiv_id or (normalize_arxiv_id(url) if url else None),
            url=url,
            code_urls=tuple(self.code_urls),
            project_url=self.project_url,
            submitted_by=self.submitted_by,
        )


class CardReader:
    """Reads a dump's lines once; :meth:`listing` then gives what was read.

    ``_card`` is the open card, ``_next`` collects what is above the next title. With ``fold_repeated``, a card that
    repeats an earlier one (same arXiv id, else same title and abstract) only adds what that one lacked.
    """

    def __init__(self, data: bytes, *, fold_repeated: bool = False) -> None:
        self._decoded = decode(data)
        self._lines: Sequence[str] = self._decoded.lines()
        self._ledger = LineLedger(self._lines)
        self._fold_repeated = fold_repeated
        self._origin = Origin()
        self._heading: PartialDate | None = None
        self._query: str | None = None
        self._previous_page: str | None = None
        self._records: list[ListingRecord] = []
        self._places: dict[str | tuple[str, str], int] = {}
        self._repeated = 0
        self._unknown_at_top: list[tuple[int, str]] = []
        self._card: Card | None = None
        self._next = Card()

    def listing(self, name: str) -> ParsedListing:
        """Read all lines: the listing, as one of format ``name``."""
        self._origin, index = read_front_matter(self._lines)
        self._boilerplate(range(index))
        while index < len(self._lines):
            text = self._lines[index].strip()
            index = self._take(index, text) if text else index + 1
        self._end()
        return self._ledger.listing(
            name,
            self._decoded,
            self._records,
            heading=heading_with_year(self._heading, self._previous_page),
            retrieved=self._origin.retrieved,
            query=self._origin.query or self._query,
            source_url=self._origin.url,
            repeated=self._repeated,
        )

    def _take(self, index: int, text: str) -> int:
        """Read what begins in a line that is not blank; returns the line after it."""
        raise NotImplementedError

    def _end(self) -> None:
        """The file ends."""
        self._end_card()
        self._settle_top()

    @property
    def _at_top(self) -> bool:
        """Whether no card has begun yet."""
        return self._card is None and not self._records

    def _open_card(self, lines: Iterable[int], title: str, address: str | None) -> None:
        """Begin the next paper's card with its title and what stood above it."""
        self._end_card()
        self._settle_top()
        self._card, self._next = self._next, Card()
        self._card.title, self._card.address = title, address
        self._card.lines += lines

    def _end_card(self) -> None:
        """Take the open card: as a record, as a repetition, or as a problem."""
        card, self._card = self._card, None
        if card is None:
            return
        reason = card.broken or (None if card.title else _NO_TITLE)
        if reason is not None:
            self._ledger.problem(min(card.lines), max(card.lines), reason)
            return
        self._ledger.record_lines(card.lines)
        record = card.record()
        key = record.arxiv_id or (record.title, record.abstract)
        place = self._places.get(key) if self._fold_repeated else None
        if place is None:
            self._places[key] = len(self._records)
            self._records.append(record)
            return
        self._repeated += 1
        first = filled(self._records[place], record)
        if place == len(self._records) - 1:  # the repetition follows at once: its lines are the record's too
            first = replace(first, lines=LineRange(first.lines.first, record.lines.last))
        self._records[place] = first

    def _take_votes(self, lines: Iterable[int], shown: str) -> None:
        """Read upvotes, which open the next card."""
        self._end_card()
        self._next.upvotes = read_count(shown)
        self._next.lines += lines

    def _take_date(self, index: int, day: PartialDate, comments: int | None) -> bool:
        """Read a date: of the open card, or of the page above the cards; False if it can be neither."""
        card = self._card
        if card is not None and card.published is None:
            card.published, card.comments = day, comments
            card.lines.append(index)
        elif self._at_top and self._heading is None:
            self._heading = day
            self._boilerplate([index])
        else:
            return False
        return True

    def _take_shown_date(self, index: int, day: PartialDate, comments: str | None) -> bool:
        """The same with the number of comments as the page shows it."""
        return self._take_date(index, day, read_count(comments) if comments else None)

    def _boilerplate(self, indices: Iterable[int]) -> None:
        """Lines of the page itself."""
        for index in indices:
            self._ledger.boilerplate(index)

    def _take_statement(self, index: int, key: str, value: str) -> None:
        """Read what a dump says of itself above the cards."""
        self._origin = self._origin.learn(key, value)
        self._ledger.boilerplate(index)

    def _settle_top(self) -> None:
        """The first card begins: one unknown line above it is the search that the page shows, several are problems."""
        unknown, self._unknown_at_top = self._unknown_at_top, []
        if len(unknown) == 1 and len(unknown[0][1]) <= _LONGEST_QUERY:
            index, text = unknown[0]
            self._query = collapse(text)
            self._ledger.boilerplate(index)


def joined_lines(lines: Sequence[tuple[int, str]]) -> str:
    """A text of several lines: wrapped ones joined by single spaces, a blank line between two kept."""
    parts = [lines[0][1]]
    for (above, _), (index, text) in pairwise(lines):
        parts += ("\n\n" if index > above + 1 else " ", text)
    return "".join(parts)
