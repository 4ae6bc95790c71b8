"""Tagged files of PubMed and EndNote: tags with values, which may continue over several lines."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from reader.domain.doi import normalize_doi
from reader.domain.records import LineRange, ListingRecord, ParsedListing
from reader.formats.bibliographic import bibliographic_record, kinds_of_works, publication_of
from reader.formats.entries import EntryTally
from reader.formats.loose_dates import read_loose_date
from reader.formats.markup import unmarked_line
from reader.formats.mentions import find_arxiv_id
from reader.formats.people import family_first
from reader.formats.text_decoder import decode

_KINDS = kinds_of_works("""
    article: journal article, review, electronic article, magazine article
    inproceedings: conference paper, conference proceedings
    incollection: book section, book chapter, electronic book section
    book: book, edited book, electronic book
    techreport: report, technical report, government document
    phdthesis: thesis, dissertation
    misc: preprint, web page, generic, dataset, computer program
    unpublished: unpublished work
""")


@dataclass(slots=True)
class TaggedEntry:
    """One entry: its values by tag, each tag maybe several times, and its lines."""

    values: dict[str, list[str]] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)

    def all(self, *tags: str) -> list[str]:
        """The values of these tags, folded, without markup and empty ones."""
        shown = (value for tag in tags for value in self.values.get(tag, ()))
        return [text for value in shown if (text := unmarked_line(value))]

    def first(self, *tags: str) -> str:
        """The first value of these tags, or an empty text."""
        return next(iter(self.all(*tags)), "")

    def source(self) -> str:
        """Its lines, for a problem's text; where it has none, its tags with their values."""
        shown = (f"{tag}: {value}" for tag, values in self.values.items() for value in values)
        return "\n".join(self.lines or shown)


def parse_entries(
    data: bytes,
    name: str,
    tagged: re.Pattern[str],
    opening: str,
    record: Callable[[TaggedEntry, LineRange], ListingRecord],
    names: Mapping[str, str],
) -> ParsedListing:
    """A file of format ``name`` as :func:`split_entries` cuts it; ``record`` raises :class:`BrokenEntryError`.

    ``names`` says under which name a tag's values come, where that is not its own.
    """
    decoded = decode(data)
    tally = EntryTally().take(
        split_entries(decoded.lines(), tagged, opening, names),
        lambda entry, place: record(entry, place) if names.get(opening, opening) in entry.values else None,
        TaggedEntry.source,
    )
    return tally.listing(name, decoded)


def split_entries(
    lines: Iterable[str], tagged: re.Pattern[str], opening: str, names: Mapping[str, str]
) -> Iterator[TaggedEntry]:
    """The entries of a file: each begins with the tag ``opening``; other lines continue the value above them.

    ``tagged`` matches a line that begins a value, its groups are the tag and the value. Text before the first
    entry comes as an entry without values.
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
            tag = names.get(match[1], match[1])
            entry.values.setdefault(tag, []).append(match[2])
        elif tag and line.strip():
            entry.values[tag][-1] += f"\n{line.strip()}"
    if entry.lines:
        yield entry


def endnote_record(entry: TaggedEntry, place: LineRange) -> ListingRecord:
    """An entry with EndNote's parts by the names that they have in its XML.

    The date is the exact one where it holds the year or has it beside, else the year.
    """
    exact, year = entry.first("date"), entry.first("year")
    identifiers = entry.all("electronic-resource-num", "url", "accession-num")
    texts = entry.all("secondary-title", "full-title", "notes")
    return bibliographic_record(
        place,
        title=entry.first("title"),
        names=map(family_first, entry.all("author")),
        abstract=entry.first("abstract"),
        published=read_loose_date(exact) or read_loose_date(f"{year} {exact}") or read_loose_date(year),
        arxiv_id=find_arxiv_id(" ".join(identifiers + texts)),
        doi=next(filter(None, map(normalize_doi, identifiers)), None),
        urls=entry.all("url", "link"),
        keywords=entry.all("keyword"),
        publication=publication_of(
            venue=entry.first("secondary-title", "full-title"),
            volume=entry.first("volume"),
            number=entry.first("number"),
            pages=entry.first("pages"),
            publisher=entry.first("publisher"),
            entry_type=entry_type(entry.all("kind")),
            cite_key_given=entry.first("label"),
        ),
    )


def entry_type(names: Iterable[str]) -> str | None:
    """BibTeX's type for the first of these kinds of work that is known."""
    return next((found for name in names if (found := _KINDS.get(name.strip().lower()))), None)
