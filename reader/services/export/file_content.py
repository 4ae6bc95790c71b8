"""What a file of many papers says, piece by piece, in each form."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from reader.domain.papers import Paper
from reader.formats.export import bibtex, csl, json_lines, ris, spreadsheet
from reader.formats.export.citation_keys import citation_key_candidates
from reader.formats.export.fields import Show
from reader.formats.export.pages import html_page
from reader.services.export.plan import ExportForm
from reader.services.export.templates import ExportTemplates
from reader.storage.copies.transfer import Transfers
from reader.storage.exports import ExportLog

BATCH = 200
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


@dataclass(frozen=True, slots=True)
class FileSource:
    """What a file is made of: papers by id, the whole library as values, templates, and earlier exports.

    ``total`` is the number of papers in the library: where all are asked for, a transfer holds everything else too.
    ``digest`` makes the digest, whose file bears the date of ``today``.
    """

    papers: Callable[[Sequence[int]], Iterable[Paper]]
    transfers: Transfers
    templates: ExportTemplates
    show: Show
    log: ExportLog
    total: int
    digest: Callable[[], str]
    today: date


class CitationKeys:
    """Citation keys of papers: those given before, and for others new ones, given for good by :meth:`keep`."""

    def __init__(self, log: ExportLog, show: Show) -> None:
        self._log, self._show = log, show
        self._known = log.citation_keys()
        self._taken = {key.casefold() for key in self._known.values()}
        self._new: dict[str, str] = {}

    def of(self, paper: Paper) -> str:
        """A paper's citation key."""
        for key in (paper.key, *paper.aliases):
            if key in self._known:
                return self._known[key]
        names = citation_key_candidates(paper, self._show)
        chosen = next(name for name in names if name.casefold() not in self._taken)
        self._taken.add(chosen.casefold())
        self._known[paper.key] = self._new[paper.key] = chosen
        return chosen

    def keep(self) -> None:
        """Give the new keys for good."""
        if self._new:
            self._log.give_citation_keys({key: iter((chosen, key)) for key, chosen in self._new.items()})
            self._new = {}


def file_pieces(
    form: ExportForm, source: FileSource, paper_ids: Sequence[int], keys: CitationKeys
) -> Iterator[tuple[int, str]]:
    """A file's text in pieces, each with the number of papers that are in it so far."""
    if form is ExportForm.JSON_LINES:
        yield from _json_lines(source, paper_ids)
    elif form is ExportForm.DIGEST:
        yield len(paper_ids), source.digest()
    elif form is ExportForm.HTML:
        templates = source.templates
        yield len(paper_ids), html_page(source.papers(paper_ids), TITLE, templates.style, templates.html, source.show)
    else:
        yield from _one_by_one(form, source, paper_ids, keys)


def _one_by_one(
    form: ExportForm, source: FileSource, paper_ids: Sequence[int], keys: CitationKeys
) -> Iterator[tuple[int, str]]:
    """A file that has an entry for each paper."""
    papers = enumerate(source.papers(paper_ids), start=1)
    if form is ExportForm.CSV:
        yield 0, spreadsheet.csv_line(spreadsheet.COLUMNS)
        for count, paper in papers:
            yield count, spreadsheet.csv_line(spreadsheet.csv_cells(paper, source.show))
    elif form is ExportForm.CSL_JSON:
        yield 0, "["
        for count, paper in papers:
            item = json.dumps(csl.csl_item(paper, keys.of(paper), source.show), ensure_ascii=False, indent=1)
            yield count, f"{',' if count > 1 else ''}\n{item}"
        yield len(paper_ids), "\n]\n"
    elif form is ExportForm.RIS:
        for count, paper in papers:
            yield count, f"{ris.ris_entry(paper, keys.of(paper), source.show)}\n"
    else:
        for count, paper in papers:
            yield count, f"{bibtex.bibtex_entry(paper, keys.of(paper), source.show)}\n\n"


def _json_lines(source: FileSource, paper_ids: Sequence[int]) -> Iterator[tuple[int, str]]:
    """Everything, one value a line."""
    yield 0, json_lines.header_line()
    for item in source.transfers.items(None if len(paper_ids) >= source.total else paper_ids):
        yield 0, json_lines.item_line(item)
    for count, paper in enumerate(source.transfers.papers(paper_ids), start=1):
        yield count, json_lines.item_line(paper)
