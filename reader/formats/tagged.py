"""What the line-wise forms of PubMed and EndNote have in common: tags with values, which may go on over lines."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from reader.domain.arxiv import arxiv_page_url
from reader.domain.bibliography import Name, Publication
from reader.domain.dates import MONTH_NAMES, PartialDate
from reader.domain.doi import doi_page_url
from reader.domain.links import is_safe_url
from reader.domain.records import LineRange, ListingRecord, ParsedListing
from reader.formats.entries import BrokenEntryError, EntryTally, fold_lines
from reader.formats.markup import without_markup
from reader.formats.people import author_fields
from reader.formats.text_decoder import decode

_COMPACT = re.compile(r"^(\d{4})(\d\d)(\d\d)$")
_YEAR = re.compile(r"(?<!\d)(1[5-9]\d\d|20\d\d)(?!\d)")
_MONTH = re.compile(rf"\b({'|'.join(MONTH_NAMES)})[a-z]{{0,6}}\b", re.IGNORECASE)
_DAY = re.compile(r"(?<!\d)([0-3]?\d)(?!\d)")
_ENTRY_TYPES = {
    **dict.fromkeys(("journal article", "review", "electronic article", "magazine article"), "article"),
    **dict.fromkeys(("conference paper", "conference proceedings"), "inproceedings"),
    **dict.fromkeys(("book section", "book chapter", "electronic book section"), "incollection"),
    **dict.fromkeys(("book", "edited book", "electronic book"), "book"),
    **dict.fromkeys(("report", "technical report", "government document"), "techreport"),
    **dict.fromkeys(("thesis", "dissertation"), "phdthesis"),
    **dict.fromkeys(("preprint", "web page", "generic", "dataset", "computer program"), "misc"),
    "unpublished work": "unpublished",
}


@dataclass(slots=True)
class TaggedEntry:
    """One entry: its values by tag, each tag maybe several times, and its lines."""

    values: dict[str, list[str]] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)

    def all(self, *tags: str) -> list[str]:
        """The values of these tags, folded, without markup and empty ones."""
        shown = (value for tag in tags for value in self.values.get(tag, ()))
        return [text for value in shown if (text := fold_lines(without_markup(value)))]

    def first(self, *tags: str) -> str:
        """The first value of these tags, or an empty text."""
        return next(iter(self.all(*tags)), "")


def parse_entries(
    data: bytes,
    name: str,
    tagged: re.Pattern[str],
    opening: str,
    record: Callable[[TaggedEntry, LineRange], ListingRecord],
) -> ParsedListing:
    """A file of format ``name`` as :func:`split_entries` cuts it; ``record`` raises :class:`BrokenEntryError`."""
    decoded = decode(data)
    tally = EntryTally()
    for entry in split_entries(decoded.lines(), tagged, opening):
        try:
            if opening in entry.values:
                tally.add_record(record(entry, tally.next_place()))
            else:
                tally.add_boilerplate()
        except BrokenEntryError as broken:
            tally.add_problem(str(broken), "\n".join(entry.lines))
    return tally.listing(name, decoded)


def split_entries(lines: Iterable[str], tagged: re.Pattern[str], opening: str) -> Iterator[TaggedEntry]:
    """The entries of a file: each begins with the tag ``opening``; other lines go on with the value above them.

    ``tagged`` matches a line that begins a value, its groups are the tag and the value. What stands before the first
    entry comes as one without values.
    """
    entry, tag = TaggedEntry(), ""
    for line in lines:
        match = tagged.match(line)
        if match and match[1] == opening and entry.lines:
            yield entry
            entry = TaggedEntry()
        if line.strip():
            entry.lines.append(line)
        if match:
            tag = match[1]
            entry.values.setdefault(tag, []).append(match[2])
        elif tag and line.strip():
            entry.values[tag][-1] += f"\n{line.strip()}"
    if entry.lines:
        yield entry


def bibliographic_record(
    place: LineRange,
    *,
    title: str,
    names: Iterable[Name],
    abstract: str,
    published: PartialDate | None,
    arxiv_id: str | None,
    doi: str | None,
    urls: Iterable[str],
    keywords: Iterable[str],
    publication: Publication,
) -> ListingRecord:
    """A record; its page is the first safe address, else arXiv's, else its DOI's.

    Raises :class:`BrokenEntryError` without a title.
    """
    if not title:
        raise BrokenEntryError("The paper has no title.")
    page = arxiv_page_url(arxiv_id) if arxiv_id else doi_page_url(doi) if doi else None
    return ListingRecord(
        title=title,
        abstract=abstract,
        lines=place,
        published=published,
        arxiv_id=arxiv_id,
        url=next((url for url in urls if is_safe_url(url)), page),
        doi=doi,
        keywords=tuple(dict.fromkeys(keywords)),
        publication=publication,
        **author_fields(names),
    )


def read_date(text: str) -> PartialDate | None:
    """A date as these forms write it (``2024 Oct 4``, ``2024/10/04``, ``4 October 2024``, ``2024 Winter``)."""
    numbers = _COMPACT.sub(r"\1-\2-\3", text.strip()).replace("/", "-").rstrip("-")
    exact = None if " " in numbers else PartialDate.parse_iso(numbers)
    year = _YEAR.search(text)
    if exact is not None or year is None:
        return exact
    month = _MONTH.search(text)
    number = MONTH_NAMES.index(month[1][:3].capitalize()) + 1 if month else None
    day = _DAY.search(text.replace(year[0], " ", 1)) if month else None
    for precision in ((number, int(day[1]) if day else None), (number, None), (None, None)):
        try:
            return PartialDate(int(year[0]), *precision)
        except ValueError:
            continue
    return None


def entry_type(names: Iterable[str]) -> str | None:
    """BibTeX's type for the first of these kinds of work that is known."""
    return next((found for name in names if (found := _ENTRY_TYPES.get(name.strip().lower()))), None)
