"""Forms of many papers that templates make: the one-file report, the HTML page, the digest."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from markupsafe import Markup, escape

from reader.domain.links import find_links
from reader.domain.papers import Paper
from reader.formats.export.fields import Show, listing_day, paper_fields
from reader.formats.export.inert import one_line, plain_text
from reader.formats.export.notes import TEMPLATE_NAMES, guarded
from reader.formats.export.page_links import PageAddress, arxiv_page, html_page_link
from reader.formats.export.profiles import ONE_FILE
from reader.formats.export.regions import Block
from reader.formats.export.splice import NoteContent
from reader.formats.export.templates import TemplateSet, html_finish

PAGE_TEMPLATE = "page.html.j2"
DIGEST_TEMPLATES = {"markdown": "digest.md.j2", "html": "digest.html.j2"}
STYLE = "style.css"


@dataclass(frozen=True, slots=True)
class DigestListing:
    """A listing that came, and the papers that it was the first to have."""

    name: str
    date: str | None
    papers: Sequence[Paper]


@dataclass(frozen=True, slots=True)
class Digest:
    """What came and what was done from one day to another (ISO 8601, both included)."""

    since: str
    until: str
    listings: Sequence[DigestListing] = ()
    kept: Sequence[Paper] = ()
    highlights: Sequence[Paper] = ()
    queue: Sequence[Paper] = field(default=())


def report_content(
    groups: Iterable[tuple[str, Sequence[Paper]]],
    title: str,
    templates: TemplateSet,
    show: Show,
    pages: PageAddress = arxiv_page,
) -> NoteContent:
    """The one-file report as the content of a note: no front matter, one block."""
    values = {
        "title": title,
        "groups": [
            {"name": one_line(show(name)), "papers": [paper_fields(paper, show, pages) for paper in papers]}
            for name, papers in groups
        ],
    }
    text = guarded(templates.render(TEMPLATE_NAMES[ONE_FILE.name], values), ONE_FILE)
    return NoteContent({}, (Block("report", f"{text}\n\n{ONE_FILE.id_format.format('report')}"),), ONE_FILE)


def group_papers(papers: Iterable[Paper], by: str) -> list[tuple[str, list[Paper]]]:
    """Papers under what they have in common; one without goes under “Other”, which comes last.

    ``by`` is ``tag``, ``label``, ``listing`` or ``day`` (of the first listing; the newest comes first).
    """
    groups: dict[str, list[Paper]] = {}
    other: list[Paper] = []
    for paper in papers:
        names = _group_names(paper, by)
        for name in names:
            groups.setdefault(name, []).append(paper)
        if not names:
            other.append(paper)
    ordered = sorted(groups.items(), key=lambda group: group[0].casefold(), reverse=by == "day")
    return [*ordered, *([("Other", other)] if other else [])]


def _group_names(paper: Paper, by: str) -> list[str]:
    if by == "tag":
        names: Iterable[str | None] = paper.tags
    elif by == "label":
        names = (highlight.label for highlight in paper.highlights)
    elif by == "listing":
        names = (
            f"{seen.listing}, {seen.heading_date}" if seen.heading_date else seen.listing for seen in paper.sightings
        )
    else:
        names = (listing_day(paper),)
    return list(dict.fromkeys(name for name in names if name))


def html_templates(sources: Mapping[str, str]) -> TemplateSet:
    """Templates that make HTML."""
    filters: dict[str, Callable[..., Any]] = {
        "paragraphs": html_paragraphs,
        "linked": html_linked,
        "rendered": rendered_markdown,
        "page_link": html_page_link,
    }
    return TemplateSet(sources, html_finish, filters)


def html_page(
    papers: Iterable[Paper],
    title: str,
    style: str,
    templates: TemplateSet,
    show: Show,
    pages: PageAddress = arxiv_page,
) -> str:
    """Papers as one page that needs nothing else."""
    shown = [paper_fields(paper, show, pages) for paper in papers]
    values = {"title": title, "style": Markup(style), "papers": shown}
    return templates.render(PAGE_TEMPLATE, values)


def digest_values(digest: Digest, show: Show, pages: PageAddress = arxiv_page) -> dict[str, Any]:
    """A digest as templates see it."""

    def listed(papers: Sequence[Paper]) -> list[dict[str, Any]]:
        return [paper_fields(paper, show, pages) for paper in papers]

    return {
        "since": digest.since,
        "until": digest.until,
        "new_count": sum(len(listing.papers) for listing in digest.listings),
        "listings": [
            {"name": one_line(show(listing.name)), "date": listing.date, "papers": listed(listing.papers)}
            for listing in digest.listings
        ],
        "kept": listed(digest.kept),
        "highlights": listed(digest.highlights),
        "queue": listed(digest.queue),
    }


def digest_markdown(digest: Digest, templates: TemplateSet, show: Show, pages: PageAddress = arxiv_page) -> str:
    """A digest as Markdown."""
    text = templates.render(DIGEST_TEMPLATES["markdown"], {"digest": digest_values(digest, show, pages)})
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


def digest_html(digest: Digest, style: str, templates: TemplateSet, show: Show, pages: PageAddress = arxiv_page) -> str:
    """A digest as a page that needs nothing else."""
    values = {"digest": digest_values(digest, show, pages), "style": Markup(style)}
    return templates.render(DIGEST_TEMPLATES["html"], values)


def html_paragraphs(text: str | None) -> Markup:
    """A text as paragraphs of HTML, its web addresses as links."""
    parts = re.split(r"\n[ \t]*\n", plain_text(text or "").replace("\r\n", "\n"))
    shown = (html_linked(part.strip()) for part in parts if part.strip())
    return Markup("\n").join(Markup('<p dir="auto">{}</p>').format(part) for part in shown)


def html_linked(text: str | None) -> Markup:
    """A text as HTML in which nothing but its web addresses is active."""
    line, pieces, position = plain_text(text or ""), [], 0
    for start, end, address in find_links(line):
        link = Markup('<a href="{}" rel="noreferrer noopener">{}</a>').format(address, line[start:end])
        pieces += [escape(line[position:start]), link]
        position = end
    return Markup("").join([*pieces, escape(line[position:])])


def rendered_markdown(text: str | None) -> Markup:
    """Markdown as HTML in which nothing is active: no HTML of its own, no pictures, links to the web only."""
    import nh3

    html = _markdown_reader().render(plain_text(text or ""))
    tags = nh3.ALLOWED_TAGS - {"img", "picture", "source", "video", "audio", "map", "area", "figure"}
    return Markup(nh3.clean(html, tags=tags, url_schemes={"http", "https"}, link_rel="noreferrer noopener"))


@cache
def _markdown_reader() -> Any:
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
