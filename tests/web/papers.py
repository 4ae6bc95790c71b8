"""Invented papers, and each of them as the services that Lectern fetches from would write it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import quote
from xml.sax.saxutils import escape

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
           "December")  # fmt: skip
_NOUNS = ("Tides", "Ladders", "Moths", "Kettles", "Bridges", "Lanterns", "Orchards", "Sails", "Clocks", "Rivers")
_DEEDS = ("Learning", "Sorting", "Measuring", "Predicting", "Compressing", "Aligning", "Sampling")


@dataclass(frozen=True)
class Invented:
    """A paper that does not exist. ``announced`` is arXiv's kind of announcement."""

    arxiv_id: str
    title: str
    authors: tuple[str, ...] = ("Ann Bee", "Bo Cee")
    abstract: str = "We climb. It works."
    published: date = date(2025, 9, 15)
    submitted: date = date(2025, 9, 18)
    upvotes: int = 3
    comments: int = 1
    categories: tuple[str, ...] = ("cs.CL", "cs.LG")
    announced: str = "new"
    doi: str = ""
    venue: str = ""
    code: str = ""
    keywords: tuple[str, ...] = field(default=())


def invent(number: int, day: date = date(2025, 9, 18), **said: Any) -> Invented:
    """The paper of that number: title, authors and counts follow from it, so that all of them differ."""
    title = f"{_DEEDS[number % 7]} {_NOUNS[number % 10]} from {_NOUNS[number // 10 % 10]} of Order {number}"
    values: dict[str, Any] = {
        "arxiv_id": f"{day:%y%m}.{10000 + number:05d}",
        "title": title,
        "authors": (f"Ada Number{number}", f"Bela Digit{number % 13}"),
        "abstract": f"The number {number} is climbed.\nIt works for all of them.",
        "published": day,
        "submitted": day,
        "upvotes": number % 50,
        "comments": number % 4,
    }
    return Invented(**(values | said))


def hugging_face_paper(paper: Invented) -> dict[str, Any]:
    """``/api/papers/ID``."""
    made: dict[str, Any] = {
        "id": paper.arxiv_id,
        "authors": [
            {"_id": f"{place:024x}", "name": name, "hidden": False} for place, name in enumerate(paper.authors)
        ],
        "publishedAt": f"{paper.published}T00:00:00.000Z",
        "submittedOnDailyAt": f"{paper.submitted}T00:00:00.000Z",
        "title": paper.title,
        "submittedOnDailyBy": {"_id": "0" * 24, "fullname": "Mia Host", "name": "mia", "type": "user"},
        "summary": paper.abstract,
        "upvotes": paper.upvotes,
        "ai_keywords": list(paper.keywords),
    }
    return made | ({"githubRepo": paper.code} if paper.code else {})


def hugging_face_entry(paper: Invented) -> dict[str, Any]:
    """An entry of ``/api/daily_papers`` and of ``/api/papers/search``."""
    return {
        "paper": hugging_face_paper(paper),
        "publishedAt": f"{paper.submitted}T05:11:41.787Z",
        "title": paper.title,
        "summary": paper.abstract,
        "thumbnail": f"https://cdn-thumbnails.example/{paper.arxiv_id}.png",
        "numComments": paper.comments,
        "submittedBy": {"_id": "0" * 24, "fullname": "Mia Host", "name": "mia", "type": "user"},
    }


def mail_date(day: date) -> str:
    """A day as feeds of RSS write it."""
    return f"{_WEEKDAYS[day.weekday()][:3]}, {day.day:02d} {_MONTHS[day.month - 1][:3]} {day.year} 00:00:00 -0400"


def arxiv_rss(categories: str, day: date, papers: list[Invented]) -> bytes:
    """``rss.arxiv.org/rss/CATEGORIES`` of a day."""
    items = "".join(
        f"<item><title>{escape(paper.title)}</title><link>https://arxiv.org/abs/{paper.arxiv_id}</link>"
        f"<description>arXiv:{paper.arxiv_id}v1 Announce Type: {paper.announced} \nAbstract: {escape(paper.abstract)}"
        f'</description><guid isPermaLink="false">oai:arXiv.org:{paper.arxiv_id}v1</guid>'
        + "".join(f"<category>{category}</category>" for category in paper.categories)
        + f"<pubDate>{mail_date(day)}</pubDate><arxiv:announce_type>{paper.announced}</arxiv:announce_type>"
        f"<dc:rights>http://creativecommons.org/licenses/by/4.0/</dc:rights>"
        f"<dc:creator>{escape(', '.join(paper.authors))}</dc:creator></item>\n"
        for paper in papers
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<rss xmlns:arxiv="http://arxiv.org/schemas/atom" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:atom="http://www.w3.org/2005/Atom" version="2.0"><channel>'
        f"<title>{categories} updates on arXiv.org</title><link>http://rss.arxiv.org/rss/{categories}</link>"
        f"<description>{categories} updates on the arXiv.org e-print archive.</description>"
        f'<atom:link href="http://rss.arxiv.org/rss/{categories}" rel="self" type="application/rss+xml"/>'
        f"<lastBuildDate>{mail_date(day)}</lastBuildDate><pubDate>{mail_date(day)}</pubDate>"
        f"<skipDays><day>Sunday</day><day>Saturday</day></skipDays>\n{items}</channel></rss>"
    ).encode()


def arxiv_listing(category: str, day: date, papers: list[Invented]) -> bytes:
    """``arxiv.org/list/CATEGORY/new`` of a day."""
    sections = {"New submissions": ("new",), "Cross submissions": ("cross",),
                "Replacement submissions": ("replace", "replace-cross")}  # fmt: skip
    body = "".join(
        f"<h3>{name} (showing {len(found)} of {len(found)} entries)</h3>\n" + "".join(map(_listed, found))
        for name, kinds in sections.items()
        if (found := [paper for paper in papers if paper.announced in kinds])
    )
    shown = f"{_WEEKDAYS[day.weekday()]}, {day.day} {_MONTHS[day.month - 1]} {day.year}"
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head><title>{category}</title>'
        f'<link rel="canonical" href="https://arxiv.org/list/{category}/new"></head><body><div id="dlpage">'
        f"<h1>{category}</h1><h3>Showing new listings for {shown}</h3>\n<dl id='articles'>{body}</dl>"
        "</div></body></html>"
    ).encode()


def _listed(paper: Invented) -> str:
    mark = {"new": "", "cross": " (cross-list from cs.AI)"}.get(paper.announced, " (replaced)")
    names = ", ".join(f'<a href="https://arxiv.org/search/?query={name[0]}">{name}</a>' for name in paper.authors)
    subjects = "; ".join(f"Subject ({category})" for category in paper.categories)
    abstract = "" if paper.announced.startswith("replace") else f"<p class='mathjax'>{escape(paper.abstract)}</p>"
    return (
        f'<dt><a name="item1">[1]</a> <a href ="/abs/{paper.arxiv_id}" title="Abstract" id="{paper.arxiv_id}">'
        f"arXiv:{paper.arxiv_id}</a>{mark} [<a href='/pdf/{paper.arxiv_id}'>pdf</a>]</dt>\n<dd><div class='meta'>"
        f"<div class='list-title mathjax'><span class='descriptor'>Title:</span> {escape(paper.title)}</div>"
        f"<div class='list-authors'>{names}</div><div class='list-subjects'><span class='descriptor'>Subjects:</span> "
        f"<span class='primary-subject'>{subjects}</span></div>{abstract}</div></dd>\n"
    )


def arxiv_atom(query: str, papers: list[Invented], total: int, start: int = 0) -> bytes:
    """``export.arxiv.org/api/query``."""
    entries = "".join(map(_atom_entry, papers))
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">\n'
        f'<link href="http://arxiv.org/api/query?search_query%3D{quote(query)}" rel="self" />'
        f'<title type="html">ArXiv Query: search_query={escape(query)}&amp;id_list=&amp;start={start}</title>'
        "<id>http://arxiv.org/api/xyz</id><updated>2025-09-18T00:00:00-04:00</updated>"
        '<opensearch:totalResults xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/">'
        f"{total}</opensearch:totalResults>\n{entries}</feed>\n"
    ).encode()


def _atom_entry(paper: Invented) -> str:
    space = 'xmlns:arxiv="http://arxiv.org/schemas/atom"'
    return (
        f"<entry><id>http://arxiv.org/abs/{paper.arxiv_id}v1</id><updated>{paper.published}T10:00:00Z</updated>"
        f"<published>{paper.published}T18:59:59Z</published><title>{escape(paper.title)}</title>"
        f"<summary>  {escape(paper.abstract)}\n</summary>"
        + "".join(f"<author><name>{escape(name)}</name></author>" for name in paper.authors)
        + (f"<arxiv:doi {space}>{paper.doi}</arxiv:doi>" if paper.doi else "")
        + (f"<arxiv:comment {space}>Code: {paper.code}</arxiv:comment>" if paper.code else "")
        + f'<link href="http://arxiv.org/abs/{paper.arxiv_id}v1" rel="alternate" type="text/html"/>'
        f'<arxiv:primary_category {space} term="{paper.categories[0]}"/>'
        + "".join(f'<category term="{category}"/>' for category in paper.categories)
        + "</entry>\n"
    )


def arxiv_abstract_page(paper: Invented) -> bytes:
    """``arxiv.org/abs/ID``, with the tags that scholarly search engines read."""
    names = "".join(f'<meta name="citation_author" content="{name.split()[-1]}, {name.split()[0]}"/>'
                    for name in paper.authors)  # fmt: skip
    return (
        f"<!DOCTYPE html><html><head><title>[{paper.arxiv_id}] {escape(paper.title)}</title>"
        f'<meta name="citation_title" content="{escape(paper.title)}"/>{names}'
        f'<meta name="citation_date" content="{paper.published:%Y/%m/%d}"/>'
        f'<meta name="citation_arxiv_id" content="{paper.arxiv_id}"/>'
        f'<meta name="citation_abstract" content="{escape(paper.abstract)}"/></head><body></body></html>'
    ).encode()


def crossref_work(paper: Invented) -> dict[str, Any]:
    """The ``message`` of ``api.crossref.org/works/DOI``, and an item of ``/works?query…``."""
    given = [name.partition(" ") for name in paper.authors]
    work: dict[str, Any] = {
        "DOI": paper.doi,
        "type": "journal-article",
        "title": [paper.title],
        "author": [{"given": first, "family": last, "sequence": "additional"} for first, _, last in given],
        "issued": {"date-parts": [[paper.published.year, paper.published.month, paper.published.day]]},
        "container-title": [paper.venue] if paper.venue else [],
        "URL": f"https://doi.org/{paper.doi}",
        "abstract": f"<jats:p>{escape(paper.abstract)}</jats:p>",
    }
    return work
