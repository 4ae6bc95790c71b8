"""Exports to a vault: planning and writing one note per paper.

A note is rendered only if it, or anything that goes into it, changed: a fingerprint of all inputs is compared first.
What was written is remembered only once it is on the disk. A crash between the two can make an untouched note look
edited, but never an edited one untouched.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Collection, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from reader import __version__
from reader.domain.exports import ExportRecord, PaperStamp
from reader.domain.papers import Paper
from reader.domain.settings import NoteNames
from reader.formats.export.fields import paper_address
from reader.formats.export.inert import one_line
from reader.formats.export.note_links import LinkTarget
from reader.formats.export.notes import note_content
from reader.formats.export.profiles import COMMONMARK, OBSIDIAN, PROFILES, Profile
from reader.formats.export.regions import has_marks
from reader.formats.export.splice import (
    NoteContent,
    Remark,
    RemarkKind,
    Written,
    all_written,
    new_note,
    note_text,
    splice_note,
)
from reader.services.export.file_writer import FileWritten, is_same_file, place_in, remove_renamed, write_files
from reader.services.export.plan import (
    ExportError,
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
from reader.services.export.vault_links import VaultLinks
from reader.services.export.vault_names import VaultNames
from reader.services.export.vault_scan import FoundNote, Vault, find_adoptable, read_note, scan_vault

_EDITED = "+edited"
_OTHER_NOTE = "Another note bears this paper's key and was left alone: {}"


@dataclass(frozen=True, slots=True)
class _Task:
    """A paper to plan a note for: the record of its last export, its note, and copies with the same key."""

    paper: PaperStamp
    record: ExportRecord | None
    note: FoundNote | None
    copies: tuple[FoundNote, ...]
    fingerprint: str

    @property
    def is_unchanged(self) -> bool:
        """Whether neither the note nor anything that goes into it changed since the last export."""
        return (
            self.record is not None
            and self.note is not None
            and (self.record.size, self.record.modified) == (self.note.size, self.note.modified)
            and self.record.fingerprint == self.fingerprint
        )

    def is_as_left(self, data: bytes) -> bool:
        """Whether a note has the bytes last seen, with no edits by its owner in Lectern's parts."""
        record = self.record
        return record is not None and not record.fingerprint.endswith(_EDITED) and record.digest == _digest(data)


class VaultExport:
    """One export of papers to one vault: :meth:`plan` it, look at the plan, :meth:`write` it."""

    def __init__(self, source: ExportSource, options: ExportOptions) -> None:
        """Raises :class:`ExportError` for a target that cannot be exported to."""
        self._source, self._options, self._log = source, options, source.store.exports
        self._root = options.target
        if self._root.exists() and not self._root.is_dir():
            raise ExportError(f"{self._root} is a file; give the folder of the vault.")
        place_in(self._root, "/".join(filter(None, (options.folder, "note.md"))))
        options.require_target(self._root)
        self._profile = PROFILES[options.profile]
        settings = (
            __version__,
            options.profile.value,
            options.deleted.value,
            source.templates.digest,
            source.pages.setting,
        )
        self._settings = hashlib.sha256("\n".join(settings).encode()).hexdigest()[:16]
        self._records: dict[str, ExportRecord] = {}
        self._vault = Vault({}, ())
        self._found: dict[str, FoundNote] = {}
        self._names = VaultNames(self._root, options.folder, options.names, lambda paper: self._citations.of(paper))
        self._exported: Collection[int] = frozenset()
        self._new: list[Paper] = []
        self._places: dict[int, str] = {}
        self._targets: dict[int, LinkTarget] = {}

    @cached_property
    def _citations(self) -> CitationKeys:
        return CitationKeys(self._log)

    @cached_property
    def _links(self) -> VaultLinks:
        return VaultLinks(self._source.store.note_links)

    def plan(self, paper_ids: Sequence[int]) -> Planning:
        """Plan the note of each paper; writes nothing."""
        yield from self._look(len(paper_ids))
        self._exported = frozenset(paper_ids)
        self._aim()
        files = yield from self._plan_papers(paper_ids)
        if not self._source.cancelled():
            files = yield from self._with_adoptable(files)
        return ExportPlan(self._options, tuple(files), cancelled=self._source.cancelled())

    def plan_again(self, plan: ExportPlan, options: ExportOptions) -> Planning:
        """Plan again with other choices for single papers (``beside``, ``recreate``, ``adopt``).

        Only papers with a new choice, and those that link to them, are planned again; the other options must be the
        same.
        """
        chosen, self._options = self._options, replace(options, target=self._root)
        again = {file.paper_id for file in plan.files if chosen.choices(file.key) != options.choices(file.key)}
        for file in plan.files:
            if file.paper_id in again:
                self._places.pop(file.paper_id, None)
                if file.status is ExportStatus.CREATE:
                    self._names.free(file.path)
        # A note that is now made, or no longer, changes the links of the notes that refer to it.
        before = {file.paper_id: self._links_digest(file.paper_id) for file in plan.files}
        self._aim()
        again |= {paper_id for paper_id, digest in before.items() if self._links_digest(paper_id) != digest}
        planned = yield from self._plan_papers([file.paper_id for file in plan.files if file.paper_id in again])
        by_paper = {file.paper_id: file for file in planned}
        files = (
            replace(by_paper[file.paper_id], adoptable=file.adoptable) if file.paper_id in by_paper else file
            for file in plan.files
        )
        return ExportPlan(self._options, tuple(files), plan.messages, plan.cancelled)

    def write(self, plan: ExportPlan, only: Callable[[PlannedFile], bool] = every_file) -> Writing:
        """Write the planned files that ``only`` accepts.

        A note that changed since it was planned is first planned again. Cancelling stops between batches.
        """
        files = list(plan.files)
        outcomes: list[FileWritten] = []
        cancelled = plan.cancelled
        # Moved notes are recorded even if nothing is written, so that the next export finds them without reading.
        self._remember([file for file in files if not file.writes])
        wanted = [index for index, file in enumerate(files) if file.writes and only(file)]
        if wanted and not cancelled:
            self._make_root()
        for start in range(0, 0 if cancelled else len(wanted), BATCH):
            batch = wanted[start : start + BATCH]
            yield ExportProgress(start, len(wanted), files[batch[0]].title)
            if self._source.cancelled():
                cancelled = True
                break
            for index in batch:
                files[index] = self._still_right(files[index])
            outcomes += self._write_batch([files[index] for index in batch if files[index].writes])
        if outcomes and self._options.names is NoteNames.CITATION_KEY:
            self._citations.keep()
        yield ExportProgress(len(wanted), len(wanted), "")
        written = tuple(outcome.path for outcome in outcomes if outcome.error is None)
        failed = tuple((outcome.path, outcome.error) for outcome in outcomes if outcome.error is not None)
        return ExportReport(self._options, tuple(files), plan.messages, cancelled, written, failed)

    def _look(self, total: int) -> Iterator[ExportProgress]:
        """Read the records of earlier exports to this vault, and scan it."""
        records = [record for record in self._log.records(str(self._root)) if record.paper_key]
        self._records = {record.paper_key: record for record in records}
        for found in scan_vault(self._root, records, self._source.cancelled):
            if isinstance(found, Vault):
                self._vault = found
            else:
                yield ExportProgress(0, total, f"{found:,} notes")
        self._names.take(note.path for notes in self._vault.notes.values() for note in notes)
        self._names.take(self._vault.others)

    def _aim(self) -> None:
        """Find the targets of links to papers: their present or future notes, or else their web pages."""
        linked = sorted(self._links.linked_ids)
        papers = {paper.id: paper for paper in self._source.store.papers.read(linked)}
        stamps = {stamp.id: stamp for stamp in self._source.store.transfers.stamps(linked) if stamp.id in papers}
        # Finding a place takes its name, so whether a name is unique is known only once all places are found.
        places = {paper_id: self._place(self._task(stamp), papers[paper_id]) for paper_id, stamp in stamps.items()}
        self._targets = {}
        for paper_id, path in places.items():
            paper = papers[paper_id]
            is_unique = self._names.is_unique(path)
            self._targets[paper_id] = LinkTarget(paper.title, path, is_unique, paper_address(paper) or "")

    def _links_digest(self, paper_id: int) -> str:
        return self._links.digest(paper_id, self._targets.get)

    def _place(self, task: _Task, paper: Paper) -> str:
        """The path of a paper's present or future note; empty if there will be none."""
        if paper.id not in self._places:
            self._places[paper.id] = self._found_place(task, paper)
        return self._places[paper.id]

    def _found_place(self, task: _Task, paper: Paper) -> str:
        is_exported = paper.id in self._exported
        if task.note is not None:
            path = task.note.path
            return self._names.other_path(paper, path) if is_exported and self._options.rename else path
        if not is_exported:
            return ""
        if paper.key in self._options.adopt:
            return self._options.adopt[paper.key]
        if task.record is not None and not self._options.asks(self._options.recreate, paper.key):
            return ""
        return self._names.new_path(paper)

    def _task(self, paper: PaperStamp) -> _Task:
        """Find a paper's note: of several with its key, the one last written, or else the first."""
        keys = (paper.key, *paper.aliases)
        record = next((self._records[key] for key in keys if key in self._records), None)
        notes = [note for key in keys for note in self._vault.notes.get(key, ())]
        place = record.path if record else ""
        note = next((note for note in notes if note.path == place), notes[0] if notes else None)
        if note is not None:
            self._found[note.path] = note
        copies = tuple(other for other in notes if other is not note)
        pages = self._source.pages.digest(paper.id, note.path if note is not None else "")
        fingerprint = f"{self._settings}{paper.stamp}{self._links_digest(paper.id)}{pages}"
        return _Task(paper, record, note, copies, fingerprint)

    def _plan_papers(self, paper_ids: Sequence[int]) -> Generator[ExportProgress, None, list[PlannedFile]]:
        """Plan notes in batches; papers and last written texts are read only where something changed."""
        files: list[PlannedFile] = []
        for start in range(0, len(paper_ids), BATCH):
            yield ExportProgress(start, len(paper_ids), files[-1].title if files else "")
            if self._source.cancelled():
                return files
            stamps = self._source.store.transfers.stamps(paper_ids[start : start + BATCH])
            tasks = [self._task(paper) for paper in stamps]
            stale = [task.paper for task in tasks if self._options.rename or not task.is_unchanged]
            last = self._last_written([key for paper in stale for key in (paper.key, *paper.aliases)])
            papers = {paper.id: paper for paper in self._source.store.papers.read([paper.id for paper in stale])}
            for task in tasks:
                if task.note is not None and task.is_unchanged and not self._options.rename:
                    files.append(_planned(task, task.note.path, ExportStatus.UNCHANGED))
                elif task.paper.id in papers:
                    files.append(self._plan_paper(task, papers[task.paper.id], _first(task.paper, last)))
        yield ExportProgress(len(paper_ids), len(paper_ids), "")
        return files

    def _last_written(self, keys: Sequence[str]) -> Mapping[str, str]:
        """Texts last written, by paper key: to this vault, or else to another, as a vault may have been moved."""
        if not keys:
            return {}
        here = self._log.written(str(self._root), keys)
        lost = [key for key in keys if key not in here]
        return {**(self._log.written_elsewhere(str(self._root), lost) if lost else {}), **here}

    def _content(self, paper: Paper, path: str, profile: Profile) -> NoteContent:
        linked = self._links.written_for(paper, self._targets.get, profile, path)
        pages = self._source.pages.addresses(self._root, path)
        return note_content(linked, profile, self._source.templates.markdown, show, pages)

    def _profile_of(self, note: bytes) -> Profile:
        """The flavour of an existing note: the chosen one, unless its region has the marks of another."""
        text = note_text(note) or ""
        flavours = (self._profile, OBSIDIAN, COMMONMARK)
        return next((profile for profile in flavours if has_marks(text, profile)), self._profile)

    def _plan_paper(self, task: _Task, paper: Paper, last: Written | None) -> PlannedFile:
        """Plan one paper's note."""
        place = self._place(task, paper)
        if task.note is not None:
            return self._renamed(self._plan_existing(task, paper, task.note.path, last), place)
        if paper.key in self._options.adopt:
            return self._plan_existing(task, paper, place, None, adopt=True)
        if task.record is not None and not place:
            return _planned(task, task.record.path, ExportStatus.NOT_FOUND)
        self._new.append(paper)
        return _planned(task, place, ExportStatus.CREATE).spliced(new_note(self._content(paper, place, self._profile)))

    def _plan_existing(
        self, task: _Task, paper: Paper, path: str, last: Written | None, *, adopt: bool = False
    ) -> PlannedFile:
        """Plan the update of an existing note."""
        try:
            before = read_note(place_in(self._root, path))
        except OSError as error:
            remark = Remark(RemarkKind.NOTE_UNREADABLE, f"The note cannot be read: {error.strerror or error}.")
            return _planned(task, path, ExportStatus.EDITED, remarks=(remark,))
        content = self._content(paper, self._place(task, paper) or path, self._profile_of(before))
        others = tuple(Remark(RemarkKind.OTHER_NOTE, _OTHER_NOTE.format(copy.path), copy.path) for copy in task.copies)
        file = _planned(task, path, ExportStatus.UNCHANGED, remarks=others, before=before)
        if task.is_as_left(before) and last is not None and last == all_written(content):
            return replace(file, written=last.to_json())
        beside = self._options.asks(self._options.beside, paper.key)
        splice = splice_note(before, content, last, beside=beside, deleted=self._options.deleted, adopt=adopt)
        return file.spliced(splice, fingerprint=task.fingerprint + (_EDITED if splice.is_edited else ""))

    def _renamed(self, file: PlannedFile, path: str) -> PlannedFile:
        """A planned file with a new path; unchanged if that is its path, or if the note could not be read."""
        if path == file.path or file.before is None:
            return file
        status = ExportStatus.UPDATE if file.status is ExportStatus.UNCHANGED else file.status
        data = file.before if file.data is None else file.data
        return replace(file, path=path, status=status, data=data, renames=file.path)

    def _with_adoptable(self, files: list[PlannedFile]) -> Generator[ExportProgress, None, list[PlannedFile]]:
        """Add to new files the existing notes that could be adopted for them."""
        new, self._new = self._new, []
        if not new or not self._vault.others:
            return files
        arxiv_ids = {paper.arxiv_id: paper.key for paper in new if paper.arxiv_id}
        addresses = {address: paper.key for paper in new if not paper.arxiv_id and (address := paper_address(paper))}
        found: Mapping[str, tuple[str, ...]] = {}
        for step in find_adoptable(self._root, self._vault.others, arxiv_ids, addresses, self._source.cancelled):
            if isinstance(step, int):
                yield ExportProgress(len(files), len(files), f"{step:,} notes")
            else:
                found = step
        return [replace(file, adoptable=found[file.key]) if file.key in found else file for file in files]

    def _make_root(self) -> None:
        self._options.require_target(self._root)
        try:
            self._root.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ExportError(f"The folder {self._root} cannot be made: {error.strerror or error}.") from error

    def _still_right(self, file: PlannedFile) -> PlannedFile:
        """A planned file, planned again if the file in its place has changed since."""
        lies_at = file.renames or file.path
        try:
            present = read_note(place_in(self._root, lies_at))
            is_taken = bool(file.renames) and self._is_taken(file.path, file.renames)
        except FileNotFoundError:
            present, is_taken = None, False
        except (OSError, ExportError):
            return file
        if present == file.before and not is_taken:
            return file
        store = self._source.store
        paper = next(iter(store.papers.read([file.paper_id])), None)
        stamp = next(iter(store.transfers.stamps([file.paper_id])), None)
        if paper is None or stamp is None or present is None:
            return replace(file, status=ExportStatus.NOT_FOUND, data=None)
        if file.status is ExportStatus.CREATE:
            return replace(file, path=self._names.new_path(paper))
        last = _first(stamp, self._last_written([paper.key, *paper.aliases]))
        adopt = paper.key in self._options.adopt
        planned = self._plan_existing(self._task(stamp), paper, lies_at, last, adopt=adopt)
        if not file.renames:
            return planned
        return self._renamed(planned, self._names.other_path(paper, lies_at) if is_taken else file.path)

    def _is_taken(self, path: str, renames: str) -> bool:
        """Whether ``path`` is taken by another file than the one to be renamed."""
        place = place_in(self._root, path)
        return os.path.lexists(place) and not is_same_file(place, place_in(self._root, renames))

    def _write_batch(self, files: Sequence[PlannedFile]) -> list[FileWritten]:
        """Write a batch of files and record those that were written."""
        outcomes = write_files(self._root, files)
        by_path = {outcome.path: outcome for outcome in outcomes}
        self._log.save(
            (self._new_record(file, file.data or b"", outcome.size, outcome.modified), file.written)
            for file in files
            if (outcome := by_path[file.path]).error is None
        )
        renamed = (file for file in files if file.renames and by_path[file.path].error is None)
        removed = (remove_renamed(self._root, file.renames, file.path, file.before or b"") for file in renamed)
        return [*outcomes, *(failure for failure in removed if failure is not None)]

    def _remember(self, files: Sequence[PlannedFile]) -> None:
        """Update the records of notes that need no writing but were moved or edited."""
        entries = []
        for file in files:
            record, note = self._records.get(file.key), self._found.get(file.path)
            if note is None or file.status is ExportStatus.NOT_FOUND:
                continue
            if file.before is not None:
                entry = self._new_record(file, file.before, note.size, note.modified)
                if entry != record:
                    entries.append((entry, file.written))
            elif record is not None and record.path != note.path:
                texts = self._log.written(str(self._root), [file.key])
                entries.append((replace(record, path=note.path), texts.get(file.key, Written().to_json())))
        if entries:
            self._log.save(entries)

    def _new_record(self, file: PlannedFile, data: bytes, size: int, modified: int) -> ExportRecord:
        """The record of a note."""
        target, profile = str(self._root), self._options.profile.value
        return ExportRecord(target, file.key, profile, file.path, size, modified, _digest(data), file.fingerprint)


def _planned(task: _Task, path: str, status: ExportStatus, **more: Any) -> PlannedFile:
    """The planned file of a paper's note; ``more`` are further fields of :class:`PlannedFile`."""
    paper = task.paper
    title = one_line(show(paper.title))
    return PlannedFile(paper.id, paper.key, title, path, status, fingerprint=task.fingerprint, **more)


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _first(paper: PaperStamp, texts: Mapping[str, str]) -> Written | None:
    """The text last written to a paper's note, under its own key or that of a paper merged into it."""
    text = next((texts[key] for key in (paper.key, *paper.aliases) if key in texts), None)
    return Written.from_json(text) if text is not None else None
