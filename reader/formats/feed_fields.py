"""Texts and dates of a feed's entries as feedparser gives them, and the papers in publishers' feeds."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from reader.domain.bibliography import NO_PUBLICATION, Name, Publication
from reader.domain.dates import PartialDate
from reader.domain.doi import normalize_doi
from reader.domain.records import LineRange, ListingRecord
from reader.formats.bibliographic import bibliographic_record, publication_of
from reader.formats.entries import fold_lines
from reader.formats.loose_dates import find_mail_date
from reader.formats.markup import unmarked_line
from reader.formats.mentions import find_arxiv_id
from reader.formats.people import split_creators
from reader.formats.text_decoder import clean_text

_WITH_ADDRESS = re.compile(r"\S{1,100}@\S{1,100}\s{0,3}\((?P<name>[^()]{1,200})\)")
_ONLY_ADDRESS = re.compile(r"\S{1,100}@\S{1,100}")
_DOI_IN_TEXT = re.compile(r"doi:\s{0,3}(10\.\d{4,9}/[^\s\"<>|;]{1,300})", re.IGNORECASE)
_DATES = ("published", "prism_publicationdate", "prism_coverdate", "updated", "dc_date")


def other_record(entry: Mapping[str, Any], place: LineRange) -> ListingRecord:
    """An entry of a feed that is not arXiv's as a record."""
    return bibliographic_record(
        place,
        title=unmarked_line(feed_text(entry, "title")),
        names=_creators(entry),
        abstract=unmarked_line(feed_text(entry, "summary")),
        published=next((day for key in _DATES if (day := feed_day(entry, key))), None),
        arxiv_id=find_arxiv_id(f"{feed_text(entry, 'dc_identifier')} {feed_text(entry, 'prism_doi')}"),
        doi=_doi(entry),
        urls=[feed_text(entry, "link")],
        keywords=_keywords(entry),
        publication=_publication(entry),
    )


def feed_day(source: Mapping[str, Any], key: str) -> PartialDate | None:
    """A date in ISO 8601 or as mails write it."""
    shown = feed_text(source, key)
    return PartialDate.parse_iso(shown) or find_mail_date(shown)


def feed_text(source: Mapping[str, Any], key: str) -> str:
    """A member that is text; empty if there is no such text."""
    value = dict.get(source, key) if isinstance(source, dict) else None  # feedparser's own get() warns and renames
    return clean_text(value) if isinstance(value, str) else ""


def _creators(entry: Mapping[str, Any]) -> list[Name]:
    """The authors: one element each, or several in one; RSS's own ``author`` is an address with the name behind it."""
    addressed = _WITH_ADDRESS.fullmatch(feed_text(entry, "author").strip())
    if addressed:
        return split_creators(addressed["name"])
    shown = [feed_text(author, "name") for author in entry.get("authors", []) if isinstance(author, Mapping)]
    texts = [unmarked_line(name) for name in shown]
    return [name for text in texts if text and not _ONLY_ADDRESS.fullmatch(text) for name in split_creators(text)]


def _doi(entry: Mapping[str, Any]) -> str | None:
    """The DOI, wherever publishers put it."""
    named = (feed_text(entry, key) for key in ("prism_doi", "dc_identifier", "id", "link", "guid"))
    found = next(filter(None, map(normalize_doi, named)), None)
    mentioned = _DOI_IN_TEXT.search(feed_text(entry, "dc_source"))
    return found or (normalize_doi(mentioned[1]) if mentioned else None)


def _publication(entry: Mapping[str, Any]) -> Publication:
    """Where PRISM says that the work was published."""
    first, last = feed_text(entry, "prism_startingpage").strip(), feed_text(entry, "prism_endingpage").strip()
    venue = unmarked_line(feed_text(entry, "prism_publicationname"))
    if not venue and not first:
        return NO_PUBLICATION
    return publication_of(
        venue=venue,
        volume=fold_lines(feed_text(entry, "prism_volume")),
        number=fold_lines(feed_text(entry, "prism_number")),
        pages=f"{first}-{last}" if first and last else first,
        publisher=fold_lines(feed_text(entry, "publisher")),
    )


def _keywords(entry: Mapping[str, Any]) -> list[str]:
    """The subjects of an entry (``dc:subject``, ``category``)."""
    return [feed_text(tag, "term") for tag in entry.get("tags", []) if isinstance(tag, Mapping)]
