r"""BibTeX and BibLaTeX files, as arXiv, Google Scholar, DBLP and reference managers write them.

bibtexparser cuts a file into blocks. Every block is an entry of the account: an entry of any type with a title is a
record; comments, preambles, strings and text between blocks are furniture; an entry without a title or one that
cannot be read is a problem that keeps its text. Equal keys and repeated fields are tolerated, the first field counts.

Titles and abstracts are turned from LaTeX source into text, their maths kept (:mod:`reader.formats.latex_source`).
arXiv's identifier is looked for in ``eprint``, ``doi``, ``url``, ``journal`` and the like; DBLP keeps it in the volume
of "CoRR". Fields: https://mirrors.ctan.org/macros/latex/contrib/biblatex/doc/biblatex.pdf, section 2.2.
"""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING

from reader.domain.arxiv import normalize_arxiv_id
from reader.domain.dates import MONTH_NAMES, PartialDate
from reader.domain.errors import ParseError
from reader.domain.links import is_safe_url
from reader.domain.records import LineRange, ListingRecord, ParsedListing
from reader.formats.bibtex_names import read_names
from reader.formats.crumbs import refuse_crumbs
from reader.formats.decoding import clean_text, decode, decode_head, head_lines
from reader.formats.entries import BrokenEntryError, EntryTally, fold_lines
from reader.formats.format import Format
from reader.formats.latex_source import decode_latex_source
from reader.formats.references import find_arxiv_id

if TYPE_CHECKING:
    from bibtexparser.model import Block, Entry

_NAME = "bibtex"
_KNOWN_ENTRY = re.compile(
    r"^[ \t]{0,99}@(?:article|misc|inproceedings|incollection|proceedings|book|inbook|phdthesis|mastersthesis|"
    r"techreport|unpublished|conference|online|report|thesis|preprint)[ \t]{0,9}[{(]",
    re.IGNORECASE | re.MULTILINE,
)
_ENTRY = re.compile(r"^[ \t]{0,99}@[A-Za-z][\w-]{1,40}\s{0,9}[{(]", re.MULTILINE)
_STRAY_ENTRY = re.compile(r"^[ \t]{0,99}@[A-Za-z]", re.MULTILINE)
_MISSING_COMMA = re.compile(r'[}"]\s{0,20}[A-Za-z][\w-]{0,40}\s{0,20}=')
_CONCATENATED = re.compile(r'"([^"]*)"|\{([^{}]*)\}|([^\s#"{}]+)')
_ARXIV_SOURCES = ("doi", "url", "journal", "journaltitle", "number", "howpublished", "publisher", "series", "pages")
_DOI_PAGE = "https://doi.org/"
_URL_IN_LATEX = re.compile(r"\\url\{([^{}]{1,2000})\}")
_MONTHS = {name.lower(): number for number, name in enumerate(MONTH_NAMES, start=1)}


def detect(data: bytes, name: str) -> float:
    """How much a file looks like BibTeX: an entry's beginning at the beginning of a line."""
    head = decode_head(data)
    # far faster than the patterns, and no line of most other files begins so
    has_sign = any(line.lstrip(" \t").startswith("@") for line in head_lines(data))
    if has_sign and _KNOWN_ENTRY.search(head):
        return 0.95
    if has_sign and _ENTRY.search(head):
        return 0.8 if name.lower().endswith(".bib") else 0.4
    return 0.3 if name.lower().endswith(".bib") else 0.0


def parse(data: bytes) -> ParsedListing:
    """Read a file; raises :class:`ParseError` if bibtexparser fails on it or would take too long.

    Without entries it has no records.
    """
    decoded = decode(data)
    tally = EntryTally()
    text = clean_text(decoded.text).replace("\r\n", "\n").replace("\r", "\n")
    refuse_crumbs(text.count("@"), len(text), "entries", least=60)
    refuse_crumbs(text.count("="), len(text), "fields", least=8)
    for block, entry in _split(text):
        try:
            if entry is None:
                _refuse_unread(block)
                tally.add_furniture()
            else:
                tally.add_record(_record(_fields(entry), tally.next_place()))
        except BrokenEntryError as broken:
            tally.add_problem(str(broken), block.raw or "")
    return tally.listing(_NAME, decoded)


def _split(text: str) -> list[tuple[Block, Entry | None]]:
    """The blocks of a file, and for those that are entries the entry, strings resolved and values bare."""
    from bibtexparser.library import Library
    from bibtexparser.middlewares import RemoveEnclosingMiddleware, ResolveStringReferencesMiddleware
    from bibtexparser.model import Entry, ParsingFailedBlock
    from bibtexparser.splitter import Splitter

    # What it logs of damaged blocks is in our problems; without this it would reach the terminal.
    logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)
    try:
        split = Splitter(text).split()
        blocks: list[tuple[Block, Entry | None]] = []
        for place, block in enumerate(split.blocks):
            # repeated keys and fields: the library sets such entries aside, but keeps them
            found = block.ignore_error_block if isinstance(block, ParsingFailedBlock) else block
            entry = found if isinstance(found, Entry) else None
            if entry is not None:
                entry.key = str(place)
            blocks.append((block, entry))
        strings = {key.lower(): value for key, value in split.strings_dict.items()}
        library = Library([entry for _, entry in blocks if entry is not None] + list(strings.values()))
        library = RemoveEnclosingMiddleware().transform(ResolveStringReferencesMiddleware().transform(library))
    except Exception as error:  # whatever goes wrong in it on a hostile file
        raise ParseError("The BibTeX file cannot be read; export it again.") from error
    for _, entry in blocks:
        for field in entry.fields if entry is not None else ():
            if field.enclosing == "no-enclosing" and "#" in field.value:
                field.value = _concatenated(field.value, {key: str(string.value) for key, string in strings.items()})
    return blocks


def _refuse_unread(block: Block) -> None:
    """Raise for a block that is no entry because it could not be read, or that holds one; else it is furniture."""
    from bibtexparser.model import ImplicitComment, ParsingFailedBlock

    if isinstance(block, ParsingFailedBlock):
        raise BrokenEntryError("The entry is not closed, or damaged within.")
    if isinstance(block, ImplicitComment) and _STRAY_ENTRY.search(block.comment):
        raise BrokenEntryError("The entry's beginning cannot be read.")


def _concatenated(value: str, strings: dict[str, str]) -> str:
    """The text of ``"a" # b # {c}``."""
    parts = []
    for match in _CONCATENATED.finditer(value):
        quoted, braced, name = match.groups()
        parts.append(quoted or braced or strings.get((name or "").lower(), name or ""))
    return "".join(parts)


def _fields(entry: Entry) -> dict[str, str]:
    """An entry's fields by lower-case name, each the first that is not empty; raises where a comma is missing."""
    fields: dict[str, str] = {}
    for field in entry.fields:
        if field.enclosing == "no-enclosing" and _MISSING_COMMA.search(str(field.value)):
            raise BrokenEntryError(f"A comma is missing after the field {field.key[:40]}.")
        if str(field.value).strip():
            fields.setdefault(field.key.lower(), str(field.value))
    return fields


def _record(fields: dict[str, str], place: LineRange) -> ListingRecord:
    """An entry as a record; raises :class:`BrokenEntryError`."""
    title = fold_lines(decode_latex_source(fields.get("title", "")))
    if not title:
        raise BrokenEntryError("The paper has no title.")
    authors, author_count = read_names(fields.get("author", ""))
    category = fields.get("primaryclass") or fields.get("eprintclass") or ""
    return ListingRecord(
        title=title,
        abstract=fold_lines(decode_latex_source(fields.get("abstract", ""))),
        lines=place,
        authors=authors,
        author_count=author_count,
        published=_published(fields),
        arxiv_id=_arxiv_id(fields),
        url=_url(fields),
        keywords=_keywords(fields.get("keywords", "")),
        categories=tuple(fold_lines(category).split()),
    )


def _published(fields: dict[str, str]) -> PartialDate | None:
    """The date: BibLaTeX's ``date`` (of a range the beginning), else ``year``, ``month`` and ``day``."""
    exact = PartialDate.parse_iso(fields.get("date", "").partition("/")[0])
    if exact is not None:
        return exact
    year = re.fullmatch(r"\D{0,20}(\d{4})\D{0,20}", fields.get("year", ""))
    if year is None:
        return None
    shown = fields.get("month", "")
    month = _month(shown)
    day = re.search(r"\d{1,2}", fields.get("day") or ("" if shown.strip().isdigit() else shown))
    for precision in ((month, int(day[0]) if day and month else None), (month, None), (None, None)):
        try:
            return PartialDate(int(year[1]), *precision)
        except ValueError:
            continue
    return None


def _month(text: str) -> int | None:
    """A month as number or name, in any of BibTeX's ways (``jan``, ``{January}``, ``01``, ``10~jan``)."""
    name = re.search(r"[A-Za-z]{3,}", text)
    if name:
        return _MONTHS.get(name[0][:3].lower())
    number = re.fullmatch(r"\s*(\d{1,2})\s*", text)
    return int(number[1]) if number else None


def _arxiv_id(fields: dict[str, str]) -> str | None:
    """The paper's arXiv identifier."""
    archive = (fields.get("archiveprefix") or fields.get("eprinttype") or "arxiv").strip().lower()
    named = [fields.get("arxivid", ""), fields.get("eprint", "") if archive == "arxiv" else ""]
    if fields.get("journal", "").strip().lower() == "corr":
        named.append(fields.get("volume", "").strip().removeprefix("abs/"))
    for text in named:
        if found := normalize_arxiv_id(text.strip(" {}")):
            return found
    texts = [fields.get(name, "") for name in _ARXIV_SOURCES]
    note = fields.get("note", "").lstrip(" {")
    return find_arxiv_id(" ".join([*texts, note if note.lower().startswith("arxiv") else ""]))


def _url(fields: dict[str, str]) -> str | None:
    """The paper's address: its ``url``, a link in ``howpublished``, or its DOI's page."""
    linked = _URL_IN_LATEX.search(fields.get("howpublished", ""))
    doi = decode_latex_source(fields.get("doi", "")).strip()
    doi_page = _DOI_PAGE + doi if doi.startswith("10.") else doi
    candidates = (fields.get("url", ""), linked[1] if linked else fields.get("howpublished", ""), doi_page)
    addresses = (decode_latex_source(_URL_IN_LATEX.sub(r"\1", text)).strip() for text in candidates)
    return next((address for address in addresses if is_safe_url(address)), None)


def _keywords(text: str) -> tuple[str, ...]:
    """Keywords, separated by semicolons, or by commas where there are none."""
    parts = re.split(";" if ";" in text else ",", text)
    keywords = (fold_lines(decode_latex_source(part)) for part in parts)
    return tuple(dict.fromkeys(keyword for keyword in keywords if keyword))


FORMAT = Format(
    _NAME,
    detect,
    parse,
    title="BibTeX",
    sign="a paper is an entry such as @article{key, title = {…}}",
)
