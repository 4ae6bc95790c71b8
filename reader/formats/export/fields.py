"""Papers as plain values for templates; ``docs/templates.md`` says what each field is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields as dataclass_fields
from typing import Any

from markupsafe import Markup

from reader.domain.arxiv import arxiv_page_url, arxiv_pdf_url
from reader.domain.bibliography import Publication, published_in_venue
from reader.domain.doi import doi_page_url
from reader.domain.highlight_runs import paper_order
from reader.domain.links import is_safe_url
from reader.domain.papers import Highlight, Paper
from reader.formats.export.inert import enclosed, one_line, plain_text
from reader.formats.export.names import highlight_block_ids
from reader.formats.export.page_links import PageAddress, arxiv_page

Show = Callable[[str], str]
"""How stored text is shown: LaTeX as Unicode, bidi controls as marks. Given by the caller; ``str`` leaves it as is."""

_AUTHORS_NAMED = 3


def paper_fields(paper: Paper, show: Show = str, pages: PageAddress = arxiv_page) -> dict[str, Any]:
    """A paper as templates see it; ``pages`` are the addresses of pages in documents."""
    url = paper_address(paper)
    code_urls = [address for address in paper.code_urls if is_safe_url(address)]
    project_url = paper.project_url if paper.project_url and is_safe_url(paper.project_url) else None
    return {
        "key": paper.key,
        "title": one_line(show(paper.title)),
        "abstract": plain_text(show(paper.abstract)),
        "authors": [one_line(show(author)) for author in paper.authors],
        "author_count": paper.author_count,
        "more_authors": has_more_authors(paper),
        "byline": byline(paper, show),
        "published_in": published_in(paper, show),
        "doi": one_line(paper.doi or "") or None,
        **publication_fields(paper, show),
        "organization": one_line(show(paper.organization.name)) if paper.organization else None,
        "published": paper.published,
        "published_guessed": paper.published_guessed,
        "date": f"{'~' if paper.published_guessed else ''}{paper.published}" if paper.published else "",
        "year": publication_year(paper),
        "arxiv_id": paper.arxiv_id,
        "url": url,
        "pdf_url": arxiv_pdf_url(paper.arxiv_id) if paper.arxiv_id else None,
        "code_urls": code_urls,
        "project_url": project_url,
        "links": _links(paper, url, code_urls, project_url),
        "keywords": [one_line(show(keyword)) for keyword in paper.keywords],
        "categories": [one_line(category) for category in paper.categories],
        "comments": paper.comments,
        "upvotes": paper.upvotes,
        "state": paper.state.value,
        "starred": paper.starred,
        "seen": paper.seen,
        "queue_position": paper.queue_position,
        "first_seen": paper.first_seen[:10],
        "listed": listing_day(paper),
        "tags": [one_line(show(tag)) for tag in paper.tags],
        "note": enclosed(paper.note),
        "highlights": highlight_fields(paper, show, pages),
        "listings": [
            {"name": one_line(show(sighting.listing)), "date": sighting.heading_date, "position": sighting.position}
            for sighting in paper.sightings
        ],
    }


def publication_fields(paper: Paper, show: Show = str) -> dict[str, str | None]:
    """A publication's fields by name, as they are shown; None if unknown."""
    publication = paper.publication
    named = ((field.name, getattr(publication, field.name)) for field in dataclass_fields(publication))
    return {name: one_line(show(value)) or None if value else None for name, value in named}


def published_in(paper: Paper, show: Show = str) -> str:
    """Where a paper was published, on one line: ``Annals of Counting 12(3), pp. 45–67``; empty without a venue."""
    return published_in_venue(Publication(**publication_fields(paper, show)))


def _links(paper: Paper, url: str | None, code_urls: list[str], project_url: str | None) -> list[dict[str, str]]:
    """A paper's links with their names."""
    arxiv_id, doi = paper.arxiv_id, one_line(paper.doi or "")
    names = {doi_page_url(doi): f"DOI:{doi}"} if doi else {}
    names |= {arxiv_page_url(arxiv_id): f"arXiv:{arxiv_id}"} if arxiv_id else {}
    pages = [address for address in dict.fromkeys((url, *reversed(names))) if address]
    links: list[tuple[str, str | None]] = [(names.get(address, "Page"), address) for address in pages]
    links.append(("PDF", arxiv_pdf_url(arxiv_id) if arxiv_id else None))
    links += [*(("Code", address) for address in code_urls), ("Project", project_url)]
    return [{"text": text, "address": address} for text, address in links if address]


def highlight_fields(paper: Paper, show: Show, pages: PageAddress) -> list[dict[str, Any]]:
    """A paper's highlights as templates see them, in the order of :func:`~reader.domain.highlight_runs.paper_order`."""
    ids = highlight_block_ids(paper.key, (highlight.id for highlight in paper.highlights))
    return [
        {
            "id": ids[highlight.id],
            "quote": one_line(show(highlight.exact)),
            "label": one_line(show(highlight.label)),
            "comment": enclosed(highlight.comment),
            "target": highlight.target,
            "placed": not highlight.is_unplaced,
            "approximate": highlight.approximate,
            "created": highlight.created[:10],
            **_page_fields(paper, highlight, show, pages),
        }
        for highlight in paper_order(paper.highlights)
    ]


def _page_fields(paper: Paper, highlight: Highlight, show: Show, pages: PageAddress) -> dict[str, Any]:
    """Where in a document a highlight stands; None for each field of one that is in no document."""
    place = highlight.place
    if place is None:
        return dict.fromkeys(("page", "page_label", "page_url", "kind"))
    return {
        "page": place.page_number,
        "page_label": one_line(show(place.page_label)) or str(place.page_number),
        "page_url": Markup(pages(paper, place)) or None,
        "kind": place.kind.value,
    }


def page_in_parentheses(highlight: Highlight, show: Show) -> str:
    """`` (p. 7)`` after the quote of a highlight in a document; empty for others."""
    return f" ({one_line(show(highlight.place.cited_page))})" if highlight.place is not None else ""


def paper_address(paper: Paper) -> str | None:
    """The paper's own page, else arXiv's, else its DOI's; None without any, or where the address may not be opened."""
    if paper.url and is_safe_url(paper.url):
        return paper.url
    if paper.arxiv_id:
        return arxiv_page_url(paper.arxiv_id)
    page = doi_page_url(paper.doi) if paper.doi else None
    return page if page and is_safe_url(page) else None


def publication_year(paper: Paper) -> str | None:
    """The year of publication, four digits."""
    year = (paper.published or "")[:4]
    return year if year.isdigit() and len(year) == 4 else None


def listing_day(paper: Paper) -> str | None:
    """The earliest day of a listing that has the paper."""
    return min((sighting.heading_date for sighting in paper.sightings if sighting.heading_date), default=None)


def has_more_authors(paper: Paper) -> bool:
    """Whether a paper has more authors than are named; False if none is named."""
    return bool(paper.authors) and (paper.more_authors or (paper.author_count or 0) > len(paper.authors))


def byline(paper: Paper, show: Show = str) -> str:
    """A paper's authors on one line; empty if unknown."""
    if paper.authors:
        named = [one_line(show(author)) for author in paper.authors[:_AUTHORS_NAMED]]
        more = max(len(paper.authors), paper.author_count or 0) - len(named)
        if has_more_authors(paper) and (paper.author_count or 0) <= len(paper.authors):
            return f"{', '.join(named)} and others"
        return f"{', '.join(named)} and {more} more" if more > 0 else ", ".join(named)
    if paper.organization:
        return one_line(show(paper.organization.name))
    if paper.author_count:
        return f"{paper.author_count} author{'s' if paper.author_count != 1 else ''}"
    return ""
