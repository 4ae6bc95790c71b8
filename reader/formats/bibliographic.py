"""Parts that all formats of bibliographies share: a work's record, its publication, and names for its kind."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from reader.domain.arxiv import arxiv_page_url
from reader.domain.bibliography import Name, Publication
from reader.domain.dates import PartialDate
from reader.domain.doi import doi_page_url
from reader.domain.links import is_safe_url
from reader.domain.records import LineRange, ListingRecord
from reader.formats.entries import fold_lines
from reader.formats.people import author_fields


def bibliographic_record(
    place: LineRange,
    *,
    title: str,
    names: Iterable[Name],
    abstract: str,
    published: PartialDate | None,
    arxiv_id: str | None,
    doi: str | None,
    urls: Iterable[str],
    keywords: Iterable[str],
    publication: Publication,
) -> ListingRecord:
    """A work's record, each keyword once; its page is the first safe address, else arXiv's, else its DOI's."""
    page = arxiv_page_url(arxiv_id) if arxiv_id else doi_page_url(doi) if doi else None
    return ListingRecord(
        title=title,
        abstract=abstract,
        lines=place,
        published=published,
        arxiv_id=arxiv_id,
        url=next((url for url in urls if is_safe_url(url)), page),
        doi=doi,
        keywords=tuple(dict.fromkeys(word for text in keywords if (word := fold_lines(text)))),
        publication=publication,
        **author_fields(names),
    )


def publication_of(**texts: str | None) -> Publication:
    """A publication; what is empty is not known."""
    return Publication(**{field: text or None for field, text in texts.items()})


def kinds_of_works(table: str) -> Mapping[str, str]:
    """BibTeX's type by a format's name for a kind of work, from lines such as ``article: review, journal article``."""
    rows = (line.partition(":") for line in table.strip().splitlines())
    return {name.strip(): kind.strip() for kind, _, names in rows for name in names.split(",")}
