"""Records written in the structured formats, and what of a record each of them can express.

The renderers follow what the formats' own producers write; they share no code with the parsers.
"""

from __future__ import annotations

import html
import json
import re
import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from xml.sax.saxutils import escape, quoteattr

from reader.domain.bibliography import Name, Publication
from reader.domain.dates import MONTH_NAMES
from reader.domain.records import LineRange, ListingRecord, ParsedListing
from reader.formats import api, arxiv_atom, arxiv_mail, bibtex, csl_json, paper_json, ris
from reader.formats import html as html_format

RULE = "-" * 78
NOWHERE = LineRange(0, 0)


@dataclass(frozen=True)
class Rendering:
    """A format to write in, its parser, and what a record reads like after both."""

    name: str
    render: Callable[[Sequence[ListingRecord]], str]
    parse: Callable[[bytes], ParsedListing]
    expressible: Callable[[ListingRecord], ListingRecord]


def _page_entry(record: ListingRecord) -> dict[str, object]:
    paper: dict[str, object] = {
        "id": record.arxiv_id,
        "title": record.title,
        "summary": record.abstract,
        "authors": [{"name": name, "hidden": False} for name in record.authors],
    }
    if record.published is not None:
        paper["publishedAt"] = f"{record.published.iso()}T00:00:00.000Z"
    if record.upvotes is not None:
        paper["upvotes"] = record.upvotes
    if record.code_urls:
        paper["githubRepo"] = record.code_urls[0]
    if record.project_url:
        paper["projectPage"] = record.project_url
    if record.keywords:
        paper["ai_keywords"] = list(record.keywords)
    entry: dict[str, object] = {"paper": paper, "title": record.title}
    if record.comments is not None:
        entry["numComments"] = record.comments
    if record.submitted_by is not None:
        entry["submittedBy"] = {"name": record.submitted_by, "fullname": "Somebody Else"}
    if record.organization is not None:
        entry["organization"] = {"name": record.organization.account, "fullname": record.organization.name}
    return entry


def render_api(records: Sequence[ListingRecord]) -> str:
    return json.dumps([_page_entry(record) for record in records], ensure_ascii=False)


def render_html(records: Sequence[ListingRecord]) -> str:
    data = {"periodType": "day", "dailyPapers": [_page_entry(record) for record in records]}
    props = html.escape(json.dumps(data, ensure_ascii=False))
    return (
        "<!DOCTYPE html>\n<html><head><title>Daily Papers</title></head><body><main>"
        f'<div class="SVELTE_HYDRATER contents" data-target="DailyPapers" data-props="{props}"></div>'
        "</main></body></html>"
    )


def _from_page(record: ListingRecord) -> ListingRecord:
    return replace(
        record,
        author_count=len(record.authors) or None,
        url=f"https://huggingface.co/papers/{record.arxiv_id}",
        code_urls=record.code_urls[:1],
        categories=(),
        lines=NOWHERE,
    )


def render_mail(records: Sequence[ListingRecord]) -> str:
    entries = [_mail_entry(record) for record in records]
    header = f"Date: Fri, 23 Jan 2026 00:40:12 -0500\nSubject: cs daily\n\n{RULE}\n Submissions to:\nMoths\n{RULE}\n"
    closing = "\n" + "%%%---" * 13 + "\nFor help, look elsewhere.\n"
    return header + f"\n{RULE}\n".join(entries) + closing


def _mail_entry(record: ListingRecord) -> str:
    day = record.published
    date = (
        "Date: some day" if day is None else f"Date: Wed, {day.day} {MONTH_NAMES[(day.month or 1) - 1]} {day.year:04d}"
    )
    fields = [
        ("Title", record.title),
        ("Authors", ", ".join(record.authors)),
        ("Categories", " ".join(record.categories)),
    ]
    wrapped = [
        "\n".join(_wrap(f"{name}: {value}", following="  ")) for name, value in fields if value or name == "Title"
    ]
    abstract = "\n".join(_wrap(f"  {record.abstract}", following="")) if record.abstract else ""
    parts = ["\\\\", f"arXiv:{record.arxiv_id}", f"{date} 10:00:00 GMT   (12kb)", "", *wrapped, "\\\\"]
    return "\n".join([*parts, abstract, f"\\\\ ( https://arxiv.org/abs/{record.arxiv_id} ,  12kb)"])


def _wrap(text: str, *, following: str) -> list[str]:
    return textwrap.wrap(
        text, 79, subsequent_indent=following, break_long_words=False, break_on_hyphens=False, drop_whitespace=True
    )


def _from_mail(record: ListingRecord) -> ListingRecord:
    return replace(
        _plain_record(record),
        published=record.published,
        url=f"https://arxiv.org/abs/{record.arxiv_id}",
        categories=record.categories,
    )


def render_atom(records: Sequence[ListingRecord]) -> str:
    entries = "\n".join(_atom_entry(record) for record in records)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">\n'
        f"<title>ArXiv Query</title>\n<updated>2026-01-24T00:00:00-05:00</updated>\n{entries}\n</feed>\n"
    )


def _atom_entry(record: ListingRecord) -> str:
    address = f"http://arxiv.org/abs/{record.arxiv_id}v1"
    published = f"<published>{record.published.iso()}T17:00:00Z</published>" if record.published else ""
    authors = "".join(f"<author><name>{escape(name)}</name></author>" for name in record.authors)
    categories = "".join(f"<category term={quoteattr(term)}/>" for term in record.categories)
    return (
        f"<entry><id>{address}</id>{published}<title>{escape(record.title)}</title>"
        f"<summary>  {escape(record.abstract)}\n</summary>{authors}"
        f'<link href="{address}" rel="alternate" type="text/html"/>{categories}</entry>'
    )


def _from_atom(record: ListingRecord) -> ListingRecord:
    return replace(
        _plain_record(record),
        published=record.published,
        url=f"http://arxiv.org/abs/{record.arxiv_id}v1",
        categories=record.categories,
    )


def render_bibtex(records: Sequence[ListingRecord]) -> str:
    return "\n\n".join(_bibtex_entry(record, number) for number, record in enumerate(records)) + "\n"


def _bibtex_entry(record: ListingRecord, number: int) -> str:
    fields = [
        ("title", to_latex_source(record.title)),
        ("author", " and ".join(_family_first(to_latex_source(name)) for name in record.authors)),
    ]
    fields += [
        ("abstract", to_latex_source(record.abstract)),
        ("keywords", "; ".join(map(to_latex_source, record.keywords)) + ";"),
    ]
    fields += [("eprint", record.arxiv_id or ""), ("archivePrefix", "arXiv"), ("primaryClass", record.categories[0])]
    if record.published is not None:
        fields.append(("date", record.published.iso()))
    lines = "".join(f"  {name} = {{{value}}},\n" for name, value in fields)
    return f"@misc{{key{number},\n{lines}}}"


def to_latex_source(text: str) -> str:
    """Text as a careful exporter writes it: maths as it is, everything that LaTeX would read otherwise escaped."""
    pieces = re.split(r"(\$[^$\\{}]*\$)", text)
    special = {"\\": r"{\textbackslash}", "~": r"{\textasciitilde}", "`": r"{\textasciigrave}"}
    special |= {char: f"\\{char}" for char in "{}$%&#_"}
    return "".join(
        piece
        if place % 2
        else re.sub("(?<=-)-|(?<=')'", r"{}\g<0>", "".join(special.get(char, char) for char in piece))
        for place, piece in enumerate(pieces)
    )


def _family_first(name: str) -> str:
    given, _, family = name.rpartition(" ")
    return f"{family}, {given}" if given else family


def _from_bibtex(record: ListingRecord) -> ListingRecord:
    return replace(
        _read_of_markup(record),
        published=record.published,
        keywords=record.keywords,
        categories=record.categories[:1],
        author_names=_names_in_parts(record),
        publication=Publication(entry_type="misc", cite_key_given=_key(record)),
    )


def render_ris(records: Sequence[ListingRecord]) -> str:
    return "\n".join(_ris_entry(record) for record in records)


def _ris_entry(record: ListingRecord) -> str:
    tags = [("TY", "GEN"), ("TI", record.title), *(("AU", _family_first(name)) for name in record.authors)]
    tags += [("AB", record.abstract)] if record.abstract else []
    tags += [("DA", record.published.iso().replace("-", "/"))] if record.published else []
    tags += [
        ("UR", f"https://arxiv.org/abs/{record.arxiv_id}"),
        *(("KW", word) for word in record.keywords),
        ("ER", ""),
    ]
    return "".join(f"{tag}  - {value}\n" for tag, value in tags)


def _from_ris(record: ListingRecord) -> ListingRecord:
    return replace(
        _read_of_markup(record),
        published=record.published,
        url=f"https://arxiv.org/abs/{record.arxiv_id}",
        keywords=record.keywords,
        author_names=_names_in_parts(record),
        publication=Publication(entry_type="misc"),
    )


def render_csl_json(records: Sequence[ListingRecord]) -> str:
    return json.dumps([_csl_item(record, number) for number, record in enumerate(records)], ensure_ascii=False)


def _csl_item(record: ListingRecord, number: int) -> dict[str, object]:
    item: dict[str, object] = {
        "id": f"key{number}",
        "type": "article",
        "title": escape(record.title),
        "author": [dict(zip(("given", "family"), name.rsplit(" ", 1), strict=True)) for name in record.authors],
        "abstract": escape(record.abstract),
        "URL": f"https://arxiv.org/abs/{record.arxiv_id}",
        "keyword": ", ".join(record.keywords),
    }
    if record.published is not None:
        item["issued"] = {"date-parts": [[int(part) for part in record.published.iso().split("-")]]}
    return item


def _from_csl_json(record: ListingRecord) -> ListingRecord:
    return replace(
        _read_of_markup(record),
        published=record.published,
        url=f"https://arxiv.org/abs/{record.arxiv_id}",
        keywords=record.keywords,
        author_names=_names_in_parts(record),
        publication=Publication(entry_type="misc", cite_key_given=_key(record)),
    )


def render_paper_json(records: Sequence[ListingRecord]) -> str:
    return json.dumps(
        [
            {
                "entry_id": f"http://arxiv.org/abs/{record.arxiv_id}v1",
                "title": escape(record.title),
                "summary": escape(record.abstract),
                "authors": list(record.authors),
                "published": f"{record.published.iso()}T00:00:00Z" if record.published else None,
                "categories": list(record.categories),
            }
            for record in records
        ]
    )


def _from_paper_json(record: ListingRecord) -> ListingRecord:
    return replace(
        _read_of_markup(record),
        published=record.published,
        url=f"https://arxiv.org/abs/{record.arxiv_id}",
        categories=record.categories,
    )


def _names_in_parts(record: ListingRecord) -> tuple[Name, ...]:
    return tuple(Name(family, given) for given, family in (name.rsplit(" ", 1) for name in record.authors))


def _key(record: ListingRecord) -> str:
    return f"key{int((record.arxiv_id or '')[5:]) - 1}"


def _read_of_markup(record: ListingRecord) -> ListingRecord:
    """A record from a format whose texts may hold markup, where an entity stands for its character."""
    plain = _plain_record(record)
    return replace(plain, title=plain.title.replace("&amp;", "&"), abstract=plain.abstract.replace("&amp;", "&"))


def _plain_record(record: ListingRecord) -> ListingRecord:
    """What every bibliographic format can say."""
    return ListingRecord(
        title=record.title,
        abstract=record.abstract,
        lines=NOWHERE,
        authors=record.authors,
        author_count=len(record.authors) or None,
        arxiv_id=record.arxiv_id,
    )


RENDERINGS = (
    Rendering("api", render_api, api.parse, _from_page),
    Rendering("html", render_html, html_format.parse, _from_page),
    Rendering("arxiv-mail", render_mail, arxiv_mail.parse, _from_mail),
    Rendering("arxiv-atom", render_atom, arxiv_atom.parse, _from_atom),
    Rendering("bibtex", render_bibtex, bibtex.parse, _from_bibtex),
    Rendering("ris", render_ris, ris.parse, _from_ris),
    Rendering("csl-json", render_csl_json, csl_json.parse, _from_csl_json),
    Rendering("paper-json", render_paper_json, paper_json.parse, _from_paper_json),
)
