"""What the user decides about papers: star, queue, verdicts, seen; and selecting them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtGui import QGuiApplication

from reader.domain.changes import MARKS, Change, Field
from reader.domain.papers import PaperState
from reader.domain.step_titles import StepKind
from reader.services import Library
from reader.ui.app.context import Context, Part
from reader.ui.app.workspace import Outcome
from reader.ui.commands.runner import Acts
from reader.ui.look.wording import told
from reader.ui.paper_actions.repeat import Repeating, Way

_SHOWN_IN_ROWS = (
    *(Field.PAPERS, Field.LISTINGS, Field.STATES, Field.STARS, Field.SNOOZES, Field.SEEN),
    *(Field.PAPER_TAGS, Field.TAGS, Field.NOTES, Field.HIGHLIGHTS),
)


class PaperOperations(Part):
    """Operations on the selected papers, or the current one."""

    def __init__(self, context: Context, repeating: Repeating) -> None:
        """The context's reader moves on after a verdict; ``repeating`` is told how to do each operation again."""
        super().__init__(context)
        self._repeating = repeating
        self._workspace.changes_of(*_SHOWN_IN_ROWS).connect(self._refresh)

    def acts(self) -> Acts:
        """The commands carried out here."""
        return {
            "paper.star": self.toggle_star,
            "paper.queue": self.toggle_queued,
            "paper.start": partial(self.decide, PaperState.READING, advance=False),
            "paper.done": partial(self.decide, PaperState.DONE),
            "paper.dismiss": partial(self.decide, PaperState.DISMISSED),
            "paper.inbox": partial(self.decide, PaperState.INBOX, advance=False),
            "paper.seen": self.mark_seen,
            "paper.unseen": self.mark_unseen,
            "list.above_seen": self.mark_above_seen,
            "paper.set_arxiv_id": self.set_arxiv_id,
            "select.toggle": self._papers.toggle_selected,
            "select.range": self._papers.toggle_range,
            "select.all": self._papers.select_all,
            "select.none": self._select_none,
        }

    def toggle_star(self) -> None:
        """Star the papers, or take their stars away if all have one."""
        way, ids = Way(), self._ids()
        self._perform(partial(_toggle_star, self._library, ids, way), ids)
        self._repeating.remember(partial(self._star, way))

    def toggle_queued(self) -> None:
        """Queue the papers, or take them out if all are queued."""
        way, ids = Way(), self._ids()
        self._perform(partial(_toggle_queued, self._library, ids, way), ids)
        self._repeating.remember(partial(self._queue, way))

    def decide(self, state: PaperState, *, advance: bool = True) -> None:
        """Put the papers into a state and go on to the next."""
        self._decide(state, advance, self._ids())
        self._repeating.remember(partial(self._decide, state, advance))

    def mark_seen(self) -> None:
        """Mark the papers as seen and go on."""
        self._mark_seen(self._ids())
        self._repeating.remember(self._mark_seen)

    def mark_unseen(self) -> None:
        """Mark the papers as not seen and stay."""
        self._mark_unseen(self._ids())
        self._repeating.remember(self._mark_unseen)

    def mark_above_seen(self) -> None:
        """Mark every paper above the current one as seen; a step like any other, so that one key takes it back."""
        entries = self._papers.papers().entries
        above = entries.rows[: max(self._papers.current_row, 0)]
        nothing = partial(self._say_if_none, "Every paper above is already seen")
        self._workspace.perform(partial(_see_all, self._library, above), said=told, then=nothing)

    def _star(self, way: Way, ids: list[int]) -> None:
        self._perform(partial(_set_starred, self._library, ids, way), ids)

    def _queue(self, way: Way, ids: list[int]) -> None:
        self._perform(partial(_set_queued, self._library, ids, way), ids)

    def _decide(self, state: PaperState, advance: bool, ids: list[int]) -> None:
        self._papers.papers().expect(set(ids), state=state)
        self._perform(partial(self._library.states.set, ids, state, at_once=True), ids)
        if advance:
            self._advance()

    def _mark_seen(self, ids: list[int]) -> None:
        self._papers.papers().expect(set(ids), seen=True)
        see = partial(self._library.states.set_seen, ids, True)
        self._perform(see, ids, nothing="Already seen")
        self._advance()

    def _mark_unseen(self, ids: list[int]) -> None:
        self._reader.leave_unseen(ids)
        self._papers.papers().expect(set(ids), seen=False)
        unsee = partial(self._library.states.set_seen, ids, False)
        self._perform(unsee, ids, nothing="Already unseen")

    def _say_if_none(self, words: str, outcome: Outcome) -> None:
        if words and not outcome:
            self._say(words)

    def _select_none(self) -> None:
        self._papers.clear_extra_selection()

    def set_arxiv_id(self) -> None:
        """Take the arXiv id (or an address that holds one) from the clipboard for the current paper."""
        text = QGuiApplication.clipboard().text()[:1_000]
        paper_id = self._papers.current_paper_id
        if paper_id is None:
            return
        if not text.strip():
            self._workspace.failed.emit("The clipboard holds no text. Copy an arXiv id or address first.")
            return
        self._perform(partial(self._library.papers.set_arxiv_id, paper_id, text), [paper_id])

    def _perform(
        self,
        operation: Callable[[], Outcome],
        ids: list[int],
        *,
        nothing: str = "",
    ) -> None:
        """Carry out an operation and say what it did; ``nothing`` says that there was nothing to be done."""
        refresh = partial(self._refresh_papers, ids)
        then = partial(self._say_if_none, nothing)
        self._workspace.perform(operation, said=told, then=then, failed=refresh)

    def _refresh_papers(self, ids: list[int]) -> None:
        """Nothing came of what was expected: read those papers again."""
        self._papers.papers().refresh(set(ids))

    def _ids(self) -> list[int]:
        return self._papers.selected_paper_ids()

    def _advance(self) -> None:
        """Go on below the last of the papers dealt with."""
        if not self._papers.go_on_below_selection():
            self._reader.next()

    def _refresh(self, change: Change) -> None:
        """Read the touched rows again."""
        if change.touches(Field.TAGS, Field.LISTINGS):
            self._papers.papers().refresh_all()
        elif change.fields <= MARKS:
            self._papers.papers().refresh_marks(change.paper_ids, self._library.papers.marks)
        elif change.paper_ids:
            self._papers.papers().refresh(change.paper_ids)


# On the library thread, so that two presses in a row are two toggles:


def _toggle_star(library: Library, ids: list[int], way: Way) -> Change:
    change = library.states.toggle_starred(ids)
    way.on = change.title.kind is StepKind.STARRED
    return change


def _set_starred(library: Library, ids: list[int], way: Way) -> Change:
    return library.states.set_starred(ids, way.on)


def _toggle_queued(library: Library, ids: list[int], way: Way) -> Change:
    way.on = not library.states.are_queued(ids)
    return _set_queued(library, ids, way)


def _set_queued(library: Library, ids: list[int], way: Way) -> Change:
    """Queue papers; or take those that are queued out, which a repetition may find decided otherwise."""
    return library.queue.add(ids, at_once=True) if way.on else library.queue.remove(ids)


def _see_all(library: Library, rows: Sequence[int]) -> Change:
    """See the papers of some rows of a list, whose headings are negative numbers."""
    return library.states.set_seen([row for row in rows if row > 0], True)
