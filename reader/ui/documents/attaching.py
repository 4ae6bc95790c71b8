"""Attaching PDF files to papers: dropped, pasted or chosen, and asked about only where something is unsure."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from reader.domain.changes import Change
from reader.domain.documents import AttachReport
from reader.services import Library
from reader.ui.app.context import Context, Part
from reader.ui.app.workspace import Outcome as Changed
from reader.ui.documents.files import (
    GivenFile,
    Outcome,
    Question,
    ReadFile,
    left_alone,
    outcome_of,
    question_about,
    read_all,
    shown_progress,
    summary_of,
)
from reader.ui.documents.sheet import AttachSheet
from reader.ui.highlights.modes import LabelChoiceModel
from reader.ui.maintenance.long_work import LongWork
from reader.ui.overlays.text_sheet import TextSheet


class DocumentAttaching(Part):
    """Attaches files one after the other; one notice tells what came of all. Made when there is a file to attach."""

    def __init__(self, context: Context, work: LongWork, labels: LabelChoiceModel) -> None:
        """``work`` shows that files are being read; ``labels`` are those that colours may mean."""
        super().__init__(context)
        self._work, self._labels = work, labels
        self._waiting: list[GivenFile] = []
        self._read: deque[ReadFile | Outcome] = deque()
        self._outcomes: list[Outcome] = []
        self._chosen_labels: dict[str, str] = {}
        self._is_deciding = False
        work.ended.connect(self._begin)

    def attach(self, files: Sequence[Path], paper_id: int | None = None) -> None:
        """Read files and attach them, to a paper if one is meant, else to those that they name."""
        self._waiting += [GivenFile(file, paper_id) for file in files]
        self._begin()

    # Reading

    def _begin(self) -> None:
        """Read what waits, unless something else is going on; its end is told."""
        if self._waiting and not self._work.is_running:
            given, self._waiting = self._waiting, []
            steps = partial(read_all, self._library, given)
            self._work.begin_steps(f"Reading {given[0].name}", steps, shown_progress, self._take_read)

    def _take_read(self, read: Sequence[ReadFile | Outcome]) -> None:
        self._read += read
        if not self._is_deciding:
            self._decide_next()

    # Deciding

    def _decide_next(self) -> None:
        """Attach the next file, or ask about it first; tell what came of all once there is none."""
        self._is_deciding = bool(self._read)
        if not self._read:
            self._announce()
            return
        read = self._read.popleft()
        if isinstance(read, Outcome):
            self._note(read)
            return
        question = question_about(read, self._chosen_labels, self._reader.paper)
        if question.is_open:
            self._ask_about(read, question)
        else:
            self._attach(read, question.candidates[0].paper_id, {})

    def _ask_about(self, read: ReadFile, question: Question) -> None:
        sheet = AttachSheet(self._window, self._workspace, self._appearance.look, question, self._labels.labels)
        sheet.closed.connect(partial(self._answered, read, sheet))

    def _answered(self, read: ReadFile, sheet: AttachSheet) -> None:
        if sheet.answer is None:
            self._note(left_alone(read))
        else:
            paper_id, labels = sheet.answer
            self._chosen_labels |= labels
            self._attach(read, paper_id, labels)

    def _attach(self, read: ReadFile, paper_id: int, labels: dict[str, str]) -> None:
        done: list[Outcome] = []
        keep_copy = self._settings.settings.documents.keep_copy
        attach = partial(_attach, self._library, read, paper_id, labels, keep_copy, done)
        self._workspace.perform(attach, then=partial(self._attached, done), failed=self._decide_next)

    def _attached(self, done: list[Outcome], _: Changed) -> None:
        self._note(done[0])

    def _note(self, outcome: Outcome) -> None:
        self._outcomes.append(outcome)
        self._decide_next()

    # Telling

    def _announce(self) -> None:
        outcomes, self._outcomes = self._outcomes, []
        self._chosen_labels.clear()
        if not outcomes:
            return
        papers = {each.paper_id for each in outcomes if each.paper_id is not None}
        shown = self._reader.paper.id if self._reader.paper is not None else None
        actions: list[tuple[str, Callable[[], object]]] = []
        if len(papers) == 1 and papers != {shown}:
            actions.append(("Show", partial(self._go_to, *papers)))
        if len(outcomes) > 1:
            text = "\n".join(f"{each.sentence}." for each in outcomes)
            actions.append(("Details", partial(TextSheet, self._window, "Attached PDFs", text)))
        self._panes.notice.show_text(summary_of(outcomes), *actions)

    def _go_to(self, paper_id: int) -> None:
        self._panes.set_focus_reading(False)
        self._navigator.go_to_paper(paper_id)


def _attach(
    library: Library, read: ReadFile, paper_id: int, labels: dict[str, str], keep_copy: bool, done: list[Outcome]
) -> Change:
    """On the library thread: attach a file; ``done`` gets what came of it."""
    report: AttachReport
    report, change = library.documents.attach(
        paper_id, read.document, read.given.path, labels=labels, keep_copy=keep_copy
    )
    done.append(outcome_of(read, library.papers.get(paper_id).title, paper_id, report))
    return change
