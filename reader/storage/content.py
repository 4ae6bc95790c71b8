"""The rules by which a paper's content changes when another listing shows it (content rank).

Title and abstract come from the best source: the higher rank, and of equals the newer listing. A lower one only fills
gaps, and an empty value never replaces another. Comments and upvotes come from the newest sighting that shows any. A
date that the page shows in full outranks one whose year was worked out, which outranks one whose year was guessed.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields

from reader.domain.bibliography import Name, Publication
from reader.domain.preparation import PreparedRecord

UNKNOWN, GUESSED, INFERRED, EXPLICIT = 0, 1, 2, 3
"""The certainty of a publication date: none, its year guessed, its year worked out, shown in full."""


@dataclass(slots=True, eq=False)
class PaperContent:
    """A row of ``papers``, column by column; lists are JSON text, as stored."""

    id: int
    key: str
    arxiv_id: str | None
    title: str
    title_fold: str
    published: str | None
    published_certainty: int
    sort_date: str
    first_seen: str
    first_listing_id: int | None
    comments: int | None
    upvotes: int | None
    counts_date: str
    content_rank: int
    content_date: str
    author_count: int | None
    organization_account: str | None
    organization_name: str | None
    url: str | None
    project_url: str | None
    code_urls: str
    keywords: str
    categories: str
    authors: str
    author_names: str
    more_authors: int
    doi: str | None
    venue: str | None
    volume: str | None
    number: str | None
    pages: str | None
    publisher: str | None
    entry_type: str | None
    cite_key_given: str | None
    abstract: str

    def values(self) -> tuple[object, ...]:
        """The row, in the order of :data:`COLUMNS`."""
        return tuple([getattr(self, column) for column in COLUMNS])


PUBLICATION_COLUMNS = tuple(field.name for field in fields(Publication))
COLUMNS = tuple(field.name for field in fields(PaperContent))
_SHOWN = tuple(set(COLUMNS) - {"sort_date", "counts_date", "content_rank", "content_date"})
EMPTY_LIST = "[]"
_MERGED_TEXT = (
    *("abstract", "url", "project_url", "code_urls", "keywords", "categories", "authors", "doi"),
    *PUBLICATION_COLUMNS,
)
"""The columns that are taken from the row of higher rank, unless they are empty there."""


@dataclass(frozen=True, slots=True)
class Source:
    """The listing a record comes from: its rank, its date (heading, else import), and the present moment.

    ``counted`` is the day of its comments and upvotes, for a fetched page the day of the fetch; empty if they are old.
    """

    listing_id: int
    rank: int
    date: str
    now: str
    counted: str = ""


def new_content(paper_id: int, key: str, prepared: PreparedRecord, source: Source) -> PaperContent:
    """The content of a paper that is seen for the first time."""
    record = prepared.record
    organization = record.organization
    return PaperContent(
        id=paper_id,
        key=key,
        arxiv_id=record.arxiv_id,
        title=record.title,
        title_fold=prepared.fold,
        published=prepared.published,
        published_certainty=date_certainty(prepared),
        sort_date=prepared.published or source.date,
        first_seen=source.now,
        first_listing_id=source.listing_id,
        comments=record.comments,
        upvotes=record.upvotes,
        counts_date=source.counted,
        content_rank=source.rank,
        content_date=source.date,
        author_count=_author_count(prepared),
        organization_account=organization.account if organization else None,
        organization_name=organization.name if organization else None,
        url=record.url,
        project_url=record.project_url,
        code_urls=as_json(prepared.code_urls),
        keywords=as_json(record.keywords),
        categories=as_json(record.categories),
        authors=as_json(record.authors),
        author_names=names_as_json(record.author_names),
        more_authors=int(record.more_authors),
        doi=record.doi,
        **publication_columns(record.publication),
        abstract=record.abstract,
    )


def merge_content(paper: PaperContent, prepared: PreparedRecord, source: Source) -> bool:
    """Merge a further sighting's content in place; True if anything changed that a reader sees."""
    before = [getattr(paper, column) for column in _SHOWN]
    outranks = (source.rank, source.date) >= (paper.content_rank, paper.content_date)
    _merge_text(paper, prepared, source, outranks)
    _merge_details(paper, prepared, outranks)
    _merge_date(paper, prepared, outranks)
    _merge_counts(paper, prepared, source)
    return before != [getattr(paper, column) for column in _SHOWN]


def date_certainty(prepared: PreparedRecord) -> int:
    """The certainty of a record's date."""
    if prepared.published is None:
        return UNKNOWN
    if prepared.published_guessed:
        return GUESSED
    shown = prepared.record.published
    return EXPLICIT if shown is None or shown.year is not None else INFERRED


def as_json(values: tuple[str, ...]) -> str:
    """A list of texts in its stored form."""
    return json.dumps(values, ensure_ascii=False) if values else EMPTY_LIST


def names_as_json(names: Iterable[Name]) -> str:
    """Names in their parts in their stored form: a list of objects without their empty parts."""
    parts = [{part: text for part, text in asdict(name).items() if text} for name in names]
    return json.dumps(parts, ensure_ascii=False) if parts else EMPTY_LIST


def names_from_json(text: str) -> tuple[Name, ...]:
    """Names in their parts from their stored form."""
    return () if text == EMPTY_LIST else tuple(Name(**parts) for parts in json.loads(text))


def publication_columns(publication: Publication) -> dict[str, str | None]:
    """A publication's fields by column."""
    return {column: getattr(publication, column) for column in PUBLICATION_COLUMNS}


def _author_count(prepared: PreparedRecord) -> int | None:
    """The number of authors: the page's count, otherwise the number it names unless there are more."""
    record = prepared.record
    return record.author_count or (None if record.more_authors else len(record.authors) or None)


def _merge_text(paper: PaperContent, prepared: PreparedRecord, source: Source, outranks: bool) -> None:
    """Merge title and abstract. Empty text never replaces any: the announcement of a new version has no abstract."""
    record = prepared.record
    if outranks:
        if record.title:
            paper.title, paper.title_fold = record.title, prepared.fold
        if record.abstract:
            paper.abstract = record.abstract
        paper.content_rank, paper.content_date = source.rank, source.date
    else:
        paper.abstract = paper.abstract or record.abstract


def _merge_details(paper: PaperContent, prepared: PreparedRecord, outranks: bool) -> None:
    """Merge people, places and links. Authors go with their number, and an organisation's account with its name."""
    record = prepared.record
    paper.arxiv_id = paper.arxiv_id or record.arxiv_id
    if record.authors and (outranks or paper.authors == EMPTY_LIST):
        paper.authors, paper.author_count = as_json(record.authors), _author_count(prepared)
        paper.author_names, paper.more_authors = names_as_json(record.author_names), int(record.more_authors)
    elif record.author_count and (paper.author_count is None or (outranks and paper.authors == EMPTY_LIST)):
        paper.author_count = record.author_count
    if record.organization is not None and (outranks or paper.organization_name is None):
        paper.organization_account = record.organization.account
        paper.organization_name = record.organization.name
    for column, value, empty in (
        ("url", record.url, None),
        ("project_url", record.project_url, None),
        ("code_urls", as_json(prepared.code_urls), EMPTY_LIST),
        ("keywords", as_json(record.keywords), EMPTY_LIST),
        ("categories", as_json(record.categories), EMPTY_LIST),
        ("doi", record.doi, None),
        *((column, getattr(record.publication, column), None) for column in PUBLICATION_COLUMNS),
    ):
        if value and value != empty and (outranks or getattr(paper, column) == empty):
            setattr(paper, column, value)


def _merge_date(paper: PaperContent, prepared: PreparedRecord, outranks: bool) -> None:
    """Merge the publication date; a date that says less about the same day confirms it and replaces nothing."""
    certainty, published = date_certainty(prepared), prepared.published
    if published is None:
        return
    known = paper.published
    # A date of reduced precision is a prefix of the full one: “2024-05” of “2024-05-03”.
    if known is not None and known.startswith(published):
        paper.published_certainty = max(certainty, paper.published_certainty)
        return
    adds = known is not None and published.startswith(known) and certainty >= paper.published_certainty
    if certainty > paper.published_certainty or adds or (certainty == paper.published_certainty and outranks):
        paper.published, paper.published_certainty, paper.sort_date = published, certainty, published


def _merge_counts(paper: PaperContent, prepared: PreparedRecord, source: Source) -> None:
    """Merge comments and upvotes, each from the newest sighting that shows it."""
    record = prepared.record
    newer = source.counted >= paper.counts_date
    if record.comments is not None and (newer or paper.comments is None):
        paper.comments = record.comments
    if record.upvotes is not None and (newer or paper.upvotes is None):
        paper.upvotes = record.upvotes
    if newer and (record.comments is not None or record.upvotes is not None):
        paper.counts_date = source.counted


def absorb(paper: PaperContent, other: PaperContent, *, wins_ties: bool = False) -> None:
    """Merge another row of the same paper in place; key and first sighting stay.

    Of equal rank and day, ``other`` outranks it only if it ``wins_ties``.
    """
    ranks = [(each.content_rank, each.content_date) for each in (paper, other)]
    outranks = ranks[1] > ranks[0] or (wins_ties and ranks[1] == ranks[0])
    if outranks:
        paper.title, paper.title_fold = other.title, other.title_fold
        paper.abstract = other.abstract or paper.abstract
        paper.content_rank, paper.content_date = other.content_rank, other.content_date
    if other.authors != EMPTY_LIST and (outranks or paper.authors == EMPTY_LIST):
        paper.author_names, paper.more_authors = other.author_names, other.more_authors
    for column in _MERGED_TEXT:
        value = getattr(other, column)
        if value not in (None, "", EMPTY_LIST) and (outranks or getattr(paper, column) in (None, "", EMPTY_LIST)):
            setattr(paper, column, value)
    if paper.author_count is None or (outranks and other.author_count is not None):
        paper.author_count = other.author_count
    if paper.organization_name is None or (outranks and other.organization_name is not None):
        paper.organization_account, paper.organization_name = other.organization_account, other.organization_name
    if other.published_certainty > paper.published_certainty:
        paper.published, paper.published_certainty = other.published, other.published_certainty
        paper.sort_date = other.sort_date
    newer = other.counts_date > paper.counts_date
    for column in ("comments", "upvotes"):
        if getattr(other, column) is not None and (newer or getattr(paper, column) is None):
            setattr(paper, column, getattr(other, column))
    paper.counts_date = max(paper.counts_date, other.counts_date)
    paper.first_seen = min(paper.first_seen, other.first_seen)
    paper.arxiv_id = paper.arxiv_id or other.arxiv_id
