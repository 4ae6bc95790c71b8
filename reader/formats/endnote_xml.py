"""EndNote's XML: ``<xml><records><record>`` with ``ref-type``, ``contributors``, ``titles``, ``dates`` and the like.

Source: the document type that EndNote installs (``RSXML.dtd``). Text stands in ``style`` elements within the others.
The file is read by expat in one pass, entry by entry, whatever the file's size; one that declares entities, or nests
deeper than any export does, is refused.
"""

from __future__ import annotations

import re

from reader.domain.bibliography import Publication
from reader.domain.doi import normalize_doi
from reader.domain.errors import ParseError
from reader.domain.records import LineRange, ListingRecord, ParsedListing
from reader.formats.crumbs import refuse_crumbs
from reader.formats.entries import BrokenEntryError, EntryTally
from reader.formats.format import Format
from reader.formats.people import family_first
from reader.formats.references import find_arxiv_id
from reader.formats.tagged import TaggedEntry, bibliographic_record, entry_type, read_date
from reader.formats.text_decoder import clean_text, decode, decode_head
from reader.formats.xml_reader import read_xml

NAME = "endnote-xml"

_DECLARATION = re.compile(r"\s*<\?xml[^>]{0,200}\?>")
_DEEPEST = 30
_PARTS = frozenset(
    {
        *("title", "secondary-title", "full-title", "author", "year", "date", "volume", "number", "pages", "publisher"),
        *("abstract", "keyword", "url", "electronic-resource-num", "label", "ref-type", "accession-num", "notes"),
    }
)
"""The elements of a record whose text is kept."""


def detect(data: bytes, name: str) -> float:
    """How much a file looks like EndNote's XML: its records, and the kind of one."""
    head = decode_head(data)
    return 0.95 if head.lstrip().startswith("<") and "<record>" in head and "<ref-type" in head else 0.0


def parse(data: bytes) -> ParsedListing:
    """Read a file; raises :class:`ParseError` for what is no well-formed XML, or not safe to read."""
    decoded = decode(data)
    text = clean_text(decoded.text)
    declaration = _DECLARATION.match(text)
    text = text[declaration.end() :] if declaration else text
    refuse_crumbs(text.count("<"), len(text), "elements", least=8)
    tally = EntryTally()
    entries = _entries(text.lstrip().encode())
    refuse_crumbs(len(entries), len(text), "records", least=60)
    for entry in entries:
        try:
            tally.add_record(_record(entry, tally.next_place()))
        except BrokenEntryError as broken:
            shown = (f"{tag}: {value}" for tag, values in entry.values.items() for value in values)
            tally.add_problem(str(broken), "\n".join(shown))
    return tally.listing(NAME, decoded)


def _entries(source: bytes) -> list[TaggedEntry]:
    """The records of a file in UTF-8."""
    reader = _Reader()
    read_xml(source, reader, what="The file", advice="export it again")
    return reader.entries


class _Reader:
    """Collects records while expat reads; raises :class:`ParseError` for what no export holds."""

    def __init__(self) -> None:
        self.entries: list[TaggedEntry] = []
        self._open: list[str] = []
        self._pieces: list[str] = []
        self._part = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        self._open.append(name)
        if len(self._open) > _DEEPEST:
            raise ParseError("The file nests its elements too deeply to be EndNote's; it was not read.")
        if name == "record":
            self.entries.append(TaggedEntry())
        elif name == "ref-type" and self.entries:
            self.entries[-1].values.setdefault("kind", []).append(attributes.get("name", ""))
        elif name in _PARTS and not self._part:
            self._part, self._pieces = len(self._open), []

    def end(self, name: str) -> None:
        """An element ends."""
        if self._part == len(self._open):
            if self.entries and "record" in self._open:
                self.entries[-1].values.setdefault(name, []).append("".join(self._pieces))
            self._part = 0
        self._open.pop()

    def text(self, text: str) -> None:
        """Text within an element."""
        if self._part:
            self._pieces.append(text)

    def entity(self, *_declaration: object) -> None:
        """An entity is declared."""
        raise ParseError("The file declares entities of its own, which EndNote does not; it was not read.")


def _record(entry: TaggedEntry, place: LineRange) -> ListingRecord:
    """One entry as a record; raises :class:`BrokenEntryError`."""
    texts = entry.all("electronic-resource-num", "url", "accession-num", "secondary-title", "full-title", "notes")
    dated, year = entry.first("date"), entry.first("year")
    return bibliographic_record(
        place,
        title=entry.first("title"),
        names=map(family_first, entry.all("author")),
        abstract=entry.first("abstract"),
        published=read_date(dated) or read_date(f"{year} {dated}") or read_date(year),
        arxiv_id=find_arxiv_id(" ".join(texts)),
        doi=next((doi for text in entry.all("electronic-resource-num", "url") if (doi := normalize_doi(text))), None),
        urls=entry.all("url"),
        keywords=entry.all("keyword"),
        publication=Publication(
            venue=entry.first("secondary-title", "full-title") or None,
            volume=entry.first("volume") or None,
            number=entry.first("number") or None,
            pages=entry.first("pages") or None,
            publisher=entry.first("publisher") or None,
            entry_type=entry_type(entry.all("kind")),
            cite_key_given=entry.first("label") or None,
        ),
    )


FORMAT = Format(NAME, detect, parse, title="EndNote's XML", sign="a paper is a <record> with <titles><title>")
