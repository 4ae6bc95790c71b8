"""Cards: what the formats with links gather about one paper, line by line, before it becomes a record."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from reader.domain.arxiv import normalize_arxiv_id
from reader.domain.dates import PartialDate
from reader.domain.records import LineRange, ListingRecord, Organization, ParsedListing
from reader.formats.ledger import LineLedger
from reader.formats.page import Origin, collapse, heading_with_year, paper_id_of
from reader.formats.text_decoder import DecodedText

_FILLED = (
    "abstract",
    "author_count",
    "organization",
    "published",
    "comments",
    "upvotes",
    "arxiv_id",
    "url",
    "code_urls",
    "project_url",
    "submitted_by",
)
_LONGEST_QUERY = 300
_NO_TITLE = "This is a paper's card whose title is missing."
CUT_OFF = "This paper's card is cut off: the file ends within it."
"""Why a card at the end of an incomplete dump is a problem."""


@dataclass(slots=True)
class Ahead:
    """What stands above a title and belongs to its card: lines, upvotes, who submitted it."""

    lines: list[int] = field(default_factory=list)
    upvotes: int | None = None
    submitted_by: str | None = None
    expects_name: bool = False


@dataclass(slots=True)
class Card:
    """One paper's card. ``lines`` (from 0) are all its lines so far; ``broken`` says why it is no paper, if so."""

    title: str
    address: str | None
    lines: list[int]
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


@dataclass(slots=True)
class CardTally:
    """A listing made of cards, while it is read: its records, its lines' account, and what the page says of itself.

    With ``fold_repeated``, a card that repeats an earlier one (same arXiv id, else same title and abstract) only adds
    what that one lacked.
    """

    ledger: LineLedger
    origin: Origin = field(default_factory=Origin)
    heading: PartialDate | None = None
    query: str | None = None
    previous_page: str | None = None
    fold_repeated: bool = False
    repeated: int = 0
    records: list[ListingRecord] = field(default_factory=list)
    _places: dict[str | tuple[str, str], int] = field(default_factory=dict)
    _unknown_at_top: list[tuple[int, str]] = field(default_factory=list)

    def add(self, card: Card) -> None:
        """Take a finished card: as a record, as a repetition, or as a problem."""
        reason = card.broken or (None if card.title else _NO_TITLE)
        if reason is not None:
            self.ledger.problem(min(card.lines), max(card.lines), reason)
            return
        self.ledger.record_lines(card.lines)
        record = card.record()
        place = self._places.get(_key(record)) if self.fold_repeated else None
        if place is None:
            self._places[_key(record)] = len(self.records)
            self.records.append(record)
        else:
            self.repeated += 1
            self.records[place] = _merge(self.records[place], record, adjacent=place == len(self.records) - 1)

    def boilerplate(self, indices: Iterable[int]) -> None:
        """Lines of the page itself."""
        for index in indices:
            self.ledger.boilerplate(index)

    def unknown_at_top(self, index: int, text: str) -> None:
        """A line above the first card that is neither the page's nor the dump's own; perhaps the searched words."""
        self._unknown_at_top.append((index, text))

    def settle_top(self) -> None:
        """The first card begins: one unknown line above it is the search that the page shows, several are problems."""
        unknown, self._unknown_at_top = self._unknown_at_top, []
        if len(unknown) == 1 and len(unknown[0][1]) <= _LONGEST_QUERY:
            index, text = unknown[0]
            self.query = collapse(text)
            self.ledger.boilerplate(index)

    def listing(self, name: str, decoded: DecodedText) -> ParsedListing:
        """The listing that was read."""
        account, problems = self.ledger.close()
        return ParsedListing(
            name,
            tuple(self.records),
            account,
            problems,
            heading=heading_with_year(self.heading, self.previous_page),
            retrieved=self.origin.retrieved,
            query=self.origin.query or self.query,
            source_url=self.origin.url,
            encoding=decoded.encoding,
            encoding_uncertain=decoded.uncertain,
            repeated=self.repeated,
        )


def _key(record: ListingRecord) -> str | tuple[str, str]:
    """What two cards of one paper have in common."""
    return record.arxiv_id or (record.title, record.abstract)


def _merge(first: ListingRecord, second: ListingRecord, *, adjacent: bool) -> ListingRecord:
    """The first card with what only its repetition says; it takes the repetition's lines too if they follow its own."""
    filled: dict[str, Any] = {
        name: getattr(second, name) for name in _FILLED if not getattr(first, name) and getattr(second, name)
    }
    if adjacent:
        filled["lines"] = LineRange(first.lines.first, second.lines.last)
    return replace(first, **filled)
