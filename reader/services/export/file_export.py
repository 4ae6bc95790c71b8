"""Exports of many papers into one file: BibTeX, RIS, CSL-JSON, CSV, JSON Lines, HTML, and the one-file report.

A file is built in a temporary file, so that memory use does not grow with the number of papers, and replaces the old
one only when it is complete. A file that its owner changed, or that Lectern did not write, is left alone; the new one
can be written beside it. The report is a note with a managed region, so text around the region is kept.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
import weakref
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from itertools import count
from pathlib import Path
from typing import IO

from reader.domain.exports import ExportRecord
from reader.files import replacing
from reader.formats.export.pages import group_papers, report_content
from reader.formats.export.splice import Remark, RemarkKind, Written, new_note, splice_note
from reader.services.export.file_content import EXTENSIONS, TITLE, file_pieces
from reader.services.export.file_writer import place_in, reason_of
from reader.services.export.plan import (
    LONGEST_DIFF,
    ExportError,
    ExportForm,
    ExportOptions,
    ExportPlan,
    ExportProgress,
    ExportReport,
    ExportStatus,
    PlannedFile,
    Planning,
    Writing,
    every_file,
)
from reader.services.export.source import BATCH, CitationKeys, ExportSource, show
from reader.services.export.vault_scan import read_note

NAME = "lectern"
_IN_MEMORY = 16 * 1024 * 1024


class FileExport:
    """One export of papers into one file: :meth:`plan` it, look at the plan, :meth:`write` it."""

    def __init__(self, source: ExportSource, options: ExportOptions) -> None:
        """Raises :class:`ExportError` for a target that cannot be exported to."""
        self._source, self._options, self._log = source, options, source.store.exports
        self._root, self._path = _place(options, source.today)
        options.require_target(self._root)
        place_in(self._root, self._path)
        self._addresses = source.pages.addresses(self._root, self._path)
        self._keys = CitationKeys(self._log)
        self._content: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115
        weakref.finalize(self, self._content.close)  # it lives as long as this export, from plan to write
        self._digest_before: str | None = None
        self._paper_ids: Sequence[int] = ()
        self._digest_planned = ""

    def plan(self, paper_ids: Sequence[int]) -> Planning:
        """Build the file's content and compare it with the existing file; writes nothing."""
        yield ExportProgress(0, len(paper_ids), self._path)
        self._paper_ids = paper_ids
        if self._options.form is not ExportForm.MARKDOWN:  # a report depends on what its owner wrote around it
            digest = hashlib.sha256()
            for done, piece in file_pieces(self._options.form, self._source, paper_ids, self._keys, self._addresses):
                data = piece.encode("utf-8", "replace")
                digest.update(data)
                self._content.write(data)
                if done % BATCH == 0:
                    yield ExportProgress(done, len(paper_ids), self._path)
                    if self._source.cancelled():
                        return ExportPlan(self._options, (), cancelled=True)
            self._digest_planned = digest.hexdigest()
        planned = self._compare()
        yield ExportProgress(len(paper_ids), len(paper_ids), self._path)
        return ExportPlan(self._options, (planned,))

    def plan_again(self, plan: ExportPlan, options: ExportOptions) -> Planning:
        """The plan with another choice of ``beside``; nothing else of the options may differ."""
        self._options = replace(options, target=self._options.target)
        yield ExportProgress(0, len(plan.files), self._path)
        return ExportPlan(self._options, (self._compare(),), plan.messages, plan.cancelled)

    def _compare(self) -> PlannedFile:
        """Compare the content with the file that exists now."""
        before = self._read(self._path)
        self._digest_before = _digest(before)
        if self._options.form is ExportForm.MARKDOWN:
            return self._plan_report(self._paper_ids, before)
        return self._plan_file(self._digest_planned, before)

    def write(self, plan: ExportPlan, only: Callable[[PlannedFile], bool] = every_file) -> Writing:
        """Write what a plan says; a file that was changed since it was planned is left alone."""
        yield ExportProgress(0, len(plan.files), self._path)
        is_cancelled = plan.cancelled or self._source.cancelled()
        report = ExportReport(self._options, plan.files, plan.messages, is_cancelled)
        file = next((file for file in plan.files if file.writes and only(file)), None)
        if file is not None and not is_cancelled:
            if file.path == self._path and _digest(self._read(file.path)) != self._digest_before:
                edited = replace(file, status=ExportStatus.EDITED, remarks=(_CHANGED,), data=None, streams=False)
                report = replace(report, files=(edited,))
            elif error := self._put(file):
                report = replace(report, failed=((file.path, error),))
            else:
                report = replace(report, written=(file.path,))
        yield ExportProgress(len(plan.files), len(plan.files), self._path)
        return report

    def _plan_file(self, digest: str, before: bytes | None) -> PlannedFile:
        """Plan a file whose content was built by :meth:`plan`."""
        file = PlannedFile(0, "", TITLE, self._path, ExportStatus.UNCHANGED, fingerprint=digest)
        if _digest(before) == digest:
            return file
        records = self._log.records(str(self._root))
        record = next((record for record in records if not record.paper_key and record.path == self._path), None)
        if before is None:
            file = replace(file, status=ExportStatus.CREATE)
        elif record is not None and record.digest == _digest(before):
            file = replace(file, status=ExportStatus.UPDATE, before=before)
        elif self._options.asks(self._options.beside, ""):
            file = replace(file, status=ExportStatus.EDITED, path=self._free_path(), remarks=(_BESIDE,))
        else:
            return replace(file, status=ExportStatus.EDITED, before=before, remarks=(_NOT_OURS,))
        size = self._content.seek(0, os.SEEK_END)
        if size > LONGEST_DIFF:
            return replace(file, streams=True, before=None)
        self._content.seek(0)
        return replace(file, data=self._content.read())

    def _plan_report(self, paper_ids: Sequence[int], before: bytes | None) -> PlannedFile:
        """Plan the one-file report."""
        groups = group_papers(self._source.store.papers.read(paper_ids), self._options.grouping.value)
        content = report_content(groups, TITLE, self._source.templates.markdown, show, self._addresses)
        file = PlannedFile(0, "", TITLE, self._path, ExportStatus.CREATE, before=before)
        if before is None:
            return file.spliced(new_note(content))
        text = self._log.written_file(str(self._root), self._path)
        last = Written.from_json(text) if text is not None else None
        beside = self._options.asks(self._options.beside, "")
        return file.spliced(splice_note(before, content, last, beside=beside, adopt=last is None))

    def _put(self, file: PlannedFile) -> str | None:
        """Write a file atomically and remember it; returns the reason if it could not be written."""
        self._options.require_target(self._root)
        place = place_in(self._root, file.path)
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            with replacing(place, private=False) as target:
                if file.data is not None:
                    target.write(file.data)
                else:
                    self._content.seek(0)
                    shutil.copyfileobj(self._content, target)
            state = place.stat(follow_symlinks=False)
        except OSError as error:
            return reason_of(error)
        form, digest = self._options.form.value, _digest(file.data) or file.fingerprint
        facts = (file.path, state.st_size, state.st_mtime_ns, digest, file.fingerprint)
        record = ExportRecord(str(self._root), "", form, *facts)
        self._log.save([(record, file.written or Written().to_json())])
        self._keys.keep()
        return None

    def _read(self, path: str) -> bytes | None:
        """A file's bytes, None if it does not exist; raises :class:`ExportError` if it cannot be read."""
        try:
            return read_note(place_in(self._root, path))
        except FileNotFoundError:
            return None
        except OSError as error:
            raise ExportError(f"{self._root / path} cannot be read: {error.strerror or error}.") from error

    def _free_path(self) -> str:
        """A name for the new file beside the old one that is not taken."""
        extension = EXTENSIONS[self._options.form]
        if not self._path.lower().endswith(extension):
            extension = _ending(self._path)
        stem = self._path.removesuffix(extension)
        names = (f"{stem}-new{'' if number == 1 else f'-{number}'}{extension}" for number in count(1))
        return next(name for name in names if not os.path.lexists(self._root / name))


_NOT_OURS = Remark(
    RemarkKind.BLOCK_EDITED, "The file was left alone: it was changed, or Lectern did not write it.", withheld=True
)
_CHANGED = Remark(RemarkKind.BLOCK_EDITED, "The file was left alone: it changed just now.", withheld=True)
_BESIDE = Remark(RemarkKind.BLOCK_EDITED, "The file was left alone; the new one is written beside it.")


def _ending(name: str) -> str:
    return f".{name.rsplit('.', 1)[-1]}"


_ENDINGS = frozenset(map(_ending, EXTENSIONS.values()))
"""Endings of exported files; a target with one of them is never taken for a new folder."""


def _place(options: ExportOptions, today: date) -> tuple[Path, str]:
    """The folder and file name of an export: the target itself if its name ends like the form's files."""
    extension = EXTENSIONS[options.form]
    target = options.target
    if target.is_dir() or not target.name.lower().endswith((extension, _ending(extension))):
        if target.exists() and not target.is_dir():
            raise ExportError(f"{target} is a file; give a folder, or a file name that ends in {extension}.")
        if not target.exists() and target.suffix.lower() in _ENDINGS:
            raise ExportError(
                f"The name {target} does not fit this form; give a folder, or a file name that ends in {extension}."
            )
        name = f"{NAME}-digest-{today.isoformat()}" if options.form is ExportForm.DIGEST else NAME
        return target, f"{name}{extension}"
    return target.parent, target.name


def _digest(data: bytes | None) -> str | None:
    return hashlib.sha256(data).hexdigest() if data is not None else None
