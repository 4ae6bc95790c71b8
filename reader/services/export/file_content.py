"""The content of a file of many papers, piece by piece, for each form."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence

from reader.domain.papers import Paper
from reader.domain.selection import ALL_PAPERS
from reader.formats.export import bibtex, csl, json_lines, ris, spreadsheet
from reader.formats.export.page_links import PageAddress
from reader.formats.export.pages import html_page
from reader.services.export.plan import ExportForm
from reader.services.export.source import CitationKeys, ExportSource, show

TITLE = "Papers from Lectern"
EXTENSIONS = {
    ExportForm.MARKDOWN: ".md",
    ExportForm.BIBTEX: bibtex.EXTENSION,
    ExportForm.RIS: ris.EXTENSION,
    ExportForm.CSL_JSON: csl.EXTENSION,
    ExportForm.CSV: spreadsheet.EXTENSION,
    ExportForm.JSON_LINES: json_lines.EXTENSION,
    ExportForm.HTML: ".html",
    ExportForm.DIGEST: ".md",
}


def file_pieces(
    form: ExportForm, source: ExportSource, paper_ids: Sequence[int], keys: CitationKeys, pages: PageAddress
) -> Iterator[tuple[int, str]]:
    """Yield a file's text in pieces, each with the number of papers written so far.

    ``pages`` are the addresses of pages in documents, as they stand in this file.
    """
    store, templates = source.store, source.templates
    if form is ExportForm.JSON_LINES:
        is_all = len(paper_ids) >= len(store.papers.ids(ALL_PAPERS))
        yield 0, json_lines.header_line()
        for item in store.transfers.items(None if is_all else paper_ids):  # all but the papers
            yield 0, json_lines.item_line(item)
        for count, item in enumerate(store.transfers.papers(paper_ids), start=1):
            yield count, json_lines.item_line(item)
    elif form is ExportForm.DIGEST:
        yield len(paper_ids), source.digest()
    elif form is ExportForm.HTML:
        papers = store.papers.read(paper_ids)
        yield len(paper_ids), html_page(papers, TITLE, templates.style, templates.html, show, pages)
    elif form is ExportForm.CSV:
        yield from enumerate(spreadsheet.csv_lines(store.papers.read(paper_ids), show))
    else:
        head, entry, between, end = _ENTRIES[form]
        yield 0, head
        for count, paper in enumerate(store.papers.read(paper_ids), start=1):
            yield count, (between if count > 1 else "") + entry(paper, keys)
        yield len(paper_ids), end


def _csl(paper: Paper, keys: CitationKeys) -> str:
    return "\n" + json.dumps(csl.csl_item(paper, keys.of(paper), show), ensure_ascii=False, indent=1)


def _ris(paper: Paper, keys: CitationKeys) -> str:
    return f"{ris.ris_entry(paper, keys.of(paper), show)}\n"


def _bibtex(paper: Paper, keys: CitationKeys) -> str:
    return f"{bibtex.bibtex_entry(paper, keys.of(paper), show)}\n\n"


_ENTRIES: dict[ExportForm, tuple[str, Callable[[Paper, CitationKeys], str], str, str]] = {
    ExportForm.CSL_JSON: ("[", _csl, ",", "\n]\n"),
    ExportForm.RIS: ("", _ris, "", ""),
    ExportForm.BIBTEX: ("", _bibtex, "", ""),
}
"""Forms with an entry per paper: the beginning, a function for the entry, the separator, and the end."""
