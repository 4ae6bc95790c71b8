"""Papers as programs dump them into JSON: results of arxiv.py, answers of arXiv's, Semantic Scholar's and other APIs.

There is no one schema, so a value is looked for under the names that these programs give it (arxiv.py's ``entry_id``,
``summary`` and ``published``, Kaggle's arXiv snapshot's ``abstract`` and ``update_date``, Semantic Scholar's
``externalIds`` and ``publicationDate``, OpenAlex's ``authorships``). Sources:
https://lukasschwab.me/arxiv.py/arxiv.html (Result), https://docs.openalex.org/api-entities/works/work-object,
https://api.semanticscholar.org/api-docs/graph, https://www.kaggle.com/datasets/Cornell-University/arxiv. A file is a
list of entries, an object with such a list, or one entry a line (JSON Lines).

An entry is a record only where it has a title and an arXiv identifier or a DOI, in whatever form: a title and an
identifier of another kind may be anything, such as a model or something to do. What ``lectern papers --json`` prints
is read as well; its papers have keys instead.
"""

from __future__ import annotations

import re

from reader.domain.arxiv import arxiv_page_url, normalize_arxiv_id
from reader.domain.bibliography import Publication
from reader.domain.dates import PartialDate
from reader.domain.doi import doi_page_url, normalize_doi
from reader.domain.errors import ParseError
from reader.domain.links import is_safe_url
from reader.domain.records import LineRange, ListingRecord, ParsedListing
from reader.formats.entries import NO_TITLE, BrokenEntryError, EntryTally, fold_lines
from reader.formats.format import Format
from reader.formats.json_reader import (
    OWN_MEMBER,
    Members,
    folded_text,
    items_of,
    load_json,
    member_names,
    members_of,
    names_of,
    text_of,
    texts_of,
    written_out,
)
from reader.formats.loose_dates import find_mail_date
from reader.formats.markup import unmarked_line
from reader.formats.mentions import code_urls_beside
from reader.formats.people import split_authors
from reader.formats.text_decoder import Head, decode, refuse_crumbs

_NAME = "paper-json"
_OWN_NAME = "lectern-papers"
_LISTS = ("papers", "results", "entries", "data", "items", "articles")
_IDENTIFIERS = ("arxiv_id", "arxivId", "arxiv", "entry_id", "id", "eprint", "pdf_url", "url", "link", "links", "doi")
_DATES = ("published", "publicationDate", "publication_date", "date", "created", "update_date", "year")
_TEXTS = frozenset({"summary", "abstract", "authors", "authorships"})
_NAMED_SO = frozenset({"arxiv_id", "arxivId", "externalIds", "entry_id"})
_TELLING = frozenset(_IDENTIFIERS) | {"externalIds", "primary_category", "categories"}
_NOT_OURS = frozenset(
    {"paper", "publishedAt", "upvotes", "dailyPapers", "issued", "container-title", "itemType", "URL"}
)


def detect(head: Head) -> float:
    """How much a file looks like dumped papers: JSON of objects with a title, a text or authors, and an identifier."""
    names = member_names(head)
    if names is None or "title" not in names or (names & _NOT_OURS and OWN_MEMBER not in names):
        return 0.0
    return 0.8 if names & _NAMED_SO or (names & _TEXTS and names & _TELLING) else 0.0


def parse(data: bytes) -> ParsedListing:
    """Read a file; raises :class:`ParseError` if it is no JSON or holds no list."""
    decoded = decode(data)
    entries = _entries(decoded.text)
    if entries is None:
        raise ParseError("The JSON contains no list of papers.")
    refuse_crumbs(len(entries), len(decoded.text), "entries", least=40)
    tally = EntryTally().take(entries, _record, written_out)
    is_own = any(OWN_MEMBER in members_of(entry) for entry in entries)
    return tally.listing(_OWN_NAME if is_own else _NAME, decoded)


def _entries(text: str) -> list[object] | None:
    """The entries of a file, one a line or in a list; None where there are none."""
    lines = [line for line in text.splitlines() if line.strip()]
    if len(lines) > 1 and all(line.lstrip().startswith("{") and line.rstrip().endswith("}") for line in lines):
        return [_line(line) for line in lines]
    value = load_json(text)
    outer = members_of(value)
    if "title" in outer:
        return [value]
    return items_of(value) or next((found for key in _LISTS if (found := items_of(outer.get(key)))), None)


def _line(line: str) -> object:
    """The value of a line, or its text where it is damaged, which makes it a problem."""
    try:
        return load_json(line)
    except ParseError:
        return line


def _record(value: object, place: LineRange) -> ListingRecord:
    """One entry as a record; raises :class:`BrokenEntryError`."""
    entry = members_of(value)
    title = unmarked_line(folded_text("title", (entry,)))
    if not title:
        raise BrokenEntryError(NO_TITLE)
    arxiv_id, doi = _identity(entry)
    key = text_of(entry, "key") if OWN_MEMBER in entry else ""
    if arxiv_id is None and doi is None and not key:
        raise BrokenEntryError("The entry has neither an arXiv identifier nor a DOI, so it may not be a paper.")
    abstract = unmarked_line(text_of(entry, "summary") or text_of(entry, "abstract"))
    authors, author_count = _authors(entry)
    return ListingRecord(
        title=title,
        abstract=abstract,
        lines=place,
        authors=authors,
        author_count=author_count,
        published=_date(entry),
        arxiv_id=arxiv_id,
        url=_address(entry, arxiv_id, doi),
        doi=doi,
        code_urls=code_urls_beside(abstract, text_of(entry, "comment") or text_of(entry, "comments")),
        categories=_categories(entry),
        publication=Publication(venue=fold_lines(text_of(entry, "venue")) or None),
        key=key or None,
    )


def _identity(entry: Members) -> tuple[str | None, str | None]:
    """The arXiv identifier and the DOI that an entry names."""
    others = members_of(entry.get("externalIds")) or members_of(entry.get("ids"))
    candidates = [text_of(others, "ArXiv"), text_of(others, "DOI"), text_of(others, "doi")]
    candidates += [text_of(entry, key) for key in _IDENTIFIERS]
    arxiv_id = next(filter(None, map(normalize_arxiv_id, candidates)), None)
    return arxiv_id, next(filter(None, map(normalize_doi, candidates)), None)


def _authors(entry: Members) -> tuple[tuple[str, ...], int | None]:
    """The authors: a list of names or of objects with a name, or all in one text."""
    if "authorships" in entry:  # OpenAlex
        people = [members_of(members_of(each).get("author")) for each in items_of(entry["authorships"]) or []]
        listed = names_of([text_of(person, "display_name") for person in people])
    else:
        listed = names_of(entry.get("authors", entry.get("author")))
    if listed:
        return listed, len(listed)
    return split_authors(fold_lines(text_of(entry, "authors") or text_of(entry, "author")))


def _date(entry: Members) -> PartialDate | None:
    """The date of publication, of Kaggle's snapshot that of the first version; none that was only guessed."""
    if entry.get(OWN_MEMBER) is True:
        return None
    first = members_of(next(iter(items_of(entry.get("versions")) or []), None))
    if found := find_mail_date(text_of(first, "created")):
        return found
    for key in _DATES:
        value = entry.get(key)
        shown = str(value) if isinstance(value, int) and not isinstance(value, bool) else text_of(entry, key)
        if found := PartialDate.parse_iso(shown) or find_mail_date(shown):
            return found
    return None


def _address(entry: Members, arxiv_id: str | None, doi: str | None) -> str | None:
    """The paper's page: arXiv's, else the address given, else its DOI's."""
    if arxiv_id:
        return arxiv_page_url(arxiv_id)
    given = next((text for key in ("url", "link") if is_safe_url(text := text_of(entry, key).strip())), None)
    return given or (doi_page_url(doi) if doi else None)


def _categories(entry: Members) -> tuple[str, ...]:
    """ArXiv's categories, the primary one first."""
    shown = entry.get("categories")
    listed = texts_of(shown) if isinstance(shown, list) else tuple(text_of(entry, "categories").split())
    primary = fold_lines(text_of(entry, "primary_category"))
    terms = dict.fromkeys((primary, *listed))
    return tuple(term for term in terms if re.fullmatch(r"[a-z-]{2,20}(?:\.[A-Za-z-]{2,20})?", term))


FORMAT = Format(
    _NAME, detect, parse, title="JSON of papers", sign="each entry needs a title and an arXiv identifier or a DOI"
)
