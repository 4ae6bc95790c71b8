"""EndNote's XML: ``<xml><records><record>`` with ``ref-type``, ``contributors``, ``titles``, ``dates`` and the like.

Source: the document type that EndNote installs (``RSXML.dtd``). Text stands in ``style`` elements within the others.
The file is read by expat in one pass, entry by entry, whatever the file's size; one that declares entities, or nests
deeper than any export does, is refused.
"""

from __future__ import annotations

from reader.domain.records import ParsedListing
from reader.formats.entries import EntryTally
from reader.formats.format import Format
from reader.formats.tagged import TaggedEntry, endnote_record
from reader.formats.text_decoder import Head, decode, refuse_crumbs
from reader.formats.xml_reader import XmlReader, as_utf8

NAME = "endnote-xml"

_PART_NAMES = (
    "title secondary-title full-title author year date volume number pages publisher abstract keyword url "
    "electronic-resource-num label ref-type accession-num notes"
)
_PARTS = frozenset(_PART_NAMES.split())
"""The elements of a record whose text is kept."""


def detect(head: Head) -> float:
    """How much a file looks like EndNote's XML: its records, and the kind of one."""
    return 0.95 if head.text.lstrip().startswith("<") and "<record>" in head.text and "<ref-type" in head.text else 0.0


def parse(data: bytes) -> ParsedListing:
    """Read a file; raises :class:`ParseError` for what is no well-formed XML, or not safe to read."""
    decoded = decode(data)
    refuse_crumbs(decoded.text.count("<"), len(decoded.text), "elements", least=8)
    reader = _Reader()
    reader.read(as_utf8(decoded.text), lines_above=1)
    refuse_crumbs(len(reader.entries), len(decoded.text), "records", least=60)
    return EntryTally().take(reader.entries, endnote_record, TaggedEntry.source).listing(NAME, decoded)


class _Reader(XmlReader):
    """Collects records while expat reads."""

    what, deepest, advice = "The file", 30, "export it again"

    def __init__(self) -> None:
        super().__init__()
        self.entries: list[TaggedEntry] = []
        self._pieces: list[str] = []
        self._part = 0  # how deep the element stands whose text is gathered

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        super().start(name, attributes)
        if name == "record":
            self.entries.append(TaggedEntry())
        elif name == "ref-type" and self.entries:
            self.entries[-1].values.setdefault("kind", []).append(attributes.get("name", ""))
        elif name in _PARTS and not self._part:
            self._part, self._pieces = len(self.open), []

    def end(self, name: str) -> None:
        """An element ends."""
        if self._part == len(self.open):
            if self.entries and "record" in self.open:
                self.entries[-1].values.setdefault(name, []).append("".join(self._pieces))
            self._part = 0
        super().end(name)

    def text(self, text: str) -> None:
        """Text within an element."""
        if self._part:
            self._pieces.append(text)


FORMAT = Format(NAME, detect, parse, title="EndNote XML", sign="a paper is a <record> with <titles><title>")
