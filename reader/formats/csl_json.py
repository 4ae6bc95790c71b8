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

from reader.domain.arxiv import arxiv_page_url
from reader.domain.bibliography import Name, Publication
from reader.domain.dates import PartialDate
from reader.domain.doi import doi_page_url, normalize_doi
from reader.domain.errors import ParseError
from reader.domain.links import is_safe_url
from reader.domain.records import LineRange, ListingRecord, ParsedListing
from reader.formats.crumbs import refuse_crumbs
from reader.formats.entries import BrokenEntryError, EntryTally, fold_lines
from reader.formats.format import Format
from reader.formats.json_reader import Members, items_of, load_json, member_names, members_of, text_of, written_out
from reader.formats.markup import without_markup
from reader.formats.people import author_fields
from reader.formats.references import find_arxiv_id
from reader.formats.text_decoder import decode, decode_head

_NAME = "csl-json"
_OWN = frozenset({"issued", "container-title", "citation-key", "non-dropping-particle", "event-title", "message-type"})
_USUAL = frozenset({"DOI", "URL", "author", "abstract", "id"})
_NOT_OURS = frozenset({"paper", "publishedAt", "upvotes", "dailyPapers", "itemType", "entry_id", "authorships"})
_ENTRY_TYPES = {
    **dict.fromkeys(("article-journal", "journal-article", "article-magazine", "article-newspaper"), "article"),
    **dict.fromkeys(("paper-conference", "proceedings-article"), "inproceedings"),
    **dict.fromkeys(("chapter", "book-chapter", "entry-encyclopedia", "entry-dictionary", "entry"), "incollection"),
    **dict.fromkeys(("book", "monograph", "edited-book"), "book"),
    **dict.fromkeys(("thesis", "dissertation"), "phdthesis"),
    **dict.fromkeys(("report", "report-component"), "techreport"),
    "manuscript": "unpublished",
}
_OTHER_TYPES = "article|posted-content|webpage|post|post-weblog|dataset|software|document|review|speech|proceedings"
_TYPE = re.compile(rf'"type"\s{{0,9}}:\s{{0,9}}"(?:{"|".join(_ENTRY_TYPES)}|{_OTHER_TYPES})"')
_ARXIV_SOURCES = ("DOI", "number", "URL", "archive_id", "archive_location", "note", "container-title", "publisher")
_OPEN_YEARS = range(1, 10_000)


def detect(data: bytes, name: str) -> float:
    """How much a file looks like CSL-JSON: JSON with items of its types, or with the members that only they have."""
    names = member_names(data)
    if names is None or "title" not in names or names & _NOT_OURS:
        return 0.0
    if "type" in names and _TYPE.search(decode_head(data)) and names & _USUAL:
        return 1.0
    return 0.95 if names & _OWN or {"family", "given"} <= names else 0.0


def parse(data: bytes) -> ParsedListing:
    """Read a file; raises :class:`ParseError` if it is no JSON or holds no list of items."""
    decoded = decode(data)
    items = _items(load_json(decoded.text))
    if items is None:
        raise ParseError("The JSON holds no list of bibliographic items; export it as CSL-JSON again.")
    refuse_crumbs(len(items), len(decoded.text), "entries", least=40)
    tally = EntryTally()
    for item in items:
        try:
            tally.add_record(_record(members_of(item), tally.next_place()))
        except BrokenEntryError as broken:
            tally.add_problem(str(broken), written_out(item))
    return tally.listing(_NAME, decoded)


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


def _record(item: Members, place: LineRange) -> ListingRecord:
    """One item as a record; raises :class:`BrokenEntryError`."""
    title = _rich_text(item, "title")
    if not title:
        raise BrokenEntryError("The paper has no title.")
    if "type" not in item and not {"author", "issued", "DOI"} & item.keys():
        raise BrokenEntryError("This is no item of a bibliography: it has no type.")
    arxiv_id = find_arxiv_id(_arxiv_text(item))
    doi = normalize_doi(text_of(item, "DOI"))
    return ListingRecord(
        title=title,
        abstract=_rich_text(item, "abstract"),
        lines=place,
        published=_date(item),
        arxiv_id=arxiv_id,
        url=_address(item, arxiv_id, doi),
        doi=doi,
        publication=_publication(item),
        keywords=_keywords(item),
        **author_fields(_names(item.get("author"))),
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
    return fold_lines(without_markup(_first(item, key)))


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
    for precision in range(len(numbers), 0, -1):
        try:
            return PartialDate(*numbers[:precision])
        except ValueError:
            continue
    return None


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


def _address(item: Members, arxiv_id: str | None, doi: str | None) -> str | None:
    """The paper's page: the address given, else arXiv's, else its DOI's."""
    given = text_of(item, "URL").strip()
    if is_safe_url(given):
        return given
    return arxiv_page_url(arxiv_id) if arxiv_id else doi_page_url(doi) if doi else None


def _publication(item: Members) -> Publication:
    """Where and as what the work was published."""
    number = fold_lines(_first(item, "issue") or _first(item, "number"))
    key = text_of(item, "citation-key").strip() or _first(item, "id").strip()
    return Publication(
        venue=_rich_text(item, "container-title") or _rich_text(item, "event-title") or None,
        volume=fold_lines(_first(item, "volume")) or None,
        number=None if find_arxiv_id(number) else number or None,
        pages=fold_lines(_first(item, "page")) or None,
        publisher=_rich_text(item, "publisher") or None,
        entry_type=_ENTRY_TYPES.get(text_of(item, "type"), "misc"),
        cite_key_given=key if re.fullmatch(r"[^\s/{},\\]{1,200}", key) and not key.isdigit() else None,
    )


def _keywords(item: Members) -> tuple[str, ...]:
    """Keywords: one text with commas or semicolons, or a list."""
    shown = item.get("keyword", item.get("subject"))
    if isinstance(shown, str):
        parts: list[object] = list(re.split(";" if ";" in shown else ",", shown))
    else:
        parts = items_of(shown) or []
    return tuple(dict.fromkeys(word for part in parts if isinstance(part, str) and (word := fold_lines(part))))


FORMAT = Format(
    _NAME, detect, parse, title="CSL-JSON", sign="each item needs a title and a type such as “article-journal”"
)
