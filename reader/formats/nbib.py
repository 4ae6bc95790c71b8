"""PubMed's files (``.nbib``): ``PMID- 123``, ``TI  - A title``, values that go on in lines indented by six blanks.

Source of the tags: https://www.nlm.nih.gov/bsd/mms/medlineelements.html. Every entry begins with ``PMID``.
"""

from __future__ import annotations

import re
from itertools import chain

from reader.domain.bibliography import Name
from reader.domain.doi import normalize_doi
from reader.domain.records import LineRange, ListingRecord, ParsedListing
from reader.formats.bibliographic import bibliographic_record, publication_of
from reader.formats.format import Format
from reader.formats.loose_dates import read_loose_date
from reader.formats.mentions import find_arxiv_id
from reader.formats.people import family_first, split_creators
from reader.formats.tagged import TaggedEntry, entry_type, parse_entries
from reader.formats.text_decoder import Head

NAME = "nbib"

_TAGGED = re.compile(r"([A-Z]{2,4}) {0,2}- ?(.*)")
_OPENING = re.compile(r"^PMID- ?\d", re.MULTILINE)
_OTHER = re.compile(r"^(?:TI {2}|AB {2}|FAU |AU {2}|DP {2}|JT {2}|OWN |STAT)- ", re.MULTILINE)
_PAGE = "https://pubmed.ncbi.nlm.nih.gov/"


def detect(head: Head) -> float:
    """How much a file looks like PubMed's: an entry's number, and one of its other tags."""
    return 0.95 if "PMID-" in head.text and _OPENING.search(head.text) and _OTHER.search(head.text) else 0.0


def parse(data: bytes) -> ParsedListing:
    """Read a file."""
    return parse_entries(data, NAME, _TAGGED, "PMID", _record, {})


def _record(entry: TaggedEntry, place: LineRange) -> ListingRecord:
    """One entry as a record."""
    number = entry.first("PMID")
    identifiers = [value.partition(" [doi]")[0] for value in entry.all("LID", "AID", "SO") if "[doi]" in value]
    doi = next(filter(None, map(normalize_doi, identifiers)), None)
    return bibliographic_record(
        place,
        title=_title(entry),
        names=_names(entry),
        abstract=entry.first("AB", "OAB"),
        published=read_loose_date(entry.first("DP")) or read_loose_date(entry.first("DEP")),
        arxiv_id=find_arxiv_id(" ".join(entry.all("LID", "AID", "SI", "JT", "GN"))),
        doi=doi,
        urls=[_PAGE + number + "/"] if number.isascii() and number.isdigit() and doi is None else [],
        keywords=entry.all("OT"),
        publication=publication_of(
            venue=entry.first("JT", "TA"),
            volume=entry.first("VI"),
            number=entry.first("IP"),
            pages=entry.first("PG"),
            publisher=entry.first("PB"),
            entry_type=entry_type(entry.all("PT")),
        ),
    )


def _title(entry: TaggedEntry) -> str:
    """The title, without the full stop that PubMed puts behind every one, and the brackets around translated ones."""
    shown = entry.first("TI", "BTI", "VTI")
    shown = shown[:-1] if shown.endswith(".") and not shown.endswith("..") else shown
    return shown[1:-1] if shown.startswith("[") and shown.endswith("]") else shown


def _names(entry: TaggedEntry) -> list[Name]:
    """The authors by their full names where the file has them, and the groups beside them."""
    full = [family_first(name) for name in entry.all("FAU")]
    short = chain.from_iterable(split_creators(name) for name in entry.all("AU")) if not full else ()
    return [*full, *short, *(Name(literal=name) for name in entry.all("CN"))]


FORMAT = Format(NAME, detect, parse, title="a PubMed file", sign="a paper begins with “PMID- ” and has “TI  - ”")
