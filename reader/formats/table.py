"""Tables of papers with a heading: CSV as Zotero, Scopus, IEEE Xplore, PubMed and Lectern itself write it.

Source of the form: RFC 4180; the separator may be a semicolon or a tab, as spreadsheets write where a comma is the
decimal sign. Columns are known by their names, which differ by program: https://www.zotero.org/support/kb/exporting,
Scopus' and Xplore's "Export to CSV". A row is a record where it has a title, else a problem; so is one with more cells
than the heading, whose columns may be shifted. Notes and attachments of Zotero's are boilerplate.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from reader.domain.arxiv import normalize_arxiv_id
from reader.domain.bibliography import Name, Publication
from reader.domain.dates import PartialDate
from reader.domain.doi import normalize_doi
from reader.domain.errors import ParseError
from reader.domain.links import is_safe_url
from reader.domain.records import LineRange, ListingRecord, ParsedListing
from reader.formats.bibliographic import bibliographic_record, kinds_of_works, publication_of
from reader.formats.entries import BrokenEntryError, EntryTally
from reader.formats.export.spreadsheet import COLUMNS, inert_cell
from reader.formats.format import Format
from reader.formats.loose_dates import find_mail_date
from reader.formats.markup import unmarked_line
from reader.formats.mentions import find_arxiv_id
from reader.formats.people import OTHERS, split_creators
from reader.formats.text_decoder import DecodedText, Head, clean_text, decode, refuse_crumbs

NAME = "csv"
OWN_NAME = "lectern-csv"
"""The name of a table that Lectern exported, whose papers have keys."""

_COLUMNS: dict[str, tuple[str, ...]] = {
    "title": ("title", "document title", "article title", "paper title"),
    "authors": ("author full names", "author full name", "authors", "author", "creators"),
    "abstract": ("abstract note", "abstract", "summary"),
    "date": ("date", "published", "publication date", "cover date"),
    "year": ("publication year", "year", "pub year"),
    "venue": ("publication title", "source title", "journal book", "journal", "venue", "source", "conference name"),
    "volume": ("volume",),
    "number": ("issue", "number"),
    "pages": ("pages",),
    "first page": ("page start", "start page"),
    "last page": ("page end", "end page"),
    "article number": ("art no", "article number", "article no"),
    "publisher": ("publisher",),
    "type": ("item type", "document type", "type", "entry type"),
    "doi": ("doi", "digital object identifier"),
    "arxiv": ("arxiv id", "arxiv", "arxiv number", "eprint"),
    "url": ("url", "link", "article url", "pdf link", "address"),
    "keywords": ("manual tags", "author keywords", "keywords"),
    "citation key": ("citation key", "bibtex key", "cite key given"),
    "code": ("code urls",),
    "more authors": ("more authors",),
    "guessed": ("published guessed",),
    "extra": ("extra", "archive location", "archive id", "report number"),
    "key": ("key",),
}
"""What a column may be called, best first; letters in lower case, all else as blanks."""
_KNOWN = {name: field for field, names in _COLUMNS.items() for name in names}
_IDENTITY = frozenset({"authors", "doi", "arxiv"})
_KINDS = kinds_of_works("""
    article: journalarticle, article, review, magazinearticle, journal article
    inproceedings: conferencepaper, conference paper, inproceedings, ieee conferences
    incollection: booksection, book chapter, incollection, encyclopediaarticle
    misc: preprint, misc, webpage, blogpost, dataset, computerprogram
    techreport: report, techreport
    phdthesis: thesis, phdthesis
    book: book
    unpublished: manuscript
""")
_NO_PAPERS = frozenset({"note", "attachment", "annotation"})
_ABSENT = re.compile(r"\[no (?:abstract|title|author).{0,40}\]", re.IGNORECASE)
_SCOPUS_ID = re.compile(r"\s*\(\d{5,15}\)")
_YEAR = re.compile(r"(?<!\d)(?:1[5-9]|20)\d\d(?!\d)")
_SEPARATORS = ",;\t"
_CLEAR = 4
_LONGEST_HEADING = 20_000


def detect(head: Head) -> float:
    """How much a file looks like a table of papers: the columns that its heading names."""
    first = head.text.lstrip("\ufeff\r\n").partition("\n")[0]
    if len(first) > _LONGEST_HEADING or not any(separator in first for separator in _SEPARATORS):
        return 0.0
    fields = _fields(next(_rows(first, _separator(first)), []))
    known = set(fields)
    if "title" not in known or not known & _IDENTITY:
        return 0.0
    return 0.9 if len(known - {""}) >= _CLEAR else 0.5


def parse(data: bytes) -> ParsedListing:
    """Read a table; raises :class:`ParseError` for a damaged one."""
    decoded = decode(data)
    text = decoded.text.lstrip("\r\n")
    refuse_crumbs(text.count("\n") + text.count("\r"), len(text), "lines", least=10)
    try:
        rows = _rows(text, _separator(text[:_LONGEST_HEADING].partition("\n")[0]))
        heading = next(rows, [])
        return _read(decoded, heading, list(rows))
    except csv.Error as error:
        raise ParseError(f"The table is damaged ({error}); export it again.") from error


def _read(decoded: DecodedText, heading: list[str], rows: list[list[str]]) -> ParsedListing:
    """A table's rows as a listing."""
    rows = [row for row in rows if any(cell.strip() for cell in row)]
    refuse_crumbs(len(rows), len(decoded.text), "rows", least=60)
    is_own = tuple(heading[: len(COLUMNS)]) == COLUMNS or heading[:2] == list(COLUMNS[:2])
    fields = _fields(heading)

    def record(row: list[str], place: LineRange) -> ListingRecord | None:
        cells = _cells(fields, row, is_own=is_own)
        if cells.get("type", "").lower() in _NO_PAPERS:
            return None
        if any(cell.strip() for cell in row[len(fields) :]):
            raise BrokenEntryError("This row has more cells than the heading, so its columns may be shifted.")
        return _record(cells, place, is_own=is_own)

    tally = EntryTally().take(rows, record, lambda row: ", ".join(filter(None, row)))
    return tally.listing(OWN_NAME if is_own else NAME, decoded)


def _rows(text: str, separator: str) -> Iterator[list[str]]:
    return csv.reader(io.StringIO(text, newline=""), delimiter=separator)


def _separator(first: str) -> str:
    """What parts the cells: of the usual signs the one that makes out most known columns."""
    return max(_SEPARATORS, key=lambda sign: len(set(_fields(next(_rows(first, sign), []))) - {""}))


def _fields(heading: list[str]) -> list[str]:
    """What each column is for us; empty where nothing. Of two for the same the better-named one counts."""
    names = [" ".join(re.sub(r"[^a-z]+", " ", cell.lower()).split()) for cell in islice(heading, 500)]
    best: dict[str, str] = {}
    for name in names:
        field = _KNOWN.get(name)
        if field and (field not in best or _COLUMNS[field].index(name) < _COLUMNS[field].index(best[field])):
            best[field] = name
    chosen = {name: field for field, name in best.items()}
    return [chosen.pop(name, "") for name in names]


def _cells(fields: list[str], row: list[str], *, is_own: bool) -> dict[str, str]:
    """A row's cells by what they are; the apostrophe that keeps a cell of ours from being a formula is dropped."""
    cells: dict[str, str] = {}
    for field, cell in zip(fields, row, strict=False):
        text = clean_text(cell)
        if is_own and text.startswith("'") and inert_cell(text[1:]) == text:
            text = text[1:]
        if field and text.strip() and not _ABSENT.fullmatch(text.strip()):
            cells[field] = text
    return cells


def _record(cells: dict[str, str], place: LineRange, *, is_own: bool) -> ListingRecord:
    """A row as a record, with what only a table of ours says."""
    named = normalize_arxiv_id(cells.get("arxiv", ""))
    names = _names(cells.get("authors", ""))
    record = bibliographic_record(
        place,
        title=_text(cells, "title"),
        names=[*names, OTHERS] if is_own and _is_true(cells, "more authors") else names,
        abstract=_text(cells, "abstract"),
        published=None if is_own and _is_true(cells, "guessed") else _date(cells),
        arxiv_id=named or find_arxiv_id(" ".join(cells.get(name, "") for name in ("doi", "url", "extra", "arxiv"))),
        doi=normalize_doi(cells.get("doi", "")),
        urls=[cells.get("url", "").strip()],
        keywords=_keywords(cells.get("keywords", "")),
        publication=_publication(cells, is_own=is_own),
    )
    if not is_own:
        return record
    code_urls = tuple(url for url in cells.get("code", "").split() if is_safe_url(url))
    return replace(record, code_urls=code_urls, key=cells.get("key"))


def _is_true(cells: dict[str, str], field: str) -> bool:
    """Whether a cell says yes, as a spreadsheet may have written it again."""
    return cells.get(field, "").strip().lower() == "true"


def _text(cells: dict[str, str], field: str) -> str:
    """A cell's text without markup, on one line."""
    return unmarked_line(cells.get(field, ""))


def _names(text: str) -> list[Name]:
    """The authors in a cell, parted by semicolons or lines; Scopus puts numbers behind full names."""
    text = _SCOPUS_ID.sub("", text)
    return split_creators(text.replace("\n", ";") if "\n" in text else text)


def _date(cells: dict[str, str]) -> PartialDate | None:
    """The date of publication, as exactly as it stands there, else the year."""
    shown = cells.get("date", "").strip()
    exact = PartialDate.parse_iso(shown) or find_mail_date(shown)
    year = _YEAR.search(cells.get("year", "")) or _YEAR.search(shown)
    return exact or (PartialDate(int(year[0])) if year else None)


def _publication(cells: dict[str, str], *, is_own: bool) -> Publication:
    """Where and as what the work was published."""
    first, last = cells.get("first page", "").strip(), cells.get("last page", "").strip()
    kind = cells.get("type", "").strip()
    pages = cells.get("pages", "").strip() or (f"{first}-{last}" if first and last else first)
    return publication_of(
        venue=_text(cells, "venue"),
        volume=_text(cells, "volume"),
        number=_text(cells, "number"),
        pages=pages or cells.get("article number", "").strip(),
        publisher=_text(cells, "publisher"),
        entry_type=kind if is_own else _KINDS.get(kind.lower()),
        cite_key_given=cells.get("citation key", "").strip(),
    )


def _keywords(text: str) -> list[str]:
    """Keywords, parted by semicolons or lines, or by commas where there are none."""
    return re.split(r"[;\n]" if ";" in text or "\n" in text else ",", text)


FORMAT = Format(
    NAME,
    detect,
    parse,
    title="a table of papers (CSV)",
    sign="its first row names the columns, “Title” and “Authors” or “DOI” among them",
)
