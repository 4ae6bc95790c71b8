"""Triage: undecided papers one after the other, over the whole window; a key decides and shows the next.

The pane that shows papers is used as it is, alone, so notes, tags, highlights and links are at hand as ever. While it
lasts, the list behind it holds just the papers of the triage; afterwards it is as it was.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from reader.domain.changes import Change, UndoneOperation
from reader.domain.papers import Paper
from reader.domain.taste import TasteOrder
from reader.domain.views import View, ViewKind
from reader.services import Library
from reader.services.latex_to_unicode import shown_line, shown_text
from reader.services.library.history import undone_text
from reader.services.library.triage import TriageScope
from reader.ui.app.context import Context, Part
from reader.ui.app.tasks import ignore
from reader.ui.app.workspace import Outcome
from reader.ui.commands.runner import Act, Acts, Mode
from reader.ui.commands.table import COMMANDS_BY_ID
from reader.ui.detail.document import Look
from reader.ui.look.wording import counted, joined
from reader.ui.paper_actions.snooze import ask_until
from reader.ui.papers.contents import Content, Level
from reader.ui.papers.entries import Entries
from reader.ui.triage.closing_sheet import ClosingSheet
from reader.ui.triage.frame import TriageFoot, TriageHead, insert_around, keys_of
from reader.ui.triage.tally import STATES, UNDECIDED, Turn, Verdict, place_line, tally, tally_line

_VERDICT_KEYS = (
    ("paper.queue", "queue"),
    ("paper.dismiss", "dismiss"),
    ("paper.done", "done"),
    ("paper.bury", "tomorrow"),
    ("go.read_on", "skip"),
    ("edit.undo", "step back"),
)
_OTHER_KEYS = (
    ("paper.star", "star"),
    ("tag.edit", "tag"),
    ("note.edit", "note"),
    ("highlight.sentences", "highlight"),
    ("paper.page", "page"),
    ("paper.pdf", "PDF"),
    ("paper.code", "code"),
    ("go.escape", "end"),
)
_ALLOWED = (
    *("note.", "tag.edit", "tag.favorite_", "tag.clear_favorites", "highlight.", "view.", "help.", "window."),
    *("paper.star", "paper.page", "paper.pdf", "paper.code", "paper.copy_", "paper.unseen", "paper.links"),
)
_TOMORROW = "tomorrow"


class Triage(Part):
    """Goes through papers; what each key did is remembered, so that it can be gone back."""

    def __init__(self, context: Context) -> None:
        """Its head and foot are put around the panes, hidden."""
        super().__init__(context)
        self._model = self._panes.paper_model
        self.head, self.foot = TriageHead(), TriageFoot()
        insert_around(self._panes, self.head, self.foot, self._panes.pages)
        self._scope: TriageScope | None = None
        self._at = self._furthest = 0
        self._turns: list[Turn] = []
        self._gone: list[Turn] = []
        self._steps: set[int] = set()
        self._view: View | None = None
        self._last_step = 0
        self._waiting: list[Act] = []
        self.closing: ClosingSheet | None = None
        self._navigator.opened.connect(self._view_opened)
        self._navigator.cleared.connect(self._end)
        self._workspace.changes_of().connect(self._note_step)
        self._appearance.changed.connect(self._set_look, Qt.ConnectionType.QueuedConnection)

    def acts(self) -> Acts:
        """The commands carried out here."""
        return {"triage.begin": self.begin}

    @property
    def is_running(self) -> bool:
        """Whether papers are being decided one by one."""
        return self._scope is not None

    def begin(self) -> None:
        """Triage the selected papers, or the undecided ones of the view that are not folded away as known."""
        if self._papers.is_selecting:
            ids, folded, all_of_them = self._papers.selected_paper_ids(), 0, True
        else:
            ids, folded = _listed(self._model.entries, self._model.kind)
            all_of_them = False
        # On the library thread: what was decided just before is to be left out.
        scope = partial(self._library.triage.scope, ids, folded=folded, all_of_them=all_of_them)
        self._waiting = []
        self._runner.set_mode(Mode("triage", self._acts_here(), self._is_allowed))
        self._workspace.tasks.write(scope, self._begin, failed=self._not_begun)

    def _not_begun(self, error: Exception) -> None:
        self._runner.set_mode(None)
        self._workspace.report_failure(error)

    def _begin(self, scope: TriageScope) -> None:
        if not scope.paper_ids:
            self._runner.set_mode(None)
            self._say("Nothing to triage here")
            return
        self._scope, self._at, self._turns, self._gone = scope, 0, [], []
        self._furthest = 0
        self._steps.clear()
        self._view = self._navigator.view
        listed = self._navigator.contents.uppermost or Content(self._model.kind, Entries())
        content = replace(listed, entries=Entries(array("q", scope.paper_ids)))
        self._navigator.contents.put(Level.TRIAGE, content, scope.paper_ids[0])
        self._window.menuBar().hide()
        self._panes.set_focus_reading(True)
        self._set_look()
        self._panes.status.position.hide()
        self.head.show()
        self.foot.show()
        self._show_place()
        waiting, self._waiting = self._waiting, []
        for act in waiting:
            act()

    def _is_allowed(self, command_id: str) -> bool:
        return self.is_running and command_id.startswith(_ALLOWED)

    def _acts_here(self) -> Acts:
        """What keys do; those struck before the papers are known wait for them."""
        return {command: partial(self._when_begun, act) for command, act in self._decisions().items()}

    def _when_begun(self, act: Act) -> None:
        if self._scope is not None:
            act()
        else:
            self._waiting.append(act)

    def _decisions(self) -> Acts:
        decided = {"paper.queue": Verdict.QUEUED, "paper.done": Verdict.DONE, "paper.dismiss": Verdict.DISMISSED}
        return {command: partial(self._decide, verdict) for command, verdict in decided.items()} | {
            "paper.bury": partial(self._bury, _TOMORROW),
            "paper.bury_until": self._ask_until,
            "paper.seen": self._mark_seen,
            "go.read_on": self._read_on,
            "go.next": self._leave_undecided,
            "go.read_back": self._read_back,
            "go.previous": self._go_back,
            "edit.undo": self.step_back,
            "view.sort_again": self._sort_rest,
            "go.escape": self._back_out,
        }

    # Deciding

    def _decide(self, verdict: Verdict) -> None:
        self._take(verdict, partial(self._library.states.set, state=STATES[verdict]))

    def _bury(self, until: str) -> None:
        if self._scope is not None:
            self._reader.leave_unseen({self._scope.paper_ids[self._at]})
        self._take(Verdict.HIDDEN, partial(self._library.states.bury, until=until))

    def _mark_seen(self) -> None:
        self._take(Verdict.LEFT, partial(self._library.states.set_seen, seen=True))

    def _read_on(self) -> None:
        """Scroll a paper that is longer than the window; at its end leave it undecided."""
        self._reader.show_current_if_due()
        if not self._panes.detail.page_down():
            self._leave_undecided()

    def _read_back(self) -> None:
        """Scroll back, and at the beginning go to the paper before."""
        self._reader.show_current_if_due()
        if not self._panes.detail.page_up():
            self._go_back()

    def _leave_undecided(self) -> None:
        self._take(Verdict.LEFT, None)

    def _ask_until(self) -> None:
        ask_until(self._window, self._library, self._bury)

    def _take(self, verdict: Verdict, operation: Callable[[list[int]], Change] | None) -> None:
        """Do what a key says with the paper and go on to the next."""
        if self._scope is None or self.closing is not None:
            return
        turn = Turn(self._at, self._scope.paper_ids[self._at], verdict)
        self._turns.append(turn)
        if operation is not None:
            self._workspace.perform(partial(_carry_out, operation, turn))
        if self._at + 1 < len(self._scope.paper_ids):
            self._go_to(self._at + 1)
        else:
            self._finish()

    def _sort_rest(self) -> None:
        """Sort what is still to come by what was learned meanwhile; what was shown keeps its place."""
        content = self._navigator.contents.at(Level.TRIAGE)
        if self._scope is None or content is None or content.taste is None:
            self._say("This triage is not sorted “for you”")
            return
        rest = self._scope.paper_ids[self._furthest + 1 :]
        order = partial(self._library.taste.order, rest, exploring=None)
        self._workspace.tasks.read(order, partial(self._sorted_rest, content))

    def _sorted_rest(self, before: Content, order: TasteOrder) -> None:
        here = self._papers.current_paper_id
        if self._scope is None or self._navigator.contents.at(Level.TRIAGE) is not before or before.taste is None:
            return
        shown = self._scope.paper_ids[: self._furthest + 1]
        rest = [each for each in order.paper_ids if each not in shown]
        self._scope = replace(self._scope, paper_ids=(*shown, *rest))
        ids = array("q", self._scope.paper_ids)
        taste = replace(order, paper_ids=ids, outside=before.taste.outside)
        self._navigator.contents.put(Level.TRIAGE, replace(before, entries=Entries(ids), taste=taste), here)
        self._say("Sorted again")

    # Going back

    def step_back(self) -> None:
        """Take back what was done last, and show the paper it was done with."""
        if not self._turns:
            self._say("Nothing to step back to")
            return
        turn = self._turns.pop()
        self._gone.append(turn)
        if turn.at is not None:
            self._go_to(turn.at)
        self._workspace.perform(partial(_take_back, self._library, turn), then=self._took_back)

    def _took_back(self, outcome: Outcome) -> None:
        if isinstance(outcome, UndoneOperation):
            self._say(undone_text(outcome))

    def _go_back(self) -> None:
        """To the paper before, whatever became of it."""
        if self._at > 0:
            self._go_to(self._at - 1)

    def _note_step(self, change: Change) -> None:
        """A tag, a star, a note: steps of their own, to be taken back in their turn."""
        step = change.operation_id
        own = {turn.step for turn in (*self._turns, *self._gone)}
        if self._scope is None or step is None or step in own or step in self._steps:
            return
        self._steps.add(step)
        place = len(self._turns)
        # A verdict given meanwhile is the later step, even if this news comes after the key.
        while place and _is_later(self._turns[place - 1], step):
            place -= 1
        self._turns.insert(place, Turn(None, 0, None, step))

    # Showing

    def _go_to(self, at: int) -> None:
        self._at = at
        self._papers.set_current_row(at)
        self._show_place()

    def _show_place(self) -> None:
        if self._scope is None:
            return
        total = len(self._scope.paper_ids)
        self._furthest = max(self._furthest, self._at)
        folded = "already seen" if self._view is not None and self._view.kind is ViewKind.INBOX else "already known"
        place, skipped = place_line(self._at, total, self._scope, folded)
        done = tally_line({key: ids for key, ids in self._tally().items() if key not in UNDECIDED})
        self.head.show_place(place, skipped, done, self._at / total)
        if self._at + 1 < total:
            self._workspace.tasks.read(partial(_prepare, self._library, self._scope.paper_ids[self._at + 1]), ignore)

    def _tally(self) -> dict[Verdict, list[int]]:
        return tally(self._scope.paper_ids if self._scope is not None else (), self._turns, self._furthest + 1)

    def _set_look(self) -> None:
        """Larger than in a pane: there is room."""
        if self._scope is None:
            return
        look = self._appearance.look
        self._panes.detail.set_look(Look(look.theme, look.typography.larger()))
        self.head.set_look(look)
        commands = [(command, word) for command, word in _OTHER_KEYS if command in COMMANDS_BY_ID]
        self.foot.set_keys(keys_of(self._runner.keys, _VERDICT_KEYS), keys_of(self._runner.keys, commands), look)

    def _view_opened(self, view: View) -> None:
        """End where another view was opened; the same one, read again, waits behind the triage."""
        if view != self._view:
            self._end(stays=False)

    # The end

    def _back_out(self) -> None:
        """From the note to the paper, from there to the end."""
        if self._panes.note.isAncestorOf(QApplication.focusWidget() or self._window):
            self._panes.detail.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self._finish()

    def _finish(self) -> None:
        """Say what became of the papers; if nothing did, just leave."""
        if self._scope is None or self.closing is not None:
            return
        if not any(turn.verdict is not None for turn in self._turns):
            self._end()
            return
        found = self._tally()
        total = len(self._scope.paper_ids)
        left = any(found[verdict] for verdict in UNDECIDED)
        heading = tally_line(found)
        facts = joined((counted(total, "paper"), "" if left else "all decided"))
        picks = found[Verdict.QUEUED]
        self.closing = ClosingSheet(
            self._window,
            f"{heading[:1].upper()}{heading[1:]}",
            facts,
            picks=len(picks),
            step_back=self.step_back,
            take_back=self._take_all_back,
            copy=partial(self._copy, tuple(picks)),
        )
        self.closing.closed.connect(self._closing_closed)

    def _closing_closed(self) -> None:
        closing, self.closing = self.closing, None
        if closing is not None and not closing.goes_on:
            self._end()

    def _take_all_back(self) -> None:
        self._workspace.perform(partial(self._library.history.undo, after=self._last_step), then=self._took_all_back)

    def _took_all_back(self, outcome: Outcome) -> None:
        if isinstance(outcome, UndoneOperation):
            self._say(f"Undid {counted(len(outcome.titles), 'step')}  ·  {{edit.redo}} redoes them")

    def _copy(self, paper_ids: tuple[int, ...]) -> None:
        self._workspace.tasks.read(partial(_as_markdown, self._library, paper_ids), self._copied)

    def _copied(self, text: str) -> None:
        QGuiApplication.clipboard().setText(text)
        self._say("Copied the day’s picks as Markdown")

    def _end(self, *, stays: bool = True) -> None:
        """Leave: the list is as it was, at the paper where the triage stopped if one ``stays`` in it."""
        if self._scope is None:
            return
        here, scope = self._papers.current_paper_id, self._scope
        self._scope, self._last_step = None, scope.last_step
        self._runner.set_mode(None)
        self.head.hide()
        self.foot.hide()
        self._panes.status.position.show()
        self._window.menuBar().show()
        self._navigator.contents.take_off(Level.TRIAGE, here if stays else None)
        self._panes.detail.set_look(self._appearance.look)
        self._panes.set_focus_reading(False)


def _listed(entries: Entries, kind: ViewKind) -> tuple[list[int], int]:
    """The papers in sight of a list, and how many are folded away as known or seen.

    What came back to the inbox is unseen, and so taken though it is folded.
    """
    ids = [row for row in entries.rows if row > 0]
    if kind is not ViewKind.INBOX:
        return ids, entries.folded_count
    back = [one for each in entries.sections if not (each.is_extra or each.is_seen) for one in each.known_ids]
    taken = list(dict.fromkeys([*ids, *back]))
    return taken, entries.folded_count - (len(taken) - len(ids))


def _is_later(turn: Turn, step: int) -> bool:
    """Whether a verdict's step comes after ``step``, or is still to be made."""
    makes_step = turn.verdict is not None and turn.verdict is not Verdict.LEFT
    return turn.step > step if turn.step is not None else makes_step


def _carry_out(operation: Callable[[list[int]], Change], turn: Turn) -> Change:
    """On the library thread: a verdict, and which step it made."""
    change = operation([turn.paper_id])
    turn.step = change.operation_id if change else None
    return change


def _take_back(library: Library, turn: Turn) -> UndoneOperation | None:
    """On the library thread, after the verdict itself: undo its step, if it made one."""
    return library.history.undo_this(turn.step) if turn.step is not None else None


def _as_markdown(library: Library, paper_ids: tuple[int, ...]) -> str:
    return library.exports.markdown(paper_ids)


def _prepare(library: Library, paper_id: int) -> Paper:
    """On a reader thread: read a paper and set its maths, which is kept, so that showing it takes no time."""
    paper = library.papers.get(paper_id)
    shown_line(paper.title)
    shown_text(paper.abstract)
    return paper
