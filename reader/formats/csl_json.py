"""CSL-JSON: what Zotero, Mendeley, Pandoc, doi.org and Lectern itself write.

Source: https://docs.citationstyles.org/en/stable/specification.html (appendices III and IV) and the schema at
https://github.com/citation-style-language/schema. A file is a list of items, one item, or an object with the list as
``items`` or ``references``; Crossref's API wraps the same in ``message`` and makes lists of titles and venues.

An item is a record where it has a title, else a problem. arXiv's own DOIs and numbers become the identifier. Markup
in titles and abstracts is dropped (:mod:`reader.formats.markup`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from reader.domain.bibliography import Name, Publication
from reader.domain.dates import PartialDate
from reader.domain.doi import normalize_doi
from reader.domain.errors import ParseError
from reader.domain.records import LineRange, ListingRecord, ParsedListing
from reader.formats.bibliographic import bibliographic_record, kinds_of_works, publication_of
from reader.formats.entries import BrokenEntryError, EntryTally, fold_lines
from reader.formats.format import Format
from reader.formats.json_reader import (
    Members,
    items_of,
    load_json,
    member_names,
    members_of,
    text_of,
    texts_of,
    written_out,
)
from reader.formats.loose_dates import as_far_as_it_exists
from reader.formats.markup import unmarked_line
from reader.formats.mentions import find_arxiv_id
from reader.formats.text_decoder import Head, decode, refuse_crumbs

_NAME = "csl-json"
_OWN = frozenset({"issued", "container-title", "citation-key", "non-dropping-particle", "event-title", "message-type"})
_USUAL = frozenset({"DOI", "URL", "author", "abstract", "id"})
_NOT_OURS = frozenset({"paper", "publishedAt", "upvotes", "dailyPapers", "itemType", "entry_id", "authorships"})
_KINDS = kinds_of_works("""
    article: article-journal, journal-article, article-magazine, article-newspaper
    inproceedings: paper-conference, proceedings-article
    incollection: chapter, book-chapter, entry-encyclopedia, entry-dictionary, entry
    book: book, monograph, edited-book
    phdthesis: thesis, dissertation
    techreport: report, report-component
    unpublished: manuscript
""")
_OTHER_TYPES = "article|posted-content|webpage|post|post-weblog|dataset|software|document|review|speech|proceedings"
_TYPE = re.compile(rf'"type"\s{{0,9}}:\s{{0,9}}"(?:{"|".join(_KINDS)}|{_OTHER_TYPES})"')
_ARXIV_SOURCES = ("DOI", "number", "URL", "archive_id", "archive_location", "note", "container-title", "publisher")
_OPEN_YEARS = range(1, 10_000)


def detect(head: Head) -> float:
    """How much a file looks like CSL-JSON: JSON with items of its types, or with the members that only they have."""
    names = member_names(head)
    if names is None or "title" not in names or names & _NOT_OURS:
        return 0.0
    if "type" in names and _TYPE.search(head.text) and names & _USUAL:
        return 1.0
    return 0.95 if names & _OWN or {"family", "given"} <= names else 0.0


def parse(data: bytes) -> ParsedListing:
    """Read a file; raises :class:`ParseError` if it is no JSON or holds no list of items."""
    decoded = decode(data)
    items = _items(load_json(decoded.text))
    if items is None:
        raise ParseError("The JSON contains no list of bibliographic items; export it as CSL-JSON again.")
    refuse_crumbs(len(items), len(decoded.text), "entries", least=40)
    return EntryTally().take(items, _record, written_out).listing(_NAME, decoded)


def _items(value: object) -> list[object] | None:
    """The items of a file; None where there are none."""
    outer = members_of(value)
    if "message" in outer:  # Crossref's answers
        value = outer["message"]
        outer = members_of(value)
    for key in ("items", "references"):
        if (found := items_of(outer.get(key))) is not None:
            return found
    return [value] if "title" in outer else items_of(value)


def _record(value: object, place: LineRange) -> ListingRecord:
    """One item as a record; raises :class:`BrokenEntryError`."""
    item = members_of(value)
    title = _rich_text(item, "title")
    if title and "type" not in item and not {"author", "issued", "DOI"} & item.keys():
        raise BrokenEntryError("This is not a bibliographic item: it has no type.")
    return bibliographic_record(
        place,
        title=title,
        names=_names(item.get("author")),
        abstract=_rich_text(item, "abstract"),
        published=_date(item),
        arxiv_id=find_arxiv_id(_arxiv_text(item)),
        doi=normalize_doi(text_of(item, "DOI")),
        urls=[text_of(item, "URL").strip()],
        keywords=_keywords(item),
        publication=_publication(item),
    )


def _first(item: Members, key: str) -> str:
    """A text, or the first of a list of texts, as Crossref has them."""
    value = item.get(key)
    found = value[0] if isinstance(value, list) and value else value
    if isinstance(found, int) and not isinstance(found, bool):
        return str(found)
    return found if isinstance(found, str) else ""


def _rich_text(item: Members, key: str) -> str:
    """A text without markup, on one line."""
    return unmarked_line(_first(item, key))


def _names(value: object) -> Iterator[Name]:
    """The names in a list of creators."""
    for creator in items_of(value) or []:
        parts = members_of(creator)

        def part(*keys: str, parts: Members = parts) -> str:
            return " ".join(shown for key in keys if (shown := fold_lines(text_of(parts, key))))

        particle = part("dropping-particle", "non-dropping-particle")
        family, given, literal = part("family"), part("given"), part("literal") or part("name")
        if isinstance(creator, str):
            yield Name(literal=fold_lines(creator))
        elif family and (given or particle):
            yield Name(family=family, given=given, particle=particle, suffix=part("suffix"))
        else:
            yield Name(literal=literal or family or given)


def _date(item: Members) -> PartialDate | None:
    """The day of publication: its parts, else a text; of a range the beginning."""
    for key in ("issued", "published", "published-online", "published-print", "submitted"):
        if found := _day(item.get(key)):
            return found
    return None


def _day(value: object) -> PartialDate | None:
    """A date of CSL (``{"date-parts": [[2024, 5, 3]]}``, ``raw``, ``literal``) or a text, as far as it exists."""
    given = members_of(value)
    if isinstance(value, str):
        return PartialDate.parse_iso(value.partition("/")[0])
    first = next(iter(items_of(given.get("date-parts")) or []), None)
    numbers = [_number(part) for part in (items_of(first) or [])[:3]]
    if not numbers or numbers[0] not in _OPEN_YEARS:
        shown = text_of(given, "raw") or text_of(given, "literal")
        year = re.search(r"(?<!\d)\d{4}(?!\d)", shown)
        return PartialDate.parse_iso(shown.partition("/")[0]) or (PartialDate(int(year[0])) if year else None)
    return as_far_as_it_exists(*numbers)


def _number(part: object) -> int | None:
    """A part of a date, which may be written as a text."""
    if isinstance(part, str) and re.fullmatch(r"\d{1,4}", part):
        return int(part)
    return part if isinstance(part, int) and not isinstance(part, bool) else None


def _arxiv_text(item: Members) -> str:
    """Where an identifier may be named; a note counts only where it begins with one."""
    texts = {key: _first(item, key) for key in _ARXIV_SOURCES}
    if not texts["note"].lstrip().lower().startswith("arxiv"):
        texts["note"] = ""
    return " ".join(texts.values())


def _publication(item: Members) -> Publication:
    """Where and as what the work was published."""
    number = fold_lines(_first(item, "issue") or _first(item, "number"))
    key = text_of(item, "citation-key").strip() or _first(item, "id").strip()
    return publication_of(
        venue=_rich_text(item, "container-title") or _rich_text(item, "event-title"),
        volume=fold_lines(_first(item, "volume")),
        number="" if find_arxiv_id(number) else number,
        pages=fold_lines(_first(item, "page")),
        publisher=_rich_text(item, "publisher"),
        entry_type=_KINDS.get(text_of(item, "type"), "misc"),
        cite_key_given=key if re.fullmatch(r"[^\s/{},\\]{1,200}", key) and not key.isdigit() else "",
    )


def _keywords(item: Members) -> tuple[str, ...]:
    """Keywords: one text with commas or semicolons, or a list."""
    shown = item.get("keyword", item.get("subject"))
    return texts_of(re.split(";" if ";" in shown else ",", shown) if isinstance(shown, str) else shown)


FORMAT = Format(
    _NAME, detect, parse, title="CSL-JSON", sign="each item needs a title and a type such as “article-journal”"
)
