r"""RIS files, as reference managers and publishers write them (``TY  - JOUR`` to ``ER  -``).

A first pass cuts the file into entries and joins continuation lines, so that nothing is lost on the way: rispy alone
drops an entry that is not closed, merges one into the next, and fails on a stray line. It then reads each entry. Text
outside of entries is furniture, unless it has RIS tags; an entry within which the file ends is a problem.
Tags: https://en.wikipedia.org/wiki/RIS_(file_format)
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from reader.domain.dates import PartialDate
from reader.domain.links import is_safe_url
from reader.domain.records import LineRange, ListingRecord, ParsedListing
from reader.formats.decoding import decode, decode_head
from reader.formats.entries import BrokenEntryError, EntryTally, fold_lines
from reader.formats.format import Format
from reader.formats.people import family_first
from reader.formats.references import find_arxiv_id

_NAME = "ris"
_OPENING = re.compile(r"^TY  -", re.MULTILINE)
_TAGGED = re.compile(r"([A-Z][A-Z0-9])  -[ \t]?(.*)")
_DATE = re.compile(r"(\d{4})(?:[/-](\d{1,2}))?(?:[/-](\d{1,2}))?(?!\d)")
_TITLES = ("title", "primary_title")
_ABSTRACTS = ("abstract", "notes_abstract")
_DATES = ("date", "publication_year", "year")
_ARXIV_SOURCES = ("doi", "urls", "note", "accession_number", "journal_name", "alternate_title3", "secondary_title")
_OPEN_ENDED = frozenset({"others", "et al", "et al."})
_DOI_PAGE = "https://doi.org/"


@dataclass(slots=True)
class _Entry:
    """One entry's tags with their values, and its lines; ``closed`` if ``ER`` or the next entry ends it.

    One without tags that an opening line began is text outside of entries.
    """

    opened: bool
    tags: list[tuple[str, list[str]]] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    closed: bool = False

    def add(self, line: str) -> None:
        """Take a line: a tag and its value, or more of the value before it."""
        self.lines.append(line)
        match = _TAGGED.match(line)
        if match:
            self.tags.append((match[1], [match[2].strip()]))
        elif self.tags and line.strip():
            self.tags[-1][1].append(line.strip())

    def text(self) -> str:
        """The entry as rispy reads it: one line a tag, closed."""
        lines = [f"{tag}  - {' '.join(part for part in value if part)}" for tag, value in self.tags]
        return "\n".join([*lines, "ER  - "])


def detect(data: bytes, name: str) -> float:
    """How much a file looks like RIS: a line that opens an entry."""
    head = decode_head(data)
    if "TY  -" in head and _OPENING.search(head):
        return 0.95
    return 0.3 if name.lower().endswith(".ris") else 0.0


def parse(data: bytes) -> ParsedListing:
    """Read a file; one without entries has no records."""
    from rispy import RisParser

    decoded = decode(data)
    parser = RisParser(enforce_list_tags=False)
    tally = EntryTally()
    for entry in _split(decoded.lines()):
        try:
            if not entry.tags:
                tally.add_furniture()
                continue
            _refuse_incomplete(entry)
            (fields,) = parser.parse(entry.text())
            tally.add_record(_record(fields, tally.next_place()))
        except BrokenEntryError as broken:
            tally.add_problem(str(broken), "\n".join(entry.lines).rstrip())
    return tally.listing(_NAME, decoded)


def _split(lines: list[str]) -> Iterator[_Entry]:
    """The entries of a file, and what stands between them, in order."""
    entry = _Entry(opened=False)
    for line in lines:
        match = _TAGGED.match(line)
        tag = match[1] if match else None
        if tag == "TY":
            entry.closed = True
            yield from _if_any(entry)
            entry = _Entry(opened=True)
        if tag == "ER" and entry.opened:
            entry.closed = True
            entry.lines.append(line)
            yield entry
            entry = _Entry(opened=False)
        elif line.strip() or entry.opened:
            entry.add(line)
    yield from _if_any(entry)


def _if_any(entry: _Entry) -> Iterator[_Entry]:
    """An entry, if it has any line."""
    if entry.lines:
        yield entry


def _refuse_incomplete(entry: _Entry) -> None:
    """Raise for tags outside of an entry, and for an entry within which the file ends."""
    if not entry.opened:
        raise BrokenEntryError("These tags stand outside of an entry (TY … ER).")
    if not entry.closed:
        raise BrokenEntryError("The file ends within this entry, so some of it may be cut off.")


def _record(fields: dict[str, object], place: LineRange) -> ListingRecord:
    """An entry as a record; raises :class:`BrokenEntryError`."""
    title = fold_lines(_first(fields, _TITLES))
    if not title:
        raise BrokenEntryError("The paper has no title.")
    written = [fold_lines(name) for name in _values(fields, "authors") + _values(fields, "first_authors")]
    authors = tuple(str(family_first(name)) for name in written if name and name.lower() not in _OPEN_ENDED)
    open_ended = any(name.lower() in _OPEN_ENDED for name in written)
    return ListingRecord(
        title=title,
        abstract=fold_lines(_first(fields, _ABSTRACTS)),
        lines=place,
        authors=authors,
        author_count=None if open_ended or not authors else len(authors),
        published=next((day for name in _DATES for value in _values(fields, name) if (day := _day(value))), None),
        arxiv_id=_arxiv_id(fields),
        url=_url(fields),
        keywords=tuple(dict.fromkeys(word for value in _values(fields, "keywords") if (word := fold_lines(value)))),
    )


def _values(fields: dict[str, object], name: str) -> list[str]:
    """The values of a tag, none, one or many."""
    value = fields.get(name)
    values = value if isinstance(value, list) else [value]
    return [item for item in values if isinstance(item, str)]


def _first(fields: dict[str, object], names: tuple[str, ...]) -> str:
    """The first value of these tags that is not empty."""
    return next((value for name in names for value in _values(fields, name) if value.strip()), "")


def _day(text: str) -> PartialDate | None:
    """A date (``2024/05/03/``, ``2024///``, ``2024-05``), as far as it exists."""
    match = _DATE.match(text.strip())
    if match is None:
        return None
    year, *rest = (int(part) for part in match.groups() if part is not None)
    for precision in (2, 1, 0):
        try:
            return PartialDate(year, *rest[:precision])
        except ValueError:
            continue
    return None


def _arxiv_id(fields: dict[str, object]) -> str | None:
    """The paper's arXiv identifier, where a tag names it as such; a free note only where it begins with it."""
    texts = [value for name in _ARXIV_SOURCES for value in _values(fields, name)]
    texts += [note for note in _values(fields, "notes") if note.lower().startswith("arxiv")]
    return find_arxiv_id(" ".join(texts))


def _url(fields: dict[str, object]) -> str | None:
    """The paper's address: its first URL, else its DOI's page."""
    doi = _first(fields, ("doi",)).strip()
    candidates = [*_values(fields, "urls"), _DOI_PAGE + doi if doi.startswith("10.") else doi]
    return next((address for address in candidates if is_safe_url(address)), None)


FORMAT = Format(
    _NAME,
    detect,
    parse,
    title="RIS",
    sign="a paper begins with “TY  - JOUR” and ends with “ER  - ”",
)
