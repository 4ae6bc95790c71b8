"""Notes of a vault: planning what each should become, and writing it.

Nothing is rendered for a paper whose note is as it was left and of which nothing changed: a fingerprint of all that
goes into the note is compared first. What was last written is remembered only after it is on the disk; a crash
between the two makes a note look edited at worst, never untouched when it is not.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Collection, Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from reader import __version__
from reader.domain.exports import ExportRecord, PaperStamp
from reader.domain.papers import Paper
from reader.domain.settings import NoteNames
from reader.formats.export.fields import Show, paper_address
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
from reader.formats.export.templates import TemplateSet
from reader.services.export.file_content import CitationKeys
from reader.services.export.file_writer import (
    FileToWrite,
    FileWritten,
    is_same_file,
    place_in,
    remove_renamed,
    write_files,
)
from reader.services.export.plan import (
    ExportError,
    ExportOptions,
    ExportPlan,
    ExportProgress,
    ExportReport,
    ExportStatus,
    PlannedFile,
)
from reader.services.export.vault_links import VaultLinks
from reader.services.export.vault_names import VaultNames
from reader.services.export.vault_scan import FoundNote, Vault, find_adoptable, read_note, scan_vault
from reader.storage.exports import ExportLog

BATCH = 200
_EDITED = "+edited"

Cancelled = Callable[[], bool]
Planning = Generator[ExportProgress, None, ExportPlan]
Writing = Generator[ExportProgress, None, ExportReport]


@dataclass(frozen=True, slots=True)
class VaultSource:
    """What notes are made of: papers by id, templates, how text is shown, and what is known of earlier exports.

    ``stamps`` tell cheaply whether papers changed; ``template_digest`` stands for the templates' text; ``links`` finds
    out which papers link to which.
    """

    stamps: Callable[[Sequence[int]], Sequence[PaperStamp]]
    papers: Callable[[Sequence[int]], Iterable[Paper]]
    templates: TemplateSet
    template_digest: str
    show: Show
    log: ExportLog
    links: Callable[[], VaultLinks]


@dataclass(frozen=True, slots=True)
class _Task:
    """A paper whose note is to be planned: what is remembered of it, the note itself, and others with its key."""

    paper: PaperStamp
    record: ExportRecord | None
    note: FoundNote | None
    copies: tuple[FoundNote, ...]
    fingerprint: str

    @property
    def is_unchanged(self) -> bool:
        """Whether the note is as it was left, and everything that goes into it too."""
        return (
            self.record is not None
            and self.note is not None
            and (self.record.size, self.record.modified) == (self.note.size, self.note.modified)
            and self.record.fingerprint == self.fingerprint
        )


class VaultExport:
    """One export of papers to one vault: :meth:`plan` it, look at the plan, :meth:`write` it."""

    def __init__(self, source: VaultSource, options: ExportOptions, cancelled: Cancelled) -> None:
        """Raises :class:`ExportError` for a target that cannot be exported to."""
        self._source, self._options, self._cancelled = source, options, cancelled
        self._root = options.target
        if self._root.exists() and not self._root.is_dir():
            raise ExportError(f"{self._root} is a file; give the folder of the vault.")
        place_in(self._root, "/".join(filter(None, (options.folder, "note.md"))))
        options.require_target(self._root)
        self._profile = PROFILES[options.profile]
        settings = (__version__, options.profile.value, options.deleted.value, source.template_digest)
        self._settings = hashlib.sha256("\n".join(settings).encode()).hexdigest()[:16]
        self._records: dict[str, ExportRecord] = {}
        self._vault = Vault({}, ())
        self._found: dict[str, FoundNote] = {}
        is_cited = options.names is NoteNames.CITATION_KEY
        self._citations = CitationKeys(source.log, source.show) if is_cited else None
        self._names = VaultNames(self._root, options.folder, options.names, source.show, self._citation_key)
        self._links: VaultLinks | None = None
        self._exported: Collection[int] = frozenset()
        self._places: dict[int, str] = {}
        self._targets: dict[int, LinkTarget] = {}

    def plan(self, paper_ids: Sequence[int]) -> Planning:
        """Work out what is to be done with each paper's note; writes nothing."""
        yield from self._look(len(paper_ids))
        self._exported = frozenset(paper_ids)
        self._aim()
        files: list[PlannedFile] = []
        new: list[Paper] = []
        for start in range(0, len(paper_ids), BATCH):
            yield ExportProgress(start, len(paper_ids), files[-1].title if files else "")
            if self._cancelled():
                return ExportPlan(self._options, tuple(files), cancelled=True)
            files += self._plan_papers(self._source.stamps(paper_ids[start : start + BATCH]), new)
        yield ExportProgress(len(paper_ids), len(paper_ids), "")
        files = yield from self._with_adoptable(files, new)
        return ExportPlan(self._options, tuple(files), cancelled=self._cancelled())

    def plan_again(self, plan: ExportPlan, options: ExportOptions) -> Planning:
        """The plan with other choices for single papers (``beside``, ``recreate``, ``adopt``).

        Only the papers that they differ for are planned again, and those that link to them; nothing else of the
        options may differ.
        """
        chosen, self._options = self._options, replace(options, target=self._root)
        again = [file for file in plan.files if chosen.choices(file.key) != options.choices(file.key)]
        for file in again:
            self._places.pop(file.paper_id, None)
            if file.status is ExportStatus.CREATE:
                self._names.free(file.path)
        before = {file.paper_id: self._links_digest(file.paper_id) for file in plan.files}
        self._aim()
        chosen_again = {file.paper_id for file in again}
        again += [
            file
            for file in plan.files
            if file.paper_id not in chosen_again and self._links_digest(file.paper_id) != before[file.paper_id]
        ]
        planned: dict[int, PlannedFile] = {}
        for start in range(0, len(again), BATCH):
            batch = again[start : start + BATCH]
            yield ExportProgress(start, len(again), batch[0].title)
            for file in self._plan_papers(self._source.stamps([file.paper_id for file in batch]), []):
                planned[file.paper_id] = file
        files = (
            replace(planned[file.paper_id], adoptable=file.adoptable) if file.paper_id in planned else file
            for file in plan.files
        )
        return ExportPlan(self._options, tuple(files), plan.messages, plan.cancelled)

    def write(self, plan: ExportPlan, only: Callable[[PlannedFile], bool] = lambda file: True) -> Writing:
        """Write what a plan says, but for files that ``only`` leaves out.

        A note that changed since it was planned is planned again first. Stops between batches when cancelled.
        """
        files = list(plan.files)
        outcomes: list[FileWritten] = []
        cancelled = plan.cancelled
        self._remember([file for file in files if not file.writes])
        wanted = [index for index, file in enumerate(files) if file.writes and only(file)]
        if wanted and not cancelled:
            self._make_root()
        for start in range(0, 0 if cancelled else len(wanted), BATCH):
            batch = wanted[start : start + BATCH]
            yield ExportProgress(start, len(wanted), files[batch[0]].title)
            if self._cancelled():
                cancelled = True
                break
            for index in batch:
                files[index] = self._still_right(files[index])
            outcomes += self._write_batch([files[index] for index in batch if files[index].writes])
        if outcomes and self._citations is not None:
            self._citations.keep()
        yield ExportProgress(len(wanted), len(wanted), "")
        written = tuple(outcome.path for outcome in outcomes if outcome.error is None)
        failed = tuple((outcome.path, outcome.error) for outcome in outcomes if outcome.error is not None)
        return ExportReport(self._options, tuple(files), written, failed, plan.messages, cancelled=cancelled)

    def _look(self, total: int) -> Iterator[ExportProgress]:
        """Read what is remembered of this vault, and scan it."""
        records = [record for record in self._source.log.records(str(self._root)) if record.paper_key]
        self._records = {record.paper_key: record for record in records}
        for found in scan_vault(self._root, records, self._cancelled):
            if isinstance(found, Vault):
                self._vault = found
            else:
                yield ExportProgress(0, total, f"{found:,} notes")
        self._names.take(note.path for notes in self._vault.notes.values() for note in notes)
        self._names.take(self._vault.others)
        self._links = self._source.links()

    def _aim(self) -> None:
        """Find out where links to papers go: to their notes where there are any, or will be, else to their pages."""
        linked = sorted(self._links.linked_ids) if self._links is not None else []
        papers = {paper.id: paper for paper in self._source.papers(linked)}
        stamps = [stamp for stamp in self._source.stamps(linked) if stamp.id in papers]
        places = {stamp.id: self._place(self._task(stamp), papers[stamp.id]) for stamp in stamps}
        self._targets = {
            paper_id: LinkTarget(
                papers[paper_id].title, path, self._names.is_unique(path), paper_address(papers[paper_id]) or ""
            )
            for paper_id, path in places.items()
        }

    def _links_digest(self, paper_id: int) -> str:
        return self._links.digest(paper_id, self._targets.get) if self._links is not None else ""

    def _place(self, task: _Task, paper: Paper) -> str:
        """Where a paper's note is, or will be; empty where there is none and none is made."""
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

    def _citation_key(self, paper: Paper) -> str:
        assert self._citations is not None
        return self._citations.of(paper)

    def _task(self, paper: PaperStamp) -> _Task:
        """A paper with its note: of several that bear its key, the one that was written last, else the first."""
        keys = (paper.key, *paper.aliases)
        record = next((self._records[key] for key in keys if key in self._records), None)
        notes = [note for key in keys for note in self._vault.notes.get(key, ())]
        place = record.path if record else ""
        note = next((note for note in notes if note.path == place), notes[0] if notes else None)
        if note is not None:
            self._found[note.path] = note
        copies = tuple(other for other in notes if other is not note)
        return _Task(paper, record, note, copies, f"{self._settings}{paper.stamp}{self._links_digest(paper.id)}")

    def _plan_papers(self, stamps: Sequence[PaperStamp], new: list[Paper]) -> list[PlannedFile]:
        """The notes of some papers; whole papers and the texts last written are read only for those that need them.

        Papers without a note are added to ``new``.
        """
        tasks = [self._task(paper) for paper in stamps]
        stale = [task for task in tasks if self._options.rename or not task.is_unchanged]
        last = self._last_written([key for task in stale for key in (task.paper.key, *task.paper.aliases)])
        papers = {paper.id: paper for paper in self._source.papers([task.paper.id for task in stale])}
        files = []
        for task in tasks:
            paper = papers.get(task.paper.id)
            if task.is_unchanged and not self._options.rename:
                files.append(self._unchanged(task))
            elif paper is not None:
                files.append(self._plan_paper(task, paper, _first(task.paper, last)))
                if files[-1].status is ExportStatus.CREATE:
                    new.append(paper)
        return files

    def _last_written(self, keys: Sequence[str]) -> Mapping[str, str]:
        """What was last written, by paper key: into this vault, else into another (it may have been moved)."""
        if not keys:
            return {}
        here = self._source.log.written(str(self._root), keys)
        lost = [key for key in keys if key not in here]
        return {**(self._source.log.written_elsewhere(str(self._root), lost) if lost else {}), **here}

    def _title(self, paper: Paper | PaperStamp) -> str:
        return one_line(self._source.show(paper.title))

    def _content(self, paper: Paper, path: str, profile: Profile) -> NoteContent:
        show = self._source.show
        if self._links is not None:
            paper = self._links.written_for(paper, self._targets.get, profile, path, show)
        return note_content(paper, profile, self._source.templates, show)

    def _profile_of(self, note: bytes) -> Profile:
        """The flavour of a note that is there: the chosen one, unless its region is marked as in another."""
        text = note_text(note) or ""
        return next(
            (profile for profile in (self._profile, OBSIDIAN, COMMONMARK) if has_marks(text, profile)), self._profile
        )

    def _unchanged(self, task: _Task) -> PlannedFile:
        assert task.note is not None
        paper = task.paper
        return PlannedFile(paper.id, paper.key, self._title(paper), task.note.path, ExportStatus.UNCHANGED)

    def _plan_paper(self, task: _Task, paper: Paper, last: Written | None) -> PlannedFile:
        """What is to be done with one paper's note."""
        if task.note is not None:
            return self._renamed(self._plan_existing(task, paper, task.note.path, last), self._place(task, paper))
        if paper.key in self._options.adopt:
            return self._plan_existing(task, paper, self._options.adopt[paper.key], None, adopt=True)
        if task.record is not None and not self._options.asks(self._options.recreate, paper.key):
            status = ExportStatus.NOT_FOUND
            return PlannedFile(paper.id, paper.key, self._title(paper), task.record.path, status)
        path = self._place(task, paper)
        splice = new_note(self._content(paper, path, self._profile))
        return PlannedFile(
            *(paper.id, paper.key, self._title(paper), path, ExportStatus.CREATE),
            data=splice.data,
            written=splice.written.to_json(),
            fingerprint=task.fingerprint,
        )

    def _plan_existing(
        self, task: _Task, paper: Paper, path: str, last: Written | None, *, adopt: bool = False
    ) -> PlannedFile:
        """What is to be done with a note that is there."""
        title = self._title(paper)
        try:
            before = read_note(place_in(self._root, path))
        except OSError as error:
            remark = Remark(RemarkKind.NOTE_UNREADABLE, f"The note cannot be read: {error.strerror or error}.")
            return PlannedFile(paper.id, paper.key, title, path, ExportStatus.EDITED, remarks=(remark,))
        content = self._content(paper, self._place(task, paper) or path, self._profile_of(before))
        beside = self._options.asks(self._options.beside, paper.key)
        others = tuple(Remark(RemarkKind.OTHER_NOTE, _OTHER_NOTE.format(copy.path), copy.path) for copy in task.copies)
        if self._is_as_left(task, before) and last == all_written(content):
            return PlannedFile(
                *(paper.id, paper.key, title, path, ExportStatus.UNCHANGED, others),
                written=last.to_json(),
                before=before,
                fingerprint=task.fingerprint,
            )
        splice = splice_note(before, content, last, beside=beside, deleted=self._options.deleted, adopt=adopt)
        changes = splice.data != before
        status = ExportStatus.UPDATE if changes else ExportStatus.UNCHANGED
        return PlannedFile(
            *(paper.id, paper.key, title, path, ExportStatus.EDITED if splice.is_edited else status),
            remarks=splice.remarks + others,
            data=splice.data if changes else None,
            before=before,
            written=splice.written.to_json(),
            fingerprint=task.fingerprint + (_EDITED if splice.is_edited else ""),
        )

    def _is_as_left(self, task: _Task, data: bytes) -> bool:
        """Whether a note's bytes are those last seen, and its owner had not changed what is ours."""
        record = task.record
        return record is not None and not record.fingerprint.endswith(_EDITED) and record.digest == _digest(data)

    def _renamed(self, file: PlannedFile, path: str) -> PlannedFile:
        """A planned file under another name; as it is where that is its name, or where it cannot be read."""
        if path == file.path or file.before is None:
            return file
        status = ExportStatus.UPDATE if file.status is ExportStatus.UNCHANGED else file.status
        data = file.before if file.data is None else file.data
        return replace(file, path=path, status=status, data=data, renames=file.path)

    def _with_adoptable(
        self, files: list[PlannedFile], new: Sequence[Paper]
    ) -> Generator[ExportProgress, None, list[PlannedFile]]:
        """The files with the notes that could become those of new papers."""
        if not new or not self._vault.others:
            return files
        arxiv_ids = {paper.arxiv_id: paper.key for paper in new if paper.arxiv_id}
        addresses = {address: paper.key for paper in new if not paper.arxiv_id and (address := paper_address(paper))}
        found: Mapping[str, tuple[str, ...]] = {}
        for step in find_adoptable(self._root, self._vault.others, arxiv_ids, addresses, self._cancelled):
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
        """A planned file, planned again if what lies in its place is no longer what it was planned with."""
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
        paper = next(iter(self._source.papers([file.paper_id])), None)
        stamp = next(iter(self._source.stamps([file.paper_id])), None)
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
        """Whether another file than the one to be renamed lies at a place."""
        place = place_in(self._root, path)
        return os.path.lexists(place) and not is_same_file(place, place_in(self._root, renames))

    def _write_batch(self, files: Sequence[PlannedFile]) -> list[FileWritten]:
        """Write some files, and remember those that were written."""
        outcomes = write_files(self._root, [FileToWrite(file.path, file.data or b"") for file in files])
        by_path = {outcome.path: outcome for outcome in outcomes}
        self._source.log.save(
            (self._new_record(file, file.data or b"", outcome.size, outcome.modified), file.written)
            for file in files
            if (outcome := by_path[file.path]).error is None
        )
        renamed = (file for file in files if file.renames and by_path[file.path].error is None)
        removed = (remove_renamed(self._root, file.renames, file.path, file.before or b"") for file in renamed)
        return [*outcomes, *(failure for failure in removed if failure is not None)]

    def _remember(self, files: Sequence[PlannedFile]) -> None:
        """Note where and how notes are that need no writing, if that is not what is remembered."""
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
                texts = self._source.log.written(str(self._root), [file.key])
                entries.append((replace(record, path=note.path), texts.get(file.key, Written().to_json())))
        if entries:
            self._source.log.save(entries)

    def _new_record(self, file: PlannedFile, data: bytes, size: int, modified: int) -> ExportRecord:
        """What is to be remembered of a note."""
        target, profile = str(self._root), self._options.profile.value
        return ExportRecord(target, file.key, profile, file.path, size, modified, _digest(data), file.fingerprint)


_OTHER_NOTE = "Another note bears this paper's key and was left alone: {}"


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _first(paper: PaperStamp, texts: Mapping[str, str]) -> Written | None:
    """What was last written into a paper's note, under its own key or that of a paper merged into it."""
    text = next((texts[key] for key in (paper.key, *paper.aliases) if key in texts), None)
    return Written.from_json(text) if text is not None else None
