"""The reading queue by key: its order, and taking the next paper from it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from reader.domain.changes import Change, Field
from reader.domain.selection import PaperSort, SortBy
from reader.domain.views import View, ViewKind
from reader.services import Library
from reader.ui.app.context import Context, Part
from reader.ui.app.timers import make_timer
from reader.ui.app.workspace import Outcome
from reader.ui.commands.runner import Acts
from reader.ui.look.wording import told, with_undo
from reader.ui.papers.dragging import RowDrag

_LOOK_AGAIN_MS = 500


class QueueCommands(Part):
    """Moves papers within the queue, and begins with its first one."""

    def __init__(self, context: Context) -> None:
        """The queue's view is read again after each change of its order, wherever that came from."""
        super().__init__(context)
        self._selected: list[int] = []
        self._soon = make_timer(self, self._look_at_order)
        self._drag = RowDrag(self._papers, self._may_drag)
        self._drag.dropped.connect(self._drop)
        self._navigator.opened.connect(self._view_opened)
        self._workspace.changes_of(Field.QUEUE).connect(self._changed)

    def acts(self) -> Acts:
        """The commands carried out here."""
        sorts = {"date": SortBy.DATE, "title": SortBy.TITLE}
        acts: Acts = {
            "queue.down": partial(self._move, partial(self._library.queue.move, places=1)),
            "queue.up": partial(self._move, partial(self._library.queue.move, places=-1)),
            "queue.top": partial(self._move, self._library.queue.move_to_top),
            "queue.bottom": partial(self._move, self._library.queue.move_to_bottom),
            "queue.next": self.take_next,
        }
        return acts | {f"queue.sort_{name}": partial(self._sort, PaperSort(by)) for name, by in sorts.items()}

    def take_next(self) -> None:
        """Begin to read the first paper of the queue, and show it."""
        self._workspace.perform(partial(_take_next, self._library), then=self._taken)

    def _move(self, move: Callable[[Sequence[int]], Change]) -> None:
        ids = self._papers.selected_paper_ids()
        self._workspace.perform(partial(move, ids), then=partial(self._moved, ids))

    def _sort(self, sort: PaperSort) -> None:
        self._workspace.perform(
            partial(self._library.queue.sort, sort),
            said="Queue sorted",
            then=partial(self._moved, []),
        )

    def _drop(self, ids: list[int], row: int) -> None:
        """Papers were dragged to stand before a row."""
        above = self._papers.papers().entries.rows[:row]
        self._workspace.perform(partial(_drop, self._library, ids, above), then=partial(self._moved, ids))

    def _may_drag(self) -> bool:
        return self._shows_queue and not self._navigator.is_finding

    @property
    def _shows_queue(self) -> bool:
        view = self._navigator.view
        return view is not None and view.kind is ViewKind.QUEUE

    def _moved(self, ids: list[int], outcome: Outcome) -> None:
        if not outcome:
            self._say("Queue order unchanged")
        elif self._may_drag():
            self._selected = ids
        elif isinstance(outcome, Change):
            self._say(with_undo(told(outcome)))

    def _changed(self, change: Change) -> None:
        self._soon.start(0)

    def _look_at_order(self) -> None:
        """Read the queue's view anew where its order is another; papers that only left it stay in sight until then."""
        if not self._shows_queue:
            return
        if self._navigator.is_searching:
            self._soon.start(_LOOK_AGAIN_MS)
            return
        rows = self._papers.papers().entries.rows[:]
        self._workspace.tasks.read(partial(_has_other_order, self._library, rows), self._order_read)

    def _order_read(self, is_other: bool) -> None:
        if is_other and self._shows_queue and not self._navigator.is_searching:
            self._navigator.reload()

    def _view_opened(self, view: View) -> None:
        """Select again what was moved."""
        ids, self._selected = self._selected, []
        if len(ids) > 1 and view.kind is ViewKind.QUEUE:
            self._papers.select_papers(ids)

    def _taken(self, outcome: Outcome) -> None:
        if not isinstance(outcome, Change) or not outcome:
            self._say("The queue is empty: {paper.queue} adds a paper")
            return
        self._say(with_undo(told(outcome)))
        (paper_id,) = outcome.paper_ids
        self._navigator.go_to_paper(paper_id, ViewKind.READING)


def _drop(library: Library, paper_ids: list[int], above: Sequence[int]) -> Change:
    """On the library thread: move papers below those of the papers ``above`` that stand in the queue and stay."""
    staying = set(library.queue.ids()).difference(paper_ids)
    return library.queue.move_to(paper_ids, 1 + sum(paper_id in staying for paper_id in above))


def _has_other_order(library: Library, rows: Sequence[int]) -> bool:
    """On a reader thread: whether the queue has papers, or an order, that rows do not show."""
    queue = library.queue.ids()
    standing = set(queue)
    return [paper_id for paper_id in rows if paper_id in standing] != list(queue)


def _take_next(library: Library) -> Change:
    """On the library thread: what it changed is the paper that was taken."""
    taken = library.queue.take_next()
    return taken[1] if taken is not None else Change()
