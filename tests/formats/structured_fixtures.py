"""The fixtures of the structured formats, and the parsers that read them."""

from __future__ import annotations

import html
import json
from collections.abc import Callable
from pathlib import Path

from reader.domain.records import ParsedListing
from reader.formats import (
    api,
    arxiv_atom,
    arxiv_mail,
    arxiv_page,
    bibtex,
    csl_json,
    digest,
    endnote_xml,
    enw,
    identifiers,
    lectern_note,
    nbib,
    paper_json,
    ris,
    table,
)
from reader.formats import html as html_format

FIXTURES = Path(__file__).parent / "fixtures"
REAL_DAYS = Path(__file__).parents[2].parent / "shared" / "api"
REAL_LISTINGS = REAL_DAYS.parent / "listings"

Parser = Callable[[bytes], ParsedListing]


def fixture(name: str) -> bytes:
    return (FIXTURES / name).read_bytes()


def page(data: object, *, head: str = "", after: str = "") -> bytes:
    """A saved page that carries data the way the site's pages do."""
    props = html.escape(json.dumps(data))
    return (
        f'<!doctype html>\n<html class=""><head>{head}</head><body><div data-target="MainHeader" data-props="{{}}">'
        f'</div><div class="SVELTE_HYDRATER contents" data-target="DailyPapers" data-props="{props}">{after}</div>'
        "</body></html>"
    ).encode()


def samples() -> list[tuple[Parser, bytes]]:
    """One or two files of every structured format."""
    entries = json.loads(fixture("daily_papers_new.json"))
    return [
        (api.parse, fixture("daily_papers_old.json")),
        (api.parse, fixture("daily_papers_new.json")),
        (html_format.parse, page({"dateString": "2026-09-03", "dailyPapers": entries})),
        (html_format.parse, fixture("cards.html")),
        (arxiv_mail.parse, fixture("arxiv_mail.txt")),
        (arxiv_mail.parse, fixture("arxiv_mail_old.txt")),
        (arxiv_atom.parse, fixture("arxiv_api.atom")),
        (arxiv_atom.parse, fixture("arxiv_rss.xml")),
        (arxiv_atom.parse, fixture("publisher.rss")),
        (bibtex.parse, fixture("papers.bib")),
        (ris.parse, fixture("papers.ris")),
        (csl_json.parse, fixture("library.csl.json")),
        (paper_json.parse, fixture("arxiv_results.json")),
        (lectern_note.parse, fixture("note.md")),
        (arxiv_page.parse, fixture("arxiv_list.html")),
        (identifiers.parse, fixture("identifiers.txt")),
        (digest.parse, fixture("digest.md")),
        (table.parse, fixture("zotero.csv")),
        (nbib.parse, fixture("pubmed.nbib")),
        (enw.parse, fixture("endnote.enw")),
        (endnote_xml.parse, fixture("endnote.xml")),
    ]
