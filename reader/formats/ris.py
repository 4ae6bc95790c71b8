r"""RIS files, as reference managers and publishers write them (``TY  - JOUR`` to ``ER  -``).

Entries are cut by :mod:`reader.formats.ris_entries`. Text outside of entries is boilerplate; an entry without ``TY``
is a problem, and so is one within which a file breaks off that ends its other entries with ``ER``. Authors stand one a
tag, one a line, or parted by semicolons; EndNote writes ``KW`` once and each further keyword on a line of its own.
Tags: https://en.wikipedia.org/wiki/RIS_(file_format), and how Zotero's translator reads them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache

from reader.domain.bibliography import Name, Publication
from reader.domain.dates import PartialDate
from reader.domain.doi import normalize_doi
from reader.domain.links import find_links, is_safe_url
from reader.domain.records import LineRange, ListingRecord, ParsedListing
from reader.formats.bibliographic import kinds_of_works, publication_of
from reader.formats.entries import BrokenEntryError, EntryTally
from reader.formats.format import Format
from reader.formats.loose_dates import as_far_as_it_exists, read_loose_date, read_month_and_day
from reader.formats.markup import without_markup
from reader.formats.mentions import find_arxiv_id, find_arxiv_id_of_work, find_doi
from reader.formats.people import OTHERS, author_fields, family_first, without_more
from reader.formats.ris_entries import Entry, looks_like_ris, split_entries
from reader.formats.text_decoder import Head, decode

_NAME = "ris"
_TITLES = ("TI", "T1", "CT", "BT", "ST")
_AUTHORS = frozenset({"A1", "AU"})
_KINDS = kinds_of_works("""
    article: JOUR, EJOUR, JFULL, MGZN, NEWS, ABST, INPR
    inproceedings: CONF, CPAPER
    incollection: CHAP, ECHAP, ENCYC, DICT
    book: BOOK, EBOOK, SER, CLSWK
    techreport: RPRT, GOVDOC, STAND
    unpublished: UNPB, UNPD, MANSCPT
    online: ELEC, WEB, BLOG
    collection: EDBOOK
    phdthesis: THES
    dataset: DATA
    software: COMP
    patent: PAT
""")
_JOURNALS = ("JF", "T2", "JO", "JA", "J1", "J2", "BT", "C3")
_BOOKS = ("C3", "T2", "BT", "JF", "JO", "JA", "J2")
_WITHOUT_VENUE = frozenset({"book", "phdthesis", "techreport", "collection", "dataset", "software", "patent"})
_LINKS = ("UR", "LK", "L2", "L3", "L1")
_ARXIV_LINKED = ("DO", *_LINKS, "M1", "M3", "AN", "JO", "JF", "T2", "T3", "JA", "J2", "C1", "VL", "IS")
_NUMBERS = ("VL", "IS", "M1", "SP", "AN", "C7", "SE", "ID")
_KEY = re.compile(r"[^\s{},\\]{1,200}")
_NUMBERED_IN_M1 = frozenset({"article", "inproceedings"})
_ISSUE = re.compile(r"\d{1,4}(?:[-–/]\d{1,4})?")
_RANGE = re.compile(r"[-–—]")


def detect(head: Head) -> float:
    """How much a file looks like RIS: a line that says the type of an entry."""
    if looks_like_ris([line for line in head.lines if "TY" in line[:42] or "ty" in line[:42]]):
        return 0.95
    return 0.3 if head.name.lower().endswith(".ris") else 0.0


def parse(data: bytes) -> ParsedListing:
    """Read a file; one without entries has no records."""
    decoded = decode(data)
    entries = list(split_entries(decoded.lines()))
    breaks_off = not decoded.text.endswith(("\n", "\r")) and any(entry.closed and entry.tags for entry in entries)

    def record(entry: Entry, place: LineRange) -> ListingRecord | None:
        if not entry.tags:
            return None
        if entry.type_place is None:
            raise BrokenEntryError(f"TY is missing before line {entry.first_line}.")
        if breaks_off and not entry.closed:
            raise BrokenEntryError("The file ends within this entry, so some of it may be cut off.")
        return _record(entry, place)

    tally = EntryTally().take(entries, record, lambda entry: "\n".join(entry.lines).rstrip())
    return tally.listing(_NAME, decoded)


def _record(entry: Entry, place: LineRange) -> ListingRecord:
    """An entry as a record."""
    arxiv_id = _arxiv_id(entry)
    return ListingRecord(
        title=_shown(entry, *_TITLES),
        abstract=_shown(entry, "AB", "N2"),
        lines=place,
        published=_published(entry),
        arxiv_id=arxiv_id,
        url=_url(entry),
        keywords=_keywords(entry),
        doi=_doi(entry),
        publication=_publication(entry, arxiv_id),
        **author_fields(_names(entry)),
    )


def _shown(entry: Entry, *names: str) -> str:
    """The first of these tags' texts, without markup, on one line."""
    return " ".join(without_markup(entry.text(*names)).split())


def _names(entry: Entry) -> Iterator[Name]:
    """The authors in the order of their lines; one that stands in both tags once, namesakes in one tag each."""
    in_tag: Counter[tuple[str, str]] = Counter()
    taken: Counter[str] = Counter()
    for tag, value in entry.tags:
        for written in _separate_names(value) if tag in _AUTHORS else ():
            named = without_more(written)
            name = _name(named) if named else OTHERS
            shown = str(name)
            in_tag[tag, shown] += 1
            if shown and in_tag[tag, shown] > taken[shown]:
                taken[shown] += 1
                yield name
            if named and named != written:
                yield OTHERS


@lru_cache(maxsize=4096)
def _name(written: str) -> Name:
    """A name in its parts; many stand in a file more than once."""
    return family_first(written)


def _separate_names(lines: list[str]) -> Iterator[str]:
    """The names in a value: one a line, unless a line that is indented goes on with a name, or parted by semicolons."""
    if len(lines) == 1 and not any(sign in lines[0] for sign in ";&<"):
        yield " ".join(lines[0].split())
        return
    joined: list[str] = []
    for line in lines:
        if joined and line[:1].isspace() and "," not in line:
            joined[-1] += f" {line.strip()}"
        else:
            joined.append(line)
    for text in joined:
        yield from (name for part in without_markup(text).split(";") if (name := " ".join(part.split())))


def _published(entry: Entry) -> PartialDate | None:
    """The day of publication; one that lacks its year has that of another tag."""
    texts = entry.texts("DA", "PY", "Y1")
    dates = [date for text in texts if (date := read_loose_date(text)) is not None]
    if not dates:
        return None
    first = dates[0]
    if first.month is None and first.year is not None:
        for text in texts:
            if read_loose_date(text) is None and (named := read_month_and_day(text))[0]:
                return as_far_as_it_exists(first.year, *named)
        return next((date for date in dates if date.year == first.year and date.month), first)
    return first


def _arxiv_id(entry: Entry) -> str | None:
    """The paper's arXiv identifier; a free note counts only where it does not speak of another work."""
    if found := find_arxiv_id(" ".join(entry.texts(*_ARXIV_LINKED))):
        return found
    venues = entry.texts("JF", "JO", "JA", "J2", "T2", "PB", "DB", "DP")
    return find_arxiv_id_of_work(venues, entry.texts(*_NUMBERS), entry.texts("N1", "NO", "U1", "C2", "ID"))


def _doi(entry: Entry) -> str | None:
    """The paper's DOI: its own tag, else a tag that holds or names one."""
    for text in entry.texts("DO", "DI", "M3", "L3", "L1", "AN", "N1"):
        if doi := normalize_doi(text.split()[0] if text[:3] == "10." else text):
            return doi
    return find_doi(" ".join(entry.texts("DO", "UR", "LK", "L2", "L1")))


def _url(entry: Entry) -> str | None:
    """The paper's address: the first in its links."""
    for text in entry.texts(*_LINKS):
        for part in text.split(";"):
            if is_safe_url(part.strip()):
                return part.strip()
        for *_, link in find_links(text):
            return link
    return None


def _keywords(entry: Entry) -> tuple[str, ...]:
    """Keywords: one a tag, one a line, parted by semicolons; a single text is parted by commas."""
    lines = [line for value in entry.values("KW") for line in value]
    parts = [part for line in map(without_markup, lines) for part in line.split(";")]
    if len([part for part in parts if part.strip()]) == 1:
        parts = [part for text in parts for part in text.split(",")]
    return tuple(dict.fromkeys(keyword for part in parts if (keyword := " ".join(part.split()))))


def _publication(entry: Entry, arxiv_id: str | None) -> Publication:
    """Where and as what the work was published; what only repeats its arXiv identifier is left out."""
    kind = _KINDS.get(entry.text("TY").upper(), "misc")
    venues = (
        _BOOKS if kind in {"inproceedings", "incollection"} else ("JF", "JO") if kind in _WITHOUT_VENUE else _JOURNALS
    )
    volume, number = (_without_identifier(_shown(entry, *tags), arxiv_id) for tags in (("VL", "VO"), ("IS",)))
    if number is None and kind in _NUMBERED_IN_M1 and _ISSUE.fullmatch(entry.text("M1")):
        number = entry.text("M1")  # where EndNote puts the issue of electronic articles and of proceedings
    if number is None and kind == "techreport":
        number = _without_identifier(_shown(entry, "M1", "SN"), arxiv_id)
    key = entry.text("ID")
    return publication_of(
        venue=_shown(entry, *venues),
        volume=volume,
        number=number,
        pages=_without_identifier(_pages(entry), arxiv_id),
        publisher=_shown(entry, "PB"),
        entry_type=kind,
        cite_key_given=key if _KEY.fullmatch(key) and not key.isdigit() else "",
    )


def _without_identifier(text: str, arxiv_id: str | None) -> str | None:
    return text if text and not (arxiv_id and arxiv_id in text) else None


def _pages(entry: Entry) -> str:
    """The pages, or the number that an article has instead."""
    first, last = _shown(entry, "SP", "C7"), _shown(entry, "EP")
    if not first or not last or first == last or _RANGE.search(first):
        return first or last
    return f"{first}–{last}"


FORMAT = Format(
    _NAME,
    detect,
    parse,
    title="RIS",
    sign="a paper begins with “TY  - JOUR” and ends with “ER  - ”",
)
