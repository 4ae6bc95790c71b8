"""The data behind a Daily Papers page, as the site's API gives it and as its pages carry it.

``[{"paper": {"id", "title", "summary", "authors": [{"name"}], "publishedAt", "upvotes", …}, "numComments", …}, …]``,
or an object with that list as ``dailyPapers`` (a page's data; with a ``query`` the page shows ``searchResults``
instead). Field names were read from two days of the API, an old and a new schema.

Decisions. Titles and summaries keep their text, but arXiv's line wrapping is folded (``entries.fold_lines``). Authors
marked ``hidden`` are kept: that mark says what the site shows on a person's profile, not who wrote the paper. The
paper's own ``publishedAt`` is its date; the entry's is the day it was submitted to the page. A count of the wrong type
or size is ignored; a title or a summary that is no text makes its entry a problem. So does an entry that neither has a
``paper`` nor an arXiv identifier: lists of models and of things to do have titles and ids, too.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from reader.domain.arxiv import normalize_arxiv_id
from reader.domain.dates import PartialDate
from reader.domain.links import is_safe_url
from reader.domain.records import LineRange, ListingRecord, Organization
from reader.formats.entries import NO_TITLE, BrokenEntryError, EntryTally, fold_lines
from reader.formats.json_reader import (
    Members,
    folded_text,
    items_of,
    members_of,
    names_of,
    text_of,
    texts_of,
    written_out,
)
from reader.formats.text_decoder import refuse_crumbs

PAPER_PAGE = "https://huggingface.co/papers/"


@dataclass(frozen=True, slots=True)
class PageData:
    """What was found in a page's data: the entries it shows, how many others it holds, its search and its date."""

    entries: list[object]
    others: int = 0
    query: str | None = None
    heading: PartialDate | None = None


def find_page_data(value: object) -> PageData | None:
    """The entries in a JSON value, a list of them or an object that has them; None where there are none."""
    if isinstance(value, list):
        return PageData(value)
    if not isinstance(value, dict):
        return None
    shown, other = items_of(value.get("dailyPapers")), items_of(value.get("searchResults"))
    query = _query(value.get("query"))
    if other is not None and (query or shown is None):
        shown, other = other, shown
    elif shown is None:
        shown = [value] if "title" in value and ("paper" in value or "id" in value) else items_of(value.get("papers"))
    if shown is None:
        return None
    heading = PartialDate.parse_iso(text_of(value, "dateString"))
    return PageData(shown, len(other or []), query, heading)


def tally_entries(data: PageData, size: int) -> EntryTally:
    """Every entry of a page's data as a record or a problem; a paper listed twice is one record.

    Raises :class:`ParseError` for more entries than a text of that ``size`` can have.
    """
    refuse_crumbs(len(data.entries) + data.others, size, "entries", least=60)
    tally = EntryTally().take(data.entries, _record, written_out, fold_by_url=True)
    tally.add_boilerplate(data.others)
    return tally


def common_day(data: PageData) -> PartialDate | None:
    """The day that all of a page's entries were submitted to it; None if they differ or do not say."""
    days = {_submission_day(members_of(entry)) for entry in data.entries}
    return days.pop() if len(days) == 1 else None


def _record(entry: object, place: LineRange) -> ListingRecord:
    """One entry as a record; raises :class:`BrokenEntryError`."""
    outer = members_of(entry)
    paper = members_of(outer["paper"]) if "paper" in outer else outer
    if not paper:
        raise BrokenEntryError("The entry contains no paper.")
    title, abstract = folded_text("title", (paper, outer)), folded_text("summary", (paper, outer))
    if not title:
        raise BrokenEntryError(NO_TITLE)
    identifier = text_of(paper, "id").strip()
    arxiv_id = normalize_arxiv_id(identifier)
    if arxiv_id is None and "paper" not in outer:
        raise BrokenEntryError("The entry has neither a “paper” nor an arXiv identifier.")
    authors = names_of(paper.get("authors"))
    return ListingRecord(
        title=title,
        abstract=abstract,
        lines=place,
        authors=authors,
        author_count=len(authors) or None,
        organization=_organization(outer.get("organization")) or _organization(paper.get("organization")),
        published=PartialDate.parse_iso(text_of(paper, "publishedAt")),
        comments=_count(outer.get("numComments", paper.get("numComments"))),
        upvotes=_count(paper.get("upvotes", outer.get("upvotes"))),
        arxiv_id=arxiv_id,
        url=PAPER_PAGE + arxiv_id if arxiv_id else None,
        code_urls=_addresses(paper.get("githubRepo")),
        project_url=next(iter(_addresses(paper.get("projectPage"))), None),
        keywords=texts_of(paper.get("ai_keywords")),
        submitted_by=_submitter((outer.get("submittedBy"), paper.get("submittedOnDailyBy"))),
    )


def _organization(value: object) -> Organization | None:
    """An organisation by account and full name; either alone will do."""
    fields = members_of(value)
    account, name = fold_lines(text_of(fields, "name")), fold_lines(text_of(fields, "fullname"))
    return Organization(account, name or account) if account or name else None


def _submitter(candidates: Iterable[object]) -> str | None:
    """The account that submitted the paper to the page, else that person's name."""
    for candidate in candidates:
        for key in ("name", "user", "fullname"):
            if name := fold_lines(text_of(members_of(candidate), key)):
                return name
    return None


def _submission_day(entry: Members) -> PartialDate | None:
    """The day an entry was submitted to the page: ``submittedOnDailyAt``, in the old schema ``publishedAt``."""
    paper = members_of(entry.get("paper"))
    shown = text_of(paper, "submittedOnDailyAt") or text_of(entry, "submittedOnDailyAt")
    if not shown and "paper" in entry:
        shown = text_of(entry, "publishedAt")
    return PartialDate.parse_iso(shown)


def _addresses(value: object) -> tuple[str, ...]:
    """A web address in a tuple, if it is one."""
    return (value.strip(),) if isinstance(value, str) and is_safe_url(value.strip()) else ()


def _count(value: object) -> int | None:
    """A count, if it is one."""
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def _query(value: object) -> str | None:
    """A page's search: a text, or an object with the text as ``q``."""
    text = value if isinstance(value, str) else text_of(members_of(value), "q")
    return fold_lines(text) or None
