"""The exporter of a library: vaults, files in every form, the digest, and text for the copy commands.

An export is begun, planned, reviewed and written::

    export = exporter.begin(ExportOptions(target))
    plan = run(export.plan(exporter.annotated()))
    report = run(export.write(plan))

Both steps are generators that yield progress and return their result.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from reader.domain.cancellation import Cancelled, never
from reader.domain.errors import ReaderError
from reader.domain.papers import PaperState
from reader.domain.selection import ALL_PAPERS, PaperFilter, PaperSort, SortBy
from reader.domain.transfer import TransferPaper
from reader.files import followed
from reader.formats.export.bibtex import bibtex_entry
from reader.formats.export.citation import citation_markdown, citation_text
from reader.formats.export.pages import Digest, DigestListing, digest_html, digest_markdown
from reader.services.documents.copies import DocumentCopies
from reader.services.export.document_pages import DocumentPages
from reader.services.export.file_export import FileExport
from reader.services.export.plan import Export, ExportError, ExportOptions, ExportStatus, PlannedFile, Writing
from reader.services.export.source import CitationKeys, ExportSource, show
from reader.services.export.templates import FOLDER, ExportTemplates, load_templates
from reader.services.export.vault import VaultExport
from reader.services.library.files import LibraryFiles
from reader.services.settings.file import read_settings
from reader.storage.documents import StoredDocuments

KEPT_STATES = frozenset({PaperState.QUEUED, PaperState.READING, PaperState.DONE})
DIGEST_DAYS = 7
"""Days covered by a digest, unless chosen otherwise."""
_ANNOTATED = (
    PaperFilter(has_note=True),
    PaperFilter(has_highlights=True),
    PaperFilter(tagged=True),
    PaperFilter(starred=True),
    PaperFilter(states=KEPT_STATES),
)


class Exporter:
    """Exports from one library, whose folder may hold the user's own templates."""

    def __init__(self, files: LibraryFiles) -> None:
        self._store, self._folder = files.store, files.folder

    def today(self) -> date:
        """Today's date in the user's time zone."""
        return self._store.today()

    def annotated(self, vault: Path | None = None) -> list[int]:
        """The papers that are exported where none are named: noted, highlighted, tagged, starred, or queued, being
        read or done. In the order of their dates, the newest first.

        With a ``vault`` also those that have a note there already: that the last tag was taken off has to arrive, too.
        """
        wanted = self._store.exports.exported_papers(str(_resolved(vault))) if vault is not None else set()
        for which in _ANNOTATED:
            wanted.update(self._store.papers.ids(which))
        return [paper_id for paper_id in self._store.papers.ids(ALL_PAPERS) if paper_id in wanted]

    def only_annotated(self, paper_ids: Iterable[int], vault: Path | None = None) -> list[int]:
        """Those of ``paper_ids`` that :meth:`annotated` returns, in the given order."""
        wanted = set(self.annotated(vault))
        return [paper_id for paper_id in paper_ids if paper_id in wanted]

    def everything(self) -> list[int]:
        """All papers, in the order of their dates, the newest first."""
        return list(self._store.papers.ids(ALL_PAPERS))

    def begin(self, options: ExportOptions, *, cancelled: Cancelled = never) -> Export:
        """Begin an export; raises :class:`ExportError` for a target or a template that cannot be used.

        ``cancelled`` is asked now and then; files written before it said yes stay.
        """
        options = replace(options, target=_resolved(options.target))
        since = options.since or self.today() - timedelta(days=DIGEST_DAYS)
        source = ExportSource(
            self._store, self._templates(), lambda: self.digest(since), self.today(), self._pages(), cancelled
        )
        return VaultExport(source, options) if options.is_vault else FileExport(source, options)

    def export_untouched(
        self, options: ExportOptions, paper_ids: Sequence[int], *, cancelled: Cancelled = never
    ) -> Writing:
        """What exporting by itself does: write what is new, and the files in which nothing of Lectern's was changed by
        their owner; the report lists the others. A paper that another note names waits until somebody has decided
        whether that is to be its note.
        """
        export = self.begin(options, cancelled=cancelled)
        plan = yield from export.plan(paper_ids)
        return (yield from export.write(plan, _is_untouched))

    # The copy commands

    def citation(self, paper_ids: Sequence[int]) -> str:
        """Citations to read, one a line."""
        return "\n".join(citation_text(paper, show) for paper in self._store.papers.read(paper_ids))

    def markdown(self, paper_ids: Sequence[int]) -> str:
        """Citations in Markdown, one a line; several as a list."""
        lines = [citation_markdown(paper, show) for paper in self._store.papers.read(paper_ids)]
        return lines[0] if len(lines) == 1 else "\n".join(f"- {line}" for line in lines)

    def bibtex(self, paper_ids: Sequence[int]) -> str:
        """BibTeX entries; the citation keys in them are given for good."""
        keys = CitationKeys(self._store.exports)
        entries = [bibtex_entry(paper, keys.of(paper), show) for paper in self._store.papers.read(paper_ids)]
        keys.keep()
        return "\n\n".join(entries)

    # The digest

    def digest(self, since: date, *, html: bool = False) -> str:
        """A digest of new papers and of annotations since a day (included, local time), as Markdown or HTML."""
        digest = self._digest(since)
        templates = self._templates()
        pages = self._pages().addresses(self._folder, "")
        if html:
            return digest_html(digest, templates.style, templates.html, show, pages)
        return digest_markdown(digest, templates.markdown, show, pages)

    def _digest(self, since: date) -> Digest:
        today = self.today()
        if since > today:
            raise ReaderError(f"{since.isoformat()} is in the future; give a day in the past.")
        start = datetime(since.year, since.month, since.day).astimezone().astimezone(UTC)
        moment = start.strftime("%Y-%m-%dT%H:%M:%SZ")
        ids = self.annotated()
        kept = {paper.key for paper in self._store.transfers.papers(ids) if _was_kept(paper, moment)}
        annotated = [paper for paper in self._store.papers.read(ids) if paper.key in kept]
        highlighted = [
            replace(paper, highlights=tuple(mark for mark in paper.highlights if mark.created >= moment))
            for paper in annotated
        ]
        queue = self._store.papers.read(self._store.papers.ids(PaperFilter(queued=True), PaperSort(SortBy.QUEUE)))
        return Digest(
            since.isoformat(),
            today.isoformat(),
            self._new_papers(moment),
            annotated,
            [paper for paper in highlighted if paper.highlights],
            list(queue),
        )

    def _new_papers(self, moment: str) -> list[DigestListing]:
        """Listings imported since ``moment``, each with the papers it was the first to contain."""
        found = []
        for listing in self._store.listings.all():
            if listing.imported >= moment:
                (section,) = self._store.listings.sections([listing.id])
                papers = list(self._store.papers.read(section.new_ids))
                if papers:
                    found.append(DigestListing(listing.name, listing.heading_date, papers))
        return found

    def _pages(self) -> DocumentPages:
        setting = read_settings(self._folder).settings.export.page_links
        return DocumentPages(StoredDocuments(self._store), DocumentCopies(self._folder), setting)

    def _templates(self) -> ExportTemplates:
        return load_templates(self._folder / FOLDER)


def _resolved(target: Path) -> Path:
    """A target's real path, under which exports are remembered; raises :class:`ExportError` if it cannot be found."""
    try:
        return followed(target.expanduser())
    except (OSError, RuntimeError) as error:
        raise ExportError(f"The folder {target} cannot be found; choose another.") from error


def _is_untouched(file: PlannedFile) -> bool:
    """Whether a file may be written without asking the user."""
    return file.status is not ExportStatus.EDITED and not file.adoptable


def _was_kept(paper: TransferPaper, moment: str) -> bool:
    """Whether a paper was kept, starred, noted or highlighted since ``moment``, or was imported since then."""
    times = [paper.first_seen, paper.starred_changed, *(mark.created for mark in paper.highlights)]
    times.append(paper.state_changed if paper.state in KEPT_STATES else None)
    times.append(paper.note.changed if paper.note else None)
    return any(time is not None and time >= moment for time in times)


def since_day(text: str, today: date) -> date:
    """The first day of a digest: a span back (``7d``, ``2w``) or a day (``2031-04-05``).

    Raises :class:`ReaderError` for anything else.
    """
    units = {"d": 1, "w": 7}
    if text[-1:] in units and text[:-1].isdigit() and len(text) <= 6:
        return today - timedelta(days=int(text[:-1]) * units[text[-1]])
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ReaderError(f"“{text}” is not a number of days or a date; write 7d, 2w or 2031-04-05.") from error
