"""EndNote's tagged files (``.enw``, Refer): ``%0 Journal Article``, ``%T A title``, ``%A Bee, Ann``.

Source of the tags: EndNote's "EndNote Import" format (https://support.clarivate.com/Endnote, "tagged format"); every
entry begins with ``%0``.
"""

from __future__ import annotations

import re

from reader.domain.records import LineRange, ListingRecord, ParsedListing
from reader.formats.format import Format
from reader.formats.tagged import TaggedEntry, endnote_record, parse_entries
from reader.formats.text_decoder import Head

NAME = "enw"

_TAGGED = re.compile(r"(%[0-9A-Za-z@!?$+&()*=~><^#\[\]]) ?(.*)")
_NAMES = {
    "%0": "kind", "%T": "title", "%A": "author", "%X": "abstract", "%8": "date", "%D": "year", "%K": "keyword",
    "%J": "secondary-title", "%B": "full-title", "%V": "volume", "%N": "number", "%P": "pages", "%I": "publisher",
    "%R": "electronic-resource-num", "%U": "url", "%>": "link", "%M": "accession-num", "%F": "label",
    "%Z": "notes", "%1": "notes", "%6": "notes",
}  # fmt: skip
"""What EndNote's XML calls the same."""
_OPENING = re.compile(r"^%0 \S", re.MULTILINE)
_TITLE = re.compile(r"^%T \S", re.MULTILINE)


def detect(head: Head) -> float:
    """How much a file looks like EndNote's: an entry's kind, and a title."""
    return 0.95 if "%0 " in head.text and _OPENING.search(head.text) and _TITLE.search(head.text) else 0.0


def parse(data: bytes) -> ParsedListing:
    """Read a file."""
    return parse_entries(data, NAME, _TAGGED, "%0", _record, _NAMES)


def _record(entry: TaggedEntry, place: LineRange) -> ListingRecord:
    """One entry as a record; keywords stand one a line, or are parted by semicolons or commas."""
    parted = []
    for value in entry.values.get("keyword", ()):
        parted += value.split("\n" if "\n" in value else ";" if ";" in value else ",")
    entry.values["keyword"] = parted
    return endnote_record(entry, place)


FORMAT = Format(
    NAME, detect, parse, title="an EndNote file", sign="a paper begins with “%0 Journal Article” and has “%T”"
)
