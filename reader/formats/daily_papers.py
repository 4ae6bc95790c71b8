"""The data behind a Daily Papers page, as the site's API gives it and as its pages carry it.

``[{"paper": {"id", "title", "summary", "authors": [{"name"}], "publishedAt", "upvotes", …}, "numComments", …}, …]``,
or an object with that list as ``dailyPapers`` (a page's data; with a ``query`` the page shows ``searchResults``
instead). Field names were read from two days of the API, an old and a new schema.

Decisions. Titles and summaries keep their text, but arXiv's line wrapping is folded (``entries.fold_lines``). Authors
marked ``hidden`` are kept: that mark says what the site shows on a person's profile, not who wrote the paper. The
paper's own ``publishedAt`` is its date; the entry's is the day it was submitted to the page. A count of the wrong type
or size is ignored; a title or a summary that is no text makes its entry a problem.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from reader.domain.arxiv import normalize_arxiv_id
from reader.domain.dates import PartialDate
from reader.domain.errors import ParseError
from reader.domain.links import is_safe_url
from reader.domain.records import LineRange, ListingRecord, Organization
from reader.formats.decoding import clean_text
from reader.formats.entries import BrokenEntryError, EntryTally, fold_lines
from reader.formats.page import collapse

PAPER_PAGE = "https://huggingface.co/papers/"
_LONGEST_INTEGER = 18  # digits that surely fit 64 bits
_Mapping = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class PageData:
    """What was found in a page's data: the entries it shows, how many others it holds, its search and its date."""

    entries: list[object]
    others: int = 0
    query: str | None = None
    heading: PartialDate | None = None


def load_json(text: str) -> object:
    """The value of a JSON text; raises :class:`ParseError`. Integers that no count could be are None."""
    try:
        value: object = json.loads(text, parse_int=_bounded_integer)
    except json.JSONDecodeError as error:
        raise ParseError(
            f"The JSON breaks off or is damaged at line {error.lineno}, column {error.colno}; save or fetch it again."
        ) from error
    except (RecursionError, ValueError) as error:
        raise ParseError("The JSON is nested too deeply to be a list of papers.") from error
    return value


def find_page_data(value: object) -> PageData | None:
    """The entries in a JSON value, a list of them or an object that has them; None where there are none."""
    if isinstance(value, list):
        return PageData(value)
    if not isinstance(value, dict):
        return None
    shown, other = _list(value.get("dailyPapers")), _list(value.get("searchResults"))
    query = _query(value.get("query"))
    if other is not None and (query or shown is None):
        shown, other = other, shown
    elif shown is None:
        shown = [value] if "title" in value and ("paper" in value or "id" in value) else _list(value.get("papers"))
    if shown is None:
        return None
    heading = PartialDate.parse_iso(_text(value, "dateString"))
    return PageData(shown, len(other or []), query, heading)


def tally_entries(data: PageData) -> EntryTally:
    """Every entry of a page's data as a record or a problem; a paper listed twice is one record."""
    tally = EntryTally()
    for entry in data.entries:
        try:
            record = _record(entry, tally.next_place())
        except BrokenEntryError as broken:
            tally.add_problem(str(broken), _source(entry))
        else:
            tally.add_record(record, fold_by=record.url)
    tally.add_furniture(data.others)
    return tally


def common_day(data: PageData) -> PartialDate | None:
    """The day that all of a page's entries were submitted to it; None if they differ or do not say."""
    days = {_submission_day(_mapping(entry)) for entry in data.entries}
    return days.pop() if len(days) == 1 else None


def _record(entry: object, place: LineRange) -> ListingRecord:
    """One entry as a record; raises :class:`BrokenEntryError`."""
    outer = _mapping(entry)
    paper = _mapping(outer["paper"]) if "paper" in outer else outer
    if not paper:
        raise BrokenEntryError("The entry holds no paper.")
    title, abstract = _folded("title", (paper, outer)), _folded("summary", (paper, outer))
    if not title:
        raise BrokenEntryError("The paper has no title.")
    identifier = _text(paper, "id").strip()
    authors = _author_names(paper.get("authors"))
    return ListingRecord(
        title=title,
        abstract=abstract,
        lines=place,
        authors=authors,
        author_count=len(authors) or None,
        organization=_organization(outer.get("organization")) or _organization(paper.get("organization")),
        published=PartialDate.parse_iso(_text(paper, "publishedAt")),
        comments=_count(outer.get("numComments", paper.get("numComments"))),
        upvotes=_count(paper.get("upvotes", outer.get("upvotes"))),
        arxiv_id=normalize_arxiv_id(identifier),
        url=_page_url(identifier),
        code_urls=_addresses(paper.get("githubRepo")),
        project_url=next(iter(_addresses(paper.get("projectPage"))), None),
        keywords=_texts(paper.get("ai_keywords")),
        submitted_by=_submitter((outer.get("submittedBy"), paper.get("submittedOnDailyBy"))),
    )


def _folded(key: str, sources: Iterable[_Mapping]) -> str:
    """The first text of that name, folded, or empty; raises where it stands there as anything but text."""
    for source in sources:
        value = source.get(key)
        if isinstance(value, str):
            if folded := fold_lines(value):
                return folded
        elif value is not None:
            raise BrokenEntryError(f"The paper's {key} is no text.")
    return ""


def _author_names(value: object) -> tuple[str, ...]:
    """The names in a list of authors, which are objects with a ``name`` or bare texts."""
    names = (item if isinstance(item, str) else _text(_mapping(item), "name") for item in _list(value) or [])
    return tuple(collapsed for name in names if (collapsed := collapse(clean_text(name))))


def _organization(value: object) -> Organization | None:
    """An organisation by account and full name; either alone will do."""
    fields = _mapping(value)
    account, name = fold_lines(_text(fields, "name")), fold_lines(_text(fields, "fullname"))
    return Organization(account, name or account) if account or name else None


def _submitter(candidates: Iterable[object]) -> str | None:
    """The account that submitted the paper to the page, else that person's name."""
    for candidate in candidates:
        for key in ("name", "user", "fullname"):
            if name := fold_lines(_text(_mapping(candidate), key)):
                return name
    return None


def _submission_day(entry: _Mapping) -> PartialDate | None:
    """The day an entry was submitted to the page: ``submittedOnDailyAt``, in the old schema ``publishedAt``."""
    paper = _mapping(entry.get("paper"))
    shown = _text(paper, "submittedOnDailyAt") or _text(entry, "submittedOnDailyAt")
    if not shown and "paper" in entry:
        shown = _text(entry, "publishedAt")
    return PartialDate.parse_iso(shown)


def _page_url(identifier: str) -> str | None:
    """The site's page of a paper."""
    address = PAPER_PAGE + identifier
    return address if identifier and is_safe_url(address) else None


def _addresses(value: object) -> tuple[str, ...]:
    """A web address in a tuple, if it is one."""
    return (value.strip(),) if isinstance(value, str) and is_safe_url(value.strip()) else ()


def _count(value: object) -> int | None:
    """A count, if it is one."""
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def _texts(value: object) -> tuple[str, ...]:
    """The texts in a list, each once."""
    texts = (fold_lines(item) for item in _list(value) or [] if isinstance(item, str))
    return tuple(dict.fromkeys(text for text in texts if text))


def _query(value: object) -> str | None:
    """A page's search: a text, or an object with the text as ``q``."""
    text = value if isinstance(value, str) else _text(_mapping(value), "q")
    return fold_lines(text) or None


def _text(source: _Mapping, key: str) -> str:
    """A member that is a text; empty where there is none."""
    value = source.get(key)
    return value if isinstance(value, str) else ""


def _mapping(value: object) -> _Mapping:
    """An object's members; empty for anything else."""
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[object] | None:
    """A list; None for anything else."""
    return value if isinstance(value, list) else None


def _bounded_integer(digits: str) -> int | None:
    """An integer of JSON; None where it does not surely fit 64 bits."""
    return int(digits) if len(digits) <= _LONGEST_INTEGER else None


def _source(entry: object) -> str:
    """An entry written out again, for a problem's text."""
    try:
        return json.dumps(entry, ensure_ascii=False)
    except (RecursionError, ValueError):
        return "an entry nested too deeply to show"
