r"""BibTeX and BibLaTeX files, as arXiv, Google Scholar, DBLP and reference managers write them.

A file is cut into blocks (:mod:`reader.formats.bibtex_blocks`). Every block is an entry of the account: an entry of any
type with a title is a record; comments, preambles, strings, data for other entries and text between blocks are
boilerplate; an entry without a title or one that cannot be read is a problem that keeps its text. An abbreviation that
no ``@string`` defines is a problem of its own: the field that uses it is left out, the paper stays. Equal keys and
repeated fields are tolerated, the first field counts.

Titles and abstracts are turned from LaTeX source into text, their maths kept (:mod:`reader.formats.latex_source`).
``subtitle``, ``titleaddon`` and ``maintitle`` are parts of a title. Fields:
https://mirrors.ctan.org/macros/latex/contrib/biblatex/doc/biblatex.pdf, section 2.2.
"""

from __future__ import annotations

import re

from reader.domain.bibliography import Publication
from reader.domain.dates import PartialDate
from reader.domain.folding import fold_title
from reader.domain.records import LineRange, ListingRecord, ParsedListing
from reader.formats.bibliographic import publication_of
from reader.formats.bibtex_blocks import Block, split_blocks
from reader.formats.bibtex_fields import Fields, Inheritance, Strings, own_fields, spell_out_journal
from reader.formats.bibtex_identifiers import (
    find_address,
    find_categories,
    find_code_address,
    find_identifier,
    find_work_doi,
)
from reader.formats.bibtex_names import read_names
from reader.formats.braces import closing_brace, cut_outside_braces
from reader.formats.entries import BrokenEntryError, EntryTally
from reader.formats.format import Format
from reader.formats.latex_source import decode_latex_source
from reader.formats.loose_dates import as_far_as_it_exists, read_loose_date, read_month_and_day
from reader.formats.markup import without_markup
from reader.formats.people import author_fields
from reader.formats.text_decoder import Head, clean_text, decode, refuse_crumbs

_NAME = "bibtex"
_KNOWN_ENTRY = re.compile(
    r"^[ \t]{0,99}@(?:article|misc|inproceedings|incollection|proceedings|book|inbook|phdthesis|mastersthesis|"
    r"techreport|unpublished|conference|online|report|thesis|preprint|electronic|www|manual|booklet|collection|dataset|"
    r"software|patent|periodical|mvbook|reference|inreference)[ \t]{0,9}[{(]",
    re.IGNORECASE | re.MULTILINE,
)
_ENTRY = re.compile(r"^[ \t]{0,99}@[A-Za-z][\w-]{1,40}\s{0,9}[{(]", re.MULTILINE)
_WITHOUT_FIELDS = frozenset({"", "comment", "preamble", "string"})
_NO_WORKS = _WITHOUT_FIELDS | {"xdata", "set", "control"}
_THESES = frozenset({"phdthesis", "mastersthesis", "thesis"})
_WHOLE_BOOKS = frozenset({"proceedings", "mvproceedings", "book", "mvbook", "collection", "mvcollection"})
_PAGES = ("pages", "eid", "articleno", "article-number")
_NUMBERS = ("volume", "number", "issue", *_PAGES)
_ISSUERS = ("publisher", "school", "institution", "organization", "university")
_KEYWORDS = ("keywords", "keyword", "author_keywords", "keywords-plus", "mendeley-tags")
_SEPARATORS = (";", r"\\sep\b|[·•]", ",", r"\n")


def detect(head: Head) -> float:
    """How much a file looks like BibTeX: an entry's beginning at the beginning of a line."""
    # far faster than the patterns, and no line of most other files begins so
    has_sign = any(line.lstrip(" \t").startswith("@") for line in head.lines)
    if has_sign and _KNOWN_ENTRY.search(head.text):
        return 0.95
    if has_sign and _ENTRY.search(head.text):
        return 0.8 if head.name.lower().endswith(".bib") else 0.4
    return 0.3 if head.name.lower().endswith(".bib") else 0.0


def parse(data: bytes) -> ParsedListing:
    """Read a file; raises :class:`ParseError` if reading it would take too long.

    Without entries it has no records.
    """
    decoded = decode(data)
    text = clean_text(decoded.text).replace("\r\n", "\n").replace("\r", "\n")
    refuse_crumbs(text.count("@"), len(text), "entries", least=60)
    refuse_crumbs(text.count("="), len(text), "fields", least=8)
    blocks = list(split_blocks(text))
    strings = Strings(blocks)
    own = [Fields() if block.kind in _WITHOUT_FIELDS else own_fields(block, strings) for block in blocks]
    inheritance = Inheritance(zip(blocks, own, strict=True))

    def record(entry: tuple[Block, Fields], place: LineRange) -> ListingRecord | None:
        block, fields = entry
        if block.fault is not None:
            raise BrokenEntryError(block.fault)
        return None if block.kind in _NO_WORKS else _record(block, inheritance.whole(block.kind, fields), place)

    tally = EntryTally().take(zip(blocks, own, strict=True), record, lambda entry: entry[0].raw)
    for name, places in strings.undefined.items():
        tally.add_problem(f"No @string defines “{name[:60]}”; the fields that use it are left out.", ", ".join(places))
    return tally.listing(_NAME, decoded)


def _record(block: Block, fields: Fields, place: LineRange) -> ListingRecord:
    """An entry as a record."""
    website = find_address({"url": fields.get("website") or fields.get("project") or ""})
    address, arxiv_id = find_address(fields), find_identifier(fields)
    return ListingRecord(
        title=_title(fields),
        abstract=_shown(fields, "abstract"),
        lines=place,
        published=_published(fields),
        arxiv_id=arxiv_id,
        url=address,
        code_urls=find_code_address(fields),
        project_url=website if website != address else None,
        keywords=_keywords(fields),
        categories=find_categories(fields),
        doi=find_work_doi(fields),
        publication=_publication(block, fields, arxiv_id),
        **author_fields(read_names(fields.get("author", ""))),
    )


def _shown(fields: Fields, *names: str) -> str:
    """The first of these fields that is not empty, as text on one line."""
    source = next((fields[name] for name in names if name in fields), "")
    return " ".join(without_markup(decode_latex_source(source)).split()) if source else ""


def _title(fields: Fields) -> str:
    """The title with all its parts; a collection without one has that of the book it makes."""
    title = _joined(_shown(fields, "title", "booktitle"), _shown(fields, "subtitle"), ":")
    title = _joined(title, _shown(fields, "titleaddon"), ".")
    main = _joined(_shown(fields, "maintitle"), _shown(fields, "mainsubtitle"), ":")
    main = _joined(main, _shown(fields, "maintitleaddon"), ".")
    return title if not main or fold_title(title).startswith(fold_title(main)) else _joined(main, title, ".")


def _joined(title: str, part: str, sign: str) -> str:
    """A title and a further part of it, unless it ends in that anyway."""
    if not title or not part or fold_title(title).endswith(fold_title(part)):
        return title or part
    return f"{title} {part}" if title[-1] in "?!:.…–—" else f"{title}{sign} {part}"


def _publication(block: Block, fields: Fields, arxiv_id: str | None) -> Publication:
    """Where and as what the work was published; what only repeats its arXiv identifier is left out."""
    issuers = ("school", "institution", *_ISSUERS) if block.kind in _THESES else _ISSUERS
    numbers = {name: text for name in _NUMBERS if (text := _shown(fields, name)) and not _is_identifier(text, arxiv_id)}
    is_whole_book = block.kind in _WHOLE_BOOKS or "title" not in fields
    journal = spell_out_journal(_shown(fields, "fjournal", "journaltitle", "journal"))
    venue = _joined(journal, _shown(fields, "journalsubtitle"), ":")
    if not venue and not is_whole_book:
        venue = _joined(_shown(fields, "booktitle", "eventtitle"), _shown(fields, "booksubtitle"), ":")
    return publication_of(
        venue=venue,
        volume=numbers.get("volume"),
        number=numbers.get("number") or numbers.get("issue"),
        pages=next((numbers[name] for name in _PAGES if name in numbers), None),
        publisher=_shown(fields, *issuers),
        entry_type=block.kind,
        cite_key_given=block.key,
    )


def _is_identifier(text: str, arxiv_id: str | None) -> bool:
    """Whether a number only repeats the arXiv identifier (``abs/2405.00001``)."""
    return arxiv_id is not None and arxiv_id in text and len(text) <= len(arxiv_id) + len("arXiv:v10 [astro-ph.HE]")


def _published(fields: Fields) -> PartialDate | None:
    """The date: BibLaTeX's ``date`` (of a range the beginning), else ``year``, ``month`` and ``day``."""
    exact = read_loose_date(decode_latex_source(fields.get("date", "")))
    if exact is not None:
        return exact
    year = read_loose_date(decode_latex_source(fields.get("year", "")))
    if year is None or year.month is not None:
        return year
    shown = decode_latex_source(fields.get("month", ""))
    month, day_beside = read_month_and_day(shown)
    if month is None and (number := re.fullmatch(r"\s*(\d{1,2})\s*(?:[-/–].*)?", shown)):
        month = int(number[1])
    day = re.search(r"\d{1,2}", fields.get("day", ""))
    return as_far_as_it_exists(year.year, month, int(day[0]) if day else day_beside)


def _keywords(fields: Fields) -> tuple[str, ...]:
    """Keywords, separated by semicolons, or by commas, or by lines where there are none."""
    found: dict[str, None] = {}
    for name in _KEYWORDS:
        for part in _separated(fields.get(name, "")):
            if keyword := _shown({name: part}, name):
                found[keyword] = None
    return tuple(found)


def _separated(text: str) -> list[str]:
    """A list of keywords cut at its separators; braces around a keyword protect what is in them."""
    text = text.strip()
    while text.startswith("{") and closing_brace(text, 0) == len(text) - 1:
        text = text[1:-1].strip()
    for separator in _SEPARATORS:
        parts = cut_outside_braces(text, separator)
        if len(parts) > 1:
            return parts
    return [text]


FORMAT = Format(
    _NAME,
    detect,
    parse,
    title="BibTeX",
    sign="a paper is an entry such as @article{key, title = {…}}",
)
