"""EndNote's tagged files (``.enw``, Refer): ``%0 Journal Article``, ``%T A title``, ``%A Bee, Ann``.

Source of the tags: EndNote's "EndNote Import" format (https://support.clarivate.com/Endnote, "tagged format"); every
entry begins with ``%0``.
"""

from __future__ import annotations

import re

from reader.domain.bibliography import Publication
from reader.domain.dates import PartialDate
from reader.domain.doi import normalize_doi
from reader.domain.records import LineRange, ListingRecord, ParsedListing
from reader.formats.entries import fold_lines
from reader.formats.format import Format
from reader.formats.people import family_first
from reader.formats.references import find_arxiv_id
from reader.formats.tagged import TaggedEntry, bibliographic_record, entry_type, parse_entries, read_date
from reader.formats.text_decoder import decode_head

NAME = "enw"

_TAGGED = re.compile(r"(%[0-9A-Za-z@!?$+&()*=~><^#\[\]]) ?(.*)")
_OPENING = re.compile(r"^%0 \S", re.MULTILINE)
_TITLE = re.compile(r"^%T \S", re.MULTILINE)


def detect(data: bytes, name: str) -> float:
    """How much a file looks like EndNote's: an entry's kind, and a title."""
    head = decode_head(data)
    return 0.95 if "%0 " in head and _OPENING.search(head) and _TITLE.search(head) else 0.0


def parse(data: bytes) -> ParsedListing:
    """Read a file."""
    return parse_entries(data, NAME, _TAGGED, "%0", _record)


def _record(entry: TaggedEntry, place: LineRange) -> ListingRecord:
    """One entry as a record; raises :class:`BrokenEntryError`."""
    texts = entry.all("%R", "%U", "%M", "%Z", "%J", "%1", "%6")
    return bibliographic_record(
        place,
        title=entry.first("%T"),
        names=map(family_first, entry.all("%A")),
        abstract=entry.first("%X"),
        published=_date(entry),
        arxiv_id=find_arxiv_id(" ".join(texts)),
        doi=next((doi for text in entry.all("%R", "%U", "%M") if (doi := normalize_doi(text))), None),
        urls=entry.all("%U", "%>"),
        keywords=_keywords(entry),
        publication=Publication(
            venue=entry.first("%J", "%B") or None,
            volume=entry.first("%V") or None,
            number=entry.first("%N") or None,
            pages=entry.first("%P") or None,
            publisher=entry.first("%I") or None,
            entry_type=entry_type(entry.all("%0")),
            cite_key_given=entry.first("%F") or None,
        ),
    )


def _date(entry: TaggedEntry) -> PartialDate | None:
    """The date: the exact one where it holds the year or has it beside, else the year."""
    exact, year = entry.first("%8"), entry.first("%D")
    return read_date(exact) or read_date(f"{year} {exact}") or read_date(year)


def _keywords(entry: TaggedEntry) -> list[str]:
    """Keywords: one a line, or parted by semicolons or commas."""
    found: list[str] = []
    for value in entry.values.get("%K", ()):
        sign = "\n" if "\n" in value else ";" if ";" in value else ","
        found += [word for part in value.split(sign) if (word := fold_lines(part))]
    return found


FORMAT = Format(
    NAME, detect, parse, title="an EndNote file", sign="a paper begins with “%0 Journal Article” and has “%T”"
)
